"""What looking at the sources again changes: documents read when they did, dropped when they went, kept otherwise."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from corpus import Document, Failure
from corpus.holdings import Holdings
from corpus.reading import Reader
from corpus.registry import Item, Items
from corpus.sources import Source
from corpus.survey import Held, Sighting, Survey, Vanishing, after_reading, survey_disk, vanishing
from indexing.build import OnProgress, Progress
from indexing.originals import Originals
from indexing.spool import Spool, content_of

if TYPE_CHECKING:
    from corpus.web.fetching import Fetcher

OpenFetcher = Callable[[], "Fetcher"]
Confirm = Callable[[Vanishing], bool]
Result = Literal["added", "changed", "unchanged"]


@dataclass(frozen=True, slots=True)
class Changes:
    """What became of each document, by its source. `standing` names the failed ones whose last version stays
    published, `kept` the deletions that nobody confirmed."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    failed: tuple[Failure, ...] = ()
    standing: tuple[str, ...] = ()
    kept: tuple[Vanishing, ...] = ()


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def refuse(_: Vanishing) -> bool:
    """The answer when nobody is there to be asked."""
    return False


class Published:
    """The documents in the index, by id, each with a digest; they are read when first asked for, and only once."""

    def __init__(self, documents: Callable[[], Iterable[Document]]) -> None:
        self._documents = documents
        self._digests: Mapping[str, bytes] | None = None

    def compared(self, document: Document) -> Result:
        if self._digests is None:
            self._digests = {one.id: _digest(one) for one in self._documents()}
        before = self._digests.get(document.id)
        if before is None:
            return "added"
        return "unchanged" if before == _digest(document) else "changed"


def _digest(document: Document) -> bytes:
    return hashlib.sha256(content_of(document)).digest()


def look(source: Source, known: Items, held: Held, fetcher: "Fetcher | None", *, again: bool) -> Survey:
    """Survey a source, wherever it is."""
    if not source.on_web:
        return survey_disk(source, known, held, now(), again=again)
    # Asking the web takes libraries that a sync of folders should not wait for.
    from corpus.web.survey import survey_web

    if fetcher is None:
        raise ValueError(f"{source.place}: a web source needs a fetcher")
    return survey_web(source, known, held, fetcher, now(), again=again)


def look_anew(source: Source, fetcher: "Fetcher | None") -> Survey:
    """Survey a source as if nothing of it were known."""
    return look(source, {}, lambda document_id: False, fetcher, again=True)


def read_all(survey: Survey, source: Source, reader: Reader) -> Iterator[Document | Failure]:
    """Read what a survey found, one by one."""
    if survey.failure is not None:
        yield survey.failure
    for sighting in survey.sightings:
        yield sighting.failure() if sighting.file is None else reader.read(sighting.file, source.given)


class Intake:
    """Takes sources one after the other. What is to be published gathers in the spool, in `dropped` and in `holdings`;
    nothing is written until somebody publishes it, save the copies of originals; a rehearsal has no place for those."""

    def __init__(
        self,
        holdings: Holdings,
        published: Published,
        spool: Spool,
        reader: Reader,
        fetcher: "Fetcher | None",
        originals: Originals | None,
        on_progress: OnProgress,
    ) -> None:
        self.holdings = holdings
        self.dropped: set[str] = set()
        self._published, self._spool, self._reader = published, spool, reader
        self._fetcher, self._originals, self._on_progress = fetcher, originals, on_progress
        self._results: dict[Result, dict[str, None]] = {"added": {}, "changed": {}, "unchanged": {}}
        self._removed: list[str] = []
        self._failed: list[Failure] = []
        self._standing: list[str] = []
        self._kept: list[Vanishing] = []

    @property
    def changed(self) -> bool:
        """Whether the index has to be built anew."""
        return bool(len(self._spool) or self.dropped)

    def changes(self) -> Changes:
        results = {name: tuple(found) for name, found in self._results.items()}
        return Changes(
            results["added"],
            results["changed"],
            tuple(self._removed),
            results["unchanged"],
            tuple(self._failed),
            tuple(self._standing),
            tuple(self._kept),
        )

    def fail(self, failure: Failure) -> None:
        self._failed.append(failure)

    def take(self, source: Source, confirm: Confirm | None, *, again: bool = False) -> None:
        """Look at a source and read what is new in it.

        Without `confirm`, what is gone is left for the next sync. With `again`, everything is read, removed by hand
        or not.
        """
        known = self.holdings.items_of(source)
        held = self.holdings.elsewhere(source, removed=not again)
        survey = look(source, known, held, self._fetcher, again=again)
        if survey.failure is not None:
            self.fail(survey.failure)
        items: dict[str, Item] = {}
        gone: list[Item] = []
        stage: Literal["fetching", "reading"] = "fetching" if source.on_web else "reading"
        for number, sighting in enumerate(survey.sightings):
            self._on_progress(Progress(stage, min(number, survey.expected), survey.expected))
            if sighting.verdict == "gone":
                gone.append(sighting.item)
            else:
                items[sighting.item.name] = self._taken(source, sighting)
        if survey.expected:
            self._on_progress(Progress(stage, survey.expected, survey.expected))
        if survey.failure is not None and not survey.expected:
            # Nothing could be seen: everything stays as it was.
            self.holdings.keep(source, known)
            return
        if confirm is None:
            items |= {item.name: known[item.name] for item in gone}
        else:
            items |= self._gone(source, gone, sum(item.published for item in known.values()), confirm)
        self.holdings.keep(source, items)

    def read_once(self, source: Source) -> None:
        """Read a place that is not to be followed: nothing of it enters the registry."""
        survey = look_anew(source, self._fetcher)
        for number, document in enumerate(read_all(survey, source, self._reader)):
            self._on_progress(Progress("reading", number, survey.expected))
            if isinstance(document, Failure):
                self.fail(document)
            else:
                self._sort(document)

    def _taken(self, source: Source, sighting: Sighting) -> Item:
        """The item as the registry is to keep it, its document read when it is new or changed."""
        item = sighting.item
        if sighting.verdict == "failed":
            self._say_failed(sighting.failure(), item)
        elif sighting.verdict == "unchanged":
            self._results["unchanged"][item.name] = None
        elif sighting.file is not None:
            document = self._reader.read(sighting.file, source.given)
            if isinstance(document, Failure):
                self._say_failed(document, item)
                return after_reading(item, document)
            self._sort(document, sighting.file.path)
            return replace(after_reading(item, None), document_id=document.id)
        return item

    def _sort(self, document: Document, file: Path | None = None) -> None:
        result = self._published.compared(document)
        self._results[result][document.source] = None
        if result != "unchanged":
            self._spool.add(document)
        if self._originals is not None and document.original is not None and file is not None:
            self._originals.keep(document.original, file)

    def _say_failed(self, failure: Failure, item: Item) -> None:
        self._failed.append(failure)
        if item.published:
            self._standing.append(failure.source)

    def _gone(self, source: Source, gone: list[Item], of: int, confirm: Confirm) -> dict[str, Item]:
        """What stays of the items that went: nothing, or all of them when nobody confirms so large a loss."""
        asked = vanishing(source, len(gone), of)
        if asked is not None and not confirm(asked):
            self._kept.append(asked)
            return {item.name: item for item in gone}
        self._removed += [item.name for item in gone]
        self.dropped |= {item.document_id for item in gone}
        return {}
