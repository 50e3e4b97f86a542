"""The labelled pairs of needs are well made, and what is measured on them is what it says."""

from collections import Counter
from importlib.resources import files
from pathlib import Path

from evals.grouping import PAIRS, GroupingFigures, NeedPair, figures, load_need_pairs


def test_the_pairs_are_balanced_in_both_halves_and_none_is_twice() -> None:
    pairs = load_need_pairs(Path(str(files("evals") / "data" / PAIRS)))
    counted = Counter((pair.part, pair.same) for pair in pairs)
    assert set(counted) == {("dev", True), ("dev", False), ("test", True), ("test", False)}
    assert len(set(counted.values())) == 1 and len(pairs) >= 100
    assert len({pair.id for pair in pairs}) == len({frozenset((pair.a, pair.b)) for pair in pairs}) == len(pairs)


def test_precision_and_recall_are_of_the_pairs_told_to_be_one_need() -> None:
    def pair(same: bool) -> NeedPair:
        return NeedPair("p", "dev", "a", "b", same)

    told = [(pair(True), True), (pair(True), False), (pair(False), True), (pair(True), True), (pair(False), False)]
    assert figures(told) == GroupingFigures(5, 2 / 3, 2 / 3, 2 / 3)
    assert figures([]) == GroupingFigures(0, 0.0, 0.0, 0.0)
