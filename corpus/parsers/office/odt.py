"""OpenDocument texts: headings, lists and tables in reading order; what tracked changes deleted is not read."""

from collections.abc import Iterator

from corpus.parsed import Parsed, Unreadable
from corpus.parsers.office.odf import OFFICE, Walk, read_odf, read_part, styles_of
from corpus.sections import Line


def parse_odt(raw: bytes) -> Parsed:
    """Raises Unreadable, as `check_archive` does, or "damaged" when the markup makes no text."""
    return read_odf(raw, "odt", _lines)


def _lines(raw: bytes) -> Iterator[Line]:
    content = read_part(raw, "content.xml")
    body = content.find(f"{OFFICE}body/{OFFICE}text")
    if body is None:
        raise Unreadable("damaged", "office:text")
    walk = Walk(styles_of(content, "Title"))
    for line in walk.blocks(body):
        if line.kind == "heading":
            yield from _notes_due(walk)
        yield line
    yield from _notes_due(walk)


def _notes_due(walk: Walk) -> Iterator[Line]:
    """The notes of a section stand at its end."""
    due = list(walk.notes)
    walk.notes.clear()
    for note in due:
        for line in walk.blocks(note):
            line.gap_before = True
            yield line
