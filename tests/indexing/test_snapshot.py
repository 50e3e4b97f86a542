"""Which snapshot is published: flipped atomically, rolled back, kept while it is read, one writer at a time."""

import errno
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from indexing import (
    DiskFull,
    Filters,
    IndexMismatch,
    NoIndex,
    NoPrevious,
    Snapshot,
    SnapshotDamaged,
    SnapshotStore,
    WriterBusy,
)
from indexing import snapshot as snapshots
from tests.fakes import FakeEmbedder
from tests.indexing.small_snapshot import TEXTS
from tests.indexing.small_snapshot import publish as publish_in

EMBEDDER = FakeEmbedder()


@pytest.fixture
def store(tmp_path: Path) -> SnapshotStore:
    return SnapshotStore(tmp_path)


@pytest.fixture
def publish(store: SnapshotStore) -> Callable[..., Path]:
    return lambda texts=TEXTS: publish_in(store, texts)


@pytest.fixture
def opened(store: SnapshotStore, publish: Callable[..., Path]) -> Iterator[Snapshot]:
    publish()
    snapshot = store.open("fake")
    yield snapshot
    snapshot.close()


# Publishing


def test_nothing_published_is_no_index(store: SnapshotStore) -> None:
    assert store.current() is None
    with pytest.raises(NoIndex):
        store.open("fake")


def test_a_publication_interrupted_before_the_flip_leaves_the_current_one(
    store: SnapshotStore, publish: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = publish()

    def cut(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", cut)
    with pytest.raises(KeyboardInterrupt):
        publish()
    monkeypatch.undo()
    assert store.folder(store.current() or "") == folder
    store.open("fake").close()


def test_the_previous_snapshot_is_kept_and_older_ones_dropped(
    store: SnapshotStore, publish: Callable[..., Path]
) -> None:
    folders = [publish() for _ in range(3)]
    assert [folder.exists() for folder in folders] == [False, True, True]
    assert (store.previous(), store.current()) == (folders[1].name, folders[2].name)


def test_what_a_killed_build_left_is_dropped(store: SnapshotStore, publish: Callable[..., Path]) -> None:
    left = store.folder("20261122-000000-abcdef")
    left.mkdir(parents=True)
    (left / "documents.jsonl").write_text("")
    publish()
    assert not left.exists()


# Going back


def test_a_second_roll_back_undoes_the_first(store: SnapshotStore, publish: Callable[..., Path]) -> None:
    one, two = publish().name, publish({"bois": TEXTS["bois"]}).name
    assert store.roll_back() == store.current() == one
    assert store.previous() == two
    snapshot = store.open("fake")
    assert set(snapshot.documents) == {"eau", "bois"}
    snapshot.close()
    assert store.roll_back() == store.current() == two


def test_what_was_rolled_back_is_dropped_by_the_next_publications(
    store: SnapshotStore, publish: Callable[..., Path]
) -> None:
    one, two = publish(), publish()
    store.roll_back()
    three = publish()
    assert not two.exists()
    assert (store.previous(), store.current()) == (one.name, three.name)


def test_there_is_nothing_before_the_first_snapshot(store: SnapshotStore, publish: Callable[..., Path]) -> None:
    with pytest.raises(NoIndex):
        store.roll_back()
    publish()
    with pytest.raises(NoPrevious):
        store.roll_back()
    assert store.previous() is None


@pytest.mark.parametrize("file", ["units.npy", "manifest.json", "chroma/chroma.sqlite3"])
def test_there_is_no_going_back_to_a_damaged_snapshot(
    store: SnapshotStore, publish: Callable[..., Path], file: str
) -> None:
    one, two = publish(), publish()
    (one / file).unlink()
    with pytest.raises(SnapshotDamaged):
        store.roll_back()
    assert store.current() == two.name


def test_a_damaged_snapshot_is_not_kept_to_go_back_to(store: SnapshotStore, publish: Callable[..., Path]) -> None:
    one, two = publish(), publish()
    (two / "units.npy").unlink()
    publish()
    assert store.previous() == one.name
    assert not two.exists()


# Readers


def test_a_reader_keeps_its_snapshot_through_several_publications(
    opened: Snapshot, store: SnapshotStore, publish: Callable[..., Path]
) -> None:
    for _ in range(3):
        publish({"bois": TEXTS["bois"]})
    query = EMBEDDER.embed_queries(["régie eau"])[0]
    assert opened.passages[opened.nearest(query, 1, Filters())[0]].document_id == "eau"
    assert opened.passages[opened.nearest(query, 1, Filters(themes=("bois",)))[0]].document_id == "bois"
    assert store.folder(opened.manifest.snapshot).exists()


def test_a_snapshot_nobody_reads_any_more_is_dropped_by_the_next_publication(
    store: SnapshotStore, publish: Callable[..., Path]
) -> None:
    folder = publish()
    closed, left = store.open("fake"), store.open("fake")
    publish(), publish()
    closed.close()
    publish()
    assert folder.exists(), "one of two readers is still there"
    del left
    publish()
    assert not folder.exists()


def test_an_opening_overtaken_by_publications_opens_the_newest(
    store: SnapshotStore, publish: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    overtaken = publish()
    publish(), publish()
    newest, names = store.current(), iter([overtaken.name])
    true_name = SnapshotStore.current
    monkeypatch.setattr(SnapshotStore, "current", lambda self: next(names, None) or true_name(self))
    snapshot = store.open("fake")
    assert snapshot.manifest.snapshot == newest
    snapshot.close()


def test_a_snapshot_of_another_model_names_the_command_that_rebuilds(
    store: SnapshotStore, publish: Callable[..., Path]
) -> None:
    publish()
    with pytest.raises(IndexMismatch, match="assistant-elus corpus rebuild") as caught:
        store.open("autre")
    assert (caught.value.found, caught.value.wanted) == ("fake", "autre")


# Damage


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-40])


def edit(path: Path) -> None:
    path.write_text(path.read_text().replace("distribue", "vend"))


@pytest.mark.parametrize(
    ("file", "damage", "named"),
    [
        ("passages.npy", truncate, r"passages\.npy"),
        ("units.npy", Path.unlink, r"units\.npy"),
        ("documents.jsonl", edit, r"documents\.jsonl"),
        ("passages.jsonl", truncate, r"passages\.jsonl"),
        ("vocabulary.json", Path.unlink, r"vocabulary\.json"),
        ("manifest.json", Path.unlink, "manifest"),
        ("manifest.json", truncate, "manifest"),
        ("contents.json", truncate, r"contents\.json"),
        ("twins.json", truncate, r"twins\.json"),
        ("chroma", shutil.rmtree, "chroma"),
        ("chroma/chroma.sqlite3", truncate, "chroma"),
        ("passages.bm25", shutil.rmtree, "bm25|size.json"),
        ("documents.bm25/size.json", Path.unlink, "size.json"),
    ],
)
def test_damage_is_noticed_at_opening(
    store: SnapshotStore, publish: Callable[..., Path], file: str, damage: Callable[[Path], None], named: str
) -> None:
    damage(publish() / file)
    with pytest.raises(SnapshotDamaged, match=named):
        store.open("fake")


def test_a_lexical_index_that_lost_its_files_is_noticed(store: SnapshotStore, publish: Callable[..., Path]) -> None:
    for path in (publish() / "passages.bm25").iterdir():
        if path.name != "size.json":
            path.unlink()
    with pytest.raises(SnapshotDamaged):
        store.open("fake")


def test_a_pointer_to_a_vanished_folder_is_damage(store: SnapshotStore, publish: Callable[..., Path]) -> None:
    shutil.rmtree(publish())
    with pytest.raises(SnapshotDamaged):
        store.open("fake")


def test_vectors_swapped_under_the_index_are_noticed(store: SnapshotStore, publish: Callable[..., Path]) -> None:
    other = publish({name: text.replace("eau", "girafe") for name, text in TEXTS.items()})
    folder = publish()
    shutil.rmtree(folder / "chroma")
    shutil.copytree(other / "chroma", folder / "chroma")
    with pytest.raises(SnapshotDamaged):
        store.open("fake")


# One writer

HOLDER = """
import sys
from pathlib import Path
from indexing import SnapshotStore
with SnapshotStore(Path(sys.argv[1])).writing():
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_writer_is_told_which_process_is_building(store: SnapshotStore, tmp_path: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with holder:
        assert holder.stdin is not None and holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(WriterBusy, match=str(holder.pid)) as caught, store.writing():
            pass
        assert caught.value.pid == str(holder.pid)
        holder.stdin.close()
        holder.wait(timeout=20)
    with store.writing():
        pass


def test_a_writer_killed_in_the_act_does_not_block_the_next(store: SnapshotStore, tmp_path: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        holder.kill()
    with store.writing():
        pass


def test_the_lock_is_let_go_after_a_failure(store: SnapshotStore) -> None:
    with pytest.raises(RuntimeError), store.writing():
        raise RuntimeError
    with store.writing():
        pass


def test_a_second_writer_without_a_name_is_refused_all_the_same(store: SnapshotStore, tmp_path: Path) -> None:
    with store.writing():
        (tmp_path / "writer.pid").unlink()
        with pytest.raises(WriterBusy) as caught, store.writing():
            pass
    assert caught.value.pid == "?"


# A full disk


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        OSError(errno.EDQUOT, "Disk quota exceeded"),
        OSError("4096 requested and 0 written"),
    ],
    ids=str,
)
def test_a_full_disk_is_named(tmp_path: Path, error: OSError) -> None:
    with pytest.raises(DiskFull, match="no space left") as caught, snapshots.enough_room(tmp_path):
        raise error
    assert caught.value.folder == tmp_path


def test_other_errors_of_the_disk_stay_what_they_are(tmp_path: Path) -> None:
    with pytest.raises(PermissionError), snapshots.enough_room(tmp_path):
        raise PermissionError(errno.EACCES, "Permission denied")
