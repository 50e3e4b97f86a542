"""Unfolding compressed bytes step by step, so that whoever reads can stop: a few may hold a thousand times as many."""

import zlib
from collections.abc import Iterable, Iterator
from typing import Literal

GZIP_MARK = b"\x1f\x8b"
_STEP = 65_536


class DamagedCompression(Exception):
    """Bytes that do not unfold, or end too early."""


def unfolded(pieces: Iterable[bytes], encoding: Literal["gzip", "deflate"]) -> Iterator[bytes]:
    """The pieces unfolded, at most 64 KiB at a time. Raises DamagedCompression."""
    decoder = None
    for piece in pieces:
        left = piece
        while left:
            if decoder is None or decoder.eof:
                if decoder is not None and not left.startswith(GZIP_MARK):
                    return  # what follows the compressed body is padding
                decoder = zlib.decompressobj(_window(encoding, left))
            try:
                step = decoder.decompress(left, _STEP)
                while step:
                    yield step
                    step = decoder.decompress(decoder.unconsumed_tail, _STEP) if not decoder.eof else b""
            except zlib.error as error:
                raise DamagedCompression(str(error)) from error
            left = decoder.unused_data if decoder.eof else b""
    if decoder is not None and not decoder.eof:
        raise DamagedCompression("truncated")


def _window(encoding: str, first: bytes) -> int:
    """What zlib is to expect; some servers say deflate and send it without its zlib header."""
    if encoding == "gzip":
        return zlib.MAX_WBITS | 16
    return zlib.MAX_WBITS if first[:1] == b"\x78" else -zlib.MAX_WBITS
