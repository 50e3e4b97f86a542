"""The questions an empty page offers: headings of the documents, others each day."""

from collections.abc import Sequence
from datetime import date
from hashlib import sha256

from assistant.related import Headings
from indexing import DocumentRecord
from ui import messages

SHOWN = 4


def examples_of(headings: Headings, documents: Sequence[DocumentRecord], snapshot: str, day: date) -> tuple[str, ...]:
    """SHOWN questions that the documents answer, the same all day for one snapshot, of as many kinds as there are."""

    def drawn(question: str) -> str:
        return sha256(f"{snapshot} {day} {question}".encode()).hexdigest()

    by_kind: dict[str, list[str]] = {}
    for document in documents:
        by_kind.setdefault(document.metadata.kind, []).extend(headings.get(document.id, ()))
    piles = [sorted(set(questions), key=drawn) for questions in by_kind.values()]
    # The first of each kind, then the second ones; the kinds are drawn too.
    piles.sort(key=lambda pile: drawn(pile[0]) if pile else "")
    by_turns = (pile[place] for place in range(SHOWN) for pile in piles if place < len(pile))
    found = tuple(dict.fromkeys(by_turns))[:SHOWN]
    return (*found, *messages.EXAMPLE_QUESTIONS)[:SHOWN]
