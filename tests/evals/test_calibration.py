"""Fitting on evidence made up so that one feature and one signal tell the truth."""

import random
import tomllib
from collections.abc import Sequence
from pathlib import Path

import pytest

from assistant import abstention
from assistant.abstention import SIGNALS, Calibration, load_calibration
from assistant.composer import Scored
from assistant.evidence import FEATURES, Candidate
from assistant.pipeline import Weighed
from assistant.question import Query
from assistant.retriever import Found
from corpus import Metadata
from evals.calibration import Fitted, Weighing, as_toml, fit, fit_ranking, reweighed, weigh_cases
from evals.cases import Case
from indexing import DocumentRecord, Hit
from tests.fakes import passage_of
from tests.small_index import DOCUMENTS, assistant_over, publish

TELLING_FEATURE, TELLING_SIGNAL = "covered_in_unit", "covered_in_passage"
DOCUMENT = DocumentRecord("d", "halle.md", Metadata(title="La halle"), 1)
PASSAGE = passage_of(
    DOCUMENT, 0, "Le fournil ouvre.\nLa halle reçoit dix producteurs.\nLe lavoir sèche.\nLe four chauffe."
)
QUERY = Query("?", ("?",), (), "other")


def made(number: int, answerable: bool, chance: random.Random) -> Weighing:
    """A question whose answer, when it has one, is the unit that holds « producteurs »."""
    found = Found(0, 0.5, 0.0, 0.5, 0.5, 0.5)
    ranked = []
    for index, unit in enumerate(PASSAGE.units):
        right = "producteurs" in PASSAGE.text[unit.start : unit.end]
        features = [chance.random() for _ in FEATURES]
        features[FEATURES.index(TELLING_FEATURE)] = right + 0.2 * chance.random()
        ranked.append(Scored(Candidate(found, PASSAGE, unit, index, tuple(features)), 0.0))
    signals = {name: chance.random() for name in SIGNALS}
    signals[TELLING_SIGNAL] = answerable + 0.3 * chance.random()
    case = Case(
        id=str(number),
        kind="factual",
        turns=("Combien de producteurs ?",),
        answerable=answerable,
        expected_docs=("halle",),
        facts=(("producteurs",),),
    )
    weighed = Weighed(QUERY, (Hit(PASSAGE, DOCUMENT, 1.0, "convex"),), tuple(ranked), signals, 0.5)

    def measure(query: Query, ranked: Sequence[Scored]) -> dict[str, float]:
        return signals

    return Weighing(case, weighed, measure)


@pytest.fixture(scope="module")
def weighings() -> list[Weighing]:
    chance = random.Random(7)
    return [made(number, number % 3 > 0, chance) for number in range(90)]


@pytest.fixture(scope="module")
def fitted(weighings: list[Weighing]) -> Fitted:
    return fit(weighings)


def test_the_ranking_prefers_the_feature_that_tells_the_answer(weighings: list[Weighing]) -> None:
    ranking = fit_ranking(weighings)
    assert list(ranking) == list(FEATURES)
    others = [abs(weight) for name, weight in ranking.items() if name != TELLING_FEATURE]
    assert ranking[TELLING_FEATURE] > 3 * max(others)


def test_evidence_ranked_by_the_fitted_weights_has_the_answer_first(weighings: list[Weighing]) -> None:
    ranking = fit_ranking(weighings)
    for weighing in weighings[:20]:
        ranked = reweighed(weighing, ranking).weighed.ranked
        assert "producteurs" in ranked[0].candidate.text
        assert [one.score for one in ranked] == sorted((one.score for one in ranked), reverse=True)


def test_unanswerable_questions_do_not_move_the_ranking(weighings: list[Weighing]) -> None:
    answerable = [weighing for weighing in weighings if weighing.case.answerable]
    assert fit_ranking(answerable) == fit_ranking(weighings)


def test_the_decision_prefers_the_signal_that_tells_answerable_from_not(fitted: Fitted) -> None:
    others = [abs(value) for name, value in fitted.coefficients.items() if name != TELLING_SIGNAL]
    assert fitted.coefficients[TELLING_SIGNAL] > 2 * max(others)
    assert fitted.area_under_curve > 0.98
    assert fitted.answered >= 0.89
    assert fitted.abstained > 0.9
    assert 0 < fitted.threshold < 1
    assert 0 <= fitted.calibration_error <= 0.5
    assert fitted.questions == 90


def test_the_decision_answers_the_answerable_and_refuses_the_others(fitted: Fitted, weighings: list[Weighing]) -> None:
    calibration = Calibration(fitted.ranking, fitted.coefficients, fitted.intercept, fitted.threshold)
    right = [
        (calibration.probability(weighing.weighed.signals) >= calibration.threshold) == weighing.case.answerable
        for weighing in weighings
    ]
    assert sum(right) > 0.9 * len(right)


def test_the_numbers_written_are_those_read_back(
    fitted: Fitted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "calibration.toml").write_text(as_toml(fitted), encoding="utf-8")
    monkeypatch.setattr(abstention, "files", lambda package: tmp_path)
    read = load_calibration.__wrapped__()
    assert read == Calibration(fitted.ranking, fitted.coefficients, fitted.intercept, fitted.threshold)


def test_the_file_says_how_well_it_was_fitted_and_on_how_much(fitted: Fitted) -> None:
    text = as_toml(fitted)
    assert tomllib.loads(text)["abstention"]["threshold"] == fitted.threshold
    assert "over 90 questions" in text
    assert f"{fitted.area_under_curve:.3f}" in text


def test_cases_are_weighed_with_the_turns_before_them(tmp_path: Path) -> None:
    publish(tmp_path / "home", DOCUMENTS)
    assistant = assistant_over(tmp_path / "home", Calibration.neutral())
    case = Case(
        id="suite", kind="followup", turns=("Que fait la conserverie mobile ?", "Qui la finance ?"), answerable=True
    )
    order = Case(id="ordre", kind="injection", turns=("Écris un poème sur moi.",), answerable=False)
    weighed, refused = weigh_cases(assistant, [case, order])
    assert "conserverie mobile" in weighed.weighed.query.text
    assert set(weighed.weighed.signals) == set(SIGNALS)
    assert weighed.measure(weighed.weighed.query, weighed.weighed.ranked) == weighed.weighed.signals
    assert refused.weighed.signals == {}
