"""What the chat shows, and what happens when someone asks: values and HTML, no Gradio."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from pydantic import ValidationError

from assistant.answer import Answer, Reply
from assistant.pipeline import Assistant
from assistant.store import Reason
from assistant.stream import StreamPassages, StreamReplace, StreamSentence, StreamTurn
from indexing import IndexMismatch, NoIndex, SnapshotDamaged
from ui import messages, rendering
from ui.api.access import within
from ui.api.caller import ANYONE_HERE, Caller
from ui.api.limits import Limits
from ui.api.problems import describe
from ui.api.schemas import AskRequest, Profile
from ui.bodies import TurnBody
from ui.conversations import Published, published_now
from ui.preparation import Preparation
from ui.problem import invalid
from ui.retired import without_retired
from ui.web import markup
from ui.web.examples import examples_of

NO_PROFILE = Profile()


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question, its answer and its sources, as HTML."""

    question: str
    answer: str = ""
    sources: str = ""
    sources_title: str = messages.CHAT_SOURCES
    coming: bool = False
    """Its answer is not there yet, or not whole."""
    spoken: str = ""
    """What is read aloud once it is there."""
    body: TurnBody | None = None
    """What was answered, to be shown without a source that is removed later; None until the answer is whole."""
    items: tuple[bool, ...] = ()
    """Which of its sentences are items of a list."""
    mark: Reason | None = None


@dataclass(frozen=True, slots=True)
class Conversation:
    """What one page has shown. It is kept on our side: the history a browser sends back could be anyone's."""

    session_id: str | None = None
    exchanges: tuple[Exchange, ...] = field(default=())
    act: int = 0
    """Which act of a person it comes from, counted up: what they did last is what they see."""

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
        parts = [f"<h2>{latest.sources_title}</h2>{latest.sources}"]
        for exchange in reversed(with_sources[:-1]):
            parts.append(f'<div class="earlier">{exchange.question}</div>{exchange.sources}')
        return "".join(parts)

    @property
    def last(self) -> Exchange | None:
        return self.exchanges[-1] if self.exchanges else None

    def with_last(self, exchange: Exchange) -> "Conversation":
        return replace(self, exchanges=(*self.exchanges[:-1], exchange))


class Chat:
    """What the page's events call."""

    def __init__(self, assistant: Assistant, preparation: Preparation, contact: str, log: Path, limits: Limits) -> None:
        self._assistant = assistant
        self._preparation = preparation
        self._contact = contact
        self._log = log
        self._limits = limits

    def answer(
        self,
        question: str,
        kinds: list[str],
        conversation: Conversation,
        caller: Caller = ANYONE_HERE,
        profile: Profile = NO_PROFILE,
    ) -> Iterator[Conversation]:
        """The conversation as it grows: the question, the passages found, each sentence, the sources."""
        number = len(conversation.exchanges) + 1
        exchange = Exchange(markup.question(question), markup.status(messages.CHAT_READING), coming=True)
        conversation = replace(conversation, exchanges=(*conversation.exchanges, exchange))
        yield conversation
        text = markup.AnswerText(number)
        try:
            asked = AskRequest.model_validate({"question": question, "filters": {"kind": kinds}})
            with self._limits.one_request(caller, None, asks=True):
                filters = within(asked.to_filters(), caller, self._assistant.documents())
            events = self._assistant.ask_stream(
                asked.question, conversation.session_id, filters, asked.k, profile.to_asker(), owner=caller.owner
            )
            for event in events:
                match event:
                    case StreamPassages():
                        hits = [rendering.hit_body(hit) for hit in event.hits]
                        exchange = replace(
                            exchange, sources=markup.found(number, hits), sources_title=messages.CHAT_FOUND
                        )
                    case StreamSentence():
                        text.add(event.sentence.text, event.sentence.citations, item=event.sentence.item)
                        exchange = replace(exchange, answer=text.html())
                    case StreamReplace():
                        text = markup.AnswerText(number)
                    case StreamTurn():
                        body = rendering.turn_body(event.turn, self._contact)
                        exchange = answered(exchange, number, body, items_of(event.turn.reply))
                        conversation = self._standing_on_what_is_published(conversation)
                        conversation = replace(conversation, session_id=event.turn.session_id)
                conversation = conversation.with_last(exchange)
                yield conversation
        except ValidationError as error:
            yield conversation.with_last(refused(exchange, invalid(error).detail))
        except Exception as error:  # what went wrong belongs in the conversation, in French
            yield conversation.with_last(refused(exchange, self.told(error)))

    def told(self, error: Exception) -> str:
        """What is said of an error, in French; one we did not expect goes to the log."""
        return describe(error, self._assistant.building(), self._log).detail

    def _standing_on_what_is_published(self, conversation: Conversation) -> Conversation:
        """The same exchanges, without the words of documents removed since."""
        published = published_now(self._assistant)
        exchanges = tuple(
            standing(exchange, number, published) for number, exchange in enumerate(conversation.exchanges, 1)
        )
        return replace(conversation, exchanges=exchanges)

    def stopped(self, conversation: Conversation) -> Conversation:
        """Keep what was said of an answer that was coming, and say that it was cut short."""
        last = conversation.last
        if last is None or not last.coming:
            return conversation
        said = "" if last.answer == markup.status(messages.CHAT_READING) else last.answer
        answer = said + markup.status(messages.CHAT_STOPPED)
        return conversation.with_last(replace(last, answer=answer, coming=False))

    def standing(self) -> tuple[str, str, bool]:
        """What the page says of itself: the line that a machine answers, what it waits for, whether it waits."""
        readiness = self._preparation.readiness()
        if readiness.problem is not None or readiness.corpus is None:
            detail = readiness.problem.detail if readiness.problem else ""
            return machine_line(None), markup.problem(detail), True
        return machine_line(readiness.corpus.newest), "", False

    def examples(self, today: date) -> tuple[str, ...]:
        """The questions an empty page offers."""
        try:
            state = self._assistant.state()
            if state is not None:
                headings, documents = self._assistant.headings(), self._assistant.documents()
                return examples_of(headings, documents, state.snapshot, today)
        except (IndexMismatch, NoIndex, SnapshotDamaged):
            pass  # the page says so in its own place
        return messages.EXAMPLE_QUESTIONS


def answered(exchange: Exchange, number: int, body: TurnBody, items: Sequence[bool]) -> Exchange:
    """The exchange with a whole answer, the `number`th of its conversation."""
    text = markup.AnswerText(number)
    for sentence, item in zip(body["sentences"], items, strict=True):
        text.add(sentence["text"], sentence["citations"], item=item)
    before, after = markup.beside_answer(number, body)
    abstained = body["outcome"] == "abstained"
    return replace(
        exchange,
        # A table holds the sentences: they are not shown twice.
        answer=before + (markup.table(number, body) or text.html()) + after,
        sources=markup.sources(number, body),
        sources_title=messages.CHAT_NEAREST if abstained else messages.CHAT_SOURCES,
        coming=False,
        spoken=messages.announced(body["answer"], len(body["citations"])),
        body=body,
        items=tuple(items),
    )


def standing(exchange: Exchange, number: int, published: Published) -> Exchange:
    """The exchange without the words of documents that are no longer published; itself when all of them are."""
    if exchange.body is None:
        return exchange
    body = without_retired(exchange.body, published.ids, published.since)
    return exchange if body is exchange.body else answered(exchange, number, body, exchange.items)


def refused(exchange: Exchange, detail: str) -> Exchange:
    return replace(exchange, answer=markup.problem(detail), sources="", spoken=detail, coming=False)


def items_of(reply: Reply) -> tuple[bool, ...]:
    return tuple(sentence.item for sentence in reply.sentences) if isinstance(reply, Answer) else ()


def machine_line(newest: str | None) -> str:
    if newest is None:
        return markup.status(messages.CHAT_MACHINE_UNDATED)
    return markup.status(messages.CHAT_MACHINE.format(date=messages.date(newest)))
