"""A question set is read whole, or refused by its line."""

import json
from pathlib import Path
from typing import Any

import pytest

from evals.cases import CasesInvalid, load_cases

CASE = {"id": "une", "kind": "factual", "turns": ["Qui anime la halle ?"], "answerable": True}


def written(folder: Path, *lines: dict[str, Any] | str) -> Path:
    path = folder / "questions.jsonl"
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    path.write_text("\n".join(texts), encoding="utf-8")
    return path


def test_one_case_a_line_blank_lines_passed_over(tmp_path: Path) -> None:
    cases = load_cases(written(tmp_path, CASE, "", "  ", CASE | {"id": "deux", "turns": ["Un ?", "Deux ?"]}, ""))
    assert [case.id for case in cases] == ["une", "deux"]
    assert cases[1].turns == ("Un ?", "Deux ?")
    assert cases[0].facts == cases[0].must_not == cases[0].expected_docs == ()


@pytest.mark.parametrize(
    "wrong",
    [
        "{",
        "[]",
        {"id": "x"},
        CASE | {"facts": [["("]]},
        CASE | {"must_not": ["[a"]},
        CASE | {"answerable": "peut-être"},
        CASE | {"turns": "Qui ?"},
    ],
    ids=str,
)
def test_a_line_that_cannot_be_read_is_named(tmp_path: Path, wrong: dict[str, Any] | str) -> None:
    with pytest.raises(CasesInvalid, match=r"questions\.jsonl:2"):
        load_cases(written(tmp_path, CASE, wrong))


def test_a_missing_file_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(CasesInvalid, match=r"absent\.jsonl"):
        load_cases(tmp_path / "absent.jsonl")


@pytest.mark.parametrize("text", ["", "\n\n  \n"])
def test_an_empty_set_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(CasesInvalid, match="no question"):
        load_cases(written(tmp_path, text))


def test_a_case_without_a_question_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CasesInvalid):
        load_cases(written(tmp_path, CASE | {"turns": []}))


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_bytes(b"\xff\xfe\x00\x80")
    with pytest.raises(CasesInvalid):
        load_cases(path)
