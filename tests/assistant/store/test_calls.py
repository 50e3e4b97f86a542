"""An operator finds back their own calls; numbers to call back are forgotten; a month is counted without a word."""

from datetime import UTC, date, datetime, timedelta

import pytest

from assistant.answer import Turn
from assistant.store import CallNotes, Calls, Store, UnknownCall, UnknownTurn
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
