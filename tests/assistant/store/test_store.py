"""What every part of the store is spared."""

from assistant.answer import Turn
from assistant.store import Store
from tests.fakes import ABSTENTION


def test_a_character_that_postgresql_refuses_does_not_pass_for_a_store_that_is_away(store: Store) -> None:
    session_id = store.conversations.open("s\0", "visitor:a")
    assert store.conversations.keep(Turn("t", session_id, "où\0 ?", "où\0 ?", ABSTENTION), "visitor:a")
    store.conversations.rename(session_id, "visitor:a", "titre\0")
    store.feedback.give("t", "visitor:a", "faux", "non\0")
    assert [one.title for one in store.conversations.find("visitor:a")] == ["titre"]
