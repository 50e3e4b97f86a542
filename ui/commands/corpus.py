"""`corpus add|sync|list|show|…`: the documents behind the answers."""

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

from assistant.factory import open_library
from assistant.settings import Settings
from corpus import Review, Vanishing, coverage, is_url, list_files, review
from indexing import NoIndex, UnknownDocument, UnknownSource
from ui import messages
from ui.api.schemas import Given
from ui.commands.ask import checked
from ui.commands.corpus_audit import changes_of, noted, noted_if_published
from ui.commands.corpus_check import concern_bodies, concerns_of, review_body, say_concerns, say_coverage, say_review
from ui.commands.corpus_options import add_actions
from ui.commands.corpus_report import say_report
from ui.commands.corpus_view import say_document, say_documents, say_preview, say_sources
from ui.commands.terminal import ShowProgress, progress_shown, say, say_json, tell

GIVEN = (
    "kind",
    "published",
    "url",
    "title",
    "publisher",
    "licence",
    "review_by",
    "statuses",
    "roles",
    "themes",
    "publish_original",
)


def add_commands(commands: Any) -> None:
    corpus = commands.add_parser(
        "corpus",
        help="ajoute, suit, liste ou retire des documents",
        description="Les documents qui servent à répondre.",
    )
    add_actions(corpus.add_subparsers(title="actions", metavar="ACTION", required=True, dest="action"), RUN)


def run_add(given: argparse.Namespace) -> int:
    facts = checked(Given, **{name: getattr(given, name) for name in GIVEN})
    settings = Settings()
    library = open_library(settings)
    with progress_shown() as show:
        report = library.add(
            given.places, facts.named(), show, include=given.include, exclude=given.exclude, wait=given.wait
        )
    noted_if_published(settings, "corpus.added", report, ", ".join(given.places))
    return say_report(report, given.json)


def run_sync(given: argparse.Namespace) -> int:
    settings = Settings()
    library = open_library(settings)
    try:
        with progress_shown() as show:
            report = library.sync(
                given.sources or None, given.dry_run, asker(given.yes, given.dry_run, show), show, wait=given.wait
            )
    except UnknownSource as error:
        return unknown_source(error)
    if not given.json and not library.sources():
        say(messages.NO_SOURCES)
        return 0
    noted_if_published(settings, "corpus.synced", report, ", ".join(given.sources) or messages.SYNC_ALL)
    return say_report(report, given.json, dry_run=given.dry_run)


def asker(yes: bool, dry_run: bool, show: ShowProgress) -> Callable[[Vanishing], bool]:
    """Who says whether so many documents may go: the option, or the person at the terminal; otherwise nobody does."""

    def ask(one: Vanishing) -> bool:
        if yes or dry_run or not (sys.stdin.isatty() and sys.stderr.isatty()):
            return yes
        with show.paused():
            tell(messages.vanishing(one.source.place, one.gone, one.of))
            print(messages.VANISHING_ASKED, end="", file=sys.stderr, flush=True)
            return sys.stdin.readline().strip().lower() in messages.YES

    return ask


def run_remove(given: argparse.Namespace) -> int:
    settings = Settings()
    library = open_library(settings)
    with progress_shown() as show:
        report = library.remove(given.document_ids, show, wait=given.wait)
    for document_id, source in zip(dict.fromkeys(given.document_ids), report.removed, strict=True):
        noted(settings, "document.removed", source, detail=document_id)
    return say_report(report, given.json)


def run_forget(given: argparse.Namespace) -> int:
    settings = Settings()
    library = open_library(settings)
    try:
        with progress_shown() as show:
            report = library.forget(given.source, show, wait=given.wait)
    except UnknownSource as error:
        return unknown_source(error)
    noted(settings, "source.forgotten", given.source, detail=changes_of(report))
    return say_report(report, given.json)


def unknown_source(error: UnknownSource) -> int:
    tell("assistant-elus : " + messages.UNKNOWN_SOURCE.format(name=error.args[0]))
    return 1


def run_rebuild(given: argparse.Namespace) -> int:
    settings = Settings()
    library = open_library(settings)
    with progress_shown() as show:
        report = library.rebuild(show, wait=given.wait)
    noted_if_published(settings, "corpus.rebuilt", report, "")
    return say_report(report, given.json)


def run_rollback(given: argparse.Namespace) -> int:
    settings = Settings()
    state = open_library(settings).rollback(wait=given.wait)
    noted(settings, "corpus.rolled_back", state.snapshot)
    if given.json:
        say_json({"snapshot": state.snapshot, "documents": state.documents, "passages": state.passages})
    else:
        when = messages.moment(state.published_at)
        say(messages.ROLLED_BACK.format(published_at=when, documents=state.documents, passages=state.passages))
    return 0


def run_list(given: argparse.Namespace) -> int:
    library = open_library(Settings())
    return say_documents(library.documents(), library.sources(), date.today(), given.json)


def run_sources(given: argparse.Namespace) -> int:
    return say_sources(open_library(Settings()).sources(), given.json)


def run_show(given: argparse.Namespace) -> int:
    library = open_library(Settings())
    try:
        return say_document(*library.passages(given.document), given.json)
    except (UnknownDocument, NoIndex):
        if not is_url(given.document) and not Path(given.document).exists():
            raise
    return say_preview(library.preview(given.document), given.json)


def run_check(given: argparse.Namespace) -> int:
    """The fiches of the places, or else those shipped and the index; 1 when anything is to be looked at."""
    library = open_library(Settings())
    body: dict[str, Any] = {}
    wrong = False
    if not given.indexed:
        found = reviewed(given.places)
        covered = coverage(document.metadata for document in found.documents)
        body |= review_body(found, covered)
        wrong = bool(found.findings or found.failures)
        if not given.json:
            say_review(found, covered)
    if given.indexed or (not given.places and library.is_published()):
        records = library.documents()
        concerns = concerns_of(library, date.today(), with_links=given.links)
        covered = coverage(one.metadata for one in records)
        body |= {"concerns": concern_bodies(concerns)} | ({"coverage": asdict(covered)} if given.indexed else {})
        wrong = wrong or bool(concerns)
        if given.indexed and not given.json:
            say_coverage(covered)
        if not given.json:
            say_concerns(len(records), concerns)
    if given.json:
        say_json(body)
    return 1 if wrong else 0


def reviewed(places: Sequence[str]) -> Review:
    shipped = str(files("corpus") / "fiches")
    # A fiche may name one of those we ship.
    known = review(list_files(shipped)).documents if places else ()
    listed = (file for place in places or [shipped] for file in list_files(place))
    return review(listed, {one.metadata.title for one in known})


RUN = {
    "add": run_add,
    "sync": run_sync,
    "list": run_list,
    "show": run_show,
    "sources": run_sources,
    "remove": run_remove,
    "forget": run_forget,
    "check": run_check,
    "rebuild": run_rebuild,
    "rollback": run_rollback,
}
