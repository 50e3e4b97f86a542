"""A question set: one case a line, with what its answer must hold and which documents prove it."""

import re
from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator


class CasesInvalid(ValueError):
    """A question file cannot be read; the message names the line."""


class Case(BaseModel):
    """One question, perhaps at the end of a conversation.

    `facts` holds, for each fact, alternative patterns of which one must match the flattened answer. `expected_docs` are
    prefixes of document sources, one of which must be cited. `must_not` are patterns the answer may never match.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    kind: str
    turns: tuple[str, ...] = Field(min_length=1)
    answerable: bool
    expected_docs: tuple[str, ...] = ()
    facts: tuple[tuple[str, ...], ...] = ()
    must_not: tuple[str, ...] = ()
    note: str = ""

    @field_validator("facts", "must_not")
    @classmethod
    def _compiles(cls, value: tuple[object, ...]) -> tuple[object, ...]:
        for pattern in _flat(value):
            re.compile(pattern)
        return value


def _flat(value: tuple[object, ...]) -> Iterator[str]:
    for one in value:
        if isinstance(one, str):
            yield one
        elif isinstance(one, tuple):
            yield from _flat(one)


def load_cases(path: Path) -> list[Case]:
    """Read a JSON-lines question set. Raises CasesInvalid, also when it is missing or empty."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CasesInvalid(f"{path}: {error}") from error
    cases = []
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                cases.append(Case.model_validate_json(line))
            except (ValidationError, re.error) as error:
                raise CasesInvalid(f"{path.name}:{number}: {error}") from error
    if not cases:
        raise CasesInvalid(f"{path}: no question")
    return cases
