"""Grounding: the one gate every sentence passes, whoever composed it, before it is said.

A sentence is kept when the words it claims as proof stand in the passages it names, when all its hard facts stand in
the units those words come from, when it neither adds nor loses a negation, and when its own words are mostly theirs.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Literal

from assistant.answer import MAX_QUOTE, Answer, Cell, Citation, Draft, Quote, Sentence, Table, WarningCode
from assistant.facts import missing, spelt_out
from assistant.french import number_words, patterns, words_of
from indexing import STOPWORDS, DocumentRecord, Passage, fold, stem, tokens

Reason = Literal["no_quote", "hard_fact", "negation", "opposite", "unproven", "off_topic"]

MIN_PROOF = 0.75
"""Share of a sentence's content words that the units it quotes must hold: a rewording keeps most of them."""
MIN_QUOTE_WORDS = 3
MIN_SUPPORT = 0.25
"""Support below which a sentence after the first is off topic; chosen on our own sets for length against facts."""


@dataclass(frozen=True, slots=True)
class Dropped:
    """A sentence the gate stopped, and why."""

    draft: Draft
    reason: Reason


@dataclass(frozen=True, slots=True)
class Admitted:
    """What passed the gate: an answer, None when nothing did; and what did not."""

    answer: Answer | None
    dropped: tuple[Dropped, ...]


@dataclass(frozen=True, slots=True)
class Columns:
    """The rows and columns of the comparison that drafts with a `cell` fill."""

    criteria: tuple[str, ...]
    columns: tuple[str, ...]


def admit(
    drafts: Sequence[Draft],
    documents: Mapping[str, DocumentRecord],
    support: Callable[[Draft], float],
    warning: Callable[[DocumentRecord], WarningCode | None] = lambda document: None,
    columns: Columns | None = None,
) -> Admitted:
    """Keep the sentences their quotes prove, number their citations in order of first use.

    `support` says in [0, 1] how well a draft's quotes answer the question; what is kept has that times its proof.
    """
    passed: set[int] = set()
    dropped: list[Dropped] = []
    for at, draft in enumerate(drafts):
        if (reason := refusal(draft, documents)) is None:
            passed.add(at)
        else:
            dropped.append(Dropped(draft, reason))
    scores = {at: support(drafts[at]) * proof(drafts[at], documents) for at in passed}
    for at in _off_topic(drafts, scores) if columns is None else ():
        passed.discard(at)
        dropped.append(Dropped(drafts[at], "off_topic"))
    kept = [(drafts[at], scores[at]) for at in _without_orphans(drafts, passed)]
    if not kept:
        return Admitted(None, tuple(dropped))
    numbers: dict[str, int] = {}
    sentences = []
    for draft, score in kept:
        cited = dict.fromkeys(numbers.setdefault(quote.passage.id, len(numbers) + 1) for quote in draft.quotes)
        sentences.append(Sentence(draft.text, tuple(cited), round(score, 3), draft.item))
    citations = tuple(
        _citation(number, passage_id, [draft for draft, _ in kept], documents, warning)
        for passage_id, number in numbers.items()
    )
    table = _table(columns, [draft for draft, _ in kept], sentences) if columns else None
    return Admitted(Answer(tuple(sentences), citations, table=table), tuple(dropped))


def refusal(draft: Draft, documents: Mapping[str, DocumentRecord]) -> Reason | None:
    """Why a draft may not be said, None when its quotes prove it."""
    said, quoted = len(_bare(draft.text).split()), sum(len(_bare(quote.text).split()) for quote in draft.quotes)
    if not draft.quotes or quoted < min(MIN_QUOTE_WORDS, said):
        return "no_quote"
    if missing(draft.text, _units_of(draft), _titles(draft, documents)):
        return "hard_fact"
    if copied(draft):
        return None
    if reason := _turned(draft):
        return reason
    return "unproven" if proof(draft, documents) < MIN_PROOF else None


def copied(draft: Draft) -> bool:
    """Whether a draft says its quotes' own words, in their order, and nothing else."""
    return _bare(draft.text) == _bare(" ".join(quote.text for quote in draft.quotes))


def proof(draft: Draft, documents: Mapping[str, DocumentRecord]) -> float:
    """Share in [0, 1] of a draft's content words that its evidence holds."""
    if copied(draft):
        return 1.0
    own = [token for token in tokens(_without_numbers(draft.text)) if token.word not in STOPWORDS]
    evidence = (*_units_of(draft), *_titles(draft, documents))
    known = {token.term for text in evidence for token in tokens(text)}
    same = spelt_out(draft.text, evidence)
    return sum(token.term in known or token.word in same for token in own) / len(own) if own else 0.0


def _without_numbers(text: str) -> str:
    """A text without its numbers, which the guard compares in all their forms."""
    folded = fold(text)
    for start, end, _ in reversed(list(number_words(folded))):
        folded = f"{folded[:start]} {folded[end:]}"
    return _OTHER_NUMBERS.sub(" ", folded)


_OTHER_NUMBERS = re.compile(
    r"\d[\d .,]*(?:%|€)?|\b(?:pour cent|moitie|tiers|quarts?|euros?|millions?|milliards?|md?€|k€)(?!\w)"
)


def locate(passage: Passage, words: str) -> Quote | None:
    """Where words stand in a passage, None when they do not.

    Both sides are made equal in spaces, quotes, dashes, apostrophes and case before they are compared; what is returned
    is the passage's own span. Too few words to prove anything are not looked for.
    """
    wanted, _ = _level(words.strip(' .…«»"“”'))
    if len(wanted.split()) < MIN_QUOTE_WORDS:
        return None
    text, offsets = _level(passage.text)
    start = text.find(wanted)
    return None if start < 0 else Quote(passage, offsets[start], offsets[start + len(wanted) - 1] + 1)


def _level(text: str) -> tuple[str, list[int]]:
    """A text with one kind of space, quote, dash and case, and the offset in the original of each character."""
    letters: list[str] = []
    offsets: list[int] = []
    for offset, character in enumerate(text):
        for letter in unicodedata.normalize("NFKC", character).translate(_ALIKE).lower():
            if letter.isspace() and (not letters or letters[-1] == " "):
                continue
            letters.append(" " if letter.isspace() else letter)
            offsets.append(offset)
    while letters and letters[-1] == " ":
        letters.pop()
        offsets.pop()
    return "".join(letters), offsets


_ALIKE = str.maketrans(
    {"’": "'", "‘": "'", "ʼ": "'", "“": '"', "”": '"', "–": "-", "—": "-", "‑": "-", "‐": "-", "−": "-"}
)


def _bare(text: str) -> str:
    return re.sub(r"[^a-z0-9%€@]+", " ", fold(text)).strip()


def _units(quote: Quote) -> Iterator[str]:
    """The units a quote touches, whole, with what introduces them: what stands behind quoted words proves them too."""
    passage = quote.passage
    for index, unit in enumerate(passage.units):
        if unit.start < quote.end and quote.start < unit.end:
            yield passage.text[unit.start : unit.end]
            if unit.lead:
                yield passage.text[unit.lead[0] : unit.lead[1]]
            if above := passage.heading_of(index):
                yield passage.text[above.start : above.end]


def _units_of(draft: Draft) -> list[str]:
    """The units a draft quotes, with what introduces them."""
    return list(dict.fromkeys(text for quote in draft.quotes for text in (*_units(quote), quote.text)))


def _titles(draft: Draft, documents: Mapping[str, DocumentRecord]) -> list[str]:
    """The headings over a draft's quotes, and the titles of their documents."""
    titles: dict[str, None] = {}
    for quote in draft.quotes:
        titles |= dict.fromkeys(quote.passage.heading)
        if record := documents.get(quote.passage.document_id):
            titles[record.metadata.title] = None
    return list(titles)


def _turned(draft: Draft) -> Reason | None:
    """Whether a draft says the contrary of its quotes: a negation more or less, or the opposite word."""
    behind = _nearest([text for quote in draft.quotes for text in _units(quote)], draft.text)
    if _negations(draft.text) != _negations(behind):
        return "negation"
    own, theirs = ({stem(token.word) for token in tokens(text)} for text in (draft.text, behind))
    everything = {stem(token.word) for quote in draft.quotes for text in _units(quote) for token in tokens(text)}
    for pair in words_of("opposites", "pairs"):
        one, other = ({stem(word) for word in side.split("|")} for side in pair.split("/"))
        for here, there in ((one, other), (other, one)):
            if own & here and not everything & here and theirs & there:
                return "opposite"
    return None


def _nearest(texts: Sequence[str], sentence: str) -> str:
    own = Counter(token.term for token in tokens(sentence))
    return max(texts, key=lambda text: sum((own & Counter(token.term for token in tokens(text))).values()), default="")


def _negations(text: str) -> int:
    return len(patterns("negation")["words"].findall(fold(text)))


def _off_topic(drafts: Sequence[Draft], scores: Mapping[int, float]) -> set[int]:
    """Drafts that add little to what answers first, however well they are proven; a list counts as its best item."""
    first = min(scores, default=0)
    runs: list[list[int]] = []
    for at in sorted(scores):
        before = drafts[runs[-1][-1]] if runs else None
        if before and (before.text.endswith(":") or (drafts[at].item and before.item)):
            runs[-1].append(at)
        else:
            runs.append([at])
    return {at for run in runs if first not in run and max(scores[at] for at in run) < MIN_SUPPORT for at in run}


def _without_orphans(drafts: Sequence[Draft], passed: Set[int]) -> list[int]:
    """Which drafts that passed to keep: no introduction without what it introduces, no items without theirs."""
    standing = set(passed)
    introductions = [at for at, draft in enumerate(drafts) if not draft.item and draft.text.endswith(":")]
    for at in introductions:
        if at not in standing:
            standing -= {other for other in _introduced(drafts, at) if drafts[other].item}
    for at in reversed(introductions):  # from the inmost: a heading may introduce the sentence before a list
        if standing.isdisjoint(_introduced(drafts, at)):
            standing.discard(at)
    return sorted(standing)


def _introduced(drafts: Sequence[Draft], at: int) -> range:
    """What stands behind an introduction: the items of its list, or else the next draft."""
    end = at + 1
    while end < len(drafts) and drafts[end].item:
        end += 1
    return range(at + 1, min(len(drafts), max(end, at + 2)))


def _citation(
    number: int,
    passage_id: str,
    drafts: Iterable[Draft],
    documents: Mapping[str, DocumentRecord],
    warning: Callable[[DocumentRecord], WarningCode | None],
) -> Citation:
    of_passage = [quote for draft in drafts for quote in draft.quotes if quote.passage.id == passage_id]
    passage = of_passage[0].passage
    words = dict.fromkeys(words for quote in of_passage for words in _pieces(passage.text, quote.start, quote.end))
    document = documents[passage.document_id]
    return Citation(number, passage, document, tuple(words), warning(document))


def _table(columns: Columns, drafts: Sequence[Draft], sentences: Sequence[Sentence]) -> Table:
    filled: dict[tuple[int, int], Cell] = {}
    for draft, sentence in zip(drafts, sentences, strict=True):
        if draft.cell is not None:
            filled[draft.cell] = Cell(sentence.text, sentence.citations)
    rows = tuple(
        tuple(filled.get((row, column), Cell()) for column in range(len(columns.columns)))
        for row in range(len(columns.criteria))
    )
    return Table(columns.criteria, columns.columns, rows)


def _pieces(text: str, start: int, end: int) -> Iterator[str]:
    """The words of a span as quotes of at most MAX_QUOTE characters, cut between words."""
    while end - start > MAX_QUOTE:
        cut = text.rfind(" ", start + MAX_QUOTE // 2, start + MAX_QUOTE)
        cut = cut if cut > start else start + MAX_QUOTE
        yield text[start:cut]
        start = cut + (text[cut] == " ")
    if text[start:end].strip():
        yield text[start:end]
