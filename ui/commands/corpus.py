"""`corpus add|list|remove|check|rebuild`: the documents behind the answers."""

import argparse
from dataclasses import asdict
from importlib.resources import files
from typing import Any

from assistant.factory import open_library
from assistant.settings import Settings
from corpus import KINDS, UNNAMED, Coverage, Review, Row, coverage, list_files, review
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


CHECK_EXAMPLES = """exemples :
  assistant-elus corpus check
  assistant-elus corpus check mes-fiches/
  assistant-elus corpus check --indexed
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
    check = actions.add_parser(
        "check",
        help="relit les fiches et compte ce qu'elles couvrent",
        description="Relit des fiches (celles de départ, sans rien préciser) et les compte par genre, statut, rôle et\n"
        "thème : en-tête, dates, liens, parties, longueur, titres cités. Une seule remarque : code de sortie 1.",
        epilog=CHECK_EXAMPLES,
    )
    checked_documents = check.add_mutually_exclusive_group()
    checked_documents.add_argument(
        "places", metavar="CHEMIN", nargs="*", default=[], help="fiche ou dossier de fiches (les fiches de départ)"
    )
    checked_documents.add_argument(
        "--indexed", action="store_true", help="compte seulement, dans les documents indexés, qui ne sont pas relus"
    )
    add_json(check)
    check.set_defaults(run=run_check)
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


def run_check(given: argparse.Namespace) -> int:
    if given.indexed:
        return say_coverage(coverage(one.metadata for one in open_library(Settings()).documents()), given.json)
    shipped = str(files("corpus") / "fiches")
    # A fiche may name one of those we ship.
    known = review(list_files(shipped)).documents if given.places else ()
    places = given.places or [shipped]
    found = review((file for place in places for file in list_files(place)), {one.metadata.title for one in known})
    return say_review(found, given.json)


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


def say_review(found: Review, as_json: bool) -> int:
    """What the fiches cover, then what breaks a rule; 1 when something does or could not be read."""
    code = 1 if found.findings or found.failures else 0
    covered = coverage(document.metadata for document in found.documents)
    if as_json:
        findings = [{**asdict(one), "text": messages.finding(one.code, one.detail)} for one in found.findings]
        failed = [asdict(failure) for failure in found.failures]
        say_json({"coverage": asdict(covered), "findings": findings, "failed": failed})
        return code
    say_coverage(covered, as_json=False)
    for failure in found.failures:
        tell(messages.failure(failure.source, failure.code, failure.detail))
    for one in found.findings:
        say(f"{one.source} : {messages.finding(one.code, one.detail)}")
    say(messages.review_total(len(found.documents), len(found.findings), len(found.failures)))
    return code


def say_coverage(covered: Coverage, as_json: bool) -> int:
    """A table for the statuses, one for the roles, one for the themes; a column a kind."""
    if as_json:
        say_json({"coverage": asdict(covered)})
        return 0
    kinds = [messages.KINDS_PLURAL[kind].lower() for kind in KINDS]
    for name, rows in (
        (messages.COVERAGE_STATUSES, covered.statuses),
        (messages.COVERAGE_ROLES, covered.roles),
        (messages.COVERAGE_THEMES, covered.themes),
    ):
        named = {messages.COVERAGE_UNNAMED if value == UNNAMED else value: row for value, row in rows.items()}
        cells = [_counts(value, row) for value, row in {**named, messages.COVERAGE_ALL: covered.kinds}.items()]
        say_table((name, *kinds, messages.COVERAGE_TOTAL), cells)
        say()
    return 0


def _counts(value: str, row: Row) -> list[str]:
    return [value, *(str(row[kind] or "–") for kind in KINDS), str(sum(row.values()))]
