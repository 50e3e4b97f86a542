"""A file that an editor sent stays as long as going back may need it, and is erased with the last snapshot of it."""

import json
from pathlib import Path

import pytest

from indexing import Library, Progress, SnapshotStore, WriterBusy, deposit_place, is_deposit
from indexing.copying import published_files
from indexing.readers import Reader
from tests.fakes import FakeEmbedder

MARE = "# La mare des Essarts\n\nLa mare a été curée par vingt habitants en 2021.\n"


def quiet(_: Progress) -> None:
    pass


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def library(home: Path, tmp_path: Path) -> Library:
    """One document of a folder, so that the index is never empty."""
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "bois.md").write_text("# La chaufferie\n\nLa chaufferie brûle le bois de la forêt.\n")
    library = Library(home, FakeEmbedder())  # type: ignore[arg-type]
    library.add([str(folder)], {}, quiet)
    return library


@pytest.fixture
def mare(library: Library, home: Path) -> Path:
    """A deposit that is published."""
    return deposit(library, home, "mare.md", MARE)


def deposit(library: Library, home: Path, name: str, text: str) -> Path:
    path = deposit_place(home, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    library.add([str(path)], {"publisher": "Syndicat de rivière"}, quiet, first=lambda: write(path, text))
    return path


def write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def remove(library: Library, path: Path) -> None:
    library.remove([one.id for one in library.documents() if one.source == path.name], quiet)


def publish_something(library: Library, home: Path, number: int = 0) -> None:
    path = home.parent / "documents" / f"publié-{number}.md"
    write(path, f"# Compétence {number}\n\nLa commune s'occupe de {number} fontaines.\n")
    library.sync()


def names(library: Library) -> set[str]:
    return {one.source for one in library.documents()}


def test_a_removed_deposit_is_erased_with_the_last_snapshot_that_holds_it(
    library: Library, home: Path, mare: Path
) -> None:
    remove(library, mare)
    assert mare.exists(), "going back must find the document's file"
    publish_something(library, home)
    assert not mare.exists() and not mare.parent.exists()
    left = [path for path in home.rglob("*") if path.is_file() and b"vingt habitants" in path.read_bytes()]
    assert left == [] and "Syndicat" not in (home / "registry.json").read_text()


def test_no_sync_brings_a_removed_deposit_back_nor_speaks_of_it(library: Library, home: Path, mare: Path) -> None:
    remove(library, mare)
    for number in range(3):
        report = library.sync()
        assert (report.failed, report.kept, report.added) == ((), (), ()) and "mare.md" not in names(library)
        publish_something(library, home, number)


def test_going_back_restores_the_document_and_its_file_is_followed_again(
    library: Library, home: Path, mare: Path
) -> None:
    remove(library, mare)
    library.rollback()
    assert "mare.md" in names(library)
    write(mare, MARE.replace("2021", "2022"))
    assert library.sync().changed == ("mare.md",)
    for number in range(3):
        publish_something(library, home, number)
    assert mare.exists() and library.sync().failed == ()


def test_going_back_and_forth_then_publishing_erases_it(library: Library, home: Path, mare: Path) -> None:
    remove(library, mare)
    library.rollback()
    library.rollback()
    assert mare.exists() and "mare.md" not in names(library)
    publish_something(library, home)
    assert not mare.exists()


def test_the_same_file_sent_again_is_a_new_document_with_nothing_of_before(
    library: Library, home: Path, mare: Path
) -> None:
    remove(library, mare)
    publish_something(library, home)
    write_again = deposit_place(home, "mare.md")
    write_again.parent.mkdir(parents=True)
    report = library.add([str(write_again)], {}, quiet, first=lambda: write(write_again, MARE))
    assert report.added == ("mare.md",)
    publish_something(library, home, 1)
    assert mare.exists()
    (record,) = (one for one in library.documents() if one.source == "mare.md")
    assert record.metadata.publisher is None


def test_deposits_that_are_followed_stay_in_a_home_that_was_moved(home: Path, library: Library, mare: Path) -> None:
    moved = home.rename(home.parent / "ailleurs")
    elsewhere = Library(moved, FakeEmbedder())  # type: ignore[arg-type]
    for number in range(2):
        publish_something(elsewhere, moved, number)
    assert (moved / mare.relative_to(home)).exists()


def test_what_was_put_in_place_and_never_registered_goes_and_other_files_stay(library: Library, home: Path) -> None:
    orphan, ours = deposit_place(home, "orphelin.md"), home / "deposited" / "a la main" / "note.md"
    for path in (orphan, ours):
        path.parent.mkdir(parents=True)
        write(path, MARE)
    publish_something(library, home)
    assert not orphan.exists() and ours.exists()


def test_nothing_is_erased_while_a_registry_cannot_be_read(library: Library, home: Path, mare: Path) -> None:
    remove(library, mare)
    publish_something(library, home, 1)
    again = deposit(library, home, "mare.md", MARE)
    remove(library, again)
    store = SnapshotStore(home)
    (store.folder(str(store.current())) / "registry.json").write_text("{")
    publish_something(library, home, 2)
    assert again.exists()
    publish_something(library, home, 3)
    assert not again.exists()


def test_a_snapshot_that_is_still_read_keeps_its_deposits(library: Library, home: Path, mare: Path) -> None:
    store = SnapshotStore(home)
    reader = Reader(store.folder(str(store.current())))
    remove(library, mare)
    publish_something(library, home)
    assert mare.exists()
    library.tidy()
    assert mare.exists() and not library.is_tidy()
    reader.let_go()
    library.tidy()
    assert not mare.exists() and library.is_tidy()
    assert names(library) == {"bois.md", "publié-0.md"}


def test_a_deposit_in_a_followed_folder_keeps_its_mark_and_its_file(library: Library, home: Path, mare: Path) -> None:
    library.add([str(mare.parent)], {}, quiet)
    remove(library, mare)
    for number in range(2):
        publish_something(library, home, number)
    assert mare.exists() and "mare.md" not in names(library)


def test_a_home_whose_removed_deposits_were_only_marked_is_tidied(library: Library, home: Path, mare: Path) -> None:
    registry = home / "registry.json"
    remove(library, mare)
    # As the version before wrote it: the source stays, its item marked.
    told = json.loads(registry.read_text())
    item = {"name": "mare.md", "document_id": "mare-1", "removed": True}
    source = {"id": "mare.md-1", "place": str(mare), "type": "file", "origin": str(mare.parent), "given": {}}
    told["sources"].append({**source, "include": [], "exclude": [], "added_at": "", "items": [item]})
    registry.write_text(json.dumps(told))
    publish_something(library, home)
    assert not mare.exists() and [one.place for one, _ in library.sources()] == [str(home.parent / "documents")]


def test_files_are_put_in_place_only_when_nobody_else_writes(library: Library, home: Path) -> None:
    called: list[str] = []
    with SnapshotStore(home).writing(), pytest.raises(WriterBusy):
        library.add([str(deposit_place(home, "a.md"))], {}, quiet, first=lambda: called.append("put"))
    assert called == []


def test_a_removed_deposit_is_left_out_of_a_copy(library: Library, home: Path, mare: Path) -> None:
    with published_files(home) as files:
        assert files is not None and files.leaving == frozenset()
    remove(library, mare)
    with published_files(home) as files:
        assert files is not None and files.leaving == {mare}


@pytest.mark.parametrize(
    ("place", "is_one"),
    [
        ("x/deposited/a/mare.md", False),
        ("mare.md", False),
        ("/x/deposes/{}/mare.md", False),
        ("/y/deposited/{}/mare.md", True),
    ],
)
def test_only_the_places_we_make_are_deposits(place: str, is_one: bool) -> None:
    digest = deposit_place(Path("/x"), "mare.md").parent.name
    assert is_deposit(place.format(digest)) is is_one
