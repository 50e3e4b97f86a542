"""`keys create|list|revoke`: what an administrator types and reads; a secret is shown once."""

import json
from typing import Any

import pytest

from assistant.factory import open_store
from assistant.settings import Settings
from assistant.store import Quota, Rate, Store
from ui.__main__ import main

Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "250")


@pytest.fixture
def store() -> Store:
    return open_store(Settings())


def run(*arguments: str) -> int:
    try:
        return main(["keys", *arguments])
    except SystemExit as stop:
        assert isinstance(stop.code, int)
        return stop.code


def made(capsys: Captured, *arguments: str) -> dict[str, Any]:
    assert run("create", "--name", "Portail X", *arguments, "--json") == 0
    body: dict[str, Any] = json.loads(capsys.readouterr().out)
    return body


def test_a_key_is_made_with_what_was_asked_and_opens_with_its_secret(store: Store, capsys: Captured) -> None:
    given = ["--rate", "60/min", "--quota", "10000/month", "--concurrency", "4", "--expires", "2099-01-01"]
    assert run("create", "--name", "Portail X", "--scope", "ask,search", "--filters", "kind=regle,appui", *given) == 0
    said = capsys.readouterr().out.splitlines()
    key = store.keys.find(said[1])
    assert key is not None
    assert said[0] == f"Clé faite pour « Portail X » (identifiant {key.id}). Son secret :"
    assert "n'est montré que cette fois" in said[2]
    assert key.name == "Portail X" and key.scopes == {"ask", "search"}
    assert key.filters == {"kind": ("regle", "appui")}
    assert (key.rate, key.quota, key.concurrency) == (Rate(60, 60), Quota(10_000, "month"), 4)
    assert key.expires_at is not None and key.expires_at.isoformat() == "2099-01-01T00:00:00+00:00"


def test_json_holds_the_key_and_its_secret_apart(store: Store, capsys: Captured) -> None:
    body = made(capsys, "--scope", "ask", "--scope", "search", "--rate", "10/s")
    assert store.keys.find(body["secret"]) is not None
    assert body["key"]["scopes"] == ["ask", "search"] and body["key"]["state"] == "active"
    assert body["key"]["rate"] == {"count": 10, "seconds": 1} and body["key"]["quota"] is None
    assert body["secret"] not in json.dumps(body["key"])


def test_without_scopes_a_key_opens_no_page_of_the_house(capsys: Captured) -> None:
    assert made(capsys)["key"]["scopes"] == ["ask", "search", "documents", "feedback"]


def test_an_origin_makes_a_public_key_that_opens_only_what_visitors_may(store: Store, capsys: Captured) -> None:
    body = made(capsys, "--origin", "https://Portail.fr/", "--origin", "https://portail.fr", "--rate", "30/min")
    assert body["secret"].startswith("elus_pub_") and body["key"]["origins"] == ["https://portail.fr"]
    assert run("create", "--name", "page", "--origin", "https://portail.fr", "--scope", "edition") == 2
    assert "clé publique" in capsys.readouterr().err
    assert run("create", "--name", "page", "--origin", "https://portail.fr") == 0
    assert "ni --rate ni --quota" in capsys.readouterr().err
    assert len(store.keys.all()) == 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--rate", "60"], "60/min"),
        (["--quota", "10/min"], "10000/mois"),
        (["--expires", "2020-01-01"], "90j"),
        (["--scope", "tout"], "Le droit « tout » n'existe pas"),
        (["--filters", "kind=roman"], "kind"),
        (["--filters", "couleur=bleu"], "couleur"),
        (["--origin", "portail.fr"], "https://"),
        (["--concurrency", "0"], "9999"),
        (["--name", "  "], "nom"),
        (["--name", "x" * 201], "200"),
        (["--name", "a\x1b[2Jb"], "lisibles"),
    ],
)
def test_what_is_wrong_is_said_in_french_and_no_key_is_made(
    arguments: list[str], words: str, store: Store, capsys: Captured
) -> None:
    assert run("create", "--name", "Portail X", *arguments) == 2
    captured = capsys.readouterr()
    assert words in captured.err and captured.out == ""
    assert store.keys.all() == ()


def test_the_first_key_says_that_the_api_closes(capsys: Captured) -> None:
    assert run("create", "--name", "une") == 0
    assert "demande désormais une clé" in capsys.readouterr().err
    assert run("create", "--name", "deux") == 0
    assert capsys.readouterr().err == ""


def test_keys_are_listed_without_their_secrets(capsys: Captured) -> None:
    assert run("list") == 0
    assert "keys create" in capsys.readouterr().out
    body = made(capsys, "--rate", "60/min", "--quota", "500/jour", "--expires", "2099-01-01")
    assert run("list") == 0
    said = capsys.readouterr().out
    for words in (
        body["key"]["id"],
        "Portail X",
        body["key"]["hint"],
        "60/min, 500/jour",
        "expire le 1er janvier 2099",
    ):
        assert words in said
    assert run("list", "--json") == 0
    listed = capsys.readouterr().out
    assert json.loads(listed) == {"keys": [body["key"]]}
    assert body["secret"] not in said + listed


def test_a_revoked_key_is_said_and_stays_in_the_list(store: Store, capsys: Captured) -> None:
    body = made(capsys)
    assert run("revoke", body["key"]["id"]) == 0
    assert "révoquée" in capsys.readouterr().out
    assert store.keys.find(body["secret"]) is None
    assert run("list") == 0
    assert "révoquée" in capsys.readouterr().out
    assert run("revoke", "inconnue") == 1
    assert "keys list" in capsys.readouterr().err
    assert run("revoke", "inconnue", "--json") == 1
    assert json.loads(capsys.readouterr().out)["code"] == "unknown_key"


def test_what_was_done_is_in_the_audit(store: Store, capsys: Captured) -> None:
    body = made(capsys)
    run("revoke", body["key"]["id"])
    lines = store.audit.latest()
    assert [(line.who, line.action, line.object) for line in lines] == [
        ("local", "key.revoked", body["key"]["id"]),
        ("local", "key.created", body["key"]["id"]),
    ]
    assert body["secret"] not in str(lines)
