"""The words of the corpus, and the nearest of them to a word typed wrong or cut short."""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache

from rapidfuzz.distance import OSA

from indexing.terms import STOPWORDS, fold, stem, tokens

MIN_CORRECTED = 5
MIN_PREFIX = 3


class Vocabulary:
    """Folded words with the number of passages that hold each."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        self._counts = dict(counts)
        self._by_length: dict[int, list[str]] = defaultdict(list)
        for word in self._counts:
            self._by_length[len(word)].append(word)
        self._sorted = sorted(self._counts)
        self._terms = {stem(word) for word in self._counts}
        self._nearest = lru_cache(maxsize=10_000)(self._search)

    @classmethod
    def of(cls, texts: Iterable[str]) -> "Vocabulary":
        counts: Counter[str] = Counter()
        for text in texts:
            counts.update({token.word for token in tokens(text)})
        return cls(counts)

    @property
    def counts(self) -> Mapping[str, int]:
        return self._counts

    def __contains__(self, word: str) -> bool:
        return word in self._counts

    def knows(self, term: str) -> bool:
        """Whether a word of the corpus has this term."""
        return term in self._terms

    def parts(self, word: str) -> tuple[str, str] | None:
        """Two corpus words that a word runs together, the second perhaps cut short ("webconf" for "web conférence")."""
        for cut in range(3, len(word) - 2):
            head, tail = word[:cut], word[cut:]
            if head in self._counts and head not in STOPWORDS:
                if tail in self._counts:
                    return head, tail
                if completed := self.completions(tail, most=1):
                    return head, completed[0]
        return None

    def nearest(self, word: str) -> str | None:
        """The commonest corpus word one edit away (two from nine letters on), or None.

        An edit is a letter added, lost, changed, or two neighbours swapped (optimal string alignment).
        """
        folded = fold(word)
        if len(folded) < MIN_CORRECTED or any(map(str.isdigit, folded)) or folded in self._counts:
            return None
        return self._nearest(folded)

    def _search(self, word: str) -> str | None:
        reach = 2 if len(word) >= 9 else 1
        best: tuple[int, int, str] | None = None
        for length in range(len(word) - reach, len(word) + reach + 1):
            for candidate in self._by_length.get(length, ()):
                distance = OSA.distance(word, candidate, score_cutoff=reach)
                if distance <= reach:
                    # A wrong first letter is rare: such a candidate comes after the others of its distance.
                    rank = (2 * distance + (candidate[0] != word[0]), -self._counts[candidate], candidate)
                    best = min(best, rank) if best else rank
        return best[2] if best else None

    def completions(self, prefix: str, most: int = 6) -> list[str]:
        """The commonest corpus words that begin with `prefix`, for words an operator cuts short ("dev", "circ")."""
        if len(prefix) < MIN_PREFIX or any(map(str.isdigit, prefix)):
            return []
        found = []
        for index in range(bisect_left(self._sorted, prefix), len(self._sorted)):
            if not self._sorted[index].startswith(prefix):
                break
            found.append(self._sorted[index])
        found = [word for word in found if word not in STOPWORDS]
        return sorted(found, key=lambda word: (-self._counts[word], word))[:most]
