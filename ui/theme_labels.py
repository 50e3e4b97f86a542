"""Themes as a reader expects them: documents name them in small letters, often bare of accents and apostrophes."""

import re
from collections import Counter
from functools import lru_cache

from corpus import load_lexicon
from indexing import fold

_WORD = re.compile(r"[^\W_]+")
_LONGEST = 4  # words
# Shorter ones are said too many ways: « du » is not « dû ».
_TELLING = 3  # characters


@lru_cache(maxsize=4096)
def theme_label(theme: str) -> str:
    """« developpement local » is « Développement local », « scic » is « SCIC »: as the lexicon spells them.

    What the lexicon does not know keeps its letters. A theme that somebody wrote with capitals or accents is theirs.
    """
    label = theme.strip()
    if label == fold(label):
        label = _spelled(label) or _WORD.sub(lambda word: _of_word(word[0]), label.replace("-", " "))
    return label[:1].upper() + label[1:]


def _of_word(word: str) -> str:
    return (_spelled(word) if len(word) >= _TELLING else None) or word


def _spelled(theme: str) -> str | None:
    words = tuple(_WORD.findall(theme))
    if not words:
        return None
    spellings = _spellings()
    for ending in ("", "s", "x"):
        # The plural of a phrase of the lexicon, which says most of its own in the singular.
        last = words[-1].removesuffix(ending) if ending else words[-1]
        if (ending == "" or last != words[-1]) and (found := spellings.get((*words[:-1], last))):
            return found if found.isupper() else found + ending
    return None


@lru_cache(maxsize=1)
def _spellings() -> dict[tuple[str, ...], str]:
    """How the lexicon most often writes each of its words and phrases, by their folded words."""
    lexicon = load_lexicon()
    found: dict[tuple[str, ...], Counter[str]] = {}
    for form in lexicon.others:
        words = list(_WORD.finditer(form))
        folded = [fold(word[0]) for word in words]
        for start in range(len(words)):
            for end in range(start + 1, min(start + _LONGEST, len(words)) + 1):
                written = form[words[start].start() : words[end - 1].end()]
                found.setdefault(tuple(folded[start:end]), Counter())[written] += 1
    spellings = {words: counted.most_common(1)[0][0] for words, counted in found.items()}
    return spellings | {(fold(acronym),): acronym for acronym in lexicon.acronyms}
