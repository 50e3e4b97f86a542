"""What a set of documents covers: how many of each kind, in all and for each status, role and theme."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from corpus.document import KINDS, Kind, Metadata

Row = Mapping[Kind, int]
UNNAMED = ""
"""The row of the documents that name no status, no role or no theme."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """Documents counted by kind (every kind, zeros too), in all, then for each value, the most frequent first.

    A document that names two themes counts once for each, so the rows do not add up to `kinds`.
    """

    kinds: Row
    statuses: Mapping[str, Row]
    roles: Mapping[str, Row]
    themes: Mapping[str, Row]


def coverage(documents: Iterable[Metadata]) -> Coverage:
    known = tuple(documents)
    return Coverage(
        kinds=_row(facts.kind for facts in known),
        statuses=_rows((facts.kind, facts.statuses) for facts in known),
        roles=_rows((facts.kind, facts.roles) for facts in known),
        themes=_rows((facts.kind, facts.themes) for facts in known),
    )


def _rows(named: Iterable[tuple[Kind, tuple[str, ...]]]) -> Mapping[str, Row]:
    kinds: dict[str, list[Kind]] = {}
    for kind, values in named:
        for value in values or (UNNAMED,):
            kinds.setdefault(value, []).append(kind)
    frequent = sorted(kinds, key=lambda value: (value == UNNAMED, -len(kinds[value]), value))
    return {value: _row(kinds[value]) for value in frequent}


def _row(kinds: Iterable[Kind]) -> Row:
    counts = Counter(kinds)
    return {kind: counts[kind] for kind in KINDS}
