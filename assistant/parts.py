"""A question that asks several things, cut into questions that ask one each."""

import re
from dataclasses import dataclass

from assistant.french import patterns
from assistant.rewriter import standalone
from indexing import STOPWORDS, fold, tokens

MOST = 4
_SENTENCE = re.compile(r"[^.!?…]+[.!?…]*")


@dataclass(frozen=True, slots=True)
class Part:
    """One of the things asked: in its own words, and as a question that stands alone."""

    said: str
    question: str


def split_parts(question: str) -> tuple[Part, ...]:
    """The parts of a question; the question itself when it asks one thing.

    What is told around the questions stays with each of them.
    """
    sentences = [match[0].strip() for match in _SENTENCE.finditer(question) if match[0].strip()]
    asking = [sentence for sentence in sentences if _asks(sentence)]
    told = [sentence for sentence in sentences if sentence not in asking]
    pieces = [piece for sentence in asking for piece in _pieces(sentence)]
    if not 2 <= len(pieces) <= MOST or not _names_something(pieces[0]):
        return (Part(question, question),)
    alone = [pieces[0], *(standalone(piece, [pieces[0]]) for piece in pieces[1:])]
    return tuple(
        Part(piece[:1].upper() + piece[1:], " ".join([*told, asked]))
        for piece, asked in zip(pieces, alone, strict=True)
    )


def _asks(sentence: str) -> bool:
    return sentence.rstrip().endswith("?") and any(token.word not in STOPWORDS for token in tokens(sentence))


def _names_something(piece: str) -> bool:
    """Whether a piece says enough alone: « Quels rôles… » waits for the rest, « Qu'est-ce qu'une SCIC » does not."""
    content = [token.word for token in tokens(piece) if token.word not in STOPWORDS]
    return len(content) >= 2 or bool(re.search(r"[A-ZÀ-Ý]{2,}", piece))


def _pieces(sentence: str) -> list[str]:
    """A sentence cut before each « et » that opens another question."""
    cuts = [0]
    cuts += [match.start("next") for match in patterns("parts")["joins"].finditer(_same_length(sentence))]
    pieces = [sentence[start:end].strip(" ,;") for start, end in zip(cuts, [*cuts[1:], len(sentence)], strict=True)]
    pieces = [re.sub(r"\s*,?\s*\b(?:et|puis|ainsi que)\s*$", "", piece) for piece in pieces]
    pieces = [piece if piece.endswith("?") else f"{piece} ?" for piece in pieces]
    return pieces if all(_asks(piece) for piece in pieces) else [sentence]


def _same_length(text: str) -> str:
    """Folded letter by letter, so that offsets hold in the original."""
    return "".join((fold(letter) or letter)[:1] or letter for letter in text)
