"""Open while nobody is known, closed from the first key or account on, whatever becomes of the store."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from starlette.requests import Request

from assistant.factory import open_store
from assistant.settings import Settings
from assistant.store import Store
from ui.api.doors import Doors, host_of, somewhere_else


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(Settings(home=tmp_path))


class Clock:
    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def test_open_without_key_nor_account(store: Store) -> None:
    assert not Doors(store).closed


def test_a_first_key_closes_within_seconds(store: Store) -> None:
    clock = Clock()
    doors = Doors(store, clock)
    store.keys.create("Portail", {"ask"})
    doors.look()
    assert doors.closed


def test_an_account_closes_at_start(store: Store) -> None:
    store.accounts.create("agnès", "operator", "un mot de passe long")
    assert Doors(store).closed


def test_the_last_key_revoked_does_not_open_again(store: Store) -> None:
    key, _ = store.keys.create("Portail", {"ask"})
    doors = Doors(store)
    store.keys.revoke(key.id)
    doors.look()
    assert doors.closed


def test_a_store_that_fails_changes_nothing(store: Store, tmp_path: Path) -> None:
    open_doors, closed_doors = Doors(store), Doors(store)
    closed_doors.close()
    (tmp_path / "store.db").unlink()
    for doors in (open_doors, closed_doors):
        doors.look()
    assert not open_doors.closed and closed_doors.closed


def test_closed_until_the_store_has_spoken(store: Store, tmp_path: Path) -> None:
    (tmp_path / "store.db").rename(tmp_path / "parti.db")
    doors = Doors(store)
    assert doors.closed
    (tmp_path / "parti.db").rename(tmp_path / "store.db")
    doors.look()
    assert not doors.closed


def test_only_keys_in_use_let_their_pages_ask(store: Store) -> None:
    revoked, _ = store.keys.create("Ancien", {"ask"}, origins=("https://ancien.fr",))
    store.keys.revoke(revoked.id)
    store.keys.create("Portail", {"ask"}, origins=("https://portail.fr",))
    assert Doors(store).origins == {"https://portail.fr"}


def request_of(headers: Mapping[str, str], client: tuple[str, int] | None) -> Request:
    raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "method": "GET", "path": "/", "headers": raw, "client": client})


@pytest.mark.parametrize("host", ["localhost", "localhost:8000", "127.0.0.1:8000", "[::1]:8000", "[::1]", "LOCALHOST"])
def test_this_machine_by_its_names(host: str) -> None:
    assert not somewhere_else(request_of({"Host": host}, ("127.0.0.1", 1)))
    assert not somewhere_else(request_of({"Host": host}, ("::1", 1)))


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "exemple.fr"},
        {"Host": "localhost.exemple.fr"},
        {"Host": "127.0.0.1.exemple.fr:8000"},
        {"Host": ""},
        {},
        {"Host": "localhost", "X-Forwarded-For": "127.0.0.1"},
        {"Host": "localhost", "X-Forwarded-Host": "localhost"},
        {"Host": "localhost", "Forwarded": "for=127.0.0.1"},
        {"Host": "localhost", "Via": "1.1 relais"},
        {"Host": "localhost", "X-Real-IP": "127.0.0.1"},
    ],
)
def test_elsewhere_by_its_name_or_a_proxy(headers: dict[str, str]) -> None:
    assert somewhere_else(request_of(headers, ("127.0.0.1", 1)))


def test_another_machine_cannot_pass_for_this_one() -> None:
    assert somewhere_else(request_of({"Host": "localhost"}, ("192.168.1.7", 1)))


def test_the_host_of_a_header() -> None:
    assert [host_of(one) for one in ("a.fr:80", "a.fr", "[::1]:80", "")] == ["a.fr", "a.fr", "::1", ""]
