"""The one file that knows ir-measures: how early the documents that answer a question are found."""

from collections.abc import Mapping, Sequence

MEASURES = {"r_at_1": "R@1", "r_at_3": "R@3", "r_at_10": "R@10", "mrr_at_10": "RR@10", "ndcg_at_10": "nDCG@10"}


def ranking_marks(expected: Sequence[str], found: Sequence[str]) -> Mapping[str, float]:
    """The measures of one question, each in [0, 1], from the sources of the passages found, best first.

    A document counts once, where its first passage stands, and as the prefix in `expected` that its source begins with.
    """
    from ir_measures import Qrel, ScoredDoc, iter_calc, parse_measure

    names = (next((one for one in expected if source.startswith(one)), source) for source in found)
    ranked = dict.fromkeys(names)
    measures = {parse_measure(text): name for name, text in MEASURES.items()}
    wanted = [Qrel("q", one, 1) for one in expected]
    run = [ScoredDoc("q", name, float(len(ranked) - rank)) for rank, name in enumerate(ranked)]
    marks = dict.fromkeys(MEASURES, 0.0)
    # A question for which nothing was found is missing from what the library returns.
    marks.update({measures[one.measure]: one.value for one in iter_calc(list(measures), wanted, run)})
    return marks
