"""`evals run` and `evals compare`: what they print, what they write, and what is missing said in French."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from evals import report
from evals.runner import ANSWERS, PARAMETERS, SCORES
from tests.evals.weighing import WeighingAssistant
from tests.fakes import ABSTENTION, ANSWER
from ui.__main__ import main

Captured = pytest.CaptureFixture[str]
CASES: list[Mapping[str, Any]] = [
    {
        "id": "capital",
        "kind": "factual",
        "turns": ["Quelle part du capital ?"],
        "answerable": True,
        "expected_docs": ["fiches/scic"],
        "facts": [["50 ?%"]],
    },
    {"id": "lune", "kind": "outofscope", "turns": ["Quelle heure sur la Lune ?"], "answerable": False},
]


@pytest.fixture
def assistant(monkeypatch: pytest.MonkeyPatch) -> WeighingAssistant:
    fake = WeighingAssistant()
    monkeypatch.setattr("ui.commands.evals.ready_assistant", lambda _: fake)
    return fake


@pytest.fixture
def questions(tmp_path: Path) -> str:
    path = tmp_path / "questions.jsonl"
    path.write_text("\n".join(json.dumps(case) for case in CASES), encoding="utf-8")
    return str(path)


def measured(questions: str, out: Path, *options: str) -> Path:
    assert main(["evals", "run", "--questions", questions, "--out", str(out), *options]) == 0
    return out


def test_a_run_shows_its_figures_and_writes_a_report_beside_them(
    assistant: WeighingAssistant, questions: str, tmp_path: Path, capsys: Captured
) -> None:
    out = measured(questions, tmp_path / "mesure")
    assert {path.name for path in out.iterdir()} == {SCORES, ANSWERS, PARAMETERS, report.REPORT}
    said = capsys.readouterr().out
    assert said.splitlines()[0].split()[:3] == ["type", "n", "faits"]
    assert [line.split()[0] for line in said.splitlines()[1:4]] == ["factual", "outofscope", "ENSEMBLE"]
    assert f"Rapport à lire : {out / report.REPORT}" in said
    assert "Quelle part du capital ?" in (out / report.REPORT).read_text(encoding="utf-8")


def test_a_private_run_reports_its_figures_and_no_question(
    assistant: WeighingAssistant, questions: str, tmp_path: Path
) -> None:
    out = measured(questions, tmp_path / "mesure", "--private")
    assert {path.name for path in out.iterdir()} == {SCORES, PARAMETERS, report.REPORT}
    written = "".join(path.read_text(encoding="utf-8") for path in out.iterdir())
    assert "MRR@10" in written
    assert "Quelle part du capital ?" not in written and "capital d'une SCIC" not in written


def test_libraries_that_are_missing_are_told_before_a_question_is_asked(
    assistant: WeighingAssistant, questions: str, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.setattr(report, "find_spec", lambda name: None)
    assert main(["evals", "run", "--questions", questions]) == 1
    captured = capsys.readouterr()
    assert "pip install 'assistant-elus[evals]'" in captured.err and captured.err.count("\n") == 1
    assert assistant.asked == []


def test_a_question_set_that_cannot_be_read_is_told_in_one_line(
    assistant: WeighingAssistant, tmp_path: Path, capsys: Captured
) -> None:
    (tmp_path / "vide.jsonl").write_text("", encoding="utf-8")
    assert main(["evals", "run", "--questions", str(tmp_path / "vide.jsonl")]) == 1
    said = capsys.readouterr().err.splitlines()
    assert said[-1].startswith("assistant-elus : Le jeu de questions ne se lit pas : ") and "vide.jsonl" in said[-1]


def test_documents_that_are_not_there_are_named(
    assistant: WeighingAssistant, questions: str, tmp_path: Path, capsys: Captured
) -> None:
    assert main(["evals", "run", "--questions", questions, "--documents", str(tmp_path / "absent")]) == 2
    assert "absent : fichier ou dossier introuvable" in capsys.readouterr().err


@pytest.fixture
def two_runs(assistant: WeighingAssistant, questions: str, tmp_path: Path, capsys: Captured) -> tuple[str, str]:
    """An answer, then an abstention."""
    before = measured(questions, tmp_path / "avant")
    assistant.reply = ABSTENTION
    after = measured(questions, tmp_path / "après")
    assistant.reply = ANSWER
    capsys.readouterr()
    return str(before), str(after)


def test_comparing_names_each_answer_that_flipped(two_runs: tuple[str, str], capsys: Captured) -> None:
    assert main(["evals", "compare", *two_runs]) == 1
    said = capsys.readouterr().out
    assert "Baisse : « Faits, dans la réponse » passe de 1.000 à 0.000" in said
    assert "2 réponses changent :" in said
    assert (
        "  capital « Quelle part du capital ? » : répondait, s'abstient désormais ; perd 1 fait (50 ?%)\n"
        "  lune « Quelle heure sur la Lune ? » : répondait, s'abstient désormais\n"
    ) in said


def test_comparing_in_json_gives_figures_falls_and_flips(two_runs: tuple[str, str], capsys: Captured) -> None:
    assert main(["evals", "compare", *two_runs, "--json"]) == 1
    body = json.loads(capsys.readouterr().out)
    assert (body["before"]["facts"], body["after"]["facts"], body["falls"]["facts"]) == (1.0, 0.0, [1.0, 0.0])
    assert [(flip["id"], flip["answered"], flip["lost"]) for flip in body["flips"]] == [
        ("capital", [True, False], ["50 ?%"]),
        ("lune", [True, False], []),
    ]


def test_a_run_compared_with_itself_has_nothing_to_tell(two_runs: tuple[str, str], capsys: Captured) -> None:
    assert main(["evals", "compare", two_runs[0], two_runs[0]]) == 0
    assert capsys.readouterr().out.endswith("Aucune réponse ne change.\n")


def test_answers_of_a_private_run_are_not_told(
    two_runs: tuple[str, str], questions: str, tmp_path: Path, capsys: Captured
) -> None:
    private = measured(questions, tmp_path / "privée", "--private")
    capsys.readouterr()
    assert main(["evals", "compare", two_runs[0], str(private)]) == 0
    assert "est privée" in capsys.readouterr().out
    main(["evals", "compare", two_runs[0], str(private), "--json"])
    assert json.loads(capsys.readouterr().out)["flips"] is None


def test_a_folder_without_a_run_is_told_in_one_line(tmp_path: Path, capsys: Captured) -> None:
    assert main(["evals", "compare", str(tmp_path), str(tmp_path)]) == 1
    assert capsys.readouterr().err.startswith("assistant-elus : Ce dossier ne contient pas de mesure lisible : ")
