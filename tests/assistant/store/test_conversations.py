"""A conversation is found again as it was answered, by its owner alone, without what must not be kept."""

from dataclasses import replace

import pytest

from assistant.answer import Abstention, Answer, Note, Turn
from assistant.store import Store, UnknownConversation
from tests.fakes import ABSTENTION, ANSWER, COMPARED, HITS


def turn(session_id: str, number: int = 0, reply: Answer | Abstention = ANSWER, question: str = "") -> Turn:
    asked = question or f"question {number}"
    return Turn(f"t-{session_id}-{number}", session_id, asked, asked, reply, HITS, timings_ms={"total": 12.5})


def test_a_turn_is_read_back_as_it_was_answered(store: Store) -> None:
    session_id = store.conversations.open(None, "visitor:a")
    kept = [turn(session_id, number, reply) for number, reply in enumerate((ANSWER, ABSTENTION, COMPARED))]
    for one in kept:
        assert store.conversations.keep(one, "visitor:a")
    read = store.conversations.read(session_id, "visitor:a")
    assert [one.turn for one in read] == [replace(one, hits=()) for one in kept]
    assert all(one.asked_at.tzinfo is not None for one in read)


def test_what_was_typed_is_masked_everywhere_it_is_written(store: Store) -> None:
    session_id = store.conversations.open(None, "visitor:a")
    typed = replace(
        turn(session_id, reply=replace(ANSWER, unanswered=("et Dupont ?",)), question="Dupont demande une SCIC"),
        notes=(Note("completed_question", "Dupont"),),
        related=("Dupont ?",),
    )
    store.conversations.keep(typed, "visitor:a")
    store.conversations.rename(session_id, "visitor:a", "Chez Dupont")
    with store.database.read() as connection:
        from assistant.store.tables import metadata

        written = "".join(str(connection.execute(table.select()).all()) for table in metadata.sorted_tables)
    assert "Dupont" not in written
    assert "[nom] demande une SCIC" in written


def test_another_owner_sees_nothing_and_gets_a_session_of_their_own(store: Store) -> None:
    session_id = store.conversations.open(None, "visitor:a")
    store.conversations.keep(turn(session_id), "visitor:a")
    assert store.conversations.open(session_id, "visitor:b") != session_id
    assert store.conversations.find("visitor:b") == ()
    for act in (
        lambda: store.conversations.read(session_id, "visitor:b"),
        lambda: store.conversations.rename(session_id, "visitor:b", "à moi"),
        lambda: store.conversations.delete(session_id, "visitor:b"),
    ):
        with pytest.raises(UnknownConversation):
            act()
    assert not store.conversations.keep(turn(session_id, 1), "visitor:b")
    assert len(store.conversations.read(session_id, "visitor:a")) == 1


def test_conversations_are_listed_latest_first_and_found_by_their_words(store: Store) -> None:
    ids = [store.conversations.open(None, "visitor:a") for _ in range(2)]
    store.conversations.keep(turn(ids[0], question="Qu'est-ce qu'une SCIC ?"), "visitor:a")
    store.conversations.keep(turn(ids[1], question="Qui finance à 100 % ?"), "visitor:a")
    store.conversations.keep(turn(ids[0], 1, question="Et la régie ?"), "visitor:a")
    listed = store.conversations.find("visitor:a")
    assert [(one.id, one.title, one.turns) for one in listed] == [
        (ids[0], "Qu'est-ce qu'une SCIC ?", 2),
        (ids[1], "Qui finance à 100 % ?", 1),
    ]
    assert [one.id for one in store.conversations.find("visitor:a", "RÉGIE".lower())] == [ids[0]]
    assert [one.id for one in store.conversations.find("visitor:a", "100 %")] == [ids[1]]
    assert store.conversations.find("visitor:a", "_") == ()


def test_a_deleted_conversation_is_gone_with_its_turns(store: Store) -> None:
    session_id = store.conversations.open(None, "visitor:a")
    store.conversations.keep(turn(session_id, reply=ABSTENTION), "visitor:a")
    store.conversations.delete(session_id, "visitor:a")
    assert store.conversations.find("visitor:a") == ()
    with store.database.read() as connection:
        from assistant.store.tables import gaps, turns

        assert connection.execute(turns.select()).all() == connection.execute(gaps.select()).all() == []


def test_the_latest_questions_come_back_in_order_after_a_restart(store: Store) -> None:
    session_id = store.conversations.open(None)
    for number in range(40):
        store.conversations.keep(turn(session_id, number))
    again = Store(store.database, str, session_turns=3)
    assert again.conversations.open(session_id) == session_id
    assert [one.question for one in again.conversations.turns(session_id)] == [
        "question 37",
        "question 38",
        "question 39",
    ]


def test_only_what_was_not_fully_answered_is_a_gap(store: Store) -> None:
    session_id = store.conversations.open(None)
    partly = replace(ANSWER, unanswered=("et le capital ?",))
    for number, reply in enumerate((ANSWER, ABSTENTION, partly)):
        store.conversations.keep(turn(session_id, number, reply))
    with store.database.read() as connection:
        from assistant.store.tables import gaps

        noted = connection.execute(gaps.select().order_by(gaps.c.turn_id)).all()
    assert [(one.question, one.cause) for one in noted] == [("question 1", "abstained"), ("question 2", "partial")]
