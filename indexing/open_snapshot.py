"""A snapshot that is open for searching: its passages, their vectors, their words, their twins."""

import math
import weakref
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexing.contents import SnapshotDamaged, iter_passages, read_records, read_vectors
from indexing.indexes import COUNTS, DOCUMENT_TERMS, NEAREST, PASSAGE_TERMS, TERMS, VOCABULARY, read_twins
from indexing.lexical_index import LexicalIndex
from indexing.manifest import Manifest
from indexing.passage import DocumentRecord, Filters
from indexing.readers import Reader
from indexing.vector_store import VectorStore, VectorStoreDamaged
from indexing.vocabulary import Vocabulary

CANARIES = 16


class UnknownDocument(KeyError):
    """No document of the snapshot has this id."""


class Snapshot:
    """An open snapshot. All its arrays are indexed by passage number, in document order then reading order.

    Its files stay on disk as long as it is open, whatever is published meanwhile; left alone, it closes itself.
    """

    def __init__(self, folder: Path, manifest: Manifest, reader: Reader | None = None) -> None:
        self.manifest = manifest
        self.passages = tuple(iter_passages(folder))
        self.passage_vectors, self.unit_vectors = read_vectors(folder)
        counts = np.array([len(passage.units) for passage in self.passages], dtype=np.int64)
        self.unit_offsets = np.concatenate([[0], np.cumsum(counts)])
        self.documents = {record.id: record for record in read_records(folder)}
        document_numbers = {document_id: number for number, document_id in enumerate(self.documents)}
        self.document_of = np.array([document_numbers[p.document_id] for p in self.passages], dtype=np.int64)
        self._number_of = {passage.id: number for number, passage in enumerate(self.passages)}
        self.document_terms = LexicalIndex.load(folder / DOCUMENT_TERMS)
        self.passage_terms = LexicalIndex.load(folder / PASSAGE_TERMS)
        self.vocabulary = Vocabulary(COUNTS.validate_json((folder / VOCABULARY).read_bytes()))
        self._term_counts = COUNTS.validate_json((folder / TERMS).read_bytes())
        groups = [tuple(self._number_of[passage_id] for passage_id in group) for group in read_twins(folder)]
        self._twins = {number: group for group in groups for number in group}
        self._vectors = VectorStore.open(folder / NEAREST, expected=len(self.passages))
        # Servers let go of a snapshot once its last answer is given, and nobody can say when that is.
        self._letting_go = weakref.finalize(self, _let_go, self._vectors, reader)
        self._letting_go.atexit = False

    def number_of(self, passage_id: str) -> int:
        return self._number_of[passage_id]

    def find(self, passage_id: str) -> int | None:
        """The number of a passage, None when the snapshot does not hold it."""
        return self._number_of.get(passage_id)

    def record(self, document_id: str) -> DocumentRecord:
        """Raises UnknownDocument."""
        try:
            return self.documents[document_id]
        except KeyError as error:
            raise UnknownDocument(document_id) from error

    def twins_of(self, number: int) -> tuple[int, ...]:
        """The numbers of the passages that say the same as passage `number`, itself among them; empty when alone."""
        return self._twins.get(number, ())

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
        self._letting_go()


def _let_go(vectors: VectorStore, reader: Reader | None) -> None:
    vectors.close()
    if reader is not None:
        reader.let_go()
