"""Fitting the assistant's numbers on our own question sets: the ranking of units, then the decision to answer.

The ranking is a conditional logit over the units of a question (ListNet with binary relevance, Cao et al. 2007): the
units that hold a fact should take the probability. The decision is a logistic regression over the signals.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from assistant.abstention import SIGNALS
from assistant.calibration import Calibration, Logistic
from assistant.evidence import FEATURES
from assistant.pipeline import GATHERED, Assistant
from assistant.question import Query
from assistant.ranking import Scored, score
from assistant.support import SUPPORT
from assistant.weighed import Weighed
from evals.cases import Case
from evals.metrics import facts_found
from evals.pairs import MeasuredPair

Array = NDArray[np.float64]
RANKING_PENALTY = 0.02
DECISION_STRENGTH = 0.3
SUPPORT_STRENGTH = 0.3
# Share of our own answerable questions that must be answered: the rest buys refusals of what no document answers.
KEPT_ANSWERABLE = 0.94
# What is missing, among the signals of the decision and of support.
DOUBTS = (
    "unknown",
    "figures_missing",
    "dates_missing",
    "names_missing",
    "value_not_in_unit",
    "value_not_in_passage",
    "value_farther",
    "value_missing",
    "count_not_beside",
    "behind",
)
_FOLDS = 10


@dataclass(frozen=True, slots=True)
class Fitted:
    """What a calibration found, with the figures of its decision and its support on questions held out of the fit."""

    calibration: Calibration
    area_under_curve: float
    answered: float
    abstained: float
    calibration_error: float
    questions: int
    support_area: float
    pairs: int


@dataclass(frozen=True, slots=True)
class Weighing:
    """A case, its evidence as the assistant weighs it, and what measures the signals of another ranking of it."""

    case: Case
    weighed: Weighed
    measure: Callable[[Query, Sequence[Scored]], dict[str, float]]


def weigh_cases(assistant: Assistant, cases: Sequence[Case]) -> list[Weighing]:
    """Weigh the evidence of each case's last turn, the turns before it asked first."""
    result = []
    for case in cases:
        session_id = None
        for turn in case.turns[:-1]:
            session_id = assistant.ask(turn, session_id).session_id
        question = case.turns[-1]
        completed = assistant.complete(question, session_id) if session_id else question
        result.append(Weighing(case, assistant.weigh(completed, k=GATHERED), assistant.measure))
    return result


def fit(weighings: Sequence[Weighing], pairs: Sequence[MeasuredPair]) -> Fitted:
    """Fit the ranking, weigh the evidence again by it, and fit the decision on that; fit support on labelled pairs."""
    ranking = fit_ranking(weighings)
    support, support_area = fit_support(pairs)
    return fit_decision(
        [reweighed(weighing, ranking) for weighing in weighings], ranking, support, support_area, len(pairs)
    )


def reweighed(weighing: Weighing, ranking: Mapping[str, float]) -> Weighing:
    """The same evidence ranked by other weights."""
    weighed = weighing.weighed
    ranked = tuple(score([one.candidate for one in weighed.ranked], ranking))
    signals = weighing.measure(weighed.query, ranked) if weighed.signals else {}
    return replace(weighing, weighed=replace(weighed, ranked=ranked, signals=signals))


def fit_ranking(weighings: Sequence[Weighing]) -> dict[str, float]:
    """Weights of FEATURES, from the questions whose facts some unit holds."""
    from scipy.optimize import minimize

    groups = [group for weighing in weighings if (group := _group(weighing)) is not None]
    spread = np.concatenate([features for features, _ in groups]).std(axis=0) + 1e-9

    def loss(weights: Array) -> tuple[float, Array]:
        total, gradient = 0.0, np.zeros_like(weights)
        for features, relevance in groups:
            scaled = features / spread
            scores = scaled @ weights
            probability = _softmax(scores)
            relevant = relevance * np.exp(scores - scores.max())
            share = relevant / relevant.sum()
            total -= float(np.log(relevant.sum()) - np.log(np.exp(scores - scores.max()).sum()))
            gradient -= scaled.T @ (share - probability)
        count = len(groups)
        return total / count + RANKING_PENALTY * float(
            weights @ weights
        ), gradient / count + 2 * RANKING_PENALTY * weights

    found = minimize(loss, np.zeros(len(FEATURES)), jac=True, method="L-BFGS-B")
    return dict(zip(FEATURES, (found.x / spread).round(4).tolist(), strict=True))


def fit_support(pairs: Sequence[MeasuredPair]) -> tuple[Logistic, float]:
    """The model of a sentence's support, and its area under the curve over pairs held out of the fit."""
    values = np.array([[pair.values[name] for name in SUPPORT] for pair in pairs])
    supported = np.array([pair.supported for pair in pairs])
    unseen = _held_out(values, supported, SUPPORT, SUPPORT_STRENGTH)
    proven = np.array([pair.proof for pair in pairs])
    return _logistic(values, supported, SUPPORT, SUPPORT_STRENGTH), _area(supported, unseen * proven)


def fit_decision(
    weighings: Sequence[Weighing], ranking: Mapping[str, float], support: Logistic, support_area: float, pairs: int
) -> Fitted:
    """Coefficients of SIGNALS and the threshold, with figures from ten-fold cross-validation."""
    usable = [weighing for weighing in weighings if weighing.weighed.signals]
    values = np.array([[weighing.weighed.signals[name] for name in SIGNALS] for weighing in usable])
    answerable = np.array([weighing.case.answerable for weighing in usable])
    unseen = _held_out(values, answerable, SIGNALS, DECISION_STRENGTH)
    threshold = float(np.quantile(unseen[answerable], 1 - KEPT_ANSWERABLE))
    refused = [weighing for weighing in weighings if not weighing.case.answerable and not weighing.weighed.signals]
    unanswerable = int((~answerable).sum()) + len(refused)
    return Fitted(
        Calibration(ranking, support, _logistic(values, answerable, SIGNALS, DECISION_STRENGTH), round(threshold, 4)),
        area_under_curve=_area(answerable, unseen),
        answered=float((unseen[answerable] >= threshold).mean()),
        abstained=float((int((unseen[~answerable] < threshold).sum()) + len(refused)) / unanswerable),
        calibration_error=_calibration_error(unseen, answerable),
        questions=len(weighings),
        support_area=support_area,
        pairs=pairs,
    )


def as_toml(fitted: Fitted) -> str:
    """The numbers as the file the assistant reads."""
    found = fitted.calibration
    lines = [
        "# Written by `assistant-elus evals calibrate`, from our own question sets in evals/data/.",
        f"# Ten-fold cross-validation over {fitted.questions} questions:",
        f"# area under the curve {fitted.area_under_curve:.3f},",
        f"# {fitted.answered:.2f} of the answerable answered, {fitted.abstained:.2f} of the others refused,",
        f"# expected calibration error {fitted.calibration_error:.3f}.",
        f"# Support, over {fitted.pairs} pairs labelled by hand: area under the curve {fitted.support_area:.3f}.",
        "",
        "[ranking]",
        *(f"{name} = {value}" for name, value in found.ranking.items()),
        "",
        "[support]",
        f"intercept = {found.support.intercept}",
        "",
        "[support.coefficients]",
        *(f"{name} = {value}" for name, value in found.support.coefficients.items()),
        "",
        "[abstention]",
        f"intercept = {found.decision.intercept}",
        f"threshold = {found.threshold}",
        "",
        "[abstention.coefficients]",
        *(f"{name} = {value}" for name, value in found.decision.coefficients.items()),
    ]
    return "\n".join(lines) + "\n"


def _held_out(values: Array, truths: NDArray[np.bool_], names: Sequence[str], strength: float) -> Array:
    """The probability given to each row by a model fitted without it and a tenth of the others."""
    from sklearn.model_selection import StratifiedKFold

    unseen = np.zeros(len(truths))
    for others, tenth in StratifiedKFold(_FOLDS, shuffle=True, random_state=0).split(values, truths):
        model = _logistic(values[others], truths[others], names, strength)
        unseen[tenth] = [model(dict(zip(names, row, strict=True))) for row in values[tenth]]
    return unseen


def _logistic(values: Array, truths: NDArray[np.bool_], names: Sequence[str], strength: float) -> Logistic:
    """A logistic regression with an L2 penalty, both answers counting the same however many there are of each.

    What speaks of something missing may not speak for an answer, whatever chance the rows hold.
    """
    from scipy.optimize import minimize

    mean, spread = values.mean(axis=0), values.std(axis=0) + 1e-9
    scaled, signs = (values - mean) / spread, np.where(truths, 1.0, -1.0)
    counts = np.where(truths, 0.5 / truths.mean(), 0.5 / (~truths).mean())

    def loss(weights: Array) -> tuple[float, Array]:
        margins = signs * (scaled @ weights[:-1] + weights[-1])
        pull = -strength * counts * signs / (1 + np.exp(np.clip(margins, -30, 30)))
        total = strength * float(counts @ np.logaddexp(0, -margins)) + 0.5 * float(weights[:-1] @ weights[:-1])
        return total, np.append(scaled.T @ pull + weights[:-1], pull.sum())

    bounds = [(None, 0.0) if name in DOUBTS else (None, None) for name in names]
    found = minimize(loss, np.zeros(len(names) + 1), jac=True, method="L-BFGS-B", bounds=[*bounds, (None, None)]).x
    coefficients = found[:-1] / spread
    intercept = float(found[-1] - coefficients @ mean)
    return Logistic(dict(zip(names, (coefficients.round(4) + 0.0).tolist(), strict=True)), round(intercept, 4))


def _area(truths: NDArray[np.bool_], values: Array) -> float:
    from sklearn.metrics import roc_auc_score

    return float(roc_auc_score(truths, values))


def _group(weighing: Weighing) -> tuple[Array, Array] | None:
    """Features and relevance of a question's units; None when no unit of a right document holds a fact."""
    case = weighing.case
    if not case.answerable or not weighing.weighed.ranked:
        return None
    documents = {hit.document.id: hit.document.source for hit in weighing.weighed.hits}
    features, relevance = [], []
    for scored in weighing.weighed.ranked:
        source = documents.get(scored.candidate.passage.document_id, "")
        features.append(scored.candidate.features)
        relevance.append(facts_found(case, scored.candidate.text) if source.startswith(case.expected_docs) else 0.0)
    found = np.array(relevance)
    return (np.array(features), found) if found.max() > 0 else None


def _softmax(scores: Array) -> Array:
    exponentials = np.exp(scores - scores.max())
    return np.asarray(exponentials / exponentials.sum())


def _calibration_error(probabilities: Array, truths: NDArray[np.bool_], bins: int = 10) -> float:
    """Expected calibration error (Naeini et al. 2015), in [0, 1]."""
    edges = np.clip((probabilities * bins).astype(int), 0, bins - 1)
    error = 0.0
    for number in range(bins):
        inside = edges == number
        if inside.any():
            error += inside.mean() * abs(probabilities[inside].mean() - truths[inside].mean())
    return float(error)
