"""What is known of a document: given by hand, beside it, in its head, in its properties, then by its own words."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import PurePath
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from corpus.cleaning import line_key
from corpus.document import Applicability, Kind, Metadata, Reference, Section, Territory
from corpus.parsed import Parsed

_MONTHS = {
    name: number
    for number, names in enumerate(
        [
            ("janvier",), ("fevrier", "février"), ("mars",), ("avril",), ("mai",), ("juin",), ("juillet",),
            ("aout", "août"), ("septembre",), ("octobre",), ("novembre",), ("decembre", "décembre"),
        ],
        start=1,
    )
    for name in names
}  # fmt: skip
_DAY = re.compile(rf"\b(\d{{1,2}})(?:er)?\s+({'|'.join(_MONTHS)})\s+((?:19|20)\d\d)\b", re.I)
_MONTH = re.compile(rf"\b({'|'.join(_MONTHS)})\s+((?:19|20)\d\d)\b", re.I)
_YEAR_ALONE = re.compile(r"((?:19|20)\d\d)")
_PUBLISHED = re.compile(r"\s*(?:publié|paru|mis(?:e)? à jour|mise en ligne|édition|version|date)", re.I)
LONGEST_DATE_LINE = 60
MOST_TITLE_WORDS = 12
_DATE = re.compile(r"(?:19|20)\d\d(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?")


def date_words(published: str | None) -> str:
    """A date as people say it: « 1 mars 2018 » for 2018-03-01, empty when unknown."""
    year, _, rest = (published or "").partition("-")
    month, _, day = rest.partition("-")
    names = {number: name for name, number in _MONTHS.items()}
    return " ".join(part for part in (str(int(day)) if day else "", names[int(month)] if month else "", year) if part)


class InvalidMetadata(ValueError):
    """A head or an option does not have the expected form; the message names the field."""


def _as_date(value: object) -> object:
    """YAML reads 2026-11-22 as a date and 2026 as a number: both become text again."""
    text = value.isoformat() if isinstance(value, date) else str(value) if isinstance(value, int) else value
    if isinstance(text, str) and not _DATE.fullmatch(text):
        raise ValueError("expected YYYY, YYYY-MM or YYYY-MM-DD")
    return text


def _as_words(value: object) -> object:
    return [value] if isinstance(value, str) else value or []


Date = Annotated[str | None, BeforeValidator(lambda value: None if value is None else _as_date(value))]
Words = Annotated[tuple[str, ...], BeforeValidator(_as_words)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Reference(_Strict):
    title: str
    publisher: str | None = None
    url: str | None = None
    date: Date = None


class _Applicability(_Strict):
    population_min: int | None = Field(None, ge=0)
    population_max: int | None = Field(None, ge=0)
    types: Words = ()


class _Territory(_Strict):
    commune: str | None = None
    departement: str | None = None
    region: str | None = None


class Head(_Strict):
    """The YAML head of a Markdown file; also what a side file, `corpus.toml` or a user may say."""

    title: str | None = None
    kind: Kind | None = None
    publisher: str | None = None
    published: Date = None
    url: str | None = None
    statuses: Words = ()
    roles: Words = ()
    themes: Words = ()
    territory: _Territory | None = None
    applies_to: _Applicability | None = None
    references: tuple[_Reference, ...] = ()
    written: Date = None
    verified: Date = None
    review_by: Date = None
    superseded_by: str | None = None
    licence: str | None = None
    publish_original: bool = False


def checked_facts(table: Mapping[str, Any]) -> dict[str, Any]:
    """What a TOML table says of a document, in values that JSON can hold; an empty text becomes None: nobody knows.

    Raises InvalidMetadata.
    """
    told = {name: None if value == "" else value for name, value in table.items()}
    return _validated(told).model_dump(mode="json", exclude_unset=True)


def read_metadata(
    parsed: Parsed,
    source: str,
    *,
    given: Mapping[str, Any],
    facts: Mapping[str, Any] = {},
    url: str | None = None,
) -> Metadata:
    """Merge what was given, the facts beside the file, its head, what it states of itself and what its text shows.

    Raises InvalidMetadata when a field somebody wrote is unknown or has a wrong form; what the file states by itself is
    passed over then. `source` is its path or URL: its last part is the title when nothing else is. A date is never that
    of the file on disk. It is not guessed when somebody wrote that nobody knows it (None), nor believed when the file
    itself puts it in the future.
    """
    told = {name: value for name, value in parsed.head.items() if value is not None or name == "published"}
    told |= facts
    told |= {name: value for name, value in given.items() if value}
    fields = _validated(told)
    name = PurePath(source)
    return Metadata(
        title=fields.title or _stated_title(parsed, name) or own_title(parsed.sections) or name.stem or source,
        kind=fields.kind or "publication",
        publisher=fields.publisher or _words(parsed.stated.get("publisher")),
        published=fields.published if "published" in told else _own_published(parsed),
        url=fields.url or _address(parsed.stated.get("url")) or url,
        statuses=fields.statuses,
        roles=fields.roles,
        themes=fields.themes,
        territory=Territory(**fields.territory.model_dump()) if fields.territory else None,
        applies_to=Applicability(**fields.applies_to.model_dump()) if fields.applies_to else None,
        references=tuple(Reference(**reference.model_dump()) for reference in fields.references),
        written=fields.written,
        verified=fields.verified,
        review_by=fields.review_by,
        superseded_by=fields.superseded_by,
        licence=fields.licence,
        publish_original=fields.publish_original,
    )


def _validated(told: Mapping[str, Any]) -> Head:
    try:
        return Head.model_validate(told)
    except ValidationError as error:
        first = error.errors()[0]
        raise InvalidMetadata(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from error


def _stated_title(parsed: Parsed, name: PurePath) -> str | None:
    """The title in the file's properties, unless it is only the name the file had."""
    title = _words(parsed.stated.get("title"))
    return None if title is None or line_key(title) in {line_key(name.name), line_key(name.stem)} else title


def _words(value: object) -> str | None:
    return " ".join(value.split()) or None if isinstance(value, str) else None


def _address(value: object) -> str | None:
    return value if isinstance(value, str) and re.match(r"https?://\S+\Z", value) else None


def _own_published(parsed: Parsed) -> str | None:
    found = (parsed.stated.get("published"), own_date(parsed.sections), parsed.produced)
    return next((day for day in found if isinstance(day, str) and _DATE.fullmatch(day) and not _is_ahead(day)), None)


def _is_ahead(day: str) -> bool:
    """Whether a date, as precise as it is, is later than today."""
    return day > date.today().isoformat()[: len(day)]


def own_title(sections: Sequence[Section]) -> str | None:
    """The title a text gives itself: its first heading, or the first of its opening lines that reads as a title."""
    opening = sections[0]
    if opening.title:
        return opening.title
    if headed := _title_on_its_first_pages(sections):
        return headed
    lines = [opening.text[block.start : block.end] for block in opening.blocks if block.kind != "item"][:4]
    titles = [line.rstrip(".") for line in lines if len(line) <= 160 and not _is_running_text(line)]
    # Six words first: above the title of a talk stands the name of the event.
    for words in (6, 4):
        if found := next((title for title in titles if len(title.split()) >= words), None):
            return found
    return next((section.title for section in sections if section.title), titles[0] if titles else None)


def _is_running_text(line: str) -> bool:
    """Whether a line tells something: several sentences, or one too long to be a title with a full stop."""
    return bool(re.search(r"[.!?…] +[A-ZÀ-Ý]", line)) or (line.endswith(".") and len(line.split()) > MOST_TITLE_WORDS)


def _title_on_its_first_pages(sections: Sequence[Section]) -> str | None:
    """A logo, a date or a banner often stand above the title of a printed document or the first slide."""
    first = (at for at in sections if at.locator.type != "section" and at.locator.value in ("1", "2"))
    return next((section.title for section in first if section.title), None)


def own_date(sections: Sequence[Section]) -> str | None:
    """The date a text bears in its opening (before its first 600 characters), as precise as it is written there.

    On a line of its own, or behind « publié le »: a date in running text is that of what it tells.
    """
    lines = "\n".join(section.text for section in sections[:3])[:600].split("\n")
    opening = "\n".join(line for line in lines if len(line) <= LONGEST_DATE_LINE or _PUBLISHED.match(line))
    if match := _DAY.search(opening):
        return f"{match[3]}-{_MONTHS[match[2].lower()]:02}-{int(match[1]):02}"
    months = list(_MONTH.finditer(opening))
    if months:
        return f"{months[-1][2]}-{_MONTHS[months[-1][1].lower()]:02}"
    years = [line.strip() for line in opening.split("\n") if _YEAR_ALONE.fullmatch(line.strip())]
    return years[0] if years else None
