"""Figures counted by hand."""

from dataclasses import replace

import pytest

from evals.figures import by_kind, intervals, percentile, summarise, support_separation, wilson
from evals.metrics import Marks, mark
from evals.outcome import Outcome, Said
from tests.evals.test_metrics import CASE, REFUSED, SAID

NOTHING = Outcome("Les documents n'en disent rien.", True, (), 0.05)


def marks() -> list[Marks]:
    return [
        mark(CASE, SAID),
        mark(CASE, NOTHING),
        mark(REFUSED, replace(NOTHING, seconds=0.25)),
        mark(REFUSED, replace(SAID, cited=())),
    ]


def test_the_figures_of_a_run() -> None:
    assert summarise(marks()) == {
        "n": 4,
        "facts": 0.25,
        "facts_with_excerpts": 0.5,
        "followup_facts": None,
        "hit": 0.5,
        "first": 0.5,
        "recall": 0.5,
        "answered": 0.5,
        "abstained": 0.5,
        "abstention_precision": 0.5,
        "r_at_1": 0.0,
        "r_at_3": 0.25,
        "r_at_10": 0.25,
        "mrr_at_10": 0.25,
        "ndcg_at_10": pytest.approx(0.1934, abs=1e-4),
        "precision": pytest.approx(2 / 3),
        "support": pytest.approx(0.6),
        "support_separation": None,
        "calibration_error": pytest.approx(0.4),
        "must_not": 0,
        "uncited": 1,
        "hard_facts": 2,
        "characters_p50": len(NOTHING.answer),
        "ms_p50": 125.0,
        "ms_p95": 250.0,
    }


def test_a_figure_that_does_not_apply_is_none() -> None:
    figures = summarise([mark(REFUSED, NOTHING)])
    assert figures["abstained"] == 1.0
    others = ("facts", "hit", "first", "precision", "recall", "answered", "mrr_at_10", "calibration_error")
    assert [figures[name] for name in others] == [None] * len(others)


def test_the_cases_of_each_kind_in_order_of_first_use() -> None:
    kinds = by_kind(marks())
    assert {kind: [one.case.id for one in ones] for kind, ones in kinds.items()} == {
        "factual": ["une", "une"],
        "outofscope": ["deux", "deux"],
    }


def test_only_questions_with_turns_before_them_count_as_follow_ups() -> None:
    followup = CASE.model_copy(update={"turns": ("Qui ?", "et combien ?")})
    assert summarise([mark(CASE, NOTHING), mark(followup, SAID)])["followup_facts"] == 0.5


def test_support_separates_when_complete_answers_have_more_of_it() -> None:
    def answered(text: str, support: float) -> Marks:
        return mark(CASE, replace(SAID, answer=text, said=(Said(text, support),)))

    complete, partial = "Six salariés depuis 2019.", "Six salariés."
    assert support_separation([answered(complete, 0.9), answered(partial, 0.2)]) == 1.0
    assert support_separation([answered(complete, 0.1), answered(partial, 0.2)]) == 0.0
    assert support_separation([answered(complete, 0.2), answered(partial, 0.2)]) == 0.5
    assert support_separation([answered(complete, 0.2)]) is None


def test_a_share_has_its_interval_and_one_that_counts_nothing_has_none() -> None:
    found = intervals(marks())
    assert found["answered"] == wilson(0.5, 2)
    assert found["precision"] == wilson(2 / 3, 3)
    assert "followup_facts" not in found
    assert set(intervals([mark(REFUSED, NOTHING)])) == {"abstained", "abstention_precision"}


@pytest.mark.parametrize(
    ("values", "rank", "found"),
    [([], 50, None), ([7], 50, 7), ([1, 2, 3, 4], 50, 2), ([4, 3, 2, 1], 95, 4), (list(range(1, 101)), 95, 95)],
)
def test_a_percentile_is_a_value_that_was_measured(values: list[float], rank: float, found: float | None) -> None:
    assert percentile(values, rank) == found


def test_the_interval_of_a_share() -> None:
    assert wilson(0.0, 0) == (0.0, 1.0)
    low, high = wilson(0.5, 100)
    assert (low, high) == pytest.approx((0.4038, 0.5962), abs=1e-3)
    assert wilson(1.0, 10)[1] == 1.0
    assert wilson(0.0, 10)[0] == 0.0
    assert wilson(1.0, 10)[0] == pytest.approx(0.7225, abs=1e-3)
