"""A run asks every question as a user does; figures are kept, and of a private run nothing else."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from assistant.pipeline import Assistant
from evals.cases import CasesInvalid
from evals.runner import (
    ANSWERS,
    OVERALL,
    PARAMETERS,
    SCORES,
    Comparison,
    RunInvalid,
    RunReport,
    compare,
    read,
    run,
)
from indexing import NoIndex
from tests.evals.weighing import WeighingAssistant
from tests.fakes import ABSTENTION, ANSWER
from ui.commands.evals import rendered

CASES: list[dict[str, Any]] = [
    {
        "id": "capital",
        "kind": "factual",
        "turns": ["Quelle part du capital les collectivités peuvent-elles tenir ?"],
        "answerable": True,
        "expected_docs": ["fiches/scic"],
        "facts": [["50 ?%"]],
    },
    {
        "id": "suite",
        "kind": "followup",
        "turns": ["Qu'est-ce qu'une SCIC ?", "et quelles formes ?"],
        "answerable": True,
        "expected_docs": ["fiches/roles"],
        "facts": [["societe anonyme"]],
    },
    {"id": "lune", "kind": "outofscope", "turns": ["Quelle heure est-il sur la Lune ?"], "answerable": False},
]


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    path = tmp_path / "questions.jsonl"
    path.write_text("\n".join(json.dumps(case) for case in CASES), encoding="utf-8")
    return path


def ran(
    questions: Path, out: Path | None = None, fake: WeighingAssistant | None = None, private: bool = False
) -> RunReport:
    assistant = cast(Assistant, fake or WeighingAssistant())
    return run(assistant, questions, out, lambda done, total: None, rendered, private)


def report(**overall: float | None) -> RunReport:
    return RunReport({}, overall, {})


def test_the_figures_are_those_of_the_answers(questions: Path) -> None:
    found = ran(questions)
    assert found.overall["n"] == 3
    assert (found.overall["facts"], found.overall["hit"], found.overall["first"]) == (1.0, 0.5, 0.5)
    assert (found.overall["answered"], found.overall["abstained"]) == (1.0, 0.0)
    assert list(found.kinds) == ["factual", "followup", "outofscope"]


def test_refusals_are_figures_too(questions: Path) -> None:
    found = ran(questions, fake=WeighingAssistant(reply=ABSTENTION))
    assert (found.overall["answered"], found.overall["abstained"], found.overall["uncited"]) == (0.0, 1.0, 0)


def test_the_turns_of_a_case_are_asked_in_one_conversation_and_the_last_is_marked(questions: Path) -> None:
    fake = WeighingAssistant()
    ran(questions, fake=fake)
    asked = [(question, session_id) for question, session_id, _, _ in fake.asked]
    assert [question for question, _ in asked] == [turn for case in CASES for turn in case["turns"]]
    assert [session_id is None for _, session_id in asked] == [True, True, False, True]


def test_progress_is_told_from_none_to_all(questions: Path) -> None:
    told: list[tuple[int, int]] = []
    run(cast(Assistant, WeighingAssistant()), questions, None, lambda *done: told.append(done), rendered)
    assert told == [(0, 3), (1, 3), (2, 3), (3, 3)]


def test_a_run_writes_its_parameters_beside_its_figures(questions: Path, tmp_path: Path) -> None:
    out = tmp_path / "mesures" / "une"
    found = ran(questions, out)
    assert {path.name for path in out.iterdir()} == {SCORES, ANSWERS, PARAMETERS}
    parameters = json.loads((out / PARAMETERS).read_text(encoding="utf-8"))
    assert (parameters["questions"], parameters["count"], parameters["model"]) == ("questions.jsonl", 3, "e5-small")
    assert {"ranking", "threshold", "date", "documents", "passages", "libraries"} <= set(parameters)
    again = read(out)
    assert (again.overall, again.kinds) == (found.overall, found.kinds)
    answers = [json.loads(line) for line in (out / ANSWERS).read_text(encoding="utf-8").splitlines()]
    assert [one["id"] for one in answers] == ["capital", "suite", "lune"]
    assert answers[1]["question"] == "et quelles formes ?"


def test_a_private_run_writes_no_question_and_no_answer(questions: Path, tmp_path: Path) -> None:
    out = tmp_path / "privé"
    ran(questions, out, private=True)
    assert {path.name for path in out.iterdir()} == {SCORES, PARAMETERS}
    written = "".join(path.read_text(encoding="utf-8") for path in out.iterdir()).lower()
    for case in CASES:
        assert case["id"] not in written
        assert not any(turn.lower() in written for turn in case["turns"])
    assert not any(sentence.text.lower() in written for sentence in ANSWER.sentences)
    assert "fiches/" not in written


def test_a_private_run_leaves_no_answer_of_an_earlier_run_behind(questions: Path, tmp_path: Path) -> None:
    ran(questions, tmp_path / "mesures")
    ran(questions, tmp_path / "mesures", private=True)
    assert not (tmp_path / "mesures" / ANSWERS).exists()


def test_a_run_without_a_folder_writes_nothing(questions: Path, tmp_path: Path) -> None:
    ran(questions)
    assert list(tmp_path.rglob("*.json")) == []


def test_a_run_over_nothing_published_is_refused(questions: Path) -> None:
    with pytest.raises(NoIndex):
        ran(questions, fake=WeighingAssistant(corpus=None))


def test_a_run_over_no_questions_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CasesInvalid):
        ran(tmp_path / "absent.jsonl")


def test_comparing_names_what_falls_and_only_that() -> None:
    before = report(facts=0.6, hit=0.9, first=0.8, abstained=0.7, must_not=0, uncited=1)
    after = report(facts=0.55, hit=0.95, first=0.8, abstained=None, must_not=2, uncited=0)
    falls = Comparison(before, after).falls()
    assert falls == {"facts": (0.6, 0.55), "abstained": (0.7, 0.0), "must_not": (0, 2)}


def test_a_fall_within_the_tolerance_is_none_but_one_invention_always_is() -> None:
    before, after = report(facts=0.60, must_not=0), report(facts=0.585, must_not=1)
    assert Comparison(before, after).falls(0.02) == {"must_not": (0, 1)}


def test_a_figure_the_first_run_did_not_have_does_not_fall() -> None:
    assert Comparison(report(facts=None), report(facts=0.1)).falls() == {}


def test_a_run_does_not_fall_below_itself(questions: Path, tmp_path: Path) -> None:
    ran(questions, tmp_path / "avant")
    ran(questions, tmp_path / "après")
    assert compare(tmp_path / "avant", tmp_path / "après").falls() == {}


@pytest.mark.parametrize("scores", [None, "{", "{}", '{"overall": {}}'], ids=str)
def test_a_folder_that_holds_no_run_is_refused_by_name(tmp_path: Path, scores: str | None) -> None:
    folder = tmp_path / "mesure-cassée"
    if scores is not None:
        folder.mkdir()
        (folder / PARAMETERS).write_text("{}", encoding="utf-8")
        (folder / SCORES).write_text(scores, encoding="utf-8")
    with pytest.raises(RunInvalid, match="mesure-cassée"):
        read(folder)


def test_scores_that_are_a_list_are_refused_too(tmp_path: Path) -> None:
    (tmp_path / PARAMETERS).write_text("{}", encoding="utf-8")
    (tmp_path / SCORES).write_text("[]", encoding="utf-8")
    with pytest.raises(RunInvalid):
        read(tmp_path)


def test_intervals_of_the_shares_overall_and_by_kind(questions: Path) -> None:
    found = ran(questions).intervals
    assert set(found) == {OVERALL, "factual", "followup", "outofscope"}
    assert found[OVERALL]["answered"][1] == 1.0
    assert found[OVERALL]["abstained"][0] == 0.0
    assert "abstained" not in found["factual"]


def test_the_probability_is_that_of_the_question_as_it_stands_alone(questions: Path) -> None:
    told = {"et quelles formes ?": 0.3, "Quelle heure est-il sur la Lune ?": 0.1}
    found = ran(questions, fake=WeighingAssistant(probabilities=told))
    assert [one.probability for one in found.marks] == [0.9, 0.3, 0.1]


def test_a_fact_that_no_cited_passage_holds_is_counted_and_kept(questions: Path, tmp_path: Path) -> None:
    invented = replace(ANSWER.sentences[0], text="Les collectivités peuvent détenir jusqu'à 65 % du capital.")
    answer = replace(ANSWER, sentences=(invented, *ANSWER.sentences[1:]))
    assert ran(questions).overall["hard_facts"] == 0
    assert ran(questions, tmp_path, WeighingAssistant(reply=answer)).overall["hard_facts"] == 3
    line = json.loads((tmp_path / ANSWERS).read_text(encoding="utf-8").splitlines()[0])
    assert [said["unproven"] for said in line["said"]] == [["65 %"], [], [], []]


def test_documents_found_are_measured_in_the_order_of_their_passages(questions: Path) -> None:
    kinds = ran(questions).kinds
    assert (kinds["factual"]["mrr_at_10"], kinds["followup"]["mrr_at_10"]) == (1.0, 0.5)
    assert (kinds["followup"]["r_at_1"], kinds["followup"]["r_at_3"]) == (0.0, 1.0)


def test_a_figure_an_older_run_did_not_count_has_not_risen() -> None:
    assert Comparison(report(must_not=0), report(must_not=0, hard_facts=2)).falls() == {}
    assert Comparison(report(hard_facts=0), report(hard_facts=2)).falls() == {"hard_facts": (0, 2)}
