"""Logins go on for five minutes without the store, and end at once with it."""

from pathlib import Path

import pytest

from assistant.factory import open_store
from assistant.settings import Settings
from assistant.store import Store, StoreUnavailable
from ui.api.logins import Logins


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(Settings(home=tmp_path))


def test_a_login_goes_on_five_minutes_without_the_store(store: Store, tmp_path: Path) -> None:
    now = [0.0]
    logins = Logins(store.accounts, lambda: now[0])
    account = store.accounts.create("agnès", "operator", "un mot de passe long")
    seen, unseen = (store.accounts.open_login(account) for _ in range(2))
    assert logins.find(seen) == account
    (tmp_path / "store.db").rename(tmp_path / "parti.db")
    for seconds in (1.0, 200.0, 299.0):
        now[0] = seconds
        assert logins.find(seen) == account
        with pytest.raises(StoreUnavailable):
            logins.find(unseen)
    now[0] = 301.0
    with pytest.raises(StoreUnavailable):
        logins.find(seen)
    (tmp_path / "parti.db").rename(tmp_path / "store.db")
    assert logins.find(seen) == account and logins.find(unseen) == account


def test_a_closed_login_and_a_disabled_account_end_at_once(store: Store, tmp_path: Path) -> None:
    logins = Logins(store.accounts)
    account = store.accounts.create("agnès", "operator", "un mot de passe long")
    closed, other = (store.accounts.open_login(account) for _ in range(2))
    assert logins.find(closed) and logins.find(other)
    store.accounts.close_login(closed)
    assert logins.find(closed) is None and logins.find(other) is not None
    store.accounts.disable("agnès")
    assert logins.find(other) is None
    (tmp_path / "store.db").unlink()
    with pytest.raises(StoreUnavailable):
        logins.find(other)


@pytest.mark.parametrize("token", ["", "faux", "é\ud800"])
def test_a_token_that_is_none_opens_nothing(store: Store, token: str) -> None:
    assert Logins(store.accounts).find(token) is None
