"""How French asks, points back and gives orders: the patterns of french.toml, compiled once."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib.resources import files


@lru_cache(maxsize=1)
def _tables() -> Mapping[str, Mapping[str, list[str]]]:
    return tomllib.loads(files("assistant").joinpath("french.toml").read_text(encoding="utf-8"))


@lru_cache
def patterns(table: str) -> Mapping[str, re.Pattern[str]]:
    """The patterns of a table by name, in the file's order; each matches any of its pieces, on folded text."""
    return {name: re.compile("|".join(pieces)) for name, pieces in _tables()[table].items()}


@lru_cache
def words_of(table: str, name: str) -> frozenset[str]:
    """A list of plain words of a table."""
    return frozenset(_tables()[table][name])


@lru_cache(maxsize=1)
def departements() -> Mapping[str, str]:
    """Names of the départements, as folded words, by number."""
    return dict(entry.split(" ", 1) for entry in _tables()["asker_places"]["departements"])


@lru_cache(maxsize=1)
def measures() -> Mapping[str, str]:
    """Units of measure: each form, and the one that stands for all its forms."""
    groups = [entry.split("|") for entry in _tables()["measures"]["words"]]
    return {form: forms[0] for forms in groups for form in forms}


_UNITS = {
    "zero": 0, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7, "huit": 8, "neuf": 9, "dix": 10,
    "onze": 11, "douze": 12, "treize": 13, "quatorze": 14, "quinze": 15, "seize": 16, "vingt": 20, "vingts": 20,
    "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60, "septante": 70, "octante": 80, "nonante": 90,
    "un": 1, "une": 1,
}  # fmt: skip
_MILLIONS = (" million", " milliard")
_SCALES = {"cent": 100, "cents": 100, "mille": 1000}
_NUMBER_WORD = "|".join(sorted([*_UNITS, *_SCALES], key=len, reverse=True))
# « Vingt et un » is one number, « cinq et six » are two; « pour cent » is none.
_NUMBER_WORDS = re.compile(
    r"\b(?!(?<=pour )cent\b(?! (?:mille|euros)\b))"
    rf"(?:{_NUMBER_WORD})(?:(?:(?:-et-| et )(?=(?:une?|onze)\b)|-| )(?:{_NUMBER_WORD}))*\b"
)
_OTHERS = {
    "dizaine": 10, "douzaine": 12, "quinzaine": 15, "vingtaine": 20, "trentaine": 30, "quarantaine": 40,
    "cinquantaine": 50, "soixantaine": 60, "centaine": 100, "millier": 1000, "deuxieme": 2, "troisieme": 3,
    "quatrieme": 4, "cinquieme": 5, "sixieme": 6, "septieme": 7, "huitieme": 8, "neuvieme": 9, "dixieme": 10,
}  # fmt: skip
_OTHER_WORDS = re.compile(rf"\b({'|'.join(_OTHERS)})s?\b")


def number_words(folded: str) -> Iterator[tuple[int, int, int]]:
    """Numbers written in words in a folded text: start, end and value, in reading order.

    « Une vingtaine » and « le troisième » are numbers too; « un » alone is an article, but not before « million ».
    """
    found = [(match.start(), match.end(), _OTHERS[match[1]]) for match in _OTHER_WORDS.finditer(folded)]
    for match in _NUMBER_WORDS.finditer(folded):
        words = [word for word in re.split(r"[- ]", match[0]) if word != "et"]
        if words in (["un"], ["une"], ["un", "un"]) and not folded.startswith(_MILLIONS, match.end()):
            continue
        found.append((match.start(), match.end(), _value(words)))
    yield from sorted(found)


def _value(words: list[str]) -> int:
    total = group = 0
    for word in words:
        if word == "mille":
            total, group = total + max(1, group) * 1000, 0
        elif word in ("cent", "cents"):
            group = max(1, group) * 100
        elif word in ("vingt", "vingts") and group % 100 == 4:
            group += 76
        else:
            group += _UNITS[word]
    return total + group
