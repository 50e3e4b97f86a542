"""What an office file says of itself in its properties: a title, who made it, when."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from xml.etree import ElementTree
from zipfile import ZipFile

from corpus.cleaning import clean_characters

# What programs write by themselves, and the names of files.
_NO_TITLE = re.compile(
    r"(?:présentation powerpoint|powerpoint presentation|microsoft (?:office )?(?:word|powerpoint)\b.*"
    r"|sans[ -]titre.*|untitled.*|(?:nouveau |new )?document (?:word|\d+)|word document|diapositive \d+|slide \d+"
    r"|titre d[eu] (?:la |votre )?(?:présentation|document|diapositive)|cliquez .*|click to .*|.*\.[a-z]{3,4})",
    re.I,
)
# The maker of the computer or of the program, which an untouched installation writes as the company.
_NO_PUBLISHER = re.compile(
    r"(?:microsoft|hp|hewlett[- ]packard|dell|lenovo|toshiba|acer|asus|apple|home|particulier|personnel|company)\b.*",
    re.I,
)
_PUBLISHER_NAMES = {"publisher", "company", "organisation", "organization", "société", "éditeur"}
# The creation days of the templates of python-docx and python-pptx, left as they are in files made with them.
_TEMPLATE_DAYS = {"2013-12-23", "2013-01-27"}
_EARLIEST = "1990-01-01"
_SPACES = re.compile(r"[ \t\n]+")


@dataclass(frozen=True, slots=True)
class Properties:
    """`stated` and `produced` as in Parsed."""

    stated: Mapping[str, str] = field(default_factory=dict)
    produced: str | None = None


def read_properties(raw: bytes, *parts: str) -> Properties:
    """Read the parts of an archive that hold its properties; a part that is missing or broken says nothing.

    Not through python-docx and python-pptx: where a file has no properties they make some up, dated today.
    """
    found: dict[str, str] = {}
    with ZipFile(BytesIO(raw)) as archive:
        for part in parts:
            try:
                root = ElementTree.fromstring(archive.read(part))
            except (KeyError, ElementTree.ParseError, ValueError, LookupError):
                continue
            for element in root.iter():
                # The value of a property in docProps/custom.xml stands in a typed child.
                value = element.text or (element[0].text if len(element) else None) or ""
                found.setdefault(_property_name(element), _SPACES.sub(" ", clean_characters(value)).strip())
    publishers = (value for name, value in found.items() if name in _PUBLISHER_NAMES)
    return Properties(
        _stated(found.get("title", ""), next(publishers, "")),
        # ODF calls dc:date the day of the last change.
        next(
            filter(None, (_day(found.get(name, "")) for name in ("modified", "date", "created", "creation-date"))), None
        ),
    )


def _property_name(element: ElementTree.Element) -> str:
    for name, value in element.attrib.items():
        if name == "name" or name.endswith("}name"):  # a property the user defined
            return value.strip().lower()
    return element.tag.rpartition("}")[2].lower()


def _stated(title: str, publisher: str) -> dict[str, str]:
    stated = {}
    if len(title.split()) >= 2 and any(map(str.isalpha, title)) and not _NO_TITLE.fullmatch(title):
        stated["title"] = title
    if sum(map(str.isalpha, publisher)) >= 2 and not _NO_PUBLISHER.fullmatch(publisher):
        stated["publisher"] = publisher
    return stated


def _day(moment: str) -> str | None:
    day = moment[:10]
    try:
        known = date.fromisoformat(day).isoformat() == day
    except ValueError:
        return None
    plausible = known and day not in _TEMPLATE_DAYS and _EARLIEST <= day <= date.today().isoformat()
    return day if plausible else None
