"""What finds passages is made from the contents alone, and made the same again."""

import shutil
from pathlib import Path

import pytest

from indexing import SnapshotStore
from indexing.indexes import DOCUMENT_TERMS, NEAREST, PASSAGE_TERMS, TERMS, TWINS, VOCABULARY, read_twins, write_indexes
from indexing.lexical_index import LexicalIndex
from indexing.vector_store import VectorStore
from tests.indexing.small_snapshot import built, documents, publish, renamed


@pytest.fixture
def store(tmp_path: Path) -> SnapshotStore:
    return SnapshotStore(tmp_path)


def test_lost_indexes_are_made_the_same_from_the_contents(store: SnapshotStore) -> None:
    folder = publish(store)
    plain = (VOCABULARY, TERMS, TWINS)
    before = {name: (folder / name).read_bytes() for name in plain}
    weights = {"eau": 1.0, "bois": 0.5}
    scores = [LexicalIndex.load(folder / name).scores(weights).tolist() for name in (DOCUMENT_TERMS, PASSAGE_TERMS)]
    for name in (*plain, DOCUMENT_TERMS, PASSAGE_TERMS, NEAREST):
        shutil.rmtree(folder / name) if (folder / name).is_dir() else (folder / name).unlink()
    write_indexes(folder)
    assert {name: (folder / name).read_bytes() for name in plain} == before
    assert scores == [
        LexicalIndex.load(folder / name).scores(weights).tolist() for name in (DOCUMENT_TERMS, PASSAGE_TERMS)
    ]
    VectorStore.open(folder / NEAREST, 3).close()


def test_twins_are_written_by_the_ids_of_their_passages(store: SnapshotStore) -> None:
    wood = documents()[1]
    folder = store.folder(built(store, [wood, renamed(wood, "copie")]).snapshot)
    assert [len(group) for group in read_twins(folder)] == [2]


def test_a_snapshot_made_before_there_were_twins_has_none(store: SnapshotStore) -> None:
    folder = publish(store)
    (folder / TWINS).unlink()
    assert read_twins(folder) == []
