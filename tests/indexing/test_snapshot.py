"""One published, immutable index: whole or refused, flipped atomically, one writer at a time."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from corpus import Document, Metadata, Territory
from corpus.parsers.text import parse_text
from indexing import (
    Filters,
    IndexMismatch,
    NoIndex,
    Snapshot,
    SnapshotDamaged,
    SnapshotStore,
    UnknownDocument,
    WriterBusy,
    terms,
)
from indexing import snapshot as snapshots
from indexing.snapshot import Contents, unit_texts
from indexing.splitter import split_document
from tests.fakes import FakeEmbedder

TEXTS = {
    "eau": "# La régie de l'eau\n\nLa régie distribue l'eau.\n\n## Prix\n\n- un abonnement\n- un prix au mètre cube",
    "bois": "# La chaufferie au bois\n\nLa chaufferie brûle le bois de la forêt communale.",
}
EMBEDDER = FakeEmbedder()


def contents(texts: dict[str, str] = TEXTS) -> Contents:
    documents = tuple(
        Document(name, f"{name}.md", Metadata(name.title(), themes=(name,)), parse_text(text))
        for name, text in texts.items()
    )
    passages = tuple(passage for document in documents for passage in split_document(document))
    units = [text for passage in passages for text in unit_texts(passage, "")]
    said = [passage.text for passage in passages]
    return Contents(
        documents,
        passages,
        EMBEDDER.embed_passages(said),
        EMBEDDER.embed_passages(units).astype(np.float16),
        tuple(f"clé{number}" for number in range(len(said) + len(units))),
    )


@pytest.fixture
def store(tmp_path: Path) -> SnapshotStore:
    return SnapshotStore(tmp_path)


@pytest.fixture
def publish(store: SnapshotStore) -> Callable[..., Path]:
    def publish(name: str, texts: dict[str, str] = TEXTS) -> Path:
        snapshots.write(store.folder(name), name, "2026-11-22T10:00:00+00:00", "fake", contents(texts))
        store.publish(name)
        return store.folder(name)

    return publish


@pytest.fixture
def opened(store: SnapshotStore, publish: Callable[..., Path]) -> Iterator[Snapshot]:
    publish("un")
    snapshot = store.open("fake")
    yield snapshot
    snapshot.close()


# Reading


def test_a_snapshot_reads_back_what_was_written(opened: Snapshot) -> None:
    written = contents()
    assert opened.texts == written.documents
    assert opened.passages == written.passages
    np.testing.assert_array_equal(opened.passage_vectors, written.passage_vectors)
    assert (opened.manifest.documents, opened.manifest.passages) == (2, len(written.passages))
    assert opened.record("eau").passages + opened.record("bois").passages == len(written.passages)


def test_each_passage_has_the_vectors_of_its_own_units(opened: Snapshot) -> None:
    for number, passage in enumerate(opened.passages):
        expected = EMBEDDER.embed_passages(unit_texts(passage, "")).astype(np.float16)
        np.testing.assert_array_equal(opened.units_of(number), expected)
        assert opened.number_of(passage.id) == number


def test_the_nearest_passage_is_found_by_its_vector(opened: Snapshot) -> None:
    query = EMBEDDER.embed_queries(["chaufferie bois forêt"])[0]
    nearest = opened.nearest(query, 3, Filters())
    assert opened.passages[nearest[0]].document_id == "bois"
    assert len(nearest) == len(opened.passages) or len(nearest) == 3


def test_a_filter_keeps_its_documents_and_one_that_matches_nothing_finds_nothing(opened: Snapshot) -> None:
    query = EMBEDDER.embed_queries(["chaufferie bois forêt"])[0]
    found = opened.nearest(query, 9, Filters(themes=("eau",)))
    assert {opened.passages[number].document_id for number in found} == {"eau"}
    assert opened.nearest(query, 9, Filters(themes=("girafe",))).tolist() == []


def test_words_find_passages_and_documents(opened: Snapshot) -> None:
    weights = dict.fromkeys(terms("chaufferie"), 1.0)
    assert opened.passages[int(opened.passage_terms.scores(weights).argmax())].document_id == "bois"
    assert opened.texts[int(opened.document_terms.scores(weights).argmax())].id == "bois"
    assert "chaufferie" in opened.vocabulary


def test_a_story_is_found_by_a_place_its_text_does_not_name(store: SnapshotStore) -> None:
    written = contents()
    water, *others = written.documents
    placed = replace(water.metadata, territory=Territory("Figeac", "Lot", "Occitanie"))
    documents = (replace(water, metadata=placed), *others)
    snapshots.write(
        store.folder("un"), "un", "2026-11-22T10:00:00+00:00", "fake", replace(written, documents=documents)
    )
    store.publish("un")
    snapshot = store.open("fake")
    for place in ("figeac", "Lot", "Occitanie"):
        scores = snapshot.document_terms.scores(dict.fromkeys(terms(place), 1.0))
        assert list(snapshot.documents)[int(scores.argmax())] == water.id
        assert scores.max() > 0
        assert snapshot.vocabulary.knows(terms(place)[0])
    snapshot.close()


def test_a_rarer_term_has_more_rarity(opened: Snapshot) -> None:
    common, rare, unknown = (opened.rarity(terms(word)[0]) for word in ("régie", "abonnement", "girafe"))
    assert 0 <= common <= rare < unknown


def test_an_unknown_document_is_an_error(opened: Snapshot) -> None:
    with pytest.raises(UnknownDocument):
        opened.record("girafe")


def test_a_snapshot_without_documents_opens_and_finds_nothing(store: SnapshotStore) -> None:
    empty = Contents((), (), np.zeros((0, 64), np.float32), np.zeros((0, 64), np.float16), ())
    snapshots.write(store.folder("vide"), "vide", "2026-11-22T10:00:00+00:00", "fake", empty)
    store.publish("vide")
    snapshot = store.open("fake")
    assert snapshot.passages == ()
    snapshot.close()


# Publishing


def test_nothing_published_is_no_index(store: SnapshotStore) -> None:
    assert store.current() is None
    with pytest.raises(NoIndex):
        store.open("fake")


def test_what_is_written_but_not_published_is_not_seen(store: SnapshotStore, publish: Callable[..., Path]) -> None:
    publish("un")
    snapshots.write(store.folder("deux"), "deux", "2026-11-22T11:00:00+00:00", "fake", contents())
    assert store.current() == "un"


def test_a_publication_interrupted_before_the_flip_leaves_the_current_one(
    store: SnapshotStore, publish: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    publish("un")

    def cut(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", cut)
    with pytest.raises(KeyboardInterrupt):
        publish("deux")
    monkeypatch.undo()
    assert store.current() == "un"
    store.open("fake").close()


def test_the_previous_snapshot_is_kept_and_older_ones_dropped(
    store: SnapshotStore, publish: Callable[..., Path]
) -> None:
    folders = [publish(name) for name in ("un", "deux", "trois")]
    assert [folder.exists() for folder in folders] == [False, True, True]
    assert store.current() == "trois"


def test_a_reader_keeps_its_snapshot_while_another_is_published(opened: Snapshot, publish: Callable[..., Path]) -> None:
    publish("deux", {"bois": TEXTS["bois"]})
    query = EMBEDDER.embed_queries(["régie eau"])[0]
    assert opened.passages[opened.nearest(query, 1, Filters())[0]].document_id == "eau"


def test_a_snapshot_of_another_model_names_the_command_that_rebuilds(
    store: SnapshotStore, publish: Callable[..., Path]
) -> None:
    publish("un")
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
        ("chroma", shutil.rmtree, "chroma"),
        ("chroma/chroma.sqlite3", truncate, "chroma"),
        ("passages.bm25", shutil.rmtree, "bm25|size.json"),
        ("documents.bm25/size.json", Path.unlink, "size.json"),
    ],
)
def test_damage_is_noticed_at_opening(
    store: SnapshotStore, publish: Callable[..., Path], file: str, damage: Callable[[Path], None], named: str
) -> None:
    damage(publish("un") / file)
    with pytest.raises(SnapshotDamaged, match=named):
        store.open("fake")


def test_a_lexical_index_that_lost_its_files_is_noticed(store: SnapshotStore, publish: Callable[..., Path]) -> None:
    for path in (publish("un") / "passages.bm25").iterdir():
        if path.name != "size.json":
            path.unlink()
    with pytest.raises(SnapshotDamaged):
        store.open("fake")


def test_a_pointer_to_a_vanished_folder_is_damage(store: SnapshotStore, publish: Callable[..., Path]) -> None:
    shutil.rmtree(publish("un"))
    with pytest.raises(SnapshotDamaged):
        store.open("fake")


def test_vectors_swapped_under_the_index_are_noticed(store: SnapshotStore, publish: Callable[..., Path]) -> None:
    other = publish("deux", {name: text.replace("eau", "girafe") for name, text in TEXTS.items()})
    folder = publish("un")
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
