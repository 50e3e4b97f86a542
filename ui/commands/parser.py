"""Argparse that speaks French, its own words included, and the options several commands share."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NoReturn, get_args

from assistant.applicability import AskerType
from corpus import KINDS

USAGE_ERROR = 2
# Argparse's own words (3.11 to 3.14); it looks them up at each use through its module's `_` and `ngettext`.
WORDS = {
    "usage: ": "usage : ",
    "positional arguments": "arguments",
    "options": "options",
    "optional arguments": "options",
    "subcommands": "commandes",
    "show this help message and exit": "montre cette aide",
    "%(prog)s: error: %(message)s\n": "%(prog)s : %(message)s\n",
    "argument %(argument_name)s: %(message)s": "argument %(argument_name)s : %(message)s",
    "the following arguments are required: %s": "il manque : %s",
    "unrecognized arguments: %s": "argument inconnu : %s",
    "expected one argument": "attend une valeur",
    "expected at most one argument": "attend une valeur au plus",
    "expected at least one argument": "attend au moins une valeur",
    "not allowed with argument %s": "ne va pas avec l'argument %s",
    "one of the arguments %s is required": "il faut l'un des arguments %s",
    "invalid choice: %(value)r (choose from %(choices)s)": "« %(value)s » n'est pas possible (au choix : %(choices)s)",
    "invalid choice: %(value)r, maybe you meant %(suggestion)r? (choose from %(choices)s)": (
        "« %(value)s » n'est pas possible, peut-être %(suggestion)s ? (au choix : %(choices)s)"
    ),
    "invalid %(type)s value: %(value)r": "« %(value)s » n'est pas valable",
    "unknown parser %(parser_name)r (choices: %(choices)s)": (
        "commande inconnue : %(parser_name)s (au choix : %(choices)s)"
    ),
    "ignored explicit argument %r": "n'attend pas de valeur (%r)",
    "ambiguous option: %(option)s could match %(matches)s": "%(option)s est ambigu : %(matches)s",
    "can't open '%(filename)s': %(error)s": "impossible d'ouvrir « %(filename)s » : %(error)s",
    " (default: %(default)s)": " (par défaut : %(default)s)",
}


class WrongUsage(Exception):
    """The command line is refused; the message says why, in French."""


class FrenchParser(argparse.ArgumentParser):
    def __init__(self, **given: Any) -> None:
        # Abbreviated options would break the day a longer one appears.
        super().__init__(formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False, **given)

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(USAGE_ERROR, f"{self.prog} : {message}\n")


@contextmanager
def french_words() -> Iterator[None]:
    """While the command line is built and read, argparse's words are French; nothing else changes for others."""
    module = vars(argparse)
    before = {name: module[name] for name in ("_", "ngettext")}
    module["_"] = _translate
    module["ngettext"] = lambda one, many, count: _translate(one if count == 1 else many, count)
    try:
        yield
    finally:
        module.update(before)


def _translate(text: str | None, count: int = 1) -> str | None:
    if text is None:
        return None
    if text.startswith("expected %s argument"):
        return "attend %s valeur" + ("s" if count > 1 else "")
    return WORDS.get(text, text)


def add_filters(parser: argparse.ArgumentParser) -> None:
    """Options that keep only some documents, named like the filters of the API."""
    group = parser.add_argument_group("filtres", "une option répétée accepte l'une ou l'autre des valeurs")
    group.add_argument("--kind", action="append", default=[], choices=KINDS, help="genre de document")
    for name, metavar, text in (
        ("--statuses", "STATUT", "statut juridique (scic, association, spl…)"),
        ("--roles", "RÔLE", "rôle de la collectivité (financeur, partenaire…)"),
        ("--themes", "THÈME", "thème"),
        ("--document-id", "ID", "identifiant d'un document"),
    ):
        group.add_argument(name, action="append", default=[], metavar=metavar, help=text)


def filter_values(given: argparse.Namespace) -> dict[str, Sequence[str]]:
    return {name: getattr(given, name) for name in ("kind", "statuses", "roles", "themes", "document_id")}


def add_profile(parser: argparse.ArgumentParser) -> None:
    """Options that tell who asks, named like the profile of the API."""
    group = parser.add_argument_group(
        "qui demande", "ce qui ne vaut pas pour une telle collectivité est écarté ou signalé"
    )
    group.add_argument("--population", type=int, metavar="N", help="nombre d'habitants")
    group.add_argument("--type", choices=get_args(AskerType), help="genre de collectivité")
    group.add_argument("--departement", metavar="NUMÉRO", help="numéro du département (39, 2A…)")


def profile_values(given: argparse.Namespace) -> dict[str, int | str | None]:
    return {name: getattr(given, name) for name in ("population", "type", "departement")}


def add_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="écrit le JSON de l'API au lieu du texte")
