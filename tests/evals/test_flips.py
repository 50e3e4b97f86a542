"""Two runs of one set: the answers that changed, and only those."""

import json
from pathlib import Path
from typing import Any

import pytest

from evals.flips import Flip, flips
from evals.runner import ANSWERS, RunInvalid

LINE: dict[str, Any] = {
    "id": "fic-001",
    "question": "Quel plafond ?",
    "abstained": False,
    "facts": {"50 ?%": True, "2014": False},
    "cited": [{"source": "scic.md"}, {"source": "sem.md"}],
}
REFUSED = {"abstained": True, "facts": {"50 ?%": False, "2014": False}, "cited": []}


def kept(folder: Path, *lines: dict[str, Any]) -> Path:
    folder.mkdir()
    text = "\n".join(json.dumps(line) for line in lines)
    (folder / ANSWERS).write_text(text, encoding="utf-8")
    return folder


def changed(tmp_path: Path, before: dict[str, Any], after: dict[str, Any]) -> tuple[Flip, ...] | None:
    return flips(kept(tmp_path / "avant", before), kept(tmp_path / "après", after))


def test_the_same_answers_do_not_flip(tmp_path: Path) -> None:
    assert changed(tmp_path, LINE, LINE | {"answer": "en d'autres mots"}) == ()


def test_an_answer_that_became_an_abstention_and_what_was_lost_with_it(tmp_path: Path) -> None:
    expected = Flip("fic-001", "Quel plafond ?", answered=(True, False), lost=("50 ?%",))
    assert changed(tmp_path, LINE, LINE | REFUSED) == (expected,)


def test_an_abstention_that_became_an_answer(tmp_path: Path) -> None:
    expected = Flip("fic-001", "Quel plafond ?", answered=(False, True), gained=("50 ?%",))
    assert changed(tmp_path, LINE | REFUSED, LINE) == (expected,)


def test_a_fact_gained_and_a_fact_lost(tmp_path: Path) -> None:
    expected = Flip("fic-001", "Quel plafond ?", gained=("2014",), lost=("50 ?%",))
    assert changed(tmp_path, LINE, LINE | {"facts": {"50 ?%": False, "2014": True}}) == (expected,)


def test_another_source_cited_first(tmp_path: Path) -> None:
    expected = Flip("fic-001", "Quel plafond ?", first=("scic.md", "sem.md"))
    assert changed(tmp_path, LINE, LINE | {"cited": LINE["cited"][::-1]}) == (expected,)


def test_a_question_asked_in_one_run_only_is_no_flip(tmp_path: Path) -> None:
    assert changed(tmp_path, LINE, LINE | REFUSED | {"id": "fic-002"}) == ()


def test_a_private_run_has_no_answers_to_compare(tmp_path: Path) -> None:
    (tmp_path / "privée").mkdir()
    assert flips(kept(tmp_path / "avant", LINE), tmp_path / "privée") is None


@pytest.mark.parametrize("line", [{"id": "fic-001"}, LINE | {"cited": [[]]}, LINE | {"facts": None}], ids=str)
def test_answers_that_cannot_be_read_are_refused_by_name(tmp_path: Path, line: dict[str, Any]) -> None:
    with pytest.raises(RunInvalid, match=ANSWERS):
        changed(tmp_path, LINE, line)
