"""An operator finds back their own calls; numbers to call back are forgotten; a month is counted without a word."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from assistant.answer import Turn
from assistant.store import CallNotes, Calls, Database, LookedUp, Store, UnknownCall, UnknownTurn
from assistant.store.tables import callbacks
from tests.fakes import ANSWER

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
NUMBER = "+33612345678"


class Clock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk(store: Store, clock: Clock) -> Calls:
    return Calls(store.database, lambda typed: typed.replace("Dupont", "[nom]"), clock)


def test_a_call_is_found_back_as_it_was_noted_with_its_words_masked(desk: Calls) -> None:
    noted = CallNotes(
        "Dupont : capital scic",
        profile={"type": "commune", "population": 900},
        passages=("p1", "p2"),
        themes=("capital",),
        note="rappeler Dupont",
        callback_number=NUMBER,
        parked=True,
    )
    call = desk.open("account:a", noted)
    assert desk.of_day("account:a", date(2026, 11, 22)) == (call,)
    assert (call.notes.question, call.notes.note) == ("[nom] : capital scic", "rappeler [nom]")
    assert call.notes.passages == ("p1", "p2") and call.notes.profile == {"type": "commune", "population": 900}
    assert call.notes.callback_number == NUMBER and call.closed_at is None


def test_calls_are_their_operators_own(desk: Calls) -> None:
    call = desk.open("account:a", CallNotes("capital"))
    assert desk.of_day("account:b", date(2026, 11, 22)) == ()
    for call_id, operator in ((call.id, "account:b"), ("c-9", "account:a")):
        with pytest.raises(UnknownCall):
            desk.change(call_id, operator, outcome="repondu")


def test_a_call_takes_the_themes_of_its_turn_which_is_the_operators_own(store: Store, desk: Calls) -> None:
    session_id = store.conversations.open(None, "account:a")
    store.conversations.keep(Turn("t-1", session_id, "q", "q", ANSWER), "account:a")
    call = desk.open("account:a", CallNotes("q", "t-1", themes=("capital", "gouvernance")))
    assert call.notes.themes == ("cooperation", "capital", "gouvernance")
    with pytest.raises(UnknownTurn):
        desk.open("account:b", CallNotes("q", "t-1"))
    assert desk.of_day("account:b", date(2026, 11, 22)) == ()


def turn_of(store: Store, turn_id: str, owner: str = "account:a") -> str:
    session_id = store.conversations.open(None, owner)
    store.conversations.keep(Turn(turn_id, session_id, "q", "q", ANSWER), owner)
    return session_id


def test_what_is_looked_up_once_a_call_is_resumed_is_added_to_it(store: Store, desk: Calls) -> None:
    for turn_id in ("t-1", "t-2", "t-3"):
        turn_of(store, turn_id)
    first = LookedUp(("capital scic", "délai de dépôt"), ("t-1",), ("p1",), ("energie",))
    call = desk.open("account:a", CallNotes("capital scic", parked=True), first)
    assert (call.notes.question, call.notes.turn_id) == ("capital scic\ndélai de dépôt", "t-1")
    desk.change(call.id, "account:a", LookedUp(("qui est Dupont ?",), ("t-2",), ("p2",), ("emploi",)), parked=True)
    # What the page knows of the whole call comes again, the words as they were typed.
    again = LookedUp(("capital scic", "qui est Dupont ?", "et après"), ("t-1", "t-3"), ("p1", "p3"), ("energie",))
    ended = desk.change(call.id, "account:a", again, parked=False, outcome="repondu")
    assert ended.notes.question == "capital scic\ndélai de dépôt\nqui est [nom] ?\net après"
    assert ended.notes.passages == ("p1", "p2", "p3") and ended.notes.turn_id == "t-3"
    assert ended.notes.themes == ("cooperation", "capital", "energie", "emploi")
    assert desk.of_day("account:a", date(2026, 11, 22)) == (ended,)
    assert desk.report(2026, 11).themes == {"cooperation": 1, "capital": 1, "energie": 1, "emploi": 1}


def test_a_turn_that_is_not_the_operators_is_added_to_no_call(store: Store, desk: Calls) -> None:
    call = desk.open("account:a", CallNotes("capital"))
    turn_of(store, "t-b", "account:b")
    with pytest.raises(UnknownTurn):
        desk.change(call.id, "account:a", LookedUp(("ailleurs",), ("t-b",)), note="un mot")
    assert desk.of_day("account:a", date(2026, 11, 22)) == (call,)


@pytest.mark.parametrize("erased", ["t-1", "t-2"])
def test_a_call_keeps_no_word_once_any_of_its_conversations_is_erased(store: Store, desk: Calls, erased: str) -> None:
    sessions = {turn_id: turn_of(store, turn_id) for turn_id in ("t-1", "t-2")}
    call = desk.open("account:a", CallNotes("première", "t-1", note="un mot", callback_number=NUMBER))
    desk.change(call.id, "account:a", LookedUp(("seconde",), ("t-2",)))
    assert [row["id"] for row in store.records.kept(sessions[erased]).calls] == [call.id]
    store.erasure.erase(sessions[erased], "account:a")
    (left,) = desk.of_day("account:a", date(2026, 11, 22))
    assert (left.notes.question, left.notes.note, left.notes.callback_number) == ("", "", None)
    assert left.notes.themes == ("cooperation", "capital")


def test_a_call_of_an_older_database_is_still_wiped_with_its_turn_after_another(tmp_path: Path) -> None:
    database = Database.in_file(tmp_path / "older.db")
    database.migrate()
    store = Store(database, str, 30)
    session_id = turn_of(store, "t-1")
    turn_of(store, "t-2")
    call = store.calls.open("account:a", CallNotes("première", "t-1"))
    with database.begin() as connection:
        connection.execute(text("DROP TABLE call_turns"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    database.migrate()
    store.calls.change(call.id, "account:a", LookedUp(("seconde",), ("t-2",)), parked=True)
    store.erasure.erase(session_id, "account:a")
    assert [one.notes.question for one in store.calls.parked("account:a")] == [""]
    database.close()


def test_a_call_outlives_its_turn(store: Store, desk: Calls) -> None:
    session_id = store.conversations.open(None, "account:a")
    store.conversations.keep(Turn("t-1", session_id, "q", "q", ANSWER), "account:a")
    desk.open("account:a", CallNotes("q", "t-1"))
    store.conversations.delete(session_id, "account:a")
    (call,) = desk.of_day("account:a", date(2026, 11, 22))
    assert call.notes.turn_id is None and call.notes.themes == ("cooperation", "capital")


def test_a_parked_call_is_found_the_next_day_until_it_is_taken_up(desk: Calls, clock: Clock) -> None:
    call = desk.open("account:a", CallNotes("capital", outcome="a_rappeler", parked=True))
    clock.now += timedelta(days=1)
    assert desk.of_day("account:a", date(2026, 11, 23)) == ()
    assert [one.id for one in desk.parked("account:a")] == [call.id]
    changed = desk.change(call.id, "account:a", outcome="repondu", parked=False)
    assert changed.closed_at == clock.now and desk.parked("account:a") == ()


def test_only_what_is_named_changes(desk: Calls) -> None:
    call = desk.open("account:a", CallNotes("capital", note="un mot", callback_number=NUMBER))
    changed = desk.change(call.id, "account:a", outcome="transmis")
    assert (changed.notes.note, changed.notes.callback_number, changed.notes.question) == ("un mot", NUMBER, "capital")
    assert desk.of_day("account:a", date(2026, 11, 22)) == (changed,)
    reopened = desk.change(call.id, "account:a", outcome=None, callback_number=None)
    assert reopened.closed_at is None and reopened.notes.callback_number is None


def test_a_number_is_not_shown_after_seven_days(store: Store, desk: Calls, clock: Clock) -> None:
    call = desk.open("account:a", CallNotes("capital", callback_number=NUMBER))
    clock.now += timedelta(days=6, hours=23)
    assert desk.change(call.id, "account:a", note="encore").notes.callback_number == NUMBER
    clock.now += timedelta(hours=1)
    assert desk.of_day("account:a", date(2026, 11, 22))[0].notes.callback_number is None
    with store.database.read() as connection:
        assert connection.execute(callbacks.select()).one().purge_at == NOON + timedelta(days=7)


def test_a_month_is_counted_over_all_operators(desk: Calls, clock: Clock) -> None:
    desk.open("account:a", CallNotes("q", themes=("capital", "gouvernance"), outcome="repondu"))
    desk.open("account:b", CallNotes("q", themes=("capital",)))
    clock.now = datetime(2026, 11, 30, 22, 59, tzinfo=UTC)
    desk.open("account:a", CallNotes("q", outcome="transmis"))
    clock.now = datetime(2026, 11, 30, 23, tzinfo=UTC)  # midnight in Paris
    desk.open("account:a", CallNotes("q"))
    report = desk.report(2026, 11)
    assert report.calls == 3
    assert report.themes == {"capital": 2, "gouvernance": 1, "": 1}
    assert report.outcomes == {"repondu": 1, None: 1, "transmis": 1}
    assert report.days == {date(2026, 11, 22): 2, date(2026, 11, 30): 1}
