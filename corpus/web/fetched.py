"""What became of a request for a page."""

from dataclasses import dataclass
from typing import Literal

RefusalCode = Literal[
    "forbidden_address",
    "robots",
    "http_status",
    "network",
    "too_large",
    "too_slow",
    "redirects",
    "unsupported",
    "scheme",
]


@dataclass(frozen=True, slots=True)
class Fetched:
    """`url` is where the last redirect led; `content_type` is in lower case, without parameters."""

    url: str
    content_type: str
    raw: bytes
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class NotModified:
    url: str


@dataclass(frozen=True, slots=True)
class Missing:
    """The page is not, or no longer, there."""

    url: str
    status: Literal[404, 410]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why nothing was read. `detail` completes the message: an address, a status, a limit."""

    code: RefusalCode
    detail: str = ""


Outcome = Fetched | NotModified | Missing | Refusal
