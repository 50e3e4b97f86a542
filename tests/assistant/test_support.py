"""How well quoted words answer: read off the unit they stand in, and off nothing else."""

import math
from collections.abc import Mapping

import pytest

from assistant.answer import Draft, Quote
from assistant.evidence import FEATURES, Candidate
from assistant.pipeline import Assistant
from assistant.question import Query
from assistant.ranking import Scored
from assistant.retriever import Found
from assistant.support import MAX_BEHIND, SUPPORT, support_values, supporter
from indexing import Passage
from tests.fakes import CAPITAL, FORMS

FOUND = Found(0, 0.5, 0.0, 0.5, 0.5, 0.5)
ASKED, WAITING = Query("?", ("?",), (), "other"), Query("?", ("?",), (), "figure", expects="amount")


def scored(passage: Passage, index: int, value: float, **features: float) -> Scored:
    given = tuple(features.get(name, 0.0) for name in FEATURES)
    return Scored(Candidate(FOUND, passage, passage.units[index], index, given), value)


def quoted(passage: Passage, *indices: int) -> Draft:
    units = [passage.units[index] for index in indices]
    return Draft("Dit.", tuple(Quote(passage, unit.start, unit.end) for unit in units))


def nearness(values: Mapping[str, float]) -> float:
    return 1 / (1 + values["behind"])


def test_the_values_are_those_of_the_unit_by_name() -> None:
    values = support_values(ASKED, scored(CAPITAL, 0, 4.0, covered_in_unit=0.7, length=1.2), best=6.5)
    assert list(values) == list(SUPPORT)
    assert (values["covered_in_unit"], values["length"], values["behind"]) == (0.7, 1.2, 2.5)


@pytest.mark.parametrize(
    ("query", "given", "missing"), [(WAITING, 0.0, 1.0), (WAITING, 1.0, 0.0), (ASKED, 0.0, 0.0), (ASKED, 1.0, 0.0)]
)
def test_a_value_is_missing_only_where_one_is_asked(query: Query, given: float, missing: float) -> None:
    assert support_values(query, scored(CAPITAL, 0, 1.0, value_given=given), 1.0)["value_missing"] == missing


def test_how_far_behind_the_best_a_unit_is_has_an_end() -> None:
    assert support_values(ASKED, scored(CAPITAL, 0, -100.0), 5.0)["behind"] == MAX_BEHIND


def test_the_best_unit_that_the_quotes_touch_counts() -> None:
    ranked = [scored(CAPITAL, 0, 9.0), scored(FORMS, 1, 8.0), scored(FORMS, 0, 5.0)]
    support = supporter(ASKED, ranked, nearness)
    assert support(quoted(CAPITAL, 0)) == 1.0
    assert support(quoted(FORMS, 0)) == pytest.approx(1 / 5)
    assert support(quoted(FORMS, 0, 1)) == pytest.approx(1 / 2)


def test_a_few_words_of_a_unit_have_its_support() -> None:
    support = supporter(ASKED, [scored(CAPITAL, 0, 9.0), scored(CAPITAL, 1, 7.0)], nearness)
    start = CAPITAL.text.index("50 %")
    assert support(Draft("Dit.", (Quote(CAPITAL, start, start + 15),))) == 1.0


def test_what_stands_outside_the_evidence_has_no_support() -> None:
    support = supporter(ASKED, [scored(CAPITAL, 0, 9.0)], nearness)
    assert support(quoted(CAPITAL, 1)) == support(quoted(FORMS, 0)) == support(Draft("Dit.", ())) == 0.0
    assert supporter(ASKED, [], nearness)(quoted(CAPITAL, 0)) == 0.0


def test_what_answers_has_more_support_than_what_stands_beside_it(assistant: Assistant) -> None:
    weighed = assistant.weigh("Combien de salariés emploie la conserverie mobile ?")
    found = {one.candidate.text: support_values(weighed.query, one, weighed.ranked[0].score) for one in weighed.ranked}
    answers, beside = found["Elle emploie six salariés depuis 2019."], found["La conserverie mobile du Val-Serein"]
    assert answers["value_missing"] < beside["value_missing"]
    assert all(math.isfinite(value) for values in found.values() for value in values.values())
