"""How common a French word is in general, whatever the corpus says of it (wordfreq's frozen French list)."""

from functools import lru_cache

from indexing.terms import fold

UNKNOWN = 0.0


def zipf(word: str) -> float:
    """Frequency of a word on the Zipf scale (1 rare, 7 a function word), UNKNOWN when the list does not hold it.

    Accents do not count: the commonest word that folds to the same letters answers.
    """
    return _folded().get(fold(word), UNKNOWN)


@lru_cache(maxsize=1)
def _folded() -> dict[str, float]:
    import math

    from wordfreq import get_frequency_dict

    folded: dict[str, float] = {}
    for word, frequency in get_frequency_dict("fr", wordlist="best").items():
        if word.isalpha():
            key = fold(word)
            folded[key] = max(folded.get(key, 0.0), math.log10(frequency) + 9)
    return folded
