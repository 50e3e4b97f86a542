"""What the assistant says: sentences that cite passages, or an abstention. Constructors refuse what cannot be."""

from dataclasses import dataclass, field
from typing import Literal

from corpus import Applicability
from indexing import DocumentRecord, Hit, Passage, Twin

Outcome = Literal["answered", "partial", "abstained"]
NoteCode = Literal[
    "completed_question",
    "corrected_words",
    "typed_in_english",
    "documents_disagree",
    "sentences_dropped",
    "only_experiences",
    "information_only",
    "not_for_asker",
    "model_set_aside",
    "not_kept",
]
WarningCode = Literal["past_review", "superseded"]
"""Why a citation is to be read with care: its `regle` is past its review date, or another document replaces it."""

MAX_QUOTE = 400
MAX_EXCERPT = 1000


@dataclass(frozen=True, slots=True)
class Quote:
    """Words copied from a passage: a span of its text."""

    passage: Passage
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.passage.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Draft:
    """A sentence a composer or a model proposes, and the words it says prove it: not trusted before the gate.

    `cell` is the row and column of the table it fills, None outside a table.
    """

    text: str
    quotes: tuple[Quote, ...]
    item: bool = False
    cell: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Citation:
    """A passage, and the words quoted from it, as the `n`th source of an answer (counted from 1).

    `also_in` are the passages of other documents that say the same.
    """

    n: int
    passage: Passage
    document: DocumentRecord
    quotes: tuple[str, ...]
    warning: WarningCode | None = None
    also_in: tuple[Twin, ...] = ()

    def __post_init__(self) -> None:
        if not self.quotes:
            raise ValueError("a citation needs a quote")
        for quote in self.quotes:
            if quote not in self.passage.text:
                raise ValueError(f"quote not in passage {self.passage.id}: {quote!r}")
            if len(quote) > MAX_QUOTE:
                raise ValueError(f"quote of {len(quote)} characters, at most {MAX_QUOTE}")

    @property
    def quote(self) -> str:
        return self.quotes[0]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of an answer, the numbers of the citations that prove it, and its support in [0, 1].

    `item` says that it is an item of the list that the last sentence without it introduces.
    """

    text: str
    citations: tuple[int, ...]
    support: float
    item: bool = False

    def __post_init__(self) -> None:
        if not self.citations:
            raise ValueError("a sentence needs a citation")
        if not 0 <= self.support <= 1:
            raise ValueError(f"support {self.support} outside [0, 1]")


@dataclass(frozen=True, slots=True)
class Note:
    """Something said beside the answer; `detail` fills the text that ui/messages.py keeps for `code`."""

    code: NoteCode
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a comparison: words of the documents with the citations that prove them, or neither."""

    text: str = ""
    citations: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if bool(self.text) != bool(self.citations):
            raise ValueError("a cell has words and citations, or neither")


@dataclass(frozen=True, slots=True)
class Table:
    """A comparison: one row a criterion, one column a thing compared; `rows` in that order."""

    criteria: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def __post_init__(self) -> None:
        if len(self.rows) != len(self.criteria) or any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError("a table has a row for each criterion and a cell for each column")


@dataclass(frozen=True, slots=True)
class Answer:
    """Sentences in reading order, and their citations numbered in order of first use, each used by a sentence."""

    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    unanswered: tuple[str, ...] = ()
    table: Table | None = None

    def __post_init__(self) -> None:
        if not self.sentences:
            raise ValueError("an answer needs a sentence: abstain instead")
        order = list(dict.fromkeys(n for sentence in self.sentences for n in sentence.citations))
        if order != [citation.n for citation in self.citations]:
            raise ValueError(f"citations {[c.n for c in self.citations]} are not those the sentences use, {order}")

    @property
    def outcome(self) -> Outcome:
        return "partial" if self.unanswered else "answered"


@dataclass(frozen=True, slots=True)
class Abstention:
    """No answer: the nearest passages, and the topics of the question that the corpus knows (may be empty)."""

    nearest: tuple[Hit, ...] = ()
    topics: tuple[str, ...] = ()

    @property
    def outcome(self) -> Outcome:
        return "abstained"


Reply = Answer | Abstention


@dataclass(frozen=True, slots=True)
class Turn:
    """One question and its reply within a session."""

    id: str
    session_id: str
    question: str
    standalone_question: str
    reply: Reply
    hits: tuple[Hit, ...] = ()
    notes: tuple[Note, ...] = ()
    related: tuple[str, ...] = ()
    applies_to: Applicability | None = None
    handed_over: bool = False
    composer: str = "extractive"
    timings_ms: dict[str, float] = field(default_factory=dict)
