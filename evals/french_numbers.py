"""Numbers written in French words, as values: « douze mille » is 12 000, « une vingtaine » is 20."""

import re

_UNITS = {"un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7, "huit": 8, "neuf": 9}
_TEENS = {"dix": 10, "onze": 11, "douze": 12, "treize": 13, "quatorze": 14, "quinze": 15, "seize": 16}
_TENS = {"vingt": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60, "septante": 70, "nonante": 90}
_EIGHTY = {"huitante": 80, "octante": 80}
_ABOUT = {
    **{"dizaine": 10, "douzaine": 12, "quinzaine": 15, "vingtaine": 20, "trentaine": 30, "quarantaine": 40},
    **{"cinquantaine": 50, "soixantaine": 60, "centaine": 100, "millier": 1000},
}
_VALUES = {**_UNITS, **_TEENS, **_TENS, **_EIGHTY}
_ORDINALS = {
    **{f"{word}ième": value for word, value in _VALUES.items() if not word.endswith(("e", "q", "f"))},
    **{f"{word[:-1]}ième": value for word, value in _VALUES.items() if word.endswith("e") and word != "une"},
    **{"cinquième": 5, "neuvième": 9, "centième": 100, "millième": 1000},
}


def _either(words: dict[str, int]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


_UNIT, _TEEN = f"(?:{_either(_UNITS)})", f"(?:dix[ -](?:sept|huit|neuf)|{_either(_TEENS)})"
_JOIN = "(?:[ -]et[ -]|[ -])"
_SUB_HUNDRED = (
    f"(?:quatre[ -]vingts?(?:[ -](?:{_TEEN}|{_UNIT}))?|soixante(?:{_JOIN}(?:{_TEEN}|{_UNIT}))?"
    f"|(?:{_either(_TENS | _EIGHTY)})(?:{_JOIN}{_UNIT})?|{_TEEN}|{_UNIT})"
)
_SUB_THOUSAND = f"(?:(?:{_SUB_HUNDRED}[ -])?cents?(?:[ -]{_SUB_HUNDRED})?|{_SUB_HUNDRED})"
CARDINAL = rf"(?:(?:{_SUB_THOUSAND}[ -])?mille(?:[ -]{_SUB_THOUSAND})?|{_SUB_THOUSAND})"
"""A whole number under a million in words, lower case; to be held between word boundaries."""
ABOUT = rf"(?:{_either(_ABOUT)})s?"
ORDINAL = f"(?:{_either(_ORDINALS)})"


def value_of(words: str) -> int | None:
    """The value of what CARDINAL, ABOUT or ORDINAL matches, whatever its case; None for other words."""
    words = words.lower()
    if words in _ORDINALS:
        return _ORDINALS[words]
    if re.fullmatch(ABOUT, words):
        return _ABOUT[words.removesuffix("s")]
    if not re.fullmatch(CARDINAL, words):
        return None
    total = below_thousand = 0
    for word in re.split("[ -]", re.sub(r"quatre[ -]vingts?", "huitante", words)):
        if word == "mille":
            total, below_thousand = (below_thousand or 1) * 1000, 0
        elif word in ("cent", "cents"):
            below_thousand = (below_thousand or 1) * 100
        else:
            below_thousand += _VALUES.get(word, 0)
    return total + below_thousand
