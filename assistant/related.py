"""Questions the documents are known to answer: their own headings, word for word."""

import re
from collections.abc import Iterable, Mapping, Sequence

from assistant.answer import Answer, Reply
from indexing import DocumentRecord, Filters, Hit, Passage, fold, terms, tokens, zipf

MOST_RELATED = 3
LONGEST = 120
TELLING = 4.2
"""Zipf frequency under which a word shared with the title says what a heading is about."""
# What leans on the lines above it: « Quand ces règles s'appliquent-elles ? ». After a hyphen it is only a turn of verb.
_LEANS = re.compile(
    r"(?<![\w-])(?:ces?|cet|cette|ils?|elles?|leurs?|celui|celle|ceux|celles|son|sa|ses|cela|y)(?![\w-])"
)

Headings = Mapping[str, tuple[str, ...]]
"""The questions each document answers under a heading of its own, by document id, in reading order."""


def question_headings(passages: Iterable[Passage], documents: Mapping[str, DocumentRecord]) -> Headings:
    """The headings that are questions and can be read alone; none of a document that another replaces."""
    found: dict[str, dict[str, None]] = {}
    for passage in passages:
        facts = documents[passage.document_id].metadata
        if facts.superseded_by:
            continue
        for heading in passage.heading:
            if heading.endswith("?") and stands_alone(heading, facts.title):
                found.setdefault(passage.document_id, {})[heading] = None
    return {document_id: tuple(headings) for document_id, headings in found.items()}


def stands_alone(heading: str, title: str) -> bool:
    """Whether a heading, read without its document, still says what it is about: it names what the title names."""
    if not 15 <= len(heading) <= LONGEST or "\n" in heading or _LEANS.search(fold(heading)):
        return False
    named = {token.term for token in tokens(heading) if zipf(token.word) < TELLING}
    return bool(named & set(terms(title)))


def related_questions(
    asked: str,
    reply: Reply,
    hits: Sequence[Hit],
    headings: Headings,
    documents: Mapping[str, DocumentRecord],
    filters: Filters = Filters(),
) -> tuple[str, ...]:
    """At most MOST_RELATED headings of the documents cited, then of the nearest, those nearest the question first.

    Neither the question itself nor what the answer already quotes from.
    """
    citations = reply.citations if isinstance(reply, Answer) else ()
    told = {heading for citation in citations for heading in citation.passage.heading}
    near = dict.fromkeys([citation.document.id for citation in citations] + [hit.document.id for hit in hits])
    words = set(terms(asked))
    of_each: list[list[str]] = []
    for document_id in near:
        if document_id not in documents or not filters.accept(documents[document_id]):
            continue
        open_ones = [one for one in headings.get(document_id, ()) if one not in told and set(terms(one)) != words]
        # A stable sort: among headings that share as much with the question, the document's own order stands.
        of_each.append(sorted(open_ones, key=lambda heading: -len(words & set(terms(heading)))))
    # The best heading of each document, then the second ones.
    by_turns = (one[place] for place in range(MOST_RELATED) for one in of_each if place < len(one))
    return tuple(dict.fromkeys(by_turns))[:MOST_RELATED]
