"""How well the words a sentence quotes answer the question: a logistic model over what its units hold.

Fitted by `assistant-elus evals calibrate` on pairs labelled by hand (evals/data/support.jsonl). Grounding multiplies it
by how well the same words prove the sentence.
"""

from collections.abc import Callable, Mapping, Sequence

from assistant.answer import Draft
from assistant.evidence import FEATURES
from assistant.question import Query
from assistant.ranking import Scored

SUPPORT = (
    "unit_meaning",
    "passage_meaning",
    "covered_in_unit",
    "covered_with_heading",
    "covered_in_title",
    "value_missing",
    "length",
    "behind",
)
MAX_BEHIND = 12.0

Measure = Callable[[Mapping[str, float]], float]


def support_values(query: Query, scored: Scored, best: float) -> dict[str, float]:
    """What a unit holds of what is asked, by the names of SUPPORT; `best` is the score of the best unit found.

    How far a unit is behind the best counts: beside a better answer, a sentence on the same subject answers less.
    """
    candidate = scored.candidate
    features = dict(zip(FEATURES, candidate.features, strict=True))
    features["value_missing"] = float(query.expects is not None and not features["value_given"])
    features["behind"] = min(MAX_BEHIND, best - scored.score)
    return {name: features[name] for name in SUPPORT}


def supporter(query: Query, ranked: Sequence[Scored], measure: Measure) -> Callable[[Draft], float]:
    """What says in [0, 1] how well a draft's quotes answer: the best unit they touch, 0 outside the evidence."""
    sure: dict[tuple[str, int], float] = {}
    best = ranked[0].score if ranked else 0.0
    for scored in ranked:
        place = (scored.candidate.passage.id, scored.candidate.index)
        sure[place] = measure(support_values(query, scored, best))

    def support(draft: Draft) -> float:
        touched = [
            sure.get((quote.passage.id, index), 0.0)
            for quote in draft.quotes
            for index, unit in enumerate(quote.passage.units)
            if unit.start < quote.end and quote.start < unit.end
        ]
        return max(touched, default=0.0)

    return support
