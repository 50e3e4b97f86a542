"""Which registry goes with the published snapshot."""

from pathlib import Path

import pytest

from corpus.registry import Registry, dump
from corpus.sources import local_source
from indexing.registry_file import FILE, RegistryFile
from indexing.snapshot import SnapshotStore

NOW = "2026-11-22T10:00:00+00:00"


@pytest.fixture
def store(tmp_path: Path) -> SnapshotStore:
    return SnapshotStore(tmp_path)


def registry_of(tmp_path: Path, snapshot: str | None, place: str) -> Registry:
    source = local_source(str(tmp_path / place), NOW)
    return Registry(snapshot, {source.id: source}, {source.id: {}})


def publish(store: SnapshotStore, name: str, carried: Registry | None) -> None:
    store.folder(name).mkdir(parents=True)
    if carried is not None:
        (store.folder(name) / FILE).write_bytes(dump(carried))
    store.publish(name)


def test_before_anything_is_published_the_home_may_already_follow_sources(tmp_path: Path, store: SnapshotStore) -> None:
    registry = registry_of(tmp_path, None, "a")
    assert RegistryFile(tmp_path, store).load() == Registry()
    RegistryFile(tmp_path, store).save(registry)
    assert RegistryFile(tmp_path, store).load() == registry


def test_the_home_counts_when_it_names_the_published_snapshot(tmp_path: Path, store: SnapshotStore) -> None:
    publish(store, "one", registry_of(tmp_path, None, "a"))
    RegistryFile(tmp_path, store).save(registry_of(tmp_path, "one", "b"))
    assert RegistryFile(tmp_path, store).load() == registry_of(tmp_path, "one", "b")


def test_the_copy_in_the_snapshot_counts_when_the_home_names_another(tmp_path: Path, store: SnapshotStore) -> None:
    RegistryFile(tmp_path, store).save(registry_of(tmp_path, "zero", "b"))
    publish(store, "one", registry_of(tmp_path, None, "a"))
    assert RegistryFile(tmp_path, store).load() == registry_of(tmp_path, "one", "a")


def test_a_snapshot_without_a_copy_follows_nothing(tmp_path: Path, store: SnapshotStore) -> None:
    publish(store, "one", None)
    assert RegistryFile(tmp_path, store).load() == Registry("one")
