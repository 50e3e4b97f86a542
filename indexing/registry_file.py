"""The registry of a home folder, and which of its copies goes with the published snapshot."""

from dataclasses import replace
from pathlib import Path

from corpus import registry as registries
from corpus.registry import Registry, RegistryInvalid
from indexing.snapshot import SnapshotStore

FILE = registries.FILE


class RegistryFile:
    """One file in the home, and a copy in each snapshot. Whoever saves it holds the writer lock."""

    def __init__(self, home: Path, store: SnapshotStore) -> None:
        self._path = home / FILE
        self._store = store

    def load(self) -> Registry:
        """The registry that goes with the published snapshot.

        The home's names another one after a crash between publishing and saving, and after a rollback: then the copy
        that the snapshot carries counts.
        """
        current = self._store.current()
        try:
            registry = registries.load(self._path)
            if registry.snapshot == current:
                return registry
        except RegistryInvalid:
            pass
        if current is None:
            return Registry()
        try:
            return replace(registries.load(self._store.folder(current) / FILE), snapshot=current)
        except RegistryInvalid:
            # An index made before there was a registry: its documents stay, and follow nothing.
            return Registry(current)

    def all(self) -> tuple[Registry, ...]:
        """That of each snapshot there still is, and the published one's as it is now. Raises RegistryInvalid."""
        return (self.load(), *(registries.load(self._store.folder(name) / FILE) for name in self._store.names()))

    def save(self, registry: Registry) -> None:
        registries.save(registry, self._path)
