"""The plain files of a snapshot: written as documents come, read one by one."""

from pathlib import Path

import numpy as np
import pytest

from indexing import SnapshotDamaged, SnapshotStore
from indexing.contents import (
    KEY,
    ContentsWriter,
    StoredPassages,
    iter_documents,
    iter_passages,
    parse_keys,
    read_keys,
    read_records,
    save_rows,
    texts_to_embed,
)
from indexing.splitter import split_document
from tests.indexing.small_snapshot import documents, publish

ONE, TWO, THREE = (letter * KEY for letter in (b"a", b"b", b"c"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return publish(SnapshotStore(tmp_path))


def test_documents_read_back_in_order(folder: Path) -> None:
    assert list(iter_documents(folder)) == documents()


def test_records_count_the_passages_of_each_document(folder: Path) -> None:
    assert [(one.id, one.passages) for one in read_records(folder)] == [
        (one.id, len(split_document(one))) for one in documents()
    ]


def test_a_document_changed_by_hand_is_noticed_before_the_first_is_read(folder: Path) -> None:
    path = folder / "documents.jsonl"
    path.write_text(path.read_text().replace("distribue", "vend"))
    with pytest.raises(SnapshotDamaged, match=r"documents\.jsonl is damaged"):
        next(iter_documents(folder))


def test_documents_are_read_when_nothing_says_what_they_were(folder: Path) -> None:
    (folder / "manifest.json").unlink()
    (folder / "contents.json").unlink()
    assert list(iter_documents(folder)) == documents()


def test_a_line_cut_short_is_damage(folder: Path) -> None:
    path = folder / "passages.jsonl"
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(SnapshotDamaged):
        list(iter_passages(folder))


def test_passages_can_be_read_in_any_order(folder: Path) -> None:
    stored, passages = StoredPassages(folder), list(iter_passages(folder))
    assert len(stored) == len(passages) == 3
    assert [stored[2], stored[0]] == [passages[2], passages[0]]
    assert list(stored) == stored[:] == passages


def test_keys_of_units_follow_those_of_passages(tmp_path: Path) -> None:
    with ContentsWriter(tmp_path) as writer:
        writer.add_keys([ONE], [TWO])
        writer.add_keys([THREE], [])
        writer.join_keys()
    assert read_keys(tmp_path).tolist() == [ONE, THREE, TWO]
    assert writer.units == 1


@pytest.mark.parametrize("raw", [b"", ONE, ONE + b"\n" + TWO, ONE + b"\n" + TWO + b"\n"])
def test_keys_are_read_with_or_without_a_last_line_break(raw: bytes) -> None:
    assert parse_keys(raw).tolist() == raw.split()


def test_keys_cut_short_are_refused() -> None:
    with pytest.raises(ValueError, match="size"):
        parse_keys(ONE + b"\n" + TWO[:5])


def test_texts_to_embed_read_back_as_they_are(tmp_path: Path) -> None:
    with ContentsWriter(tmp_path) as writer:
        writer.add_text(ONE, "« À l'été »\n1 000 €")
        writer.join_keys()
    assert list(texts_to_embed(tmp_path)) == [(ONE, "« À l'été »\n1 000 €")]


def test_rows_written_block_by_block_make_one_array(tmp_path: Path) -> None:
    rows = np.arange(12, dtype=np.float32).reshape(6, 2)
    save_rows(tmp_path / "rows.npy", (rows[start : start + 4] for start in (0, 4)), (6, 2), np.float16)
    read = np.load(tmp_path / "rows.npy", mmap_mode="r")
    assert read.dtype == np.float16
    np.testing.assert_array_equal(read, rows)


def test_no_rows_make_an_empty_array(tmp_path: Path) -> None:
    save_rows(tmp_path / "rows.npy", iter(()), (0, 0), np.float32)
    assert np.load(tmp_path / "rows.npy").shape == (0, 0)
