"""From documents to a published snapshot: split, embed what is new, write, publish."""

import hashlib
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

import numpy as np

from corpus import Document
from indexing import manifest as manifests
from indexing.embedder import Embedder
from indexing.passage import Passage
from indexing.snapshot import Contents, SnapshotDamaged, SnapshotStore, read_contents, unit_texts, write
from indexing.splitter import split_document

OPENING = 220
# Texts handed to the model at once: it sorts them by length within, and the bar moves between.
_EMBEDDED_AT_ONCE = 256


@dataclass(frozen=True, slots=True)
class Progress:
    """How far long work is: `done` of `total` files read, texts embedded or questions asked."""

    stage: Literal["preparing", "reading", "embedding", "publishing", "asking"]
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

    def build(self, documents: Sequence[Document], on_progress: OnProgress) -> Built:
        """Publish a snapshot of these documents, and of no other. Raises ModelUnavailable."""
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
        return Built(name, len(passages), embedded)

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
