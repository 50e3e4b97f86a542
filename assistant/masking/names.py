"""Names of persons: said by a civility, a role, an introduction, a signature, or known by their first name."""

import re
from collections.abc import Callable, Iterator

from assistant.masking.around import named_again, named_before_numbers, signatures
from assistant.masking.extent import Names, Span
from assistant.masking.found import Found
from assistant.masking.lists import first_names, french_first_names, last_names, words
from assistant.masking.wording import words_of

_STRONG = (
    ("je", "m", "appelle"),
    ("me", "nomme"),
    ("m", "appelle"),
    ("mon", "nom", "est"),
    ("je", "soussigne"),
    ("je", "soussignee"),
    ("part", "de", "m"),
)
_WEAK = (("je", "suis"), ("moi", "c", "est"), ("ici",), ("part", "de"), ("bonjour",), ("signe",))


def names(text: str, known: frozenset[str]) -> Iterator[Found]:
    """Finds in a compact text; they may overlap. `known` are folded words that are no person's name."""
    found = words_of(text)
    reader = Names(found, known)
    rules: tuple[Callable[[Names, int], Span | None], ...] = (
        _after_civility,
        _after_introduction,
        _after_role,
        _after_relative,
        _by_first_name,
        _by_initial,
        _last_then_first,
        _before_role,
    )
    spans = {span for at in range(len(found)) for rule in rules if (span := rule(reader, at))}
    spans |= set(signatures(text, reader)) | set(named_before_numbers(text, reader))
    spans |= set(named_again(reader, spans))
    for first, last in spans:
        yield Found(found[first].start, found[last - 1].end, "name")


def _after_civility(reader: Names, at: int) -> Span | None:
    """« Mme Le Goff », « m. durand », « MM. Durand et Petit »; « monsieur appelle » is nobody's name."""
    if not at:
        return None
    word, before = reader.words[at], reader.words[at - 1]
    if before.bare not in words("before", "civilities"):
        return reader.span(at, lower=True, particle=True) if _second_of_two(reader, at) else None
    dotted = word.gap.startswith(".")
    if not word.joined and not (dotted and set(word.gap[1:]) <= set(" \u00a0\u202f")):
        return None
    short = before.bare in words("before", "short_civilities") and not before.capital and not dotted
    if short and not _letter_announces(reader, at):
        return None
    whole = before.bare in words("before", "whole_civilities")
    return reader.span(at, lower=True, rare=whole, particle=True)


def _letter_announces(reader: Names, at: int) -> bool:
    """Whether the « m » before is a civility: « m robert », but « 5 m de large », « je m appelle »."""
    letter = reader.words[at - 1]
    pronoun = at > 1 and reader.words[at - 2].bare in {"je", "il", "elle"}
    return letter.bare == "m" and not letter.gap.strip()[-1:].isdigit() and not pronoun and reader.announced(at)


def _second_of_two(reader: Names, at: int) -> bool:
    """« Mmes Durand et Petit »: the second."""
    before = [word.bare for word in reader.words[max(0, at - 4) : at]]
    plural = bool({"mm", "mmes", "messieurs", "mesdames"} & set(before[:-2]))
    return plural and before[-1] == "et" and reader.words[at].capital


def _after_introduction(reader: Names, at: int) -> Span | None:
    """« Je m'appelle Nadège Kervella », « bonjour, ici fatou diop »; « je suis Breton » gives no name."""
    before = [word.bare for word in reader.words[max(0, at - 3) : at]]
    if _ends_with(before, _STRONG) or _labelled(reader, at) or _is_called(reader, at, before):
        return reader.span(at, lower=True, particle=True)
    word = reader.words[at]
    if not _ends_with(before, _WEAK) or not (word.joined or word.gap.strip() in {",", ":"}) or reader.is_place(at):
        return None
    span = reader.span(at, lower=reader.firm_first(at))
    return span if span and (reader.is_full(span) or word.bare in french_first_names()) else None


def _ends_with(before: list[str], phrases: tuple[tuple[str, ...], ...]) -> bool:
    return any(before[-len(phrase) :] == list(phrase) for phrase in phrases)


def _labelled(reader: Names, at: int) -> bool:
    """« Nom : Perrin », « prénom Lucie »."""
    return at > 0 and reader.words[at - 1].bare in {"nom", "prenom", "noms", "prenoms"} and ":" in reader.words[at].gap


def _is_called(reader: Names, at: int, before: list[str]) -> bool:
    """« Le gérant s'appelle Momar Sarr », but « le projet s'appelle… »."""
    if before[-2:] != ["s", "appelle"] or at < 3:
        return False
    subject = [word.bare for word in reader.words[max(0, at - 5) : at - 2]]
    return subject[-1] in {"il", "elle", "qui"} or bool(words("before", "roles") & set(subject))


def _after_role(reader: Names, at: int) -> Span | None:
    word = reader.words[at]
    if not word.capital:
        return _lower_after_role(reader, at)
    comma = word.gap.strip() in {",", ":", "(", "-", "–"}
    if not (word.joined or comma) or not _role_before(reader, at):
        return None
    span = reader.span(at)
    if not span or reader.is_place(at):
        return None
    if reader.words[at - 1].bare in words("particles", "of"):
        return None
    listed = word.bare in first_names() and not reader.ambiguous(at)
    return span if listed or reader.is_full(span) or (not comma and not reader.acronym(at)) else None


def _lower_after_role(reader: Names, at: int) -> Span | None:
    word = reader.words[at]
    if at and word.joined and reader.words[at - 1].bare in words("before", "roles") and reader.firm_first(at):
        return reader.span(at, lower=True)
    return None


def _role_before(reader: Names, at: int) -> bool:
    """Whether a role stands before, with at most four words that complete it and no other mark than spaces."""
    for back in range(at - 1, max(-1, at - 6), -1):
        bare = reader.words[back].bare
        if bare in words("before", "roles"):
            return True
        if bare not in words("before", "role_rest") or not reader.words[back].joined:
            return False
    return False


def _after_relative(reader: Names, at: int) -> Span | None:
    word = reader.words[at]
    if not at or not word.capital or not word.joined or reader.words[at - 1].bare not in words("before", "relatives"):
        return None
    return reader.span(at, particle=True)


def _by_first_name(reader: Names, at: int) -> Span | None:
    if not reader.first_name(at) or reader.is_place(at):
        return None
    if not reader.words[at].capital:
        follows = at + 1 < len(reader.words) and reader.words[at + 1].joined and reader.surname(at + 1)
        return reader.span(at, lower=True) if reader.firm_first(at) and follows else None
    span = reader.span(at)
    if not span:
        return None
    if reader.is_full(span):
        second = reader.words[at + 1].bare
        return (
            reader.with_last_before(span)
            if not reader.ambiguous(at) or second in last_names() or second in first_names()
            else None
        )
    wider = reader.with_last_before(span)
    if wider != span:
        return wider
    return span if reader.alone(at) else None


def _by_initial(reader: Names, at: int) -> Span | None:
    """« J. Dupont », « J.-P. Martin »."""
    word = reader.words[at]
    if not at or not word.capital or len(word.text) < 3 or word.upper or not re.fullmatch(r"\. ?", word.gap):
        return None
    before = reader.words[at - 1]
    if len(before.text) != 1 or not before.capital or before.bare == "m" or not reader.nameable(at):
        return None
    span = reader.span(at)
    return (at - 1, span[1]) if span else None


def _last_then_first(reader: Names, at: int) -> Span | None:
    """« VANHOUTTE Griet »: capitals then a capital, at the start of a line or of a list."""
    word = reader.words[at]
    if not word.upper or len(word.text) < 4 or not reader.nameable(at) or (at and word.joined):
        return None
    span = reader.span(at)
    if not span or span[1] - span[0] != 2 or reader.words[at + 1].upper or reader.is_place(at):
        return None
    return (
        span
        if reader.announced(at) and (reader.words[at + 1].bare in first_names() or not reader.known_word(at + 1))
        else None
    )


def _before_role(reader: Names, at: int) -> Span | None:
    """« Tugdual Riou, maire de Locronan »: two capitals, a comma or a bracket, a role."""
    if not reader.words[at].capital or (at and reader.words[at].joined and reader.words[at - 1].capital):
        return None
    span = reader.span(at)
    if not span or not reader.is_full(span) or span[1] >= len(reader.words) or reader.is_place(at):
        return None
    after = reader.words[span[1]]
    role = after
    if after.bare in {"le", "la", "l", "notre", "votre", "un", "une"} and span[1] + 1 < len(reader.words):
        role = reader.words[span[1] + 1]
    marked = after.gap.strip() in {",", "("} or after.gap == " "
    if after.gap.strip() == "," and (after.bare, role.bare) in {("je", "je"), ("j", "j")}:
        return span
    return span if marked and not role.capital and role.bare in words("before", "roles") else None
