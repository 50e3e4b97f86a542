"""Marks counted by hand."""

from dataclasses import replace

import pytest

from evals.cases import Case
from evals.metrics import facts_found, facts_held, flatten, mark
from evals.outcome import Cited, Outcome, Said

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
    (Cited("halle/vie.md", "Ouverte en 2019."), Cited("chaleur.md", "Rien."), Cited("conserverie.md", "Six salariés.")),
    0.125,
    (Said("Elle emploie six salariés.", 0.8), Said("Depuis 2019.", 0.4, ("2019",))),
    ("chaleur.md", "halle/vie.md", "halle/vie.md"),
    0.9,
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
    assert facts_held(CASE, "2019") == (False, True)


def test_an_accented_pattern_matches_as_the_plain_one_does() -> None:
    assert facts_found(CASE.model_copy(update={"facts": (("salariés",),)}), "Salaries") == 1.0


def test_the_marks_of_an_answer() -> None:
    marks = mark(CASE, SAID)
    assert (marks.facts, marks.facts_with_excerpts) == (0.5, 1.0)
    assert (marks.hit, marks.first, marks.cited_right, marks.cited) == (1.0, 1.0, 2, 3)
    assert (marks.answered, marks.abstained) == (1.0, None)
    assert (marks.violated, marks.uncited) == (False, False)
    assert (marks.characters, marks.seconds) == (len(SAID.answer), 0.125)
    assert marks.held == (True, False)
    assert marks.support == pytest.approx(0.6)
    assert marks.unproven == ("2019",)
    assert marks.retrieval["mrr_at_10"] == 0.5


def test_half_of_the_expected_documents_cited_is_a_recall_of_one_half() -> None:
    assert mark(CASE, SAID).recall == 1.0
    assert mark(CASE, replace(SAID, cited=SAID.cited[:2])).recall == 0.5


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
        assert (marks.cited, marks.cited_right, marks.recall, dict(marks.retrieval)) == (0, 0, None, {})


def test_an_invention_is_seen_in_the_answer_and_not_in_its_excerpts() -> None:
    assert mark(CASE, replace(SAID, answer="Douze salariés.")).violated
    assert not mark(CASE, replace(SAID, cited=(Cited("halle.md", "Douze salariés."),))).violated


def test_an_answer_without_citation_is_seen() -> None:
    assert mark(CASE, replace(SAID, cited=())).uncited


COMPLETE = replace(SAID, answer="Six salariés depuis 2019.", said=(Said("Six salariés depuis 2019.", 0.8),))


@pytest.mark.parametrize(
    ("case", "outcome", "failed"),
    [
        (CASE, COMPLETE, False),
        (CASE, replace(COMPLETE, answer="Six salariés."), True),
        (CASE, replace(COMPLETE, answer="Six salariés, pas douze salariés, depuis 2019."), True),
        (CASE, replace(COMPLETE, cited=COMPLETE.cited[1:]), True),
        (CASE, replace(COMPLETE, cited=()), True),
        (CASE, replace(COMPLETE, said=SAID.said), True),
        (CASE, NOTHING, True),
        (REFUSED, NOTHING, False),
        (REFUSED, COMPLETE, True),
    ],
)
def test_what_a_reader_should_look_at_is_marked(case: Case, outcome: Outcome, failed: bool) -> None:
    assert mark(case, outcome).failed is failed
