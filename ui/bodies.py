"""The shapes the API answers, as typed dictionaries: what `rendering` builds, HTTP sends and `--json` prints."""

from typing import Literal

from pydantic import JsonValue

# Pydantic, which documents the API from these, asks for this TypedDict before Python 3.12.
from typing_extensions import TypedDict

from assistant.answer import NoteCode, Outcome
from corpus import Kind


class LocatorBody(TypedDict):
    type: Literal["page", "slide", "section"]
    value: str
    label: str


class ReferenceBody(TypedDict):
    title: str
    publisher: str | None
    url: str | None
    date: str | None


class SentenceBody(TypedDict):
    text: str
    citations: list[int]
    support: float


class AlsoInBody(TypedDict):
    """Another document that says the same, and where."""

    document_id: str
    title: str
    url: str | None
    source: str
    locator: LocatorBody


class CitationBody(TypedDict):
    n: int
    passage_id: str
    document_id: str
    title: str
    publisher: str | None
    published: str | None
    kind: Kind
    url: str | None
    link: str | None
    source: str
    heading: list[str]
    locator: LocatorBody
    quote: str
    quotes: list[str]
    excerpt: str
    also_in: list[AlsoInBody]
    references: list[ReferenceBody]
    warning: str | None


class StreamedSentenceBody(TypedDict):
    text: str
    citations: list[CitationBody]
    support: float


class PassageBody(TypedDict):
    id: str
    document_id: str
    title: str
    heading: list[str]
    text: str
    excerpt: str
    source: str
    url: str | None
    link: str | None
    publisher: str | None
    published: str | None
    kind: Kind
    locator: LocatorBody
    also_in: list[AlsoInBody]


class HitBody(TypedDict):
    passage: PassageBody
    score: float
    scorer: str


class HitsBody(TypedDict):
    hits: list[HitBody]


class NoteBody(TypedDict):
    code: NoteCode
    text: str


class HandoffBody(TypedDict):
    message: str
    contact: str | None


class CellBody(TypedDict):
    text: str
    citations: list[int]


class TableBody(TypedDict):
    """`cells` go row by row: one row a criterion, one cell a column. Nothing was found for a cell without text."""

    criteria: list[str]
    columns: list[str]
    cells: list[CellBody]


class AppliesToBody(TypedDict):
    population_min: int | None
    population_max: int | None
    types: list[str]
    text: str


class TurnBody(TypedDict):
    id: str
    session_id: str
    question: str
    standalone_question: str
    outcome: Outcome
    answer: str
    sentences: list[SentenceBody]
    table: TableBody | None
    citations: list[CitationBody]
    unanswered: list[str]
    notes: list[NoteBody]
    nearest: list[HitBody]
    handoff: HandoffBody | None
    related: list[str]
    applies_to: AppliesToBody | None
    composer: str
    timings_ms: dict[str, float]


class KeptTurnBody(TurnBody):
    """A turn shown again: as it was answered, what was typed masked, and the words of retired sources left out."""

    asked_at: str


class _ConversationFacts(TypedDict):
    """`kept_until` is when it goes if nothing is added to it; all three are ISO times in UTC."""

    id: str
    title: str
    created_at: str
    last_at: str
    kept_until: str


class ConversationBody(_ConversationFacts):
    """In the list, `turns` counts them."""

    turns: int


class ConversationsBody(TypedDict):
    conversations: list[ConversationBody]


class ConversationWithTurnsBody(_ConversationFacts):
    """Alone, `turns` holds them."""

    turns: list[KeptTurnBody]


class KeptBody(TypedDict):
    """All that is kept about a conversation; besides the turns, rows as they are written."""

    conversation: ConversationWithTurnsBody
    owner: str
    feedback: list[dict[str, JsonValue]]
    gaps: list[dict[str, JsonValue]]
    calls: list[dict[str, JsonValue]]


class ErasedBody(TypedDict):
    erased: int


class _DocumentFacts(TypedDict):
    id: str
    source: str
    title: str
    kind: Kind
    publisher: str | None
    published: str | None
    url: str | None
    statuses: list[str]
    roles: list[str]
    themes: list[str]
    references: list[ReferenceBody]
    verified: str | None
    review_by: str | None
    superseded_by: str | None
    licence: str | None


class DocumentBody(_DocumentFacts):
    """In the list, `passages` counts them."""

    passages: int


class DocumentWithPassagesBody(_DocumentFacts):
    """Alone, `passages` holds them."""

    passages: list[PassageBody]


class DocumentsBody(TypedDict):
    documents: list[DocumentBody]


class CorpusBody(TypedDict):
    snapshot: str
    documents: int
    passages: int
    published_at: str
    model: str
    newest: str | None


class ReadyBody(TypedDict):
    ready: Literal[True]
    corpus: CorpusBody
    store: Literal["ok", "unavailable"]


class ProgressBody(TypedDict):
    stage: str
    done: int
    total: int
    text: str
