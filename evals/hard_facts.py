"""Hard facts of an answer that none of its sources holds: figures, dates, articles, names, contacts.

It judges the assistant's own gate, so it shares no code with it: plain functions over strings, the standard library,
and our own words for numbers. It leans towards silence: words copied from a source never raise an alarm.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from evals.french_numbers import ABOUT, CARDINAL, ORDINAL, value_of

Value = tuple[str, object]


@dataclass(frozen=True, slots=True)
class Fact:
    """A hard fact as it is written, what it says whatever its spelling, and the lesser facts it proves as well.

    `asked` is false for « un » and « premier »: they prove « 1 », and need no proof themselves.
    """

    words: str
    value: Value
    also: tuple[Value, ...] = ()
    asked: bool = True


def absent(sentence: str, sources: Sequence[str]) -> tuple[str, ...]:
    """The hard facts of the sentence, as written there, that no source holds."""
    read = [_read(source) for source in sources]
    held = frozenset[Value]().union(*(values for values, _ in read))
    names = "".join(name for _, name in read)
    facts, rest = _facts(_plain(sentence))
    figures = [fact.words for fact in facts if fact.asked and fact.value not in held]
    return tuple(dict.fromkeys([*figures, *(name for name in _names(rest) if f" {_folded(name)} " not in names)]))


@lru_cache(maxsize=4096)
def _read(source: str) -> tuple[frozenset[Value], str]:
    """Everything a source proves, and its folded words between two spaces."""
    text = _plain(source)
    # A figure may be broken over two lines, and two figures may be parted by nothing but a line break.
    found = [*_facts(text)[0], *_facts(text.replace("\n", " "))[0]]
    return frozenset(value for fact in found for value in (fact.value, *fact.also)), f" {_folded(text)} "


# Spellings that make no difference

_CHARACTERS = str.maketrans(
    {"’": "'", "‘": "'", "–": "-", "—": "-", "‑": "-", "‐": "-", "−": "-", "œ": "oe", "Œ": "OE", "*": None, "`": None}
)


def _plain(text: str) -> str:
    """One kind of space, dash and apostrophe, no Markdown emphasis; line breaks are kept."""
    text = unicodedata.normalize("NFKC", text).translate(_CHARACTERS)
    return re.sub(r" ?\n ?", "\n", re.sub(r"[^\S\n]+", " ", text))


def _folded(text: str) -> str:
    """Words without case, accents, hyphens and plural marks, one space between them."""
    letters = "".join(c for c in unicodedata.normalize("NFD", text.casefold()) if not unicodedata.combining(c))
    words = re.findall(r"[^\W_]+", letters)
    return " ".join(word.rstrip("sx") if len(word) > 3 else word for word in words)


# Figures, dates, articles and contacts

_DIGITS = r"(?:\d{1,3}(?:[ .]\d{3})+(?!\d)(?:,\d+)?|\d+(?:[.,]\d+)?)"
_QUANTITY = rf"(?:(?<!\w){_DIGITS}|\b(?:{CARDINAL}|{ABOUT})\b)"
_SCALE = r"(?: ?(?:de |d')?(?P<scale>milliers?|mille|millions?|milliards?)\b)"
# « vingt et un » and « dix-sept » are one number: only between digits do « et » and a dash part two.
_LOW = rf"(?:(?P<low>{_QUANTITY})(?: ?(?:à|ou) ?|(?<=\d) ?(?:et|-) ?))?"
_MONTHS = {
    **{"janvier": 1, "février": 2, "mars": 3, "avril": 4, "mai": 5, "juin": 6, "juillet": 7, "août": 8},
    **{"septembre": 9, "octobre": 10, "novembre": 11, "décembre": 12, "fevrier": 2, "aout": 8, "decembre": 12},
    **{"janv.": 1, "févr.": 2, "avr.": 4, "juil.": 7, "sept.": 9, "oct.": 10, "nov.": 11, "déc.": 12},
}
_MONTH = "|".join(re.escape(month) for month in _MONTHS)
_REPEATED = "bis|ter|quater|quinquies|sexies|septies|octies|nonies|decies"
_DOMAINS = "fr|com|org|net|eu|coop|info|io"
_POWERS = {"mille": 3, "millier": 3, "million": 6, "milliard": 9, "k": 3, "m": 6, "md": 9}
_FRACTIONS = {
    **dict.fromkeys(("moitié",), ("50", 2)),
    **dict.fromkeys(("un quart", "le quart"), ("25", 4)),
    **dict.fromkeys(("trois quarts", "les trois quarts"), ("75", 4)),
}
_THIRDS = {
    **dict.fromkeys(("un tiers", "le tiers"), ("33.33", 3)),
    **dict.fromkeys(("deux tiers", "les deux tiers"), ("66.67", 3)),
}


def _number(words: str, scale: str | None = None) -> Decimal:
    """The value of digits or of a number in words, times « milliers », « millions »…"""
    in_words = value_of(words)
    digits = re.sub(r"[ .](?=\d{3}(?!\d))", "", words).replace(",", ".")
    value = Decimal(digits if in_words is None else in_words)
    power = _POWERS[scale.lower().rstrip("s")] if scale else 0
    return (value * Decimal(10) ** power).normalize()


def _year(written: str) -> int:
    return int(written) if len(written) == 4 else 2000 + int(written) if int(written) < 70 else 1900 + int(written)


def _day(written: str) -> int:
    return int(written) if written.isdecimal() else 1


def _bare(value: Decimal | int) -> Value:
    return "number", Decimal(value).normalize()


def _low(match: re.Match[str], kind: str) -> Iterator[Fact]:
    """The first figure of « 20 à 30 % »: bare where it stands, a percentage if need be."""
    if match["low"]:
        low = _number(match["low"])
        yield Fact(match["low"], _bare(low), ((kind, low),))


def _url(match: re.Match[str]) -> Iterator[Fact]:
    words = match[0].rstrip(".,;:!?'")
    address = re.sub(r"^(?:https?://)?(?:www\.)?", "", words.lower()).rstrip("/")
    yield Fact(words, ("url", address), (("url", address.partition("/")[0]),))


def _email(match: re.Match[str]) -> Iterator[Fact]:
    yield Fact(match[0], ("e-mail", match[0].lower()))


def _reference(match: re.Match[str]) -> Iterator[Fact]:
    first, second = match["first"], match["second"]
    years = [part for part in (first, second) if re.fullmatch(r"(?:19|20)\d\d", part)]
    if len(years) == 2 and not match["sign"]:
        yield from (Fact(year, _bare(int(year))) for year in years)
    else:
        yield Fact(f"{first}-{second}", ("reference", f"{first}-{second}"), tuple(_bare(int(y)) for y in years))


def _article(match: re.Match[str]) -> Iterator[Fact]:
    # Its figures too: a sentence cut after « L. » begins with them.
    figures = tuple(_bare(int(digits)) for digits in re.findall(r"\d+", match[0]))
    yield Fact(match[0], ("article", re.sub(r"[^\w-]", "", match[0]).lower()), figures)


def _date(match: re.Match[str]) -> Iterator[Fact]:
    parts = match.groupdict()
    month = _MONTHS.get(parts["month"].lower()) or int(parts["month"])
    day = _day(parts["day"]) if parts.get("day") else None
    year = _year(parts["year"]) if parts.get("year") else None
    in_month, in_year = ("month", (year, month)), ("day", (month, day))
    if year is None:
        yield Fact(match[0], in_year)
    elif day is None:
        yield Fact(match[0], in_month, (_bare(year),))
    else:
        yield Fact(match[0], ("date", (year, month, day)), (in_month, in_year, _bare(year)))


def _phone(match: re.Match[str]) -> Iterator[Fact]:
    yield Fact(match[0], ("phone", re.sub(r"\D", "", match[0])[-9:]))


def _time(match: re.Match[str]) -> Iterator[Fact]:
    hours, minutes = int(match["hours"]), int(match["minutes"] or 0)
    yield Fact(match[0], ("time", hours * 60 + minutes), (_bare(hours),))


def _percentage(match: re.Match[str]) -> Iterator[Fact]:
    yield from _low(match, "%")
    value = _number(match["number"])
    yield Fact(match[0][match.start("number") - match.start() :], ("%", value), (_bare(value),))


def _fraction(match: re.Match[str]) -> Iterator[Fact]:
    """« un tiers » proves « un sur trois » too."""
    share, parts = (_FRACTIONS | _THIRDS)[match[0].lower()]
    yield Fact(match[0], ("%", Decimal(share).normalize()), (_bare(parts),))


def _amount(match: re.Match[str]) -> Iterator[Fact]:
    yield from _low(match, "€")
    value = _number(match["number"], match["scale"] or match["prefix"])
    yield Fact(match[0][match.start("number") - match.start() :], ("€", value), (_bare(value),))


def _count(match: re.Match[str]) -> Iterator[Fact]:
    asked = match[0].lower() not in ("un", "une")
    yield Fact(match[0], _bare(_number(match["number"], match["scale"])), asked=asked)


def _first(match: re.Match[str]) -> Iterator[Fact]:
    yield Fact(match[0], _bare(1), asked=False)


_BLOT = "\0"
# In this order: what one reader takes, the next ones no longer see.
_READERS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Iterable[Fact]]], ...] = tuple(
    (re.compile(pattern, re.I), reader)
    for pattern, reader in (
        (r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", _email),
        (r"(?:https?://|www\.)[^\s<>\"»«)\]|]+", _url),
        (rf"(?<![\w.-])(?:[\w-]+\.)+(?:{_DOMAINS})\b(?:/[^\s<>\"»)\]|]*)?", _url),
        (r"(?P<sign>n° ?|numéro )(?P<first>\d{2,4})-(?P<second>\d{1,5})(?![\w-])", _reference),
        (r"(?<![\w-])(?P<first>\d{2,4})-(?P<second>\d{3,5})(?P<sign>)(?![\w-])", _reference),
        (r"\b(?-i:[LRDA])\. ?\d+(?:-\d+)*", _article),
        (r"\b(?-i:[LRDA]) ?(?:\d+(?:-\d+)+|\d{3,4}\b)", _article),
        (rf"(?<!\w)\d+(?:-\d+)* ?(?:{_REPEATED})\b", _article),
        (rf"(?<!\w)(?P<day>1er|premier|\d{{1,2}}) (?P<month>{_MONTH})(?: (?P<year>\d{{4}}))?(?!\w)", _date),
        (rf"(?<!\w)(?P<month>{_MONTH}) (?P<year>\d{{4}})(?!\w)", _date),
        (r"(?<![\w./-])(?P<year>\d{4})-(?P<month>0[1-9]|1[0-2])(?:-(?P<day>\d\d))?(?![\w-])", _date),
        (r"(?<![\w./-])(?P<day>\d\d?)([./-])(?P<month>0?[1-9]|1[0-2])\2(?P<year>\d{4}|\d\d)(?![\w/-]|\.\d)", _date),
        (r"(?<![\w,.])(?:(?:\+|00)33 ?(?:\(0\) ?)?[1-9]|0\d)(?:[ .-]?\d){8}(?!\w)", _phone),
        (r"(?<!\w)(?P<hours>\d\d?)(?: ?h ?|:)(?P<minutes>[0-5]\d)(?!\w)", _time),
        (r"(?<!\w)(?P<hours>\d\d?) ?h(?P<minutes>)(?!\w)", _time),
        (rf"{_LOW}(?P<number>{_QUANTITY}) ?(?:%|pour[ -]cents?\b|p\. ?100\b)", _percentage),
        (rf"\b(?:{'|'.join(_FRACTIONS)})\b|\b(?:{'|'.join(_THIRDS)})\b(?= d(?:e|u|es)\b| d')", _fraction),
        (rf"{_LOW}(?P<number>{_QUANTITY}){_SCALE}?(?: d'| de )? ?(?:(?P<prefix>k|Mds?|M)?€|(?:euros?|EUR)\b)", _amount),
        (rf"(?P<number>{_QUANTITY}){_SCALE}?", _count),
        (rf"\b(?P<number>{ORDINAL})s?\b(?P<scale>)", _count),
        (r"\bpremi(?:er|ère)s?\b", _first),
    )
)


def _facts(text: str) -> tuple[list[Fact], str]:
    """Every figure, date, article and contact of a plain text, and the text with blots in their place."""
    found: list[Fact] = []
    for pattern, reader in _READERS:
        for match in pattern.finditer(text):
            found.extend(reader(match))
        text = pattern.sub(lambda match: _BLOT * len(match[0]), text)
    return found, text


# Names

_WORD = re.compile(r"(?<![\w\0])[^\W\d_]\w*(?:-\w+)*")
_OPENING = re.compile(r"(?:^|[\w\0]{3}[)»\"]?[.!?…]+|[:«\"“|•\n])[\s#>(-]*(?:\d+[.)°] *)?$")


def _names(text: str) -> Iterator[str]:
    """Acronyms, and capitalised words that open no sentence; those that follow one another make one name."""
    run: list[re.Match[str]] = []
    for match in _WORD.finditer(text):
        if run and not (_is_name(text, match) and text[run[-1].end() : match.start()] == " "):
            yield text[run[0].start() : run[-1].end()]
            run = []
        if len(match[0]) > 1 and match[0].isupper():
            yield match[0]
        elif _is_name(text, match):
            run.append(match)
    if run:
        yield text[run[0].start() : run[-1].end()]


def _is_name(text: str, match: re.Match[str]) -> bool:
    word = match[0]
    capitalised = len(word) > 1 and word[0].isupper() and not word.isupper()
    return capitalised and _OPENING.search(text, 0, match.start()) is None
