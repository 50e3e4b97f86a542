"""What tells a whole snapshot from an unfinished or damaged one."""

from pathlib import Path

import pytest

from indexing import manifest as manifests
from indexing.manifest import Manifest, ManifestInvalid


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "20261122-1"
    folder.mkdir()
    (folder / "passages.jsonl").write_text("un")
    (folder / "units.npy").write_text("deux")
    (folder / "chroma").mkdir()
    manifests.save(
        Manifest("20261122-1", "2026-11-22T10:00:00+00:00", "fake", 1, 2, 3, manifests.checksums(folder)), folder
    )
    return folder


def test_a_manifest_reads_back_as_it_was(folder: Path) -> None:
    manifest = manifests.load(folder)
    assert (manifest.snapshot, manifest.model, manifest.documents, manifest.passages, manifest.units) == (
        "20261122-1",
        "fake",
        1,
        2,
        3,
    )
    assert set(manifest.files) == {"passages.jsonl", "units.npy"}
    manifests.verify(manifest, folder)


def test_a_folder_without_manifest_is_unfinished(tmp_path: Path) -> None:
    with pytest.raises(ManifestInvalid, match="no manifest"):
        manifests.load(tmp_path)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"snapshot": "a"}'])
def test_a_manifest_cut_short_is_unreadable(folder: Path, content: str) -> None:
    (folder / "manifest.json").write_text(content)
    with pytest.raises(ManifestInvalid, match="unreadable"):
        manifests.load(folder)


def test_another_format_is_refused(folder: Path) -> None:
    path = folder / "manifest.json"
    path.write_text(path.read_text().replace('"format": 1', '"format": 99').replace('"format":1', '"format":99'))
    with pytest.raises(ManifestInvalid, match="format 99, expected 1"):
        manifests.load(folder)


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "units.npy").unlink()
    with pytest.raises(ManifestInvalid, match=r"units\.npy is missing"):
        manifests.verify(manifests.load(folder), folder)


def test_an_edited_file_is_named(folder: Path) -> None:
    (folder / "passages.jsonl").write_text("UN")
    with pytest.raises(ManifestInvalid, match=r"passages\.jsonl is damaged"):
        manifests.verify(manifests.load(folder), folder)


def test_what_is_left_out_is_not_checked(folder: Path) -> None:
    database = folder / "chroma" / "chroma.sqlite3"
    database.write_text("écrit à la construction")
    assert set(manifests.checksums(folder, [database])) == {"passages.jsonl", "units.npy"}
    database.write_text("écrit à l'ouverture")
    manifests.verify(manifests.load(folder), folder)


def test_each_file_is_known_to_be_whole_or_not(folder: Path) -> None:
    (folder / "passages.jsonl").write_text("UN")
    manifest = manifests.load(folder)
    assert manifests.holds(manifest, folder, "units.npy")
    assert not manifests.holds(manifest, folder, "passages.jsonl")
    assert not manifests.holds(manifest, folder, "absent.npy")
    (folder / "autre.npy").write_text("trois")
    assert not manifests.holds(manifest, folder, "autre.npy"), "nobody wrote it with the others"


def test_contents_are_known_after_the_manifest_is_lost(folder: Path) -> None:
    manifest = manifests.load(folder)
    manifests.save(manifest, folder, manifests.CONTENTS_FILE)
    (folder / "manifest.json").unlink()
    assert manifests.load_contents(folder) == manifest
    (folder / "contents.json").write_text("{")
    with pytest.raises(ManifestInvalid):
        manifests.load_contents(folder)
