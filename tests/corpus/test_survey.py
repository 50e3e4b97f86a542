"""What changed on disk, told without reading what did not change."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.registry import Item, Items
from corpus.sources import Source, local_source
from corpus.survey import Sighting, after_reading, failure_of, survey_disk, vanishing

NOW = "2026-11-22T10:00:00+00:00"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "documents"
    (folder / "aides").mkdir(parents=True)
    (folder / "eau.md").write_text("# L'eau\n\nLa régie distribue l'eau.")
    (folder / "bois.md").write_text("# Le bois\n\nLa chaufferie brûle le bois.")
    (folder / "aides" / "dla.md").write_text("# Le DLA\n\nUn dispositif local d'accompagnement.")
    return folder


def look(source: Source, known: Items, *, again: bool = False, held: tuple[str, ...] = ()) -> list[Sighting]:
    return list(survey_disk(source, known, lambda one: one in held, NOW, again=again).sightings)


def read(source: Source, known: Items) -> dict[str, Item]:
    """The registry after a look whose documents were all read well."""
    sightings = look(source, known)
    return {one.item.name: after_reading(one.item, None) if one.file else one.item for one in sightings}


def verdicts(sightings: list[Sighting]) -> dict[str, str]:
    return {one.item.name: one.verdict for one in sightings}


@pytest.fixture
def source(folder: Path) -> Source:
    return local_source(str(folder), NOW)


@pytest.fixture
def known(source: Source) -> dict[str, Item]:
    return read(source, {})


def test_everything_is_new_at_first(source: Source) -> None:
    assert verdicts(look(source, {})) == {"aides/dla.md": "new", "bois.md": "new", "eau.md": "new"}


def test_what_did_not_change_is_not_opened(source: Source, known: Items, monkeypatch: pytest.MonkeyPatch) -> None:
    def closed(*_: object, **__: object) -> None:
        raise AssertionError("a file was opened")

    monkeypatch.setattr(Path, "open", closed)
    monkeypatch.setattr(Path, "read_bytes", closed)
    assert set(verdicts(look(source, known)).values()) == {"unchanged"}


def test_a_file_touched_but_not_changed_is_unchanged(source: Source, known: Items, folder: Path) -> None:
    os.utime(folder / "eau.md", (1, 1))
    (sighting,) = [one for one in look(source, known) if one.item.name == "eau.md"]
    assert sighting.verdict == "unchanged"
    assert sighting.item.stat != known["eau.md"].stat, "its new time is kept: it is not opened next time"


def test_a_change_of_the_same_length_is_seen(source: Source, known: Items, folder: Path) -> None:
    (folder / "eau.md").write_text("# L'eau\n\nLa régie distribua l'eau.")
    assert verdicts(look(source, known))["eau.md"] == "changed"


def test_a_file_that_went_is_gone(source: Source, known: Items, folder: Path) -> None:
    (folder / "aides" / "dla.md").unlink()
    assert verdicts(look(source, known)) == {"bois.md": "unchanged", "eau.md": "unchanged", "aides/dla.md": "gone"}


def test_a_side_file_is_part_of_its_document(source: Source, known: Items, folder: Path) -> None:
    (folder / "eau.md.toml").write_text('publisher = "Mairie"\n')
    assert verdicts(look(source, known))["eau.md"] == "changed"
    after = read(source, known)
    assert verdicts(look(source, after))["eau.md"] == "unchanged"


def test_other_metadata_given_by_hand_change_every_document(source: Source, known: Items) -> None:
    assert set(verdicts(look(replace(source, given={"kind": "regle"}), known)).values()) == {"changed"}


def test_a_side_file_that_is_broken_then_mended_leaves_the_document_as_it_was(
    source: Source, known: Items, folder: Path
) -> None:
    (folder / "eau.md.toml").write_text("publisher = [")
    broken = {one.item.name: one.item for one in look(source, known)}
    assert broken["eau.md"].trouble is not None and broken["eau.md"].trouble[0] == "metadata"
    assert broken["eau.md"].published
    (folder / "eau.md.toml").unlink()
    (mended,) = [one for one in look(source, broken) if one.item.name == "eau.md"]
    assert (mended.verdict, mended.item.trouble) == ("unchanged", None)


def test_a_file_that_could_not_be_understood_is_told_again_and_not_read_again(source: Source, known: Items) -> None:
    known = {**known, "eau.md": after_reading(known["eau.md"], failure_of("eau.md", "damaged"))}
    (sighting,) = [one for one in look(source, known) if one.item.name == "eau.md"]
    assert (sighting.verdict, sighting.file) == ("failed", None)
    assert sighting.failure() == failure_of("eau.md", "damaged")


@pytest.mark.parametrize("code", ["ocr_missing", "too_large", "too_slow"])
def test_a_file_that_another_day_could_read_is_tried_again(source: Source, known: Items, code: str) -> None:
    known = {**known, "eau.md": after_reading(known["eau.md"], failure_of("eau.md", code))}
    assert verdicts(look(source, known))["eau.md"] == "changed"


def test_what_was_removed_by_hand_is_set_aside_even_when_it_changes_or_goes(
    source: Source, known: Items, folder: Path
) -> None:
    known = {**known, "eau.md": replace(known["eau.md"], removed=True, published=False)}
    (folder / "eau.md").write_text("# L'eau\n\nTout autre chose.")
    assert verdicts(look(source, known))["eau.md"] == "set_aside"
    (folder / "eau.md").unlink()
    assert verdicts(look(source, known))["eau.md"] == "set_aside"
    (folder / "eau.md").write_text("# L'eau\n\nDe retour.")
    assert verdicts(look(source, known, again=True))["eau.md"] == "new", "adding it by name brings it back"


def test_documents_of_another_source_are_passed_over(source: Source, known: Items, folder: Path) -> None:
    held = (known["eau.md"].document_id,)
    assert "eau.md" not in verdicts(look(source, known, held=held))
    (folder / "eau.md").unlink()
    assert "eau.md" not in verdicts(look(source, known, held=held)), "nor is it gone"


def test_patterns_choose_among_the_files(source: Source, known: Items) -> None:
    narrower = replace(source, exclude=("aides/*",))
    assert verdicts(look(narrower, {})) == {"bois.md": "new", "eau.md": "new"}
    assert verdicts(look(narrower, known))["aides/dla.md"] == "gone"


def test_a_folder_that_is_not_there_fails_as_a_whole(source: Source, known: Items, folder: Path) -> None:
    folder.rename(folder.with_name("ailleurs"))
    survey = survey_disk(source, known, lambda one: False, NOW)
    assert survey.failure == failure_of(str(folder), "missing")
    assert list(survey.sightings) == []


def test_a_file_without_its_folder_fails_and_with_it_is_gone(folder: Path) -> None:
    alone = local_source(str(folder / "aides" / "dla.md"), NOW)
    known = read(alone, {})
    (folder / "aides" / "dla.md").unlink()
    assert verdicts(look(alone, known)) == {"dla.md": "gone"}
    (folder / "aides").rmdir()
    assert survey_disk(alone, known, lambda one: False, NOW).failure is not None


def test_more_than_thirty_percent_is_asked(source: Source) -> None:
    assert vanishing(source, 0, 10) is None
    assert vanishing(source, 3, 10) is None
    asked = vanishing(source, 4, 10)
    assert asked is not None and (asked.gone, asked.of) == (4, 10)
    assert vanishing(source, 1, 1) is not None


def test_a_file_is_asked_for_only_when_its_folder_was_emptied(folder: Path) -> None:
    alone = local_source(str(folder / "aides" / "dla.md"), NOW)
    assert vanishing(alone, 1, 1) is None
    (folder / "aides" / "dla.md").unlink()
    assert vanishing(alone, 1, 1) is not None, "an unmounted disk leaves an empty folder"
