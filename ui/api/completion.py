"""A turn in OpenAI's words: the message, its annotations, the chunks of a stream."""

import json
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from assistant.answer import Answer, Turn
from ui import rendering
from ui.api.openai_schemas import MODEL, AnnotationBody, CompletionBody, TokensBody
from ui.bodies import CitationBody, TurnBody

NO_USAGE: TokensBody = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}
DONE = "data: [DONE]\n\n"


def event(data: dict[str, Any]) -> str:
    return f"data: {json.dumps(data, ensure_ascii=False)}\n\n"


@dataclass(frozen=True, slots=True)
class Completion:
    """One answer, whole or in chunks. `base` is the address of this service, without a slash at its end."""

    base: str
    with_usage: bool = False
    id: str = field(default_factory=lambda: f"chatcmpl-{secrets.token_hex(12)}")
    created: int = field(default_factory=lambda: int(time.time()))

    def whole(self, turn: Turn, body: TurnBody) -> CompletionBody:
        return {
            "id": self.id,
            "object": "chat.completion",
            "created": self.created,
            "model": MODEL,
            "choices": [
                {
                    "index": 0,
                    "message": {
                        "role": "assistant",
                        "content": body["answer"],
                        "refusal": None,
                        "annotations": annotations(turn, body, self.base),
                    },
                    "logprobs": None,
                    "finish_reason": "stop",
                }
            ],
            "usage": NO_USAGE,
            "x_assistant_elus": body,
        }

    def opening(self) -> str:
        """The first chunk, which may go out long before the answer is known."""
        return self._chunk({"role": "assistant", "content": ""})

    def chunks(self, turn: Turn, body: TurnBody) -> Iterator[str]:
        """Each sentence, then the annotations and the whole body of ours with the end of the message."""
        for piece in pieces(turn, body):
            yield self._chunk({"content": piece})
        yield self._chunk({"annotations": annotations(turn, body, self.base)}, "stop", x_assistant_elus=body)
        if self.with_usage:
            yield event(self._head() | {"choices": [], "usage": NO_USAGE})
        yield DONE

    def _chunk(self, delta: dict[str, Any], finish_reason: str | None = None, **beside: Any) -> str:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
        usage = {"usage": None} if self.with_usage else {}
        return event(self._head() | {"choices": [choice]} | usage | beside)

    def _head(self) -> dict[str, Any]:
        return {"id": self.id, "object": "chat.completion.chunk", "created": self.created, "model": MODEL}


def pieces(turn: Turn, body: TurnBody) -> list[str]:
    """The content, a piece a sentence; an abstention is one piece."""
    return rendering.answer_pieces(turn.reply) if isinstance(turn.reply, Answer) else [body["answer"]]


def annotations(turn: Turn, body: TurnBody, base: str) -> list[AnnotationBody]:
    """One for each marker [n], in reading order.

    Where a marker stands is counted, not searched for: the words of a document may hold a « [1] » of their own.
    """
    by_number = {citation["n"]: citation for citation in body["citations"]}
    found: list[AnnotationBody] = []
    end = 0
    # An abstention is one piece and no sentence.
    for piece, sentence in zip(pieces(turn, body), body["sentences"], strict=False):
        end += len(piece)
        at = end - sum(len(f" [{n}]") for n in sentence["citations"])
        for n in sentence["citations"]:
            start, at = at + 1, at + len(f" [{n}]")
            cited = by_number[n]
            found.append(
                {
                    "type": "url_citation",
                    "url_citation": {
                        "start_index": start,
                        "end_index": at,
                        "title": cited["title"],
                        "url": address(cited, base),
                    },
                }
            )
    return found


def address(citation: CitationBody, base: str) -> str:
    """Where a source opens; one that has no page of its own opens at our description of its document."""
    link = citation["link"] or f"/v1/documents/{citation['document_id']}"
    return base + link if link.startswith("/") else link
