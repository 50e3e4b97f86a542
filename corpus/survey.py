"""What changed in a file or a folder since the registry last saw it, without reading what did not change."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, cast

from corpus.folder import list_files
from corpus.reading import document_id
from corpus.registry import Item, Items
from corpus.source_file import Failure, FailureCode, SourceFile
from corpus.sources import Source

Verdict = Literal["new", "changed", "unchanged", "gone", "failed", "set_aside"]
Held = Callable[[str], bool]
"""Whether a document, by its id, belongs to another source."""
LARGEST_VANISHING = 0.3
# These depend on more than the bytes: a setting, a program since installed, how busy the machine was.
_WORTH_ANOTHER_TRY = frozenset({"missing", "unreadable", "too_large", "too_slow", "ocr_missing"})


@dataclass(frozen=True, slots=True)
class Sighting:
    """An item as it is now; `file` is what to read when it is new or changed, there until the next sighting.

    `set_aside` is what was removed by hand: kept in the registry, told to nobody.
    """

    verdict: Verdict
    item: Item
    file: SourceFile | None = None

    def failure(self) -> Failure:
        code, detail = self.item.trouble or self.item.failure or ("unreadable", "")
        return failure_of(self.item.name, code, detail)


@dataclass(frozen=True, slots=True)
class Survey:
    """What is there: about how many sightings to expect, and each in turn, those that are gone last.

    With a `failure` the source as a whole cannot be read or not all of it: the sightings hold for the rest.
    """

    expected: int
    sightings: Iterator[Sighting]
    failure: Failure | None = None


@dataclass(frozen=True, slots=True)
class Vanishing:
    """So many documents of a source would go at once, `gone` of `of`, that somebody should be asked."""

    source: Source
    gone: int
    of: int


def vanishing(source: Source, gone: int, of: int) -> Vanishing | None:
    """Whether to ask before these go: more than 30 % of a source, or a file whose whole folder was emptied."""
    if not gone or source.type == "page":
        return None
    if source.type == "file":
        # An unmounted disk leaves its mount point behind, empty.
        return Vanishing(source, gone, of) if _is_empty(Path(source.place).parent) else None
    return Vanishing(source, gone, of) if gone > of * LARGEST_VANISHING else None


def failure_of(name: str, code: str, detail: str = "") -> Failure:
    # Read back from the registry, where it was one.
    return Failure(name, cast(FailureCode, code), detail)


def facts_key(facts: Mapping[str, Any], given: Mapping[str, Any]) -> str:
    """Names the metadata a document is read with: when it changes, so may the document."""
    told = json.dumps([facts, given], sort_keys=True, default=str)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def survey_disk(source: Source, known: Items, held: Held, now: str, *, again: bool = False) -> Survey:
    """Compare the files of a source with what the registry knows of them.

    Documents `held` elsewhere are passed over. With `again`, everything is to be read, removed by hand or not.
    """
    if failure := _unreadable(source):
        return Survey(0, iter(()), failure)
    listed = [] if _is_missing_file(source) else list(list_files(source.place, source.origin))
    if whole := next((one for one in listed if isinstance(one, Failure) and one.source == source.place), None):
        return Survey(0, iter(()), whole)
    found = {one.source: one for one in listed if source.type == "file" or source.wants(one.source)}
    return Survey(len(found), _sightings(source, found, known, held, now, again))


def _unreadable(source: Source) -> Failure | None:
    """A folder that is not there, or a file whose folder is not, is taken for unmounted and not for deleted."""
    folder = Path(source.place) if source.type == "folder" else Path(source.place).parent
    try:
        missing = not folder.is_dir()
    except OSError as error:
        return Failure(source.place, "unreadable", error.strerror or "")
    return Failure(source.place, "missing") if missing else None


def _is_missing_file(source: Source) -> bool:
    return source.type == "file" and not Path(source.place).exists()


def _is_empty(folder: Path) -> bool:
    return folder.is_dir() and next(folder.iterdir(), None) is None


def _sightings(
    source: Source,
    found: Mapping[str, SourceFile | Failure],
    known: Items,
    held: Held,
    now: str,
    again: bool,
) -> Iterator[Sighting]:
    for name, one in found.items():
        item = known.get(name) or Item(name, document_id(name, source.origin))
        if held(item.document_id):
            continue
        if item.removed and not again:
            yield Sighting("set_aside", item)
        elif isinstance(one, Failure):
            yield Sighting("failed", replace(item, trouble=(one.code, one.detail), seen=now))
        else:
            yield _look(one, found_again(item, now), source.given, again)
    unread = tuple(f"{name}/" for name, one in found.items() if isinstance(one, Failure))
    for name, item in known.items():
        if name in found or held(item.document_id):
            continue
        if item.removed:
            # The mark outlives the file: it may only be out of reach today.
            yield Sighting("set_aside", item)
        if not item.published:
            continue
        # What stands in a sub-folder that cannot be read is not gone.
        hidden = name.startswith(unread) if unread else False
        yield Sighting("unchanged", item) if hidden else Sighting("gone", replace(item, misses=item.misses + 1))


def _look(file: SourceFile, item: Item, given: Mapping[str, Any], again: bool) -> Sighting:
    key = facts_key(file.facts, given)
    settled = not again and item.facts == key and is_settled(item)
    try:
        told = file.path.stat()
        stat = (told.st_size, told.st_mtime_ns, told.st_ino)
        if settled and item.stat == stat:
            return as_before(item)
        with file.path.open("rb") as opened:
            digest = hashlib.file_digest(opened, "sha256").hexdigest()
    except OSError as error:
        return Sighting("failed", replace(item, trouble=("unreadable", error.strerror or "")))
    if settled and item.digest == digest:
        return as_before(replace(item, stat=stat))
    item = replace(item, stat=stat, digest=digest, facts=key)
    return Sighting("changed" if item.published else "new", item, file)


def found_again(item: Item, now: str) -> Item:
    """The item as a look begins: what stood in the way last time is forgotten."""
    return replace(item, seen=now, removed=False, trouble=None)


def is_settled(item: Item) -> bool:
    """Whether the same bytes again would teach nothing: they were read, well or badly."""
    return bool(item.digest) and (item.published or item.failure is not None)


def as_before(item: Item) -> Sighting:
    return Sighting("failed" if item.failure else "unchanged", replace(item, misses=0))


def after_reading(item: Item, failure: Failure | None) -> Item:
    """The item once its bytes were read; those that may do better another time are forgotten, to be read again."""
    if failure is None:
        return replace(item, failure=None, published=True, misses=0)
    item = replace(item, failure=(failure.code, failure.detail), misses=0)
    if failure.code in _WORTH_ANOTHER_TRY:
        return replace(item, digest="", stat=None, etag=None, last_modified=None)
    return item
