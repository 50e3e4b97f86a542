"""What a document is: an official text, its titled parts, and where each part can be found again."""

from dataclasses import dataclass, field
from typing import Literal, get_args

Kind = Literal["regle", "role", "methode", "appui", "experience", "etude", "publication"]
KINDS: tuple[Kind, ...] = get_args(Kind)
LocatorType = Literal["page", "slide", "section"]


@dataclass(frozen=True, slots=True)
class Locator:
    """Where a person finds a section again: a page number, a slide number or the anchor of a heading."""

    type: LocatorType
    value: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Reference:
    """A text behind a fiche."""

    title: str
    publisher: str | None = None
    url: str | None = None
    date: str | None = None


@dataclass(frozen=True, slots=True)
class Applicability:
    """For whom a document holds; an empty field restricts nothing."""

    population_min: int | None = None
    population_max: int | None = None
    types: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Territory:
    commune: str | None = None
    departement: str | None = None
    region: str | None = None

    @property
    def words(self) -> str:
        """The names of the place, from the smallest."""
        return " ".join(filter(None, (self.commune, self.departement, self.region)))


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known of a document beside its text. Dates are "YYYY", "YYYY-MM" or "YYYY-MM-DD"; unknown stays None."""

    title: str
    kind: Kind = "publication"
    publisher: str | None = None
    published: str | None = None
    url: str | None = None
    statuses: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    territory: Territory | None = None
    applies_to: Applicability | None = None
    references: tuple[Reference, ...] = ()
    written: str | None = None
    verified: str | None = None
    review_by: str | None = None
    superseded_by: str | None = None
    licence: str | None = None
    publish_original: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a section, as a span of its text.

    `lead` is the index of the block that introduces this one (the sentence before a list, the header of a table).
    """

    kind: Literal["heading", "paragraph", "item", "row"]
    start: int
    end: int
    lead: int | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A titled part of a document.

    `text` begins with the section's own heading, when it has one. `path` holds the headings above it, outermost first.
    `gaps` are the offsets in `text` where cleaning left out words of the original: an excerpt must not run across one.
    `turns` are the offsets where the text goes on at another place (the next page), with that place, in order.
    """

    title: str
    path: tuple[str, ...]
    text: str
    locator: Locator
    blocks: tuple[Block, ...]
    gaps: tuple[int, ...] = ()
    turns: tuple[tuple[int, Locator], ...] = ()

    def __post_init__(self) -> None:
        for block in self.blocks:
            if not 0 <= block.start < block.end <= len(self.text):
                raise ValueError(f"block {block.start}-{block.end} outside a section of {len(self.text)} characters")

    def place(self, offset: int) -> Locator:
        """Where the character at `offset` of the text stands."""
        passed = [locator for start, locator in self.turns if start <= offset]
        return passed[-1] if passed else self.locator


@dataclass(frozen=True, slots=True)
class Document:
    """A text with its sections. `source` is its path relative to what was added, or its URL, never an absolute path."""

    id: str
    source: str
    metadata: Metadata
    sections: tuple[Section, ...] = field(repr=False)
    original: str | None = None
    """Name of the copy kept of the file it was read from, None when it may not be published whole."""

    def __post_init__(self) -> None:
        if not self.sections:
            raise ValueError(f"{self.source}: a document needs at least one section")
