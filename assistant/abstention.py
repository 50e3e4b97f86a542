"""Whether the evidence is enough to answer: a logistic model over what can be read off it.

Calibrated by `assistant-elus evals calibrate` on our own question sets; its coefficients stand in calibration.toml.
"""

import re
from collections.abc import Sequence

from assistant.evidence import FEATURES, Examiner, title_words
from assistant.expectation import holds_value, number_beside
from assistant.facts import missing
from assistant.question import Query
from assistant.ranking import Scored
from indexing import Snapshot, terms, tokens

SIGNALS = (
    "unit_meaning",
    "passage_meaning",
    "closeness",
    "passage_words",
    "covered_in_unit",
    "covered_in_passage",
    "covered_in_three",
    "unknown",
    "focus_in_unit",
    "focus_in_passage",
    "figures_missing",
    "dates_missing",
    "names_missing",
    "value_asked",
    "amount_or_contact_asked",
    "value_not_in_unit",
    "value_not_in_passage",
    "value_farther",
    "count_not_beside",
    "words",
    "story",
    "english",
    "peak",
    "second_passage",
)
_QUOTED = re.compile('[«“"]([^»”"]*)[»”"]')
_TOP_PASSAGES = 3
_TOP_UNITS = 6
_RARELY_GIVEN = ("amount", "phone", "email", "contact", "hour", "percentage", "duration")
_LOOKED_AT = 20
MAX_LEAP = 10.0
MAX_FARTHER = 4.0


def signals(query: Query, ranked: Sequence[Scored], examiner: Examiner, snapshot: Snapshot) -> dict[str, float]:
    """What the evidence says, by the names of SIGNALS; `ranked` is not empty."""
    best = ranked[0]
    candidate = best.candidate
    features = dict(zip(FEATURES, candidate.features, strict=True))
    top = list({one.candidate.passage.id: one for one in reversed(ranked)}.values())[::-1][:_TOP_PASSAGES]
    bodies = [_terms_of(one) for one in top]
    title = frozenset(terms(title_words(snapshot.documents[candidate.passage.document_id])))
    unit = _unit_terms(best)
    total = sum(map(examiner.worth, query.words)) or 1.0
    everything = frozenset[str]().union(*bodies, title)
    digits = {
        token.word
        for token in tokens(
            f"{candidate.passage.text} {title_words(snapshot.documents[candidate.passage.document_id])}"
        )
    }
    focus = query.focus or query.words
    return {
        "unit_meaning": features["unit_meaning"],
        "passage_meaning": features["passage_meaning"],
        # Of vectors as they are: a question no document treats is far from all, even from the nearest.
        "closeness": candidate.found.cosine,
        "passage_words": features["passage_words"],
        "covered_in_unit": examiner.covered(query.words, unit | title),
        "covered_in_passage": examiner.covered(query.words, bodies[0] | title),
        "covered_in_three": examiner.covered(query.words, everything),
        "unknown": sum(examiner.worth(word) for word in query.words if not word.known) / total,
        "focus_in_unit": examiner.covered(focus, unit),
        "focus_in_passage": examiner.covered(focus, bodies[0]),
        "figures_missing": float(min(2, sum(figure not in digits for figure in query.figures))),
        "dates_missing": float(min(2, _dates_missing(query.text, best, snapshot))),
        "names_missing": float(min(2, sum(not set(terms(name)) <= everything for name in query.names))),
        "value_asked": float(query.expects is not None),
        "amount_or_contact_asked": float(query.expects in _RARELY_GIVEN),
        "value_not_in_unit": float(query.expects is not None and not features["value_given"]),
        "value_not_in_passage": float(
            query.expects is not None and not holds_value(candidate.passage.text, query.expects, query.figures)
        ),
        "value_farther": _value_farther(query, ranked),
        "count_not_beside": float(
            query.expects == "count"
            and not any(
                number_beside(
                    one.candidate.text, [meant for word in focus for meant, _ in word.meanings], query.figures
                )
                for one in ranked[:_TOP_UNITS]
            )
        ),
        "words": min(len(query.words), 12) / 5,
        "story": float(len(query.segments) > 1),
        "english": float(query.english),
        # Bounded: in a corpus of a few passages nothing else comes near, which says nothing against the best.
        "peak": min(MAX_LEAP, best.score - sum(one.score for one in ranked[1:10]) / max(1, len(ranked[1:10]))),
        "second_passage": min(MAX_LEAP, best.score - top[1].score) if len(top) > 1 else 0.0,
    }


def _dates_missing(question: str, best: Scored, snapshot: Snapshot) -> int:
    """How many dates the question takes for granted that neither the best passage nor its document's title states."""
    passage = best.candidate.passage
    evidence = (passage.text, " ".join(passage.heading), title_words(snapshot.documents[passage.document_id]))
    return sum(fact.kind == "date" for fact in missing(question, evidence))


def _value_farther(query: Query, ranked: Sequence[Scored]) -> float:
    """How much farther in meaning the nearest unit that holds the kind of value asked is than the nearest of all."""
    if query.expects is None:
        return 0.0
    near = [dict(zip(FEATURES, one.candidate.features, strict=True)) for one in ranked[:_LOOKED_AT]]
    holding = [features["unit_meaning"] for features in near if features["value_given"]]
    farther = max(features["unit_meaning"] for features in near) - max(holding, default=-MAX_FARTHER)
    return min(MAX_FARTHER, farther)


def known_topics(query: Query) -> tuple[str, ...]:
    """Names of the question the corpus knows, to say what was looked for; never its figures nor its other words.

    What stands in quotation marks is somebody's words, not the name of a subject.
    """
    quoted = {word for words in _QUOTED.findall(query.text) for word in words.split()}
    known = {word.typed for word in query.words if word.known}
    return tuple(
        name
        for name in query.names
        if name not in quoted and not re.search(r"\d", name) and all(token.word in known for token in tokens(name))
    )


def _terms_of(scored: Scored) -> frozenset[str]:
    passage = scored.candidate.passage
    return frozenset(terms(f"{' '.join(passage.heading)} {passage.text}"))


def _unit_terms(scored: Scored) -> frozenset[str]:
    passage, unit = scored.candidate.passage, scored.candidate.unit
    lead = passage.text[unit.lead[0] : unit.lead[1]] if unit.lead else ""
    above = passage.heading_of(scored.candidate.index)
    heading = passage.text[above.start : above.end] if above else " ".join(passage.heading)
    return frozenset(terms(f"{heading} {lead} {scored.candidate.text}"))
