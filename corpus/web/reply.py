"""One request to one address: the body counted as it unfolds, the connection cut when the time is over."""

import contextlib
import socket
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from corpus.web.compression import DamagedCompression, unfolded

_REDIRECTS = (301, 302, 303, 307, 308)
# A body that is refused anyway (an error page) is not read.
_READ = (200, 203)
_ASKED = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,application/pdf;q=0.9,*/*;q=0.8",
    "Accept-Language": "fr,en;q=0.5",
    "Accept-Encoding": "gzip, deflate",
    "Connection": "close",
}


class TooLarge(Exception):
    pass


class TooSlow(Exception):
    pass


@dataclass(frozen=True, slots=True)
class Reply:
    """`location` is where a redirect leads, None when it is none."""

    status: int
    headers: Mapping[str, str]
    raw: bytes
    location: str | None = None


def send(
    transport: httpx.HTTPTransport, url: httpx.URL, address: str, headers: Mapping[str, str],
    *, max_bytes: int, seconds: float, connect_seconds: float,
) -> Reply:  # fmt: skip
    """GET `url` from the machine at `address`. Raises TooLarge, TooSlow, or what httpx raises."""
    watch = _Watch(seconds)
    timeout = httpx.Timeout(seconds, connect=connect_seconds)
    request = httpx.Request(
        "GET",
        url.copy_with(host=address),
        headers={**_ASKED, **headers, "Host": url.netloc.decode("ascii")},
        # The certificate must be that of the host, though the connection goes to its address.
        extensions={"sni_hostname": url.raw_host.decode("ascii"), "trace": watch.follow, "timeout": timeout.as_dict()},
    )
    with watch:
        try:
            response = transport.handle_request(request)
            with contextlib.closing(response):
                reply = _reply(response, max_bytes)
        except (httpx.HTTPError, OSError, ValueError) as error:
            if watch.over:
                raise TooSlow from error
            raise
    # A connection we cut looks to the reader like a body that ended.
    if watch.over:
        raise TooSlow
    return reply


def _reply(response: httpx.Response, max_bytes: int) -> Reply:
    location = response.headers.get("location") if response.status_code in _REDIRECTS else None
    raw = b""
    if response.status_code in _READ:
        if (
            response.headers.get("content-length", "").isdecimal()
            and int(response.headers["content-length"]) > max_bytes
        ):
            raise TooLarge
        try:
            raw = b"".join(_capped(_unfolded(response, max_bytes), max_bytes))
        except DamagedCompression as error:
            raise httpx.DecodingError(str(error)) from error
    return Reply(response.status_code, response.headers, raw, location)


def _capped(pieces: Iterator[bytes], max_bytes: int) -> Iterator[bytes]:
    length = 0
    for piece in pieces:
        length += len(piece)
        if length > max_bytes:
            raise TooLarge
        yield piece


def _unfolded(response: httpx.Response, max_bytes: int) -> Iterator[bytes]:
    """The body as its reader wants it; only the compressions we asked for, and one of them."""
    encoding = response.headers.get("content-encoding", "").strip().lower().removeprefix("x-")
    pieces = _capped(response.iter_raw(), max_bytes)
    if encoding in ("", "identity"):
        return pieces
    if encoding not in ("gzip", "deflate"):
        raise httpx.DecodingError(f"content-encoding {encoding[:40]}")
    return unfolded(pieces, encoding)


def retry_after(value: str | None) -> float | None:
    """Seconds to wait, out of a number of seconds or a date; None when nothing usable is said."""
    if not value:
        return None
    if value.strip().isdecimal():
        return float(value)
    try:
        when = parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(0.0, (when.replace(tzinfo=when.tzinfo or UTC) - datetime.now(UTC)).total_seconds())


class _Watch:
    """Cuts the connection after `seconds`: the time limits of httpx start anew at every byte that drips in."""

    def __init__(self, seconds: float) -> None:
        self.over = False
        self._lock = threading.Lock()
        self._sockets: list[socket.socket] = []
        self._timer = threading.Timer(max(seconds, 0.0), self._cut)
        self._timer.daemon = True

    def follow(self, event: str, info: Mapping[str, Any]) -> None:
        """Called by the transport at each of its steps."""
        if event == "connection.connect_tcp.complete":
            with self._lock:
                # A duplicate: TLS takes the socket over, and hides it until its handshake is done.
                self._sockets.append(info["return_value"].get_extra_info("socket").dup())
            if self.over:
                self._cut()

    def _cut(self) -> None:
        with self._lock:
            self.over = True
            for each in self._sockets:
                with contextlib.suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)

    def __enter__(self) -> "_Watch":
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        with self._lock:
            for each in self._sockets:
                each.close()
            self._sockets.clear()
