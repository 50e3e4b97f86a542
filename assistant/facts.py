"""Hard facts of a French text: numbers, amounts, shares, dates, law numbers, names, addresses, in one comparable form.

« 12 000 », « 12000 » and « douze mille » are one number; « 50 % » and « la moitié » one share; « 1er mars 2018 » and
« 01/03/2018 » one date. What a sentence states must be among what its evidence states: nothing here judges meaning.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from assistant.french import measures, number_words, patterns, words_of
from indexing import STOPWORDS, fold, stem, tokens

Kind = Literal["number", "share", "amount", "date", "law", "name", "phone", "email", "url"]

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_URL = re.compile(
    r"(?:https?://|www\.)[^\s«»()<>\"]+|\b[a-z0-9][a-z0-9-]*(?:\.[a-z0-9-]+)*\.(?:fr|com|org|eu|net|coop|gouv)\b(?:/\S*)?"
)
_PHONE = re.compile(r"(?<![\d.])(?:\+33 ?|0)\d(?:[ .-]?\d\d){4}(?!\d)")
_LAW = re.compile(
    r"\b[lrda]\.? ?\d{1,4}(?:-\d+)+"  # L. 1511-2, R1511-1
    r"|\b(?!(?:19|20)\d\d-(?:19|20)\d\d\b)\d{2,4}-\d{2,5}\b(?!-)"  # loi n° 2014-856, article 432-12
    r"|\b\d{2}[a-z]{2}\d{5}\b"  # 24BX01206
    r"|\barticles? \d+(?:-\d+)*(?: (?:bis|ter|quater|quinquies|sexies|septies|octies|nonies|decies))?"
)
_MONTHS = {
    name: number
    for number, name in enumerate(
        [
            "janvier",
            "fevrier",
            "mars",
            "avril",
            "mai",
            "juin",
            "juillet",
            "aout",
            "septembre",
            "octobre",
            "novembre",
            "decembre",
        ],
        start=1,
    )
}
_MONTH = "|".join(_MONTHS)
_DATE = re.compile(
    rf"\b(?P<day>\d{{1,2}}|premier)(?:er)? (?P<month>{_MONTH})(?: (?P<year>(?:19|20)\d\d))?\b"
    rf"|\b(?P<month2>{_MONTH}) (?P<year2>(?:19|20)\d\d)\b"
    r"|\b(?P<day3>\d{1,2})/(?P<month3>\d{1,2})/(?P<year3>(?:19|20)\d\d)\b"
    r"|\b(?P<year4>(?:19|20)\d\d)-(?P<month4>0\d|1[0-2])-(?P<day4>\d\d)\b"
)
_DIGITS = re.compile(r"(?<![\w,.])(?<![a-z]-)(\d{1,3}(?:[ .]\d{3})+|\d+)(?:,(\d+)|\.(\d{1,2})(?!\d))?(?!\w*\d)")
_SCALE = re.compile(r" ?((?:millions?|milliards?)\b|(?:m|md|k)€)")
_UNIT = re.compile(r" ?(?:d'|de )?(%|pour cent|€|euros?)")
_SCALES = {
    "million": 10**6,
    "millions": 10**6,
    "milliard": 10**9,
    "milliards": 10**9,
    "m€": 10**6,
    "md€": 10**9,
    "k€": 10**3,
}
_YEAR = re.compile(r"(?:19|20)\d\d")
_FRACTIONS = {"moitie": Decimal(50), "tiers": Decimal(100) / 3, "quart": Decimal(25)}
_FRACTION = re.compile(r"\b(?:(deux|trois) )?(moitie|tiers|quart)s?\b(?!-)")
_AFTER, _BEFORE = 3, 2
"""Words of its clause behind and before a number, one of which the evidence shares when it counts the same thing."""
_CLAUSE = re.compile(r"[,;.:()§]| et | ou ")
_NAME = re.compile(r"(?<!\w)(?:[A-ZÀ-Ý][\w’'-]*[\wÀ-ÿ]|[A-Z]{2,})(?![\w€])")
_ELIDED = re.compile(r"\b[LDldQqSsNn][’']|\bqu[’']|\bJusqu[’']")

_ADDRESSES: tuple[tuple[Kind, re.Pattern[str]], ...] = (("email", _EMAIL), ("url", _URL), ("phone", _PHONE))


@dataclass(frozen=True, slots=True)
class Fact:
    """One hard fact: its kind, its comparable value, and the terms standing around it (numbers only)."""

    kind: Kind
    value: str
    around: frozenset[str] = frozenset()


# The same quotes, titles and headings come back in question after question.
@lru_cache(maxsize=4096)
def hard_facts(text: str) -> tuple[Fact, ...]:
    """The hard facts a text states."""
    folded = _flat(text)
    found: list[Fact] = []
    for kind, pattern in _ADDRESSES:
        folded, values = _taken(folded, pattern)
        found += [Fact(kind, _address(value)) for value in values]
    folded, days = _days(folded)
    folded, laws = _taken(folded, _LAW)
    found += [Fact("law", re.sub(r"\barticles? |[ .]", "", law)) for law in laws]
    folded, years = _years(folded)
    found += [Fact("date", date) for date in (*days, *years)]
    found += _numbers(folded)
    found += [Fact("name", name) for name in _names(text)]
    return tuple(dict.fromkeys(found))


def missing(sentence: str, evidence: Iterable[str], around: Iterable[str] = ()) -> tuple[Fact, ...]:
    """The hard facts of a sentence that none of the evidence states; empty when all are there.

    `around` are titles and headings over the evidence: a name may come from them, but not in the place of one the
    evidence has and the sentence leaves out.
    """
    texts, titles = tuple(evidence), tuple(around)
    stated = [fact for text in texts for fact in hard_facts(text)]
    own = hard_facts(sentence)
    kinds = [fact.kind for fact in own]
    left_out = {(fact.kind, fact.value) for fact in stated} - {(fact.kind, fact.value) for fact in own}
    kinds_left_out = {kind for kind, _ in left_out}
    if "name" not in kinds_left_out:
        texts = (*texts, *titles)
    stated += [fact for text in titles for fact in hard_facts(text) if fact.kind != "name"]
    flat = " ".join(_flat(text) for text in texts)
    words = {token.term for text in texts for token in tokens(text)}
    return tuple(
        fact
        for fact in own
        if not _stated(fact, stated, flat, words, fact.kind in kinds_left_out or kinds.count(fact.kind) > 1)
        and not (fact.kind == "name" and fact.value in spelt_out(sentence, texts))
    )


def _stated(fact: Fact, stated: list[Fact], flat: str, words: set[str], bound: bool) -> bool:
    """Whether a fact is among those stated; `bound` asks of a number that it count the same thing there."""
    if fact.kind == "name":
        return fact.value in words or stem(fact.value) in words
    if fact.kind == "date":
        # « 2000 » may be a year here and « 2 000 » a number there.
        return any(
            (other.kind == "date" and _covers(other.value, fact.value))
            or (other.kind == "number" and other.value == fact.value)
            for other in stated
        )
    if fact.kind == "law":
        return any(other.kind == "law" and other.value == fact.value for other in stated) or bool(
            # « Les articles 18 et 19 » name a law once for two numbers.
            re.search(rf"(?<![\w-]){re.escape(fact.value)}(?![\w-])", flat)
        )
    if fact.kind == "number" and any(other.kind == "date" and other.value == fact.value for other in stated):
        return True
    same = [other for other in stated if other.kind == fact.kind and other.value == fact.value]
    if bound and fact.around:
        return any(not other.around or fact.around & other.around for other in same)
    return bool(same)


def spelt_out(sentence: str, texts: Iterable[str]) -> frozenset[str]:
    """Words of a sentence that are an acronym of the texts spelt out, or one that spells out words of theirs."""
    initials, words = _initials(sentence)
    found: set[str] = set()
    for text in texts:
        theirs, _ = _initials(text)
        found |= {word for word in words if 3 <= len(word) <= 6 and word in theirs}
        for acronym in {word.lower() for word in re.findall(r"\b[A-Z]{3,6}\b", text)}:
            if (at := initials.find(acronym)) >= 0:
                found |= set(words[at : at + len(acronym)])
    return frozenset(found)


def _initials(text: str) -> tuple[str, list[str]]:
    """The first letters of a text's content words, and those words."""
    words = [token.word for token in tokens(text) if token.word not in STOPWORDS]
    return "".join(word[0] for word in words), words


def _covers(known: str, asked: str) -> bool:
    """Whether a known date says as much as the asked one: 2018-03-01 covers 2018-03, 2018 and --03-01."""
    return known == asked or known.startswith(f"{asked}-") or (asked.startswith("--") and known.endswith(asked[1:]))


def _flat(text: str) -> str:
    """Folded text with one kind of space, dash and hour, so that every pattern is written once."""
    return re.sub(r"(?<=\d)h(?=\d\d\b)", " h ", re.sub(r"\s+", " ", fold(text).translate(_DASHES)))


_DASHES = str.maketrans({"–": "-", "—": "-", "‑": "-", "‐": "-", "−": "-"})


def _taken(text: str, pattern: re.Pattern[str]) -> tuple[str, list[str]]:
    """What a pattern finds, and the text without it, so that the digits of an address are not numbers."""
    values = [match[0] for match in pattern.finditer(text)]
    return pattern.sub(" § ", text), values


def _address(value: str) -> str:
    value = re.sub(r"^(?:https?://)?(?:www\.)?", "", value).rstrip(".,;:)/")
    return re.sub(r"[ .-]", "", value).replace("+33", "0") if re.fullmatch(r"[+\d .-]+", value) else value


def _days(text: str) -> tuple[str, list[str]]:
    """Days and months with their year, as YYYY-MM-DD, YYYY-MM, or --MM-DD when no year stands there."""
    found = []
    for match in _DATE.finditer(text):
        groups = match.groupdict()
        day = groups["day"] or groups["day3"] or groups["day4"]
        month = groups["month"] or groups["month2"] or groups["month3"] or groups["month4"]
        year = groups["year"] or groups["year2"] or groups["year3"] or groups["year4"] or "-"
        number = _MONTHS.get(month) or int(month)
        found.append(f"{year}-{number:02d}" + (f"-{1 if day == 'premier' else int(day):02d}" if day else ""))
    return _DATE.sub(" § ", text), found


def _years(text: str) -> tuple[str, list[str]]:
    years = [match for match in _DIGITS.finditer(text) if _is_year(text, match)]
    found = [match[0] for match in years]
    for match in reversed(years):
        text = f"{text[: match.start()]} {text[match.end() :]}"
    return text, found


def _is_year(text: str, match: re.Match[str]) -> bool:
    counted = _UNIT.match(text, match.end()) or _measure(text, match.end())[0]
    return bool(_YEAR.fullmatch(match[0])) and not counted


def _numbers(text: str) -> Iterator[Fact]:
    for match in _DIGITS.finditer(text):
        value = Decimal(re.sub(r"[ .]", "", match[1]) + (f".{match[2] or match[3]}" if match[2] or match[3] else ""))
        yield _number(text, match.start(), match.end(), value)
    fractions = list(_FRACTION.finditer(text))
    for start, end, whole in number_words(text):
        if not any(match.start() <= start < match.end() for match in fractions):
            yield _number(text, start, end, Decimal(whole))
    for match in fractions:
        times = {"deux": 2, "trois": 3}.get(match[1] or "", 1)
        yield Fact("share", _plain(_FRACTIONS[match[2]] * times))


def _number(text: str, start: int, end: int, value: Decimal) -> Fact:
    kind: Kind = "number"
    if scale := _SCALE.match(text, end):
        word = scale[1]
        value, end = value * _SCALES[word], scale.end()
        kind = "amount" if "€" in word else kind
    if unit := _UNIT.match(text, end):
        kind, end = ("share" if unit[1] in ("%", "pour cent") else "amount"), unit.end()
    measure, end = _measure(text, end) if kind == "number" else ("", end)
    return Fact(kind, _plain(value) + measure, _around(text, start, end))


def _measure(text: str, end: int) -> tuple[str, int]:
    """The unit of measure right behind a number, in one form, and its end: years are not months, nor metres km."""
    word = re.match(r" ?([a-z]+[23]?)\b", text[end:])
    forms = measures()
    return (f" {forms[word[1]]}", end + word.end()) if word and word[1] in forms else ("", end)


def _plain(value: Decimal) -> str:
    return f"{value.quantize(Decimal('0.001')).normalize():f}"


def _around(text: str, start: int, end: int) -> frozenset[str]:
    behind = _CLAUSE.split(text[end : end + 80], maxsplit=1)[0]
    before = _CLAUSE.split(text[max(0, start - 80) : start])[-1]
    after = [token.term for token in tokens(behind) if _tells(token.word)][:_AFTER]
    return frozenset(after + [token.term for token in tokens(before) if _tells(token.word)][-_BEFORE:])


def _tells(word: str) -> bool:
    return word not in STOPWORDS and not word[0].isdigit() and len(word) > 1


def _names(text: str) -> Iterator[str]:
    """Capitalised words, folded. The first word of a sentence is one too unless it is how French sentences open."""
    no_names = STOPWORDS | measures().keys()
    for match in _NAME.finditer(_ELIDED.sub(lambda elided: " " * len(elided[0]), text)):
        name = match[0]
        if _opens_sentence(text, match.start()) and _only_opens(name):
            continue
        for part in tokens(name):
            if part.word not in no_names and len(part.word) > 1 and part.word.isalpha():
                yield part.word


def _only_opens(word: str) -> bool:
    folded = fold(word)
    opening = folded.split("'")[0]  # « Aujourd'hui », « Lorsqu'une »
    # « Lons-le-Saunier » ends like a verb, but no verb is written so.
    plain = word.isalpha() and word[1:].islower() and patterns("openers")["forms"].search(word.lower())
    counted = next(iter(number_words(folded)), None)
    return (
        bool(plain)
        or opening in STOPWORDS
        or opening in words_of("openers", "words")
        or (counted is not None and counted[:2] == (0, len(folded)))
    )


def _opens_sentence(text: str, start: int) -> bool:
    before = text[:start].rstrip(" «“\"'’(-•").rstrip()
    return not before or before[-1] in ".!?:…\n§" or before.endswith(("\n",))
