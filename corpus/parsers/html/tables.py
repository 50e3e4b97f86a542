"""The tables of a page: which hold data, and their rows."""

from collections.abc import Iterator

from lxml.html import HtmlElement

from corpus.parsers.html.words import HEADINGS, flat_text

_MAX_REPEATED = 80
_MAX_SPAN = 100


def holds_data(table: HtmlElement) -> bool:
    """Tables that only lay out a page (one column, nested tables, headings in their cells) are read as plain blocks."""
    if (
        table.get("role") in ("presentation", "none")
        or next(table.iterdescendants("table", *HEADINGS), None) is not None
    ):
        return False
    return any(len(row.findall("td")) + len(row.findall("th")) > 1 for row in table.iter("tr"))


def rows_of(table: HtmlElement) -> Iterator[tuple[HtmlElement, list[str]]]:
    """Each row and its cells; a cell that spans rows is said again in each, when short, so that a row reads alone."""
    rows = list(table.iter("tr"))
    heads = [row for row in rows if row.getparent().tag == "thead"]
    open_spans: dict[int, tuple[int, str]] = {}
    for row in [*heads, *(row for row in rows if row.getparent().tag != "thead")]:
        cells: list[str] = []
        for cell in row.iterchildren("td", "th"):
            _fill(cells, open_spans)
            text = flat_text(cell)
            if (rows_spanned := _span(cell.get("rowspan"))) > 1:
                open_spans[len(cells)] = (rows_spanned - 1, text if len(text) <= _MAX_REPEATED else "")
            cells.append(text)
        _fill(cells, open_spans)
        yield row, cells


def _fill(cells: list[str], open_spans: dict[int, tuple[int, str]]) -> None:
    while len(cells) in open_spans:
        left, text = open_spans.pop(len(cells))
        if left > 1:
            open_spans[len(cells)] = (left - 1, text)
        cells.append(text)


def _span(value: str | None) -> int:
    return min(int(value), _MAX_SPAN) if value and value.isdecimal() and len(value) < 6 else 1
