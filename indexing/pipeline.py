"""From files to a published snapshot: read, split, embed what is new, write, publish."""

import hashlib
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import numpy as np
from pydantic import TypeAdapter

from corpus import Document, Failure, SourceFile, list_files, read_document
from indexing import manifest as manifests
from indexing.embedder import Embedder
from indexing.passage import DocumentRecord, Passage
from indexing.snapshot import (
    Contents,
    NoIndex,
    SnapshotDamaged,
    SnapshotStore,
    UnknownDocument,
    read_contents,
    read_documents,
    unit_texts,
    write,
)
from indexing.splitter import split_document

OPENING = 220
# Texts handed to the model at once: it sorts them by length within, and the bar moves between.
_EMBEDDED_AT_ONCE = 256
_DOCUMENT = TypeAdapter(Document)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far long work is: `done` of `total` files read, texts embedded or questions asked."""

    stage: Literal["preparing", "reading", "embedding", "publishing", "asking"]
    done: int
    total: int


OnProgress = Callable[[Progress], None]


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
        self._embedder = embedder

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
            return _timed(report, self._build([*(before | read).values()], on_progress), started)

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
            return _timed(report, self._build(kept, on_progress), started)

    def rebuild(self, on_progress: OnProgress) -> BuildReport:
        """Publish the same documents anew: after a change of model, or when the snapshot is damaged."""
        started = time.perf_counter()
        with self._store.writing():
            documents = read_documents(self._store.folder(self._current()))
            report = BuildReport(unchanged=tuple(document.source for document in documents))
            return _timed(report, self._build(list(documents), on_progress), started)

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

    def _build(self, documents: Sequence[Document], on_progress: OnProgress) -> tuple[str, int, int]:
        passages: list[Passage] = []
        texts: list[str] = []
        unit_lists: list[str] = []
        for number, document in enumerate(documents):
            on_progress(Progress("reading", number, len(documents)))
            found = split_document(document)
            opening = _opening(document)
            passages += found
            texts += [embedded_text(document, opening, passage) for passage in found]
            unit_lists += [text for passage in found for text in unit_texts(passage, document.metadata.title)]
        everything = texts + unit_lists
        keys = tuple(hashlib.sha256(text.encode()).hexdigest()[:24] for text in everything)
        vectors, embedded = self._vectors(everything, keys, on_progress)
        on_progress(Progress("publishing", 0, 1))
        contents = Contents(
            tuple(documents),
            tuple(passages),
            vectors[: len(texts)],
            vectors[len(texts) :].astype(np.float16),
            keys,
        )
        name = f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{uuid.uuid4().hex[:6]}"
        published_at = datetime.now(UTC).isoformat(timespec="seconds")
        write(self._store.folder(name), name, published_at, self._embedder.fingerprint, contents)
        self._store.publish(name)
        on_progress(Progress("publishing", 1, 1))
        return name, len(passages), embedded

    def _vectors(
        self, texts: Sequence[str], keys: Sequence[str], on_progress: OnProgress
    ) -> tuple[np.ndarray[Any, np.dtype[np.float32]], int]:
        """Vectors of all texts, those of the published snapshot reused. Returns them and how many were made."""
        known = self._known_vectors()
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        if missing:
            on_progress(Progress("preparing", 0, len(missing)))
            self._embedder.load()
        # Longest first: the bar slows down at no time, and a text too long for memory fails at once.
        order = sorted(missing, key=lambda key: -len(missing[key]))
        for start in range(0, len(order), _EMBEDDED_AT_ONCE):
            on_progress(Progress("embedding", start, len(order)))
            batch = order[start : start + _EMBEDDED_AT_ONCE]
            made = self._embedder.embed_passages([missing[key] for key in batch])
            known.update(zip(batch, made, strict=True))
        on_progress(Progress("embedding", len(order), len(order)))
        vectors = np.array([known[key] for key in keys], dtype=np.float32)
        return vectors.reshape(len(keys), -1 if keys else 0), len(missing)

    def _known_vectors(self) -> dict[str, np.ndarray[Any, np.dtype[np.float32]]]:
        name = self._store.current()
        if name is None:
            return {}
        try:
            contents = read_contents(self._store.folder(name))
            if manifests.load(self._store.folder(name)).model != self._embedder.fingerprint:
                return {}
            manifests.verify(manifests.load(self._store.folder(name)), self._store.folder(name))
        except (SnapshotDamaged, manifests.ManifestInvalid):
            return {}
        rows = [*contents.passage_vectors, *contents.unit_vectors.astype(np.float32)]
        return dict(zip(contents.keys, rows, strict=True))


def embedded_text(document: Document, opening: str, passage: Passage) -> str:
    """What is embedded for a passage: its title, its document's opening and its headings, then its own text.

    Where a passage stands in its document matters to its meaning; none of it is ever quoted.
    """
    context = [document.metadata.title]
    if passage.position and opening:
        context.append(opening)
    if passage.heading:
        context.append(" > ".join(passage.heading[-2:]))
    return "\n".join([*context, passage.text])


def _opening(document: Document) -> str:
    body = " ".join(section.text for section in document.sections[:4])
    return body[:OPENING].replace("\n", " ")


def _timed(report: BuildReport, built: tuple[str, int, int] | None, started: float) -> BuildReport:
    name, passages, embedded = built or (None, 0, 0)
    return replace(report, snapshot=name, passages=passages, embedded=embedded, seconds=time.perf_counter() - started)
