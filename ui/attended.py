"""The assistant as a server runs it: questions wait in line, and what becomes of them is counted.

Every way in (the API, the chat, other protocols) asks this one, so none can go past the line.
"""

from collections.abc import Iterator
from contextlib import closing
from typing import Any, cast

from assistant.answer import Turn
from assistant.pipeline import Assistant
from assistant.stream import StreamEvent, StreamEvents, StreamPassages, StreamTurn
from indexing import Hit
from ui import logs
from ui.api.overload import Line, Place
from ui.metrics import Metrics


def attended(assistant: Assistant, line: Line, metrics: Metrics) -> Assistant:
    """The same assistant, whose `ask`, `ask_stream` and `search` also raise Refused."""
    return cast(Assistant, _Attended(assistant, line, metrics))


class _Attended:
    def __init__(self, assistant: Assistant, line: Line, metrics: Metrics) -> None:
        self._assistant = assistant
        self._line = line
        self._metrics = metrics

    def __getattr__(self, name: str) -> Any:
        # What takes no time to speak of is asked of the assistant itself.
        return getattr(self._assistant, name)

    def ask(self, *asked: Any, **options: Any) -> Turn:
        for event in self.ask_stream(*asked, **options):
            if isinstance(event, StreamTurn):
                return event.turn
        raise AssertionError("a stream ends with its turn")

    def ask_stream(self, *asked: Any, **options: Any) -> StreamEvents:
        with self._line.place() as place:
            events = self._assistant.ask_stream(*asked, **options)
            with closing(events):
                yield from self._told(events, place)

    def _told(self, events: Iterator[StreamEvent], place: Place) -> Iterator[StreamEvent]:
        for event in events:
            # A reader may be slow, and so may a language model, which comes after the first sentence: neither keeps
            # the processor from the next question.
            place.rest()
            if isinstance(event, StreamTurn):
                self._note(event.turn)
            yield event
            if isinstance(event, StreamPassages):
                place.work()

    def search(self, *asked: Any, **options: Any) -> tuple[Hit, ...]:
        with self._line.place():
            return self._assistant.search(*asked, **options)

    def _note(self, turn: Turn) -> None:
        self._metrics.answered(turn)
        self._metrics.model_tokens(*self._assistant.model_tokens())
        logs.note(outcome=turn.reply.outcome, composer=turn.composer)
