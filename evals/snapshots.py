"""Replies kept as they were read and accepted by a person: a change of one is seen before it is shipped.

Comparisons, questions of eligibility and questions in several parts stand here, because figures say little of them.
Written anew by `pytest tests/evals/test_snapshots.py --update-snapshots`, then read.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from assistant.answer import Answer, Turn
from assistant.pipeline import Assistant


class Snapshot(BaseModel):
    """A question, what a reader said of its reply, and the reply: sentences with the fiches they cite, gaps, notes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    question: str
    read: str = ""
    """What the reader found: « juste », or what falls short and is known."""
    reply: dict[str, Any] = {}


def load_snapshots(path: Path) -> list[Snapshot]:
    return [Snapshot.model_validate(one) for one in json.loads(path.read_text(encoding="utf-8"))]


def write_snapshots(path: Path, snapshots: Sequence[Snapshot]) -> None:
    text = json.dumps([one.model_dump() for one in snapshots], ensure_ascii=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8")


def take(assistant: Assistant, snapshot: Snapshot) -> Snapshot:
    """The same question with its reply of today."""
    return snapshot.model_copy(update={"reply": _told(assistant.ask(snapshot.question))})


def _told(turn: Turn) -> dict[str, Any]:
    """A reply as a reader sees it, without what differs from one run to the next."""
    reply = turn.reply
    told: dict[str, Any] = {"outcome": reply.outcome, "notes": [note.code for note in turn.notes]}
    if not isinstance(reply, Answer):
        return told
    fiches = {citation.n: Path(citation.document.source).stem for citation in reply.citations}
    told["unanswered"] = list(reply.unanswered)
    if reply.table is None:
        told["sentences"] = [[one.text, *(fiches[n] for n in one.citations)] for one in reply.sentences]
    else:
        told["table"] = {
            f"{criterion} / {column}": [cell.text, *(fiches[n] for n in cell.citations)]
            for criterion, row in zip(reply.table.criteria, reply.table.rows, strict=True)
            for column, cell in zip(reply.table.columns, row, strict=True)
        }
    return told
