"""What changed, case by case, between two runs of one question set: figures tell how much, these tell where."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evals.runner import ANSWERS, RunInvalid


@dataclass(frozen=True, slots=True)
class Flip:
    """A case whose answer changed: answered or not, the facts gained and lost, the source cited first.

    `answered` and `first` are (before, after) when they differ, else None; the source of an abstention is empty.
    """

    id: str
    question: str
    answered: tuple[bool, bool] | None = None
    gained: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    first: tuple[str, str] | None = None

    def __bool__(self) -> bool:
        return bool(self.answered or self.gained or self.lost or self.first)


def flips(before: Path, after: Path) -> tuple[Flip, ...] | None:
    """The cases asked in both runs whose answers changed, in the order of the second; None when one run is private.

    Raises RunInvalid.
    """
    if not all((folder / ANSWERS).is_file() for folder in (before, after)):
        return None
    earlier = {line["id"]: line for line in _lines(before)}
    return tuple(flip for line in _lines(after) if line["id"] in earlier and (flip := _flip(earlier[line["id"]], line)))


def _flip(before: Mapping[str, Any], after: Mapping[str, Any]) -> Flip:
    answered = (not before["abstained"], not after["abstained"])
    first = (_first(before), _first(after))
    had, has = _held(before), _held(after)
    return Flip(
        id=after["id"],
        question=after["question"],
        answered=answered if answered[0] != answered[1] else None,
        gained=tuple(fact for fact in has if fact not in had),
        lost=tuple(fact for fact in had if fact not in has),
        first=first if first[0] != first[1] and all(answered) else None,
    )


def _held(line: Mapping[str, Any]) -> list[str]:
    return [fact for fact, held in line["facts"].items() if held]


def _first(line: Mapping[str, Any]) -> str:
    return line["cited"][0]["source"] if line["cited"] else ""


def _lines(folder: Path) -> list[dict[str, Any]]:
    try:
        lines = [json.loads(line) for line in (folder / ANSWERS).read_text(encoding="utf-8").splitlines()]
        for line in lines:
            _flip(line, line)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise RunInvalid(f"{folder / ANSWERS}: {error}") from error
    return lines
