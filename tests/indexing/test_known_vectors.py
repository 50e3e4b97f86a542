"""Vectors already made are found by the key of their text, wherever they are kept."""

from pathlib import Path

import numpy as np
import pytest

from indexing import SnapshotStore
from indexing.contents import KEY
from indexing.known_vectors import KnownVectors, MadeVectors, VectorFile, stored_vectors
from tests.indexing.small_snapshot import publish


def key(name: str) -> bytes:
    return name.encode().ljust(KEY, b"0")


def keys(*names: str) -> np.ndarray:
    return np.array([key(name) for name in names], dtype=f"S{KEY}")


def rows(*values: float) -> np.ndarray:
    return np.array([[value, -value] for value in values], dtype=np.float32)


def looked_up(known: KnownVectors, *names: str) -> list[float]:
    return [float(row[0]) for block in known.blocks(keys(*names)) for row in block]


def test_a_vector_is_found_by_its_key_in_the_order_asked() -> None:
    known = KnownVectors([VectorFile.of(keys("c", "a", "b"), rows(3, 1, 2))])
    assert looked_up(known, "b", "a", "c", "a") == [2, 1, 3, 1]
    assert known.has([key("a"), key("z")]).tolist() == [True, False]
    assert known.dimension == 2


def test_the_first_file_that_holds_a_key_has_it() -> None:
    known = KnownVectors([VectorFile.of(keys("a"), rows(1)), VectorFile.of(keys("a", "b"), rows(8, 9))])
    assert looked_up(known, "a", "b") == [1, 9]


def test_a_key_without_a_vector_is_an_error() -> None:
    with pytest.raises(KeyError, match="z"):
        looked_up(KnownVectors([VectorFile.of(keys("a"), rows(1))]), "a", "z")


def test_nothing_known_knows_nothing() -> None:
    known = KnownVectors([])
    assert known.has([key("a")]).tolist() == [False]
    assert known.has([]).tolist() == []
    assert (known.dimension, looked_up(known)) == (0, [])


def test_the_vectors_of_a_snapshot_are_those_of_its_model_only(tmp_path: Path) -> None:
    folder = publish(SnapshotStore(tmp_path))
    assert [len(file.keys) for file in stored_vectors(folder, "fake")] == [3, 7]
    assert stored_vectors(folder, "autre") == []
    assert stored_vectors(tmp_path / "absent", "fake") == []


# Of a build cut short


def test_what_was_made_is_there_for_the_next_build(tmp_path: Path) -> None:
    made = MadeVectors(tmp_path / "made", "fake")
    assert made.file() is None
    made.append([key("b"), key("a")], rows(2, 1))
    made.append([key("c")], rows(3))
    again = MadeVectors(tmp_path / "made", "fake")
    again.append([key("d")], rows(4))
    kept = again.file()
    assert kept is not None
    assert looked_up(KnownVectors([kept]), "a", "b", "c", "d") == [1, 2, 3, 4]


def test_what_another_model_made_is_dropped(tmp_path: Path) -> None:
    MadeVectors(tmp_path / "made", "fake").append([key("a")], rows(1))
    assert MadeVectors(tmp_path / "made", "autre").file() is None
    assert not (tmp_path / "made").exists()


@pytest.mark.parametrize(("file", "lost"), [("rows.f32", 3), ("keys.txt", 5), ("rows.f32", 8), ("keys.txt", 25)])
def test_what_was_cut_in_the_middle_of_a_row_is_dropped(tmp_path: Path, file: str, lost: int) -> None:
    made = MadeVectors(tmp_path / "made", "fake")
    made.append([key("a"), key("b")], rows(1, 2))
    path = tmp_path / "made" / file
    path.write_bytes(path.read_bytes()[:-lost])
    again = MadeVectors(tmp_path / "made", "fake")
    kept = again.file()
    assert kept is not None
    assert KnownVectors([kept]).has([key("a"), key("b")]).tolist() == [True, False]
    again.append([key("c")], rows(3))
    whole = again.file()
    assert whole is not None
    assert looked_up(KnownVectors([whole]), "a", "c") == [1, 3]


@pytest.mark.parametrize("file", ["made.json", "rows.f32", "keys.txt"])
def test_what_lost_a_file_is_begun_anew(tmp_path: Path, file: str) -> None:
    MadeVectors(tmp_path / "made", "fake").append([key("a")], rows(1))
    (tmp_path / "made" / file).unlink()
    assert MadeVectors(tmp_path / "made", "fake").file() is None
