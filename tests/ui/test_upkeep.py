"""The service purges by itself, one process at a time, and goes on when it cannot."""

import logging
import threading
from pathlib import Path

import pytest
from filelock import FileLock

from assistant.store import Purged, StoreUnavailable
from ui.upkeep import LOCK, Upkeep


class Purge:
    def __init__(self, error: Exception | None = None) -> None:
        self.count = 0
        self.error = error
        self.thrice = threading.Event()

    def __call__(self) -> Purged:
        self.count += 1
        if self.count == 3:
            self.thrice.set()
        if self.error:
            raise self.error
        return Purged(conversations=2)


def test_it_purges_at_the_start_and_again_and_again(tmp_path: Path) -> None:
    purge = Purge()
    with Upkeep(purge, tmp_path, tmp_path / "log", seconds=0.001).running():
        assert purge.thrice.wait(10)


def test_what_another_process_is_at_is_left_to_it(tmp_path: Path) -> None:
    purge = Purge()
    with FileLock(tmp_path / LOCK):
        Upkeep(purge, tmp_path, tmp_path / "log").once()
    assert purge.count == 0


def test_a_store_that_is_away_is_told_and_tried_again(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    purge = Purge(StoreUnavailable("locked"))
    upkeep = Upkeep(purge, tmp_path, tmp_path / "log")
    upkeep.once()
    upkeep.once()
    assert purge.count == 2 and "nothing was purged" in caplog.text


def test_what_nobody_expected_is_in_the_log_file(tmp_path: Path) -> None:
    Upkeep(Purge(RuntimeError("odd")), tmp_path, tmp_path / "log").once()
    assert "RuntimeError: odd" in (tmp_path / "log").read_text()


def test_how_much_went_is_told_without_what(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        Upkeep(Purge(), tmp_path, tmp_path / "log").once()
    assert "2 conversations" in caplog.text
