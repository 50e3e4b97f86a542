"""The documents of a home folder: what is added, followed, removed or rebuilt, and what that did."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus import Document, Failure
from corpus.holdings import Holdings
from corpus.reading import Reader, ReadLimits
from corpus.registry import Item, Registry, RegistryInvalid, dump
from corpus.sources import Source, completed, is_url, local_source
from indexing import deposited
from indexing import manifest as manifests
from indexing.build import Builder, Built, OnProgress
from indexing.contents import iter_documents, iter_passages, read_records
from indexing.embedder import Embedder
from indexing.intake import Changes, Confirm, Intake, OpenFetcher, Published, look_anew, now, read_all, refuse
from indexing.originals import Originals
from indexing.passage import DocumentRecord, Passage
from indexing.registry_file import FILE, RegistryFile
from indexing.snapshot import CorpusState, NoIndex, SnapshotStore, UnknownDocument, WriterBusy
from indexing.spool import Spool

if TYPE_CHECKING:
    from corpus.web.fetching import Fetcher

_LOCK_TRIED_EVERY = 0.2


@dataclass(frozen=True, slots=True)
class BuildReport(Changes):
    """What a build did. `snapshot` is None when nothing was published: nothing changed, or it was a rehearsal."""

    snapshot: str | None = None
    passages: int = 0
    embedded: int = 0
    seconds: float = 0.0


class UnknownSource(KeyError):
    """No source has this id or place."""


class Library:
    """The documents of a home folder and the sources they come from; the only writer of its snapshots and registry.

    What writes takes the writer lock, waiting for it `wait` seconds, and raises WriterBusy when it cannot have it.
    """

    def __init__(
        self,
        home: Path,
        embedder: Embedder,
        limits: ReadLimits = ReadLimits(),
        open_fetcher: OpenFetcher | None = None,
    ) -> None:
        self._home = home
        self._store = SnapshotStore(home)
        self._registry = RegistryFile(home, self._store)
        self._embedder = embedder
        self._builder = Builder(self._store, embedder)
        self._originals = Originals(home)
        self._limits = limits
        self._open_fetcher = open_fetcher

    def fetcher(self) -> "Fetcher":
        """A new guarded reader of web pages, to be used as a context manager."""
        if self._open_fetcher is None:
            raise ValueError("this library was given no way to the web")
        return self._open_fetcher()

    # What is there

    def is_published(self) -> bool:
        return self._store.current() is not None

    def documents(self) -> tuple[DocumentRecord, ...]:
        """The published documents. Raises NoIndex, SnapshotDamaged."""
        return read_records(self._folder())

    def texts(self) -> Iterator[Document]:
        """The published documents with their texts, one by one. Raises NoIndex, SnapshotDamaged."""
        return iter_documents(self._folder())

    def passages(self, document_id: str) -> tuple[DocumentRecord, tuple[Passage, ...]]:
        """A published document and its passages in order. Raises UnknownDocument, NoIndex, SnapshotDamaged."""
        document = next((one for one in self.texts() if one.id == document_id), None)
        if document is None:
            raise UnknownDocument(document_id)
        found = tuple(one for one in iter_passages(self._folder()) if one.document_id == document_id)
        return _record(document, found), found

    def preview(self, place: str) -> Iterator[tuple[DocumentRecord, tuple[Passage, ...]] | Failure]:
        """What the files of a place would become, with the passages each would make; nothing is published."""
        from indexing.splitter import split_document

        with ExitStack() as stack:
            reader = stack.enter_context(Reader(self._limits))
            fetcher = stack.enter_context(self.fetcher()) if is_url(place) else None
            found = self._recognised(place, fetcher)
            if isinstance(found, Failure):
                yield found
                return
            for document in read_all(look_anew(found, fetcher), found, reader):
                if isinstance(document, Failure):
                    yield document
                else:
                    passages = tuple(split_document(document, self._embedder.count_tokens))
                    yield _record(document, passages), passages

    def sources(self) -> tuple[tuple[Source, tuple[Item, ...]], ...]:
        """The registered sources in the order added, each with its files or pages."""
        registry = self._registry.load()
        return tuple((one, tuple(registry.items_of(one.id).values())) for one in registry.sources.values())

    # What changes it

    def add(
        self,
        places: Sequence[str],
        given: Mapping[str, Any],
        on_progress: OnProgress,
        origin: str | None = None,
        *,
        include: Sequence[str] = (),
        exclude: Sequence[str] = (),
        wait: float = 0.0,
        first: Callable[[], None] = lambda: None,
    ) -> BuildReport:
        """Read files, folders and web addresses, publish them beside the documents already there, and register them.

        `given` holds metadata that outranks what the files say, now and at each sync. A file that cannot be read is in
        `failed`; the others are published all the same. With an `origin` the place is read once and not registered.
        `first` is called when nobody else writes any more: what puts the files in place. Raises WriterBusy,
        ModelUnavailable.
        """
        started = time.perf_counter()
        with (
            self._writing(wait),
            self._intake(on_progress, any(map(is_url, places)), self._originals) as (intake, spool, fetcher),
        ):
            first()
            for place in dict.fromkeys(places):
                found = self._recognised(place, fetcher)
                if isinstance(found, Failure):
                    intake.fail(found)
                elif origin is not None:
                    intake.read_once(replace(found, origin=origin, given=given))
                else:
                    known = intake.holdings.find(found.id)
                    intake.take(completed(known, found, given, include, exclude), None, again=True)
            return self._published(intake, spool, on_progress, started)

    def sync(
        self,
        sources: Sequence[str] | None = None,
        dry_run: bool = False,
        confirm: Confirm = refuse,
        on_progress: OnProgress = lambda progress: None,
        *,
        wait: float = 0.0,
    ) -> BuildReport:
        """Look at sources again (their ids or places; all when None) and publish what changed.

        `confirm` is asked before more than 30 % of a source would vanish. A `dry_run` looks and reads, and writes
        nothing. Raises UnknownSource, WriterBusy, ModelUnavailable.
        """
        started = time.perf_counter()
        with ExitStack() as stack:
            if not dry_run:
                stack.enter_context(self._writing(wait))
            chosen = self._chosen(sources)
            on_web = any(source.on_web for source in chosen)
            originals = None if dry_run else self._originals
            intake, spool, _ = stack.enter_context(self._intake(on_progress, on_web, originals))
            for source in chosen:
                # A file may have been taken over by another source looked at before it.
                if intake.holdings.find(source.id):
                    intake.take(source, confirm)
            if dry_run:
                return _timed(intake.changes(), None, started)
            return self._published(intake, spool, on_progress, started)

    def remove(self, document_ids: Sequence[str], on_progress: OnProgress, *, wait: float = 0.0) -> BuildReport:
        """Publish a snapshot without these documents, which no sync brings back; adding them again by name does.

        Raises UnknownDocument, NoIndex, WriterBusy.
        """
        started = time.perf_counter()
        with self._writing(wait):
            sources = {document.id: document.source for document in self.texts()}
            for document_id in document_ids:
                if document_id not in sources:
                    raise UnknownDocument(document_id)
            names = tuple(sources[one] for one in dict.fromkeys(document_ids))
            registry = self._registry.load().marked_removed(frozenset(document_ids))
            kept = (document for document in self.texts() if document.id not in document_ids)
            return _timed(Changes(removed=names), self._built(kept, registry, on_progress), started)

    def forget(self, source: str, on_progress: OnProgress, *, wait: float = 0.0) -> BuildReport:
        """No longer follow a source, and drop its documents. Raises UnknownSource, WriterBusy."""
        started = time.perf_counter()
        with self._writing(wait):
            (found,) = self._chosen([source])
            registry = self._registry.load()
            gone = {item.document_id: item.name for item in registry.items_of(found.id).values() if item.published}
            registry = registry.without_source(found.id)
            changes = Changes(removed=tuple(gone.values()))
            if not gone:
                self._registry.save(registry)
                return _timed(changes, None, started)
            kept = (document for document in self.texts() if document.id not in gone)
            return _timed(changes, self._built(kept, registry, on_progress), started)

    def rebuild(self, on_progress: OnProgress, *, wait: float = 0.0) -> BuildReport:
        """Publish the same documents anew: after a change of model, or when the snapshot is damaged."""
        started = time.perf_counter()
        with self._writing(wait):
            names = tuple(document.source for document in self.texts())
            built = self._built(self.texts(), self._registry.load(), on_progress)
            return _timed(Changes(unchanged=names), built, started)

    def rollback(self, *, wait: float = 0.0) -> CorpusState:
        """Return to the snapshot before; a second time, to the one left. Raises NoPrevious, WriterBusy."""
        with self._writing(wait):
            name = self._store.roll_back()
            manifest = manifests.load(self._store.folder(name))
        return CorpusState(name, manifest.documents, manifest.passages, manifest.published_at, manifest.model)

    def is_tidy(self) -> bool:
        """Whether only the published snapshot and the one before are there."""
        return set(self._store.names()) <= {self._store.current(), self._store.previous()}

    def tidy(self) -> None:
        """Drop the snapshots that are no longer read, and the files that only they needed, without waiting for the next
        build to do it. Raises WriterBusy, SnapshotDamaged."""
        with self._writing(0.0):
            self._store.sweep()
            self._drop_unneeded()

    # How

    @contextmanager
    def _writing(self, wait: float) -> Iterator[None]:
        deadline = time.monotonic() + wait
        with ExitStack() as stack:
            while True:
                try:
                    stack.enter_context(self._store.writing())
                    break
                except WriterBusy:
                    if time.monotonic() >= deadline:
                        raise
                    time.sleep(_LOCK_TRIED_EVERY)
            yield

    @contextmanager
    def _intake(
        self, on_progress: OnProgress, on_web: bool, originals: Originals | None
    ) -> Iterator[tuple[Intake, Spool, Any]]:
        published = Published(self._texts_or_none)
        with ExitStack() as stack:
            spool = stack.enter_context(Spool())
            reader = stack.enter_context(Reader(self._limits))
            fetcher = stack.enter_context(self.fetcher()) if on_web else None
            yield (
                Intake(Holdings(self._registry.load()), published, spool, reader, fetcher, originals, on_progress),
                spool,
                fetcher,
            )

    def _recognised(self, place: str, fetcher: Any) -> Source | Failure:
        if not is_url(place):
            # What a path does not lead to is told now and not followed: it may be a slip of the fingers.
            return local_source(place, now()) if Path(place).exists() else Failure(place, "missing")
        from corpus.web.survey import recognised

        return recognised(place, fetcher, now())

    def _chosen(self, sources: Sequence[str] | None) -> tuple[Source, ...]:
        registry = self._registry.load()
        if sources is None:
            return tuple(registry.sources.values())
        found = {word: registry.find(word) for word in sources}
        for word, source in found.items():
            if source is None:
                raise UnknownSource(word)
        return tuple({source.id: source for source in found.values() if source}.values())

    def _published(self, intake: Intake, spool: Spool, on_progress: OnProgress, started: float) -> BuildReport:
        registry = intake.holdings.registry()
        if not intake.changed:
            if registry != self._registry.load():
                self._registry.save(registry)
            return _timed(intake.changes(), None, started)
        documents = spool.over(self._texts_or_none(), intake.dropped)
        return _timed(intake.changes(), self._built(documents, registry, on_progress), started)

    def _built(self, documents: Iterable[Document], registry: Registry, on_progress: OnProgress) -> Built:
        registry = deposited.without_removed(registry)
        built = self._builder.build(documents, on_progress, extra={FILE: dump(registry)})
        # Saved after publishing: killed in between, the registry names another snapshot and its own copy counts.
        self._registry.save(replace(registry, snapshot=built.snapshot))
        self._drop_unneeded()
        return built

    def _drop_unneeded(self) -> None:
        self._originals.drop_except(self._named_originals)
        # Where a registry cannot be read nobody knows what it follows: nothing is erased.
        with suppress(RegistryInvalid):
            for path in deposited.unneeded(self._home, self._registry.all()):
                deposited.drop(path)

    def _named_originals(self) -> set[str]:
        """The originals of the snapshots one may still go back to."""
        kept = [name for name in (self._store.current(), self._store.previous()) if name]
        records = (one for name in kept for one in read_records(self._store.folder(name)))
        return {one.original for one in records if one.original}

    def _folder(self) -> Path:
        name = self._store.current()
        if name is None:
            raise NoIndex
        return self._store.folder(name)

    def _texts_or_none(self) -> Iterable[Document]:
        return () if self._store.current() is None else self.texts()


def _record(document: Document, passages: Sequence[Passage]) -> DocumentRecord:
    return DocumentRecord(document.id, document.source, document.metadata, len(passages), document.original)


def _timed(changes: Changes, built: Built | None, started: float) -> BuildReport:
    told = {name: getattr(changes, name) for name in Changes.__dataclass_fields__}
    seconds = time.perf_counter() - started
    if built is None:
        return BuildReport(**told, seconds=seconds)
    return BuildReport(
        **told, snapshot=built.snapshot, passages=built.passages, embedded=built.embedded, seconds=seconds
    )
