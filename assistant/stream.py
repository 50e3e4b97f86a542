"""An answer told as it comes: what the events of a stream hold, in the order they come."""

from collections.abc import Generator, Iterator
from dataclasses import dataclass

from assistant.answer import Answer, Citation, Reply, Sentence, Turn
from indexing import Hit


@dataclass(frozen=True, slots=True)
class StreamPassages:
    """First event of a stream: the passages found, best first."""

    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class StreamSentence:
    """A sentence of the answer, with the citations it uses."""

    sentence: Sentence
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class StreamReplace:
    """The sentences so far are to be dropped: a model's text passed the gate, and follows."""


@dataclass(frozen=True, slots=True)
class StreamTurn:
    """Last event of a stream: the whole turn."""

    turn: Turn


StreamEvent = StreamPassages | StreamSentence | StreamReplace | StreamTurn
StreamEvents = Generator[StreamEvent, None, None]
"""Closed before its end, a stream keeps nothing of its turn."""


def sentences_of(reply: Reply) -> Iterator[StreamSentence]:
    """The sentences of an answer, each with its citations; none of an abstention."""
    if isinstance(reply, Answer):
        by_number = {citation.n: citation for citation in reply.citations}
        for sentence in reply.sentences:
            yield StreamSentence(sentence, tuple(by_number[n] for n in sentence.citations))
