"""The HTML of the chat. Every word of a question or a document goes through `safe`; nothing else writes them."""

import re
import unicodedata
from collections.abc import Sequence
from urllib.parse import quote, urlsplit

from ui import messages
from ui.bodies import AlsoInBody, CellBody, CitationBody, HitBody, ReferenceBody, TurnBody

# Gradio reads our HTML as Markdown first. What could mean something to Markdown, to HTML, to LaTeX or to a maker of
# links (the dots and slashes of an address) becomes a character reference, which is only ever read as text.
_NARROW = re.compile(r" (?=[:;!?»%€])|(?<=«) |(?<=\d) (?=\d{3}(?!\d))")
ORIGINALS = "/v1/documents/"
_PLAIN = frozenset(" ,;?!’«»…–—°€%\u00a0\u202f")


def safe(text: str) -> str:
    """The text, shown as it is whatever it holds. Line breaks become <br>.

    Spaces that French puts before a colon, inside quotation marks or numbers no longer break the line.
    """
    kept = _NARROW.sub("\u00a0", text)
    return "".join("<br>" if c == "\n" else _character(c) for c in kept)


def _character(c: str) -> str:
    if c.isalnum() or c in _PLAIN:
        return c
    return f"&#{ord(c)};" if c.isprintable() or unicodedata.category(c) == "Zs" else " "


def source_id(message: int, n: int) -> str:
    """Numbered by message too: an older answer's [1] must not open the newer one's."""
    return f"m{message}-s{n}"


def marker(message: int, n: int) -> str:
    title = messages.CHAT_SEE_SOURCE.format(n=n)
    return f'<a class="cit" href="#{source_id(message, n)}" title="{title}">[{n}]</a>'


def question(text: str) -> str:
    return f"<p>{safe(text)}</p>"


def problem(detail: str) -> str:
    return f'<p class="problem">{safe(detail)}</p>'


def status(text: str) -> str:
    return f'<p class="status">{safe(text)}</p>'


class AnswerText:
    """An answer as it comes, sentence by sentence: running sentences in a paragraph, items in a list."""

    def __init__(self, message: int) -> None:
        self._message = message
        self._blocks: list[tuple[str, list[str]]] = []

    def add(self, text: str, numbers: Sequence[int], *, item: bool) -> None:
        kind = "ul" if item else "p"
        # What introduces a list stands apart from the sentences before it.
        if not self._blocks or self._blocks[-1][0] != kind or text.endswith(":"):
            self._blocks.append((kind, []))
        links = "".join(f" {marker(self._message, n)}" for n in numbers)
        self._blocks[-1][1].append(safe(text) + f'<span class="cits">{links}</span>')

    def html(self) -> str:
        return "".join(
            "<ul>" + "".join(f"<li>{sentence}</li>" for sentence in sentences) + "</ul>"
            if kind == "ul"
            else "<p>" + " ".join(sentences) + "</p>"
            for kind, sentences in self._blocks
        )


def table(message: int, body: TurnBody) -> str:
    """The comparison of an answer, each cell with its markers; empty without one.

    A cell also bears its column's name, for narrow screens. Not as an attribute: Gradio drops those it does not know.
    """
    found = body["table"]
    if found is None:
        return ""
    width = len(found["columns"])
    rows = ""
    for number, criterion in enumerate(found["criteria"]):
        cells = found["cells"][number * width : (number + 1) * width]
        rows += f'<tr><th scope="row">{safe(criterion)}</th>' + "".join(
            f'<td><span class="of">{safe(column)}</span>{_cell(message, cell)}</td>'
            for column, cell in zip(found["columns"], cells, strict=True)
        )
        rows += "</tr>"
    heads = "".join(f'<th scope="col">{safe(column)}</th>' for column in found["columns"])
    corner = safe(messages.TABLE_CORNER)
    head = f'<thead><tr><th scope="col">{corner}</th>{heads}</tr></thead>'
    return f'<table class="compared">{head}<tbody>{rows}</tbody></table>'


def _cell(message: int, cell: CellBody) -> str:
    if not cell["text"]:
        return f'<span class="facts">{safe(messages.EMPTY_CELL)}</span>'
    links = "".join(f" {marker(message, n)}" for n in cell["citations"])
    return safe(cell["text"]) + f'<span class="cits">{links}</span>'


def beside_answer(message: int, body: TurnBody) -> tuple[str, str]:
    """What is said before and after the sentences: notes; what is missing, the nearest passages, who can help."""
    before = "".join(f'<p class="note">{safe(note["text"])}</p>' for note in body["notes"])
    after = ""
    if body["outcome"] == "abstained":
        after += f"<p>{safe(body['answer'])}</p>"
    if body["applies_to"]:
        after += f'<p class="note">{safe(body["applies_to"]["text"])}</p>'
    if body["unanswered"]:
        after += f'<p class="gap">{safe(messages.unanswered(body["unanswered"]))}</p>'
    if body["nearest"]:
        links = (
            f'<li><a class="cit" href="#{source_id(message, n)}">{safe(nearest_title(hit))}</a></li>'
            for n, hit in enumerate(body["nearest"], 1)
        )
        after += f"<ol>{''.join(links)}</ol>"
    if body["outcome"] == "abstained":
        after += f'<p class="note">{safe(messages.CHAT_HINT)}</p>'
    if body["handoff"] and (body["outcome"] != "abstained" or body["handoff"]["contact"]):
        after += f'<p class="handoff">{safe(body["handoff"]["message"])}</p>'
    if body["outcome"] != "answered" and was_kept(body):
        after += f'<p class="note">{safe(messages.CHAT_GAP_NOTED)}</p>'
    return before, after


def was_kept(body: TurnBody) -> bool:
    return all(note["code"] != "not_kept" for note in body["notes"])


def nearest_title(hit: HitBody) -> str:
    passage = hit["passage"]
    return " › ".join(dict.fromkeys([passage["title"], *passage["heading"][-1:]]))


def sources(message: int, body: TurnBody) -> str:
    """The panel's part for one answer: its citations, or the nearest passages when there is none."""
    if body["citations"]:
        return "".join(citation_source(message, citation) for citation in body["citations"])
    return "".join(nearest_source(message, n, hit) for n, hit in enumerate(body["nearest"], 1))


def found(message: int, hits: Sequence[HitBody]) -> str:
    """The panel's part while the answer is being made: the passages it will be made from."""
    return "".join(_nearest(f"m{message}-p{n}", hit) for n, hit in enumerate(hits, 1))


def citation_source(message: int, citation: CitationBody) -> str:
    return _source(
        source_id(message, citation["n"]),
        f'<span class="n">{citation["n"]}</span> {safe(citation["title"])}',
        messages.source_line(
            citation["publisher"], citation["published"], citation["kind"], citation["locator"]["label"]
        ),
        marked(citation["excerpt"], citation["quotes"]),
        citation["link"],
        citation["source"],
        citation["references"],
        citation["warning"],
        citation["also_in"],
    )


def nearest_source(message: int, n: int, hit: HitBody) -> str:
    return _nearest(source_id(message, n), hit)


def _nearest(identifier: str, hit: HitBody) -> str:
    passage = hit["passage"]
    return _source(
        identifier,
        safe(passage["title"]),
        messages.source_line(passage["publisher"], passage["published"], passage["kind"], passage["locator"]["label"]),
        safe(passage["excerpt"]),
        passage["link"],
        passage["source"],
        [],
    )


def _source(
    identifier: str,
    title: str,
    facts: str,
    excerpt: str,
    url: str | None,
    source: str,
    references: Sequence[ReferenceBody],
    warning: str | None = None,
    also_in: Sequence[AlsoInBody] = (),
) -> str:
    care = f'<p class="note">{safe(warning)}</p>' if warning else ""
    behind = ""
    if references:
        items = "".join(f"<li>{reference_line(reference)}</li>" for reference in references)
        title_of_list = messages.CHAT_REFERENCES.format(count=len(references))
        behind = f'<details class="references"><summary>{title_of_list}</summary><ul>{items}</ul></details>'
    others = ", ".join(dict.fromkeys(one["title"] for one in also_in))
    twins = f'<p class="facts">{safe(messages.CHAT_ALSO_IN.format(titles=others))}</p>' if others else ""
    place = link(url, messages.CHAT_OPEN) or safe(messages.CHAT_FILE.format(source=source))
    return (
        f'<details id="{identifier}" class="source"><summary>{title}</summary>'
        f'<p class="facts">{safe(facts)}</p>{care}<blockquote><p>{excerpt}</p></blockquote>'
        f'{twins}<p class="place">{place}</p>{behind}</details>'
    )


def reference_line(reference: ReferenceBody) -> str:
    title = link(reference["url"], reference["title"]) or safe(reference["title"])
    said = [reference["publisher"], messages.date(reference["date"]) if reference["date"] else None]
    facts = ", ".join(part for part in said if part)
    return f"{title} ({safe(facts)})" if facts else title


def link(url: str | None, text: str) -> str:
    """A link to a page of the web or to an original of ours, or nothing: other schemes could run a script."""
    if not url:
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    on_web = parts.scheme in ("http", "https") and bool(parts.netloc)
    ours = not parts.scheme and not parts.netloc and url.startswith(ORIGINALS)
    if not (on_web or ours) or not url.isprintable() or " " in url:
        return ""
    address = "".join(c if c.isalnum() else f"&#{ord(c)};" for c in url)
    return f'<a href="{address}" rel="noopener noreferrer">{safe(text)}</a>'


def marked(excerpt: str, quotes: Sequence[str]) -> str:
    """The excerpt with its quotes highlighted; quotes that touch or overlap share one mark."""
    spans: list[tuple[int, int]] = []
    found = ((excerpt.find(quote), len(quote)) for quote in quotes)
    for start, end in sorted((at, at + size) for at, size in found if at >= 0):
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    html, position = "", 0
    for start, end in spans:
        html += f"{safe(excerpt[position:start])}<mark>{safe(excerpt[start:end])}</mark>"
        position = end
    return html + safe(excerpt[position:])


def tools(session_id: str, kept_until: str) -> str:
    """What can be done with a conversation that is kept: carry it away; until when it is there."""
    address = f"/v1/conversations/{quote(session_id, safe='')}/export?format="
    links = " · ".join(f'<a href="{address}{format}">{name}</a>' for format, name in messages.CHAT_FORMATS.items())
    until = messages.CHAT_KEPT_UNTIL.format(date=messages.date(kept_until))
    return f"<p>{safe(messages.CHAT_CARRY)} {links}. {safe(until)}</p>"


def asker(described: str) -> str:
    """Who asks, above the question, with the way to the form; empty when nobody said."""
    if not described:
        return ""
    change = f'<a class="edit" href="#profile">{messages.CHAT_ASKER_CHANGE}</a>'
    return f"<p>{safe(f'{messages.CHAT_ASKER} : {described}')} · {change}</p>"


def footer(rooms: Sequence[str]) -> str:
    links = "".join(f'<a href="{room}">{messages.CHAT_LINKS[room]}</a> ' for room in rooms)
    return f"<p>{safe(messages.CHAT_FOOTER)}</p><p>{links}</p>"
