"""From what the assistant returns to the bodies users receive: the same for HTTP, the command and the chat."""

from collections.abc import Sequence

from assistant.answer import MAX_EXCERPT, Answer, Citation, Sentence, Table, Turn
from assistant.stream import StreamSentence
from corpus import Applicability, Locator, Reference, is_url
from indexing import CorpusState, DocumentRecord, Hit, Passage, Progress, Twin
from ui import messages
from ui.bodies import (
    AlsoInBody,
    AppliesToBody,
    CitationBody,
    CorpusBody,
    DocumentBody,
    DocumentsBody,
    DocumentWithPassagesBody,
    HitBody,
    HitsBody,
    LocatorBody,
    PassageBody,
    ProgressBody,
    ReferenceBody,
    SentenceBody,
    StreamedSentenceBody,
    TableBody,
    TurnBody,
)
from ui.excerpt import excerpt


def turn_body(turn: Turn, contact: str = "") -> TurnBody:
    """The whole body of POST /v1/ask; every key of the contract is there, empty or null."""
    reply = turn.reply
    answer = reply if isinstance(reply, Answer) else None
    body: TurnBody = {
        "id": turn.id,
        "session_id": turn.session_id,
        "question": turn.question,
        "standalone_question": turn.standalone_question,
        "outcome": reply.outcome,
        "answer": "",
        "sentences": [],
        "table": None,
        "citations": [],
        "unanswered": [],
        "notes": [{"code": note.code, "text": messages.note(note.code, note.detail)} for note in turn.notes],
        "nearest": [],
        "handoff": None,
        "related": list(turn.related),
        "applies_to": applies_to_body(turn.applies_to),
        "composer": turn.composer,
        "timings_ms": turn.timings_ms,
    }
    if answer is not None:
        body["answer"] = answer_text(answer)
        body["sentences"] = [sentence_body(sentence) for sentence in answer.sentences]
        body["citations"] = [citation_body(citation) for citation in answer.citations]
        body["unanswered"] = list(answer.unanswered)
        body["table"] = table_body(answer.table)
    elif not isinstance(reply, Answer):
        body["answer"] = messages.abstention(reply.topics)
        body["nearest"] = [hit_body(hit) for hit in reply.nearest]
    if reply.outcome != "answered" or turn.handed_over:
        body["handoff"] = {"message": messages.handoff(contact), "contact": contact or None}
    return body


def answer_text(answer: Answer) -> str:
    """The sentences with their markers; a list item begins a line of its own."""
    return "".join(answer_pieces(answer))


def answer_pieces(answer: Answer) -> list[str]:
    """The same, a piece a sentence: each ends with its markers, and begins with what parts it from the one before."""
    pieces: list[str] = []
    after_item = False
    for sentence in answer.sentences:
        # What introduces a list begins a line too.
        between = "\n" if sentence.item or after_item or sentence.text.endswith(":") else " "
        piece = "- " * sentence.item + sentence.text + "".join(f" [{n}]" for n in sentence.citations)
        pieces.append(between + piece if pieces else piece)
        after_item = sentence.item
    return pieces


def sentence_body(sentence: Sentence) -> SentenceBody:
    return {"text": sentence.text, "citations": list(sentence.citations), "support": round(sentence.support, 3)}


def table_body(table: Table | None) -> TableBody | None:
    if table is None:
        return None
    return {
        "criteria": [messages.CRITERIA[criterion] for criterion in table.criteria],
        "columns": list(table.columns),
        "cells": [{"text": cell.text, "citations": list(cell.citations)} for row in table.rows for cell in row],
    }


def applies_to_body(holds_for: Applicability | None) -> AppliesToBody | None:
    if holds_for is None:
        return None
    return {
        "population_min": holds_for.population_min,
        "population_max": holds_for.population_max,
        "types": list(holds_for.types),
        "text": messages.holds_for(holds_for),
    }


def citation_body(citation: Citation) -> CitationBody:
    facts = citation.document.metadata
    return {
        "n": citation.n,
        "passage_id": citation.passage.id,
        "document_id": citation.document.id,
        "title": facts.title,
        "publisher": facts.publisher,
        "published": facts.published,
        "kind": facts.kind,
        "url": facts.url,
        "link": link_to(citation.document, citation.passage.locator),
        "source": citation.document.source,
        "heading": list(citation.passage.heading),
        "locator": locator_body(citation.passage.locator),
        "quote": citation.quote,
        "quotes": list(citation.quotes),
        "excerpt": excerpt(citation.passage, citation.quotes, MAX_EXCERPT),
        "also_in": [also_in_body(twin) for twin in citation.also_in],
        "references": [reference_body(reference) for reference in facts.references],
        "warning": messages.warning(citation.warning, facts.review_by, facts.superseded_by),
    }


def passage_body(passage: Passage, document: DocumentRecord, also_in: Sequence[Twin] = ()) -> PassageBody:
    facts = document.metadata
    return {
        "id": passage.id,
        "document_id": document.id,
        "title": facts.title,
        "heading": list(passage.heading),
        "text": passage.text,
        "excerpt": excerpt(passage, (), MAX_EXCERPT),
        "source": document.source,
        "url": facts.url,
        "link": link_to(document, passage.locator),
        "publisher": facts.publisher,
        "published": facts.published,
        "kind": facts.kind,
        "locator": locator_body(passage.locator),
        "also_in": [also_in_body(twin) for twin in also_in],
    }


def also_in_body(twin: Twin) -> AlsoInBody:
    facts = twin.document.metadata
    return {
        "document_id": twin.document.id,
        "title": facts.title,
        "url": facts.url,
        "source": twin.document.source,
        "locator": locator_body(twin.passage.locator),
    }


def hit_body(hit: Hit) -> HitBody:
    return {"passage": passage_body(hit.passage, hit.document, hit.also_in), "score": hit.score, "scorer": hit.scorer}


def hits_body(hits: Sequence[Hit]) -> HitsBody:
    return {"hits": [hit_body(hit) for hit in hits]}


def document_body(document: DocumentRecord) -> DocumentBody:
    facts = document.metadata
    return {
        "id": document.id,
        "source": document.source,
        "title": facts.title,
        "kind": facts.kind,
        "publisher": facts.publisher,
        "published": facts.published,
        "url": facts.url,
        "statuses": list(facts.statuses),
        "roles": list(facts.roles),
        "themes": list(facts.themes),
        "references": [reference_body(reference) for reference in facts.references],
        "verified": facts.verified,
        "review_by": facts.review_by,
        "superseded_by": facts.superseded_by,
        "licence": facts.licence,
        "passages": document.passages,
    }


def documents_body(documents: Sequence[DocumentRecord]) -> DocumentsBody:
    return {"documents": [document_body(document) for document in documents]}


def document_with_passages_body(document: DocumentRecord, passages: Sequence[Passage]) -> DocumentWithPassagesBody:
    """One document; here `passages` is the list of them, not their count."""
    bodies = [passage_body(passage, document) for passage in passages]
    return {**document_body(document), "passages": bodies}


def corpus_body(state: CorpusState) -> CorpusBody:
    return {
        "snapshot": state.snapshot,
        "documents": state.documents,
        "passages": state.passages,
        "published_at": state.published_at,
        "model": state.model,
        "newest": state.newest,
    }


def streamed_sentence_body(event: StreamSentence) -> StreamedSentenceBody:
    """A sentence with its citations as objects: whoever reads the stream can open them before the reply is whole."""
    return {
        "text": event.sentence.text,
        "citations": [citation_body(citation) for citation in event.citations],
        "support": round(event.sentence.support, 3),
    }


def progress_body(progress: Progress | None) -> ProgressBody | None:
    if progress is None:
        return None
    text = messages.progress(progress.stage, progress.done, progress.total)
    return {"stage": progress.stage, "done": progress.done, "total": progress.total, "text": text}


def link_to(document: DocumentRecord, locator: Locator) -> str | None:
    """Where a passage opens: its document on the web or, where it may be published, its original here; at its page."""
    url = document.metadata.url
    if url is None and document.original is not None:
        url = f"/v1/documents/{document.id}/original"
    if url is None or "#" in url:
        return url
    if locator.type == "page":
        return f"{url}#page={locator.value}"
    return f"{url}#{locator.value}" if locator.type == "section" and is_url(document.source) else url


def locator_body(locator: Locator) -> LocatorBody:
    label = messages.locator(locator.type, locator.value, locator.label)
    return {"type": locator.type, "value": locator.value, "label": label}


def reference_body(reference: Reference) -> ReferenceBody:
    return {
        "title": reference.title,
        "publisher": reference.publisher,
        "url": reference.url,
        "date": reference.date,
    }
