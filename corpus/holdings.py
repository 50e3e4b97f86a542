"""Which source holds which document, while sources are being looked at: each document belongs to one."""

from collections.abc import Mapping

from corpus.registry import Item, Items, Registry
from corpus.sources import ALONE, Source
from corpus.survey import Held


class Holdings:
    """The registry as it changes, one source after the other.

    A source named alone (a file, a page) outranks a folder or site that holds the same document; then the one added
    first does.
    """

    def __init__(self, registry: Registry) -> None:
        self._snapshot = registry.snapshot
        self._sources = dict(registry.sources)
        self._items = {source.id: registry.items_of(source.id) for source in registry.sources.values()}
        self._order = {source_id: number for number, source_id in enumerate(self._sources)}
        self._holders: dict[str, str] = {}
        for source in sorted(self._sources.values(), key=self._rank, reverse=True):
            self._hold(source, self._items[source.id])

    def registry(self) -> Registry:
        return Registry(self._snapshot, dict(self._sources), dict(self._items))

    def find(self, source_id: str) -> Source | None:
        return self._sources.get(source_id)

    def items_of(self, source: Source) -> Items:
        return self._items.get(source.id, {})

    def elsewhere(self, source: Source, *, removed: bool = True) -> Held:
        """Tells the documents that sources which outrank this one hold.

        With `removed` false, those removed by hand from the others are free to be taken.
        """

        def held(document_id: str) -> bool:
            holder = self._sources.get(self._holders.get(document_id, source.id))
            if holder is None or holder.id == source.id or self._rank(holder) > self._rank(source):
                return False
            return removed or not self._is_removed(holder, document_id)

        return held

    def keep(self, source: Source, items: Mapping[str, Item]) -> None:
        """Record a source and its items; the documents it publishes leave the other sources that held them."""
        self._order.setdefault(source.id, len(self._order))
        losing: dict[str, set[str]] = {}
        for item in items.values():
            holder = self._holders.get(item.document_id, source.id)
            if item.published and holder != source.id:
                losing.setdefault(holder, set()).add(item.document_id)
        for source_id, lost in losing.items():
            self._release(source_id, lost)
        self._sources[source.id] = source
        self._items[source.id] = items
        self._hold(source, items)

    def _hold(self, source: Source, items: Mapping[str, Item]) -> None:
        self._holders |= {item.document_id: source.id for item in items.values() if item.published or item.removed}

    def _release(self, source_id: str, lost: set[str]) -> None:
        left = {name: item for name, item in self._items[source_id].items() if item.document_id not in lost}
        self._items[source_id] = left
        if not left and self._sources[source_id].type in ALONE:
            del self._items[source_id], self._sources[source_id]

    def _is_removed(self, holder: Source, document_id: str) -> bool:
        return any(item.removed for item in self._items[holder.id].values() if item.document_id == document_id)

    def _rank(self, source: Source) -> tuple[bool, int]:
        return source.type not in ALONE, self._order.get(source.id, len(self._order))
