"""The registry: what is written is read again, whole or not at all, and quickly."""

import json
import os
import time
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.registry import Item, Registry, RegistryInvalid, dump, load, parse, save
from corpus.sources import Source

FOLDER = Source(
    "documents-1a2b3c",
    "/data/documents",
    "folder",
    "/data/documents",
    {"kind": "regle"},
    ("*.pdf",),
    ("*~",),
    "2026-11-22",
)
SITE = Source("sitemap-4d5e6f", "https://exemple.fr/sitemap.xml", "sitemap", "web")
EAU = Item("aides/l'eau « à la source ».pdf", "eau-1", True, "d1", "f1", (12, 34, 56), seen="2026-11-22")
LOST = Item(
    "https://exemple.fr/a",
    "a-1",
    etag='"x"',
    last_modified="Sun, 22 Nov 2026 10:00:00 GMT",
    misses=1,
    failure=("no_text", ""),
    trouble=("http_status", "404"),
    removed=True,
)
REGISTRY = Registry(
    "20261122-1",
    {FOLDER.id: FOLDER, SITE.id: SITE},
    {FOLDER.id: {EAU.name: EAU}, SITE.id: {LOST.name: LOST}},
)


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    save(REGISTRY, tmp_path / "home" / "registry.json")
    assert load(tmp_path / "home" / "registry.json") == REGISTRY


def test_a_name_that_is_no_text_is_written_too() -> None:
    odd = replace(EAU, name=os.fsdecode(b"caf\xe9.pdf"))
    registry = Registry(None, {FOLDER.id: FOLDER}, {FOLDER.id: {odd.name: odd}})
    assert parse(dump(registry)) == registry


@pytest.mark.parametrize(
    "raw",
    [b"", b"[]", b"null", b"{}", b'{"format": 99, "snapshot": null, "sources": []}', dump(REGISTRY)[:-20], b"\xff"],
)
def test_what_is_no_registry_is_refused(raw: bytes, tmp_path: Path) -> None:
    (tmp_path / "registry.json").write_bytes(raw)
    with pytest.raises(RegistryInvalid):
        load(tmp_path / "registry.json")


def test_an_item_of_an_unknown_form_is_refused() -> None:
    told = json.loads(dump(REGISTRY))
    told["sources"][0]["items"][0]["colour"] = "blue"
    with pytest.raises(RegistryInvalid):
        parse(json.dumps(told).encode())


def test_no_registry_is_told_apart_from_an_empty_one(tmp_path: Path) -> None:
    with pytest.raises(RegistryInvalid):
        load(tmp_path / "registry.json")


def test_a_failed_write_leaves_the_one_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "registry.json"
    save(REGISTRY, path)

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError):
        save(Registry(), path)
    assert load(path) == REGISTRY


def test_a_source_is_found_by_its_id_or_its_place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert REGISTRY.find(FOLDER.id) == REGISTRY.find("/data/documents") == REGISTRY.find("/data/./documents/") == FOLDER
    assert REGISTRY.find("https://exemple.fr/sitemap.xml") == SITE
    assert REGISTRY.find("documents") is None


def test_a_document_removed_by_hand_is_marked_wherever_it_stands() -> None:
    marked = REGISTRY.marked_removed({"eau-1"}).items_of(FOLDER.id)[EAU.name]
    assert (marked.removed, marked.published) == (True, False)
    assert REGISTRY.items_of(FOLDER.id)[EAU.name] == EAU, "registries are values"


def test_the_time_a_registry_takes_to_load_grows_no_faster_than_its_items(tmp_path: Path) -> None:
    def seconds(count: int) -> float:
        names = [f"dossier/{number}.pdf" for number in range(count)]
        items = {name: replace(EAU, name=name, document_id=f"d-{name}", digest="e" * 64) for name in names}
        path = tmp_path / f"{count}.json"
        save(Registry("s", {FOLDER.id: FOLDER}, {FOLDER.id: items}), path)
        best = float("inf")
        for _ in range(3):
            started = time.process_time()
            loaded = load(path)
            best = min(best, time.process_time() - started)
        assert len(loaded.items_of(FOLDER.id)) == count
        return best

    # Ten times the items: 10 when linear, 100 when each is compared with all.
    assert seconds(10_000) < 40 * seconds(1_000)
