"""One published, immutable index: written into a new folder, opened read-only, found through an atomic pointer."""

import math
import os
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout
from numpy.typing import NDArray
from pydantic import TypeAdapter, ValidationError

from corpus import Document
from indexing import manifest as manifests
from indexing.lexical_index import LexicalIndex
from indexing.manifest import Manifest, ManifestInvalid
from indexing.passage import DocumentRecord, Filters, Passage
from indexing.terms import terms
from indexing.vector_store import VectorStore, VectorStoreDamaged
from indexing.vocabulary import Vocabulary

# Tuned on the retrieval bench (evals/results/retrieval_bench.json): long official texts want little saturation and full
# length correction on whole documents, the usual values on passages.
DOCUMENT_BM25 = {"k1": 2.5, "b": 0.95}
PASSAGE_BM25 = {"k1": 1.2, "b": 0.6}
CANARIES = 16

_DOCUMENTS, _PASSAGES = TypeAdapter(Document), TypeAdapter(Passage)
_COUNTS = TypeAdapter(dict[str, int])


class NoIndex(Exception):
    """Nothing was ever published in this home."""


class IndexMismatch(Exception):
    """The snapshot's vectors were made by another model than the one configured."""

    def __init__(self, found: str, wanted: str) -> None:
        super().__init__(
            f"index built with {found!r}, settings ask for {wanted!r}: run `assistant-elus corpus rebuild`"
        )
        self.found = found
        self.wanted = wanted


class SnapshotDamaged(Exception):
    """A published snapshot is not whole; the message names what is missing."""


class WriterBusy(Exception):
    """Another process is building; `pid` is its process number when known."""

    def __init__(self, pid: str) -> None:
        super().__init__(f"another build is running (process {pid})")
        self.pid = pid


class UnknownDocument(KeyError):
    """No document of the snapshot has this id."""


@dataclass(frozen=True, slots=True)
class CorpusState:
    """What is published. `published_at` is an ISO time; `newest` the date of the newest document, None when unknown."""

    snapshot: str
    documents: int
    passages: int
    published_at: str
    model: str
    newest: str | None = None


@dataclass(frozen=True, slots=True)
class Contents:
    """All a snapshot is made of. `unit_vectors` has one row a unit, passages in order, units in order within each."""

    documents: tuple[Document, ...]
    passages: tuple[Passage, ...]
    passage_vectors: NDArray[np.float32]
    unit_vectors: NDArray[np.float16]
    keys: tuple[str, ...]
    """Digest of each embedded text, passages then units: what lets the next build reuse a vector."""


class Snapshot:
    """An open snapshot. All its arrays are indexed by passage number, in document order then reading order."""

    def __init__(self, folder: Path, manifest: Manifest, contents: Contents) -> None:
        self.manifest = manifest
        self.texts = contents.documents
        self.passages = contents.passages
        self.passage_vectors = contents.passage_vectors
        self.unit_vectors = contents.unit_vectors
        counts = np.array([len(passage.units) for passage in self.passages], dtype=np.int64)
        self.unit_offsets = np.concatenate([[0], np.cumsum(counts)])
        self.documents = {
            document.id: DocumentRecord(
                document.id,
                document.source,
                document.metadata,
                sum(passage.document_id == document.id for passage in self.passages),
            )
            for document in self.texts
        }
        document_numbers = {document.id: number for number, document in enumerate(self.texts)}
        self.document_of = np.array([document_numbers[p.document_id] for p in self.passages], dtype=np.int64)
        self._number_of = {passage.id: number for number, passage in enumerate(self.passages)}
        self.document_terms = LexicalIndex.load(folder / "documents.bm25")
        self.passage_terms = LexicalIndex.load(folder / "passages.bm25")
        self.vocabulary = Vocabulary(_COUNTS.validate_json((folder / "vocabulary.json").read_bytes()))
        self._term_counts = _COUNTS.validate_json((folder / "terms.json").read_bytes())
        self._vectors = VectorStore.open(folder / "chroma", expected=len(self.passages))

    def number_of(self, passage_id: str) -> int:
        return self._number_of[passage_id]

    def record(self, document_id: str) -> DocumentRecord:
        """Raises UnknownDocument."""
        try:
            return self.documents[document_id]
        except KeyError as error:
            raise UnknownDocument(document_id) from error

    def rarity(self, term: str) -> float:
        """Inverse document frequency of a term over passages, at least 0; a term no passage holds is the rarest."""
        holding = self._term_counts.get(term, 0)
        return math.log(1 + (len(self.passages) - holding + 0.5) / (holding + 0.5))

    def units_of(self, number: int) -> NDArray[np.float16]:
        """Vectors of the units of passage `number`, shape (units, dimension)."""
        return self.unit_vectors[self.unit_offsets[number] : self.unit_offsets[number + 1]]

    def nearest(self, query: NDArray[np.float32], most: int, filters: Filters) -> NDArray[np.int64]:
        """Numbers of the passages nearest to a query vector of shape (dimension,), nearest first."""
        allowed = None
        if filters:
            allowed = [record.id for record in self.documents.values() if filters.accept(record)]
            if not allowed:
                return np.zeros(0, dtype=np.int64)
        try:
            found = self._vectors.nearest(query, most, allowed)
            return np.array([self._number_of[passage_id] for passage_id in found], dtype=np.int64)
        except VectorStoreDamaged as error:
            raise SnapshotDamaged(str(error)) from error
        except KeyError as error:
            raise SnapshotDamaged(f"{self.manifest.snapshot}: the vector index holds passage {error}") from error

    def check_canaries(self) -> None:
        """Ask the vector store for passages by their own vectors. Raises SnapshotDamaged when it has lost some."""
        if not self.passages:
            return
        numbers = np.unique(np.linspace(0, len(self.passages) - 1, CANARIES).astype(int))
        lost = 0
        for number in numbers:
            vector = np.asarray(self.passage_vectors[number])
            found = self.nearest(vector, 10, Filters())
            # Passages with the same text may crowd the canary itself out: an equal vector is as good.
            lost += number not in found and not any(vector @ self.passage_vectors[other] > 0.9999 for other in found)
        if lost * 10 > len(numbers):
            raise SnapshotDamaged(f"{self.manifest.snapshot}: the vector index lost {lost} of {len(numbers)} canaries")

    def close(self) -> None:
        self._vectors.close()


def write(folder: Path, snapshot: str, published_at: str, model: str, contents: Contents) -> Manifest:
    """Write a whole snapshot into a new folder, the manifest last."""
    folder.mkdir(parents=True)
    (folder / "documents.jsonl").write_bytes(b"\n".join(map(_DOCUMENTS.dump_json, contents.documents)))
    (folder / "passages.jsonl").write_bytes(b"\n".join(map(_PASSAGES.dump_json, contents.passages)))
    (folder / "keys.txt").write_text("\n".join(contents.keys))
    np.save(folder / "passages.npy", contents.passage_vectors)
    np.save(folder / "units.npy", contents.unit_vectors)
    texts = [passage.text for passage in contents.passages]
    # A story is asked for by its place, which its text may not repeat.
    places = {document.id: _place(document) for document in contents.documents}
    (folder / "vocabulary.json").write_bytes(_COUNTS.dump_json(dict(Vocabulary.of([*texts, *places.values()]).counts)))
    passage_terms = [terms(text) for text in texts]
    term_counts = Counter(term for found in passage_terms for term in set(found))
    (folder / "terms.json").write_bytes(_COUNTS.dump_json(dict(term_counts)))
    LexicalIndex.build(passage_terms, **PASSAGE_BM25).save(folder / "passages.bm25")
    whole: dict[str, list[str]] = {
        document.id: terms(f"{document.metadata.title} {places[document.id]}") for document in contents.documents
    }
    for passage, found in zip(contents.passages, passage_terms, strict=True):
        whole[passage.document_id] += found
    LexicalIndex.build(list(whole.values()), **DOCUMENT_BM25).save(folder / "documents.bm25")
    store = VectorStore.build(
        folder / "chroma",
        [passage.id for passage in contents.passages],
        [passage.document_id for passage in contents.passages],
        contents.passage_vectors,
    )
    store.close()
    manifest = Manifest(
        snapshot,
        published_at,
        model,
        len(contents.documents),
        len(contents.passages),
        len(contents.unit_vectors),
        manifests.checksums(folder),
    )
    # Written last: an interrupted build must look unfinished, not finished.
    manifests.save(manifest, folder)
    return manifest


def _place(document: Document) -> str:
    return document.metadata.territory.words if document.metadata.territory else ""


def read_documents(folder: Path) -> tuple[Document, ...]:
    """Read the documents of a snapshot, whatever became of its other files. Raises SnapshotDamaged."""
    try:
        return tuple(map(_DOCUMENTS.validate_json, (folder / "documents.jsonl").read_bytes().splitlines()))
    except (OSError, ValueError) as error:
        raise SnapshotDamaged(f"{folder.name}: {error}") from error


def read_contents(folder: Path) -> Contents:
    """Read what a snapshot is made of from its plain files. Raises SnapshotDamaged."""
    try:
        return Contents(
            read_documents(folder),
            tuple(map(_PASSAGES.validate_json, (folder / "passages.jsonl").read_bytes().splitlines())),
            np.load(folder / "passages.npy", mmap_mode="r"),
            np.load(folder / "units.npy", mmap_mode="r"),
            tuple((folder / "keys.txt").read_text().split()),
        )
    except (OSError, ValueError, ValidationError, EOFError) as error:
        raise SnapshotDamaged(f"{folder.name}: {error}") from error


class SnapshotStore:
    """The snapshots of a home folder: one current, the one before kept for those who still read it."""

    def __init__(self, home: Path) -> None:
        self._folder = home / "snapshots"
        self._pointer = home / "current"
        self._lock = home / "writer.lock"

    def current(self) -> str | None:
        """Name of the published snapshot, None when nothing was ever published."""
        try:
            return self._pointer.read_text().strip() or None
        except FileNotFoundError:
            return None

    def folder(self, snapshot: str) -> Path:
        return self._folder / snapshot

    def open(self, model: str) -> Snapshot:
        """Open the published snapshot and check it.

        Raises NoIndex, IndexMismatch (its vectors come from another model than `model`), SnapshotDamaged.
        """
        name = self.current()
        if name is None:
            raise NoIndex
        folder = self.folder(name)
        try:
            manifest = manifests.load(folder)
            if manifest.model != model:
                raise IndexMismatch(manifest.model, model)
            manifests.verify(manifest, folder)
            snapshot = Snapshot(folder, manifest, read_contents(folder))
        except (ManifestInvalid, VectorStoreDamaged, OSError, ValueError, KeyError) as error:
            raise SnapshotDamaged(str(error)) from error
        snapshot.check_canaries()
        return snapshot

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the writer lock. Raises WriterBusy when another process holds it."""
        self._folder.mkdir(parents=True, exist_ok=True)
        owner = self._lock.with_suffix(".pid")
        lock = FileLock(self._lock)
        try:
            lock.acquire(timeout=0)
        except Timeout as error:
            raise WriterBusy(owner.read_text() if owner.exists() else "?") from error
        try:
            owner.write_text(str(os.getpid()))
            yield
        finally:
            owner.unlink(missing_ok=True)
            lock.release()

    def publish(self, snapshot: str) -> None:
        """Make a whole snapshot the current one, atomically, and drop all but it and the one before."""
        before = self.current()
        scratch = self._pointer.with_suffix(".new")
        scratch.write_text(snapshot)
        os.replace(scratch, self._pointer)
        self._drop_except({snapshot, before})

    def _drop_except(self, kept: set[str | None]) -> None:
        for folder in self._folder.iterdir():
            if folder.is_dir() and folder.name not in kept:
                shutil.rmtree(folder, ignore_errors=True)


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
