"""From a document's sections to passages, and from passages to units.

By structure first: a section that fits is one passage. A longer one is cut between blocks; a list that is cut repeats
its lead-in, a table its header, and every passage but the first repeats the section's heading.
"""

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence

from corpus import Block, Document, Section
from indexing.passage import Passage, Unit, UnitKind

MAX_CHARACTERS = 1000
MAX_TOKENS = 330
"""Of the model. Ordinary French needs some 240 for 1 000 characters; tables of figures and lists of names need more,
and with the title and the opening put before it, a longer passage would be cut by the model."""
MAX_UNIT = 700
MAX_LEAD = 300
_ABBREVIATION = re.compile(
    r"(?:\b(?:M|MM|Mme|Mlle|Dr|Me|St|Ste|art|cf|ex|etc|env|hab|p|pp|n|no|vol|éd|dir|coll|fig|tél|al|réf|min|max|av|bd)|\b[A-ZÉÈ])\.$",
    re.I,
)
_SENTENCE_END = re.compile(r"[.!?…]+(?:\s?[»”\")\]])*(?=\s+[\"«“(]?\s*[A-ZÀ-ÖØ-Þ0-9ôœ])")
_CLAUSE_END = re.compile(r"[;:]\s+|,\s+")


CountTokens = Callable[[str], int]


def split_document(document: Document, count_tokens: CountTokens = lambda text: 0) -> list[Passage]:
    """Cut a document into passages in reading order; two passages of one document never have the same id.

    A passage holds at most MAX_CHARACTERS and, by `count_tokens`, MAX_TOKENS, beside what it repeats.
    """
    passages: list[Passage] = []
    seen: dict[str, int] = {}
    for number, section in enumerate(document.sections):
        done = 0
        for blocks in _groups(section, count_tokens):
            # A repeated heading or lead-in does not tell where the passage stands: what it adds does.
            begin = next((block.start for block in blocks if block.start >= done), blocks[0].start)
            done = blocks[-1].end
            spans = _merged([(block.start, block.end) for block in blocks], section)
            text = "\n".join(section.text[start:end] for start, end in spans)
            repeat = seen.get(text, 0)
            seen[text] = repeat + 1
            digest = hashlib.sha256(f"{document.id}\n{repeat}\n{text}".encode()).hexdigest()[:16]
            heading = (*section.path, section.title) if section.title else section.path
            passages.append(
                Passage(
                    id=digest,
                    document_id=document.id,
                    position=len(passages),
                    heading=heading,
                    locator=section.place(begin),
                    text=text,
                    spans=tuple(spans),
                    section=number,
                    units=tuple(_units(section, spans, blocks, text)),
                    gaps=tuple(_gaps(section, spans)),
                )
            )
    return passages


def _fits(section: Section, blocks: Sequence[Block], count_tokens: CountTokens) -> bool:
    length = sum(block.end - block.start for block in blocks)
    if length > MAX_CHARACTERS:
        return False
    # A token is at least a character: what is this short needs no counting.
    return length <= MAX_TOKENS or count_tokens(" ".join(section.text[b.start : b.end] for b in blocks)) <= MAX_TOKENS


def _groups(section: Section, count_tokens: CountTokens) -> Iterator[list[Block]]:
    """Runs of blocks that make a passage each, with the heading and lead-ins they need."""
    blocks = [piece for block in section.blocks for piece in _pieces(section, block, count_tokens)]
    heading = blocks[0] if blocks and blocks[0].kind == "heading" else None
    if len(section.text) <= MAX_CHARACTERS and _fits(section, blocks, count_tokens):
        yield blocks
        return
    group: list[Block] = []
    for block in blocks:
        if group and group != [heading] and not _fits(section, [*group, block], count_tokens):
            # A lead-in goes with what it introduces.
            lead = section.blocks[block.lead] if block.lead is not None else None
            again = _announcement(section, lead) if lead is not None and lead != heading else None
            if group[-1] == again:
                group.pop()
            if group and group != [heading]:
                yield group
            group = [] if heading is None else [heading]
            if again is not None:
                group.append(again)
        group.append(block)
    if group and group != [heading]:
        yield group


def _pieces(section: Section, block: Block, count_tokens: CountTokens) -> Iterator[Block]:
    """A block longer than a passage is cut between its sentences."""
    if _fits(section, [block], count_tokens):
        yield block
        return
    start = block.start
    sentences = _sentences(section.text, block.start, block.end)
    clauses = (clause for sentence in sentences for clause in _clauses(section.text, *sentence))
    for sentence_start, sentence_end in clauses:
        so_far = Block(block.kind, start, sentence_end)
        if sentence_start > start and not _fits(section, [so_far], count_tokens):
            end = len(section.text[:sentence_start].rstrip())
            yield Block(block.kind, start, end, block.lead)
            start = sentence_start
    yield Block(block.kind, start, block.end, block.lead)


def _announcement(section: Section, lead: Block) -> Block:
    """The part of a lead-in that is repeated: all of a short one, the last clause of a long one."""
    if lead.end - lead.start <= MAX_LEAD:
        return lead
    said = lead
    for sentence in _sentences(section.text, lead.start, lead.end):
        for start, end in _clauses(section.text, *sentence):
            said = Block(lead.kind, start, end, lead.lead)
    return said


def _merged(spans: Sequence[tuple[int, int]], section: Section) -> list[tuple[int, int]]:
    """Join spans that only white space parts, so that a passage is the fewest spans of its section."""
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and merged[-1][1] <= start and section.text[merged[-1][1] : start] == "\n":
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    return merged


def _gaps(section: Section, spans: Sequence[tuple[int, int]]) -> Iterator[int]:
    offset = 0
    for number, (start, end) in enumerate(spans):
        if number:
            yield offset
        yield from (offset + gap - start for gap in section.gaps if start < gap < end)
        offset += end - start + 1


def _units(section: Section, spans: Sequence[tuple[int, int]], blocks: Sequence[Block], text: str) -> Iterator[Unit]:
    def place(position: int) -> int:
        offset = 0
        for start, end in spans:
            if start <= position <= end:
                return offset + position - start
            offset += end - start + 1
        raise ValueError(f"position {position} outside the passage's spans")

    present = {block.end: block for block in blocks}
    for number, block in enumerate(blocks):
        start, end = place(block.start), place(block.end)
        if block.kind in ("heading", "row"):
            yield Unit("heading" if block.kind == "heading" else "row", start, end, block=number)
            continue
        lead = section.blocks[block.lead] if block.lead is not None else None
        said = present.get(lead.end) if lead else None
        lead_span = (place(said.start), place(said.end)) if said else None
        kind: UnitKind = "item" if block.kind == "item" else "sentence"
        for sentence_start, sentence_end in _sentences(text, start, end):
            for piece_start, piece_end in _clauses(text, sentence_start, sentence_end):
                yield Unit(kind, piece_start, piece_end, lead_span, number)


def _sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Spans of the sentences of text[start:end], outer white space left out."""
    begin = start
    for match in _SENTENCE_END.finditer(text, start, end):
        if _ABBREVIATION.search(text, begin, match.start() + 1):
            continue
        yield from _trimmed(text, begin, match.end())
        begin = match.end()
    yield from _trimmed(text, begin, end)


def _clauses(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A sentence too long to be read aloud in one breath is cut at its strongest punctuation."""
    while end - start > MAX_UNIT:
        cuts = list(_CLAUSE_END.finditer(text, start + MAX_UNIT // 3, start + MAX_UNIT))
        strong = [match for match in cuts if match[0][0] in ";:"]
        cut = (strong or cuts)[-1].start() + 1 if cuts else text.rfind(" ", start, start + MAX_UNIT)
        if cut <= start:
            cut = start + MAX_UNIT
        yield from _trimmed(text, start, cut)
        start = cut
    yield from _trimmed(text, start, end)


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    piece = text[start:end]
    if any(map(str.isalnum, piece)):
        yield start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())
