"""Web pages: the main text with its headings, lists and tables, and the anchors that lead back to them.

trafilatura tells the main text from the rest; the structure is read from the page's own tree, because the extractor
flattens what its fall-backs return and forgets the ids of headings. Each block carries a mark through the extractor,
and the marks that come out say which blocks to keep.
"""

import codecs
import logging
import re

from lxml import etree, html
from lxml.html import HtmlElement

from corpus.cleaning import GAP, line_key
from corpus.document import Locator
from corpus.parsed import Parsed, Unreadable
from corpus.parsers.html.blocks import Block, read_blocks
from corpus.parsers.html.head import read_head
from corpus.parsers.html.noise import clean_tree, without_related
from corpus.parsers.html.words import GONE, HEADINGS
from corpus.sections import Line, sections_of

_DECLARED = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]{2,30})|<\?xml[^>]{0,80}encoding=[\"']([\w-]{2,30})", re.I
)
_KNOWN = re.compile(
    r"utf-?8|iso-?8859-\d{1,2}|windows-125\d|cp125\d|us-ascii|ascii|latin-?\d{1,2}|macintosh|mac-?roman", re.I
)
# Marks stand in the private planes 15 and 16, which clean_tree has emptied.
_FIRST_MARK, _MOST_MARKS = 0xF0000, 0x20000 - 0x100
_INLINE_TAGS = re.compile(r"</?(?:span|font|b|i|u|em|strong|small|big|center|a|tt)\b[^<>]{0,2000}>", re.I)
# A tag as long as this is looked at: libxml2 compares each attribute with all before it.
_LONG_TAG, _MOST_ATTRIBUTES = 20_000, 1_000
_TAG = re.compile(r"""<[a-zA-Z](?:[^<>"']++|"[^"]*+"|'[^']*+')*+""")
_VALUE = re.compile(r"""=\s*+(?:"[^"]*+"|'[^']*+')""")
# Above this, the extractor's time grows faster than the page: its vote is not asked.
_MOST_BLOCKS = 5_000


def parse_html(raw: bytes, url: str | None = None) -> Parsed:
    """Read a page. `url`, where it came from, tells whether its canonical link can be believed.

    Raises Unreadable when the bytes are no text, or nest so deep that the parser would leave the rest out.
    """
    tree = _tree(_decoded(raw))
    if tree is None:
        return Parsed(())
    stated = read_head(tree, url)
    clean_tree(tree)
    root = tree.find("body") if tree.find("body") is not None else tree
    blocks = without_related(_main_blocks(tree, read_blocks(root)))
    return Parsed(sections_of(_lines(_once(blocks), stated)), stated=stated)


def _decoded(raw: bytes) -> str:
    """Decode as a browser would: byte order mark, then what the page declares, then UTF-8, then Windows-1252."""
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if raw.startswith(mark):
            return _checked(raw.decode(name, errors="replace"))
    found = _DECLARED.search(raw[:4096])
    declared = (found[1] or found[2]).decode("ascii").lower() if found else "utf-8"
    # Pages that say Latin-1 mean Windows-1252: their « œ », « € » and apostrophes stand where Latin-1 has controls.
    if re.fullmatch(r"iso-?8859-1|latin-?1|(?:us-)?ascii", declared):
        declared = "cp1252"
    names = ["utf-8"] if not _KNOWN.fullmatch(declared) or "utf" in declared else [declared, "utf-8"]
    for name in names:
        try:
            return _checked(raw.decode(name))
        except (UnicodeDecodeError, LookupError):
            continue
    # A few bad bytes in UTF-8 spoil a few letters; in a page of Windows-1252 nearly every accent is one.
    text = raw.decode("utf-8", errors="replace")
    bad = text.count("\ufffd")
    accents = sum(character > "\x7f" for character in text) - bad
    return _checked(text if accents > bad else raw.decode("cp1252", errors="replace"))


def _checked(text: str) -> str:
    controls = sum(character < " " and character not in "\t\n\r\f" for character in text)
    if controls > len(text) * 0.01:
        raise Unreadable("wrong_format")
    # libxml2 stops at a NUL, and refuses a declared encoding in a text already decoded.
    return re.sub(r"^\s*<\?xml[^>]*\?>", "", text.replace("\0", ""))


def _tree(text: str) -> HtmlElement | None:
    """The tree of a page, None for an empty one."""
    long_tags = (match[0] for match in _TAG.finditer(text) if len(match[0]) > _LONG_TAG)
    if any(len(_VALUE.sub(" ", tag).split()) > _MOST_ATTRIBUTES for tag in long_tags):
        raise Unreadable("unsafe", "HTML")
    for source in (text, None):
        # Hundreds of unclosed <font> nest as deep as an attack does: they go before the page is refused.
        source = _INLINE_TAGS.sub("", text) if source is None else source
        parser = html.HTMLParser(remove_comments=True, remove_pis=True, no_network=True, huge_tree=False)
        try:
            tree = html.document_fromstring(source, parser=parser, ensure_head_body=True)
        except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError):
            if not any(map(str.isalnum, source)):
                return None
            continue
        if not any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
            return tree
    raise Unreadable("unsafe", "HTML")


def _main_blocks(tree: HtmlElement, blocks: list[Block]) -> list[Block]:
    """The blocks of the main text; if the extractor finds none, those of the page's own <main> or <article>, or all."""
    kept = _voted(tree, blocks) if len(blocks) <= _MOST_BLOCKS else set()
    if not kept:
        return _of_own_main(tree, blocks)
    return [block for index, block in enumerate(blocks) if index in _mended(blocks, kept)]


def _voted(tree: HtmlElement, blocks: list[Block]) -> set[int]:
    """The indices of the blocks whose text trafilatura takes for the main text of the page."""
    places = _marked(blocks)
    for cell in tree.iter("td", "th"):
        # The extractor fills the cells a cell spans one by one: a few large numbers keep it busy for hours.
        cell.attrib.pop("rowspan", None)
        cell.attrib.pop("colspan", None)
    import trafilatura

    # It warns on stderr of every page it finds nothing in, which is no fault here.
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    try:
        found = trafilatura.bare_extraction(tree, include_comments=False, include_tables=True, include_formatting=False)
    except Exception:
        # The one place where the extractor meets a page: whatever it stumbles on, the page's own structure remains.
        return set()
    body = getattr(found, "body", None)
    said = "".join(body.itertext()) if body is not None else ""
    marks = {ord(character) - _FIRST_MARK for character in said if ord(character) >= _FIRST_MARK}
    return {index for index, mark in places.items() if mark in marks}


def _marked(blocks: list[Block]) -> dict[int, int]:
    """Put a mark before the text of each block; the blocks of one text share theirs. Returns index -> mark."""
    marks: dict[int, int] = {}
    seen: dict[tuple[HtmlElement, bool], int] = {}
    for index, block in enumerate(blocks):
        place = (block.text_at, block.in_tail)
        if place not in seen:
            # XML forbids the last two characters of a plane.
            seen[place] = len(seen) + (2 if len(seen) >= 0xFFFE else 0)
            mark = chr(_FIRST_MARK + seen[place])
            if block.in_tail:
                block.text_at.tail = mark + block.text_at.tail
            else:
                block.text_at.text = mark + block.text_at.text
        marks[index] = seen[place]
    return marks


def _mended(blocks: list[Block], kept: set[int]) -> set[int]:
    """What the extractor kept, and what stands between: it drops short lines, headings and links in the middle."""
    first, last = min(kept), max(kept)
    container = blocks[last].element.getparent()
    while (
        last + 1 < len(blocks) and blocks[last + 1].element.getparent() is container and blocks[last + 1].linked < 0.5
    ):
        last += 1
    # Headings above the first block kept are its title, unless a block the extractor refused stands between.
    while first and blocks[first - 1].line.kind == "heading":
        first -= 1
    mended = set(range(first, last + 1))
    title = [index for index in range(first) if blocks[index].element.tag == "h1"]
    return mended | set(title if len(title) == 1 else [])


def _of_own_main(tree: HtmlElement, blocks: list[Block]) -> list[Block]:
    for path in (".//main", ".//*[@role='main']", ".//article"):
        inside = {node for root in tree.findall(path) for node in root.iter()}
        found = [block for block in blocks if block.text_at in inside]
        if found:
            return found
    return blocks


def _once(blocks: list[Block]) -> list[Block]:
    """Drop a block that says again what the one before it said: the mobile and desktop versions of one title."""
    kept: list[Block] = []
    for block in blocks:
        before = kept[-1].line if kept else None
        # Rows and items of a list may well be the same twice.
        if before and block.line.kind in ("heading", "paragraph") and before.text == block.line.text:
            continue
        kept.append(block)
    return kept


def _lines(blocks: list[Block], stated: dict[str, str]) -> list[Line]:
    """The lines of the blocks, each heading with the anchor it can be reached by."""
    site = line_key(stated.get("publisher", ""))
    lines: list[Line] = []
    for block in blocks:
        line = block.line
        if block.element.tag == "h1" and site and line_key(line.text) == site:
            continue
        if line.kind == "heading" and (anchor := _anchor(block.element)):
            line.at = Locator("section", anchor, line.text.replace(GAP, ""))
        lines.append(line)
    return lines


def _anchor(heading: HtmlElement) -> str | None:
    """The id that opens the page at a heading: its own, one inside it, one just before it, or that of what it opens."""
    inside = (_name(node) for node in heading.iter())
    if found := next(filter(None, inside), None):
        return found
    node = heading
    for _ in range(3):
        before = node.getprevious()
        while before is not None and before.tag == GONE and not (before.tail or "").strip():
            before = before.getprevious()
        if before is not None:
            empty = not any(map(str.isalnum, before.text_content())) and not (before.tail or "").strip()
            return next(filter(None, map(_name, before.iter())), None) if empty else None
        parent = node.getparent()
        if parent is None or parent.tag in ("body", "html") or (parent.text or "").strip(f" \n\t{GAP}"):
            return None
        if parent.tag not in HEADINGS and (found := _name(parent)):
            return found
        node = parent
    return None


def _name(node: HtmlElement) -> str | None:
    name = node.get("id") or (node.get("name") if node.tag == "a" else None)
    return name if name and not re.search(r"\s", name) else None
