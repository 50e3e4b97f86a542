"""From a question to scored passages: vectors for meaning, BM25 for words, joined by a convex combination.

A convex combination of min-max scores rather than reciprocal ranks: it keeps how far apart scores are (Bruch, Gai and
Ingber 2023, https://arxiv.org/abs/2210.11934), and was better at every weight on the bench.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from assistant.question import Query
from indexing import Embedder, Filters, Hit, Passage, Snapshot, Twin

Floats = NDArray[np.float32]

# What `search` ranks by, tuned on the bench (evals/bench): meaning of the passage, words of its document, words of the
# passage.
SEARCH_WEIGHTS = (0.55, 0.45, 0.0)
# What `ask` gathers its evidence by: with few documents, which one holds a word says less than which passage does.
EVIDENCE_WEIGHTS = (0.35, 0.25, 0.4)
UNIT_WEIGHT = 0.4
"""What the nearest unit of a passage adds, when evidence is gathered: one sentence answers, not the text around it."""
AGAIN = 80
"""Passages ranked again with the nearest of their units."""
NEAREST = 200
"""Passages asked of the vector store; those of the best documents by words join them."""
_BACKGROUND = 2000


@dataclass(frozen=True, slots=True)
class Found:
    """A passage of the evidence: its number in the snapshot and its scores.

    `meaning` is in standard deviations above the corpus (so 0 is an ordinary passage), `cosine` in [-1, 1], the others
    in [0, 1].
    """

    number: int
    score: float
    meaning: float
    cosine: float
    words: float
    document_words: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """The passages found for a question, best first, and the vectors of its segments, shape (segments, dimension)."""

    found: tuple[Found, ...]
    vectors: Floats


class Retriever:
    """Searches one snapshot."""

    def __init__(self, snapshot: Snapshot, embedder: Embedder) -> None:
        self._snapshot = snapshot
        self._embedder = embedder
        count = len(snapshot.passages)
        sample = np.unique(np.linspace(0, max(0, count - 1), min(count, _BACKGROUND)).astype(np.int64))
        self._background = np.asarray(snapshot.passage_vectors[sample]) if count else np.zeros((0, 0), np.float32)

    @property
    def snapshot(self) -> Snapshot:
        return self._snapshot

    def search(self, query: Query, k: int, filters: Filters) -> tuple[Hit, ...]:
        """The `k` best passages for a query, best first; none when no document passes the filters."""
        vectors = self._embedder.embed_queries(query.segments)
        found = self._rank(query, vectors, filters, SEARCH_WEIGHTS).found[:k]
        return tuple(self.hit(one, filters) for one in found)

    def gather(self, query: Query, most: int, filters: Filters) -> Evidence:
        """The passages to answer from, best first, at most `most`."""
        vectors = self._embedder.embed_questions(query.segments)
        evidence = self._rank(query, vectors, filters, EVIDENCE_WEIGHTS)
        best = evidence.found[: max(AGAIN, most)]
        if not best:
            return evidence
        nearest = np.array([self._nearest_unit(found.number, evidence.vectors) for found in best])
        added = UNIT_WEIGHT * _share(nearest - nearest.min())
        joined = [replace(found, score=found.score + float(more)) for found, more in zip(best, added, strict=True)]
        return Evidence(tuple(sorted(joined, key=lambda found: -found.score)[:most]), evidence.vectors)

    def also_in(self, number: int, filters: Filters) -> tuple[Twin, ...]:
        """The passages of other documents that say the same as passage `number`, in the order of the corpus.

        One a document, and only of documents that pass the filters.
        """
        passages, documents = self._snapshot.passages, self._snapshot.documents
        first: dict[str, Passage] = {}
        for twin in self._snapshot.twins_of(number):
            first.setdefault(passages[twin].document_id, passages[twin])
        first.pop(passages[number].document_id, None)
        return tuple(Twin(one, documents[key]) for key, one in first.items() if filters.accept(documents[key]))

    def hit(self, found: Found, filters: Filters = Filters()) -> Hit:
        passage = self._snapshot.passages[found.number]
        document = self._snapshot.documents[passage.document_id]
        return Hit(passage, document, round(found.score, 4), "convex", self.also_in(found.number, filters))

    def _rank(self, query: Query, vectors: Floats, filters: Filters, weights: tuple[float, float, float]) -> Evidence:
        snapshot = self._snapshot
        if not snapshot.passages:
            return Evidence((), vectors)
        near, candidates = self._candidates(query, vectors, filters)
        if not candidates.size:
            return Evidence((), vectors)
        meaning, cosine = self._meaning(candidates, vectors)
        # Zero is the last of the nearest: below it, a passage is there for its words alone.
        floor = float(meaning[np.isin(candidates, near)].min(initial=meaning.max()))
        words = snapshot.passage_terms.scores(query.weights)
        document_words = snapshot.document_terms.scores(query.weights)
        parts = (
            _share(np.clip(meaning - floor, 0, None)),
            _share(document_words)[snapshot.document_of[candidates]],
            _share(words)[candidates],
        )
        score = sum(weight * part for weight, part in zip(weights, parts, strict=True))
        order = np.argsort(-np.asarray(score), kind="stable")
        found = (
            Found(
                int(candidates[i]),
                float(np.asarray(score)[i]),
                float(meaning[i]),
                float(cosine[i]),
                float(parts[2][i]),
                float(parts[1][i]),
            )
            for i in order
        )
        return Evidence(tuple(self._each_once(found)), vectors)

    def _each_once(self, found: Iterable[Found]) -> Iterator[Found]:
        """Without the passages that say the same as a better one: `also_in` names their documents."""
        shown: set[int] = set()
        for one in found:
            if one.number not in shown:
                shown.update(self._snapshot.twins_of(one.number))
                yield one

    def _nearest_unit(self, number: int, vectors: Floats) -> float:
        units = np.asarray(self._snapshot.units_of(number), dtype=np.float32)
        return float((units @ vectors.T).max(initial=-1.0))

    def _candidates(self, query: Query, vectors: Floats, filters: Filters) -> tuple[NDArray[np.int64], ...]:
        """Numbers of the passages nearest by vector, and of all worth scoring: these and the best by words."""
        snapshot = self._snapshot
        near = np.unique(np.concatenate([snapshot.nearest(vector, NEAREST, filters) for vector in vectors]))
        if filters and not near.size:
            return near, near
        words = snapshot.passage_terms.scores(query.weights)
        documents = snapshot.document_terms.scores(query.weights)
        combined = words / (words.max() or 1) + documents[snapshot.document_of] / (documents.max() or 1)
        best = np.argsort(-combined, kind="stable")[:NEAREST]
        best = best[combined[best] > 0]
        if filters:
            accepted = {key for key, record in snapshot.documents.items() if filters.accept(record)}
            best = best[[snapshot.passages[number].document_id in accepted for number in best]]
        return near, np.union1d(near, best).astype(np.int64)

    def _meaning(self, candidates: NDArray[np.int64], vectors: Floats) -> tuple[Floats, Floats]:
        """Standard scores against the corpus, and raw cosines; each the best over the question's segments."""
        cosines = np.asarray(self._snapshot.passage_vectors[candidates]) @ vectors.T
        background = self._background @ vectors.T
        standard = (cosines - background.mean(axis=0)) / np.maximum(background.std(axis=0), 1e-6)
        return standard.max(axis=1), cosines.max(axis=1)


def _share(values: Floats) -> Floats:
    """Scores of at least 0 as a share of the best one."""
    best = float(values.max()) if values.size else 0.0
    return values / best if best > 0 else np.zeros_like(values)
