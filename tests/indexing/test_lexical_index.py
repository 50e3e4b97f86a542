"""BM25 scores, against a computation in plain Python."""

import math
from pathlib import Path

import numpy as np
import pytest

from indexing import terms
from indexing.lexical_index import LexicalIndex

TEXTS = [
    terms(text)
    for text in (
        "La régie gère l'eau de la commune.",
        "La commune crée une régie, une régie personnalisée, pour son énergie.",
        "Le syndicat distribue l'eau, vend l'eau et facture l'eau aux habitants des communes.",
        "Le maire signe.",
    )
]


def bm25(text: list[str], term: str, k1: float, b: float) -> float:
    """Robertson and Zaragoza 2009, with the inverse document frequency of Lucene and its missing (k1 + 1)."""
    holding = sum(term in other for other in TEXTS)
    rarity = math.log(1 + (len(TEXTS) - holding + 0.5) / (holding + 0.5))
    mean = sum(map(len, TEXTS)) / len(TEXTS)
    count = text.count(term)
    return rarity * count / (count + k1 * (1 - b + b * len(text) / mean))


@pytest.mark.parametrize(("k1", "b"), [(1.2, 0.6), (2.5, 0.95), (1.5, 0.0)])
def test_scores_are_those_of_the_formula(k1: float, b: float) -> None:
    index = LexicalIndex.build(TEXTS, k1, b)
    weights = {"reg": 1.0, "eau": 0.5, "commun": 2.0}
    assert all(any(term in text for text in TEXTS) for term in weights)
    expected = [sum(weight * bm25(text, term, k1, b) for term, weight in weights.items()) for text in TEXTS]
    np.testing.assert_allclose(index.scores(weights), expected, rtol=1e-5)


def test_the_text_that_says_it_most_comes_first() -> None:
    assert LexicalIndex.build(TEXTS, 1.2, 0.6).scores({"eau": 1.0}).argmax() == 2


def test_unknown_terms_add_nothing() -> None:
    index = LexicalIndex.build(TEXTS, 1.2, 0.6)
    np.testing.assert_array_equal(index.scores({"eau": 1.0, "girafe": 9.0, "": 1.0}), index.scores({"eau": 1.0}))
    assert index.scores({"girafe": 1.0}).tolist() == [0, 0, 0, 0]
    assert index.scores({}).tolist() == [0, 0, 0, 0]


def test_it_knows_the_terms_it_holds() -> None:
    index = LexicalIndex.build(TEXTS, 1.2, 0.6)
    assert index.knows("eau") and not index.knows("girafe")


@pytest.mark.parametrize("texts", [[], [[], []]])
def test_texts_without_terms_score_nothing(texts: list[list[str]], tmp_path: Path) -> None:
    index = LexicalIndex.build(texts, 1.2, 0.6)
    index.save(tmp_path / "index")
    for one in (index, LexicalIndex.load(tmp_path / "index")):
        assert one.scores({"eau": 1.0}).tolist() == [0.0] * len(texts)
        assert not one.knows("eau")


def test_a_text_without_terms_among_others_keeps_its_place() -> None:
    scores = LexicalIndex.build([["eau"], [], ["eau", "bois"]], 1.2, 0.6).scores({"eau": 1.0})
    assert scores[0] > scores[2] > scores[1] == 0


def test_a_saved_index_gives_the_same_scores(tmp_path: Path) -> None:
    index = LexicalIndex.build(TEXTS, 1.2, 0.6)
    index.save(tmp_path / "index")
    weights = {"eau": 1.0, "reg": 0.3}
    np.testing.assert_array_equal(LexicalIndex.load(tmp_path / "index").scores(weights), index.scores(weights))


def test_a_missing_index_cannot_be_loaded(tmp_path: Path) -> None:
    with pytest.raises(OSError):
        LexicalIndex.load(tmp_path / "absent")


def test_an_index_that_lost_a_file_cannot_be_loaded(tmp_path: Path) -> None:
    LexicalIndex.build(TEXTS, 1.2, 0.6).save(tmp_path / "index")
    for path in (tmp_path / "index").glob("*.npy"):
        path.unlink()
    with pytest.raises((OSError, ValueError)):
        LexicalIndex.load(tmp_path / "index")
