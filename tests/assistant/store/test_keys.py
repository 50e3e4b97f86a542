"""A key opens what it was made for, until it expires or is revoked; its secret is told once and kept nowhere."""

from datetime import timedelta

import pytest

from assistant.store import Database, Keys, Quota, Rate, UnknownKey
from tests.assistant.store.moments import Moments


@pytest.fixture
def moments() -> Moments:
    return Moments()


@pytest.fixture
def keys(database: Database, moments: Moments) -> Keys:
    return Keys(database, moments)


def test_a_key_is_found_by_its_secret_as_it_was_made(keys: Keys, moments: Moments) -> None:
    made, secret = keys.create(
        "Portail X",
        ["ask", "search"],
        filters={"kind": ["regle", "appui"], "themes": []},
        rate=Rate(60, 60),
        quota=Quota(10_000, "month"),
        concurrency=4,
        expires_at=moments.now + timedelta(days=90),
        origins=["https://portail.fr"],
    )
    assert keys.find(secret) == made
    assert keys.all() == (made,)
    assert made.filters == {"kind": ("regle", "appui")}
    assert made.created_at == moments.now


def test_secrets_are_long_differ_and_say_what_they_are(keys: Keys) -> None:
    made, secret = keys.create("une", {"ask"})
    public, public_secret = keys.create("page", {"ask"}, origins=["https://portail.fr"])
    assert secret.startswith("elus_") and not secret.startswith("elus_pub_")
    assert public_secret.startswith("elus_pub_")
    assert len(secret) >= len("elus_") + 43 and secret != keys.create("une", {"ask"})[1]
    assert made.hint == f"elus_…{secret[-4:]}" and public.hint == f"elus_pub_…{public_secret[-4:]}"


def test_the_secret_is_written_nowhere(keys: Keys, database: Database) -> None:
    from assistant.store.tables import metadata

    _, secret = keys.create("une", {"ask"})
    with database.read() as connection:
        written = "".join(str(connection.execute(table.select()).all()) for table in metadata.sorted_tables)
    assert "une" in written and secret.removeprefix("elus_") not in written


@pytest.mark.parametrize(
    "wrong", ["", "elus_", "elus_" + "A" * 43, "é\N{CYRILLIC SMALL LETTER A}", "\ud800", "\x00", "x" * 100_000]
)
def test_a_wrong_secret_opens_nothing(keys: Keys, wrong: str) -> None:
    _, secret = keys.create("une", {"ask"})
    assert keys.find(wrong) is None
    assert keys.find(secret[:-1]) is None and keys.find(secret + " ") is None


def test_an_expired_key_opens_nothing(keys: Keys, moments: Moments) -> None:
    _, secret = keys.create("une", {"ask"}, expires_at=moments.now + timedelta(days=1))
    moments.pass_by(hours=23, minutes=59)
    assert keys.find(secret) is not None and keys.any_active()
    moments.pass_by(minutes=1)
    assert keys.find(secret) is None and not keys.any_active()


def test_a_revoked_key_opens_nothing_at_once_even_elsewhere(keys: Keys, database: Database, moments: Moments) -> None:
    key, secret = keys.create("une", {"ask"})
    other, other_secret = keys.create("autre", {"ask"})
    elsewhere = Keys(database, moments)
    assert elsewhere.find(secret) is not None
    assert keys.revoke(key.id).revoked_at == moments.now
    assert elsewhere.find(secret) is None
    assert elsewhere.find(other_secret) == other and keys.any_active()
    keys.revoke(other.id)
    assert not keys.any_active()
    assert len(keys.all()) == 2


def test_revoking_again_keeps_the_first_date_and_an_unknown_id_is_said(keys: Keys, moments: Moments) -> None:
    key, _ = keys.create("une", {"ask"})
    revoked = keys.revoke(key.id)
    moments.pass_by(hours=1)
    assert keys.revoke(key.id) == revoked
    for unknown in ("une", key.hint, "", "\ud800"):
        with pytest.raises(UnknownKey):
            keys.revoke(unknown)


def test_last_use_is_noted_once_a_minute(keys: Keys, moments: Moments) -> None:
    made, secret = keys.create("une", {"ask"})
    keys.touch(made)
    first = moments.now
    moments.pass_by(seconds=59)
    # Another process, that found the key before the first touched it.
    keys.touch(made)
    assert keys.all()[0].last_used_at == first
    moments.pass_by(seconds=1)
    found = keys.find(secret)
    assert found is not None
    keys.touch(found)
    assert keys.all()[0].last_used_at == moments.now


def test_keys_are_listed_the_latest_first(keys: Keys, moments: Moments) -> None:
    for name in ("une", "deux", "trois"):
        keys.create(name, {"ask"})
        moments.pass_by(minutes=1)
    assert [key.name for key in keys.all()] == ["trois", "deux", "une"]


def test_limits_that_limit_nothing_are_refused(keys: Keys) -> None:
    for count, seconds in ((0, 60), (1, 0), (1, 90_000)):
        with pytest.raises(ValueError):
            Rate(count, seconds)
    with pytest.raises(ValueError):
        Quota(0, "day")
    with pytest.raises(ValueError):
        keys.create("sans droit", [])
    with pytest.raises(ValueError):
        keys.create("sans place", ["ask"], concurrency=0)
