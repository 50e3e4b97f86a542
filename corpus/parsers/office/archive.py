"""Is an office file what its name says, and safe to open? Every office parser asks here before any library sees it."""

import re
import struct
import zlib
from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Literal
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from corpus.parsed import Unreadable

ArchiveKind = Literal["docx", "pptx", "odt", "odp"]

MAX_TOTAL = 300_000_000
MAX_ENTRIES = 10_000
MAX_RATIO = 200
RATIO_FROM = 1_000_000
_CHUNK = 1 << 16
_HAS_PASSWORD = 0x1

_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# The directory of an OLE2 file names its streams in UTF-16.
_OLE2_STREAMS = (
    ("Workbook", "xls"),
    ("PowerPoint Document", "ppt"),
    ("WordDocument", "doc"),
)
_SIGNATURES = (
    (b"%PDF-", "pdf"),
    (b"{\\rtf", "rtf"),
    (b"\x89PNG", "png"),
    (b"\xff\xd8\xff", "jpg"),
    (b"<!doctype html", "html"),
    (b"<html", "html"),
)
_MAIN_TYPES = {
    "openxmlformats-officedocument.wordprocessingml.document.main+xml": "docx",
    "openxmlformats-officedocument.wordprocessingml.template.main+xml": "dotx",
    "ms-word.document.macroEnabled.main+xml": "docm",
    "openxmlformats-officedocument.presentationml.presentation.main+xml": "pptx",
    "openxmlformats-officedocument.presentationml.slideshow.main+xml": "ppsx",
    "openxmlformats-officedocument.presentationml.template.main+xml": "potx",
    "ms-powerpoint.presentation.macroEnabled.main+xml": "pptm",
    "openxmlformats-officedocument.spreadsheetml.sheet.main+xml": "xlsx",
    "ms-excel.sheet.macroEnabled.main+xml": "xlsm",
}
_MIMETYPES = {
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.oasis.opendocument.text-template": "odt",
    "application/vnd.oasis.opendocument.presentation": "odp",
    "application/vnd.oasis.opendocument.presentation-template": "odp",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "application/vnd.oasis.opendocument.graphics": "odg",
    "application/epub+zip": "epub",
}
_MAIN_PART = re.compile(r"<(?:\w+:)?(?:Override|Default)\b[^>]*>", re.S)
_DECLARED_ENCODING = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.-]+)", re.I)
_KNOWN_ENCODING = re.compile(rb"(?:utf-?(?:8|16(?:le|be)?)|us-ascii|iso-8859-\d+|windows-125\d)", re.I)
_DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.I)
# "<?xml" in EBCDIC, which libxml2 reads and in which no declaration would be recognised below.
_EBCDIC = b"\x4c\x6f\xa7\x94"
# Pictures are never parsed, and drawing programs give their SVG a DOCTYPE.
_PICTURES = re.compile(r"(?:(?:word|ppt)/media|Pictures|media)/[^/]+\.svg", re.I)


def check_archive(raw: bytes, *kinds: ArchiveKind) -> ArchiveKind:
    """Return which of `kinds` the file is, once each of its entries was read within limits.

    Raises Unreadable: "wrong_format" (the detail says what the file seems to be), "damaged", "encrypted", or "unsafe"
    (too large once unpacked, an entry that points outside, a document type or an entity declared in an XML part).
    """
    _refuse_other_signatures(raw)
    try:
        with ZipFile(BytesIO(raw)) as archive:
            entries = archive.infolist()
            _refuse_unsafe_directory(entries)
            found = _kind(archive)
            kind = next((kind for kind in kinds if kind == found), None)
            if kind is None:
                raise Unreadable("wrong_format", found)
            _read_through(archive, entries)
    except (BadZipFile, zlib.error, struct.error, EOFError, RuntimeError, ValueError, OSError, KeyError) as error:
        raise Unreadable("damaged", type(error).__name__) from error
    return kind


def _refuse_other_signatures(raw: bytes) -> None:
    if raw.startswith(_OLE2):
        if "EncryptedPackage".encode("utf-16-le") in raw:
            raise Unreadable("encrypted")
        streams = (suffix for name, suffix in _OLE2_STREAMS if name.encode("utf-16-le") in raw)
        raise Unreadable("wrong_format", next(streams, "doc"))
    head = raw[:64].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    for signature, suffix in _SIGNATURES:
        if head.startswith(signature.lower()):
            raise Unreadable("wrong_format", suffix)


def _refuse_unsafe_directory(entries: Sequence[ZipInfo]) -> None:
    if len(entries) > MAX_ENTRIES:
        raise Unreadable("unsafe", f"{len(entries)} entries")
    for entry in entries:
        # `orig_filename` keeps what zipfile cuts off at a NUL byte.
        path = entry.orig_filename.replace("\\", "/")
        if path.startswith("/") or re.match(r"[A-Za-z]:", path) or ".." in path.split("/") or "\0" in path:
            raise Unreadable("unsafe", "entry name")
        if entry.flag_bits & _HAS_PASSWORD:
            raise Unreadable("encrypted")
        # Office files use no other method, and zipfile unpacks LZMA without any bound.
        if entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
            raise Unreadable("damaged", "compression method")
        if entry.file_size > RATIO_FROM and entry.file_size > MAX_RATIO * entry.compress_size:
            raise Unreadable("unsafe", "compression ratio")
    if sum(entry.file_size for entry in entries) > MAX_TOTAL:
        raise Unreadable("unsafe", f"more than {MAX_TOTAL // 1_000_000} MB")


def _kind(archive: ZipFile) -> str:
    """What the archive holds, as a file suffix; "zip" when nothing tells."""
    names = set(archive.namelist())
    if "mimetype" in names:
        if "encrypted-package" in names or _has_encrypted_parts(archive, names):
            raise Unreadable("encrypted")
        found = _MIMETYPES.get(archive.read("mimetype")[:200].decode("ascii", "replace").strip(), "zip")
        if found in ("odt", "odp") and "content.xml" not in names:
            raise Unreadable("damaged", "content.xml")
        return found
    if "[Content_Types].xml" not in names:
        return "zip"
    for element in _MAIN_PART.findall(
        archive.read("[Content_Types].xml").replace(b"\0", b"").decode("utf-8", "replace")
    ):
        for main_type, suffix in _MAIN_TYPES.items():
            if main_type in element:
                part = re.search(r"PartName\s*=\s*[\"']/?([^\"']+)", element)
                if part and part[1] not in names:
                    raise Unreadable("damaged", part[1])
                return suffix
    return "zip"


def _has_encrypted_parts(archive: ZipFile, names: set[str]) -> bool:
    manifest = "META-INF/manifest.xml"
    return manifest in names and b"encryption-data" in archive.read(manifest)


def _read_through(archive: ZipFile, entries: Sequence[ZipInfo]) -> None:
    """Unpack every entry piece by piece: declared sizes may lie, and damage shows only when all was read."""
    total = 0
    for entry in entries:
        markup = False
        before = b""
        for number, piece in enumerate(_pieces(archive, entry)):
            total += len(piece)
            if total > MAX_TOTAL:
                raise Unreadable("unsafe", f"more than {MAX_TOTAL // 1_000_000} MB")
            if not number:
                markup = _is_markup(piece) and not _PICTURES.fullmatch(entry.filename)
                if markup:
                    _refuse_odd_encoding(piece)
            # Without its NUL bytes, UTF-16 and UTF-32 markup reads as ASCII.
            if markup and _DECLARATION.search((before + piece).replace(b"\0", b"")):
                raise Unreadable("unsafe", "document type")
            before = piece[-64:]


def _pieces(archive: ZipFile, entry: ZipInfo) -> Iterator[bytes]:
    with archive.open(entry) as stream:
        while piece := stream.read(_CHUNK):
            yield piece


def _is_markup(head: bytes) -> bool:
    """Whatever its name: the content types of a package may call any entry an XML part."""
    start = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    return start.startswith(b"<") or head.startswith(_EBCDIC)


def _refuse_odd_encoding(head: bytes) -> None:
    declared = _DECLARED_ENCODING.search(head[:2000].replace(b"\0", b""))
    if head.startswith(_EBCDIC) or (declared and not _KNOWN_ENCODING.fullmatch(declared[1])):
        raise Unreadable("unsafe", "encoding")
