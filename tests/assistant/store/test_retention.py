"""What has had its time is deleted, and really: its words are no longer in the files of the database."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table, func, select

from assistant.answer import Turn
from assistant.store import Database, Purged, Retention, Store, StoreUnavailable, UnknownConversation
from assistant.store.conversations import Conversations
from assistant.store.tables import (
    accounts,
    api_keys,
    audit,
    callbacks,
    calls,
    feedback,
    gap_groups,
    gaps,
    logins,
    turns,
    usage,
)
from tests.fakes import ABSTENTION

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
WORDS = "conserverie-introuvable-ailleurs"


def ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def purge(database: Database, days: int = 90) -> Purged:
    return Retention(database, days, lambda: NOW).purge()


def keep(database: Database, session_id: str, at: datetime, question: str = "Quoi ?", owner: str = "visitor:a") -> str:
    turn_id = f"t-{session_id}-{at:%Y%m%d%H%M%S}"
    conversations = Conversations(database, str, 30, now=lambda: at)
    assert conversations.keep(Turn(turn_id, session_id, question, question, ABSTENTION), owner)
    return turn_id


def write(database: Database, table: Table, **values: Any) -> None:
    with database.begin() as connection:
        connection.execute(table.insert().values(**values))


def call(
    database: Database, id: str, opened_at: datetime, turn_id: str | None = None, question: str = "Quoi ?"
) -> None:
    lists: dict[str, Any] = {"profile": {}, "passages": [], "themes": ["energie"]}
    values = {"id": id, "operator": "account:x", "question": question, "turn_id": turn_id, "opened_at": opened_at}
    write(database, calls, **values, **lists, note=question, parked=False, outcome="repondu")


def count(database: Database, table: Table) -> int:
    with database.read() as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def group(database: Database, id: str, label: str) -> None:
    values: dict[str, Any] = {"vector": b"\0\0\0\0", "state": "nouveau", "documents": [], "changed_at": NOW}
    write(database, gap_groups, id=id, label=label, created_at=NOW, **values)


def put_in_group(database: Database, turn_id: str, id: str) -> None:
    with database.begin() as connection:
        connection.execute(gaps.update().where(gaps.c.turn_id == turn_id).values(group_id=id))


def test_a_conversation_goes_with_its_last_turn_and_takes_its_marks_and_gaps(store: Store) -> None:
    database = store.database
    old = keep(database, "vieille", ago(91))
    keep(database, "reprise", ago(120))
    keep(database, "reprise", ago(2))
    store.feedback.give(old, "visitor:a", "faux", "")
    assert purge(database).conversations == 1
    assert [one.id for one in store.conversations.find("visitor:a")] == ["reprise"]
    assert count(database, turns) == 2
    assert count(database, feedback) == 0 and count(database, gaps) == 2


def test_each_thing_has_its_own_time(store: Store) -> None:
    database = store.database
    for id, opened_at in (("old", ago(91)), ("new", ago(1))):
        call(database, id, opened_at)
    write(database, callbacks, call_id="new", number="+33600000000", purge_at=ago(0))
    write(database, accounts, id="x", name="x", role="operator", created_at=ago(400))
    for hash, expires_at in (("a", ago(0.1)), ("b", ago(-0.1))):
        write(database, logins, token_hash=hash, account_id="x", created_at=ago(1), expires_at=expires_at)
    for at in (ago(366), ago(364)):
        write(database, audit, at=at, who="local", action="key.created")
    lists: dict[str, Any] = {"scopes": [], "filters": {}, "origins": []}
    write(database, api_keys, id="k", name="k", secret_hash="h", hint="…", created_at=ago(500), **lists)
    for begins_at in (ago(420), ago(30)):
        write(database, usage, key_id="k", period="month", begins_at=begins_at, requests=3)
    assert purge(database) == Purged(0, calls=1, callbacks=1, logins=1, audit=1, usage=1)
    assert [count(database, table) for table in (calls, callbacks, logins, audit, usage)] == [1, 0, 1, 1, 1]
    assert purge(database) == Purged()


def test_a_group_of_gaps_never_keeps_the_words_of_one_that_went(store: Store) -> None:
    database = store.database
    group(database, "both", f"{WORDS} ?")
    group(database, "alone", f"{WORDS} encore ?")
    put_in_group(database, keep(database, "a", ago(100), f"{WORDS} ?"), "both")
    put_in_group(database, keep(database, "b", ago(1), "La conserverie ?"), "both")
    put_in_group(database, keep(database, "c", ago(100), f"{WORDS} encore ?"), "alone")
    purge(database)
    with database.read() as connection:
        assert [(one.id, one.label) for one in connection.execute(select(gap_groups))] == [("both", "La conserverie ?")]


def test_many_conversations_go_in_several_transactions(database: Database) -> None:
    for number in range(12):
        keep(database, f"s{number}", ago(100))
    from assistant.store import retention

    before, retention.AT_ONCE = retention.AT_ONCE, 5
    try:
        assert purge(database).conversations == 12
    finally:
        retention.AT_ONCE = before


def written(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir() if path.is_file())


def erased_by_purge(store: Store) -> None:
    assert purge(store.database).scrubbed


def erased_alone(store: Store) -> None:
    store.erasure.erase("vieille", "visitor:a")


def erased_with_all(store: Store) -> None:
    assert store.erasure.erase_all("visitor:a") == 1


def erased_by_the_operator(store: Store) -> None:
    store.erasure.erase("vieille")


@pytest.mark.parametrize("erased", [erased_by_purge, erased_alone, erased_with_all, erased_by_the_operator])
def test_what_was_erased_is_no_longer_in_the_file_nor_beside_it(
    tmp_path: Path, erased: Callable[[Store], None]
) -> None:
    database = Database.in_file(tmp_path / "store.db")
    database.migrate()
    store = Store(database, str, 30)
    turn_id = keep(database, "vieille", ago(100), f"{WORDS} ?" * 400)
    store.feedback.give(turn_id, "visitor:a", "faux", WORDS)
    call(database, "c", ago(1), turn_id, WORDS)
    group(database, "g", f"{WORDS} ?" * 400)
    put_in_group(database, turn_id, "g")
    assert WORDS.encode() in written(tmp_path)
    erased(store)
    assert WORDS.encode() not in written(tmp_path)
    assert count(database, calls) == 1
    database.close()


def test_a_purge_gives_the_room_back(tmp_path: Path) -> None:
    database = Database.in_file(tmp_path / "store.db")
    database.migrate()
    for number in range(50):
        keep(database, f"s{number}", ago(100), "long " * 2000)
    database.scrub([])
    before = (tmp_path / "store.db").stat().st_size
    purge(database)
    assert (tmp_path / "store.db").stat().st_size < before / 2
    database.close()


def test_a_reader_holds_back_the_end_of_a_purge_and_the_next_one_ends_it(tmp_path: Path) -> None:
    database = Database.in_file(tmp_path / "store.db", wait=0.05)
    database.migrate()
    keep(database, "vieille", ago(100), WORDS)
    with database.read() as reading:
        reading.execute(select(turns)).all()
        assert not purge(database).scrubbed
    assert purge(database) == Purged()
    assert WORDS.encode() not in written(tmp_path)
    database.close()


def test_only_its_owner_or_the_operator_erases_a_conversation(store: Store) -> None:
    keep(store.database, "a", NOW)
    for wrong in (("a", "visitor:b"), ("b", "visitor:a"), ("b", None)):
        with pytest.raises(UnknownConversation):
            store.erasure.erase(*wrong)
    assert store.erasure.erase_all("visitor:b") == 0
    store.erasure.erase("a")
    assert count(store.database, turns) == 0


def test_at_least_a_day_is_kept(database: Database) -> None:
    with pytest.raises(ValueError):
        Retention(database, 0)


def test_a_purge_says_when_the_store_is_away(tmp_path: Path) -> None:
    database = Database.in_file(tmp_path / "store.db", wait=0.05)
    database.migrate()
    (tmp_path / "store.db").unlink()
    with pytest.raises(StoreUnavailable):
        purge(database)
