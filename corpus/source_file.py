"""A file to read, with what is known of it before it is opened, and the reasons why a file is not read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

FailureCode = Literal[
    "missing",
    "empty",
    "unreadable",
    "name",
    "encoding",
    "unsupported",
    "wrong_format",
    "encrypted",
    "damaged",
    "unsafe",
    "no_text",
    "ocr_missing",
    "too_large",
    "too_slow",
    "too_long",
    "metadata",
    "loop",
    # On the way to a page, or to all the pages of a site.
    "forbidden_address",
    "robots",
    "http_status",
    "network",
    "redirects",
    "scheme",
    "capped",
    "unread_sitemap",
]


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that could not be read, and why. `detail` completes the reason: a suffix, a limit, a field."""

    source: str
    code: FailureCode
    detail: str = ""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to read. `origin` tells apart two folders that hold files of the same name.

    `source` is its path relative to what was added, written exactly as on disk: nothing is normalised, so two names
    that differ only by how an accent is composed stay two files. `url` is where a web page was fetched. `facts` is
    metadata that stands beside the file, in values that JSON can hold; None says that somebody looked and nobody knows.
    """

    path: Path
    source: str
    origin: str
    url: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
