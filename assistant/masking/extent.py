"""How far a name goes, and which words can be part of one."""

from collections.abc import Sequence
from functools import cached_property

from assistant.masking.lists import (
    first_names,
    french_first_names,
    is_plain_word,
    last_names,
    never_names,
    phrases,
    words,
)
from assistant.masking.wording import Word
from indexing import STOPWORDS, zipf

# First position (included) and last (excluded) of words.
Span = tuple[int, int]

_MOST_WORDS = 5
# On the Zipf scale: a last name may be rarer than this without being in a list.
_RARE = 3.3
_UNUSUAL = 4.3


class Names:
    """The words of a text, asked what in them can be a person's name. Positions are those of `words`."""

    def __init__(self, typed: Sequence[Word], known: frozenset[str]) -> None:
        self.words = typed
        self._known = known

    def nameable(self, at: int) -> bool:
        """Whether a word can be part of a name: no function word, role, institution, known organisation or place."""
        bare = self.words[at].bare
        parts = bare.split("-")
        if (
            parts[0] in words("particles", "saints")
            and len(parts) > 1
            and at
            and self.words[at].joined
            and self.words[at - 1].bare in first_names()
        ):
            return bare not in self._known
        return not (
            len(bare) < 2
            or bare in self._never
            or parts[0] in self._never
            or (len(parts) > 1 and parts[-1] in words("particles", "asking"))
        )

    def first_name(self, at: int) -> bool:
        """Whether a word is a first name, compound or not, of any origin."""
        bare = self.words[at].bare
        return self.nameable(at) and (
            bare in first_names() or ("-" in bare and all(part in first_names() for part in bare.split("-")))
        )

    def firm_first(self, at: int) -> bool:
        """Whether a word is a first name even in lower case: French, and no common word nor place."""
        bare = self.words[at].bare
        return self.first_name(at) and not self.ambiguous(at) and ("-" in bare or bare in french_first_names())

    def ambiguous(self, at: int) -> bool:
        """Whether a first name is also a common word or a place."""
        bare = self.words[at].bare
        return bare in words("names", "ambiguous")

    def surname(self, at: int) -> bool:
        """Whether a word in lower case looks like a last name: listed and not too common, or hardly a word at all."""
        bare = self.words[at].bare
        if len(bare) < 3 or not self.nameable(at) or self.acronym(at):
            return False
        return zipf(bare) < (_UNUSUAL if bare in last_names() else _RARE)

    def announced(self, at: int) -> bool:
        """Whether a word is a last or first name, or rare enough to be one, where a name is expected."""
        bare = self.words[at].bare
        listed = bare in last_names() or bare in first_names()
        return self.nameable(at) and len(bare) > 2 and zipf(bare) < (5.3 if listed else _RARE)

    def known_word(self, at: int) -> bool:
        """Whether a word is met often enough in French to be something else than a rare first name."""
        return is_plain_word(self.words[at].bare, _RARE)

    def acronym(self, at: int) -> bool:
        """Whether a word in capitals is more likely an acronym than a last name."""
        word = self.words[at]
        return word.upper and len(word.text) < 7 and word.bare not in last_names() and word.bare not in first_names()

    def is_full(self, span: Span) -> bool:
        """Whether a span holds a first and a last name, or as many words."""
        return span[1] - span[0] > 1

    def is_place(self, at: int) -> bool:
        """Whether what stands before says that a name is that of a thing: a street, a school, a law, a saint."""
        return self._after_a_thing(at) or self._of_a_title(at) or self._quoted(at) or self._organisation(at)

    def _after_a_thing(self, at: int) -> bool:
        """« Le collège Jean Moulin », « la salle polyvalente Georges Brassens »."""
        if not at or not self.words[at].joined:
            return False
        before, things = self.words[at - 1], words("named", "things")
        if before.bare in things:
            return True
        qualified = at > 1 and before.joined and self.words[at - 2].bare in things
        return qualified and before.bare not in STOPWORDS and before.bare not in words("particles", "all")

    def _of_a_title(self, at: int) -> bool:
        """« La Ferme de Lucie », « Les Trésors de Margot »: a capital before « de », in mid-sentence."""
        if at < 3 or self.words[at - 1].bare not in {"d", "de"}:
            return False
        thing = self.words[at - 2]
        joined = self.words[at].joined and self.words[at - 1].joined and thing.joined
        return joined and thing.capital and thing.bare not in first_names()

    def _quoted(self, at: int) -> bool:
        """Whether a name stands between quotation marks: « la salle « Marie Curie » »."""
        return self.words[at].gap.rstrip(" \u00a0\u202f")[-1:] in {"«", '"', "“"}

    def alone(self, at: int) -> bool:
        """Whether a first name with no last name beside it is that of a person, not of a town or a firm."""
        word = self.words[at]
        if self.ambiguous(at) or len(word.bare) < 3 or (word.bare not in french_first_names() and "-" not in word.bare):
            return False
        if at and word.joined:
            before = self.words[at - 1]
            in_a_title = before.capital and before.bare not in STOPWORDS and at > 1
            if in_a_title or before.bare in words("named", "locatives"):
                return False
        after = self.words[at + 1] if at + 1 < len(self.words) else None
        return not (after and after.joined and after.capital and after.bare in never_names() - STOPWORDS)

    def with_last_before(self, span: Span) -> Span:
        """The span with a last name typed before the first name: « DUPONT Jean », « Kervella Nadège »."""
        at = span[0]
        if not at or not self.words[at].joined:
            return span
        before = self.words[at - 1]
        shouted = before.upper and not self.words[at].upper and len(before.text) > 3
        likely = before.capital and (shouted or before.bare in last_names())
        return (at - 1, span[1]) if likely and self.nameable(at - 1) else span

    def span(self, at: int, *, lower: bool = False, rare: bool = False, particle: bool = False) -> Span | None:
        """The name that begins at a word, as positions; None when it is no name.

        `lower` admits a name typed without capitals, `rare` only if its first word is a listed or a rare one,
        `particle` one that begins with a particle (« Mme de Villiers »).
        """
        if self._organisation(at):
            return None
        end, position = at, at
        while position < len(self.words) and position - at < _MOST_WORDS:
            if position > at and not self._follows(position):
                break
            word = self.words[position]
            if (position > at or particle) and self._particle(at, position, particle):
                position += 1
                continue
            named = word.capital and self.nameable(position)
            if not named and not (lower and self._typed_low(at, position, rare)) and not self._initial(position):
                break
            position += 1
            end = position
        return (at, end) if end > at else None

    def _typed_low(self, first: int, at: int, rare: bool) -> bool:
        word = self.words[at]
        if word.capital or not self.nameable(at) or len(word.bare) < 3:
            return False
        listed = word.bare in last_names() or word.bare in first_names()
        if at == first:
            return listed or not is_plain_word(word.bare, _RARE if rare else _UNUSUAL + 0.4)
        before = self.words[at - 1].bare
        if before not in first_names() and before not in words("particles", "all"):
            return False
        common = 5.6 if word.bare in first_names() else 5.0
        return not is_plain_word(word.bare, common if listed else _RARE + 0.4)

    def _particle(self, first: int, at: int, announced: bool) -> bool:
        """Whether a particle stands here and the name that begins at `first` goes on after it."""
        word = self.words[at]
        if not self._is_particle(at) or at + 1 >= len(self.words) or not self._follows(at + 1):
            return False
        two = self._is_particle(at + 1) and at + 2 < len(self.words) and self._follows(at + 2)
        after = at + 2 if two else at + 1
        if not self.nameable(after):
            return False
        if word.capital:
            return self.words[after].capital
        if at == first:
            return word.bare in words("particles", "first") and (self.words[after].capital or self.surname(after))
        return self.words[after].capital and at == first + 1 and self._joins(at, announced)

    def _joins(self, at: int, announced: bool) -> bool:
        """« Charles de Gaulle », « Raymond d'Hauteville », but « Mme Martin de Rennes » is Martin."""
        before, bare = self.words[at - 1].bare, self.words[at].bare
        first_only = before in first_names() and (bare == "d" or not announced or before not in last_names())
        return first_only and bare in words("particles", "joining")

    def _is_particle(self, at: int) -> bool:
        return self.words[at].bare in words("particles", "all")

    def _initial(self, at: int) -> bool:
        """Whether one capital letter stands here and a name follows: « Jean P. Dupont »."""
        word = self.words[at]
        if not word.capital or len(word.text) > 1 or word.bare in STOPWORDS or at + 1 >= len(self.words):
            return False
        return self._follows(at + 1) and self.words[at + 1].capital and self.nameable(at + 1)

    def _follows(self, at: int) -> bool:
        word = self.words[at]
        return word.joined or (word.gap in {".", ". "} and len(self.words[at - 1].text) == 1)

    def _organisation(self, at: int) -> bool:
        if at + 1 >= len(self.words):
            return False
        return f"{self.words[at].bare} {self.words[at + 1].bare}" in phrases()

    @cached_property
    def _never(self) -> frozenset[str]:
        return never_names() | self._known
