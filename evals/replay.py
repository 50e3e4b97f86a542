"""Real questions asked again of the documents there are now: which answers flipped. Nothing is written."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from assistant.answer import Answer, Outcome, Reply
from assistant.pipeline import Assistant
from assistant.store import StoredTurn


@dataclass(frozen=True, slots=True)
class Replayed:
    """A masked question, as it was answered and as it is now; `first` are the titles cited first, "" for none."""

    turn_id: str
    question: str
    outcome: tuple[Outcome, Outcome]
    first: tuple[str, str]

    @property
    def flipped(self) -> bool:
        """Whether an answer came or went, or cites another document first."""
        came_or_went = (self.outcome[0] == "abstained") != (self.outcome[1] == "abstained")
        return came_or_went or self.first[0] != self.first[1]


def replay(
    assistant: Assistant, stored: Iterable[StoredTurn], on_asked: Callable[[int, int], None] = lambda done, total: None
) -> tuple[Replayed, ...]:
    """Ask each question again as it was understood, on its own.

    What was given beside a question (filters, who asks) is not kept, nor are the words that were masked: an answer may
    flip for that. `assistant` keeps its sessions in memory. Raises as Assistant.ask does.
    """
    turns = [one.turn for one in stored]
    found = []
    for number, turn in enumerate(turns):
        on_asked(number, len(turns))
        now = assistant.ask(turn.standalone_question).reply
        titles = (_first(turn.reply), _first(now))
        # The same document under a new title is no flip.
        first = (titles[0][1], titles[0][1]) if titles[0][0] == titles[1][0] else (titles[0][1], titles[1][1])
        found.append(Replayed(turn.id, turn.standalone_question, (turn.reply.outcome, now.outcome), first))
    on_asked(len(turns), len(turns))
    return tuple(found)


def flipped(replayed: Sequence[Replayed]) -> tuple[Replayed, ...]:
    return tuple(one for one in replayed if one.flipped)


def _first(reply: Reply) -> tuple[str, str]:
    """The id and title of the document cited first."""
    if not isinstance(reply, Answer):
        return "", ""
    document = reply.citations[0].document
    return document.id, document.metadata.title
