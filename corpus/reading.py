"""What a file becomes: a document, or the reason why it is none."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from corpus.cleaning import line_key
from corpus.document import Document
from corpus.folder import list_files
from corpus.formats import FORMATS, check_format, parse
from corpus.isolation import TooSlow, Worker, WorkerLost
from corpus.metadata import InvalidMetadata, read_metadata
from corpus.parsed import Parsed, Unreadable
from corpus.parsers.plain import decode, parse_decoded, parse_plain
from corpus.source_file import Failure, FailureCode, SourceFile

__all__ = [
    "Failure",
    "FailureCode",
    "ReadLimits",
    "Reader",
    "SourceFile",
    "document_id",
    "document_of",
    "list_files",
    "read_document",
    "read_text",
]

# A text this small is read at once, without a worker.
SMALL_TEXT = 1_000_000


@dataclass(frozen=True, slots=True)
class ReadLimits:
    """What a file may weigh, and the seconds its parser may take."""

    max_bytes: int = 100_000_000
    seconds: float = 1800.0


class Reader:
    """Reads files one after the other; leaving it ends the worker process that some formats need."""

    def __init__(self, limits: ReadLimits = ReadLimits()) -> None:
        self._limits = limits
        self._worker = Worker(limits.seconds)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._worker.close()

    def read(self, file: SourceFile, given: Mapping[str, Any]) -> Document | Failure:
        """Read one file into a document, or say why it cannot be read. Never raises for what a file holds.

        `given` is metadata that outranks all other.
        """
        raw = _content(file, self._limits.max_bytes)
        if isinstance(raw, Failure):
            return raw
        try:
            document = _document(file, self._parsed(file, raw), given)
        except Unreadable as error:
            return Failure(file.source, error.code, error.detail)
        except TooSlow:
            return Failure(file.source, "too_slow", f"{self._limits.seconds:g} s")
        except WorkerLost:
            return Failure(file.source, "unreadable", "worker")
        # A page of the web is read where it stands.
        if isinstance(document, Document) and document.metadata.publish_original and file.url is None:
            name = f"{hashlib.sha256(raw).hexdigest()[:32]}{file.path.suffix.lower()}"
            return replace(document, original=name)
        return document

    def _parsed(self, file: SourceFile, raw: bytes) -> Parsed:
        name = FORMATS.get(file.path.suffix.lower())
        if name is None:
            raise Unreadable("wrong_format", file.path.suffix.lower())
        check_format(name, raw)
        if name == "text" and len(raw) <= SMALL_TEXT:
            return parse_plain(raw)
        return self._worker.run(parse, name, raw, file.url)


def read_document(file: SourceFile, given: Mapping[str, Any]) -> Document | Failure:
    """Read a single file; for several, one Reader reads them all in one worker."""
    with Reader() as reader:
        return reader.read(file, given)


def read_text(file: SourceFile) -> str | Failure:
    """What a text file holds, decoded, or why it cannot be read."""
    raw = _content(file, ReadLimits().max_bytes)
    if isinstance(raw, Failure):
        return raw
    text = decode(raw)
    return Failure(file.source, "encoding") if text is None else text


def document_of(file: SourceFile, text: str, given: Mapping[str, Any]) -> Document | Failure:
    """The document a text makes, its head included, or why it makes none."""
    try:
        return _document(file, parse_decoded(text), given)
    except Unreadable as error:
        return Failure(file.source, error.code, error.detail)


def document_id(source: str, origin: str) -> str:
    """A readable id that stays the same as long as the place and the name do."""
    stem = re.sub(r"\s+", "-", line_key(Path(source).stem))[:40].strip("-") or "document"
    digest = hashlib.sha256("\n".join((origin, source)).encode()).hexdigest()
    return f"{stem}-{digest[:8]}"


def _content(file: SourceFile, max_bytes: int) -> bytes | Failure:
    """The bytes of a file that has some, its size known before they are read."""
    try:
        if not file.path.is_file():
            return Failure(file.source, "missing" if not file.path.exists() else "unreadable")
        if file.path.stat().st_size > max_bytes:
            return Failure(file.source, "too_large", f"{max_bytes / 1_000_000:g} Mo")
        raw = file.path.read_bytes()
    except OSError as error:
        return Failure(file.source, "unreadable", error.strerror or "")
    return raw if raw else Failure(file.source, "empty")


def _document(file: SourceFile, parsed: Parsed, given: Mapping[str, Any]) -> Document | Failure:
    if not parsed.sections:
        return Failure(file.source, "empty")
    try:
        metadata = read_metadata(parsed, file.source, given=given, facts=file.facts, url=file.url)
    except InvalidMetadata as error:
        return Failure(file.source, "metadata", str(error))
    return Document(document_id(file.source, file.origin), file.source, metadata, parsed.sections)
