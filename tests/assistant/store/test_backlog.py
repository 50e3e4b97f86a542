"""Gaps of one need stand in one group; a group that was done comes back when its need does."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.answer import Turn
from assistant.store import Backlog, GapGroup, NearDocument, Store, UnknownGroup
from assistant.store.past import latest_turns, turns_to_fill
from assistant.store.tables import gap_groups
from tests.fakes import ABSTENTION, ANSWER, FakeEmbedder

BREAD = ("Quelles subventions pour un four à pain ?", "aides four à pain communal", "aide pour le four à pain")
LAKE = "Qui entretient la digue du lac ?"


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now


@pytest.fixture
def backlog(store: Store) -> Backlog:
    return Backlog(
        store.database, FakeEmbedder().embed_queries, lambda question: [NearDocument("d-pain", "Le pain")], Clock()
    )


def unanswered(store: Store, *questions: str) -> list[str]:
    """Sessions, one a question."""
    sessions = []
    for question in questions:
        session_id = store.conversations.open(None)
        store.conversations.keep(Turn(f"t-{session_id}", session_id, question, question, ABSTENTION))
        sessions.append(session_id)
    return sessions


def labels(groups: tuple[GapGroup, ...]) -> list[tuple[str, int]]:
    return [(group.label, len(group.gaps)) for group in groups]


def test_questions_of_one_need_are_one_group_with_its_most_central_for_label(store: Store, backlog: Backlog) -> None:
    unanswered(store, *BREAD, LAKE)
    assert backlog.waiting() == 4
    grouped = backlog.group_new()
    assert (grouped.gaps, grouped.made, grouped.reopened, backlog.waiting()) == (4, 2, (), 0)
    bread, lake = backlog.groups()
    assert len(bread.gaps) == 3 and bread.label in BREAD and bread.causes == {"abstained": 3}
    assert bread.documents == (NearDocument("d-pain", "Le pain"),)
    assert (lake.label, lake.state, lake.assignee) == (LAKE, "nouveau", "")
    assert backlog.group_new().gaps == 0


def test_later_gaps_join_the_groups_there_are(store: Store, backlog: Backlog) -> None:
    unanswered(store, BREAD[0], LAKE)
    backlog.group_new()
    unanswered(store, BREAD[1])
    assert backlog.group_new().made == 0
    assert [count for _, count in labels(backlog.groups())] == [2, 1]


def test_a_group_that_was_done_comes_back_and_says_so(store: Store, backlog: Backlog) -> None:
    unanswered(store, BREAD[0])
    backlog.group_new()
    (group,) = backlog.groups()
    backlog.set_state(group.id, "traite")
    backlog.assign(group.id, "Équipe pain")
    unanswered(store, BREAD[1])
    assert backlog.group_new().reopened == (group.id,)
    again = backlog.group(group.id)
    assert (again.state, again.assignee) == ("nouveau", "Équipe pain") and again.reopened_at is not None
    backlog.set_state(group.id, "en_cours")
    assert backlog.group(group.id).reopened_at is None


def test_a_group_out_of_scope_stays_so(store: Store, backlog: Backlog) -> None:
    unanswered(store, BREAD[0])
    backlog.group_new()
    backlog.set_state(backlog.groups()[0].id, "hors_perimetre")
    unanswered(store, BREAD[1])
    assert backlog.group_new().reopened == ()
    assert [(group.state, len(group.gaps)) for group in backlog.groups()] == [("hors_perimetre", 2)]


def test_groups_are_chosen_by_state_person_and_cause(store: Store, backlog: Backlog) -> None:
    unanswered(store, BREAD[0], LAKE)
    backlog.group_new()
    first, second = backlog.groups()
    backlog.assign(first.id, "Équipe pain")
    backlog.set_state(second.id, "en_cours")
    assert [group.id for group in backlog.groups(states=["en_cours"])] == [second.id]
    assert [group.id for group in backlog.groups(assignee="Équipe pain")] == [first.id]
    assert backlog.groups(cause="faux") == () and len(backlog.groups(cause="abstained")) == 2


def test_a_bad_mark_joins_and_a_good_one_leaves(store: Store, backlog: Backlog) -> None:
    unanswered(store, BREAD[0])
    session_id = store.conversations.open(None)
    store.conversations.keep(Turn("t-marked", session_id, BREAD[1], BREAD[1], ANSWER))
    store.feedback.give("t-marked", "local", "incomplet")
    backlog.group_new()
    assert backlog.groups()[0].causes == {"abstained": 1, "incomplet": 1}
    store.feedback.give("t-marked", "local", "utile")
    assert backlog.groups()[0].causes == {"abstained": 1}


def test_a_purged_question_lives_on_neither_as_a_label_nor_as_a_group(store: Store, backlog: Backlog) -> None:
    sessions = unanswered(store, *BREAD[:2], LAKE)
    backlog.group_new()
    bread = backlog.groups()[0]
    for session_id, question in zip(sessions, (*BREAD[:2], LAKE), strict=True):
        if question in (bread.label, LAKE):
            store.conversations.delete(session_id, "local")
    (left,) = backlog.groups()
    assert left.label != bread.label and left.label in BREAD
    backlog.tidy()
    with store.database.read() as connection:
        assert [row.label for row in connection.execute(gap_groups.select())] == [left.label]


def test_what_another_process_grouped_meanwhile_is_left_to_it(store: Store, backlog: Backlog) -> None:
    unanswered(store, BREAD[0])
    embed = FakeEmbedder().embed_queries

    def slow(texts: Sequence[str]) -> NDArray[np.float32]:
        backlog.group_new()
        return embed(texts)

    assert Backlog(store.database, slow).group_new().gaps == 0
    assert labels(backlog.groups()) == [(BREAD[0], 1)]


def test_an_unknown_group_is_told(backlog: Backlog) -> None:
    for act in (lambda: backlog.group("g-9"), lambda: backlog.set_state("g-9", "traite")):
        with pytest.raises(UnknownGroup):
            act()


def test_past_turns_are_read_back_and_those_still_to_fill(store: Store, backlog: Backlog) -> None:
    unanswered(store, BREAD[0], LAKE)
    session_id = store.conversations.open(None, "visitor:a")
    store.conversations.keep(Turn("t-1", session_id, "Quel capital ?", "Quel capital ?", ANSWER), "visitor:a")
    backlog.group_new()
    done = next(group for group in backlog.groups() if group.label == LAKE)
    backlog.set_state(done.id, "traite")
    assert [one.turn.question for one in latest_turns(store.database, 2)] == ["Quel capital ?", LAKE]
    assert [one.turn.question for one in turns_to_fill(store.database)] == [BREAD[0]]
