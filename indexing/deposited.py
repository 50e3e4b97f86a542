"""The files that editors sent, kept in the home: each stays as long as a snapshot there still is follows it."""

import hashlib
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path

from corpus.registry import Registry
from corpus.sources import Source

DEPOSITED = "deposited"
"""Folder of the home that holds them."""


def deposit_place(home: Path, name: str) -> Path:
    """Where a file of this name is kept. The same name, the same place: a corrected file replaces the one before."""
    return home / DEPOSITED / _digest(name) / name


def is_deposit(place: str | Path) -> bool:
    """Told by the end of the path: a home that was moved or restored elsewhere still knows its own."""
    path = Path(place)
    return path.parent.parent.name == DEPOSITED and path.parent.name == _digest(path.name)


def without_removed(registry: Registry) -> Registry:
    """The registry without the deposits whose document was removed: they are neither read again nor there for long.

    One that stands in a followed folder too keeps its mark, without which the folder would bring it back.
    """
    for source in list(registry.sources.values()):
        if _is_removed(registry, source) and not _followed_folder(registry, Path(source.place)):
            registry = registry.without_source(source.id)
    return registry


def unneeded(home: Path, registries: Collection[Registry]) -> Iterator[Path]:
    """The deposits that none of these registries follows."""
    followed = {
        _end(source.place)
        for registry in registries
        for source in registry.sources.values()
        if source.type == "file" and not _is_removed(registry, source)
    }
    for path in sorted((home / DEPOSITED).glob("*/*")):
        if not is_deposit(path) or _end(path) in followed or not path.is_file():
            continue
        if not any(_followed_folder(registry, path) for registry in registries):
            yield path


def drop(path: Path) -> None:
    """Erase a deposit and the folder it had to itself; what cannot be erased now is tried again next time."""
    with suppress(OSError):
        path.unlink(missing_ok=True)
        path.parent.rmdir()


def _digest(name: str) -> str:
    return hashlib.sha256(name.encode(errors="surrogateescape")).hexdigest()[:12]


def _end(place: str | Path) -> tuple[str, ...]:
    return Path(place).parts[-2:]


def _is_removed(registry: Registry, source: Source) -> bool:
    items = registry.items_of(source.id).values()
    return source.type == "file" and is_deposit(source.place) and bool(items) and all(item.removed for item in items)


def _followed_folder(registry: Registry, path: Path) -> bool:
    return any(path.absolute().is_relative_to(one.place) for one in registry.sources.values() if one.type == "folder")
