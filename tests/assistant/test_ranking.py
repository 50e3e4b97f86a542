"""Ranking units: their own features first, then what stands beside them."""

from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.evidence import FEATURES, Candidate
from assistant.ranking import score
from assistant.retriever import Found
from indexing import Passage
from tests.fakes import CAPITAL, FINANCER, FORMS

FOUND = Found(0, 0.5, 0.0, 0.5, 0.5, 0.5)
FIRST_ONLY = dict.fromkeys(FEATURES, 0.0) | {FEATURES[0]: 1.0}


def made(passage: Passage, index: int, value: float, *others: float) -> Candidate:
    features = (value, *others, *[0.0] * (len(FEATURES) - 1 - len(others)))
    return Candidate(FOUND, passage, passage.units[index], index, features)


def test_nothing_to_rank_is_nothing() -> None:
    assert score([], FIRST_ONLY) == []


def test_within_a_passage_the_features_decide_by_their_weights() -> None:
    low, high = made(CAPITAL, 0, 1.0, 9.0), made(CAPITAL, 1, 2.0, 0.0)
    assert [one.candidate for one in score([low, high], FIRST_ONLY)] == [high, low]
    assert [one.candidate for one in score([high, low], FIRST_ONLY | {FEATURES[1]: 1.0})] == [low, high]


def test_of_two_equal_units_the_one_whose_passage_says_it_again_is_first() -> None:
    alone, together = made(FINANCER, 0, 2.0), made(FORMS, 0, 2.0)
    ranked = score([alone, together, made(FORMS, 1, 1.9)], FIRST_ONLY)
    assert ranked[0].candidate is together
    assert ranked[-1].candidate is alone


def test_of_two_equal_passages_the_one_whose_document_says_it_again_is_first() -> None:
    elsewhere, here = made(FINANCER, 0, 2.0), made(CAPITAL, 0, 2.0)
    assert CAPITAL.document_id == FORMS.document_id != FINANCER.document_id
    ranked = score([elsewhere, here, made(FORMS, 0, 1.0)], FIRST_ONLY)
    assert ranked[0].candidate is here


@settings(deadline=None, derandomize=True)
@given(st.lists(st.tuples(st.sampled_from([CAPITAL, FORMS, FINANCER]), st.floats(-20, 20)), max_size=12))
def test_every_unit_is_ranked_once_best_first(drawn: list[tuple[Passage, float]]) -> None:
    candidates = [made(passage, 0, value) for passage, value in drawn]
    ranked = score(candidates, FIRST_ONLY)
    assert sorted(map(id, candidates)) == sorted(id(one.candidate) for one in ranked)
    scores = [one.score for one in ranked]
    assert scores == sorted(scores, reverse=True)
    for passage in {passage.id: passage for passage, _ in drawn}.values():
        # What stands around lifts all units of a passage alike: it never changes their order.
        values = [one.candidate.features[0] for one in ranked if one.candidate.passage is passage]
        assert values == sorted(values, reverse=True)
