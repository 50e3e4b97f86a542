"""What names somebody by its form alone: e-mail, IBAN, social security, SIRET, phone, birth date.

Amounts, years, populations, law and decree numbers, dates and figures have other forms, and are left.
"""

import re
from collections.abc import Callable, Iterator

from assistant.masking.found import Found, Label

_SPACE = r"[ \t\u00a0\u202f]"
_GAP = r"[ .\-/\u00a0\u202f]{0,2}"

_EMAIL = re.compile(
    r"[\w.+'’-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,6}"
    # « prenom.nom (at) orange.fr », « nom arobase orange point fr »
    rf"|[\w.+-]{{1,64}}{_SPACE}?(?:@|[(\[]{_SPACE}?(?:at|a|à|arobase|arobas){_SPACE}?[)\]]|{_SPACE}arobas?e?{_SPACE})"
    rf"{_SPACE}?[\w-]{{1,63}}(?:{_SPACE}?(?:\.|[(\[]?(?:point|dot)[)\]]?){_SPACE}?[\w-]{{2,63}}){{1,4}}",
    re.IGNORECASE,
)
_IBAN = re.compile(r"(?<!\w)[a-z]{2}[0-9]{2}(?:[ \u00a0.-]?[0-9a-z]){11,30}(?!\w)", re.IGNORECASE)
_FRENCH_IBAN = re.compile(
    r"fr[0-9]{2}(?:[ \u00a0.-]?[0-9]){10}(?:[ \u00a0.-]?[0-9a-z]){11}(?:[ \u00a0.-]?[0-9]){2}(?!\w)", re.I
)
_NIR = re.compile(
    rf"(?<![0-9])[1-478](?:{_GAP}[0-9]){{4}}(?:{_GAP}(?:[0-9]|2[ab](?=[^a-z]))){{7,8}}(?:{_GAP}[0-9]){{0,2}}(?!\w)",
    re.IGNORECASE,
)
_SIRET = re.compile(rf"(?<![0-9])[0-9](?:{_GAP}[0-9]){{13}}(?![0-9])")
_VAT = re.compile(
    rf"(?<!\w)fr{_SPACE}?[0-9a-z]{{2}}{_SPACE}?([0-9]{{3}}{_SPACE}?[0-9]{{3}}{_SPACE}?[0-9]{{3}})(?!\w)", re.I
)
_SIREN = re.compile(
    r"(?<![0-9])(?<![0-9][., ])(?:[0-9]{9}|[0-9]{3}([ .\u00a0\u202f-])[0-9]{3}\1[0-9]{3})(?![0-9])(?!,[0-9])"
)
_LOOSE_SIREN = re.compile(rf"(?<![0-9])[0-9](?:{_GAP}[0-9]){{7,14}}(?![0-9])")
_COUNTED = re.compile(
    rf"{_SPACE}{{0,2}}(?:€|%|(?:k|m|md)€|euros?\b|eur\b|francs?\b|habitants?\b|hab\b|m[²2³3]\b|mètres?\b|kwh\b)", re.I
)
_SIRET_WORD = re.compile(r"\bsire[tn]s?\b[^0-9]{0,40}$", re.IGNORECASE)
_NIR_WORD = re.compile(r"\b(?:nir|s[ée]cu(?:rit[ée])?(?:\s+sociale)?|immatriculation)\b[^0-9]{0,30}$", re.IGNORECASE)

_NATIONAL = re.compile(rf"(?<![0-9])(?<![0-9][,-])0{_GAP}[1-9](?:{_GAP}[0-9]){{8}}(?![0-9])(?!,[0-9])")
_FRENCH_ABROAD = re.compile(
    rf"(?<![0-9+])\(?(?:\+{_SPACE}?|00{_SPACE}?)(?:33|262|590|594|596|508|687|689|681)\)?{_GAP}(?:\(0\)|0)?{_GAP}"
    rf"[1-9](?:{_GAP}[0-9]){{5,8}}(?![0-9])"
)
_DATE = re.compile(r"[0-3]?[0-9]([/.-])[01]?[0-9]\1(?:(?:19|20)[0-9]{2}|[0-9]{2}(?!\1))(?![0-9])")
_PHONE_WORD = re.compile(
    r"\b(?:t[ée]l|t[ée]l[ée]phon\w{0,5}|tph|portable|port|mobile|gsm|fixe|fax|whatsapp|num[ée]ro|num|joindre|joignable|"
    r"joign\w{1,4}|(?:r[ea])?appel(?:er|ez|le|lez|é|ée))\b[^0-9\n]{0,25}$",
    re.IGNORECASE,
)
_SHORT_PHONE = re.compile(
    rf"(?<![0-9])(?:0(?:{_GAP}[0-9]){{7,10}}|[1-9](?:{_GAP}[0-9]{{2}}){{4}}|"
    rf"[0-9]{{2}}(?:[ .-][0-9]{{2}}){{3}})(?![0-9])"
)

_MONTH = (
    r"(?:janv(?:ier)?|f[ée]vr?(?:ier)?|mars|avr(?:il)?|mai|juin|juil(?:let)?|ao[uû]t|sept(?:embre)?|oct(?:obre)?|nov(?:embre)?|"
    r"d[ée]c(?:embre)?)"
)
_BIRTH_DATE = re.compile(
    r"\b(?:n[ée]{1,2}(?:\(e\)|\.e|·e)?s?\s{1,2}le\s{0,2}:?"
    r"|(?:date\s{1,2}de\s{1,2})?naissance\s{0,2}(?:est\s{1,2})?(?:le\s{1,2})?:?|ddn\s{0,2}:?|née?\s{0,2}:)\s{0,3}"
    r"([0-3]?[0-9](?:er)?(?:[/.-]|\s)[01]?[0-9](?:[/.-]|\s)(?:19|20)?[0-9]{2}"
    rf"|[0-3]?[0-9](?:er)?\s{{1,2}}{_MONTH}\.?\s{{1,2}}(?:19|20)?[0-9]{{2}}"
    r"|(?:19|20)[0-9]{2}-[01][0-9]-[0-3][0-9])(?![0-9])",
    re.IGNORECASE,
)
_BIRTH_YEAR = re.compile(r"\bje\s{1,2}suis\s{1,2}n[ée]e?\s{1,2}en\s{1,2}((?:19|20)[0-9]{2})(?![0-9])", re.IGNORECASE)
# « Le projet est né le 12 mars 2018 » dates a thing.
_THING_BORN = re.compile(
    r"\b(?:projets?|associations?|asso|scic|scop|coop[ée]ratives?|entreprises?|soci[ée]t[ée]s?|communes?|collectifs?|"
    r"structures?|dispositifs?|lieux?|tiers-lieux?|r[ée]gies?|sem|spl|gip|ptce|[ée]piceries?|caf[ée]s?|f[ée]d[ée]rations?|"
    r"r[ée]seaux?|id[ée]es?|d[ée]marches?|initiatives?|fondations?|loi|fonds)\b[^.!?\n]{0,40}$",
    re.IGNORECASE,
)


def identifiers(text: str) -> Iterator[Found]:
    """Finds in a text, each number under the one label that fits it best; they do not overlap."""
    rules: tuple[tuple[Label, Callable[[str], Iterator[tuple[int, int]]]], ...] = (
        ("email", _emails),
        ("iban", _ibans),
        ("nir", _nirs),
        # Before the SIREN: the nine digits after « +33 » may have its checksum.
        ("phone", _international_phones),
        ("siret", _sirets),
        ("birth", _birth_dates),
        ("phone", _national_phones),
    )
    taken = bytearray(len(text))
    for label, rule in rules:
        for start, end in rule(text):
            if not any(taken[start:end]):
                taken[start:end] = b"\1" * (end - start)
                yield Found(start, end, label)


def _emails(text: str) -> Iterator[tuple[int, int]]:
    for match in _EMAIL.finditer(text):
        end = match.end()
        while text[end - 1] in ".-'’":
            end -= 1
        yield match.start(), end


def _ibans(text: str) -> Iterator[tuple[int, int]]:
    for match in _IBAN.finditer(text):
        if french := _FRENCH_IBAN.match(text, match.start()):
            yield french.span()
            continue
        # The words after an IBAN look like its next letters: the longest beginning that has the right checksum.
        for end in range(match.end(), match.start() + 14, -1):
            if (end == len(text) or not text[end].isalnum()) and _is_iban(text[match.start() : end]):
                yield match.start(), end
                break


def _is_iban(number: str) -> bool:
    from stdnum import iban
    from stdnum.exceptions import ValidationError

    try:
        iban.validate(number, check_country=False)
    except ValidationError:
        return False
    return True


def _nirs(text: str) -> Iterator[tuple[int, int]]:
    from stdnum.fr import nir

    for match in _NIR.finditer(text):
        digits = re.sub(r"[^0-9ab]", "", match[0].lower())
        groups = [len(group) for group in re.split(r"[^0-9a-zA-Z]+", match[0])]
        told = _NIR_WORD.search(text, max(0, match.start() - 60), match.start())
        if len(digits) in (13, 15) and (told or groups[:5] == [1, 2, 2, 2, 3] or nir.is_valid(digits.upper())):
            yield match.span()


def _sirets(text: str) -> Iterator[tuple[int, int]]:
    from stdnum import luhn

    for match in _SIRET.finditer(text):
        groups = [len(group) for group in re.split(r"[^0-9]+", match[0])]
        digits = re.sub(r"[^0-9]", "", match[0])
        usual = groups in ([14], [3, 3, 3, 5], [9, 5])
        if usual or _announced(text, match.start()) or (len(groups) <= 6 and luhn.is_valid(digits)):
            yield match.span()
    for match in _VAT.finditer(text):
        yield match.span()
    for match in _LOOSE_SIREN.finditer(text):
        if _announced(text, match.start()) and not _COUNTED.match(text, match.end()):
            yield match.span()
    for match in _SIREN.finditer(text):
        digits = re.sub(r"[^0-9]", "", match[0])
        if luhn.is_valid(digits) and not _COUNTED.match(text, match.end()):
            yield match.span()


def _announced(text: str, start: int) -> bool:
    return bool(_SIRET_WORD.search(text, max(0, start - 50), start))


def _birth_dates(text: str) -> Iterator[tuple[int, int]]:
    for match in _BIRTH_DATE.finditer(text):
        if not _THING_BORN.search(text, max(0, match.start() - 70), match.start()):
            yield match.span(1)
    for match in _BIRTH_YEAR.finditer(text):
        yield match.span(1)


def _international_phones(text: str) -> Iterator[tuple[int, int]]:
    for match in _FRENCH_ABROAD.finditer(text):
        yield match.span()
    if "+" not in text and "00" not in text:
        return
    from phonenumbers import PhoneNumberMatcher

    # Few tries: a text made of plus signs must not cost more than another.
    for found in PhoneNumberMatcher(text, "FR", max_tries=50):
        if found.raw_string.startswith(("+", "00")):
            yield found.start, found.end


def _national_phones(text: str) -> Iterator[tuple[int, int]]:
    for match in _NATIONAL.finditer(text):
        if not _DATE.match(match[0]):
            yield match.span()
    for match in _SHORT_PHONE.finditer(text):
        if _PHONE_WORD.search(text, max(0, match.start() - 45), match.start()) and not _DATE.match(match[0]):
            yield match.span()
