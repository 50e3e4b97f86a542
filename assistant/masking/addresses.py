"""Postal addresses of persons: a number and a street, a place said to be lived at, a hamlet; with postcode and town."""

import re
from collections.abc import Iterator

from assistant.masking.found import Found
from assistant.masking.lists import is_plain_word, words
from indexing import STOPWORDS, fold

_SP = r"[ \t\u00a0\u202f]"
# Kinds of streets that are hardly anything else.
_CLEAR = (
    r"rue|r\.|avenue|av\.?|ave\.?|boulevard|bou?le?v\.?|bld\.?|bd\.?|bvd\.?|impasse|imp\.?|chemin|chem\.|che\.|ch\.|route|"
    r"rte\.?|all[ée]es?|quai|square|lotissement|lot\.|ruelle|venelle|sente|sentier|faubourg|fbg\.?|rond-point|hameau|"
    r"lieu[ -]?dit|esplanade|promenade|r[ée]s\.|traverse|mont[ée]e|digue"
)
# Words of other things too (« 5 places de parking », « 12 cours de cuisine »): singular, and followed by a name.
_UNCLEAR = (
    r"place|pl\.?|cours|passage|cit[ée]|villa|voie|clos|parc|domaine|r[ée]sidence|zone|za|zi|zac|bourg|village|ferme|"
    r"moulin|ch[âa]teau"
)
# « La loi de 2014 place… » holds a year, not a number in a street.
_NUMBER = (
    rf"(?<![\w.,/-])(?:n°{_SP}?)?(?!(?:19|20)[0-9]{{2}})[0-9]{{1,4}}(?:{_SP}?-{_SP}?[0-9]{{1,4}})?"
    rf"(?:{_SP}?(?:bis|ter|quater)\b|{_SP}?[a-d]\b(?!'))?{_SP}{{0,2}},?{_SP}{{0,2}}"
)
_NUMBERED = re.compile(rf"{_NUMBER}(?:(?P<clear>{_CLEAR})|(?P<unclear>{_UNCLEAR}))(?<=[\w.])(?!\w)(?!-)", re.IGNORECASE)
_LIVED = re.compile(
    rf"\b(?:habit(?:e|ons|ent|ant|ait)|domicili[ée]{{1,2}}s?|demeur(?:e|ant|ons)|r[ée]sid(?:e|ant|ons)|vis|vit|loge|domicile|"
    rf"adresse(?:{_SP}postale)?(?:{_SP}est)?){_SP}{{0,2}}[:,]?{_SP}{{0,2}}(?:(?:au|à|dans|sur|est|la|le|les|l'|l’){_SP}?){{0,2}}"
    rf"(?P<street>(?:{_CLEAR}|{_UNCLEAR})(?<=[\w.])(?!\w)(?!-))",
    re.IGNORECASE,
)
_STREET = re.compile(rf"(?<![\w-])(?:{_CLEAR}|place|r[ée]sidence)(?<=[\w.])(?!\w)(?!-)", re.IGNORECASE)

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_BETWEEN = re.compile(rf"{_SP}{{0,2}}['’]?[«\"]?{_SP}?")
_DAY = re.compile(
    rf"(?:{_SP}|du|des){{1,4}}[0-9]{{1,2}}(?:er)?[ -]"
    r"(?:janvier|f[ée]vrier|mars|avril|mai|juin|juillet|ao[uû]t|septembre|octobre|novembre|d[ée]cembre)"
    r"(?:[ -][0-9]{4})?",
    re.IGNORECASE,
)
_POSTCODE = re.compile(
    rf"{_SP}{{0,2}}[,;\n(–-]?{_SP}{{0,2}}(?:à{_SP})?(?:f-)?(?:0[1-9]|[1-8][0-9]|9[0-8])[0-9]{{3}}(?![0-9])(?!{_SP}?(?:€|euros))",
    re.IGNORECASE,
)
_CEDEX = re.compile(rf"{_SP}cedex(?:{_SP}[0-9]{{1,2}}\b)?", re.IGNORECASE)
_MOST_WORDS = 5
# Commoner than this, a word typed in lower case after a street's first word belongs to the sentence.
_COMMON = 4.3


def addresses(text: str) -> Iterator[Found]:
    """Finds in a text; they may overlap."""
    for match in _NUMBERED.finditer(text):
        end = _name_end(text, match.end(), named=match["unclear"] is not None)
        if end > match.end():
            yield Found(match.start(), _town_end(text, end), "address")
    for match in _LIVED.finditer(text):
        end = _name_end(text, match.end(), named=False)
        if end > match.end():
            yield Found(match.start("street"), _town_end(text, end), "address")
    for match in _STREET.finditer(text):
        end = _name_end(text, match.end(), named=False)
        if end > match.end() and (town := _town_end(text, end)) > end:
            yield Found(match.start(), town, "address")


def _name_end(text: str, at: int, *, named: bool) -> int:
    """Where the name of a street that begins at `at` ends; `at` when there is none.

    `named` asks for a capital or for « de la… »: « 1 place de parking » is no address, « 3 place de la mairie » is.
    """
    if day := _DAY.match(text, at):
        return day.end()
    start, end, count = at, at, 0
    links: list[str] = []
    while count < _MOST_WORDS and (match := _WORD.match(text, _between(text, at))):
        if match.start() == at and at == start:
            break
        word = match[0]
        bare = fold(word)
        if "-" in bare and bare.rpartition("-")[2] in words("particles", "asking"):
            break
        if bare in words("streets", "links") and not (word[0].isupper() and count):
            links.append(bare)
            if len(links) > 3:
                break
        elif word[0].isupper() or _continues(bare, count, links):
            if named and not count and not word[0].isupper() and links not in (["de", "la"], ["de", "l"], ["du"]):
                break
            count, links, end = count + 1, [], match.end()
        else:
            break
        at = match.end()
    return end


def _between(text: str, at: int) -> int:
    match = _BETWEEN.match(text, at)
    return match.end() if match else at


def _continues(bare: str, count: int, links: list[str]) -> bool:
    if bare in STOPWORDS or (not count and bare in words("streets", "kinds")):
        return False
    if not count:
        return True
    if links:
        return not {"et", "sur"} & set(links) and not is_plain_word(bare, _COMMON + 0.7)
    return not is_plain_word(bare, _COMMON)


def _town_end(text: str, at: int) -> int:
    """The end of the postcode and the town that follow, or `at`."""
    postcode = _POSTCODE.match(text, at)
    if not postcode:
        return at
    at = end = postcode.end()
    first = _WORD.match(text, _between(text, at))
    if first and not first[0][0].isupper():
        # Typed low: « 35580 guichen », « 44350 la turballe »; the next word belongs to the sentence.
        second = (
            _WORD.match(text, _between(text, first.end())) if fold(first[0]) in words("streets", "articles") else None
        )
        if second or fold(first[0]) not in STOPWORDS:
            end = (second or first).end()
    else:
        for _ in range(_MOST_WORDS):
            word = _WORD.match(text, _between(text, at))
            if (
                not word
                or fold(word[0]) == "cedex"
                or not (word[0][0].isupper() or fold(word[0]) in words("streets", "links"))
            ):
                break
            at = word.end()
            end = at if word[0][0].isupper() else end
    cedex = _CEDEX.match(text, end)
    return cedex.end() if cedex else end
