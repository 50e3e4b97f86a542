"""An account is its name and password, or the word of an identity provider; nothing tells which names exist."""

import pytest
from argon2 import PasswordHasher
from sqlalchemy import update

from assistant.store import (
    SCOPES_OF,
    Accounts,
    Database,
    LockedOut,
    NameTaken,
    UnknownAccount,
    WrongName,
    WrongPasswordLength,
    passwords,
)
from assistant.store.failures import MOST_FAILURES
from assistant.store.tables import accounts as table
from tests.assistant.store.moments import Moments

PASSWORD, OTHER = "une phrase assez longue", "une autre phrase, longue"


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashes cost as little as they can: what they are worth is another test's matter."""
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "_HASHER", quick)
    monkeypatch.setattr(passwords, "NOBODY", quick.hash("personne ne le sait"))


@pytest.fixture
def moments() -> Moments:
    return Moments()


@pytest.fixture
def accounts(database: Database, moments: Moments) -> Accounts:
    return Accounts(database, moments)


def test_an_account_is_known_by_its_name_and_password(accounts: Accounts, moments: Moments) -> None:
    made = accounts.create("Marie", "operator", PASSWORD)
    assert accounts.verify("marie", PASSWORD) == made
    assert accounts.verify(" MARIE ", PASSWORD) == made
    assert made.created_at == moments.now and accounts.all() == (made,)
    for name, wrong in (
        ("marie", OTHER),
        ("marie", ""),
        ("jean", PASSWORD),
        ("", ""),
        ("\x00", PASSWORD),
        ("\ud800", ""),
    ):
        assert accounts.verify(name, wrong) is None


def test_roles_open_what_their_work_needs(accounts: Accounts) -> None:
    operator = accounts.create("marie", "operator", PASSWORD)
    editor = accounts.create("jean", "editor", PASSWORD)
    assert operator.scopes == {"ask", "search", "documents", "feedback", "calls"}
    assert editor.scopes == operator.scopes | {"edition"} <= SCOPES_OF["admin"]


def test_names_and_passwords_that_cannot_be_are_refused(accounts: Accounts) -> None:
    accounts.create("marie", "operator", PASSWORD)
    with pytest.raises(NameTaken):
        accounts.create("MARIE", "editor", PASSWORD)
    for name in ("", "  ", "a\nb", "x" * 129):
        with pytest.raises(WrongName):
            accounts.create(name, "operator", PASSWORD)
    with pytest.raises(WrongPasswordLength):
        accounts.create("jean", "operator", "court")
    with pytest.raises(WrongPasswordLength):
        accounts.set_password("marie", "court")
    assert [one.name for one in accounts.all()] == ["marie"]


def test_the_password_is_written_nowhere(accounts: Accounts, database: Database) -> None:
    accounts.create("marie", "operator", PASSWORD)
    with database.read() as connection:
        written = str(connection.execute(table.select()).all())
    assert "marie" in written and PASSWORD not in written


def test_ten_failures_lock_a_name_whether_or_not_it_exists(accounts: Accounts, moments: Moments) -> None:
    made = accounts.create("marie", "operator", PASSWORD)
    for name in ("marie", "personne"):
        for _ in range(MOST_FAILURES):
            assert accounts.verify(name, OTHER) is None
        with pytest.raises(LockedOut) as locked:
            accounts.verify(name, PASSWORD)
        assert locked.value.retry_after == 15 * 60
    moments.pass_by(minutes=15)
    assert accounts.verify("marie", PASSWORD) == made


def test_failures_before_a_success_are_forgotten(accounts: Accounts) -> None:
    accounts.create("marie", "operator", PASSWORD)
    for _ in range(2):
        for _ in range(MOST_FAILURES - 1):
            accounts.verify("marie", OTHER)
        assert accounts.verify("marie", PASSWORD) is not None


def test_a_hash_of_older_parameters_is_made_anew_at_the_next_login(accounts: Accounts, database: Database) -> None:
    accounts.create("marie", "operator", PASSWORD)
    older = PasswordHasher(time_cost=2, memory_cost=8, parallelism=1).hash(PASSWORD)
    with database.begin() as connection:
        connection.execute(update(table).values(password_hash=older))
    assert accounts.verify("marie", OTHER) is None
    assert accounts.verify("marie", PASSWORD) is not None
    with database.read() as connection:
        assert connection.execute(table.select()).one().password_hash != older
    assert accounts.verify("marie", PASSWORD) is not None


def test_a_login_lasts_twelve_hours_or_until_it_is_closed(accounts: Accounts, moments: Moments) -> None:
    made = accounts.create("marie", "operator", PASSWORD)
    first, second = accounts.open_login(made), accounts.open_login(made)
    assert first != second and len(first) >= 43
    assert accounts.login(first) == accounts.login(second) == made
    accounts.close_login(first)
    assert accounts.login(first) is None and accounts.login(second) == made
    moments.pass_by(hours=11, minutes=59)
    assert accounts.login(second) == made
    moments.pass_by(minutes=1)
    assert accounts.login(second) is None
    for wrong in ("", "\ud800", "x" * 100_000):
        assert accounts.login(wrong) is None


def test_tokens_are_not_written_and_old_ones_are_dropped(
    accounts: Accounts, database: Database, moments: Moments
) -> None:
    from assistant.store.tables import logins

    made = accounts.create("marie", "operator", PASSWORD)
    old = accounts.open_login(made)
    moments.pass_by(hours=12)
    new = accounts.open_login(made)
    with database.read() as connection:
        rows = connection.execute(logins.select()).all()
    assert len(rows) == 1 and old not in str(rows) and new not in str(rows)


def test_closing_all_closes_one_account_s_logins(accounts: Accounts) -> None:
    marie, jean = (accounts.create(name, "operator", PASSWORD) for name in ("marie", "jean"))
    tokens, other = [accounts.open_login(marie) for _ in range(2)], accounts.open_login(jean)
    accounts.close_all(marie)
    assert [accounts.login(token) for token in tokens] == [None, None]
    assert accounts.login(other) == jean


def test_a_new_password_replaces_the_old_one_and_closes_logins(accounts: Accounts) -> None:
    made = accounts.create("marie", "operator", PASSWORD)
    token = accounts.open_login(made)
    accounts.set_password("Marie", OTHER)
    assert accounts.login(token) is None
    assert accounts.verify("marie", PASSWORD) is None and accounts.verify("marie", OTHER) == made


def test_a_disabled_account_logs_in_no_more_until_enabled(accounts: Accounts, moments: Moments) -> None:
    made = accounts.create("marie", "operator", PASSWORD)
    token = accounts.open_login(made)
    accounts.disable("marie")
    assert accounts.login(token) is None and accounts.verify("marie", PASSWORD) is None
    assert accounts.all()[0].disabled_at == moments.now
    # The service does not open to everybody because its last account is disabled.
    assert accounts.any()
    accounts.enable("marie")
    assert accounts.verify("marie", PASSWORD) == made and accounts.login(token) is None


def test_an_unknown_name_is_said_to_whoever_manages_accounts(accounts: Accounts) -> None:
    assert not accounts.any()
    for name in ("personne", "", "\ud800"):
        for act in (accounts.disable, accounts.enable, lambda name: accounts.set_password(name, PASSWORD)):
            with pytest.raises(UnknownAccount):
                act(name)


def test_an_identity_has_one_account_that_follows_its_provider(accounts: Accounts) -> None:
    first = accounts.for_identity("https://idp.fr|42", "Marie@mairie.fr", "operator")
    again = accounts.for_identity("https://idp.fr|42", "marie.martin@mairie.fr", "editor")
    assert first is not None and again is not None
    assert first.id == again.id and (again.name, again.role) == ("marie.martin@mairie.fr", "editor")
    assert accounts.login(accounts.open_login(first)) == again
    assert accounts.verify("marie.martin@mairie.fr", "") is None
    accounts.disable("marie.martin@mairie.fr")
    assert accounts.for_identity("https://idp.fr|42", "marie.martin@mairie.fr", "editor") is None


def test_an_identity_never_becomes_somebody_else_by_their_name(accounts: Accounts) -> None:
    admin = accounts.create("admin", "admin", PASSWORD)
    one = accounts.for_identity("https://idp.fr|1", "admin", "operator")
    two = accounts.for_identity("https://idp.fr|2", "admin", "operator")
    assert one is not None and two is not None
    assert len({admin.id, one.id, two.id}) == len({admin.name, one.name, two.name}) == 3
    assert one.name.startswith("admin (") and one.role == "operator"
    assert accounts.verify("admin", PASSWORD) == admin
    nameless = accounts.for_identity("https://idp.fr|3", "a\nb" + "x" * 500, "operator")
    assert nameless is not None and nameless.name.isprintable() and len(nameless.name) <= 128
