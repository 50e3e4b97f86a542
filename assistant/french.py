"""How French asks, points back and gives orders: the patterns of french.toml, compiled once."""

import re
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files


@lru_cache(maxsize=1)
def _tables() -> Mapping[str, Mapping[str, list[str]]]:
    return tomllib.loads(files("assistant").joinpath("french.toml").read_text(encoding="utf-8"))


@lru_cache
def patterns(table: str) -> Mapping[str, re.Pattern[str]]:
    """The patterns of a table by name, in the file's order; each matches any of its pieces, on folded text."""
    return {name: re.compile("|".join(pieces)) for name, pieces in _tables()[table].items()}


@lru_cache
def words_of(table: str, name: str) -> frozenset[str]:
    """A list of plain words of a table."""
    return frozenset(_tables()[table][name])
