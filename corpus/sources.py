"""Where documents come from: a file, a folder, a web page, or what a sitemap or a feed lists."""

import hashlib
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Literal, get_args
from urllib.parse import urlsplit

from corpus.cleaning import line_key

SourceType = Literal["file", "folder", "page", "sitemap", "feed"]
SOURCE_TYPES: tuple[SourceType, ...] = get_args(SourceType)
WEB_TYPES: tuple[SourceType, ...] = ("page", "sitemap", "feed")
ALONE: tuple[SourceType, ...] = ("file", "page")
"""Sources of one document, named by hand: they outrank a folder or a site that holds the same document."""
WEB_ORIGIN = "web"
"""The origin of every page in document ids: one page is one document, whichever sitemap or feed lists it."""


@dataclass(frozen=True, slots=True)
class Source:
    """A place that `sync` looks at again.

    `place` is an absolute path or a URL. `origin` names it in document ids and never changes, even when a symbolic
    link comes to point elsewhere. `given` is metadata that outranks what the documents say. A document is wanted when
    it matches one of `include` (all do when there is none) and none of `exclude`, patterns on its path or URL.
    """

    id: str
    place: str
    type: SourceType
    origin: str
    given: Mapping[str, Any] = field(default_factory=dict)
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    added_at: str = ""

    @property
    def on_web(self) -> bool:
        return self.type in WEB_TYPES

    def wants(self, name: str) -> bool:
        """Whether its patterns keep a document; `*` crosses folders."""
        kept = not self.include or any(fnmatchcase(name, pattern) for pattern in self.include)
        return kept and not any(fnmatchcase(name, pattern) for pattern in self.exclude)


def is_url(place: str) -> bool:
    return urlsplit(place).scheme.lower() in ("http", "https")


def local_source(place: str, added_at: str) -> Source:
    """The source a path makes; whether something is there is not looked at beyond telling a folder from a file."""
    path = Path(place)
    real = path.resolve()
    folder = path.is_dir()
    absolute = os.path.abspath(place)
    origin = str(real if folder else real.parent)
    return Source(_id_of(absolute), absolute, "folder" if folder else "file", origin, added_at=added_at)


def web_source(url: str, type: SourceType, added_at: str) -> Source:
    return Source(_id_of(url), url, type, WEB_ORIGIN, added_at=added_at)


def completed(
    before: Source | None, source: Source, given: Mapping[str, Any], include: Sequence[str], exclude: Sequence[str]
) -> Source:
    """The source with what a person says of it now, over what was said when it was added before."""
    return Source(
        source.id,
        source.place,
        source.type,
        before.origin if before else source.origin,
        {**(before.given if before else {}), **given},
        tuple(include) or (before.include if before else ()),
        tuple(exclude) or (before.exclude if before else ()),
        before.added_at if before else source.added_at,
    )


def _id_of(place: str) -> str:
    """A short readable name: the last part of the place, and a digest of the whole."""
    words = [part for part in re.split(r"[/\\]", urlsplit(place).path if is_url(place) else place) if part]
    last = line_key(words[-1] if words else urlsplit(place).netloc)
    readable = re.sub(r"[^\w.]+", "-", last)[:40].strip("-") or "source"
    return f"{readable}-{hashlib.sha256(place.encode(errors='surrogateescape')).hexdigest()[:6]}"
