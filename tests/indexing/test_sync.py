"""Keeping the index in step with folders: what changed, what went, what failed, and nothing else."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from corpus import SourceFile, Vanishing
from corpus.reading import Reader
from indexing import Library, NoPrevious, Progress, SnapshotStore, UnknownSource, WriterBusy
from tests.fakes import FakeEmbedder

COMPETENCES = ("eau", "bois", "école", "voirie", "culture", "halle", "cimetière", "musée", "forêt", "piscine")


def quiet(_: Progress) -> None:
    pass


def accept(_: Vanishing) -> bool:
    return True


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def library(home: Path) -> Library:
    return Library(home, FakeEmbedder())  # type: ignore[arg-type]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Ten files: three of them may go unasked, not four."""
    folder = tmp_path / "documents"
    folder.mkdir()
    for name in COMPETENCES:
        (folder / f"{name}.md").write_text(f"# Compétence {name}\n\nLa commune s'occupe de {name} depuis longtemps.\n")
    return folder


@pytest.fixture
def followed(library: Library, folder: Path) -> Library:
    library.add([str(folder)], {}, quiet)
    return library


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that are read, by name, from now on."""
    names: list[str] = []
    reading: Callable[..., object] = Reader.read

    def counted(reader: Reader, file: SourceFile, given: object) -> object:
        names.append(file.source)
        return reading(reader, file, given)

    monkeypatch.setattr(Reader, "read", counted)
    return names


def titles(home: Path) -> set[str]:
    """What can be found, from the published snapshot itself."""
    snapshot = SnapshotStore(home).open("fake")
    try:
        return {passage.text.split("\n")[0] for passage in snapshot.passages}
    finally:
        snapshot.close()


def bytes_of(home: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(home.rglob("*")) if path.is_file()}


def sources_of(library: Library) -> set[str]:
    return {record.source for record in library.documents()}


# What changed, and only that


def test_nothing_changed_reads_and_publishes_nothing(followed: Library, home: Path, read: list[str]) -> None:
    before = SnapshotStore(home).current()
    report = followed.sync()
    assert (report.snapshot, len(report.unchanged), read) == (None, 10, [])
    assert SnapshotStore(home).current() == before


def test_only_what_changed_is_read_again(followed: Library, home: Path, folder: Path, read: list[str]) -> None:
    (folder / "eau.md").write_text("# Compétence eau potable\n\nLa commune vend l'eau.\n")
    (folder / "crèche.md").write_text("# Compétence crèche\n\nLa commune ouvre une crèche.\n")
    report = followed.sync()
    assert (report.added, report.changed, report.removed) == (("crèche.md",), ("eau.md",), ())
    assert len(report.unchanged) == 9
    assert sorted(read) == ["crèche.md", "eau.md"]
    assert {"Compétence eau potable", "Compétence crèche"} <= titles(home)
    assert "Compétence eau" not in titles(home)


def test_a_deleted_file_can_no_longer_be_found(followed: Library, home: Path, folder: Path) -> None:
    (folder / "eau.md").unlink()
    assert followed.sync().removed == ("eau.md",)
    assert "Compétence eau" not in titles(home) and len(titles(home)) == 9
    assert followed.sync().removed == ()


def test_a_file_that_only_moved_elsewhere_on_disk_changes_nothing(followed: Library, folder: Path) -> None:
    text = (folder / "eau.md").read_bytes()
    (folder / "eau.md").unlink()
    (folder / "eau.md").write_bytes(text)
    report = followed.sync()
    assert (report.snapshot, len(report.unchanged)) == (None, 10)


def test_what_was_given_when_adding_holds_at_each_sync(library: Library, folder: Path) -> None:
    library.add([str(folder)], {"publisher": "Mairie", "kind": "regle"}, quiet)
    (folder / "eau.md").write_text("# Compétence eau\n\nAutre chose.\n")
    (folder / "crèche.md").write_text("# Compétence crèche\n\nLa commune ouvre une crèche.\n")
    library.sync()
    assert {(one.metadata.publisher, one.metadata.kind) for one in library.documents()} == {("Mairie", "regle")}


def test_one_source_can_be_synced_alone(library: Library, tmp_path: Path, folder: Path) -> None:
    (tmp_path / "autres").mkdir()
    (tmp_path / "autres" / "dla.md").write_text("# Le DLA\n\nUn appui aux associations.\n")
    library.add([str(folder), str(tmp_path / "autres")], {}, quiet)
    for place in (folder, tmp_path / "autres"):
        (place / "nouveau.md").write_text(f"# Nouveau\n\nUn document de {place.name}.\n")
    assert library.sync([str(tmp_path / "autres")]).added == ("nouveau.md",)
    assert len(library.documents()) == 12
    with pytest.raises(UnknownSource):
        library.sync(["ailleurs"])


def test_the_starter_documents_are_not_followed(library: Library, home: Path, folder: Path) -> None:
    library.add([str(folder)], {}, quiet, origin="fiches")
    assert library.sources() == ()
    (folder / "eau.md").unlink()
    assert library.sync().removed == ()
    assert len(library.documents()) == 10


# What vanishes


def asked(answer: bool) -> tuple[list[tuple[int, int]], Callable[[Vanishing], bool]]:
    questions: list[tuple[int, int]] = []

    def confirm(one: Vanishing) -> bool:
        questions.append((one.gone, one.of))
        return answer

    return questions, confirm


def lose(folder: Path, count: int) -> None:
    for name in COMPETENCES[:count]:
        (folder / f"{name}.md").unlink()


def test_three_of_ten_go_without_a_question(followed: Library, folder: Path) -> None:
    lose(folder, 3)
    questions, confirm = asked(False)
    assert len(followed.sync(confirm=confirm).removed) == 3
    assert questions == []


def test_more_than_thirty_percent_is_asked_and_a_refusal_keeps_them(
    followed: Library, home: Path, folder: Path
) -> None:
    lose(folder, 4)
    (folder / "crèche.md").write_text("# Compétence crèche\n\nLa commune ouvre une crèche.\n")
    questions, confirm = asked(False)
    report = followed.sync(confirm=confirm)
    assert questions == [(4, 10)]
    assert (report.removed, report.added) == ((), ("crèche.md",))
    assert [(one.source.place, one.gone, one.of) for one in report.kept] == [(str(folder), 4, 10)]
    assert len(titles(home)) == 11
    questions, confirm = asked(True)
    assert len(followed.sync(confirm=confirm).removed) == 4, "it is asked again"
    assert questions == [(4, 11)]
    assert len(titles(home)) == 7


def test_nobody_there_to_ask_counts_as_a_refusal(followed: Library, folder: Path) -> None:
    lose(folder, 10)
    report = followed.sync()
    assert (report.removed, report.snapshot, len(report.kept)) == ((), None, 1)
    assert len(followed.documents()) == 10


def test_documents_that_come_back_are_found_as_they_were(followed: Library, folder: Path, read: list[str]) -> None:
    texts = {path: path.read_bytes() for path in folder.iterdir()}
    lose(folder, 10)
    followed.sync()
    for path, text in texts.items():
        path.write_bytes(text)
    report = followed.sync()
    assert (report.snapshot, len(report.unchanged), read) == (None, 10, [])


def test_a_folder_that_is_not_there_is_a_failure_and_removes_nothing(
    followed: Library, home: Path, folder: Path
) -> None:
    folder.rename(folder.with_name("débranché"))
    report = followed.sync(confirm=accept)
    assert [(failure.source, failure.code) for failure in report.failed] == [(str(folder), "missing")]
    assert (report.removed, len(titles(home))) == ((), 10)
    folder.with_name("débranché").rename(folder)
    assert len(followed.sync().unchanged) == 10


def test_a_forgotten_source_takes_its_documents_along(library: Library, tmp_path: Path, folder: Path) -> None:
    (tmp_path / "dla.md").write_text("# Le DLA\n\nUn appui aux associations.\n")
    library.add([str(folder), str(tmp_path / "dla.md")], {}, quiet)
    assert len(library.forget(str(folder), quiet).removed) == 10
    assert sources_of(library) == {"dla.md"}
    assert [source.place for source, _ in library.sources()] == [str(tmp_path / "dla.md")]
    with pytest.raises(UnknownSource):
        library.forget(str(folder), quiet)


# What fails


def test_a_file_that_became_unreadable_keeps_its_last_good_text_and_says_so(
    followed: Library, home: Path, folder: Path, read: list[str]
) -> None:
    (folder / "eau.md").write_bytes(b"")
    for _ in range(2):
        report = followed.sync()
        assert [(failure.source, failure.code) for failure in report.failed] == [("eau.md", "empty")]
        assert report.standing == ("eau.md",)
    assert "Compétence eau" in titles(home)
    assert read == ["eau.md"], "the same bytes are not tried again"
    (folder / "eau.md").write_text("# Compétence eau potable\n\nDe retour.\n")
    report = followed.sync()
    assert (report.failed, report.changed) == ((), ("eau.md",))


def test_a_new_file_that_cannot_be_read_stands_in_no_ones_way(followed: Library, folder: Path) -> None:
    (folder / "vide.md").write_bytes(b"")
    (folder / "crèche.md").write_text("# Compétence crèche\n\nLa commune ouvre une crèche.\n")
    report = followed.sync()
    assert (report.added, report.standing) == (("crèche.md",), ())
    assert [failure.source for failure in report.failed] == ["vide.md"]


# A rehearsal


def test_a_dry_run_says_what_would_change_and_changes_nothing(followed: Library, home: Path, folder: Path) -> None:
    (folder / "eau.md").unlink()
    (folder / "bois.md").write_text("# Compétence bois\n\nLa commune chauffe l'école au bois.\n")
    (folder / "crèche.md").write_text("# Compétence crèche\n\nLa commune ouvre une crèche.\n")
    before = bytes_of(home)
    report = followed.sync(dry_run=True)
    assert (report.added, report.changed, report.removed) == (("crèche.md",), ("bois.md",), ("eau.md",))
    assert report.snapshot is None
    assert bytes_of(home) == before
    assert (followed.sync().removed, len(followed.documents())) == (("eau.md",), 10)


def test_a_dry_run_of_an_empty_home_makes_no_home(library: Library, home: Path) -> None:
    library.sync(dry_run=True)
    assert not home.exists()


# By hand


def removed_by_hand(library: Library, source: str) -> None:
    library.remove([next(one.id for one in library.documents() if one.source == source)], quiet)


def test_a_document_removed_by_hand_stays_removed(followed: Library, folder: Path, read: list[str]) -> None:
    removed_by_hand(followed, "eau.md")
    (folder / "eau.md").write_text("# Compétence eau\n\nUne autre version.\n")
    report = followed.sync()
    assert (report.added, report.snapshot, read) == ((), None, [])
    assert "eau.md" not in sources_of(followed)


@pytest.mark.parametrize("place", ["eau.md", ""])
def test_adding_it_again_by_name_or_with_its_folder_brings_it_back(followed: Library, folder: Path, place: str) -> None:
    removed_by_hand(followed, "eau.md")
    assert followed.add([str(folder / place)], {}, quiet).added == ("eau.md",)
    report = followed.sync()
    assert (report.snapshot, len(report.unchanged)) == (None, 10)


def test_a_file_added_alone_then_with_its_folder_is_one_document_that_keeps_what_was_given(
    library: Library, folder: Path
) -> None:
    library.add([str(folder / "eau.md")], {"publisher": "Mairie"}, quiet)
    report = library.add([str(folder)], {}, quiet)
    assert len(report.added) == 9
    (folder / "eau.md").write_text("# Compétence eau\n\nUne autre version.\n")
    assert library.sync().changed == ("eau.md",)
    assert [one.metadata.publisher for one in library.documents() if one.source == "eau.md"] == ["Mairie"]
    assert len(library.documents()) == 10


# Going back


def test_a_rollback_returns_to_the_snapshot_before_and_a_second_one_back(
    followed: Library, home: Path, folder: Path
) -> None:
    (folder / "eau.md").unlink()
    followed.sync()
    assert followed.rollback().documents == 10
    assert "Compétence eau" in titles(home)
    assert followed.rollback().documents == 9
    assert "Compétence eau" not in titles(home)


def test_after_a_rollback_the_next_sync_goes_forward_again(followed: Library, home: Path, folder: Path) -> None:
    (folder / "eau.md").unlink()
    (folder / "bois.md").write_text("# Compétence bois énergie\n\nLa commune chauffe l'école.\n")
    followed.sync()
    followed.rollback()
    report = followed.sync()
    assert (report.changed, report.removed) == (("bois.md",), ("eau.md",))
    assert "Compétence bois énergie" in titles(home)


def test_there_is_nothing_before_the_first_snapshot(followed: Library) -> None:
    with pytest.raises(NoPrevious):
        followed.rollback()


# Interruptions


def test_a_crash_between_publishing_and_noting_it_loses_nothing(
    followed: Library, home: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, read: list[str]
) -> None:
    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    (folder / "eau.md").unlink()
    (folder / "bois.md").write_text("# Compétence bois énergie\n\nLa commune chauffe l'école.\n")
    with monkeypatch.context() as killed:
        killed.setattr("corpus.registry.save", crash)
        with pytest.raises(KeyboardInterrupt):
            followed.sync()
    read.clear()
    report = followed.sync()
    assert (report.snapshot, len(report.unchanged), read) == (None, 9, [])
    assert len(titles(home)) == 9


def test_a_lost_registry_is_found_again_in_the_snapshot(followed: Library, home: Path, read: list[str]) -> None:
    (home / "registry.json").unlink()
    assert (len(followed.sync().unchanged), read) == (10, [])
    (home / "registry.json").write_text("{")
    assert (len(followed.sync().unchanged), read) == (10, [])


def test_an_index_made_before_there_was_a_registry_keeps_its_documents(followed: Library, home: Path) -> None:
    (home / "registry.json").unlink()
    for copy in home.rglob("registry.json"):
        copy.unlink()
    assert (followed.sync().snapshot, followed.sources()) == (None, ())
    assert len(followed.documents()) == 10


@pytest.mark.parametrize("stage", ["reading", "embedding", "publishing"])
def test_an_interrupted_sync_leaves_index_and_registry_as_they_were(
    followed: Library, home: Path, folder: Path, stage: str
) -> None:
    (folder / "eau.md").unlink()
    (folder / "crèche.md").write_text("# Compétence crèche\n\nLa commune ouvre une crèche.\n")
    current, registry = SnapshotStore(home).current(), (home / "registry.json").read_bytes()

    def interrupt(progress: Progress) -> None:
        if progress.stage == stage and progress.done == progress.total:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        followed.sync(on_progress=interrupt)
    if stage == "publishing":
        assert len(titles(home)) == 10, "interrupted just after: the new index is there, whole"
    else:
        assert "Compétence eau" in titles(home)
        assert SnapshotStore(home).current() == current
        assert (home / "registry.json").read_bytes() == registry
    followed.sync()
    assert len(titles(home)) == 10 and "Compétence crèche" in titles(home)


def test_a_second_writer_is_refused_or_waits(followed: Library, home: Path, folder: Path) -> None:
    held, free = threading.Event(), threading.Event()

    def hold() -> None:
        with SnapshotStore(home).writing():
            held.set()
            free.wait(10)

    other = threading.Thread(target=hold)
    other.start()
    held.wait(10)
    (folder / "crèche.md").write_text("# Compétence crèche\n\nLa commune ouvre une crèche.\n")
    with pytest.raises(WriterBusy):
        followed.sync()
    threading.Timer(0.5, free.set).start()
    assert followed.sync(wait=10).added == ("crèche.md",)
    other.join()
