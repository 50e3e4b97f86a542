"""What is said beside a reply, so that it is not taken for more than it is."""

from collections.abc import Sequence

from assistant import freshness
from assistant.answer import Answer, Citation, Note, Reply
from assistant.applicability import Asker, excludes
from assistant.french import patterns
from assistant.question import Query
from corpus import Applicability
from indexing import fold


def reading(question: str, completed: str, query: Query) -> tuple[Note, ...]:
    """How the question was read: completed from the turns before, corrected, typed in English."""
    notes = []
    if completed != question:
        notes.append(Note("completed_question", completed))
    if query.corrections:
        notes.append(Note("corrected_words", ", ".join(f"{typed} → {meant}" for typed, meant in query.corrections)))
    if query.english:
        notes.append(Note("typed_in_english"))
    return tuple(notes)


def beside(answer: Answer, query: Query, asker: Asker) -> tuple[Note, ...]:
    """That an answer is no advice, that only stories speak for it, that its first source does not hold for who asks."""
    notes = []
    if query.form == "opinion":
        notes.append(Note("information_only"))
    waits_for_rule = query.form == "eligibility" or patterns("rule")["asked"].search(fold(query.text))
    if waits_for_rule and freshness.only_experiences(answer):
        notes.append(Note("only_experiences"))
    return (*notes, *not_for(asker, answer.citations[:1]))


def not_for(asker: Asker, citations: Sequence[Citation]) -> tuple[Note, ...]:
    """The first source that says it does not hold for who asks."""
    facts = (citation.document.metadata for citation in citations)
    return tuple(Note("not_for_asker", one.title) for one in facts if excludes(one.applies_to, asker))[:1]


def holds_for(reply: Reply) -> Applicability | None:
    """For whom an answer holds: what its first restricted source says of itself."""
    citations = reply.citations if isinstance(reply, Answer) else ()
    held = (citation.document.metadata.applies_to for citation in citations)
    return next((applicability for applicability in held if applicability is not None), None)
