"""`corpus add|list|remove|rebuild`: the documents behind the answers."""

import argparse
from dataclasses import asdict
from typing import Any

from assistant.factory import open_library
from assistant.settings import Settings
from corpus import KINDS
from indexing import BuildReport
from ui import messages, rendering
from ui.api.schemas import Given
from ui.commands.ask import checked
from ui.commands.parser import add_json
from ui.commands.terminal import progress_shown, say, say_json, say_table, tell

ADD_EXAMPLES = """exemples :
  assistant-elus corpus add mes-documents/
  assistant-elus corpus add loi.md --kind regle --published 2025-12-22 --publisher "République française"
"""


def add_commands(commands: Any) -> None:
    corpus = commands.add_parser(
        "corpus", help="ajoute, liste ou retire des documents", description="Les documents qui servent à répondre."
    )
    actions = corpus.add_subparsers(title="actions", metavar="ACTION", required=True, dest="action")
    add = actions.add_parser(
        "add",
        help="lit, indexe et publie des fichiers ou dossiers",
        description="Lit des fichiers ou des dossiers, les indexe et publie le nouvel index.\n"
        "Les options complètent ou remplacent ce que dit l'en-tête des fichiers.",
        epilog=ADD_EXAMPLES,
    )
    add.add_argument("places", metavar="CHEMIN", nargs="+", help="fichier ou dossier")
    add.add_argument("--kind", choices=KINDS, help="genre de document")
    add.add_argument("--published", metavar="DATE", help="date : AAAA, AAAA-MM ou AAAA-MM-JJ")
    add.add_argument("--url", metavar="ADRESSE", help="adresse publique du document")
    add.add_argument("--title", metavar="TITRE", help="titre")
    add.add_argument("--publisher", metavar="ÉDITEUR", help="qui publie le document")
    add_json(add)
    add.set_defaults(run=run_add)
    listing = actions.add_parser("list", help="liste les documents indexés", description="Liste les documents indexés.")
    add_json(listing)
    listing.set_defaults(run=run_list)
    remove = actions.add_parser(
        "remove",
        help="retire des documents",
        description="Retire des documents : plus aucune réponse ne les cite.",
        epilog="exemple :\n  assistant-elus corpus remove 3f2a9c (identifiants : assistant-elus corpus list)",
    )
    remove.add_argument("document_ids", metavar="ID", nargs="+", help="identifiant du document")
    add_json(remove)
    remove.set_defaults(run=run_remove)
    rebuild = actions.add_parser(
        "rebuild",
        help="refait tout l'index",
        description="Refait tout l'index, par exemple après un changement de modèle.",
    )
    add_json(rebuild)
    rebuild.set_defaults(run=run_rebuild)


def run_add(given: argparse.Namespace) -> int:
    facts = checked(
        Given,
        kind=given.kind,
        published=given.published,
        url=given.url,
        title=given.title,
        publisher=given.publisher,
    )
    library = open_library(Settings())
    with progress_shown() as show:
        report = library.add(given.places, facts.named(), show)
    return say_report(report, given.json)


def run_remove(given: argparse.Namespace) -> int:
    library = open_library(Settings())
    with progress_shown() as show:
        report = library.remove(given.document_ids, show)
    return say_report(report, given.json)


def run_rebuild(given: argparse.Namespace) -> int:
    library = open_library(Settings())
    with progress_shown() as show:
        report = library.rebuild(show)
    return say_report(report, given.json)


def run_list(given: argparse.Namespace) -> int:
    body = rendering.documents_body(open_library(Settings()).documents())
    if given.json:
        say_json(body)
        return 0
    rows = [
        [
            document["id"],
            document["title"],
            messages.KINDS[document["kind"]],
            messages.date(document["published"]),
            str(document["passages"]),
            document["source"],
        ]
        for document in body["documents"]
    ]
    say_table(messages.DOCUMENTS, rows)
    return 0


def say_report(report: BuildReport, as_json: bool) -> int:
    """The table of what became of each file; 1 when one of them failed."""
    if as_json:
        say_json(asdict(report))
        return 1 if report.failed else 0
    groups = (
        (messages.ADDED, report.added),
        (messages.CHANGED, report.changed),
        (messages.REMOVED, report.removed),
        (messages.UNCHANGED, report.unchanged),
    )
    rows = [[source, result] for result, sources in groups for source in sources]
    if rows:
        say_table(messages.REPORT, rows)
    for failure in report.failed:
        tell(messages.failure(failure.source, failure.code, failure.detail))
    if report.snapshot is None and not report.failed:
        say(messages.NOTHING_CHANGED)
        return 0
    done = sum(len(sources) for _, sources in groups)
    say(messages.build_total(done, len(report.failed), report.passages if report.snapshot else None, report.seconds))
    return 1 if report.failed else 0
