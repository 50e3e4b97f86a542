"""What is searched and cited: the passage, and the units (sentences, items, rows) an answer is made of."""

from dataclasses import dataclass
from typing import Literal

from corpus import Locator, Metadata

UnitKind = Literal["heading", "sentence", "item", "row"]


@dataclass(frozen=True, slots=True)
class Unit:
    """A sentence, list item or table row, as a span of its passage's text.

    `lead` is the span that introduces it in the same passage: the sentence before a list, the header of a table.
    `block` numbers the paragraph or list it stands in: two units of one block belong together.
    """

    kind: UnitKind
    start: int
    end: int
    lead: tuple[int, int] | None = None
    block: int = 0


@dataclass(frozen=True, slots=True)
class Passage:
    """A span of a document that is embedded, searched and cited.

    `text` joins the passage's spans of its section with a line break; `gaps` are the offsets in `text` where words of
    the original are left out (between two spans that do not touch, or where cleaning removed some).
    `heading` is the path of headings, outermost first. `position` counts passages within the document from 0.
    """

    id: str
    document_id: str
    position: int
    heading: tuple[str, ...]
    locator: Locator
    text: str
    spans: tuple[tuple[int, int], ...]
    section: int
    units: tuple[Unit, ...]
    gaps: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        for unit in self.units:
            if not 0 <= unit.start < unit.end <= len(self.text):
                raise ValueError(f"unit {unit.start}-{unit.end} outside passage {self.id}")

    def heading_of(self, index: int) -> Unit | None:
        """The nearest heading above unit `index` within the passage, None when there is none or it is one itself."""
        if self.units[index].kind == "heading":
            return None
        return next((unit for unit in reversed(self.units[:index]) if unit.kind == "heading"), None)


@dataclass(frozen=True, slots=True)
class DocumentRecord:
    """A document as a snapshot knows it: everything but its text."""

    id: str
    source: str
    metadata: Metadata
    passages: int
    original: str | None = None


@dataclass(frozen=True, slots=True)
class Twin:
    """A passage of another document that says the same as one that is shown."""

    passage: Passage
    document: DocumentRecord


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found, with its score (comparable within one search only) and the scorer that gave it."""

    passage: Passage
    document: DocumentRecord
    score: float
    scorer: str
    also_in: tuple[Twin, ...] = ()


@dataclass(frozen=True, slots=True)
class Filters:
    """Keep only passages of documents that match every non-empty field; within a field, one value is enough."""

    kind: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    document_id: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return any((self.kind, self.statuses, self.roles, self.themes, self.document_id))

    def accept(self, document: DocumentRecord) -> bool:
        facts = document.metadata
        pairs = (
            (self.kind, (facts.kind,)),
            (self.statuses, facts.statuses),
            (self.roles, facts.roles),
            (self.themes, facts.themes),
            (self.document_id, (document.id,)),
        )
        return all(not wanted or set(wanted) & set(have) for wanted, have in pairs)
