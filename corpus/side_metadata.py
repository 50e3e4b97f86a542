"""What stands beside documents about them: `rapport.pdf.toml` for one file, `corpus.toml` for a folder and those below.

A side file bears the whole name of its document and `.toml`, so that two files of one stem do not share it. A
`corpus.toml` looks like this; the nearest folder outranks those above it, and of two entries the later:

    [defaults]
    publisher = "Communauté de communes du Val-Serein"

    [[documents]]
    match = ["deliberations/*.pdf", "statuts.odt"]
    kind = "regle"
    published = ""          # nobody knows
"""

import tomllib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from corpus.metadata import InvalidMetadata, checked_facts

FOLDER_FILE = "corpus.toml"
SIDE_SUFFIX = ".toml"
MAX_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class _Entry:
    """Facts for the files that match one of the patterns; all do when there is none. `problem` stands for the facts
    when they have a wrong form."""

    patterns: tuple[str, ...] = ()
    facts: Mapping[str, Any] | None = None
    problem: str = ""

    def concerns(self, path: str) -> bool:
        name = path.rpartition("/")[2]
        return not self.patterns or any(
            # A name may hold brackets, which patterns give a meaning.
            pattern in (path, name) or fnmatchcase(path if "/" in pattern else name, pattern)
            for pattern in self.patterns
        )


@dataclass(frozen=True, slots=True)
class FolderFacts:
    """What one `corpus.toml` says. `folder` is its folder, relative to what was added: "" or "aides/eau/"."""

    folder: str
    entries: tuple[_Entry, ...]


def read_folder_facts(path: Path, folder: str) -> FolderFacts:
    """Read a `corpus.toml`. What is wrong in it is kept, and said of the files that it concerns."""
    try:
        return FolderFacts(folder, tuple(_entries(_table(path))))
    except InvalidMetadata as error:
        return FolderFacts(folder, (_Entry(problem=str(error)),))


def facts_beside(source: str, above: Sequence[FolderFacts], side_file: Path | None) -> dict[str, Any]:
    """The facts of a file: those of the folders `above` it, outermost first, then those of its own side file.

    Raises InvalidMetadata, which names the TOML file and the field.
    """
    facts: dict[str, Any] = {}
    for layer in above:
        path = unicodedata.normalize("NFC", source.removeprefix(layer.folder))
        for entry in layer.entries:
            if not entry.concerns(path):
                continue
            if entry.facts is None:
                raise InvalidMetadata(f"{layer.folder}{FOLDER_FILE}: {entry.problem}")
            facts |= entry.facts
    if side_file is not None:
        try:
            facts |= checked_facts(_table(side_file))
        except InvalidMetadata as error:
            raise InvalidMetadata(f"{side_file.name}: {error}") from error
    return facts


def _table(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise InvalidMetadata(error.strerror or "unreadable") from error
    if len(raw) > MAX_BYTES:
        raise InvalidMetadata(f"more than {MAX_BYTES // 1_000_000} MB")
    try:
        return tomllib.loads(raw.decode("utf-8-sig"))
    except RecursionError as error:
        raise InvalidMetadata("TOML: nested too deep") from error
    except ValueError as error:  # of TOML as of UTF-8
        raise InvalidMetadata(f"TOML: {error}") from error


def _entries(table: Mapping[str, Any]) -> Iterator[_Entry]:
    """The defaults, then each table of documents. Raises InvalidMetadata when it is unclear whom they concern."""
    for name in table:
        if name not in ("defaults", "documents"):
            raise InvalidMetadata(f"{name}: expected [defaults] or [[documents]]")
    defaults, documents = table.get("defaults", {}), table.get("documents", [])
    if not isinstance(defaults, dict):
        raise InvalidMetadata("defaults: expected a table")
    if not isinstance(documents, list) or not all(isinstance(one, dict) for one in documents):
        raise InvalidMetadata("documents: expected [[documents]]")
    yield _entry("defaults", (), defaults)
    for number, one in enumerate(documents, start=1):
        where = f"documents {number}"
        fields = {name: value for name, value in one.items() if name != "match"}
        yield _entry(where, _patterns(one.get("match"), where), fields)


def _patterns(match: object, where: str) -> tuple[str, ...]:
    patterns = [match] if isinstance(match, str) else match
    if not isinstance(patterns, list) or not patterns or not all(isinstance(one, str) for one in patterns):
        raise InvalidMetadata(f"{where}.match: expected a pattern or a list of patterns")
    return tuple(unicodedata.normalize("NFC", one).removeprefix("./") for one in patterns)


def _entry(where: str, patterns: tuple[str, ...], fields: Mapping[str, Any]) -> _Entry:
    try:
        return _Entry(patterns, checked_facts(fields))
    except InvalidMetadata as error:
        return _Entry(patterns, problem=f"{where}.{error}")
