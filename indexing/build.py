"""From documents to a published snapshot: split, embed what is new, write, publish.

Nothing of it grows in memory with the number of documents but keys and counts: texts and vectors go to disk at once.
"""

import hashlib
import shutil
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Literal

import numpy as np

from corpus import Document
from indexing import manifest as manifests
from indexing.contents import (
    KEY,
    PASSAGE_VECTORS,
    UNIT_VECTORS,
    ContentsWriter,
    drop_scratch,
    read_keys,
    save_rows,
    texts_to_embed,
)
from indexing.embedder import Embedder
from indexing.indexes import NEAREST, write_indexes
from indexing.known_vectors import KnownVectors, MadeVectors, VectorFile, stored_vectors
from indexing.manifest import Manifest
from indexing.passage import Passage
from indexing.snapshot import SnapshotStore, enough_room
from indexing.splitter import CountTokens, split_document
from indexing.vector_store import rewritten

OPENING = 220
# Texts sorted by length together: the more there are, the less the model works on padding.
_WINDOW = 4096
# Texts handed to the model at once: the bar moves, and what is made is kept, between.
_EMBEDDED_AT_ONCE = 256


@dataclass(frozen=True, slots=True)
class Progress:
    """How far long work is: `done` of `total` files read, texts embedded or questions asked."""

    stage: Literal["preparing", "fetching", "reading", "embedding", "publishing", "asking"]
    done: int
    total: int


OnProgress = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class Built:
    """A published snapshot: its name, its passages, and how many texts had to be embedded."""

    snapshot: str
    passages: int
    embedded: int


class Builder:
    """Makes snapshots of documents and publishes them; whoever calls it holds the writer lock."""

    def __init__(self, store: SnapshotStore, embedder: Embedder) -> None:
        self._store = store
        self._embedder = embedder

    def build(
        self, documents: Iterable[Document], on_progress: OnProgress, extra: Mapping[str, bytes] | None = None
    ) -> Built:
        """Publish a snapshot of these documents, and of no other; they are gone through once.

        `extra` are files, by name, to keep in the snapshot beside its own. What was embedded before an interruption is
        not embedded again by the next build. Raises ModelUnavailable, DiskFull, and what `documents` raises.
        """
        name = f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{uuid.uuid4().hex[:6]}"
        folder = self._store.folder(name)
        with enough_room(folder):
            self._store.sweep()
            folder.mkdir(parents=True)
            try:
                return self._build(name, documents, on_progress, extra or {})
            except BaseException:
                # Interrupted just after it was published, it is no longer ours to remove.
                if self._store.current() != name:
                    shutil.rmtree(folder, ignore_errors=True)
                raise

    def _build(
        self, name: str, documents: Iterable[Document], on_progress: OnProgress, extra: Mapping[str, bytes]
    ) -> Built:
        folder, model = self._store.folder(name), self._embedder.fingerprint
        made = MadeVectors(self._store.made, model)
        published = [
            file
            for snapshot in (self._store.current(), self._store.previous())
            if snapshot is not None
            for file in stored_vectors(self._store.folder(snapshot), model)
        ]
        with ContentsWriter(folder) as writer:
            known = _known(published, made)
            missing = _write_contents(writer, _told(documents, on_progress), known, self._embedder.count_tokens)
        embedded = self._embed(folder, missing, made, on_progress)
        on_progress(Progress("publishing", 0, 1))
        _write_vectors(folder, writer.passages, _known(published, made))
        drop_scratch(folder)
        published_at = datetime.now(UTC).isoformat(timespec="seconds")
        counts = (writer.documents, writer.passages, writer.units)
        first = Manifest(name, published_at, model, *counts, manifests.checksums(folder))
        manifests.save(first, folder, manifests.CONTENTS_FILE)
        for file, content in extra.items():
            (folder / file).write_bytes(content)
        write_indexes(folder)
        # Written last: an interrupted build must look unfinished, not finished.
        files = manifests.checksums(folder, rewritten(folder / NEAREST))
        manifests.save(Manifest(name, published_at, model, *counts, files), folder)
        self._store.publish(name)
        made.drop()
        on_progress(Progress("publishing", 1, 1))
        return Built(name, writer.passages, embedded)

    def _embed(self, folder: Path, count: int, made: MadeVectors, on_progress: OnProgress) -> int:
        """Embed the texts that were found to be missing, `count` of them. Returns how many were made."""
        if count:
            on_progress(Progress("preparing", 0, count))
            self._embedder.load_for_passages()
        done = 0
        texts = texts_to_embed(folder)
        while window := list(islice(texts, _WINDOW)):
            # Longest first: the bar slows down at no time, and a text too long for memory fails at once.
            window.sort(key=lambda one: -len(one[1]))
            for start in range(0, len(window), _EMBEDDED_AT_ONCE):
                on_progress(Progress("embedding", done, count))
                batch = window[start : start + _EMBEDDED_AT_ONCE]
                made.append([key for key, _ in batch], self._embedder.embed_passages([text for _, text in batch]))
                done += len(batch)
        on_progress(Progress("embedding", count, count))
        return done


def _told(documents: Iterable[Document], on_progress: OnProgress) -> Iterator[Document]:
    """The documents, each told as it is read where their number is known; else whoever makes them tells it."""
    total = len(documents) if isinstance(documents, Sequence) else 0
    for number, document in enumerate(documents):
        if total:
            on_progress(Progress("reading", number, total))
        yield document


def _known(published: Sequence[VectorFile], made: MadeVectors) -> KnownVectors:
    kept = made.file()
    return KnownVectors([*published, kept] if kept else published)


def _write_contents(
    writer: ContentsWriter, documents: Iterable[Document], known: KnownVectors, count_tokens: CountTokens
) -> int:
    """Write all that needs no model. Returns how many texts have no vector yet."""
    missing: set[bytes] = set()
    for document in documents:
        passages = split_document(document, count_tokens)
        begins = opening(document)
        texts = [embedded_text(document, begins, passage) for passage in passages]
        units = [text for passage in passages for text in unit_texts(passage, document.metadata.title)]
        keys = [hashlib.sha256(text.encode()).hexdigest()[:KEY].encode() for text in (*texts, *units)]
        writer.add(document, passages)
        writer.add_keys(keys[: len(texts)], keys[len(texts) :])
        for key, text, has in zip(keys, (*texts, *units), known.has(keys), strict=True):
            if not has and key not in missing:
                missing.add(key)
                writer.add_text(key, text)
    writer.join_keys()
    return len(missing)


def _write_vectors(folder: Path, passages: int, known: KnownVectors) -> None:
    keys = read_keys(folder)
    for name, own, kind in (
        (PASSAGE_VECTORS, keys[:passages], np.float32),
        (UNIT_VECTORS, keys[passages:], np.float16),
    ):
        save_rows(folder / name, known.blocks(own), (len(own), known.dimension), kind)


def embedded_text(document: Document, begins: str, passage: Passage) -> str:
    """What is embedded for a passage: its title, its document's opening and its headings, then its own text.

    Where a passage stands in its document matters to its meaning; none of it is ever quoted.
    """
    context = [document.metadata.title]
    if passage.position and begins:
        context.append(begins)
    if passage.heading:
        context.append(" > ".join(passage.heading[-2:]))
    return "\n".join([*context, passage.text])


def unit_texts(passage: Passage, title: str) -> Sequence[str]:
    """The texts embedded for a passage's units: each behind what introduces it, for an item alone says too little."""
    texts = []
    for index, unit in enumerate(passage.units):
        said = passage.text[unit.start : unit.end]
        above = passage.heading_of(index)
        heading = passage.text[above.start : above.end] if above else passage.heading[-1] if passage.heading else title
        if unit.kind == "heading":
            texts.append(said)
            continue
        lead = passage.text[unit.lead[0] : unit.lead[1]] if unit.lead else ""
        context = lead if lead and lead != heading else ""
        texts.append("\n".join(part for part in (heading, context[:200], said) if part))
    return texts


def opening(document: Document) -> str:
    """The first words of a document, at most OPENING characters."""
    body = " ".join(section.text for section in document.sections[:4])
    return body[:OPENING].replace("\n", " ")
