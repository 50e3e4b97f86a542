"""Names of persons told by what stands around: a closing formula, a number that follows, the same name elsewhere."""

import re
from collections.abc import Iterator

from assistant.masking.compact import MARKS
from assistant.masking.extent import Names, Span
from assistant.masking.lists import words

_SIGNED = re.compile(
    r"\b(?:cordialement|cdlt|bien à vous|bien à toi|salutations|respectueusement|amicalement|"
    r"bonne (?:journée|soirée|réception)|merci(?: (?:d'avance|beaucoup|bien|à vous))?|signé|sentiments distingués)"
    r"[ \t]{0,3}[,.!:;–-]{0,2}\s{1,4}$",
    re.IGNORECASE,
)
_AFTER_A_SIGNATURE = frozenset(["", "\n", "\r", ",", ".", "(", "-", "–"])
_TO_A_NUMBER = re.compile(
    r"\s{0,2}[,:;(<–-]{0,2}\s{0,2}"
    r"(?:(?:au|sur|à|par|tel|tél|téléphone|mail|courriel|portable|mobile|fixe|son|est|le|numéro|n°|joignable)\b"
    r"\.?\s{0,2}[:,]?\s{0,2}){0,4}"
    rf"[{MARKS['phone']}{MARKS['email']}]",
    re.IGNORECASE,
)


def signatures(text: str, reader: Names) -> Iterator[Span]:
    """« Cordialement, Sylvie Moreau »."""
    for at, word in enumerate(reader.words):
        if not (word.capital or reader.firm_first(at)) or reader.acronym(at):
            continue
        if _SIGNED.search(text, max(0, word.start - 40), word.start) and (span := reader.span(at, lower=True)):
            ends = text[reader.words[span[1] - 1].end :].lstrip(" \t")[:1]
            if ends in _AFTER_A_SIGNATURE or reader.first_name(at):
                yield span


def named_before_numbers(text: str, reader: Names) -> Iterator[Span]:
    """« Rappeler Kowalski au [téléphone] »; the mairie of a place has a number too."""
    for at, word in enumerate(reader.words):
        if not word.capital or not _stands_free(reader, at) or reader.is_place(at) or reader.acronym(at):
            continue
        span = reader.span(at)
        if not span or not (reader.is_full(span) or reader.announced(at)):
            continue
        if _TO_A_NUMBER.match(text, reader.words[span[1] - 1].end):
            yield span


def named_again(reader: Names, spans: set[Span]) -> Iterator[Span]:
    """Other places where a name found stands with its capital: « Mme Durand… Durand refuse »."""
    told = {reader.words[at].bare for first, last in spans for at in range(first, last) if reader.words[at].capital}
    unlikely = words("named", "locatives") | words("particles", "of") - {"de", "d"}
    for at, word in enumerate(reader.words):
        if not word.capital or len(word.bare) < 3 or word.bare not in told:
            continue
        of_a_place = at > 0 and word.joined and reader.words[at - 1].bare in unlikely
        if reader.nameable(at) and not reader.is_place(at) and not of_a_place:
            yield at, at + 1


def _stands_free(reader: Names, at: int) -> bool:
    """Whether a word begins what is called: after « rappeler », or after neither a capital nor « de »."""
    if not at or not reader.words[at].joined:
        return True
    before = reader.words[at - 1]
    return before.bare in words("before", "calls") or not (before.capital or before.bare in words("particles", "of"))
