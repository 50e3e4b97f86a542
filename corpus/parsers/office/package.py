"""Office Open XML packages whose relationships lead nowhere: Word opens them, python-docx and python-pptx do not."""

import posixpath
import re
from io import BytesIO
from urllib.parse import unquote
from zipfile import ZIP_DEFLATED, ZipFile

_RELATIONSHIP = re.compile(r"<(?:\w+:)?Relationship\s[^>]*?(?:/>|>\s*</(?:\w+:)?Relationship>)", re.S)
_TARGET = re.compile(r"\bTarget\s*=\s*[\"']([^\"']*)[\"']")
_EXTERNAL = re.compile(r"\bTargetMode\s*=\s*[\"']External[\"']")


def without_dangling_relationships(raw: bytes) -> bytes:
    """Leave out the relationships to parts a checked archive does not hold; the same bytes when there are none.

    A picture that was linked and lost leaves a relationship to a part called "NULL", an everyday sight.
    """
    with ZipFile(BytesIO(raw)) as archive:
        names = {name.lower() for name in archive.namelist()}
        mended = {}
        for part in archive.namelist():
            if part.endswith(".rels"):
                content = archive.read(part)
                kept = _mended(content, _folder_of_source(part), names)
                if kept != content:
                    mended[part] = kept
        return _rewritten(archive, mended) if mended else raw


def _folder_of_source(part: str) -> str:
    """The folder targets are relative to: that of word/_rels/document.xml.rels is word."""
    return posixpath.dirname(posixpath.dirname(part))


def _mended(content: bytes, folder: str, names: set[str]) -> bytes:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:  # UTF-16 is allowed and never met: left to the library
        return content
    return _RELATIONSHIP.sub(lambda match: match[0] if _leads_somewhere(match[0], folder, names) else "", text).encode()


def _leads_somewhere(relationship: str, folder: str, names: set[str]) -> bool:
    target = _TARGET.search(relationship)
    if target is None or _EXTERNAL.search(relationship) or target[1].startswith("#"):
        return True
    path = posixpath.normpath(posixpath.join("/", folder, target[1].replace("&amp;", "&"))).lstrip("/").lower()
    return path in names or unquote(path) in names


def _rewritten(archive: ZipFile, mended: dict[str, bytes]) -> bytes:
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED, compresslevel=1) as rewritten:
        for entry in archive.infolist():
            rewritten.writestr(entry.filename, mended.get(entry.filename) or archive.read(entry))
    return stream.getvalue()
