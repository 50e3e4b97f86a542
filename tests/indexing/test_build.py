"""A build goes through its documents once, embeds what is new, and hands on what it made when it is cut short."""

import errno
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import cast

import numpy as np
import pytest
from numpy.typing import NDArray

from corpus import Document
from indexing import DiskFull, Embedder, Progress, SnapshotDamaged, SnapshotStore
from indexing import build as builds
from indexing import manifest as manifests
from indexing.build import Builder
from indexing.contents import iter_documents
from tests.fakes import FakeEmbedder
from tests.indexing.small_snapshot import built, document, documents, publish, quiet, renamed


@pytest.fixture
def store(tmp_path: Path) -> SnapshotStore:
    return SnapshotStore(tmp_path / "home")


def notes(count: int) -> list[Document]:
    return [document(f"n{n}", f"# Note {n}\n\nLe conseil {n} vote le budget {n}.") for n in range(count)]


def rebuilt(store: SnapshotStore, embedder: FakeEmbedder) -> int:
    """Build the published documents anew, as `Library.rebuild` does. Returns how many texts were embedded."""
    name = store.current()
    assert name is not None
    builder = Builder(store, cast(Embedder, embedder))
    with store.writing():
        return builder.build(iter_documents(store.folder(name)), quiet).embedded


class Stopping(FakeEmbedder):
    """Embeds a number of batches, then is cut short."""

    left = 2

    def embed_passages(self, texts: Sequence[str], batch_size: int = 16) -> NDArray[np.float32]:
        if not self.left:
            raise KeyboardInterrupt
        self.left -= 1
        return super().embed_passages(texts, batch_size)


# Documents one by one


def test_documents_are_gone_through_once_and_in_order(store: SnapshotStore) -> None:
    given: list[str] = []

    def one_by_one() -> Iterator[Document]:
        for note in notes(5):
            given.append(note.id)
            yield note

    with store.writing():
        report = Builder(store, cast(Embedder, FakeEmbedder())).build(one_by_one(), quiet)
    assert given == ["n0", "n1", "n2", "n3", "n4"]
    assert [one.id for one in iter_documents(store.folder(report.snapshot))] == ["n0", "n1", "n2", "n3", "n4"]


def test_the_published_documents_may_be_read_while_they_are_built_anew(store: SnapshotStore) -> None:
    folder = publish(store)
    with store.writing():
        both = (one for one in [*iter_documents(folder), *notes(1)])
        Builder(store, cast(Embedder, FakeEmbedder())).build(both, quiet)
    snapshot = store.open("fake")
    assert set(snapshot.documents) == {"eau", "bois", "n0"}
    snapshot.close()


def test_documents_that_fail_to_come_leave_what_is_published(store: SnapshotStore) -> None:
    folder = publish(store)

    def broken() -> Iterator[Document]:
        yield from notes(2)
        raise SnapshotDamaged("documents.jsonl is damaged")

    with store.writing(), pytest.raises(SnapshotDamaged):
        Builder(store, cast(Embedder, FakeEmbedder())).build(broken(), quiet)
    assert store.current() == folder.name
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]


def test_extra_files_stand_in_the_snapshot_under_its_checksums(store: SnapshotStore) -> None:
    with store.writing():
        name = (
            Builder(store, cast(Embedder, FakeEmbedder())).build(documents(), quiet, {"registry.json": b"{}"}).snapshot
        )
    assert (store.folder(name) / "registry.json").read_bytes() == b"{}"
    (store.folder(name) / "registry.json").write_text("[]")
    with pytest.raises(SnapshotDamaged, match=r"registry\.json"):
        store.open("fake")


def test_only_the_files_of_a_snapshot_are_left_in_it(store: SnapshotStore) -> None:
    folder = publish(store)
    names = {path.name for path in folder.iterdir()}
    assert not {name for name in names if "scratch" in name}
    assert set(manifests.load(folder).files) >= {"documents.jsonl", "passages.npy", "twins.json", "contents.json"}
    assert not store.made.exists()


# What is told


def test_the_texts_to_embed_are_counted_before_the_first_is(
    store: SnapshotStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(builds, "_WINDOW", 7)
    monkeypatch.setattr(builds, "_EMBEDDED_AT_ONCE", 3)
    seen: list[Progress] = []
    with store.writing():
        report = Builder(store, cast(Embedder, FakeEmbedder())).build(iter(notes(20)), seen.append)
    told = [progress for progress in seen if progress.stage == "embedding"]
    assert {progress.total for progress in told} == {report.embedded}
    assert [progress.done for progress in told] == sorted(progress.done for progress in told)
    assert told[-1].done == report.embedded


def test_reading_is_told_by_who_knows_how_many_there_are(store: SnapshotStore) -> None:
    seen: list[Progress] = []
    with store.writing():
        builder = Builder(store, cast(Embedder, FakeEmbedder()))
        builder.build(notes(3), seen.append)
        assert [(one.done, one.total) for one in seen if one.stage == "reading"] == [(0, 3), (1, 3), (2, 3)]
        seen.clear()
        builder.build(iter(notes(3)), seen.append)
        assert [one for one in seen if one.stage == "reading"] == []


def test_windows_change_the_order_of_work_and_nothing_else(
    store: SnapshotStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = store.folder(built(store, notes(20)).snapshot)
    monkeypatch.setattr(builds, "_WINDOW", 7)
    other = SnapshotStore(tmp_path / "other")
    cut = other.folder(built(other, notes(20)).snapshot)
    for name in ("passages.npy", "units.npy", "keys.txt", "passages.jsonl", "twins.json"):
        assert (whole / name).read_bytes() == (cut / name).read_bytes()


# Cut short


def test_what_an_interrupted_build_embedded_is_not_embedded_again(
    store: SnapshotStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(builds, "_EMBEDDED_AT_ONCE", 10)
    with pytest.raises(KeyboardInterrupt):
        built(store, notes(20), Stopping())
    again = FakeEmbedder()
    assert built(store, notes(20), again).embedded == len(again.embedded) == 60 - 20
    once, snapshot = SnapshotStore(store.made.parent.parent / "once"), store.open("fake")
    built(once, notes(20))
    straight = once.open("fake")
    np.testing.assert_array_equal(snapshot.passage_vectors, straight.passage_vectors)
    np.testing.assert_array_equal(snapshot.unit_vectors, straight.unit_vectors)
    snapshot.close(), straight.close()


def test_several_interruptions_lose_no_more_than_one(store: SnapshotStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(builds, "_EMBEDDED_AT_ONCE", 10)
    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            built(store, notes(20), Stopping())
    assert built(store, notes(20)).embedded == 60 - 40


def test_what_another_model_made_is_not_taken_up(store: SnapshotStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(builds, "_EMBEDDED_AT_ONCE", 10)
    with pytest.raises(KeyboardInterrupt):
        built(store, notes(20), Stopping())
    assert built(store, notes(20), FakeEmbedder(fingerprint="autre", dimension=32)).embedded == 60


def test_a_build_stopped_just_after_it_published_stays_published(store: SnapshotStore) -> None:
    def stop(progress: Progress) -> None:
        if progress == Progress("publishing", 1, 1):
            raise KeyboardInterrupt

    with store.writing(), pytest.raises(KeyboardInterrupt):
        Builder(store, cast(Embedder, FakeEmbedder())).build(documents(), stop)
    snapshot = store.open("fake")
    assert set(snapshot.documents) == {"eau", "bois"}
    snapshot.close()


# Damage


@pytest.mark.parametrize(
    "lost",
    ["chroma", "passages.bm25", "vocabulary.json", "twins.json", "passages.jsonl", "manifest.json", "contents.json"],
)
def test_a_snapshot_that_lost_an_index_is_made_whole_without_embedding(store: SnapshotStore, lost: str) -> None:
    path = publish(store) / lost
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    with pytest.raises(SnapshotDamaged):
        store.open("fake")
    embedder = FakeEmbedder()
    assert rebuilt(store, embedder) == 0
    assert not embedder.loaded
    snapshot = store.open("fake")
    assert set(snapshot.documents) == {"eau", "bois"}
    snapshot.close()


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-40])


@pytest.mark.parametrize("damage", [Path.unlink, truncate])
@pytest.mark.parametrize(("file", "embedded"), [("passages.npy", 3), ("units.npy", 7), ("keys.txt", 10)])
def test_only_the_vectors_that_were_damaged_are_made_anew(
    store: SnapshotStore, file: str, embedded: int, damage: Callable[[Path], None]
) -> None:
    publish(store)
    before = store.open("fake")
    assert (len(before.passages), len(before.unit_vectors)) == (3, 7)
    vectors = np.array(before.passage_vectors)
    before.close()
    damage(store.folder(before.manifest.snapshot) / file)
    assert rebuilt(store, FakeEmbedder()) == embedded
    after = store.open("fake")
    np.testing.assert_array_equal(after.passage_vectors, vectors)
    after.close()


def test_documents_that_are_damaged_are_not_published_anew(store: SnapshotStore) -> None:
    folder = publish(store)
    path = folder / "documents.jsonl"
    path.write_bytes(path.read_bytes().splitlines(keepends=True)[0])
    with pytest.raises(SnapshotDamaged, match=r"documents\.jsonl is damaged"):
        rebuilt(store, FakeEmbedder())
    assert store.current() == folder.name


def test_a_text_of_two_documents_is_embedded_once(store: SnapshotStore) -> None:
    water = documents()[0]
    embedder = FakeEmbedder()
    built(store, [water, renamed(water, "copie")], embedder)
    assert len(embedder.embedded) == len(set(embedder.embedded))


# A full disk


@pytest.mark.parametrize("call", ["write_indexes", "save_rows", "_write_contents"])
def test_a_full_disk_leaves_the_old_snapshot_and_no_other(
    store: SnapshotStore, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    folder = publish(store)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(builds, call, full)
    with pytest.raises(DiskFull):
        built(store, notes(3))
    monkeypatch.undo()
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]
    store.open("fake").close()
    assert built(store, notes(3)).passages == 3
