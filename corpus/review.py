"""Whether the fiches are what fiches must be: their heads, dates, links, headings and words."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Literal
from urllib.parse import urlsplit

from corpus.document import Document, Metadata
from corpus.metadata import Head
from corpus.parsers.front_matter import split_head
from corpus.reading import Failure, SourceFile, document_of, read_text

FindingCode = Literal[
    "file_name",
    "field_missing",
    "reference_missing",
    "law_missing",
    "link",
    "link_copy",
    "published",
    "date_after_verification",
    "dates_order",
    "title",
    "title_taken",
    "superseded_by",
    "quoted_title",
    "length",
    "heading_level",
    "heading_missing",
    "heading_order",
    "heading_not_question",
    "heading_length",
    "questions",
    "in_brief",
    "pronoun",
    "paragraph_length",
    "contact",
]

IN_BRIEF, CAUTIONS, TO_VERIFY, FURTHER = "En bref", "Points de vigilance", "À vérifier", "Pour aller plus loin"
WORDS = range(120, 601)
QUESTIONS = range(2, 8)
IN_BRIEF_SENTENCES = range(2, 4)
LONGEST_HEADING = 90
LONGEST_PARAGRAPH = 1200
# Every field is written even when empty: `null` says that somebody looked, a missing field says nothing.
FIELDS = tuple(name for name in Head.model_fields if name not in ("publisher", "url", "licence", "publish_original"))

_FILE_NAME = re.compile(r"[a-z][a-z0-9-]*\.md")
_LAW = re.compile(
    r"\b(?:lois?|code|décret|ordonnance|règlement|articles?|arrêté?|conseil d'état|cour|directive|traité|circulaire"
    r"|réponse ministérielle|question écrite)\b",
    re.I,
)
_COPY = re.compile(r"amazonaws|docplayer|scribd|preprod|staging|localhost", re.I)
_HEADING = re.compile(r"^(#+)[ \t]+(.*?)[ \t]*$", re.M)
_LINK = re.compile(r"\]\(([^)]*)\)|(?<![\w(/])(https?:[^\s)»]*)")
_SENTENCE_END = re.compile(r"[.!?](?:\s|$)")
_CONTACT = re.compile(r"(?<!\d)(?:\+33\s?|0)[1-9](?:[\s.-]?\d\d){4}(?!\d)|[\w.+-]+@[\w-]+\.\w+")
# A title may hold guillemets of its own.
_QUOTED = r"«\s*((?:[^«»]|«[^«»]*»)*?)\s*»"
_QUOTED_FICHES = re.compile(rf"\bfiches? (?:{_QUOTED}(?:, | et )?)+", re.I)
# An impersonal « il » points back to nothing.
_PRONOUN = re.compile(
    r"(?:^|[.!?] |^- |^\d+\. )"
    r"((?:Elles?|Ils?|Celles?-ci|Celui-ci|Ceux-ci|Cela|Ce dernier|Ces derniers|Cette dernière|Ces dernières)\b"
    r"(?! (?:n'|ne )?(?:faut|y a|existe|suffit|vaut|reste|convient|s'agit|appartient|est (?:\w+ ){1,2}(?:de|d'|que)))"
    r"[^.\n]*)",
    re.M,
)


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that a fiche breaks. `detail` is what breaks it: a field, a heading, a number, how a sentence opens."""

    source: str
    code: FindingCode
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Fiche:
    """A fiche as written: its document, the fields its head names, and the Markdown of its body."""

    document: Document
    fields: frozenset[str]
    body: str

    @property
    def facts(self) -> Metadata:
        return self.document.metadata


@dataclass(frozen=True, slots=True)
class Review:
    """What was read, what could not be, and what the rules say of it."""

    documents: tuple[Document, ...]
    failures: tuple[Failure, ...]
    findings: tuple[Finding, ...]


def review(files: Iterable[SourceFile | Failure], known_titles: Collection[str] = ()) -> Review:
    """Read fiches and check each by itself and among the others.

    `known_titles` are those of other fiches that these may name.
    """
    read = [file if isinstance(file, Failure) else read_fiche(file) for file in files]
    fiches = [fiche for fiche in read if isinstance(fiche, Fiche)]
    titles = Counter(fiche.facts.title for fiche in fiches)
    findings = [
        Finding(fiche.document.source, code, detail)
        for fiche in fiches
        for code, detail in (*_alone(fiche), *_among(fiche, titles, {*titles, *known_titles}))
    ]
    failures = tuple(failure for failure in read if isinstance(failure, Failure))
    return Review(tuple(fiche.document for fiche in fiches), failures, tuple(findings))


def read_fiche(file: SourceFile) -> Fiche | Failure:
    text = read_text(file)
    if isinstance(text, Failure):
        return text
    document = document_of(file, text, {})
    if isinstance(document, Failure):
        return document
    head, body = split_head(text)
    return Fiche(document, frozenset(head), body)


_Broken = Iterator[tuple[FindingCode, str]]


def _alone(fiche: Fiche) -> _Broken:
    for rule in _RULES:
        yield from rule(fiche)


def _among(fiche: Fiche, titles: Counter[str], known: Collection[str]) -> _Broken:
    if titles[fiche.facts.title] > 1:
        yield "title_taken", fiche.facts.title
    if fiche.facts.superseded_by is not None and fiche.facts.superseded_by not in known:
        yield "superseded_by", fiche.facts.superseded_by
    for quotation in _QUOTED_FICHES.finditer(fiche.body):
        for title in re.findall(_QUOTED, quotation[0]):
            if title not in known:
                yield "quoted_title", title


def _head(fiche: Fiche) -> _Broken:
    name = PurePath(fiche.document.source).name
    if not _FILE_NAME.fullmatch(name):
        yield "file_name", name
    for field in FIELDS:
        if field not in fiche.fields:
            yield "field_missing", field


def _references(fiche: Fiche) -> _Broken:
    references = fiche.facts.references
    if not any(reference.publisher for reference in references):
        yield "reference_missing", ""
    if fiche.facts.kind == "regle" and not any(_LAW.search(reference.title) for reference in references):
        yield "law_missing", ""


def _links(fiche: Fiche) -> _Broken:
    in_head = [reference.url for reference in fiche.facts.references if reference.url]
    in_body = [match[1] if match[1] is not None else match[2] for match in _LINK.finditer(fiche.body)]
    for url in (*in_head, *in_body):
        if not _well_formed(url):
            yield "link", url
        elif _COPY.search(url):
            yield "link_copy", url


def _well_formed(url: str) -> bool:
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and "." in host.strip(".") and not re.search(r"\s", url)


def _dates(fiche: Fiche) -> _Broken:
    facts = fiche.facts
    dates = [reference.date for reference in facts.references if reference.date]
    newest = max(dates, default=None)
    if (newest is None) != (facts.published is None) or not _same_day(newest or "", facts.published or ""):
        yield "published", newest or "null"
    # Verified stands for today: the same fiche has the same findings whenever it is checked.
    if facts.verified:
        for date in filter(None, (facts.published, *dates)):
            if date > facts.verified:
                yield "date_after_verification", date
    lived = (facts.written, facts.verified, facts.review_by)
    known = [date for date in lived if date]
    if len(known) < len(lived) or known != sorted(known):
        yield "dates_order", ", ".join(date or "null" for date in lived)


def _same_day(one: str, other: str) -> bool:
    """Whether two dates can be the same, as far as each says: 2025 and 2025-12-22 can."""
    return one.startswith(other) or other.startswith(one)


def _length(fiche: Fiche) -> _Broken:
    words = sum(any(map(str.isalnum, word)) for word in fiche.body.split())
    if words not in WORDS:
        yield "length", str(words)
    for line in fiche.body.splitlines():
        if len(line) > LONGEST_PARAGRAPH:
            yield "paragraph_length", opening(line)


def _headings(fiche: Fiche) -> _Broken:
    headings = _HEADING.findall(fiche.body)
    if not headings or headings[0] != ("#", fiche.facts.title):
        yield "title", fiche.facts.title
    for marks, heading in headings[1:]:
        if marks != "##":
            yield "heading_level", heading
    names = [heading for _, heading in headings[1:]]
    fixed = [name for name in names if name in (IN_BRIEF, CAUTIONS, TO_VERIFY, FURTHER)]
    questions = [name for name in names if name not in fixed]
    for name in (IN_BRIEF, CAUTIONS, FURTHER):
        if name not in fixed:
            yield "heading_missing", name
    expected = [name for name in (IN_BRIEF, CAUTIONS, TO_VERIFY, FURTHER) if name in fixed]
    if names != [*expected[:1], *questions, *expected[1:]]:
        yield "heading_order", ""
    for name in questions:
        if not name.endswith(" ?"):
            yield "heading_not_question", name
        if len(name) > LONGEST_HEADING:
            yield "heading_length", name
    if len(questions) not in QUESTIONS:
        yield "questions", str(len(questions))


def _sentences(fiche: Fiche) -> _Broken:
    for section in re.split(r"^#+ ", fiche.body, flags=re.M):
        heading, _, text = section.partition("\n")
        if heading.strip() == IN_BRIEF:
            sentences = len(_SENTENCE_END.findall(text))
            if sentences not in IN_BRIEF_SENTENCES:
                yield "in_brief", str(sentences)
    for sentence in _PRONOUN.finditer(fiche.body):
        yield "pronoun", opening(sentence[1])
    for contact in _CONTACT.finditer(fiche.body):
        yield "contact", contact[0]


def opening(text: str, longest: int = 60) -> str:
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


_RULES: Sequence[Callable[[Fiche], _Broken]] = (_head, _references, _links, _dates, _length, _headings, _sentences)
