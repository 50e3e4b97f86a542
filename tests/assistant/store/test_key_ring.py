"""Keys in use go on for five minutes without the store; with it, a revocation holds at once."""

import logging

import pytest

from assistant.store import ApiKey, Database, KeyRing, Keys, StoreUnavailable
from tests.assistant.store.moments import Moments


class Switched(Keys):
    """Keys whose store can be taken away."""

    def __init__(self, database: Database, moments: Moments) -> None:
        super().__init__(database, moments)
        self.away = False
        self.touches_fail = False
        self.asked = 0
        self.touched = 0

    def find(self, secret: str) -> ApiKey | None:
        self.asked += 1
        if self.away:
            raise StoreUnavailable("away")
        return super().find(secret)

    def touch(self, key: ApiKey) -> None:
        self.touched += 1
        if self.away or self.touches_fail:
            raise StoreUnavailable("away")
        super().touch(key)


@pytest.fixture
def moments() -> Moments:
    return Moments()


@pytest.fixture
def keys(database: Database, moments: Moments) -> Switched:
    return Switched(database, moments)


@pytest.fixture
def ring(keys: Switched, moments: Moments) -> KeyRing:
    return KeyRing(keys, moments, lambda: moments.now.timestamp())


def test_a_revocation_made_elsewhere_holds_at_once(
    keys: Switched, ring: KeyRing, database: Database, moments: Moments
) -> None:
    key, secret = keys.create("une", {"ask"})
    assert ring.find(secret) == key
    Keys(database, moments).revoke(key.id)
    assert ring.find(secret) is None
    keys.away = True
    with pytest.raises(StoreUnavailable):
        ring.find(secret)


def test_without_the_store_a_key_in_use_goes_on_for_five_minutes(
    keys: Switched, ring: KeyRing, moments: Moments
) -> None:
    key, secret = keys.create("une", {"ask"})
    _, unused = keys.create("autre", {"ask"})
    ring.find(secret)
    keys.away = True
    moments.pass_by(minutes=4, seconds=59)
    assert ring.find(secret) == key
    for unknown in (unused, "elus_inconnue"):
        with pytest.raises(StoreUnavailable):
            ring.find(unknown)
    moments.pass_by(seconds=1)
    with pytest.raises(StoreUnavailable):
        ring.find(secret)
    keys.away = False
    assert ring.find(secret) is not None


def test_a_key_that_expires_meanwhile_does_not_go_on(keys: Switched, ring: KeyRing, moments: Moments) -> None:
    from datetime import timedelta

    _, secret = keys.create("une", {"ask"}, expires_at=moments.now + timedelta(minutes=1))
    ring.find(secret)
    keys.away = True
    moments.pass_by(minutes=1)
    with pytest.raises(StoreUnavailable):
        ring.find(secret)


def test_requests_do_not_all_wait_for_a_store_that_is_away(keys: Switched, ring: KeyRing, moments: Moments) -> None:
    _, secret = keys.create("une", {"ask"})
    ring.find(secret)
    keys.away = True
    keys.asked = 0
    for _ in range(20):
        assert ring.find(secret) is not None
    assert keys.asked == 1
    moments.pass_by(seconds=1)
    ring.find(secret)
    assert keys.asked == 2


def test_a_use_is_noted_and_costs_nothing_when_it_cannot_be(keys: Switched, ring: KeyRing, moments: Moments) -> None:
    _, secret = keys.create("une", {"ask"})
    keys.touches_fail = True
    for _ in range(20):
        assert ring.find(secret) is not None
    assert keys.touched == 1
    keys.touches_fail = False
    moments.pass_by(minutes=1)
    ring.find(secret)
    assert keys.all()[0].last_used_at == moments.now


def test_no_secret_is_logged(keys: Switched, ring: KeyRing, caplog: pytest.LogCaptureFixture) -> None:
    _, secret = keys.create("une", {"ask"})
    with caplog.at_level(logging.DEBUG):
        ring.find(secret)
        keys.away = True
        ring.find(secret)
    assert "store unavailable" in caplog.text
    assert secret.removeprefix("elus_") not in caplog.text
