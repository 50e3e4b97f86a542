"""Putting the parts together loads nothing; the starter fiches are built once, in an empty home only."""

from pathlib import Path
from typing import Any

import pytest

from assistant import factory
from assistant.calibration import load_calibration
from assistant.factory import (
    STARTER,
    LanguageModelUnavailable,
    build_starter,
    open_assistant,
    open_embedder,
    open_generator,
    open_library,
    repair,
)
from assistant.settings import Settings
from indexing import NoIndex, Progress, SnapshotDamaged
from tests.fakes import FakeEmbedder
from tests.small_index import DOCUMENTS, publish


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", cache=tmp_path / "cache")


@pytest.fixture
def fake_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(factory, "open_embedder", lambda settings: FakeEmbedder())


def test_opening_makes_no_folder_and_loads_no_model(settings: Settings, tmp_path: Path) -> None:
    assistant = open_assistant(settings)
    open_library(settings)
    assert assistant.state() is None
    with pytest.raises(NoIndex):
        assistant.ask("Qui aide les communes ?")
    assert not (tmp_path / "home").exists()
    assert not (tmp_path / "cache").exists()


def test_the_embedder_is_the_one_the_settings_name(settings: Settings) -> None:
    other = Settings(home=settings.home, query_prefix="question: ")
    assert open_embedder(settings).fingerprint == open_embedder(Settings()).fingerprint
    assert open_embedder(other).fingerprint != open_embedder(settings).fingerprint


def test_the_shipped_calibration_decides_unless_another_is_given(settings: Settings) -> None:
    assert open_assistant(settings)._calibration is load_calibration()
    other = load_calibration().neutral()
    assert open_assistant(settings, other)._calibration is other


def test_without_a_language_model_configured_there_is_none(settings: Settings) -> None:
    assert open_generator(settings) is None


@pytest.mark.parametrize("named", ["openai:mistral-small", "mistral-small"])
def test_a_configured_language_model_is_opened_without_a_word_to_it(settings: Settings, named: str) -> None:
    pytest.importorskip("langchain_openai")
    local = settings.model_copy(update={"llm": named, "llm_url": "http://127.0.0.1:9/v1"})
    generator = open_generator(local)
    assert generator is not None
    assert generator.name == named


def test_a_language_model_nobody_knows_is_refused_with_its_reason(settings: Settings) -> None:
    with pytest.raises(LanguageModelUnavailable, match="inconnu"):
        open_assistant(settings.model_copy(update={"llm": "inconnu:modele"}))


@pytest.mark.usefixtures("fake_model")
def test_the_starter_fiches_are_built_in_an_empty_home_and_only_there(settings: Settings) -> None:
    assistant = open_assistant(settings)
    build_starter(settings, assistant)
    first = assistant.state()
    assert first is not None
    assert first.documents >= 12
    build_starter(settings, assistant)
    assert assistant.state() == first


@pytest.mark.usefixtures("fake_model")
def test_a_fiche_s_source_is_relative_and_its_id_does_not_depend_on_the_machine(settings: Settings) -> None:
    assistant = open_assistant(settings)
    build_starter(settings, assistant)
    sources = {document.source for document in assistant.documents()}
    assert "scic.md" in sources
    assert not any(source.startswith("/") for source in sources)


@pytest.mark.usefixtures("fake_model")
def test_progress_is_told_during_the_build_and_gone_after(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    assistant = open_assistant(settings)
    told: list[Progress | None] = []
    monkeypatch.setattr(assistant, "report_building", told.append)
    build_starter(settings, assistant)
    assert {progress.stage for progress in told if progress} >= {"reading", "embedding", "publishing"}
    assert told[-1] is None


def test_progress_is_gone_after_a_build_that_failed(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        def add(self, *given: Any, **options: Any) -> None:
            assert options["origin"] == STARTER
            assistant.report_building(Progress("reading", 0, 1))
            raise OSError("disque plein")

    monkeypatch.setattr(factory, "open_library", lambda settings, embedder=None: Broken())
    assistant = open_assistant(settings)
    with pytest.raises(OSError, match="disque plein"):
        build_starter(settings, assistant)
    assert assistant.building() is None


def test_the_web_is_read_within_the_limits_of_the_settings(settings: Settings) -> None:
    given = {"fetch_allowed": "intranet.mairie.fr, 10.0.0.7,", "fetch_max_mb": 3, "fetch_wait": 0.5}
    with factory.open_fetcher(settings.model_copy(update=given)) as fetcher:
        limits = fetcher.limits
    assert limits.allowed_hosts == {"intranet.mairie.fr", "10.0.0.7"}
    assert (limits.max_bytes, limits.wait_between) == (3_000_000, 0.5)


def test_nothing_private_is_read_by_default(settings: Settings) -> None:
    with factory.open_fetcher(settings) as fetcher:
        assert fetcher.limits.allowed_hosts == frozenset()


def test_a_damaged_snapshot_is_mended_from_its_own_vectors(
    settings: Settings, fake_model: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(settings.home, DOCUMENTS)
    assistant = open_assistant(settings)
    (damaged,) = settings.home.glob("snapshots/*/vocabulary.json")
    damaged.write_bytes(b"{")
    with pytest.raises(SnapshotDamaged):
        assistant.state()

    def embed(*_: object) -> None:
        raise AssertionError("nothing is embedded anew")

    monkeypatch.setattr(FakeEmbedder, "embed_passages", embed)
    repair(settings, assistant)
    state = assistant.state()
    assert state is not None and state.documents == len(DOCUMENTS)
    assert assistant.building() is None
