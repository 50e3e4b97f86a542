"""How early the expected documents are found, by measures worked out by hand."""

import math

import pytest

from evals.retrieval import ranking_marks


def test_a_document_found_first_is_found_at_every_depth() -> None:
    assert set(ranking_marks(["scic"], ["scic.md", "sem.md"]).values()) == {1.0}


def test_a_document_found_second_is_worth_half_and_counts_from_three_on() -> None:
    marks = ranking_marks(["scic"], ["sem.md", "scic.md"])
    assert (marks["r_at_1"], marks["r_at_3"], marks["r_at_10"], marks["mrr_at_10"]) == (0.0, 1.0, 1.0, 0.5)
    assert marks["ndcg_at_10"] == pytest.approx(1 / math.log2(3))


def test_recall_is_the_share_of_the_documents_expected() -> None:
    marks = ranking_marks(["scic", "sem"], ["scic.md", "gip.md", "gie.md", "sem.md"])
    assert (marks["r_at_1"], marks["r_at_3"], marks["r_at_10"]) == (0.5, 0.5, 1.0)


def test_passages_of_one_document_count_once() -> None:
    assert ranking_marks(["scic"], ["sem.md", "sem.md", "sem.md", "scic.md"])["mrr_at_10"] == 0.5


@pytest.mark.parametrize("found", [[], ["sem.md"], [f"{n}.md" for n in range(10)] + ["scic.md"]])
def test_a_document_not_found_among_ten_is_worth_nothing(found: list[str]) -> None:
    assert set(ranking_marks(["scic"], found).values()) == {0.0}
