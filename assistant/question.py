"""What is asked: the words that count, corrected and completed, the texts to embed, and the form of the question."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, get_args

from assistant.definition import thing_to_define
from assistant.expectation import Value, expected_value
from assistant.french import patterns, words_of
from corpus import Lexicon
from indexing import STOPWORDS, Token, Vocabulary, fold, stem, terms, tokens, zipf

Form = Literal[
    "opinion",
    "comparison",
    "examples",
    "figure",
    "date",
    "where",
    "who",
    "definition",
    "role",
    "list",
    "howto",
    "eligibility",
    "other",
]

LONG = 160
"""From this many characters on, a question is read as a story whose sentences are also searched one by one."""
MAX_SEGMENTS = 6
# A word this common in French says little of what is asked, even when the corpus has few of it.
COMMON_ZIPF = 5.6
_KNOWN_FRENCH = 2.0
SYNONYM = 0.6
"""Trust that a synonym of the lexicon was meant."""
SEARCHED = 0.4
"""Of that, what counts in a search by words: at full trust, synonyms cost the bench 0.013 of MRR."""

_SENTENCE = re.compile(r"[^.!?…]+[.!?…]*")


@dataclass(frozen=True, slots=True)
class Word:
    """A content word of the question: as typed (folded), and what it may stand for.

    Each of `meanings` is a set of terms that must all be there, with the trust in [0, 1] that this was meant: the word
    itself, what it was corrected or completed to, its synonyms. `weight` in [0.2, 1] is what the word says of the
    subject, least for the commonest words of French. `known` says whether the corpus holds any of the meanings.
    """

    typed: str
    meanings: tuple[tuple[frozenset[str], float], ...]
    weight: float
    known: bool


@dataclass(frozen=True, slots=True)
class Query:
    """A question ready to be searched. `segments` are the texts to embed, the whole question first."""

    text: str
    segments: tuple[str, ...]
    words: tuple[Word, ...]
    form: Form
    english: bool = False
    corrections: tuple[tuple[str, str], ...] = ()
    weights: Mapping[str, float] = field(default_factory=dict)
    focus: tuple[Word, ...] = ()
    """The words right behind the question word: the thing asked (« visiteurs » of « combien de visiteurs… »)."""
    figures: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    expects: Value | None = None
    defined: tuple[Word, ...] = ()
    """The words of the thing whose definition is all that is asked."""


def read_question(text: str, vocabulary: Vocabulary, lexicon: "Synonyms") -> Query:
    """Read a question that stands alone."""
    folded = fold(text)
    english = sum(token.word in words_of("english", "words") for token in tokens(text)) >= 3
    found = tokens(text)
    synonyms = lexicon.of(text, found)
    words: list[Word] = []
    corrections: list[tuple[str, str]] = []
    weights: dict[str, float] = {}
    for token in {token.word: token for token in found if token.word not in STOPWORDS}.values():
        word, correction = _word(token.word, token.term, vocabulary, synonyms.get(token.word, ()))
        if correction:
            corrections.append((token.word, correction))
        words.append(word)
        for meant, trust in word.meanings:
            worth = trust * SEARCHED if trust == SYNONYM else trust
            for term in meant:
                weights[term] = max(weights.get(term, 0.0), worth / len(meant))
    corrected = _corrected(text, corrections)
    return Query(
        text=corrected,
        segments=_segments(corrected),
        words=tuple(words),
        form=_form(folded),
        english=english,
        corrections=tuple(corrections),
        weights=weights,
        focus=_focus(folded, words),
        figures=tuple(dict.fromkeys(token.word for token in found if token.word[0].isdigit())),
        names=_names(text),
        expects=expected_value(text),
        defined=_defined(corrected, words),
    )


def without_orders(text: str) -> str:
    """The question without orders to the machine; empty when nothing else is asked.

    Beside an order only what reads as a question is kept: what frames the order is no question either.
    """
    sentences = [match[0].strip() for match in _SENTENCE.finditer(text)]
    orders = [_is_order(fold(sentence)) for sentence in sentences]
    if not any(orders):
        return text
    kept = []
    for sentence, order in zip(sentences, orders, strict=True):
        if order:
            kept.append(_question_behind(sentence))
        elif sentence.endswith("?") or patterns("asked")["words"].match(fold(sentence)):
            kept.append(sentence)
    return " ".join(filter(None, kept))


def _question_behind(order: str) -> str:
    """What an order's own sentence asks behind « et dis-moi… », empty when it asks nothing."""
    behind = re.search(r"\b(?:et|puis)\s+(?:dis-moi|dites-moi|donne-moi)?\s*(?=\S)", order, re.I)
    rest = order[behind.end() :] if behind and order.endswith("?") else ""
    return rest if rest and not _is_order(fold(rest)) else ""


def _is_order(folded: str) -> bool:
    """Whether a folded sentence tells the machine what to do. What is asked of the documents may stand beside it."""
    orders = patterns("orders")
    if orders["phrases"].search(folded):
        return True
    for verb in orders["verbs"].finditer(folded):
        # An imperative opens its clause: « on me répète que… » is a story, « répète… » an order.
        before = folded[: verb.start()].rstrip()
        opens = not before or before[-1] in ",;:!" or before.endswith((" et", " puis"))
        if opens and re.search(rf"\b(?:{orders['objects'].pattern})\b", folded[verb.end() : verb.end() + 90]):
            return True
    return False


def _focus(folded: str, words: Sequence[Word]) -> tuple[Word, ...]:
    asked = list(patterns("asked")["words"].finditer(folded))
    if not asked:
        return ()
    behind = [token.word for token in tokens(folded[asked[-1].end() :])]
    by_word = {word.typed: word for word in words}
    found = [by_word[word] for word in behind if word in by_word]
    return tuple(found[:2])


def _defined(text: str, words: Sequence[Word]) -> tuple[Word, ...]:
    thing = thing_to_define(text)
    if thing is None:
        return ()
    named = {token.word for token in tokens(thing)}
    return tuple(word for word in words if word.typed in named)


def _names(text: str) -> tuple[str, ...]:
    """Capitalised words that do not begin a sentence, and acronyms: what a question takes for granted exists."""
    inside = re.findall(r"(?<=[\w,;:’'»)-] )(?:[ldLD][’'])?([A-ZÀ-Ý][\w-]+)", text)
    return tuple(dict.fromkeys(name for name in inside if fold(name) not in STOPWORDS))


def _word(word: str, term: str, vocabulary: Vocabulary, synonyms: Sequence[frozenset[str]]) -> tuple[Word, str | None]:
    frequency = zipf(word)
    weight = 1.0 if frequency < COMMON_ZIPF - 1 else max(0.2, COMMON_ZIPF - frequency)
    others = tuple((meant, SYNONYM) for meant in synonyms if all(map(vocabulary.knows, meant)))
    own = (frozenset({term}), 1.0)
    if vocabulary.knows(term):
        return Word(word, (own, *others), weight, True), None
    if others:
        return Word(word, (own, *others), weight, True), None
    if frequency < _KNOWN_FRENCH and (nearest := vocabulary.nearest(word)):
        return Word(word, ((frozenset({stem(nearest)}), 0.9),), weight, True), nearest
    if frequency < 4 and (completed := vocabulary.completions(word)):
        # Completions of a cut word share its trust: the commonest is the likeliest.
        likely = list(dict.fromkeys(stem(candidate) for candidate in completed))[:4]
        return Word(
            word, tuple((frozenset({t}), 0.8 / (1 + rank / 2)) for rank, t in enumerate(likely)), weight, True
        ), None
    if parts := vocabulary.parts(word):
        return Word(word, ((frozenset(map(stem, parts)), 0.9),), weight, True), None
    return Word(word, (own,), weight, False), None


class Synonyms:
    """The lexicon as search sees it: folded forms, longest first, and the terms of their other forms."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._forms: dict[tuple[str, ...], tuple[frozenset[str], ...]] = {}
        for form, others in lexicon.others.items():
            key = tuple(token.word for token in tokens(form))
            meant = tuple(frozenset(terms(other)) for other in others)
            self._forms[key] = (*self._forms.get(key, ()), *(terms_ for terms_ in meant if terms_))
        self._longest = max((len(key) for key in self._forms), default=0)
        # LEADER, CAPE or OM are everyday words once folded: those are acronyms only in capitals.
        self._capitals_only = {fold(name) for name in lexicon.acronyms if zipf(name) >= 3.0 and len(name) > 2}

    def of(self, text: str, found: Sequence[Token]) -> dict[str, tuple[frozenset[str], ...]]:
        """What each word of a text may also stand for; the words of a phrase share what the phrase stands for."""
        capitals = {fold(word) for word in re.findall(r"\b[A-Z][A-Z&.]+\b", text)}
        result: dict[str, tuple[frozenset[str], ...]] = {}
        taken: set[int] = set()
        for length in range(min(self._longest, len(found)), 0, -1):
            for start in range(len(found) - length + 1):
                span = range(start, start + length)
                key = tuple(found[at].word for at in span)
                meant = self._forms.get(key)
                if meant is None or taken & set(span):
                    continue
                if length == 1 and key[0] in self._capitals_only and key[0] not in capitals:
                    continue
                taken |= set(span)
                for word in key:
                    if word not in STOPWORDS:
                        result[word] = (*result.get(word, ()), *meant)
        return result


def _corrected(text: str, corrections: list[tuple[str, str]]) -> str:
    for typed, correct in corrections:
        pattern = "".join(f"{re.escape(letter)}[\u0300-\u036f]*" for letter in typed)
        text = re.sub(rf"\b{pattern}\b", correct, text, flags=re.I)
        if fold(text).find(typed) >= 0:
            # Typed with accents: find the word by its folded form.
            text = " ".join(
                correct if fold(piece).strip('.,;:!?()«»"') == typed else piece for piece in text.split(" ")
            )
    return text


def _segments(text: str) -> tuple[str, ...]:
    if len(text) < LONG:
        return (text,)
    sentences = [match[0].strip() for match in _SENTENCE.finditer(text)]
    sentences = [sentence for sentence in sentences if len(sentence.split()) >= 3]
    return tuple(dict.fromkeys([text, *sentences[-MAX_SEGMENTS:]]))


def _form(folded: str) -> Form:
    forms: tuple[Form, ...] = get_args(Form)
    found = patterns("forms")
    return next((form for form in forms if form in found and found[form].search(folded)), "other")
