"""What the chat shows, and what happens when someone asks: values and HTML, no Gradio."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from pydantic import ValidationError

from assistant.pipeline import Assistant
from assistant.stream import StreamPassages, StreamReplace, StreamSentence, StreamTurn
from ui import messages, rendering
from ui.api.problems import describe
from ui.api.schemas import AskRequest
from ui.bodies import TurnBody
from ui.preparation import Preparation
from ui.problem import invalid
from ui.retired import without_retired
from ui.web import markup


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question, its answer and its sources, as HTML."""

    question: str
    answer: str = ""
    sources: str = ""
    abstained: bool = False
    body: TurnBody | None = None
    """What was answered, to be shown without a source that is removed later."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """What one page has shown. It is kept on our side: the history a browser sends back could be anyone's."""

    session_id: str | None = None
    exchanges: tuple[Exchange, ...] = field(default=())

    def history(self) -> list[dict[str, str]]:
        return [
            {"role": role, "content": content}
            for exchange in self.exchanges
            for role, content in (("user", exchange.question), ("assistant", exchange.answer))
            if content
        ]

    def sources(self) -> str:
        """The latest answer's sources first; the others below, for their [n] still to open something."""
        with_sources = [exchange for exchange in self.exchanges if exchange.sources]
        if not with_sources:
            return f'<h2>{messages.CHAT_SOURCES}</h2><p class="facts">{messages.CHAT_NO_SOURCES}</p>'
        latest = with_sources[-1]
        parts = [f"<h2>{messages.CHAT_NEAREST if latest.abstained else messages.CHAT_SOURCES}</h2>{latest.sources}"]
        for exchange in reversed(with_sources[:-1]):
            parts.append(f'<div class="earlier">{exchange.question}</div>{exchange.sources}')
        return "".join(parts)

    def with_last(self, exchange: Exchange) -> "Conversation":
        return replace(self, exchanges=(*self.exchanges[:-1], exchange))


class Chat:
    """What the page's events call."""

    def __init__(self, assistant: Assistant, preparation: Preparation, contact: str, log: Path) -> None:
        self._assistant = assistant
        self._preparation = preparation
        self._contact = contact
        self._log = log

    def answer(self, question: str, kinds: list[str], conversation: Conversation) -> Iterator[Conversation]:
        """The conversation as it grows: the question, then each sentence, then the sources."""
        number = len(conversation.exchanges) + 1
        exchange = Exchange(markup.question(question), markup.status(messages.CHAT_READING))
        conversation = replace(conversation, exchanges=(*conversation.exchanges, exchange))
        yield conversation
        text = markup.AnswerText(number)
        try:
            asked = AskRequest.model_validate({"question": question, "filters": {"kind": kinds}})
            events = self._assistant.ask_stream(asked.question, conversation.session_id, asked.to_filters(), asked.k)
            for event in events:
                match event:
                    case StreamPassages():
                        continue
                    case StreamSentence():
                        text.add(event.sentence.text, event.sentence.citations, item=event.sentence.item)
                        exchange = replace(exchange, answer=text.html())
                    case StreamReplace():
                        text = markup.AnswerText(number)
                    case StreamTurn():
                        body = rendering.turn_body(event.turn, self._contact)
                        exchange = _shown(exchange, number, body, text.html())
                        conversation = self._standing_on_what_is_published(conversation)
                        conversation = replace(conversation, session_id=event.turn.session_id)
                conversation = conversation.with_last(exchange)
                yield conversation
        except ValidationError as error:
            yield conversation.with_last(replace(exchange, answer=markup.problem(invalid(error).detail)))
        except Exception as error:  # what went wrong belongs in the conversation, in French
            detail = describe(error, self._assistant.building(), self._log).detail
            yield conversation.with_last(replace(exchange, answer=markup.problem(detail)))

    def _standing_on_what_is_published(self, conversation: Conversation) -> Conversation:
        """The same exchanges, without the words of documents removed since."""
        state = self._assistant.state()
        published = {document.id for document in self._assistant.documents()}
        since = state.published_at[:10] if state else ""
        exchanges = list(conversation.exchanges)
        for index, exchange in enumerate(exchanges):
            if exchange.body is None:
                continue
            body = without_retired(exchange.body, published, since)
            if body is not exchange.body:
                text = markup.AnswerText(index + 1)
                for sentence in body["sentences"]:
                    text.add(sentence["text"], sentence["citations"], item=False)
                exchanges[index] = _shown(exchange, index + 1, body, text.html())
        return replace(conversation, exchanges=tuple(exchanges))

    def stopped(self, conversation: Conversation) -> Conversation:
        """Keep what was said, and say that it was cut short."""
        if not conversation.exchanges or conversation.exchanges[-1].sources:
            return conversation
        last = conversation.exchanges[-1]
        return conversation.with_last(replace(last, answer=last.answer + markup.status(messages.CHAT_STOPPED)))

    def standing(self) -> tuple[str, str, bool]:
        """What the page says of itself: the line that a machine answers, what it waits for, whether it waits."""
        readiness = self._preparation.readiness()
        if readiness.problem is not None or readiness.corpus is None:
            detail = readiness.problem.detail if readiness.problem else ""
            return machine_line(None), markup.problem(detail), True
        return machine_line(readiness.corpus.newest), "", False


def _shown(exchange: Exchange, number: int, body: TurnBody, text: str) -> Exchange:
    before, after = markup.beside_answer(number, body)
    return replace(
        exchange,
        # A table holds the sentences: they are not shown twice.
        answer=before + (markup.table(number, body) or text) + after,
        sources=markup.sources(number, body),
        abstained=body["outcome"] == "abstained",
        body=body,
    )


def machine_line(newest: str | None) -> str:
    if newest is None:
        return markup.status(messages.CHAT_MACHINE_UNDATED)
    return markup.status(messages.CHAT_MACHINE.format(date=messages.date(newest)))
