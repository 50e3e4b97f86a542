"""Conversations are kept in memory, and forgotten in good order."""

import threading

from assistant.answer import Abstention, Turn
from assistant.session import MemorySessions


def turn(session_id: str, number: int = 0) -> Turn:
    return Turn(f"t-{number}", session_id, f"question {number}", f"question {number}", Abstention())


def test_an_unknown_id_gets_a_new_one_the_server_made() -> None:
    sessions = MemorySessions(10, 10)
    opened = {sessions.open(None), sessions.open("à-moi"), sessions.open("")}
    assert len(opened) == 3
    assert "à-moi" not in opened
    assert all(len(one) >= 16 for one in opened)


def test_a_known_id_is_kept() -> None:
    sessions = MemorySessions(10, 10)
    session_id = sessions.open(None)
    assert sessions.open(session_id) == session_id


def test_turns_are_kept_in_order_and_apart() -> None:
    sessions = MemorySessions(10, 10)
    one, other = sessions.open(None), sessions.open(None)
    for number in range(3):
        sessions.keep(turn(one, number))
    assert [kept.id for kept in sessions.turns(one)] == ["t-0", "t-1", "t-2"]
    assert sessions.turns(other) == sessions.turns("inconnue") == ()


def test_only_the_last_turns_are_kept() -> None:
    sessions = MemorySessions(10, 2)
    session_id = sessions.open(None)
    for number in range(5):
        sessions.keep(turn(session_id, number))
    assert [kept.id for kept in sessions.turns(session_id)] == ["t-3", "t-4"]


def test_the_oldest_session_is_forgotten_first_and_one_in_use_is_not_old() -> None:
    sessions = MemorySessions(2, 10)
    first, second = sessions.open(None), sessions.open(None)
    sessions.keep(turn(first))
    sessions.open(first)
    third = sessions.open(None)
    assert sessions.open(first) == first
    assert sessions.open(third) == third
    assert sessions.open(second) != second


def test_a_turn_that_ends_after_its_session_was_forgotten_does_not_bring_it_back() -> None:
    sessions = MemorySessions(1, 10)
    forgotten = sessions.open(None)
    sessions.open(None)
    sessions.keep(turn(forgotten))
    assert sessions.turns(forgotten) == ()


def test_sessions_hold_under_several_threads() -> None:
    sessions = MemorySessions(100, 1000)
    session_id = sessions.open(None)
    threads = [threading.Thread(target=lambda: [sessions.keep(turn(session_id)) for _ in range(50)]) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(sessions.turns(session_id)) == 400
