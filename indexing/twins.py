"""Near-identical passages of different documents, such as one slide in two decks: found once, when an index is built.

Two passages are twins when nine tenths of their runs of three words are the same (Jaccard), and when what they differ
in holds no figure, no name and no negation: a text that says 45 000 € where another says 42 000 € is not the same text.
"""

import hashlib
import re
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from indexing.passage import Passage
from indexing.terms import fold

ALIKE = 0.9
SHORT = 8
"""Passages of fewer words are twins only when all their words are the same."""
_RUN = 3
_SKETCH = 16
"""Smallest hashes kept of a passage's runs: two passages alike at 0.9 share some fourteen of them (Broder 1997)."""
_SHARED = 4
_COMMON, _FEW = 32, 4
"""A run that more passages hold than the first joins each to the next few only."""
_WORD = re.compile(r"[^\W_]+|[€%]")
_HARD = frozenset(
    ("€", "%", "ne", "n", "pas", "non", "ni", "sans", "aucun", "aucune", "jamais", "sauf", "plus", "hors")
)
_NOTHING = np.zeros(0, dtype=np.uint64)


@dataclass(frozen=True, slots=True)
class _Said:
    """What two passages are compared by: their runs of words (hashed, sorted) and the words that may not differ."""

    words: frozenset[str]
    runs: NDArray[np.uint64]
    hard: Counter[str]
    names: frozenset[str]

    @classmethod
    def of(cls, passage: Passage) -> "_Said":
        words = _words(passage.text)
        hard = Counter(word for word in words if word in _HARD or any(map(str.isdigit, word)))
        capitals = (word for word in _WORD.findall(passage.text) if word != word.lower())
        return cls(frozenset(words), _runs(words), hard, frozenset(part for w in capitals for part in _words(w)))

    def twin_of(self, other: "_Said") -> bool:
        # What has a capital may be a name. It may stand without one in the other, but it has to be there.
        if self.hard != other.hard or not (self.names <= other.words and other.names <= self.words):
            return False
        shared = len(np.intersect1d(self.runs, other.runs, assume_unique=True))
        return shared >= ALIKE * (len(self.runs) + len(other.runs) - shared)


def find_twins(passages: Sequence[Passage]) -> list[tuple[str, ...]]:
    """Groups of ids of passages that say the same in at least two documents, in order; no passage is in two groups.

    All passages of a group are twins of its first one. `passages` may be read from disk each time: in memory are kept
    some numbers for each, and nothing of their texts.
    """
    digests, sketches, owners = _sketched(passages)
    first = _first_of_equals(digests)
    candidates = _candidates(sketches, first)

    @lru_cache(maxsize=256)
    def said(number: int) -> _Said:
        return _Said.of(passages[number])

    leader = np.arange(len(first))
    for number in range(len(first)):
        if first[number] != number:
            leader[number] = leader[first[number]]
            continue
        near = dict.fromkeys(sorted(int(leader[other]) for other in candidates.get(number, ())))
        leader[number] = next((one for one in near if said(number).twin_of(said(one))), number)
    return _groups(passages, leader, owners)


def _sketched(
    passages: Sequence[Passage],
) -> tuple[NDArray[np.uint64], tuple[NDArray[np.uint64], NDArray[np.int64]], NDArray[np.int64]]:
    """For each passage a digest of its words and the number of its document; all sketches, with whose they are."""
    digests, sketches, numbers, owners = [], [_NOTHING], [np.zeros(0, dtype=np.int64)], []
    documents: dict[str, int] = {}
    for number, passage in enumerate(passages):
        words = _words(passage.text)
        # A passage without words says nothing that another could say too.
        said = " ".join(words) or f"{passage.document_id}\n{passage.id}"
        digest = hashlib.blake2b(said.encode(), digest_size=8).digest()
        digests.append(int.from_bytes(digest, "big"))
        owners.append(documents.setdefault(passage.document_id, len(documents)))
        if len(words) >= SHORT:
            sketch = _runs(words)[:_SKETCH]
            sketches.append(sketch)
            numbers.append(np.full(len(sketch), number, dtype=np.int64))
    found = np.concatenate(sketches), np.concatenate(numbers)
    return np.array(digests, dtype=np.uint64), found, np.array(owners, dtype=np.int64)


def _first_of_equals(digests: NDArray[np.uint64]) -> NDArray[np.int64]:
    """For each passage, the number of the first one with the same words."""
    _, first, which = np.unique(digests, return_index=True, return_inverse=True)
    return first[which].astype(np.int64)


def _candidates(
    sketches: tuple[NDArray[np.uint64], NDArray[np.int64]], first: NDArray[np.int64]
) -> dict[int, list[int]]:
    """For each passage those before it whose sketches share enough; one passage stands for all with its words.

    Where a run is common, rarer runs or a common leader join those that are far apart.
    """
    hashes, numbers = sketches
    own = first[numbers] == numbers
    order = np.lexsort((numbers[own], hashes[own]))
    hashes, numbers = hashes[own][order], numbers[own][order]
    _, place, size = np.unique(hashes, return_inverse=True, return_counts=True)
    reach = np.where(size[place] > _COMMON, _FEW, _COMMON)
    pairs = [np.zeros(0, dtype=np.int64)]
    for shift in range(1, min(_COMMON, len(hashes))):
        same = (hashes[shift:] == hashes[:-shift]) & (reach[shift:] >= shift)
        # A pair as one number: half the memory of two, and much less to sort.
        pairs.append(numbers[:-shift][same] * len(first) + numbers[shift:][same])
    joined, times = np.unique(np.concatenate(pairs), return_counts=True)
    found: dict[int, list[int]] = {}
    for pair in joined[times >= _SHARED].tolist():
        before, number = divmod(pair, len(first))
        found.setdefault(number, []).append(before)
    return found


def _groups(passages: Sequence[Passage], leader: NDArray[np.int64], owners: NDArray[np.int64]) -> list[tuple[str, ...]]:
    members: dict[int, list[int]] = {}
    alone = np.bincount(leader, minlength=len(leader)) < 2
    for number in np.flatnonzero(~alone[leader]).tolist():
        members.setdefault(int(leader[number]), []).append(number)
    return [
        tuple(passages[number].id for number in group)
        for group in members.values()
        if len(set(owners[group].tolist())) > 1
    ]


def _words(text: str) -> list[str]:
    return _WORD.findall(fold(text))


def _runs(words: Sequence[str]) -> NDArray[np.uint64]:
    """Hashes of the runs of three words, sorted, each once; the words themselves when they are fewer."""
    each = np.array([zlib.crc32(word.encode()) for word in words], dtype=np.uint64)
    if len(each) < _RUN:
        return np.unique(each)
    runs = each[:-2] * np.uint64(0x9E3779B97F4A7C15) + each[1:-1] * np.uint64(0xC2B2AE3D27D4EB4F)
    runs ^= runs >> np.uint64(29)
    runs = (runs + each[2:]) * np.uint64(0xBF58476D1CE4E5B9)
    return np.unique(runs ^ (runs >> np.uint64(32)))
