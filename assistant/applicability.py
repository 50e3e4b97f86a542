"""Who asks, and for whom a document holds: population, kind of collectivité, département."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

from assistant.french import departements, patterns, words_of
from corpus import Applicability
from indexing import fold, tokens

AskerType = Literal["commune", "commune_nouvelle", "epci", "petr", "pnr", "autre"]
_POPULATION = re.compile(r"(?<!\d)(?<!\d[ .])(\d{1,3}(?:[ .]\d{3})+|\d{2,7}) ?(?:hab\b|habs\b|habitants?\b|ames\b)")
_BOUND = re.compile(r"(?:\b(?:moins|plus|au-dela) de|\bjusqu'a|\bentre(?: [\d .]+ et)?|\bde [\d .]+ a) $")
"""What makes the number behind it a threshold of the documents, not the size of who asks."""
_SAID = re.compile(
    r",?\s*(?:de |avec |d['’]environ |fait |compte |environ )?"
    r"(?P<number>\d)[\d .\u00a0\u202f]*(?:hab|habs|habitante?s?|âmes|ames)\b\.?",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Asker:
    """What is known of who asks; None where nothing is.

    `population` counts inhabitants; `departement` is a name as folded words (« ille et vilaine »).
    """

    population: int | None = None
    type: AskerType | None = None
    departement: str | None = None

    def __bool__(self) -> bool:
        return any((self.population, self.type, self.departement))


def read_asker(text: str) -> Asker:
    """What a question says of who asks: « ma commune de 800 habitants dans le Lot »."""
    folded = fold(text)
    counts = _POPULATION.finditer(folded)
    population = next((count for count in counts if not _BOUND.search(folded[: count.start()])), None)
    # « Une SCIC ouverte aux communes » tells of no asker: someone must speak of their own place.
    own = patterns("asker")["speaks"].search(folded)
    kind = _type(folded)
    return Asker(
        int(re.sub(r"[ .]", "", population[1])) if population and (own or kind) else None,
        kind if own or population else None,
        _departement(text) if own or population else None,
    )


def _type(folded: str) -> AskerType | None:
    """The kind of collectivité a folded text names first: « notre commune et son EPCI » speaks for a commune."""
    types: tuple[AskerType, ...] = get_args(AskerType)
    found = patterns("asker_types")
    places = {name: match for name in types if name in found and (match := found[name].search(folded))}
    if "commune_nouvelle" in places and min(places, key=lambda name: places[name].start()) == "commune":
        # Its mayor is named before it, with the words of a commune.
        return "commune_nouvelle"
    return min(places, key=lambda name: (places[name].start(), -len(places[name][0])), default=None)


def without_population(text: str) -> str:
    """A question without how many inhabitants its asker has: a number that no document is asked for."""
    if read_asker(text).population is None:
        return text
    return _SAID.sub(lambda said: said[0] if _BOUND.search(fold(text[: said.start("number")])) else "", text)


def merged(askers: Iterable[Asker]) -> Asker:
    """What is known in all, the first that says something deciding each point."""
    known = list(askers)
    return Asker(
        next((asker.population for asker in known if asker.population), None),
        next((asker.type for asker in known if asker.type), None),
        next((asker.departement for asker in known if asker.departement), None),
    )


def excludes(holds_for: Applicability | None, asker: Asker) -> bool:
    """Whether a document says that it does not hold for who asks; what is unknown excludes nobody."""
    if holds_for is None:
        return False
    if asker.population is not None:
        if holds_for.population_min is not None and asker.population < holds_for.population_min:
            return True
        if holds_for.population_max is not None and asker.population > holds_for.population_max:
            return True
    if asker.type and asker.type != "autre" and holds_for.types:
        # A commune nouvelle is a commune: what holds for communes holds for it.
        own = {asker.type, "commune"} if asker.type == "commune_nouvelle" else {asker.type}
        return not own & set(holds_for.types)
    return False


def place_words(text: str) -> str:
    """A place or a text as folded words without elisions: « Côtes-d'Armor » gives « cotes armor »."""
    return " ".join(token.word for token in tokens(text))


def _departement(text: str) -> str | None:
    words = place_words(text)
    named = [name for name in departements().values() if re.search(rf"\b{re.escape(name)}\b", words)]
    # « Une réunion », « trop cher », « le lot »: a département only with its capital.
    capitals = place_words(" ".join(re.findall(r"\b[A-ZÀ-Ý][\w-]*", text))).split()
    plain = words_of("asker_places", "plain_words")
    return max((name for name in named if name not in plain or name in capitals), key=len, default=None)
