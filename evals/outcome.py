"""What came back for a case, as plain values: what is marked, written and read again by people."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.answer import Answer, Citation, Sentence, Turn
from assistant.weighed import Weighed
from evals.hard_facts import absent

Render = Callable[[Turn], tuple[str, Sequence[tuple[Citation, str]]]]
"""Makes of a turn what a user reads: the answer's text, and its citations with their excerpts."""


@dataclass(frozen=True, slots=True)
class Cited:
    """A document cited: its source and title, the words quoted from it, and the excerpt shown around them."""

    source: str
    excerpt: str
    title: str = ""
    quotes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence of an answer, its support, and its hard facts that no passage it cites holds."""

    text: str
    support: float
    unproven: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came back for a case, and how long its last turn took.

    `found` are the sources of the passages found, best first; `probability` is that of the evidence answering.
    """

    answer: str
    abstained: bool
    cited: tuple[Cited, ...]
    seconds: float
    said: tuple[Said, ...] = ()
    found: tuple[str, ...] = ()
    probability: float | None = None


def outcome_of(turn: Turn, seconds: float, weighed: Weighed, render: Render) -> Outcome:
    """The outcome of a turn, given the evidence that was weighed for its question."""
    reply = turn.reply
    answer, cited = render(turn)
    return Outcome(
        answer=answer,
        abstained=not isinstance(reply, Answer),
        cited=tuple(
            Cited(one.document.source, excerpt, one.document.metadata.title, one.quotes) for one, excerpt in cited
        ),
        seconds=seconds,
        said=tuple(_said(sentence, reply.citations) for sentence in reply.sentences)
        if isinstance(reply, Answer)
        else (),
        found=tuple(hit.document.source for hit in weighed.hits),
        probability=weighed.probability,
    )


def _said(sentence: Sentence, citations: Sequence[Citation]) -> Said:
    sources = [_everything(one) for one in citations if one.n in sentence.citations]
    return Said(sentence.text, sentence.support, absent(sentence.text, sources))


def _everything(citation: Citation) -> str:
    """All a cited passage says, the title and date of its document and its headings included."""
    facts = citation.document.metadata
    return "\n".join([facts.title, facts.published or "", *citation.passage.heading, citation.passage.text])
