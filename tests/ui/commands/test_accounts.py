"""`accounts create|list|password|disable|enable`: passwords are typed unseen, twice, or come on standard input."""

import io
import json
from collections.abc import Iterator

import pytest

from assistant.factory import open_store
from assistant.settings import Settings
from assistant.store import Store
from ui.__main__ import main

Captured = pytest.CaptureFixture[str]
PASSWORD, OTHER = "une phrase assez longue", "une autre phrase, longue"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def store() -> Store:
    return open_store(Settings())


def run(*arguments: str) -> int:
    try:
        return main(["accounts", *arguments])
    except SystemExit as stop:
        assert isinstance(stop.code, int)
        return stop.code


def create(monkeypatch: pytest.MonkeyPatch, name: str, *more: str, password: str = PASSWORD) -> int:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{password}\nune autre ligne\n"))
    return run("create", name, *(more or ("--role", "operator")), "--password-stdin")


def typing(monkeypatch: pytest.MonkeyPatch, *passwords: str) -> list[str]:
    """A person at a terminal who types these, and what they are asked."""
    asked: list[str] = []
    typed: Iterator[str] = iter(passwords)

    def getpass(prompt: str) -> str:
        asked.append(prompt)
        return next(typed)

    monkeypatch.setattr("sys.stdin", Terminal())
    monkeypatch.setattr("ui.commands.accounts.getpass", getpass)
    return asked


def test_a_password_typed_twice_makes_an_account(
    store: Store, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = typing(monkeypatch, PASSWORD, PASSWORD)
    assert run("create", "Marie", "--role", "operator") == 0
    captured = capsys.readouterr()
    assert captured.out == "Compte « marie » fait (opérateur).\n" and "demande désormais" in captured.err
    assert len(asked) == 2 and "Mot de passe" in asked[0]
    assert store.accounts.verify("marie", PASSWORD) is not None


def test_two_passwords_that_differ_make_nothing(
    store: Store, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    typing(monkeypatch, PASSWORD, OTHER)
    assert run("create", "marie", "--role", "operator") == 2
    assert "ne sont pas les mêmes" in capsys.readouterr().err
    assert store.accounts.all() == ()


def test_a_password_comes_on_standard_input_and_is_never_shown(
    store: Store, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert create(monkeypatch, "marie", "--role", "editor", "--json") == 0
    captured = capsys.readouterr()
    body = json.loads(captured.out)["account"]
    assert (body["name"], body["role"], body["disabled_at"]) == ("marie", "editor", None)
    assert PASSWORD not in captured.out + captured.err + str(store.audit.latest())
    assert store.accounts.verify("marie", PASSWORD) is not None


def test_what_cannot_be_is_refused_in_french(store: Store, capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(PASSWORD))
    assert run("create", "marie", "--role", "operator") == 2
    assert "--password-stdin" in capsys.readouterr().err
    assert create(monkeypatch, "marie", password="court") == 2
    assert "12 à 1000" in capsys.readouterr().err
    assert create(monkeypatch, " ") == 2
    assert "1 à 128" in capsys.readouterr().err
    assert create(monkeypatch, "marie", "--role", "chef") == 2
    assert "operator" in capsys.readouterr().err
    assert store.accounts.all() == ()


def test_a_name_is_given_once(capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    assert create(monkeypatch, "marie") == 0
    capsys.readouterr()
    assert create(monkeypatch, "MARIE") == 1
    assert capsys.readouterr().err == "assistant-elus : Un compte a déjà ce nom.\n"


def test_accounts_are_listed(capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("list") == 0
    assert "accounts create" in capsys.readouterr().out
    create(monkeypatch, "marie")
    create(monkeypatch, "jean", "--role", "editor")
    run("disable", "marie")
    capsys.readouterr()
    assert run("list") == 0
    lines = [line.split()[:3] for line in capsys.readouterr().out.splitlines()]
    assert lines[1:] == [["jean", "rédaction", "actif"], ["marie", "opérateur", "désactivé"]]
    assert run("list", "--json") == 0
    assert [one["name"] for one in json.loads(capsys.readouterr().out)["accounts"]] == ["jean", "marie"]


def test_a_password_is_changed(store: Store, capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    create(monkeypatch, "marie")
    typing(monkeypatch, OTHER, OTHER)
    assert run("password", "marie") == 0
    assert store.accounts.verify("marie", OTHER) is not None
    assert store.accounts.verify("marie", PASSWORD) is None


def test_a_disabled_account_logs_in_no_more_until_enabled(
    store: Store, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    create(monkeypatch, "marie")
    assert run("disable", "marie") == 0
    assert store.accounts.verify("marie", PASSWORD) is None
    assert run("enable", "marie") == 0
    assert store.accounts.verify("marie", PASSWORD) is not None
    assert [(line.action, line.object) for line in store.audit.latest()] == [
        ("account.enabled", "marie"),
        ("account.disabled", "marie"),
        ("account.created", "marie"),
    ]


@pytest.mark.parametrize("action", ["disable", "enable", "password"])
def test_an_unknown_name_is_said(action: str, capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    typing(monkeypatch, PASSWORD, PASSWORD)
    assert run(action, "personne") == 1
    assert "accounts list" in capsys.readouterr().err
