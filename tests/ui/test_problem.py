"""What goes wrong is said in French, and what nobody expected is written down."""

from pathlib import Path

import pytest

from assistant.factory import LanguageModelUnavailable
from indexing import (
    DiskFull,
    IndexMismatch,
    ModelUnavailable,
    NoIndex,
    NoPrevious,
    Progress,
    SnapshotDamaged,
    UnknownDocument,
    WriterBusy,
)
from ui import messages
from ui.problem import EXPECTED, Problem, problem_of, unexpected

ERRORS = [
    (NoIndex("x"), 503, "corpus add"),
    (IndexMismatch("ancien", "nouveau"), 503, "corpus rebuild"),
    (SnapshotDamaged("x"), 503, "corpus rebuild"),
    (ModelUnavailable("x"), 503, "modèle"),
    (UnknownDocument("x"), 404, "identifiant"),
    (WriterBusy("42"), 409, "42"),
    (NoPrevious(), 409, "un seul a été publié"),
    (DiskFull(Path("home")), 507, "Libérez de la place"),
    (LanguageModelUnavailable("No module named 'langchain_x'"), 503, "ASSISTANT_ELUS_LLM"),
]


@pytest.mark.parametrize(("error", "status", "words"), ERRORS)
def test_each_error_of_ours_has_its_problem(error: Exception, status: int, words: str) -> None:
    problem = problem_of(error)
    assert problem is not None
    assert problem.status == status and words in problem.detail
    assert problem.code in messages.TITLES
    assert isinstance(error, EXPECTED)


def test_a_first_build_is_told_with_its_progress() -> None:
    problem = problem_of(NoIndex("x"), Progress("embedding", 10, 40))
    assert problem is not None and "10 sur 40 (25 %)" in problem.detail


def test_a_mismatch_names_both_models() -> None:
    problem = problem_of(IndexMismatch("ancien", "nouveau"))
    assert problem is not None and "« ancien »" in problem.detail and "« nouveau »" in problem.detail


def test_an_unexpected_error_is_written_in_the_log_and_not_shown(tmp_path: Path) -> None:
    log = tmp_path / "home" / "erreurs.log"
    try:
        raise RuntimeError("détail interne")
    except RuntimeError as error:
        problem = unexpected(error, log)
    assert "détail interne" in log.read_text(encoding="utf-8")
    assert "détail interne" not in problem.detail and str(log) in problem.detail


def test_a_log_that_cannot_be_written_is_no_second_failure(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    problem = unexpected(RuntimeError("x"), tmp_path / "file" / "erreurs.log")
    assert problem == Problem("unexpected", 500, messages.UNEXPECTED)
