"""From a document's sections to passages, and from passages to units.

By structure first: a section that fits is one passage. A longer one is cut between blocks; a list that is cut repeats
its lead-in, a table its header, and every passage but the first repeats the section's heading.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence

from corpus import Block, Document, Section
from indexing.passage import Passage, Unit, UnitKind

MAX_CHARACTERS = 1000
MAX_UNIT = 700
MAX_LEAD = 300
_ABBREVIATION = re.compile(
    r"(?:\b(?:M|MM|Mme|Mlle|Dr|Me|St|Ste|art|cf|ex|etc|env|hab|p|pp|n|no|vol|éd|dir|coll|fig|tél|al|réf|min|max|av|bd)|\b[A-ZÉÈ])\.$",
    re.I,
)
_SENTENCE_END = re.compile(r"[.!?…]+(?:\s?[»”\")\]])*(?=\s+[\"«“(]?\s*[A-ZÀ-ÖØ-Þ0-9ôœ])")
_CLAUSE_END = re.compile(r"[;:]\s+|,\s+")


def split_document(document: Document) -> list[Passage]:
    """Cut a document into passages in reading order; two passages of one document never have the same id."""
    passages: list[Passage] = []
    seen: dict[str, int] = {}
    for number, section in enumerate(document.sections):
        done = 0
        for blocks in _groups(section):
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


def _groups(section: Section) -> Iterator[list[Block]]:
    """Runs of blocks that make a passage each, with the heading and lead-ins they need."""
    blocks = [piece for block in section.blocks for piece in _pieces(section, block)]
    heading = blocks[0] if blocks and blocks[0].kind == "heading" else None
    if len(section.text) <= MAX_CHARACTERS:
        yield blocks
        return
    group: list[Block] = []
    for block in blocks:
        size = sum(b.end - b.start for b in group)
        if group and group != [heading] and size + block.end - block.start > MAX_CHARACTERS:
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


def _pieces(section: Section, block: Block) -> Iterator[Block]:
    """A block longer than a passage is cut between its sentences."""
    if block.end - block.start <= MAX_CHARACTERS:
        yield block
        return
    start = block.start
    sentences = _sentences(section.text, block.start, block.end)
    clauses = (clause for sentence in sentences for clause in _clauses(section.text, *sentence))
    for sentence_start, sentence_end in clauses:
        if sentence_end - start > MAX_CHARACTERS and sentence_start > start:
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
