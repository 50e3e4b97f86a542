"""Ready, not yet, or why not."""

from pathlib import Path
from typing import Any, cast

import pytest

from assistant.pipeline import Assistant
from indexing import ModelUnavailable, Progress
from tests.fakes import STATE, FakeAssistant
from ui import preparation
from ui.preparation import Preparation


def preparation_of(assistant: FakeAssistant, steps: Any, tmp_path: Path) -> Preparation:
    return Preparation(cast(Assistant, assistant), steps, tmp_path / "erreurs.log")


def test_not_ready_before_the_model_is_loaded(tmp_path: Path) -> None:
    readiness = preparation_of(FakeAssistant(), lambda: None, tmp_path).readiness()
    assert readiness.problem is not None and readiness.problem.code == "loading"


def test_ready_once_the_steps_are_done(tmp_path: Path) -> None:
    prepared = preparation_of(FakeAssistant(), lambda: None, tmp_path)
    prepared.run()
    assert prepared.readiness().corpus == STATE and prepared.ended.is_set()


def test_a_build_is_told_while_it_runs(tmp_path: Path) -> None:
    assistant = FakeAssistant(corpus=None, progress=Progress("reading", 1, 12))
    readiness = preparation_of(assistant, lambda: None, tmp_path).readiness()
    assert readiness.problem is not None and "1 sur 12" in readiness.problem.detail
    assert readiness.progress == assistant.progress


def test_what_failed_is_told_and_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preparation, "RETRY_SECONDS", 0.0)
    failures: list[Exception] = [ModelUnavailable("no weights")]

    def steps() -> None:
        if failures:
            raise failures.pop()

    prepared = preparation_of(FakeAssistant(), steps, tmp_path)
    prepared.run()
    prepared.ended.clear()
    prepared.readiness()
    assert prepared.ended.wait(5)
    assert prepared.readiness().corpus == STATE


def test_an_unexpected_failure_is_written_down(tmp_path: Path) -> None:
    def steps() -> None:
        raise RuntimeError("détail interne")

    prepared = preparation_of(FakeAssistant(), steps, tmp_path)
    prepared.run()
    readiness = prepared.readiness()
    assert readiness.problem is not None and "interne" not in readiness.problem.detail
    assert "détail interne" in (tmp_path / "erreurs.log").read_text(encoding="utf-8")
