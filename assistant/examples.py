"""« Qui l'a déjà fait ? »: several experiences, one line each, best first."""

from collections.abc import Mapping, Sequence

from assistant.answer import Draft, Quote
from assistant.applicability import Asker, place_words
from assistant.french import patterns
from assistant.ranking import Scored
from indexing import DocumentRecord, Passage, fold, terms

MOST = 5
NEAR = 12.0
"""How far below the best experience's score, in units of the ranking, another is still an example of the same thing."""
MAX_LINE = 260
MIN_TERMS = 5
NEARER = 2.0
"""What an experience of the asker's own département gains."""


def compose_examples(
    ranked: Sequence[Scored], documents: Mapping[str, DocumentRecord], asker: Asker
) -> tuple[Draft, ...]:
    """One sentence for each of the best experiences; empty when fewer than two are near, which is no list."""
    best: dict[str, Scored] = {}
    for scored in ranked:
        document_id = scored.candidate.passage.document_id
        if documents[document_id].metadata.kind == "experience":
            best.setdefault(document_id, scored)
    worth = {key: scored.score + _nearness(documents[key], asker) for key, scored in best.items()}
    order = sorted(best, key=lambda key: -worth[key])[:MOST]
    chosen = [key for key in order if worth[order[0]] - worth[key] <= NEAR]
    drafts = [draft for key in chosen if (draft := _line(best[key], ranked, documents[key]))]
    return tuple(drafts) if len(drafts) >= 2 else ()


def _nearness(document: DocumentRecord, asker: Asker) -> float:
    place = document.metadata.territory
    if asker.departement is None or place is None or place.departement is None:
        return 0.0
    return NEARER * (place_words(place.departement) == asker.departement)


def _line(best: Scored, ranked: Sequence[Scored], document: DocumentRecord) -> Draft | None:
    """The experience's sentence that says what it is: its best whole sentence that names what its title names."""
    title = set(terms(document.metadata.title))
    of_document = [one for one in ranked if one.candidate.passage.document_id == document.id]
    sentences = [one for one in of_document if _whole(one)]
    naming = [one for one in sentences if title & set(terms(one.candidate.text))]
    # The summary says what the experience is; another sentence may only say what it teaches.
    summary = [one for one in naming if _in_summary(one)]
    for scored in (*summary, *naming, *sentences):
        candidate = scored.candidate
        passage: Passage = candidate.passage
        return Draft(candidate.text, (Quote(passage, candidate.unit.start, candidate.unit.end),), item=True)
    return None


def _in_summary(scored: Scored) -> bool:
    heading = " ".join(scored.candidate.passage.heading[-1:])
    return bool(patterns("labels")["summary"].search(fold(heading.strip())))


def _whole(scored: Scored) -> bool:
    candidate = scored.candidate
    return (
        candidate.unit.kind == "sentence"
        and len(candidate.text) <= MAX_LINE
        and not candidate.text.rstrip().endswith(("?", ":"))
        and len(terms(candidate.text)) >= MIN_TERMS
    )
