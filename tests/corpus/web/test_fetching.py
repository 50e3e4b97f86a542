"""The guarded GET, against a real server: where it goes, what it waits for, when it stops."""

import gzip
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from corpus.web import addresses
from corpus.web.addresses import is_public
from corpus.web.fetched import Fetched, Missing, NotModified, Refusal
from corpus.web.fetching import Fetcher, FetchLimits

PAGE = "<p>Le marché de producteurs se tient le samedi, place de l’Église.</p>".encode()
Answer = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Site:
    """A server on this machine; `pages` tells what each path answers, `asked` what was asked."""

    port: int
    pages: dict[str, Answer]
    asked: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    @property
    def pages_asked(self) -> list[str]:
        return [path for path in self.asked if path != "/robots.txt"]


def says(body: bytes = PAGE, status: int = 200, **headers: str) -> Answer:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        given = {"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(body))}
        for name, value in (given | {name.replace("_", "-"): value for name, value in headers.items()}).items():
            request.send_header(name, value)
        request.end_headers()
        request.wfile.write(body)

    return answer


def in_turn(*answers: Answer) -> Answer:
    left = list(answers)
    return lambda request: (left.pop(0) if len(left) > 1 else left[0])(request)


def serve() -> Iterator[Site]:
    site = Site(0, {})

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append(self.path)
            site.headers.append({name.lower(): value for name, value in self.headers.items()})
            # A client that cuts the connection is what several tests are about.
            with suppress(OSError):
                site.pages.get(self.path, says(b"", 404))(self)

        def log_message(self, *_: object) -> None: ...

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False

    server = Server(("127.0.0.1", 0), Handler)
    site.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield site
    server.shutdown()
    server.server_close()


@pytest.fixture
def site() -> Iterator[Site]:
    yield from serve()


@pytest.fixture
def other_site() -> Iterator[Site]:
    yield from serve()


@dataclass
class Clock:
    """A clock that only sleeping moves."""

    now: float = 1_000.0
    slept: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    def __call__(self) -> float:
        return self.now


def fetcher(clock: Clock | None = None, **limits: object) -> Fetcher:
    clock = clock or Clock()
    given = {"allowed_hosts": frozenset({"127.0.0.1"}), "wait_between": 0.0, "timeout": 5.0, **limits}
    return Fetcher(FetchLimits(**given), sleep=clock.sleep, clock=clock)  # type: ignore[arg-type]


def refusal(outcome: object) -> str:
    assert isinstance(outcome, Refusal), outcome
    return outcome.code


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[list[str]]]:
    """What the name server answers for a host, in turn; the last answer is given again."""
    known: dict[str, list[list[str]]] = {}
    real = socket.getaddrinfo

    def answer(host: str, port: int, *args: object, **kwargs: object) -> object:
        if host not in known:
            return real(host, port, *args, **kwargs)  # type: ignore[arg-type]
        found = known[host].pop(0) if len(known[host]) > 1 else known[host][0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

    monkeypatch.setattr(addresses.socket, "getaddrinfo", answer)
    return known


# A page


def test_a_page_is_read_with_what_tells_later_whether_it_changed(site: Site) -> None:
    site.pages["/marche"] = says(ETag='"v1"', Last_Modified="Tue, 05 Mar 2024 08:00:00 GMT")
    with fetcher() as reader:
        outcome = reader.fetch(site.url("/marche#horaires"))
    assert outcome == Fetched(
        site.url("/marche"), "text/html", PAGE, '"v1"', "Tue, 05 Mar 2024 08:00:00 GMT"
    )  # fmt: skip


def test_the_site_learns_who_asks(site: Site) -> None:
    site.pages["/"] = says()
    with fetcher(user_agent="assistant-elus/1.0 (+mairie@exemple.fr)") as reader:
        reader.fetch(site.url("/"))
    assert {headers["user-agent"] for headers in site.headers} == {"assistant-elus/1.0 (+mairie@exemple.fr)"}
    assert site.headers[-1]["host"] == f"127.0.0.1:{site.port}"


def test_an_unchanged_page_is_not_sent_again(site: Site) -> None:
    def conditional(request: BaseHTTPRequestHandler) -> None:
        says(b"", 304)(request) if request.headers["If-None-Match"] == '"v1"' else says(ETag='"v1"')(request)

    site.pages["/"] = conditional
    with fetcher() as reader:
        first = reader.fetch(site.url("/"))
        assert isinstance(first, Fetched)
        assert reader.fetch(site.url("/"), etag=first.etag) == NotModified(site.url("/"))


@pytest.mark.parametrize("status", [404, 410])
def test_a_page_that_is_gone_is_said_to_be_missing_at_once(site: Site, status: int) -> None:
    site.pages["/ancien"] = says(b"", status)
    with fetcher() as reader:
        assert reader.fetch(site.url("/ancien")) == Missing(site.url("/ancien"), status)  # type: ignore[arg-type]
    assert site.pages_asked == ["/ancien"]


def test_a_forbidden_page_is_refused_with_its_status_and_not_asked_again(site: Site) -> None:
    site.pages["/interne"] = says(b"", 403)
    with fetcher() as reader:
        assert reader.fetch(site.url("/interne")) == Refusal("http_status", "403")
    assert site.pages_asked == ["/interne"]


def test_pictures_and_films_are_not_read(site: Site) -> None:
    site.pages["/film"] = says(b"...", Content_Type="video/mp4")
    with fetcher() as reader:
        assert reader.fetch(site.url("/film")) == Refusal("unsupported", "video/mp4")


@pytest.mark.parametrize(
    "url", ["ftp://exemple.fr/a", "file:///etc/passwd", "javascript:alert(1)", "exemple.fr", "", "http://", "a b"]
)  # fmt: skip
def test_only_web_addresses_are_followed(url: str) -> None:
    with fetcher() as reader:
        assert refusal(reader.fetch(url)) == "scheme"


def test_an_address_with_a_password_is_refused_without_repeating_it() -> None:
    with fetcher() as reader:
        outcome = reader.fetch("http://agent:secret@127.0.0.1/")
    assert refusal(outcome) == "scheme"
    assert "secret" not in str(outcome)


# Where it may go


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.1", "172.16.3.4", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "255.255.255.255", "198.18.0.1", "168.63.129.16", "::1", "::", "fe80::1", "fc00::1", "fec0::1", "ff02::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::", "2002:a00:1::", "64:ff9b::10.0.0.1",
        "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "2001:db8::1", "2001:0:a00:1::1", "fd00:ec2::254", "::127.0.0.1", "no",
    ],
)  # fmt: skip
def test_addresses_that_are_not_on_the_public_internet(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["93.184.215.14", "2606:2800:21f:cb07::1", "::ffff:93.184.215.14", "64:ff9b::5db8:d70e"]
)
def test_addresses_that_are(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "0x7f.1", "2130706433", "[::1]", "[::ffff:127.0.0.1]", "0"])
def test_this_machine_is_not_read_under_any_of_its_names(site: Site, host: str) -> None:
    with fetcher(allowed_hosts=frozenset()) as reader:
        assert refusal(reader.fetch(site.url("/", host))) == "forbidden_address"
    assert not site.asked


def test_a_name_that_leads_to_the_private_network_is_refused(names: dict[str, list[list[str]]]) -> None:
    names["intranet.exemple.fr"] = [["10.0.0.1"]]
    names["mixte.exemple.fr"] = [["93.184.215.14", "10.0.0.1"]]
    with fetcher() as reader:
        assert reader.fetch("http://intranet.exemple.fr/") == Refusal(
            "forbidden_address", "intranet.exemple.fr (10.0.0.1)"
        )
        assert refusal(reader.fetch("http://mixte.exemple.fr/")) == "forbidden_address"


def test_the_connection_goes_to_the_address_that_was_judged(
    site: Site, names: dict[str, list[list[str]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name server that answers a public address first and a private one next (rebinding) gains nothing."""
    names["mairie.exemple.fr"] = [["127.0.0.1"]]
    monkeypatch.setattr(addresses, "is_public", lambda address: address == "127.0.0.1")
    site.pages["/"] = says()
    connected: list[str] = []
    real = socket.create_connection

    def connect(place: tuple[str, int], *args: object, **kwargs: object) -> socket.socket:
        connected.append(place[0])
        return real(place, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "create_connection", connect)
    with fetcher(allowed_hosts=frozenset()) as reader:
        reader.fetch(site.url("/", "mairie.exemple.fr"))  # its robots.txt is known from here on
        names["mairie.exemple.fr"] = [["127.0.0.1"], ["10.0.0.1"]]
        outcome = reader.fetch(site.url("/", "mairie.exemple.fr"))
        assert isinstance(outcome, Fetched)
        assert outcome.url == site.url("/", "mairie.exemple.fr")
        assert refusal(reader.fetch(site.url("/", "mairie.exemple.fr"))) == "forbidden_address"
    assert set(connected) == {"127.0.0.1"}
    assert site.headers[-1]["host"] == f"mairie.exemple.fr:{site.port}"


def test_a_redirect_to_a_host_that_is_not_allowed_is_refused(
    site: Site, other_site: Site, names: dict[str, list[list[str]]]
) -> None:
    names["mairie.exemple.fr"] = [["127.0.0.1"]]
    site.pages["/"] = says(b"", 302, Location=other_site.url("/secret"))
    other_site.pages["/secret"] = says()
    with fetcher(allowed_hosts=frozenset({"mairie.exemple.fr"})) as reader:
        assert refusal(reader.fetch(site.url("/", "mairie.exemple.fr"))) == "forbidden_address"
    assert not other_site.asked


@pytest.mark.parametrize(
    ("target", "code"),
    [
        ("http://169.254.169.254/latest/meta-data/", "forbidden_address"),
        ("http://intranet.exemple.fr/", "forbidden_address"),
        ("//[::ffff:10.0.0.1]/", "forbidden_address"),
        ("http://93.184.215.14:22/", "forbidden_address"),
        ("file:///etc/passwd", "scheme"),
        ("http://agent:secret@127.0.0.1/", "scheme"),
    ],
)
def test_a_redirect_out_of_the_web_is_refused(
    site: Site, names: dict[str, list[list[str]]], target: str, code: str
) -> None:
    names["intranet.exemple.fr"] = [["10.0.0.1"]]
    site.pages["/"] = says(b"", 301, Location=target)
    with fetcher() as reader:
        assert refusal(reader.fetch(site.url("/"))) == code


def test_redirects_are_followed_to_the_page_and_no_further_than_the_limit(site: Site) -> None:
    site.pages["/a"] = says(b"", 301, Location="/b")
    site.pages["/b"] = says(b"", 307, Location=site.url("/c"))
    site.pages["/c"] = says()
    site.pages["/boucle"] = says(b"", 302, Location="/boucle")
    with fetcher() as reader:
        outcome = reader.fetch(site.url("/a"))
        assert isinstance(outcome, Fetched) and outcome.url == site.url("/c")
        assert reader.fetch(site.url("/boucle")) == Refusal("redirects", "5")
    assert site.asked.count("/boucle") == 6


def test_no_proxy_of_the_environment_is_used(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    site.pages["/"] = says()
    with fetcher() as reader:
        assert isinstance(reader.fetch(site.url("/")), Fetched)


# How much, how long


def endless(request: BaseHTTPRequestHandler) -> None:
    request.send_response(200)
    request.send_header("Content-Type", "text/html")
    request.end_headers()
    while True:
        request.wfile.write(b"<p>encore</p>" * 5_000)


def dripping(request: BaseHTTPRequestHandler) -> None:
    request.send_response(200)
    request.send_header("Content-Type", "text/html")
    request.end_headers()
    for _ in range(200):
        request.wfile.write(b".")
        time.sleep(0.05)


def dripping_headers(request: BaseHTTPRequestHandler) -> None:
    request.wfile.write(b"HTTP/1.1 200 OK\r\n")
    for number in range(200):
        request.wfile.write(b"X-%d: a\r\n" % number)
        time.sleep(0.05)


def test_an_endless_page_is_cut(site: Site) -> None:
    site.pages["/"] = endless
    with fetcher(max_bytes=1_000_000) as reader:
        assert reader.fetch(site.url("/")) == Refusal("too_large", "1000000 octets")


def test_a_page_that_announces_too_much_is_not_read(site: Site) -> None:
    site.pages["/"] = says(b"x" * 2_000)
    with fetcher(max_bytes=1_000) as reader:
        assert refusal(reader.fetch(site.url("/"))) == "too_large"


@pytest.mark.parametrize("answer", [dripping, dripping_headers, lambda request: time.sleep(10)])
def test_a_page_that_drips_is_cut_when_the_time_is_over_and_not_asked_again(site: Site, answer: Answer) -> None:
    site.pages["/"] = answer
    site.pages["/robots.txt"] = says(b"", 404)
    with fetcher(timeout=0.5) as reader:
        assert reader.fetch(site.url("/")) == Refusal("too_slow", "0.5 s")
    assert site.pages_asked == ["/"]


def test_a_compressed_page_is_unfolded(site: Site) -> None:
    twice = gzip.compress(PAGE) + gzip.compress(PAGE)
    site.pages["/"] = says(twice, Content_Encoding="gzip")
    with fetcher() as reader:
        outcome = reader.fetch(site.url("/"))
    assert isinstance(outcome, Fetched) and outcome.raw == PAGE + PAGE


def test_a_gzip_bomb_counts_for_what_it_unfolds_to(site: Site) -> None:
    bomb = gzip.compress(b"\0" * 50_000_000)
    assert len(bomb) < 100_000
    site.pages["/"] = says(bomb, Content_Encoding="gzip")
    with fetcher(max_bytes=1_000_000) as reader:
        assert refusal(reader.fetch(site.url("/"))) == "too_large"


@pytest.mark.parametrize("encoding", ["gzip, gzip", "br", "zstd", "compress"])
def test_a_compression_nobody_asked_for_is_not_unfolded(site: Site, encoding: str) -> None:
    site.pages["/"] = says(gzip.compress(gzip.compress(b"\0" * 1_000_000)), Content_Encoding=encoding)
    with fetcher(retries=0) as reader:
        assert refusal(reader.fetch(site.url("/"))) == "network"


@pytest.mark.parametrize("body", [b"not gzip at all", gzip.compress(PAGE, mtime=0)[:-12]])
def test_a_damaged_compression_is_no_page(site: Site, body: bytes) -> None:
    site.pages["/"] = says(body, Content_Encoding="gzip")
    with fetcher(retries=0) as reader:
        assert refusal(reader.fetch(site.url("/"))) == "network"


def test_a_page_cut_short_is_no_page(site: Site) -> None:
    site.pages["/"] = says(PAGE, Content_Length=str(len(PAGE) + 100))
    with fetcher(retries=0) as reader:
        assert refusal(reader.fetch(site.url("/"))) == "network"


# Asking again


def test_a_server_that_fails_once_is_asked_again(site: Site) -> None:
    site.pages["/"] = in_turn(says(b"", 500), says())
    clock = Clock()
    with fetcher(clock) as reader:
        assert isinstance(reader.fetch(site.url("/")), Fetched)
    assert clock.slept == [1.0]


def test_a_server_that_keeps_failing_is_left_alone(site: Site) -> None:
    site.pages["/"] = says(b"", 503)
    clock = Clock()
    with fetcher(clock, retries=3) as reader:
        assert reader.fetch(site.url("/")) == Refusal("http_status", "503")
    assert len(site.pages_asked) == 4
    assert clock.slept == [1.0, 2.0, 4.0]


def test_the_site_says_how_long_to_wait(site: Site) -> None:
    site.pages["/"] = in_turn(says(b"", 429, Retry_After="17"), says())
    clock = Clock()
    with fetcher(clock) as reader:
        assert isinstance(reader.fetch(site.url("/")), Fetched)
    assert clock.slept == [17.0]


def test_the_wait_may_be_a_date(site: Site) -> None:
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    site.pages["/"] = in_turn(says(b"", 429, Retry_After=date), says())
    clock = Clock()
    with fetcher(clock) as reader:
        assert isinstance(reader.fetch(site.url("/")), Fetched)
    assert 25 < clock.slept[0] <= 30


def test_a_site_that_asks_for_an_hour_is_not_asked_again(site: Site) -> None:
    site.pages["/"] = says(b"", 429, Retry_After="3600")
    clock = Clock()
    with fetcher(clock) as reader:
        assert reader.fetch(site.url("/")) == Refusal("http_status", "429")
    assert (len(site.pages_asked), clock.slept) == (1, [])


def test_a_site_that_does_not_answer_is_a_network_failure(names: dict[str, list[list[str]]]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    clock = Clock()
    with fetcher(clock) as reader:
        # Its robots.txt cannot be read either, which decides first.
        assert refusal(reader.fetch(f"http://127.0.0.1:{port}/")) == "robots"
        assert refusal(reader.fetch("http://introuvable.invalid/")) == "network"


# Sparing a site


def test_pages_closed_to_robots_are_left_alone(site: Site) -> None:
    site.pages["/robots.txt"] = says(b"User-agent: *\nDisallow: /interne/\n\nUser-agent: autre\nDisallow: /")
    site.pages["/interne/a"] = site.pages["/public"] = says()
    with fetcher() as reader:
        assert refusal(reader.fetch(site.url("/interne/a"))) == "robots"
        assert isinstance(reader.fetch(site.url("/public")), Fetched)
    assert site.asked == ["/robots.txt", "/public"]


def test_rules_written_for_us_hold_for_us(site: Site) -> None:
    site.pages["/robots.txt"] = says(b"User-agent: assistant-elus\nDisallow: /\n\nUser-agent: *\nAllow: /")
    site.pages["/"] = says()
    with fetcher(user_agent="assistant-elus/2.1") as reader:
        assert refusal(reader.fetch(site.url("/"))) == "robots"


@pytest.mark.parametrize(("status", "allowed"), [(404, True), (403, True), (500, False), (503, False)])
def test_a_site_without_rules_is_open_one_that_cannot_say_is_not(site: Site, status: int, allowed: bool) -> None:
    site.pages["/robots.txt"] = says(b"", status)
    site.pages["/"] = says()
    with fetcher() as reader:
        assert isinstance(reader.fetch(site.url("/")), Fetched) is allowed


def test_robots_rules_that_redirect_into_the_private_network_are_not_followed(site: Site) -> None:
    site.pages["/robots.txt"] = says(b"", 302, Location="http://10.0.0.1/robots.txt")
    site.pages["/"] = says()
    with fetcher() as reader:
        assert refusal(reader.fetch(site.url("/"))) == "robots"


def test_two_requests_to_one_host_are_set_apart(site: Site) -> None:
    site.pages["/a"] = site.pages["/b"] = says()
    clock = Clock()
    with fetcher(clock, wait_between=1.5) as reader:
        reader.fetch(site.url("/a"))
        clock.now += 1
        reader.fetch(site.url("/b"))
    assert clock.slept == [1.5, 0.5]  # robots.txt, then /a; then /b


@pytest.mark.parametrize(("asked", "waited"), [("4", 4.0), ("600", 10.0), ("bientôt", 1.0)])
def test_the_delay_a_site_asks_for_is_kept_up_to_ten_seconds(site: Site, asked: str, waited: float) -> None:
    site.pages["/robots.txt"] = says(f"User-agent: *\nCrawl-delay: {asked}".encode())
    site.pages["/a"] = says()
    clock = Clock()
    with fetcher(clock, wait_between=1.0) as reader:
        reader.fetch(site.url("/a"))
    assert clock.slept == [waited]
