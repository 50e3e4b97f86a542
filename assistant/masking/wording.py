"""The words of a text as masking reads them: what was typed, its folded form, its capitals, what stands before it."""

import re
from dataclasses import dataclass

from indexing import fold

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_ELIDED = re.compile(r"(?:[ldjcstmn]|qu|jusqu|lorsqu|puisqu)['’](?=[^\W\d_])", re.IGNORECASE)
_SPACES = frozenset(" \t\u00a0\u202f'’")
_MOSTLY = 0.7


@dataclass(frozen=True, slots=True)
class Word:
    """A word: characters `start` to `end` of its text, `gap` the characters since the word before."""

    start: int
    end: int
    text: str
    bare: str
    capital: bool
    upper: bool
    gap: str

    @property
    def joined(self) -> bool:
        """Whether only spaces, or an elision, part it from the word before."""
        return self.start > 0 and _SPACES.issuperset(self.gap)


def words_of(text: str) -> list[Word]:
    """Words in reading order; « l'adjoint » is two, « N'Diaye » and « Le Goff-Martin » keep their marks.

    In a text typed all in capitals, capitals say nothing: no word has one.
    """
    letters = [letter for letter in text if letter.isalpha()]
    shouted = sum(letter.isupper() for letter in letters) > _MOSTLY * len(letters) if len(letters) > 12 else False
    found: list[Word] = []
    at = 0
    for match in _WORD.finditer(text):
        for start, end in _parts(match):
            word = text[start:end]
            capital = word[0].isupper() and not shouted
            found.append(
                Word(
                    start, end, word, fold(word), capital, capital and len(word) > 1 and word.isupper(), text[at:start]
                )
            )
            at = end
    return found


def _parts(match: re.Match[str]) -> list[tuple[int, int]]:
    elided = _ELIDED.match(match[0])
    # « N'Diaye », « M'Bala » and « D'Angelo » are one name; « l'ADEME » and « L'adjoint » are two words.
    if not elided or (elided[0][0] in "NMDST" and match[0][elided.end()].isupper()):
        return [match.span()]
    cut = match.start() + elided.end()
    return [(match.start(), cut - 1), (cut, match.end())]
