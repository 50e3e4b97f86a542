"""The settings: a short table, read from the environment and from a .env file."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from assistant.settings import Settings
from indexing import EMBEDDED_MODEL


def test_the_defaults_need_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("ASSISTANT_ELUS_HOME")
    monkeypatch.delenv("ASSISTANT_ELUS_CACHE", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    settings = Settings()
    assert settings.home.name == settings.cache.name == "assistant-elus"
    assert settings.home != settings.cache
    assert settings.model == EMBEDDED_MODEL
    assert not list(tmp_path.iterdir()), "reading the settings makes no folder"


def test_a_variable_sets_its_field(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ASSISTANT_ELUS_HOME", str(tmp_path / "ici"))
    monkeypatch.setenv("ASSISTANT_ELUS_SESSIONS", "12")
    monkeypatch.setenv("ASSISTANT_ELUS_CONTACT", "accueil@vallon.example")
    settings = Settings()
    assert (settings.home, settings.sessions, settings.contact) == (tmp_path / "ici", 12, "accueil@vallon.example")


def test_a_dotenv_file_is_read_and_the_environment_outranks_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    text = "ASSISTANT_ELUS_CONTACT=du fichier\nASSISTANT_ELUS_SESSION_TURNS=4\nAUTRE=ignoré\n"
    (tmp_path / ".env").write_text(text, encoding="utf-8")
    monkeypatch.setenv("ASSISTANT_ELUS_SESSION_TURNS", "5")
    assert (Settings().contact, Settings().session_turns) == ("du fichier", 5)


@pytest.mark.parametrize("name", ["SESSIONS", "SESSION_TURNS", "MAX_FILE_MB", "PARSE_TIMEOUT"])
@pytest.mark.parametrize("value", ["0", "-3", "beaucoup"])
def test_a_value_that_cannot_be_is_refused(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"ASSISTANT_ELUS_{name}", value)
    with pytest.raises(ValidationError, match=name.lower()):
        Settings()


def test_settings_do_not_change() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Settings().contact = "autre"  # type: ignore[misc]


def test_every_setting_has_one_sentence_to_explain_it() -> None:
    for name, field in Settings.model_fields.items():
        assert field.description, name
