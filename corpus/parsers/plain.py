"""Text files as bytes: their encoding, their YAML head, their sections."""

from corpus.parsed import Parsed, Unreadable
from corpus.parsers.front_matter import split_head
from corpus.parsers.text import parse_text


def parse_plain(raw: bytes) -> Parsed:
    """Read plain text or Markdown. Raises Unreadable: `encoding`, `metadata`."""
    text = decode(raw)
    if text is None:
        raise Unreadable("encoding")
    return parse_decoded(text)


def parse_decoded(text: str) -> Parsed:
    """The same for a text already decoded. Raises Unreadable `metadata` when its head is not a YAML mapping."""
    try:
        head, body = split_head(text)
    except ValueError as error:
        raise Unreadable("metadata", str(error)) from error
    return Parsed(parse_text(body), head=head)


def decode(raw: bytes) -> str | None:
    """Decode UTF-8, UTF-16 (with its mark) or Windows-1252; None when the bytes are no text."""
    encodings = ["utf-16"] if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        # Bytes of a picture or an archive often pass for Windows-1252: control characters tell. No text holds a NUL.
        controls = sum(character < " " and character not in "\t\n\r\f" for character in text)
        return text if controls <= len(text) * 0.01 and "\0" not in text else None
    return None
