"""From a place on disk to documents: which files it holds, and what each becomes."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from corpus.cleaning import line_key
from corpus.document import Document
from corpus.metadata import InvalidMetadata, read_metadata
from corpus.parsers.front_matter import split_head
from corpus.parsers.text import parse_text

SUFFIXES = (".txt", ".md", ".markdown")
FailureCode = Literal["missing", "empty", "unreadable", "encoding", "unsupported", "metadata", "too_large"]
MAX_BYTES = 50_000_000


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that could not be read, and why."""

    source: str
    code: FailureCode
    detail: str = ""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to read. `origin` tells apart two folders that hold files of the same name."""

    path: Path
    source: str
    origin: str


def list_files(place: str, origin: str | None = None) -> Iterator[SourceFile | Failure]:
    """List the readable files of a file or folder, sorted; a folder's other files are passed over, hidden ones too.

    `origin` names the place in document ids; by default its absolute path.
    """
    path = Path(place)
    try:
        if path.is_dir():
            for found in sorted(path.rglob("*")):
                relative = found.relative_to(path)
                if found.suffix.lower() in SUFFIXES and not any(part.startswith(".") for part in relative.parts):
                    yield SourceFile(found, relative.as_posix(), origin or str(path.resolve()))
        elif not path.exists():
            yield Failure(place, "missing")
        elif path.suffix.lower() not in SUFFIXES:
            yield Failure(path.name, "unsupported", path.suffix.lower() or path.name)
        else:
            yield SourceFile(path, path.name, origin or str(path.resolve().parent))
    except OSError as error:
        yield Failure(place, "unreadable", error.strerror or "")


def read_document(file: SourceFile, given: Mapping[str, Any]) -> Document | Failure:
    """Read one file into a document, or say why it cannot be read. Never raises for what a file holds."""
    text = read_text(file)
    return text if isinstance(text, Failure) else document_of(file, text, given)


def read_text(file: SourceFile) -> str | Failure:
    """What a file holds, decoded, or why it cannot be read."""
    try:
        if not file.path.is_file():
            return Failure(file.source, "missing" if not file.path.exists() else "unreadable")
        if file.path.stat().st_size > MAX_BYTES:
            return Failure(file.source, "too_large", f"{MAX_BYTES // 1_000_000} Mo")
        raw = file.path.read_bytes()
    except OSError as error:
        return Failure(file.source, "unreadable", error.strerror or "")
    text = decode(raw)
    return Failure(file.source, "encoding") if text is None else text


def document_of(file: SourceFile, text: str, given: Mapping[str, Any]) -> Document | Failure:
    """The document a text makes, its head included, or why it makes none."""
    try:
        head, body = split_head(text)
        sections = parse_text(body)
        if not sections:
            return Failure(file.source, "empty")
        metadata = read_metadata(given, head, sections, fallback_title=Path(file.source).stem)
    except InvalidMetadata as error:
        return Failure(file.source, "metadata", str(error))
    except ValueError as error:
        return Failure(file.source, "metadata", str(error))
    return Document(document_id(file.source, file.origin), file.source, metadata, sections)


def document_id(source: str, origin: str) -> str:
    """A readable id that stays the same as long as the place and the name do."""
    stem = re.sub(r"\s+", "-", line_key(Path(source).stem))[:40].strip("-") or "document"
    digest = hashlib.sha256("\n".join((origin, source)).encode()).hexdigest()
    return f"{stem}-{digest[:8]}"


def decode(raw: bytes) -> str | None:
    """Decode UTF-8, UTF-16 (with its mark) or Windows-1252; None when the bytes are no text."""
    encodings = ["utf-16"] if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        # Bytes of a picture or an archive often pass for Windows-1252: control characters tell.
        controls = sum(character < " " and character not in "\t\n\r\f" for character in text)
        return text if controls <= len(text) * 0.01 else None
    return None
