"""The words élus use for the words documents use: synonyms of the field, acronyms and their readings."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict, ValidationError


class LexiconInvalid(ValueError):
    """The lexicon file does not have the expected form; the message names the entry."""


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid")

    words: tuple[str, ...] = ()
    acronym: str | None = None
    readings: tuple[str, ...] = ()


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    entry: tuple[_Entry, ...]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Forms (words or phrases, as written in the file) and the other forms a search may take for each.

    An acronym leads to its readings and they to it, but one reading never leads to another.
    """

    others: Mapping[str, tuple[str, ...]]
    acronyms: Mapping[str, tuple[str, ...]]


@lru_cache(maxsize=1)
def load_lexicon() -> Lexicon:
    """Read the lexicon shipped with the package. Raises LexiconInvalid."""
    return parse_lexicon(files("corpus").joinpath("lexicon.toml").read_text(encoding="utf-8"))


def parse_lexicon(text: str) -> Lexicon:
    """Read a lexicon. Raises LexiconInvalid."""
    try:
        entries = _File.model_validate(tomllib.loads(text)).entry
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise LexiconInvalid(str(error)) from error
    others: dict[str, list[str]] = {}
    acronyms: dict[str, tuple[str, ...]] = {}
    for entry in entries:
        if entry.acronym:
            acronyms[entry.acronym] = entry.readings
            for reading in entry.readings:
                _join(others, reading, (entry.acronym, *entry.words))
            _join(others, entry.acronym, (*entry.readings, *entry.words))
            for word in entry.words:
                _join(others, word, (entry.acronym, *entry.readings))
        else:
            for word in entry.words:
                _join(others, word, entry.words)
    return Lexicon({form: tuple(dict.fromkeys(found)) for form, found in others.items()}, acronyms)


def _join(others: dict[str, list[str]], form: str, found: Sequence[str]) -> None:
    others.setdefault(form, []).extend(other for other in found if other != form)
