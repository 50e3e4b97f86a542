"""A conversation to carry away, as Markdown or as a Word document; words of questions and documents stay text."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from urllib.parse import quote, urlsplit

from ui import messages
from ui.bodies import CitationBody, ConversationWithTurnsBody, KeptTurnBody, ReferenceBody, TableBody

Style = Literal["title", "heading", "subheading", "text", "item", "quote", "remark"]


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph; `url`, an address of the web, ends it."""

    style: Style
    text: str
    url: str | None = None


def conversation_lines(body: ConversationWithTurnsBody, exported: str, corpus: str) -> Iterator[Line]:
    """What is written, whatever it is written in. `exported` is today, `corpus` the date of the documents."""
    yield Line("title", messages.conversation_title(body["title"]))
    begun = messages.date(body["created_at"][:10])
    dates = messages.EXPORT_DATES.format(begun=begun, exported=messages.date(exported), corpus=messages.date(corpus))
    yield Line("remark", dates)
    yield Line("remark", messages.EXPORT_MACHINE)
    for turn in body["turns"]:
        yield from _turn_lines(turn)


def _turn_lines(turn: KeptTurnBody) -> Iterator[Line]:
    yield Line("heading", turn["question"])
    yield Line("remark", messages.EXPORT_ASKED.format(moment=messages.moment(turn["asked_at"])))
    for note in turn["notes"]:
        yield Line("remark", note["text"])
    if turn["table"]:
        yield from _table_lines(turn["table"])
    else:
        for line in filter(None, turn["answer"].split("\n")):
            yield Line("item", line[2:]) if line.startswith("- ") else Line("text", line)
    if turn["applies_to"]:
        yield Line("remark", turn["applies_to"]["text"])
    if turn["unanswered"]:
        yield Line("remark", messages.unanswered(turn["unanswered"]))
    if turn["handoff"]:
        yield Line("remark", turn["handoff"]["message"])
    if turn["citations"]:
        yield Line("subheading", messages.CHAT_SOURCES)
        for citation in turn["citations"]:
            yield from _citation_lines(citation)
    if turn["nearest"]:
        yield Line("subheading", messages.CHAT_NEAREST)
        for hit in turn["nearest"]:
            passage = hit["passage"]
            place = passage["locator"]["label"]
            facts = messages.source_line(passage["publisher"], passage["published"], passage["kind"], place)
            yield Line("item", f"{passage['title']} ({facts})", passage["url"])


def _table_lines(table: TableBody) -> Iterator[Line]:
    width = len(table["columns"])
    for number, criterion in enumerate(table["criteria"]):
        yield Line("subheading", criterion)
        for column, cell in zip(table["columns"], table["cells"][number * width :], strict=False):
            markers = "".join(f" [{n}]" for n in cell["citations"])
            yield Line("item", f"{column} : {cell['text'] or messages.EMPTY_CELL}{markers}")


def _citation_lines(citation: CitationBody) -> Iterator[Line]:
    place = citation["locator"]["label"]
    facts = messages.source_line(citation["publisher"], citation["published"], citation["kind"], place)
    yield Line("item", f"[{citation['n']}] {citation['title']} ({facts})", citation["url"])
    if citation["warning"]:
        yield Line("remark", citation["warning"])
    if not citation["quotes"]:
        # The document was retired since: what stands for its words says so.
        yield Line("remark", citation["quote"])
    for words in citation["quotes"]:
        yield Line("quote", words)
    for reference in citation["references"]:
        yield Line("item", _reference(reference), reference["url"])


def _reference(reference: ReferenceBody) -> str:
    said = [reference["publisher"], messages.date(reference["date"]) if reference["date"] else None]
    facts = ", ".join(part for part in said if part)
    return f"{reference['title']} ({facts})" if facts else reference["title"]


# As Markdown

_MARKS: dict[Style, str] = {
    "title": "# ",
    "heading": "## ",
    "subheading": "### ",
    "text": "",
    "item": "- ",
    "quote": "> ",
    "remark": "",
}
_ANYWHERE = re.compile(r"[\\`*_\[\]<>&|~@$]")
# What begins a line: headings, lists, numbers, rules. What makes an address a link: "://" and "www.".
_AT_START = re.compile(r"^([#+=\-:])|^(\d+)([.)])")
_BREAKING = re.compile(r"[^\S\u00a0\u202f]+")
_ADDRESS = re.compile(r":(?=//)|(?<=www)\.", re.IGNORECASE)


def to_markdown(lines: Iterator[Line]) -> str:
    paragraphs: list[str] = []
    for line in lines:
        words = markdown(line.text)
        words = f"*{words}*" if line.style == "remark" and words else words
        address = _web(line.url)
        paragraphs.append(_MARKS[line.style] + words + (f" <{address}>" if address else ""))
    return "\n\n".join(paragraphs) + "\n"


def markdown(text: str) -> str:
    """The text on one line, meaning nothing to Markdown nor to HTML."""
    line = printable(text)
    line = _ADDRESS.sub(lambda found: "\\" + found[0], _ANYWHERE.sub(lambda found: "\\" + found[0], line))
    return _AT_START.sub(lambda found: f"\\{found[1]}" if found[1] else f"{found[2]}\\{found[3]}", line)


def printable(text: str) -> str:
    """The text on one line, without control characters nor those that turn the direction of what follows."""
    kept = "".join(c for c in text if c.isprintable() or c.isspace())
    return _BREAKING.sub(" ", kept).strip()


def _web(url: str | None) -> str | None:
    """An address of the web as it may be written between angle brackets, None for any other."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return None
    return quote(printable(url or ""), safe=":/?#[]@!$&'()*+,;=%~-._")


# As a Word document

_STYLES: dict[Style, str] = {
    "title": "Title",
    "heading": "Heading 1",
    "subheading": "Heading 2",
    "text": "Normal",
    "item": "List Bullet",
    "quote": "Quote",
    "remark": "Normal",
}


def to_docx(lines: Iterator[Line], written: datetime) -> bytes:
    # Imported here: nobody else needs to write Word.
    import docx
    from docx.oxml.ns import qn

    document = docx.Document()
    language: Any = document.styles.element.find(f".//{qn('w:lang')}")
    if language is not None:
        language.set(qn("w:val"), "fr-FR")
    facts = document.core_properties
    facts.author = facts.last_modified_by = messages.CHAT_TITLE
    facts.comments, facts.language, facts.created, facts.modified = "", "fr-FR", written, written
    for line in lines:
        text = printable(line.text)
        if line.style == "title":
            # Word keeps 255 characters of it.
            facts.title = text[:255]
        paragraph = document.add_paragraph(style=_STYLES[line.style])
        paragraph.add_run(text).italic = line.style == "remark" or None
        address = _web(line.url)
        if address:
            paragraph.add_run(f" {address}")
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()
