"""From files to a published snapshot: only what changed is embedded again, and nothing half-done is published."""

from pathlib import Path

import numpy as np
import pytest

from indexing import Library, NoIndex, Progress, SnapshotStore, UnknownDocument, WriterBusy
from indexing.pipeline import BuildReport
from tests.fakes import FakeEmbedder

EAU = "# La régie de l'eau\n\nLa régie distribue l'eau aux habitants.\n"
BOIS = "# La chaufferie\n\nLa chaufferie brûle le bois de la forêt.\n"


def quiet(_: Progress) -> None:
    pass


@pytest.fixture
def embedder() -> FakeEmbedder:
    return FakeEmbedder()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def library(home: Path, embedder: FakeEmbedder) -> Library:
    return Library(home, embedder)  # type: ignore[arg-type]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "eau.md").write_text(EAU)
    (folder / "bois.md").write_text(BOIS)
    return folder


def add(library: Library, *places: Path) -> BuildReport:
    return library.add([str(place) for place in places], {}, quiet)


def ids_by_text(home: Path) -> dict[str, str]:
    snapshot = SnapshotStore(home).open("fake")
    try:
        return {passage.text: passage.id for passage in snapshot.passages}
    finally:
        snapshot.close()


def tree(home: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted((home / "snapshots").rglob("*.json*"))}


# What is added, changed, removed


def test_added_files_are_published(library: Library, home: Path, folder: Path) -> None:
    report = add(library, folder)
    assert report.added == ("bois.md", "eau.md")
    assert report.snapshot == SnapshotStore(home).current()
    assert report.passages == 2
    assert [document.source for document in library.documents()] == ["bois.md", "eau.md"]
    assert all(document.passages == 1 for document in library.documents())


def test_files_added_later_stand_beside_the_others(library: Library, folder: Path) -> None:
    add(library, folder / "eau.md")
    assert add(library, folder / "bois.md").added == ("bois.md",)
    assert {document.source for document in library.documents()} == {"eau.md", "bois.md"}


def test_a_changed_file_replaces_its_document(library: Library, home: Path, folder: Path) -> None:
    add(library, folder)
    (folder / "eau.md").write_text(EAU.replace("distribue", "vend"))
    report = add(library, folder)
    assert (report.added, report.changed, report.unchanged) == ((), ("eau.md",), ("bois.md",))
    assert any("vend l'eau" in text for text in ids_by_text(home))
    assert not any("distribue" in text for text in ids_by_text(home))


def test_metadata_given_by_hand_count_as_a_change(library: Library, folder: Path) -> None:
    add(library, folder / "eau.md")
    assert library.add([str(folder / "eau.md")], {"publisher": "Mairie"}, quiet).changed == ("eau.md",)
    assert library.documents()[0].metadata.publisher == "Mairie"


def test_when_nothing_changed_nothing_is_published(library: Library, home: Path, folder: Path) -> None:
    add(library, folder)
    before = SnapshotStore(home).current()
    report = add(library, folder)
    assert (report.snapshot, report.added, report.unchanged) == (None, (), ("bois.md", "eau.md"))
    assert SnapshotStore(home).current() == before


def test_removed_documents_are_gone(library: Library, home: Path, folder: Path) -> None:
    add(library, folder)
    eau = next(document.id for document in library.documents() if document.source == "eau.md")
    assert library.remove([eau], quiet).removed == ("eau.md",)
    assert [document.source for document in library.documents()] == ["bois.md"]
    assert not any("régie" in text for text in ids_by_text(home))


def test_the_last_document_can_be_removed_and_others_added(library: Library, folder: Path) -> None:
    add(library, folder)
    library.remove([document.id for document in library.documents()], quiet)
    assert library.documents() == ()
    assert add(library, folder).added == ("bois.md", "eau.md")


def test_removing_an_unknown_document_changes_nothing(library: Library, home: Path, folder: Path) -> None:
    add(library, folder)
    before = SnapshotStore(home).current()
    known = library.documents()[0].id
    with pytest.raises(UnknownDocument):
        library.remove([known, "girafe"], quiet)
    assert SnapshotStore(home).current() == before


def test_nothing_can_be_removed_or_rebuilt_before_anything_is_published(library: Library) -> None:
    for attempt in (lambda: library.remove(["eau"], quiet), lambda: library.rebuild(quiet), library.documents):
        with pytest.raises(NoIndex):
            attempt()


# Failures


def test_files_that_fail_are_reported_and_the_others_published(library: Library, folder: Path) -> None:
    (folder / "vide.md").write_text("")
    (folder / "image.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4)
    report = add(library, folder, folder / "absent.md")
    assert {(Path(failure.source).name, failure.code) for failure in report.failed} == {
        ("vide.md", "empty"),
        ("image.txt", "wrong_format"),
        ("absent.md", "missing"),
    }
    assert report.added == ("bois.md", "eau.md")


def test_when_every_file_fails_nothing_is_published(library: Library, home: Path, tmp_path: Path) -> None:
    report = add(library, tmp_path / "absent.md")
    assert (report.snapshot, len(report.failed)) == (None, 1)
    assert SnapshotStore(home).current() is None


def test_a_file_that_became_empty_keeps_its_last_good_text(library: Library, folder: Path) -> None:
    add(library, folder)
    (folder / "eau.md").write_text("")
    assert [failure.source for failure in add(library, folder).failed] == ["eau.md"]
    assert len(library.documents()) == 2


@pytest.mark.parametrize("damaged", ["passages.npy", "units.npy"])
def test_a_snapshot_that_lost_its_vectors_can_be_rebuilt(
    library: Library, home: Path, folder: Path, damaged: str
) -> None:
    add(library, folder)
    before = ids_by_text(home)
    store = SnapshotStore(home)
    name = store.current()
    assert name is not None
    (store.folder(name) / damaged).unlink()
    library.rebuild(quiet)
    assert ids_by_text(home) == before


def test_a_second_writer_is_refused(library: Library, home: Path, folder: Path) -> None:
    with SnapshotStore(home).writing(), pytest.raises(WriterBusy):
        add(library, folder)


# What is embedded


def test_only_new_texts_are_embedded(library: Library, embedder: FakeEmbedder, folder: Path) -> None:
    first = add(library, folder / "eau.md")
    assert first.embedded == len(embedder.embedded) == 3, "a passage, its heading and its sentence"
    embedder.embedded.clear()
    second = add(library, folder / "bois.md")
    assert second.embedded == len(embedder.embedded) == 3
    assert not any("eau" in text for text in embedder.embedded)


def test_a_changed_sentence_is_embedded_without_its_neighbours(
    library: Library, embedder: FakeEmbedder, folder: Path
) -> None:
    add(library, folder)
    embedder.embedded.clear()
    (folder / "eau.md").write_text(EAU + "\nElle relève les compteurs.\n")
    add(library, folder)
    assert len(embedder.embedded) == 2, "the passage and its new sentence"
    assert all("compteurs" in text for text in embedder.embedded)


def test_removing_and_rebuilding_embed_nothing(library: Library, embedder: FakeEmbedder, folder: Path) -> None:
    add(library, folder)
    embedder.embedded.clear()
    library.rebuild(quiet)
    library.remove([library.documents()[0].id], quiet)
    assert embedder.embedded == []


def test_a_text_said_twice_is_embedded_once(library: Library, embedder: FakeEmbedder, folder: Path) -> None:
    for name in ("copie.md", "autre.md"):
        (folder / name).write_text(EAU)
    add(library, folder)
    assert len(embedder.embedded) == len(set(embedder.embedded))


def test_another_model_embeds_everything_anew(home: Path, folder: Path) -> None:
    add(Library(home, FakeEmbedder()), folder)  # type: ignore[arg-type]
    other = FakeEmbedder(fingerprint="autre", dimension=32)
    report = Library(home, other).rebuild(quiet)  # type: ignore[arg-type]
    assert report.embedded == len(other.embedded) == 6
    snapshot = SnapshotStore(home).open("autre")
    assert snapshot.passage_vectors.shape == (2, 32)
    snapshot.close()


def test_a_reused_vector_is_the_vector_of_its_text(library: Library, home: Path, folder: Path) -> None:
    def vectors() -> dict[str, np.ndarray]:
        snapshot = SnapshotStore(home).open("fake")
        try:
            return {p.text: np.array(snapshot.passage_vectors[n]) for n, p in enumerate(snapshot.passages)}
        finally:
            snapshot.close()

    add(library, folder / "eau.md")
    alone = vectors()
    add(library, folder / "bois.md")
    for text, vector in alone.items():
        np.testing.assert_array_equal(vectors()[text], vector)


# Ids


def test_unchanged_text_keeps_its_passage_id(library: Library, home: Path, folder: Path) -> None:
    add(library, folder / "eau.md")
    before = ids_by_text(home)
    library.rebuild(quiet)
    assert ids_by_text(home) == before
    add(library, folder / "bois.md")
    assert ids_by_text(home).items() > before.items()


def test_unchanged_text_of_a_changed_document_keeps_its_passage_id(library: Library, home: Path, folder: Path) -> None:
    add(library, folder / "eau.md")
    before = ids_by_text(home)
    (folder / "eau.md").write_text(EAU + "\n## Prix\n\nLe conseil fixe le prix chaque année.\n")
    add(library, folder / "eau.md")
    assert ids_by_text(home).items() > before.items()


# Interruptions and progress


@pytest.mark.parametrize("stage", ["reading", "preparing", "embedding", "publishing"])
def test_an_interrupted_build_leaves_the_published_snapshot(
    library: Library, home: Path, folder: Path, stage: str
) -> None:
    add(library, folder / "eau.md")
    before, files = SnapshotStore(home).current(), tree(home)

    def interrupt(progress: Progress) -> None:
        if progress.stage == stage:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        library.add([str(folder)], {}, interrupt)
    assert SnapshotStore(home).current() == before
    assert tree(home) == files
    assert add(library, folder).added == ("bois.md",)


def test_a_model_that_fails_leaves_the_published_snapshot(library: Library, home: Path, folder: Path) -> None:
    class Broken(FakeEmbedder):
        def embed_passages(self, texts: object, batch_size: int = 16) -> np.ndarray:
            raise MemoryError

    add(library, folder / "eau.md")
    before = SnapshotStore(home).current()
    with pytest.raises(MemoryError):
        add(Library(home, Broken()), folder)  # type: ignore[arg-type]
    assert SnapshotStore(home).current() == before
    assert len(library.documents()) == 1


def test_progress_reaches_its_total(library: Library, folder: Path) -> None:
    seen: list[Progress] = []
    library.add([str(folder)], {}, seen.append)
    stages = list(dict.fromkeys(progress.stage for progress in seen))
    assert stages == ["reading", "preparing", "embedding", "publishing"]
    for stage in ("embedding", "publishing"):
        last = [progress for progress in seen if progress.stage == stage][-1]
        assert last.done == last.total > 0
    assert all(0 <= progress.done <= progress.total for progress in seen)


def test_progress_never_goes_back_within_a_stage(library: Library, folder: Path) -> None:
    for number in range(150):
        (folder / f"note{number}.md").write_text(f"# Note {number}\n\nLa commune {number} vote le budget {number}.")
    seen: list[Progress] = []
    library.add([str(folder)], {}, seen.append)
    done = [progress.done for progress in seen if progress.stage == "embedding"]
    assert done == sorted(done)
    assert len(done) > 2, "a long embedding is told while it runs"
