"""A reader marks their own turns, once each; a bad mark is a gap until it is taken back."""

from datetime import UTC, date, datetime

import pytest

from assistant.answer import Turn
from assistant.store import Database, Feedback, Reason, Store, UnknownTurn
from assistant.store.tables import gaps
from tests.fakes import ABSTENTION, ANSWER


@pytest.fixture
def answered(store: Store) -> str:
    """A turn of visitor:a's, answered."""
    session_id = store.conversations.open(None, "visitor:a")
    store.conversations.keep(Turn("t-1", session_id, "Quel capital ?", "Quel capital ?", ANSWER), "visitor:a")
    return "t-1"


def causes(database: Database) -> list[str]:
    with database.read() as connection:
        return sorted(row.cause for row in connection.execute(gaps.select()))


def test_a_second_mark_replaces_the_first(store: Store, answered: str) -> None:
    store.feedback.give(answered, "visitor:a", "faux", "le seuil")
    store.feedback.give(answered, "visitor:a", "incomplet")
    (marked,) = store.feedback.latest()
    assert (marked.mark.reason, marked.mark.comment) == ("incomplet", "")
    assert marked.stored.turn.reply == ANSWER and marked.stored.turn.question == "Quel capital ?"
    assert causes(store.database) == ["incomplet"]


def test_a_mark_that_becomes_useful_takes_its_gap_back(store: Store, answered: str) -> None:
    store.feedback.give(answered, "visitor:a", "faux")
    assert causes(store.database) == ["faux"]
    store.feedback.give(answered, "visitor:a", "utile")
    assert causes(store.database) == []


def test_a_gap_stays_while_its_turn_was_not_fully_answered(store: Store) -> None:
    session_id = store.conversations.open(None, "visitor:a")
    store.conversations.keep(Turn("t-2", session_id, "Qui ?", "Qui ?", ABSTENTION), "visitor:a")
    store.feedback.give("t-2", "visitor:a", "utile")
    assert causes(store.database) == ["abstained"]


def test_a_mark_is_only_given_on_ones_own_turn(store: Store, answered: str) -> None:
    for turn_id, author in ((answered, "visitor:b"), ("t-9", "visitor:a"), ("' OR 1=1", "visitor:a")):
        with pytest.raises(UnknownTurn):
            store.feedback.give(turn_id, author, "faux")
    assert store.feedback.latest() == () and causes(store.database) == []


def test_a_comment_is_masked(store: Store, answered: str) -> None:
    store.feedback.give(answered, "visitor:a", "faux", "Dupont dit autre chose")
    assert store.feedback.of_turns([answered], "visitor:a")[answered].comment == "[nom] dit autre chose"
    assert store.feedback.of_turns([answered], "visitor:b") == {}


def test_marks_go_with_their_conversation(store: Store, answered: str) -> None:
    store.feedback.give(answered, "visitor:a", "faux")
    session_id = store.feedback.latest()[0].stored.turn.session_id
    store.conversations.delete(session_id, "visitor:a")
    assert store.feedback.latest() == () and causes(store.database) == []


def test_marks_are_counted_by_day_and_reason(store: Store) -> None:
    session_id = store.conversations.open(None, "visitor:a")
    given: list[tuple[datetime, Reason]] = [
        (datetime(2026, 11, 21, 22, 30, tzinfo=UTC), "utile"),
        (datetime(2026, 11, 21, 23, 30, tzinfo=UTC), "faux"),  # half past midnight in Paris
        (datetime(2026, 11, 22, 10, 0, tzinfo=UTC), "utile"),
    ]
    clock = iter([at for at, _ in given])
    marks = Feedback(store.database, str, lambda: next(clock))
    for number, (_, reason) in enumerate(given):
        store.conversations.keep(Turn(f"t-{number}", session_id, "q", "q", ANSWER), "visitor:a")
        marks.give(f"t-{number}", "visitor:a", reason)
    assert store.feedback.counts(date(2026, 11, 21), date(2026, 11, 23)) == {
        date(2026, 11, 21): {"utile": 1},
        date(2026, 11, 22): {"faux": 1, "utile": 1},
    }
    assert [one.mark.reason for one in store.feedback.latest(limit=1)] == ["utile"]
    assert [one.mark.turn_id for one in store.feedback.latest(reasons=["faux"])] == ["t-1"]
