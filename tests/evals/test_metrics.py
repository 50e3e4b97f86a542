"""Marks counted by hand."""

from dataclasses import replace

import pytest

from evals.cases import Case
from evals.metrics import Marks, Outcome, by_kind, facts_found, flatten, mark, percentile, summarise, wilson

CASE = Case(
    id="une",
    kind="factual",
    turns=("Combien de salariés ?",),
    answerable=True,
    expected_docs=("conserverie", "halle"),
    facts=(("six salaries", r"\b6 salaries"), ("2019",)),
    must_not=("douze salaries",),
)
REFUSED = CASE.model_copy(update={"id": "deux", "kind": "outofscope", "answerable": False, "facts": ()})
SAID = Outcome(
    "Elle emploie **six salariés** [1].",
    False,
    (("halle/vie.md", "Ouverte en 2019."), ("chaleur.md", "Rien."), ("conserverie.md", "Six salariés.")),
    0.125,
)
NOTHING = Outcome("Les documents n'en disent rien.", True, (), 0.05)


@pytest.mark.parametrize(
    ("text", "flat"),
    [
        ("L’œuvre  coûte\u202f12\u00a0000 € [1]", "L'oeuvre coute 12 000 €"),
        ("**gras** et `code` [12]", "gras et code"),
        ("Rez\u2011de\u2011chaussée \u2013 tiret \u2014 long", "Rez-de-chaussee - tiret - long"),
        ("ligne\n\n\tsuivante ", "ligne suivante"),
        ("", ""),
    ],
)
def test_differences_that_do_not_count_are_flattened(text: str, flat: str) -> None:
    assert flatten(text) == flat


def test_a_fact_is_found_when_one_of_its_patterns_is() -> None:
    assert facts_found(CASE, "SIX SALARIÉS depuis 2019") == 1.0
    assert facts_found(CASE, "6 salariés") == 0.5
    assert facts_found(CASE, "16 salariés") == 0.0
    assert facts_found(REFUSED, "six salariés") == 0.0


def test_an_accented_pattern_matches_as_the_plain_one_does() -> None:
    assert facts_found(CASE.model_copy(update={"facts": (("salariés",),)}), "Salaries") == 1.0


def test_the_marks_of_an_answer() -> None:
    marks = mark(CASE, SAID)
    assert (marks.facts, marks.facts_with_excerpts) == (0.5, 1.0)
    assert (marks.hit, marks.first, marks.cited_right, marks.cited) == (1.0, 1.0, 2, 3)
    assert (marks.answered, marks.abstained) == (1.0, None)
    assert (marks.violated, marks.uncited) == (False, False)
    assert (marks.characters, marks.seconds) == (len(SAID.answer), 0.125)


def test_the_first_citation_may_be_the_wrong_one() -> None:
    marks = mark(CASE, replace(SAID, cited=SAID.cited[1:]))
    assert (marks.hit, marks.first, marks.cited_right, marks.cited) == (1.0, 0.0, 1, 2)


def test_the_marks_of_an_answerable_question_that_was_refused() -> None:
    marks = mark(CASE, NOTHING)
    assert (marks.facts, marks.hit, marks.first, marks.answered, marks.uncited) == (0.0, 0.0, 0.0, 0.0, False)


def test_the_marks_of_a_question_no_document_answers() -> None:
    refused, answered = mark(REFUSED, NOTHING), mark(REFUSED, SAID)
    assert (refused.abstained, answered.abstained) == (1.0, 0.0)
    for marks in (refused, answered):
        assert marks.facts is marks.hit is marks.first is marks.answered is None
        assert (marks.cited, marks.cited_right) == (0, 0)


def test_an_invention_is_seen_in_the_answer_and_not_in_its_excerpts() -> None:
    assert mark(CASE, replace(SAID, answer="Douze salariés.")).violated
    assert not mark(CASE, replace(SAID, cited=(("halle.md", "Douze salariés."),))).violated


def test_an_answer_without_citation_is_seen() -> None:
    assert mark(CASE, replace(SAID, cited=())).uncited


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
        "hit": 0.5,
        "first": 0.5,
        "precision": pytest.approx(2 / 3),
        "answered": 0.5,
        "abstained": 0.5,
        "must_not": 0,
        "uncited": 1,
        "characters_p50": len(NOTHING.answer),
        "ms_p50": 125.0,
        "ms_p95": 250.0,
    }


def test_a_figure_that_does_not_apply_is_none() -> None:
    figures = summarise([mark(REFUSED, NOTHING)])
    assert figures["abstained"] == 1.0
    assert [figures[name] for name in ("facts", "hit", "first", "precision", "answered")] == [None] * 5


def test_the_same_figures_by_kind_in_order_of_first_use() -> None:
    kinds = by_kind(marks())
    assert list(kinds) == ["factual", "outofscope"]
    assert (kinds["factual"]["answered"], kinds["outofscope"]["abstained"]) == (0.5, 0.5)
    assert sum(int(figures["n"] or 0) for figures in kinds.values()) == 4


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
