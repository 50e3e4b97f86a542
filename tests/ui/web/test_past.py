"""Conversations found again by the page: one's own only, as they were answered."""

from pathlib import Path
from typing import cast

import pytest
from pydantic import ValidationError

from assistant.answer import Turn
from assistant.factory import open_retention, open_store
from assistant.pipeline import Assistant
from assistant.settings import Settings
from assistant.store import Store, UnknownConversation, UnknownTurn
from tests.fakes import ANSWER, FakeAssistant
from ui.api.caller import SCOPES, Caller
from ui.problem import Refused
from ui.web.past import NEW, Past

ME, YOU = Caller("visitor:moi", frozenset(SCOPES)), Caller("visitor:vous", frozenset(SCOPES))
NOBODY = Caller("account:1", frozenset())


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(Settings(home=tmp_path))


def past_over(store: Store, tmp_path: Path, fake: FakeAssistant | None = None) -> Past:
    settings = Settings(home=tmp_path)
    return Past(store, cast(Assistant, fake or FakeAssistant()), open_retention(settings, store), "")


def keep(store: Store, question: str, owner: Caller = ME, id: str = "t1") -> str:
    session_id = store.conversations.open(None, owner.owner)
    turn = Turn(id, session_id, question, question, ANSWER)
    assert store.conversations.keep(turn, owner.owner)
    return session_id


def test_a_conversation_is_shown_as_it_was_answered_lists_and_marks_with_it(store: Store, tmp_path: Path) -> None:
    session_id = keep(store, "Une SCIC ?")
    past = past_over(store, tmp_path)
    past.mark("t1", "faux", "mot", ME)
    shown = past.opened(session_id, ME)
    assert shown.session_id == session_id
    exchange = shown.exchanges[0]
    assert exchange.answer.count("<li>") == 2 and 'href="#m1-s2"' in exchange.answer
    assert exchange.mark == "faux" and exchange.spoken == ""


def test_nobody_else_s_is_opened_listed_renamed_erased_or_marked(store: Store, tmp_path: Path) -> None:
    theirs, past = keep(store, "La leur ?", YOU), past_over(store, tmp_path)
    assert past.listed(ME) == ()
    assert past.found_again(theirs, ME).exchanges == ()
    for act in (
        lambda: past.opened(theirs, ME),
        lambda: past.rename(theirs, "Autre", ME),
        lambda: past.erase(theirs, ME),
    ):
        with pytest.raises(UnknownConversation):
            act()
    with pytest.raises(UnknownTurn):
        past.mark("t1", "utile", "", ME)
    assert past.opened(theirs, YOU).exchanges


def test_who_may_not_ask_has_no_conversations_and_who_may_not_judge_gives_no_mark(store: Store, tmp_path: Path) -> None:
    past = past_over(store, tmp_path)
    assert past.listed(NOBODY) == ()
    with pytest.raises(Refused):
        past.mark("t1", "utile", "", NOBODY)


def test_the_latest_comes_back_unless_a_new_one_was_begun(store: Store, tmp_path: Path) -> None:
    past = past_over(store, tmp_path)
    assert past.found_again("", ME).session_id is None
    first, latest = keep(store, "Une ?"), keep(store, "Deux ?", id="t2")
    assert past.found_again("", ME).session_id == latest
    assert past.found_again(first, ME).session_id == first
    assert past.found_again(NEW, ME).session_id is None


def test_the_words_of_a_removed_source_do_not_come_back(store: Store, tmp_path: Path) -> None:
    session_id = keep(store, "Une SCIC ?")
    fake = FakeAssistant(records=FakeAssistant().records[1:])
    exchange = past_over(store, tmp_path, fake).opened(session_id, ME).exchanges[0]
    assert "Source retirée" in exchange.answer and "50" not in exchange.answer


def test_a_title_too_long_or_a_comment_too_long_is_refused(store: Store, tmp_path: Path) -> None:
    session_id, past = keep(store, "Une SCIC ?"), past_over(store, tmp_path)
    with pytest.raises(ValidationError):
        past.rename(session_id, "a" * 121, ME)
    with pytest.raises(ValidationError):
        past.mark("t1", "faux", "a" * 2001, ME)
    past.rename(session_id, "La halle", ME)
    assert past.listed(ME, "halle")[0].title == "La halle"


def test_a_character_that_a_database_refuses_finds_nothing(store: Store, tmp_path: Path) -> None:
    past = past_over(store, tmp_path)
    keep(store, "Une SCIC ?")
    assert past.listed(ME, "\0SCIC") and past.found_again("\0", ME).exchanges == ()
