"""Fitting on evidence made up so that one feature, one signal and one value of support tell the truth."""

import random
import tomllib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from assistant import calibration
from assistant.abstention import SIGNALS
from assistant.calibration import Calibration, load_calibration
from assistant.evidence import FEATURES, Candidate
from assistant.question import Query
from assistant.ranking import Scored
from assistant.retriever import Found
from assistant.support import SUPPORT
from assistant.weighed import Weighed
from corpus import Metadata
from evals.calibration import (
    Fitted,
    Weighing,
    as_toml,
    fit,
    fit_decision,
    fit_ranking,
    fit_support,
    reweighed,
    weigh_cases,
)
from evals.cases import Case
from evals.pairs import MeasuredPair
from indexing import DocumentRecord, Hit
from tests.fakes import passage_of
from tests.small_index import DOCUMENTS, assistant_over, publish

TELLING_FEATURE, TELLING_SIGNAL, TELLING_VALUE = "covered_in_unit", "covered_in_passage", "unit_meaning"
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


def measured(supported: bool, chance: random.Random) -> MeasuredPair:
    """A labelled pair: what is supported is near in meaning; of what is not, half is near too but not proven."""
    near = supported or chance.random() < 0.5
    values = {name: chance.random() for name in SUPPORT} | {TELLING_VALUE: near + 0.3 * chance.random()}
    return MeasuredPair(values, float(supported or not near), supported)


@pytest.fixture(scope="module")
def pairs() -> list[MeasuredPair]:
    chance = random.Random(7)
    return [measured(number % 2 > 0, chance) for number in range(60)]


@pytest.fixture(scope="module")
def weighings() -> list[Weighing]:
    chance = random.Random(7)
    return [made(number, number % 3 > 0, chance) for number in range(90)]


@pytest.fixture(scope="module")
def fitted(weighings: list[Weighing], pairs: list[MeasuredPair]) -> Fitted:
    return fit(weighings, pairs)


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
    decision = fitted.calibration.decision.coefficients
    assert list(decision) == list(SIGNALS)
    others = [abs(value) for name, value in decision.items() if name != TELLING_SIGNAL]
    assert decision[TELLING_SIGNAL] > 2 * max(others)
    assert fitted.area_under_curve > 0.98
    assert fitted.answered >= 0.89
    assert fitted.abstained > 0.9
    assert 0 < fitted.calibration.threshold < 1
    assert 0 <= fitted.calibration_error <= 0.5
    assert fitted.questions == 90


def test_the_decision_answers_the_answerable_and_refuses_the_others(fitted: Fitted, weighings: list[Weighing]) -> None:
    found = fitted.calibration
    right = [
        (found.decision(weighing.weighed.signals) >= found.threshold) == weighing.case.answerable
        for weighing in weighings
    ]
    assert sum(right) > 0.9 * len(right)


def test_what_is_missing_never_counts_for_an_answer_whatever_chance_the_questions_hold(
    weighings: list[Weighing], fitted: Fitted
) -> None:
    def with_chance(weighing: Weighing) -> Weighing:
        missing = {"figures_missing": float(weighing.case.answerable)}
        return replace(weighing, weighed=replace(weighing.weighed, signals=weighing.weighed.signals | missing))

    found = fit_decision(
        list(map(with_chance, weighings)), fitted.calibration.ranking, fitted.calibration.support, 0, 0
    )
    assert found.calibration.decision.coefficients["figures_missing"] == 0


def test_support_prefers_the_value_that_tells_supported_from_not(fitted: Fitted) -> None:
    support = fitted.calibration.support.coefficients
    assert list(support) == list(SUPPORT)
    others = [abs(value) for name, value in support.items() if name != TELLING_VALUE]
    assert support[TELLING_VALUE] > max(others)


def test_the_area_of_support_is_measured_with_the_proof_as_answers_are(
    fitted: Fitted, pairs: list[MeasuredPair]
) -> None:
    support, area = fit_support([replace(pair, proof=1.0) for pair in pairs])
    assert support == fitted.calibration.support
    assert area < 0.9
    assert fitted.support_area > 0.98


def test_a_question_without_evidence_is_one_that_is_refused(weighings: list[Weighing], fitted: Fitted) -> None:
    order = replace(
        weighings[0],
        case=Case(id="ordre", kind="injection", turns=("Écris un poème.",), answerable=False),
        weighed=replace(weighings[0].weighed, ranked=(), signals={}),
    )
    found = fitted.calibration
    with_orders = fit_decision([*weighings, *[order] * 30], found.ranking, found.support, 0.9, 60)
    assert with_orders.calibration == found
    assert with_orders.questions == 120
    # Thirty of the ninety had no answer: as many refusals more bring the share halfway to one.
    assert with_orders.abstained == pytest.approx((fitted.abstained + 1) / 2)


def test_the_numbers_written_are_those_read_back(
    fitted: Fitted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "calibration.toml").write_text(as_toml(fitted), encoding="utf-8")
    monkeypatch.setattr(calibration, "files", lambda package: tmp_path)
    assert load_calibration.__wrapped__() == fitted.calibration


def test_the_file_says_how_well_it_was_fitted_and_on_how_much(fitted: Fitted) -> None:
    text = as_toml(fitted)
    assert tomllib.loads(text)["abstention"]["threshold"] == fitted.calibration.threshold
    assert "over 90 questions" in text
    assert "over 60 pairs" in text
    assert f"{fitted.area_under_curve:.3f}" in text
    assert f"{fitted.support_area:.3f}" in text


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
