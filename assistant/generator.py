"""A configured language model: it rewords what numbered passages say, and its draft is trusted by nobody.

Any chat model LangChain's `init_chat_model` knows. Structured output is asked for where the server can constrain it,
with the refusal as an alternative of the schema: one that must hold sentences leaves a small model no way to refuse.
"""

import json
import re
from collections.abc import Sequence
from concurrent.futures import Future
from functools import lru_cache
from importlib.resources import files
from threading import BoundedSemaphore, Lock, Thread
from time import monotonic
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ValidationError

from assistant.answer import Draft, Quote
from assistant.grounding import locate
from indexing import STOPWORDS, Passage, tokens

# LangChain takes half a second to load, and every command would wait for it: only a configured model needs it.
if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import BaseMessage

Failing = Literal["timeout", "failed", "refused", "unreadable"]
MAX_PASSAGES = 6
MAX_SENTENCES = 8
MAX_QUOTES = 3
MAX_PASSAGE = 1000
MAX_COMPLETED = 300
MAX_WRITTEN = 20_000
"""Characters of a model's text that are read: small models repeat themselves without end."""
MAX_CALLS = 16
"""Calls at a time; the next ones wait, within their own timeout."""
_MARKER = re.compile(r"\[(\d{1,2})\]")


class GeneratorFailed(Exception):
    """The model gave nothing that can be used; `failing` says how. The extractive answer stands."""

    def __init__(self, failing: Failing) -> None:
        super().__init__(failing)
        self.failing = failing


class _Quote(BaseModel):
    passage: int
    words: str


class _Sentence(BaseModel):
    text: str
    quotes: list[_Quote] = []


class _Output(BaseModel):
    sentences: list[_Sentence] = []
    refusal: bool = False


_QUOTE_SCHEMA = {
    "type": "object",
    "properties": {"passage": {"type": "integer"}, "words": {"type": "string"}},
    "required": ["passage", "words"],
    "additionalProperties": False,
}
_SENTENCE_SCHEMA = {
    "type": "object",
    "properties": {
        "text": {"type": "string"},
        "quotes": {"type": "array", "items": _QUOTE_SCHEMA, "maxItems": MAX_QUOTES},
    },
    "required": ["text", "quotes"],
    "additionalProperties": False,
}
_SCHEMA = {
    "anyOf": [
        {
            "type": "object",
            "properties": {"refusal": {"const": True}},
            "required": ["refusal"],
            "additionalProperties": False,
        },
        {
            "type": "object",
            "properties": {"sentences": {"type": "array", "items": _SENTENCE_SCHEMA, "maxItems": MAX_SENTENCES}},
            "required": ["sentences"],
            "additionalProperties": False,
        },
    ]
}


class Generator:
    """Words answers and completes follow-ups with a chat model, within `timeout` seconds a call."""

    def __init__(self, model: "BaseChatModel", name: str, timeout: float) -> None:
        self._model = model
        self.name = name
        self._timeout = timeout
        self._constrained = True
        self._calls = BoundedSemaphore(MAX_CALLS)
        self._counting = Lock()
        self.tokens = (0, 0)
        """How many tokens the model has read and written since the start, as far as its server tells."""

    def draft(self, question: str, passages: Sequence[Passage]) -> tuple[Draft, ...]:
        """The sentences a model proposes from passages, those it quotes words of. Raises GeneratorFailed."""
        shown = list(passages[:MAX_PASSAGES])
        numbered = "\n\n".join(
            f"Passage {number} ({' > '.join(passage.heading)}) :\n{passage.text[:MAX_PASSAGE]}"
            for number, passage in enumerate(shown, start=1)
        )
        asked = f"PASSAGES\n\n{numbered}\n\nFIN DES PASSAGES\n\nQUESTION : {question}"
        output = read_output(self._say(_conversation("answer", asked)))
        if output.refusal or not output.sentences:
            raise GeneratorFailed("refused")
        drafts = dict.fromkeys(_draft(sentence, shown) for sentence in output.sentences)
        return tuple(draft for draft in drafts if draft.text)[:MAX_SENTENCES]

    def complete(self, question: str, before: Sequence[str]) -> str:
        """A follow-up completed from the questions before it. Raises GeneratorFailed, also when words were made up."""
        told = "\n".join(f"- {one}" for one in before)
        asked = f"QUESTIONS PRÉCÉDENTES :\n{told}\n\nDERNIÈRE QUESTION : {question}"
        said = self._say(_conversation("complete", asked), constrained=False).strip()
        completed = _plain(said).strip('«» "')
        known = {token.term for text in (question, *before) for token in tokens(text)}
        added = [token for token in tokens(completed) if token.word not in STOPWORDS and token.term not in known]
        kept = {token.term for token in tokens(completed)}
        lost = [token for token in tokens(question) if token.word not in STOPWORDS and token.term not in kept]
        if not completed or "\n" in said or len(completed) > MAX_COMPLETED or added or lost:
            raise GeneratorFailed("unreadable")
        return completed

    def _say(self, messages: "list[BaseMessage]", constrained: bool = True) -> str:
        constrained = constrained and self._constrained
        try:
            if constrained:
                try:
                    return self._within(messages, response_format=_response_format())
                except Exception as error:
                    if not _refuses_format(error):
                        raise
            said = self._within(messages)
        except Exception as error:
            # Every provider has its own errors, and an answer never fails because a model did.
            raise GeneratorFailed("timeout" if "timeout" in type(error).__name__.lower() else "failed") from error
        if constrained:
            # It answers once nothing is forced on it: this server cannot constrain its output.
            self._constrained = False
        return said

    def _within(self, messages: "list[BaseMessage]", **options: Any) -> str:
        # A client's timeout starts again with each byte: a slow drip would hold the caller, and a pool's thread the
        # exit of the process, which waits for all but daemons.
        ends = monotonic() + self._timeout
        if not self._calls.acquire(timeout=self._timeout):
            raise TimeoutError
        call: Future[BaseMessage] = Future()
        Thread(target=self._call, args=(call, messages, options), name="model", daemon=True).start()
        return call.result(max(0.0, ends - monotonic())).text

    def _call(self, call: "Future[BaseMessage]", messages: "list[BaseMessage]", options: dict[str, Any]) -> None:
        try:
            said = self._model.invoke(messages, **options)
            self._count(said)
            call.set_result(said)
        except BaseException as error:  # it belongs to who waits for the call
            call.set_exception(error)
        finally:
            self._calls.release()

    def _count(self, said: "BaseMessage") -> None:
        # Counted here, not where the answer is waited for: one that comes too late was paid for all the same.
        if usage := getattr(said, "usage_metadata", None):
            with self._counting:
                self.tokens = self.tokens[0] + usage["input_tokens"], self.tokens[1] + usage["output_tokens"]


def read_output(text: str) -> _Output:
    """What a model wrote, read tolerantly: JSON alone, fenced or surrounded, else sentences with [n] markers.

    Raises GeneratorFailed when nothing can be read.
    """
    text = text[:MAX_WRITTEN]
    # The last one: models that think aloud try things first.
    for candidate in reversed(_objects(text)):
        try:
            output = _Output.model_validate(candidate)
        except ValidationError:
            continue
        if output.model_fields_set:
            return output
    sentences = []
    for line in re.split(r"(?<=[.!?\]])\s+(?=[A-ZÀ-Ý«])|\n+", text):
        if numbers := _MARKER.findall(line):
            bare = _MARKER.sub("", line).strip(" -*").replace(" .", ".")
            # Without quotes of its own, a sentence must be the passage's: it is its own proof or none.
            sentences.append(_Sentence(text=bare, quotes=[_Quote(passage=int(n), words=bare) for n in numbers]))
    if not sentences:
        raise GeneratorFailed("unreadable")
    return _Output(sentences=sentences)


def _objects(text: str) -> list[object]:
    """The outermost JSON objects of a text, first to last."""
    decoder = json.JSONDecoder(strict=False)  # models break lines inside strings
    found, at = [], text.find("{")
    while at >= 0:
        try:
            value, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            end = at + 1
        else:
            found.append(value)
        at = text.find("{", end)
    return found


def _draft(sentence: _Sentence, shown: Sequence[Passage]) -> Draft:
    quotes: list[Quote] = []
    for claimed in sentence.quotes:
        if 1 <= claimed.passage <= len(shown) and (quote := locate(shown[claimed.passage - 1], claimed.words)):
            quotes.append(quote)
    return Draft(_plain(_MARKER.sub("", sentence.text)), tuple(dict.fromkeys(quotes)))


def _plain(text: str) -> str:
    """A text on one line, without characters nobody sees: the gate must judge what is read."""
    return re.sub(r"\s+", " ", "".join(c for c in text if c.isprintable() or c.isspace())).strip()


def _response_format() -> dict[str, Any]:
    return {"type": "json_schema", "json_schema": {"name": "reponse", "strict": True, "schema": _SCHEMA}}


def _refuses_format(error: Exception) -> bool:
    """Whether a server said that it does not know how to constrain its output, or the client cannot ask it."""
    return getattr(error, "status_code", None) in (400, 404, 422, 501) or isinstance(error, TypeError)


def _conversation(prompt: str, asked: str) -> "list[BaseMessage]":
    from langchain_core.messages import HumanMessage, SystemMessage

    return [SystemMessage(_prompt(prompt)), HumanMessage(asked)]


@lru_cache
def _prompt(name: str) -> str:
    return files("assistant").joinpath("prompts", f"{name}.md").read_text(encoding="utf-8")
