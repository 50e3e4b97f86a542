"""How the limits of a key are typed: 60/min, 10000/month, kind=regle,appui, 90j, https://portail.fr."""

import argparse
import re
from datetime import UTC, datetime, time, timedelta
from urllib.parse import urlsplit

from assistant.store import Quota, Rate
from ui import messages

SECONDS_OF = {
    **dict.fromkeys(("s", "sec", "seconde"), 1),
    **dict.fromkeys(("min", "minute"), 60),
    **dict.fromkeys(("h", "heure", "hour"), 3600),
    **dict.fromkeys(("j", "jour", "day"), 86_400),
}
DAY, MONTH = ("j", "jour", "day"), ("mois", "month")
MOST_REQUESTS, MOST_DAYS = 1_000_000_000, 36_500
DEFAULT_PORTS = {"http": 80, "https": 443}


def rate(text: str) -> Rate:
    count, unit = _per(text)
    if count is None or unit not in SECONDS_OF:
        raise argparse.ArgumentTypeError(messages.WRONG_RATE)
    return Rate(count, SECONDS_OF[unit])


def quota(text: str) -> Quota:
    count, unit = _per(text)
    if count is None or unit not in (*DAY, *MONTH):
        raise argparse.ArgumentTypeError(messages.WRONG_QUOTA)
    return Quota(count, "day" if unit in DAY else "month")


def _per(text: str) -> tuple[int | None, str]:
    found = re.fullmatch(r"([0-9]{1,10})/([a-z]+)", text.strip().lower())
    if found is None or not 1 <= int(found[1]) <= MOST_REQUESTS:
        return None, ""
    return int(found[1]), found[2]


def concurrency(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,4}", text) or int(text) < 1:
        raise argparse.ArgumentTypeError(messages.WRONG_CONCURRENCY)
    return int(text)


def expiry(text: str, now: datetime | None = None) -> datetime:
    """The instant from which the key opens nothing: that day at midnight UTC, or so many days from now."""
    now = now or datetime.now(UTC)
    days = re.fullmatch(r"([0-9]{1,5})[jd]", text.strip().lower())
    try:
        if days is not None:
            until = now + timedelta(days=int(days[1])) if int(days[1]) <= MOST_DAYS else now
        else:
            until = datetime.combine(datetime.strptime(text.strip(), "%Y-%m-%d"), time(), UTC)
    except ValueError:
        raise argparse.ArgumentTypeError(messages.WRONG_EXPIRY) from None
    if until <= now:
        raise argparse.ArgumentTypeError(messages.WRONG_EXPIRY)
    return until


def origin(text: str) -> str:
    """As a browser writes it in its Origin header: scheme, host in lower case, port when unusual."""
    try:
        parts = urlsplit(text.strip())
        host, port = (parts.hostname or "").encode("idna").decode(), parts.port
    except ValueError:
        raise argparse.ArgumentTypeError(messages.WRONG_ORIGIN) from None
    more = parts.path.strip("/") or parts.query or parts.fragment or parts.username or parts.password
    if parts.scheme not in DEFAULT_PORTS or not re.fullmatch(r"[a-z0-9._-]+|[0-9a-f:]+", host) or more:
        raise argparse.ArgumentTypeError(messages.WRONG_ORIGIN)
    named = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{named}" + (f":{port}" if port not in (None, DEFAULT_PORTS[parts.scheme]) else "")


def listed(text: str) -> tuple[str, ...]:
    """ "ask,search" """
    return tuple(part.strip() for part in text.split(",") if part.strip())


def filters(text: str) -> tuple[str, tuple[str, ...]]:
    """ "kind=regle,appui": which fields and kinds there are is for the API's schema to say."""
    name, equals, values = text.partition("=")
    if not equals or not listed(values):
        raise argparse.ArgumentTypeError(messages.WRONG_FILTERS)
    return name.strip(), listed(values)
