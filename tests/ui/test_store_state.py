"""Whether the store answers, told without ever waiting for it."""

import threading
from pathlib import Path

from assistant.store import Database
from ui.store_state import SECONDS_BETWEEN_CHECKS, StoreState


def test_a_store_that_goes_away_and_comes_back_is_seen_by_whoever_asks_again(tmp_path: Path) -> None:
    database = Database.in_file(tmp_path / "store.db", wait=0.1)
    database.migrate()
    now = 0.0
    state = StoreState(database, lambda: now)
    assert state.up()
    (tmp_path / "store.db").rename(tmp_path / "away.db")
    assert state.up(), "nothing is looked at again so soon"
    now += SECONDS_BETWEEN_CHECKS + 1
    state.up()
    checks_are_over()
    assert not state.up()
    (tmp_path / "away.db").rename(tmp_path / "store.db")
    now += SECONDS_BETWEEN_CHECKS + 1
    state.up()
    checks_are_over()
    assert state.up()
    database.close()


def checks_are_over() -> None:
    for thread in threading.enumerate():
        if thread.name == "store-state":
            thread.join(10)
