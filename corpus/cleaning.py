"""Character and line rules shared by the parsers: what is dropped, what is kept, and where words went missing.

Parsers put GAP where a rule drops letters or digits; `take_gaps` turns the marks into offsets. French typography
(accents, guillemets, no-break spaces) is kept.
"""

import html
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

# A private-use character no document holds: it marks the place of dropped words until the section is built.
GAP = "\ue000"

_LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"})
_INVISIBLE = dict.fromkeys(
    [*range(0x00, 0x09), *range(0x0B, 0x20), *range(0x7F, 0xA0), 0xAD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, ord(GAP)]
)
_IMAGE = re.compile(r"!\[[^\]]*\]\([^)]*\)|!\[[^\]]*\]\[[^\]]*\]|<img\b[^>]*>", re.I)
_COMMENT = re.compile(r"<!--.*?-->", re.S)
_LINK = re.compile(r"(?<!!)\[([^\]]*)\]\(([^)\s]*)(?:\s+\"[^\"]*\")?\)")
_BARE_LINK = re.compile(r"<((?:https?://|mailto:)[^>\s]+)>")
_CELL = re.compile(r"</b>[ \t]*<i>|</i>[ \t]*<i>")
_INLINE_TAG = re.compile(r"</?(?:sup|sub|b|i|em|strong|u|span|mark|small|s|del|ins|a|font)\b[^>]{0,200}>", re.I)
_BREAK_TAG = re.compile(r"<(?:br|hr)\s*/?>", re.I)
_OTHER_TAG = re.compile(r"</?[a-zA-Z][a-zA-Z0-9]*(?:\s[^<>]{0,300})?/?>")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,30});", re.I)
_STRONG = re.compile(r"\*\*|__|`")
_EMPHASIS = re.compile(r"(?<![\w*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![\w*])")
_UNDERLINED = re.compile(r"(?<![\w_])_(?=\S)([^_\n]+?)(?<=\S)_(?![\w_])")
_LONE_STAR = re.compile(r"(?<![\w*])\*(?=\w)|(?<=[\w.,;:!?%])\*(?![\w*])")
_ORNAMENT = re.compile(r"^\s*[(<|~=]{2,}\s*")
_SPACES = re.compile(r"[ \t]+")


def clean_characters(text: str) -> str:
    """Compose accents, unify line ends, open ligatures, drop invisible and controls; no visible word changes."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\x0c", "\n")
    return unicodedata.normalize("NFC", text).translate(_LIGATURES).translate(_INVISIBLE)


def clean_markup(text: str) -> str:
    """Drop Markdown and HTML marks within a text, images and link targets included; GAP stands for dropped words."""
    text = _COMMENT.sub(GAP, text)
    text = _IMAGE.sub(GAP, text)
    text = _LINK.sub(_link_label, text)
    text = _BARE_LINK.sub(r"\1", text)
    text = _CELL.sub(lambda match: " : " if match[0].startswith("</b") else " ; ", text)
    text = _BREAK_TAG.sub(" ", text)
    text = _INLINE_TAG.sub("", text)
    text = _OTHER_TAG.sub(" ", text)
    text = _ENTITY.sub(lambda match: _decoded(match[0]), text)
    text = _ORNAMENT.sub("", _STRONG.sub("", text))
    # Emphasis that opens on one line and closes on another leaves a lone star on each.
    text = _LONE_STAR.sub("", _UNDERLINED.sub(r"\1", _EMPHASIS.sub(r"\1", text)))
    return _SPACES.sub(" ", text).strip()


def _link_label(match: re.Match[str]) -> str:
    label, target = match[1], match[2]
    return label + GAP if any(map(str.isalnum, target)) else label


def _decoded(entity: str) -> str:
    decoded = html.unescape(entity).translate(_INVISIBLE)
    return decoded if decoded == entity else decoded + GAP


def take_gaps(text: str) -> tuple[str, tuple[int, ...]]:
    """Return the text without GAP marks and the offsets where they stood, ends excluded."""
    pieces = text.split(GAP)
    offsets, length = [], 0
    for piece in pieces[:-1]:
        length += len(piece)
        offsets.append(length)
    whole = "".join(pieces)
    return whole, tuple(sorted({offset for offset in offsets if 0 < offset < len(whole)}))


def line_key(line: str) -> str:
    """A line reduced to lower-case letters and digits without accents: two lines with one key read the same."""
    folded = unicodedata.normalize("NFKD", clean_markup(line).lower())
    return re.sub(r"[^0-9a-z]+", " ", "".join(c for c in folded if not unicodedata.combining(c))).strip()


_MARKED = re.compile(r"\s*(?:#{1,6}\s|[-*+•▶►⇒→]\s|\d{1,2}[.)]\s|\|)")
_PAGE_NUMBER = re.compile(
    r"(?:page|p\.|slide|diapo(?:sitive)?)\s*\d{1,4}(?:\s*(?:/|sur)\s*\d{1,4})?|\d{1,4}\s*/\s*\d{1,4}", re.I
)


def furniture(lines: Sequence[str], repeats: int = 3, longest: int = 80) -> set[int]:
    """Indices of the lines that are page furniture: running headers and footers, page numbers.

    A running line is short, bears no list or heading mark, and stands at least `repeats` times in the document. Its
    first occurrence stays (it may hold the event and its date), unless it is a single word.
    """
    keys = [line_key(line) if 0 < len(line.strip()) <= longest and not _MARKED.match(line) else "" for line in lines]
    counts = Counter(key for key in keys if key)
    seen: set[str] = set()
    dropped = set()
    for index, key in enumerate(keys):
        if not key:
            continue
        if _PAGE_NUMBER.fullmatch(lines[index].strip()):
            dropped.add(index)
        elif counts[key] >= repeats:
            if key in seen or " " not in key:
                dropped.add(index)
            seen.add(key)
    return dropped
