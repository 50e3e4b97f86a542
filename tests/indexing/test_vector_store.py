"""Nearest passages by vector, against exact search."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from indexing.vector_store import VectorStore, VectorStoreDamaged, rewritten

pytestmark = pytest.mark.integration

COUNT, DIMENSION, CLUSTERS, QUERIES = 10_000, 384, 60, 100


def unit_rows(vectors: NDArray[np.float64]) -> NDArray[np.float32]:
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture(scope="module")
def vectors() -> NDArray[np.float32]:
    """Clustered as embeddings are: texts on one subject lie close together."""
    chance = np.random.default_rng(2026)
    centres = chance.normal(size=(CLUSTERS, DIMENSION))
    return unit_rows(centres[chance.integers(CLUSTERS, size=COUNT)] + 0.6 * chance.normal(size=(COUNT, DIMENSION)))


@pytest.fixture(scope="module")
def folder(vectors: NDArray[np.float32], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("vectors") / "chroma"
    VectorStore.build(folder, ((f"p{number}", f"d{number % 10}") for number in range(COUNT)), vectors).close()
    return folder


@pytest.fixture
def copy(folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(folder, tmp_path / "chroma"))


def test_ten_nearest_agree_with_exact_search(folder: Path, vectors: NDArray[np.float32]) -> None:
    chance = np.random.default_rng(11)
    near = vectors[chance.choice(COUNT, QUERIES, replace=False)]
    queries = unit_rows(near + 0.03 * chance.normal(size=near.shape))
    exact = np.argsort(-(queries @ vectors.T), axis=1)[:, :10]
    store = VectorStore.open(folder, COUNT)
    found = [{int(name[1:]) for name in store.nearest(query, 10)} for query in queries]
    store.close()
    recall = np.mean([len(set(right) & got) / 10 for right, got in zip(exact.tolist(), found, strict=True)])
    assert recall >= 0.99


def test_the_nearest_comes_first(folder: Path, vectors: NDArray[np.float32]) -> None:
    store = VectorStore.open(folder, COUNT)
    found = [int(name[1:]) for name in store.nearest(vectors[7], 10)]
    store.close()
    cosines = vectors[found] @ vectors[7]
    assert found[0] == 7
    assert cosines.tolist() == sorted(cosines.tolist(), reverse=True)


def test_only_passages_of_the_documents_asked_for_are_found(folder: Path, vectors: NDArray[np.float32]) -> None:
    store = VectorStore.open(folder, COUNT)
    found = [int(name[1:]) for name in store.nearest(vectors[7], 10, ["d3", "d4"])]
    assert store.nearest(vectors[7], 10, ["girafe"]) == []
    store.close()
    assert len(found) == 10
    assert {number % 10 for number in found} <= {3, 4}
    allowed = [number for number in range(COUNT) if number % 10 in (3, 4)]
    exact = [allowed[at] for at in np.argsort(-(vectors[allowed] @ vectors[7]))[:10]]
    assert len(set(found) & set(exact)) >= 9


def test_asking_for_more_than_there_is_gives_all_there_is(tmp_path: Path, vectors: NDArray[np.float32]) -> None:
    store = VectorStore.build(tmp_path / "petit", [("a", "d"), ("b", "d")], vectors[:2])
    assert set(store.nearest(vectors[0], 50)) == {"a", "b"}
    store.close()


def test_another_count_is_damage(copy: Path) -> None:
    with pytest.raises(VectorStoreDamaged, match="10000 vectors, expected 9999"):
        VectorStore.open(copy, COUNT - 1)


def test_a_missing_folder_is_damage(tmp_path: Path) -> None:
    with pytest.raises(VectorStoreDamaged):
        VectorStore.open(tmp_path / "absent", COUNT)


def test_a_missing_database_is_damage(copy: Path) -> None:
    (copy / "chroma.sqlite3").unlink()
    with pytest.raises(VectorStoreDamaged, match="no database"):
        VectorStore.open(copy, COUNT)


def test_a_database_that_is_no_database_is_damage(copy: Path) -> None:
    (copy / "chroma.sqlite3").write_bytes(b"pas une base" * 500)
    with pytest.raises(VectorStoreDamaged):
        VectorStore.open(copy, COUNT)


def test_a_database_that_lost_its_last_bytes_is_damage(copy: Path) -> None:
    path = copy / "chroma.sqlite3"
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(VectorStoreDamaged, match="cut short"):
        VectorStore.open(copy, COUNT)


def test_a_store_closed_by_one_reader_stays_open_for_another(copy: Path, vectors: NDArray[np.float32]) -> None:
    one, other = VectorStore.open(copy, COUNT), VectorStore.open(copy, COUNT)
    one.close()
    assert other.nearest(vectors[7], 1) == ["p7"]
    other.close()


def test_opening_rewrites_the_database_and_nothing_else_that_is_filled(
    copy: Path, vectors: NDArray[np.float32]
) -> None:
    before = {path: path.read_bytes() for path in copy.rglob("*") if path.is_file()}
    store = VectorStore.open(copy, COUNT)
    store.nearest(vectors[0], 10)
    store.close()
    changed = {path for path, content in before.items() if path.read_bytes() != content}
    assert changed <= rewritten(copy) == {copy / "chroma.sqlite3"}


def test_the_index_of_a_small_store_is_rewritten_too(tmp_path: Path, vectors: NDArray[np.float32]) -> None:
    folder = tmp_path / "petit"
    VectorStore.build(folder, [("a", "d")], vectors[:1]).close()
    assert rewritten(folder) == {path for path in folder.rglob("*") if path.is_file()}


def test_lost_vector_files_are_damage_at_the_latest_when_asked(copy: Path, vectors: NDArray[np.float32]) -> None:
    segments = [path for path in copy.iterdir() if path.is_dir()]
    assert segments, "ten thousand vectors are written to a segment"
    for segment in segments:
        for path in segment.glob("*.bin"):
            path.unlink()
    with pytest.raises(VectorStoreDamaged):
        VectorStore.open(copy, COUNT).nearest(vectors[0], 10)


def test_nothing_is_downloaded_or_reported(folder: Path, vectors: NDArray[np.float32]) -> None:
    # Chroma's default embedding function would fetch a model: asking with a text must not be possible.
    store = VectorStore.open(folder, COUNT)
    assert store._collection._embedding_function is None
    store.close()
