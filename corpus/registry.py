"""What was taken from which source, and in what state it was last seen: one JSON file beside the index."""

import json
import os
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from corpus.sources import Source

FORMAT = 1
FILE = "registry.json"


class RegistryInvalid(Exception):
    """The registry is missing, or is not one this version can read."""


@dataclass(frozen=True, slots=True)
class Item:
    """A file or page of a source, as last seen.

    `name` is its path relative to the source, or its URL; `document_id` the document it makes, `published` whether
    that document is in the index. `digest` is of its bytes, `facts` of the metadata it was read with, `stat` its size,
    modification time in nanoseconds and inode. `misses` counts the looks in a row that did not find it. A code and a
    detail say what is wrong: `failure` with these very bytes, `trouble` on the way to them at the last look. A document
    `removed` by hand is not taken again.
    """

    name: str
    document_id: str
    published: bool = False
    digest: str = ""
    facts: str = ""
    stat: tuple[int, ...] | None = None
    etag: str | None = None
    last_modified: str | None = None
    misses: int = 0
    failure: tuple[str, str] | None = None
    trouble: tuple[str, str] | None = None
    seen: str = ""
    removed: bool = False


Items = Mapping[str, Item]
"""The items of one source, by name."""
_FIELDS = tuple((one.name, one.default) for one in fields(Item))


@dataclass(frozen=True, slots=True)
class Registry:
    """Sources by id, and the items of each. `snapshot` is the published index they go with, None before the first."""

    snapshot: str | None = None
    sources: Mapping[str, Source] = field(default_factory=dict)
    items: Mapping[str, Items] = field(default_factory=dict)

    def items_of(self, source_id: str) -> Items:
        return self.items.get(source_id, {})

    def all_items(self) -> Iterator[tuple[Source, Item]]:
        for source in self.sources.values():
            for item in self.items_of(source.id).values():
                yield source, item

    def with_source(self, source: Source, items: Items) -> "Registry":
        return replace(self, sources={**self.sources, source.id: source}, items={**self.items, source.id: items})

    def without_source(self, source_id: str) -> "Registry":
        return replace(
            self,
            sources={key: source for key, source in self.sources.items() if key != source_id},
            items={key: items for key, items in self.items.items() if key != source_id},
        )

    def find(self, word: str) -> Source | None:
        """The source of this id or place; a path may be relative."""
        known = self.sources.get(word)
        places = {source.place: source for source in self.sources.values()}
        return known or places.get(word) or places.get(os.path.abspath(word))

    def marked_removed(self, document_ids: Collection[str]) -> "Registry":
        registry = self
        for source_id, items in self.items.items():
            if any(item.document_id in document_ids for item in items.values()):
                marked = {
                    name: replace(item, removed=True, published=False) if item.document_id in document_ids else item
                    for name, item in items.items()
                }
                registry = registry.with_source(self.sources[source_id], marked)
        return registry


def dump(registry: Registry) -> bytes:
    """The registry as JSON; what is as it is by default is left out, for there may be 100 000 items."""
    sources = [
        {**asdict(source), "items": [_written(item) for item in registry.items_of(source.id).values()]}
        for source in registry.sources.values()
    ]
    body = {"format": FORMAT, "snapshot": registry.snapshot, "sources": sources}
    return json.dumps(body, ensure_ascii=True, separators=(",", ":"), default=str).encode()


def parse(raw: bytes) -> Registry:
    """Raises RegistryInvalid."""
    try:
        body = json.loads(raw)
        if body["format"] != FORMAT:
            raise RegistryInvalid(f"format {body['format']}, expected {FORMAT}")
        sources, items = {}, {}
        for told in body["sources"]:
            found = [_read(item) for item in told.pop("items")]
            source = Source(**{**told, "include": tuple(told["include"]), "exclude": tuple(told["exclude"])})
            sources[source.id] = source
            items[source.id] = {item.name: item for item in found}
        return Registry(body["snapshot"], sources, items)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise RegistryInvalid(f"unreadable registry: {error}") from error


def load(path: Path) -> Registry:
    """Raises RegistryInvalid."""
    try:
        return parse(path.read_bytes())
    except OSError as error:
        raise RegistryInvalid(f"no registry at {path}") from error


def save(registry: Registry, path: Path) -> None:
    """Replace the file at once: whoever reads it finds the whole of the old or of the new."""
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_suffix(".new")
    with scratch.open("wb") as file:
        file.write(dump(registry))
        file.flush()
        # Without it a power cut may leave the new name on an empty file.
        os.fsync(file.fileno())
    os.replace(scratch, path)


def _written(item: Item) -> dict[str, Any]:
    return {name: value for name, default in _FIELDS if (value := getattr(item, name)) != default}


def _read(told: dict[str, Any]) -> Item:
    for name in ("stat", "failure", "trouble"):
        if name in told:
            told[name] = tuple(told[name])
    return Item(**told)
