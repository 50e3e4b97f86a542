"""What is known of a document: what was given, then its YAML head, then what its text says of itself."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from corpus.document import Applicability, Kind, Metadata, Reference, Section, Territory

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
    """The YAML head of a Markdown file; also what a user may give by hand."""

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


def read_metadata(
    given: Mapping[str, Any], head: Mapping[str, Any], sections: Sequence[Section], fallback_title: str
) -> Metadata:
    """Merge what was given, the YAML head and the text's own words, in that order.

    Raises InvalidMetadata when a field is unknown or has a wrong form. A date is never guessed from the file on disk,
    nor from the text when the head says `published: null`: nobody knows it.
    """
    known = {name: value for name, value in head.items() if value is not None}
    known |= {name: value for name, value in given.items() if value}
    try:
        fields = Head.model_validate(known)
    except ValidationError as error:
        first = error.errors()[0]
        raise InvalidMetadata(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from error
    return Metadata(
        title=fields.title or own_title(sections) or fallback_title,
        kind=fields.kind or "publication",
        publisher=fields.publisher,
        published=fields.published or (None if "published" in head else own_date(sections)),
        url=fields.url,
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
    )


def own_title(sections: Sequence[Section]) -> str | None:
    """The title a text gives itself: its first heading, or the first of its opening lines that reads as a title."""
    opening = sections[0]
    if opening.title:
        return opening.title
    lines = [opening.text[block.start : block.end] for block in opening.blocks if block.kind != "item"][:4]
    titles = [line.rstrip(".") for line in lines if len(line) <= 160]
    # Six words first: above the title of a talk stands the name of the event.
    for words in (6, 4):
        if found := next((title for title in titles if len(title.split()) >= words), None):
            return found
    return next((section.title for section in sections if section.title), titles[0] if titles else None)


def own_date(sections: Sequence[Section]) -> str | None:
    """The date a text bears in its opening (before its first 600 characters), as precise as it is written there."""
    opening = "\n".join(section.text for section in sections[:3])[:600]
    if match := _DAY.search(opening):
        return f"{match[3]}-{_MONTHS[match[2].lower()]:02}-{int(match[1]):02}"
    months = list(_MONTH.finditer(opening))
    if months:
        return f"{months[-1][2]}-{_MONTHS[months[-1][1].lower()]:02}"
    years = [line.strip() for line in opening.split("\n") if _YEAR_ALONE.fullmatch(line.strip())]
    return years[0] if years else None
