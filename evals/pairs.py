"""Pairs labelled by hand: does this sentence, with these words of this fiche as proof, answer this question truly?"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from assistant.answer import Draft, Quote
from assistant.grounding import locate, proof, refusal
from assistant.pipeline import Assistant
from assistant.support import support_values
from evals.cases import CasesInvalid
from indexing import Filters


class Pair(BaseModel):
    """A question, a sentence said in answer, and the words of a fiche it cites; `supported` is a reader's judgement.

    False when the words do not answer the question, and when they do not prove the sentence.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    question: str
    sentence: str
    fiche: str
    quote: str
    supported: bool
    why: str = ""


@dataclass(frozen=True, slots=True)
class MeasuredPair:
    """What support is fitted on: the values of the quoted unit that speak most for it, and the gate's proof."""

    values: dict[str, float]
    proof: float
    supported: bool


def load_pairs(path: Path) -> list[Pair]:
    """Read a JSON-lines file of pairs. Raises CasesInvalid."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        return [Pair.model_validate_json(line) for line in lines if line.strip()]
    except (OSError, UnicodeDecodeError, ValidationError) as error:
        raise CasesInvalid(f"{path}: {error}") from error


def measure_pairs(assistant: Assistant, pairs: Sequence[Pair]) -> list[MeasuredPair]:
    """Measure each pair on the published fiches. Raises CasesInvalid when a quote is not in its fiche."""
    ids = {Path(record.source).stem: record.id for record in assistant.documents()}
    measured = []
    for pair in pairs:
        document_id = ids.get(pair.fiche)
        quote = draft = None
        if document_id is not None:
            found = (locate(passage, pair.quote) for passage in assistant.passages(document_id))
            quote = next((one for one in found if one is not None), None)
        if document_id is None or quote is None:
            raise CasesInvalid(f"{pair.id}: {pair.quote!r} is not in {pair.fiche}")
        draft = Draft(pair.sentence, (quote,))
        measured.append(_measure(assistant, pair, draft, quote, document_id))
    return measured


def _measure(assistant: Assistant, pair: Pair, draft: Draft, quote: Quote, document_id: str) -> MeasuredPair:
    weighed = assistant.weigh(pair.question, Filters(document_id=(document_id,)))
    documents = {record.id: record for record in assistant.documents()}
    touched = [
        scored
        for scored in weighed.ranked
        if scored.candidate.passage.id == quote.passage.id
        and scored.candidate.unit.start < quote.end
        and quote.start < scored.candidate.unit.end
    ]
    if not touched:
        raise CasesInvalid(f"{pair.id}: the quoted passage was not weighed")
    best = weighed.ranked[0].score
    nearest = max(touched, key=lambda scored: scored.score)
    proven = 0.0 if refusal(draft, documents) else proof(draft, documents)
    return MeasuredPair(support_values(weighed.query, nearest, best), proven, pair.supported)
