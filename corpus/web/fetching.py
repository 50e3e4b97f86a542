"""One guarded GET: public addresses only, robots.txt followed, hosts spared, bytes and seconds counted.

The host of every hop is resolved once, its addresses judged, and the connection goes to the address that was judged: a
second answer of the name server changes nothing. Ports are the default ones or 1024 and above: below stand mail, shells
and file shares, which an address on a page has no reason to name.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType

import httpx
import tenacity

from corpus.web.addresses import ForbiddenAddress, Unresolved, addresses_of
from corpus.web.fetched import Fetched, Missing, NotModified, Outcome, Refusal, RefusalCode
from corpus.web.reply import Reply, TooLarge, TooSlow, retry_after, send
from corpus.web.robots import MOST_FETCHED, RobotsCache, RobotsRules, read_robots

_LONGEST_RETRY_AFTER = 60.0
_LONGEST_BACK_OFF = 30.0
_MOST_ADDRESSES = 3
# Nothing of these is read for its text.
_UNSUPPORTED = ("audio/", "video/", "image/", "font/", "text/css", "text/javascript", "application/javascript")


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """`timeout` is the seconds one attempt may take in all, redirects and body included, waits between requests not.

    `max_bytes` counts what a compressed body unfolds to. `wait_between` is in seconds, for each host. `allowed_hosts`
    names the hosts and addresses that need not be public; a redirect may lead to any of them.
    """

    max_bytes: int = 20_000_000
    timeout: float = 30.0
    connect_timeout: float = 10.0
    redirects: int = 5
    retries: int = 2
    wait_between: float = 1.0
    allowed_hosts: frozenset[str] = frozenset()
    user_agent: str = "assistant-elus"


class _Refused(Exception):
    def __init__(self, code: RefusalCode, detail: str = "") -> None:
        super().__init__(code, detail)
        self.refusal = Refusal(code, detail)


class _Transient(_Refused):
    """Worth another attempt, after `after` seconds when the site says so."""

    def __init__(self, code: RefusalCode, detail: str = "", after: float | None = None) -> None:
        super().__init__(code, detail)
        self.after = after


class Fetcher:
    """Reads pages one at a time; for one thread, and to be used as a context manager."""

    def __init__(
        self,
        limits: FetchLimits = FetchLimits(),
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.limits = limits
        self._sleep, self._clock = sleep, clock
        self._asked: dict[str, float] = {}  # when each host was last asked
        self._robots = RobotsCache(clock)
        # No proxy and no .netrc of the environment; its certificate authorities (SSL_CERT_FILE) do count. A connection
        # serves one request: two sites on one address must not share it.
        self._transport = httpx.HTTPTransport(
            verify=httpx.create_ssl_context(), trust_env=False, limits=httpx.Limits(max_keepalive_connections=0)
        )

    def __enter__(self) -> "Fetcher":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._transport.close()

    def fetch(self, url: str, etag: str | None = None, last_modified: str | None = None) -> Outcome:
        """Get a page, or learn that it has not changed since `etag` or `last_modified`. Raises nothing."""
        conditions = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        headers = {name: value for name, value in conditions.items() if value}
        try:
            return self._retried(url, headers, self.limits.max_bytes, robots=True)
        except _Refused as refused:
            return refused.refusal

    def _retried(self, url: str, headers: dict[str, str], max_bytes: int, *, robots: bool) -> Outcome:
        attempts = tenacity.Retrying(
            stop=tenacity.stop_after_attempt(self.limits.retries + 1),
            wait=_wait,
            retry=tenacity.retry_if_exception_type(_Transient),
            sleep=self._sleep,
            reraise=True,
        )
        return attempts(self._followed, url, headers, max_bytes, robots=robots)

    def _followed(self, url: str, headers: dict[str, str], max_bytes: int, *, robots: bool) -> Outcome:
        """One attempt: the page at the end of its redirects."""
        here = _parsed(url)
        left = self.limits.timeout
        for _ in range(self.limits.redirects + 1):
            addresses = self._judged(here)
            self._spare(here, self._admitted(here) if robots else 0.0)
            started = self._clock()
            reply = self._sent(here, addresses, headers, max_bytes, left)
            left -= self._clock() - started
            if reply.location is None:
                return _outcome(str(here), reply, conditional=bool(headers))
            here = _parsed(reply.location, here)
            if left <= 0:
                raise _Refused("too_slow", f"{self.limits.timeout:g} s")
        raise _Refused("redirects", str(self.limits.redirects))

    def _judged(self, url: httpx.URL) -> tuple[str, ...]:
        port = url.port or (443 if url.scheme == "https" else 80)
        if port not in (80, 443) and port < 1024:
            raise _Refused("forbidden_address", f"{url.host}:{port}")
        try:
            return addresses_of(_host(url), port, self.limits.allowed_hosts, self.limits.connect_timeout)
        except ForbiddenAddress as error:
            raise _Refused("forbidden_address", f"{url.host} ({error})") from error
        except Unresolved as error:
            raise _Transient("network", url.host) from error

    def _admitted(self, url: httpx.URL) -> float:
        """The delay the site asks for; raises when it asks robots to leave the page alone, or cannot be asked."""
        site = f"{url.scheme}://{url.netloc.decode('ascii')}"
        rules = self._robots.get(site)
        if rules is None:
            rules = self._rules(site)
            self._robots.put(site, rules)
        if not rules.allows(str(url)):
            raise _Refused("robots", url.host)
        return rules.delay

    def _rules(self, site: str) -> RobotsRules:
        agent = self.limits.user_agent.split("/")[0].strip()
        try:
            outcome = self._retried(f"{site}/robots.txt", {}, MOST_FETCHED, robots=False)
        except _Refused as refused:
            forbidden = refused.refusal.code == "http_status" and refused.refusal.detail.startswith("4")
            return RobotsRules(agent, reachable=forbidden)
        return read_robots(outcome.raw, agent) if isinstance(outcome, Fetched) else RobotsRules(agent)

    def _spare(self, url: httpx.URL, asked_delay: float) -> None:
        """Wait until the host may be asked again."""
        host = _host(url)
        if host in self._asked:
            rest = self._asked[host] + max(self.limits.wait_between, asked_delay) - self._clock()
            if rest > 0:
                self._sleep(rest)
        self._asked[host] = self._clock()

    def _sent(
        self, url: httpx.URL, addresses: tuple[str, ...], headers: dict[str, str], max_bytes: int, seconds: float
    ) -> Reply:
        """Ask the first address that takes the connection; all were judged."""
        ours = {"User-Agent": self.limits.user_agent, **headers}
        failed: Exception | None = None
        for address in addresses[:_MOST_ADDRESSES]:
            try:
                return send(
                    self._transport, url, address, ours, max_bytes=max_bytes, seconds=seconds,
                    connect_seconds=min(self.limits.connect_timeout, seconds),
                )  # fmt: skip
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                failed = error
            except TooLarge as error:
                raise _Refused("too_large", f"{max_bytes} octets") from error
            except (TooSlow, httpx.TimeoutException) as error:
                raise _Refused("too_slow", f"{self.limits.timeout:g} s") from error
            except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError, ValueError) as error:
                raise _Transient("network", url.host) from error
        raise _Transient("network", url.host) from failed


def _parsed(address: str, base: httpx.URL | None = None) -> httpx.URL:
    """An absolute http(s) address without credentials, its fragment left out."""
    try:
        url = base.join(address) if base is not None else httpx.URL(address)
        url = url.copy_with(fragment=None)
        plain = url.scheme in ("http", "https") and bool(url.host) and not url.userinfo
    except (httpx.InvalidURL, UnicodeError, ValueError, TypeError) as error:
        raise _Refused("scheme", address[:200]) from error
    if not plain:
        # Never the credentials themselves: a refusal is shown and logged.
        raise _Refused("scheme", f"{url.scheme}://{url.host}"[:200])
    return url


def _host(url: httpx.URL) -> str:
    return url.raw_host.decode("ascii").lower()


def _wait(state: tenacity.RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    if isinstance(error, _Transient) and error.after is not None:
        return error.after
    return float(min(2 ** (state.attempt_number - 1), _LONGEST_BACK_OFF))


def _outcome(url: str, reply: Reply, *, conditional: bool) -> Outcome:
    status = reply.status
    if status == 304 and conditional:
        return NotModified(url)
    if status in (404, 410):
        return Missing(url, 410 if status == 410 else 404)
    if status == 429 or status >= 500:
        after = retry_after(reply.headers.get("retry-after"))
        # A site that asks for more patience than we have is not asked again before.
        failure = _Refused if after is not None and after > _LONGEST_RETRY_AFTER else _Transient
        if failure is _Transient:
            raise _Transient("http_status", str(status), after)
        raise _Refused("http_status", str(status))
    if status not in (200, 203):
        raise _Refused("http_status", str(status))
    content_type = reply.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type.startswith(_UNSUPPORTED):
        raise _Refused("unsupported", content_type)
    return Fetched(url, content_type, reply.raw, reply.headers.get("etag"), reply.headers.get("last-modified"))
