"""What speaks for a unit being the answer: the features the ranking and the abstention are fitted on."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from assistant.expectation import holds_value
from assistant.french import patterns
from assistant.question import Query, Word
from assistant.retriever import Evidence, Found
from corpus import date_words
from indexing import DocumentRecord, Passage, Snapshot, Unit, fold, terms

FEATURES = (
    "unit_meaning",
    "passage_meaning",
    "passage_words",
    "document_words",
    "covered_in_unit",
    "covered_with_heading",
    "covered_in_passage",
    "covered_in_title",
    "value_given",
    "length",
    "passage_length",
    "is_heading",
    "is_question",
)
_BACKGROUND = 4000
UNHEARD_OF = ""
"""A term that no corpus holds."""
TELLING = 0.6
"""What a word must be worth for a question to be about it, as a share of what a word the corpus lacks is."""
SPOKEN_OF = 0.34
"""Share of what a part asks that passages must hold when they miss its most telling word."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A unit that may answer: its passage, its number in the passage, its features in the order of FEATURES."""

    found: Found
    passage: Passage
    unit: Unit
    index: int
    features: tuple[float, ...]

    @property
    def text(self) -> str:
        return self.passage.text[self.unit.start : self.unit.end]


class Examiner:
    """Measures the units of the passages found for a question."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        count = len(snapshot.unit_vectors)
        sample = np.unique(np.linspace(0, max(0, count - 1), min(count, _BACKGROUND)).astype(np.int64))
        self._background = np.asarray(snapshot.unit_vectors[sample], dtype=np.float32)
        self._terms = lru_cache(maxsize=50_000)(lambda text: frozenset(terms(text)))
        self._worth = lru_cache(maxsize=5_000)(self._weigh_word)

    def examine(self, query: Query, evidence: Evidence) -> list[Candidate]:
        """All units of the passages found, in the order found then reading order."""
        if not evidence.found:
            return []
        background = self._background @ evidence.vectors.T
        mean, spread = background.mean(axis=0), np.maximum(background.std(axis=0), 1e-6)
        candidates = []
        for found in evidence.found:
            passage = self._snapshot.passages[found.number]
            vectors = np.asarray(self._snapshot.units_of(found.number), dtype=np.float32)
            meaning = ((vectors @ evidence.vectors.T - mean) / spread).max(axis=1)
            candidates += self._units(query, found, passage, meaning)
        return candidates

    def _units(self, query: Query, found: Found, passage: Passage, meaning: NDArray[np.float32]) -> list[Candidate]:
        document = self._snapshot.documents[passage.document_id]
        whole = self._terms(passage.text)
        heading = self._terms(" ".join(passage.heading))
        in_passage = self.covered(query.words, whole | heading)
        in_title = self.covered(query.words, self._terms(title_words(document)))
        candidates = []
        for index, unit in enumerate(passage.units):
            if _points_elsewhere(passage, index):
                continue
            text = passage.text[unit.start : unit.end]
            own = self._terms(text)
            lead = self._terms(passage.text[unit.lead[0] : unit.lead[1]]) if unit.lead else frozenset[str]()
            if above := passage.heading_of(index):
                lead |= self._terms(passage.text[above.start : above.end])
            features = (
                float(meaning[index]),
                found.meaning,
                found.words,
                found.document_words,
                self.covered(query.words, own),
                self.covered(query.words, own | lead | heading),
                in_passage,
                in_title,
                float(query.expects is not None and holds_value(text, query.expects, query.figures)),
                math.log(len(text)) / 5,
                math.log(len(passage.text)) / 5,
                float(unit.kind == "heading"),
                float(text.rstrip().endswith("?")),
            )
            candidates.append(Candidate(found, passage, unit, index, features))
        return candidates

    def covered(self, words: Sequence[Word], present: frozenset[str] | set[str]) -> float:
        """Share of the question's content words that are present, each counted by how rare it is and what it says."""
        total = held = 0.0
        for word in words:
            worth = self.worth(word)
            total += worth
            held += worth * max((trust for meant, trust in word.meanings if meant <= present), default=0.0)
        return held / total if total else 0.0

    def speaks_of(self, words: Sequence[Word], passages: Iterable[Passage]) -> bool:
        """Whether passages speak of what is asked: not when they miss its most telling word and most others."""
        told_by = max(words, key=self.worth, default=None)
        if told_by is None or self.worth(told_by) < TELLING * self._snapshot.rarity(UNHEARD_OF):
            return True
        present: frozenset[str] = frozenset()
        for passage in passages:
            title = title_words(self._snapshot.documents[passage.document_id])
            present |= self._terms(passage.text) | self._terms(" ".join(passage.heading)) | self._terms(title)
        return any(meant <= present for meant, _ in told_by.meanings) or self.covered(words, present) >= SPOKEN_OF

    def worth(self, word: Word) -> float:
        """What a word of the question tells: its weight in French times its rarity among passages."""
        return self._worth(word)

    def _weigh_word(self, word: Word) -> float:
        # An own word the corpus lacks is as rare as can be, whatever its synonyms are.
        return word.weight * max(min(map(self._snapshot.rarity, meant)) for meant, _ in word.meanings[:1])


def _points_elsewhere(passage: Passage, index: int) -> bool:
    """Whether a unit only says where to read more: « La fiche… », « Le site… » answer nothing."""
    above = passage.heading_of(index)
    heading = passage.text[above.start : above.end] if above else " ".join(passage.heading[-1:])
    return bool(patterns("labels")["pointers"].search(fold(heading.strip())))


def title_words(document: DocumentRecord) -> str:
    """What a user may call a document by: its title, its publisher, its date and its place."""
    facts = document.metadata
    place = facts.territory.words if facts.territory else None
    return " ".join(filter(None, (facts.title, facts.publisher, date_words(facts.published), place)))
