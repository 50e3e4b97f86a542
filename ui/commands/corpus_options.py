"""The options and the help of `corpus` and its actions."""

import argparse
from collections.abc import Callable, Mapping
from typing import Any

from corpus import KINDS
from ui.commands.parser import add_json

Run = Callable[[argparse.Namespace], int]

ADD_EXAMPLES = """exemples :
  assistant-elus corpus add mes-documents/
  assistant-elus corpus add loi.md --kind regle --published 2025-12-22 --publisher "République française"
  assistant-elus corpus add mes-documents/ --include "*.pdf" --exclude "*brouillon*"
  assistant-elus corpus add https://www.exemple.fr/sitemap.xml --include "*/guides/*"
"""
SYNC_EXAMPLES = """exemples :
  assistant-elus corpus sync --dry-run
  assistant-elus corpus sync
  assistant-elus corpus sync --yes mes-documents/
"""
SHOW_EXAMPLES = """exemples :
  assistant-elus corpus show scic-7624bbeb
  assistant-elus corpus show rapport.pdf
"""
CHECK_EXAMPLES = """exemples :
  assistant-elus corpus check
  assistant-elus corpus check mes-fiches/
  assistant-elus corpus check --indexed --links
"""


def add_actions(actions: Any, run: Mapping[str, Run]) -> None:
    """One parser an action; `run` holds what each does, by its name."""
    _add(actions)
    _sync(actions)
    actions.add_parser(
        "list",
        help="liste les documents indexés",
        description="Liste les documents indexés et leur état : à jour, en échec, retiré à la source, relecture\n"
        "dépassée, date inconnue.",
    )
    show = actions.add_parser(
        "show",
        help="montre les passages d'un document",
        description="Montre les passages d'un document indexé, ou ceux que donnerait un fichier pas encore ajouté.",
        epilog=SHOW_EXAMPLES,
    )
    show.add_argument("document", metavar="ID|CHEMIN", help="identifiant d'un document, fichier, dossier ou page web")
    actions.add_parser(
        "sources",
        help="liste les sources suivies",
        description="Liste ce que « corpus sync » suit : fichiers, dossiers, pages, plans de site et fils.",
    )
    remove = actions.add_parser(
        "remove",
        help="retire des documents",
        description="Retire des documents : plus aucune réponse ne les cite, et « corpus sync » ne les ramène pas.",
        epilog="exemple :\n  assistant-elus corpus remove 3f2a9c (identifiants : assistant-elus corpus list)",
    )
    remove.add_argument("document_ids", metavar="ID", nargs="+", help="identifiant du document")
    forget = actions.add_parser(
        "forget",
        help="ne suit plus une source et retire ses documents",
        description="Ne suit plus une source et retire ses documents.",
    )
    forget.add_argument("source", metavar="SOURCE", help="source, par son identifiant ou son adresse")
    _check(actions)
    actions.add_parser(
        "rebuild",
        help="refait tout l'index",
        description="Refait tout l'index, par exemple après un changement de modèle.",
    )
    actions.add_parser(
        "rollback",
        help="revient à l'index d'avant",
        description="Revient à l'index d'avant la dernière publication ; une seconde fois, y retourne.",
    )
    for name, parser in actions.choices.items():
        if name in ("add", "sync", "remove", "forget", "rebuild", "rollback"):
            parser.add_argument(
                "--wait",
                type=_seconds,
                default=0.0,
                metavar="SECONDES",
                help="si une autre mise à jour est en cours, attend sa fin (par défaut : refuse)",
            )
        add_json(parser)
        parser.set_defaults(run=run[name])


def _seconds(text: str) -> float:
    seconds = float(text)
    # Also refuses what is no number at all.
    if not 0 <= seconds < float("inf"):
        raise ValueError(text)
    return seconds


_seconds.__name__ = "nombre de secondes"


def _add(actions: Any) -> None:
    add = actions.add_parser(
        "add",
        help="lit, indexe et publie des fichiers, dossiers ou pages",
        description="Lit des fichiers, des dossiers ou des pages web, les indexe et publie le nouvel index.\n"
        "« corpus sync » les suivra. L'adresse d'un plan de site ou d'un fil ajoute les pages qu'il nomme.\n"
        "Les options complètent ou remplacent ce que dit l'en-tête des fichiers, maintenant et à chaque sync.",
        epilog=ADD_EXAMPLES,
    )
    add.add_argument("places", metavar="CHEMIN|ADRESSE", nargs="+", help="fichier, dossier ou adresse web")
    add.add_argument("--kind", choices=KINDS, help="genre de document")
    add.add_argument("--published", metavar="DATE", help="date : AAAA, AAAA-MM ou AAAA-MM-JJ")
    add.add_argument("--url", metavar="ADRESSE", help="adresse publique du document")
    add.add_argument("--title", metavar="TITRE", help="titre")
    add.add_argument("--publisher", metavar="ÉDITEUR", help="qui publie le document")
    add.add_argument(
        "--review-by", metavar="DATE", help="à relire avant cette date : passée, une règle porte un avertissement"
    )
    for name, metavar, text in (
        ("--statuses", "STATUT", "statut juridique dont il parle"),
        ("--roles", "RÔLE", "rôle de la collectivité dont il parle"),
        ("--themes", "THÈME", "thème"),
    ):
        add.add_argument(name, metavar=metavar, action="append", help=f"{text} (répétable)")
    add.add_argument("--licence", metavar="LICENCE", help="licence du document")
    add.add_argument(
        "--publish-original",
        action="store_true",
        default=None,
        help="le fichier d'origine peut être publié : les citations l'ouvrent à leur page",
    )
    for name, text in (
        ("--include", "ne garde que ce qui suit ce motif"),
        ("--exclude", "écarte ce qui suit ce motif"),
    ):
        add.add_argument(
            name, metavar="MOTIF", action="append", default=[], help=f"{text} (chemin ou adresse, * admis, répétable)"
        )


def _sync(actions: Any) -> None:
    sync = actions.add_parser(
        "sync",
        help="suit les sources : n'indexe que ce qui a changé",
        description="Regarde de nouveau les sources ajoutées, et ne lit que ce qui a changé. Ce qui a disparu est\n"
        "retiré ; si plus de 30 % d'une source disparaissait, la question est posée. Un fichier en échec garde sa\n"
        "dernière version lisible. Un seul échec : code de sortie 1.",
        epilog=SYNC_EXAMPLES,
    )
    sync.add_argument(
        "sources", metavar="SOURCE", nargs="*", help="source, par son identifiant ou son adresse (toutes)"
    )
    sync.add_argument("--dry-run", action="store_true", help="dit ce qui changerait, sans rien publier")
    sync.add_argument("--yes", action="store_true", help="retire sans demander, même plus de 30 %% d'une source")


def _check(actions: Any) -> None:
    check = actions.add_parser(
        "check",
        help="dit ce qui est à revoir dans les fiches et les documents",
        description="Relit des fiches (celles de départ, sans rien préciser) et les compte par genre, statut, rôle et\n"
        "thème : en-tête, dates, liens, parties, longueur, titres cités. Puis regarde les documents indexés : dates\n"
        "inconnues, relectures dépassées, doublons, fichiers illisibles. Une seule remarque : code de sortie 1.",
        epilog=CHECK_EXAMPLES,
    )
    checked_documents = check.add_mutually_exclusive_group()
    checked_documents.add_argument(
        "places", metavar="CHEMIN", nargs="*", default=[], help="fiche ou dossier de fiches, et rien d'autre"
    )
    checked_documents.add_argument(
        "--indexed", action="store_true", help="les documents indexés seulement, comptés et regardés"
    )
    check.add_argument("--links", action="store_true", help="demande aussi chaque adresse des documents indexés")
