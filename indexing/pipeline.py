"""The documents of a home folder: what is added, removed or rebuilt, and what that did."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from corpus import Document, Failure, SourceFile, list_files, read_document
from indexing.build import Builder, Built, OnProgress, Progress
from indexing.embedder import Embedder
from indexing.passage import DocumentRecord
from indexing.snapshot import Contents, NoIndex, SnapshotStore, UnknownDocument, read_contents, read_documents


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did, by source. `snapshot` is None when nothing changed, so nothing was published."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    failed: tuple[Failure, ...] = ()
    snapshot: str | None = None
    passages: int = 0
    embedded: int = 0
    seconds: float = 0.0


class Library:
    """The documents of a home folder, and the only writer of its snapshots."""

    def __init__(self, home: Path, embedder: Embedder) -> None:
        self._store = SnapshotStore(home)
        self._builder = Builder(self._store, embedder)

    def documents(self) -> tuple[DocumentRecord, ...]:
        """The published documents. Raises NoIndex, SnapshotDamaged."""
        contents = self._published()
        counts: dict[str, int] = {}
        for passage in contents.passages:
            counts[passage.document_id] = counts.get(passage.document_id, 0) + 1
        return tuple(
            DocumentRecord(document.id, document.source, document.metadata, counts.get(document.id, 0))
            for document in contents.documents
        )

    def add(
        self,
        places: Sequence[str],
        given: Mapping[str, Any],
        on_progress: OnProgress,
        origin: str | None = None,
    ) -> BuildReport:
        """Read files and folders, and publish them beside the documents already there.

        `given` holds metadata that outranks what the files say. A file that cannot be read is in `failed`; the others
        are published all the same. Raises WriterBusy, ModelUnavailable.
        """
        started = time.perf_counter()
        with self._store.writing():
            listed = [found for place in places for found in list_files(place, origin)]
            read: dict[str, Document] = {}
            failed = [found for found in listed if isinstance(found, Failure)]
            files = [found for found in listed if isinstance(found, SourceFile)]
            for number, file in enumerate(files):
                on_progress(Progress("reading", number, len(files)))
                document = read_document(file, given)
                if isinstance(document, Failure):
                    failed.append(document)
                else:
                    read[document.id] = document
            before = {document.id: document for document in self._published_or_none().documents}
            report = BuildReport(
                added=tuple(document.source for key, document in read.items() if key not in before),
                changed=tuple(d.source for key, d in read.items() if key in before and before[key] != d),
                unchanged=tuple(d.source for key, d in read.items() if before.get(key) == d),
                failed=tuple(failed),
            )
            if not report.added and not report.changed:
                return _timed(report, None, started)
            return _timed(report, self._builder.build([*(before | read).values()], on_progress), started)

    def remove(self, document_ids: Sequence[str], on_progress: OnProgress) -> BuildReport:
        """Publish a snapshot without these documents. Raises UnknownDocument, NoIndex, WriterBusy."""
        started = time.perf_counter()
        with self._store.writing():
            before = {document.id: document for document in self._published().documents}
            for document_id in document_ids:
                if document_id not in before:
                    raise UnknownDocument(document_id)
            kept = [document for key, document in before.items() if key not in document_ids]
            report = BuildReport(removed=tuple(before[key].source for key in dict.fromkeys(document_ids)))
            return _timed(report, self._builder.build(kept, on_progress), started)

    def rebuild(self, on_progress: OnProgress) -> BuildReport:
        """Publish the same documents anew: after a change of model, or when the snapshot is damaged."""
        started = time.perf_counter()
        with self._store.writing():
            documents = read_documents(self._store.folder(self._current()))
            report = BuildReport(unchanged=tuple(document.source for document in documents))
            return _timed(report, self._builder.build(list(documents), on_progress), started)

    def _published(self) -> Contents:
        return read_contents(self._store.folder(self._current()))

    def _current(self) -> str:
        name = self._store.current()
        if name is None:
            raise NoIndex
        return name

    def _published_or_none(self) -> Contents:
        try:
            return self._published()
        except NoIndex:
            return Contents((), (), np.zeros((0, 0), np.float32), np.zeros((0, 0), np.float16), ())


def _timed(report: BuildReport, built: Built | None, started: float) -> BuildReport:
    report = replace(report, seconds=time.perf_counter() - started)
    if built is None:
        return report
    return replace(report, snapshot=built.snapshot, passages=built.passages, embedded=built.embedded)
