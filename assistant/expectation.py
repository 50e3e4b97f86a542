"""What kind of value a question waits for, and whether a text holds one: « combien » needs a number, « qui » a name."""

import re
from collections.abc import Sequence
from typing import Literal, get_args

from assistant.french import patterns
from indexing import fold, stem, tokens

Value = Literal[
    "hour", "phone", "email", "contact", "duration", "amount", "percentage", "date", "count", "person"
]  # fmt: skip

_PERSON = re.compile(
    r"\b[A-ZÉÈ][a-zéèêëïîôç]+(?:-[A-ZÉÈ][a-zéèêëïîôç]+)? (?:(?:de|du|d['’]) ?)?[A-ZÉÈ][a-zA-Zéèêëïîôç-]+"
)
_REACH = 6


def expected_value(question: str) -> Value | None:
    """The kind of value a question waits for, None when it waits for an explanation."""
    folded = fold(question)
    asked = dict(patterns("values"))
    if "?" in folded and not patterns("asked")["quantity"].search(folded):
        # « Peut-elle entrer au capital ? » names a sum of money without asking for one.
        asked = {name: pattern for name, pattern in asked.items() if name not in ("amount", "percentage")}
    values: tuple[Value, ...] = get_args(Value)
    return next((value for value in asked if value in values and asked[value].search(folded)), None)


def holds_value(text: str, value: Value, not_counting: Sequence[str] = ()) -> bool:
    """Whether a text holds a value of this kind; figures of the question itself do not count."""
    if value == "person":
        return bool(_PERSON.search(text))
    folded = fold(text)
    for figure in not_counting:
        folded = re.sub(rf"(?<!\d){re.escape(figure)}(?!\d)", " ", folded)
    return bool(patterns("given")[value].search(folded))


def number_beside(text: str, wanted: Sequence[frozenset[str]], not_counting: Sequence[str] = ()) -> bool:
    """Whether a number stands within a few words of one of the wanted sets of terms."""
    found = tokens(text)
    for at, token in enumerate(found):
        if (
            not (token.word[0].isdigit() or patterns("given")["count"].fullmatch(token.word))
            or token.word in not_counting
        ):
            continue
        near = {stem(other.word) for other in found[max(0, at - _REACH) : at + _REACH + 1]}
        if any(meant <= near for meant in wanted):
            return True
    return False
