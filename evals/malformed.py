"""Ten thousand requests that no client should send: no 500, and memory as it was.

  python -m evals.malformed [--home HOME] [--count 10000] [--seed 1] [--out evals/results/malformed.json]

Bytes are written on sockets: a well-behaved client would mend or refuse most of these. Exit code 1 when a reply is 500
or more, when one that must come does not, or when memory grew by more than 30 MB after the first tenth.
"""

import argparse
import json
import random
import socket
import sys
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from evals.serving import Server, copied_home, machine, post, serving, write

MOST_GROWTH_MB = 30.0
AT_ONCE = 8
SECONDS_OF_PATIENCE = 2.0
LONG = 100_000
ROUTES = (
    "/v1/ask",
    "/v1/ask/stream",
    "/v1/search",
    "/v1/feedback",
    "/v1/calls",
    "/v1/chat/completions",
    "/mcp",
)
PATHS = (
    "/v1/documents/%00",
    "/v1/documents/../../etc/passwd",
    "/v1/documents/%2e%2e%2foriginal",
    "/v1/search?k=0&query=a",
    "/v1/search?query=" + "a" * 5000,
    "/v1/search?query=%ff%fe",
    "/v1/search?kind=x&query=a",
    "/v1/search",
    "/v1/usage?x[]=1",
    "/v1/conversations/%F0%9F%92%A9",
    "/interface/../app.py",
    "/interface/%2e%2e/app.py",
    "/v1/",
    "/v1/models/x",
    "//",
    "/%",
    "/v1/calls?day=hier",
    "/v1/calls/report?month=13",
    "/v1/backlog?state=x",
    "/v1/documents?k=-1",
    "/metrics/x",
    "/readyz/..",
)
VALUES: tuple[object, ...] = (
    None,
    True,
    -1,
    0,
    1e308,
    10**30,
    "",
    " ",
    "\x00",
    "a" * LONG,
    "\ud800",
    [],
    [[]],
    {},
    {"a": {"b": {}}},
    ["x"] * 1000,
)
FIELDS = (
    "question",
    "session_id",
    "profile",
    "filters",
    "k",
    "query",
    "messages",
    "model",
    "stream",
    "turn_id",
    "reason",
    "comment",
    "passages",
    "outcome",
    "callback_number",
    "jsonrpc",
    "method",
    "params",
    "id",
    "temperature",
    "n",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    where = machine()
    chance = random.Random(given.seed)
    requests = [chance.choice(KINDS)(chance) for _ in range(given.count)]
    tenth = max(1, given.count // 10)
    with copied_home(given.home) as home, serving(home) as server:
        post(f"{server.url}/v1/ask", {"question": "Qui peut aider une commune ?"})
        statuses: Counter[str] = Counter()
        memory = [server.rss_mb()]
        with ThreadPoolExecutor(AT_ONCE) as senders:
            for begin in range(0, given.count, tenth):
                statuses.update(senders.map(lambda raw: sent(server, raw), requests[begin : begin + tenth]))
                memory.append(server.rss_mb())
        alive, _ = post(f"{server.url}/v1/ask", {"question": "Qui peut aider une commune ?"})
        errors = home / "erreurs.log"
        unexpected = errors.exists()
        if unexpected:
            print(errors.read_text(encoding="utf-8"), file=sys.stderr)
    growth = round(memory[-1] - memory[1], 1)
    failed = sum(count for status, count in statuses.items() if status.startswith("5") or status == "silence")
    result = {
        "parameters": {"count": given.count, "seed": given.seed, "at_once": AT_ONCE, **where},
        "statuses": dict(sorted(statuses.items())),
        "failed": failed,
        "unexpected_errors_logged": unexpected,
        "answers_after": alive == 200,
        "rss_mb": memory,
        "growth_mb_after_the_first_tenth": growth,
    }
    write(result, given.out)
    sys.exit(1 if failed or unexpected or alive != 200 or growth > MOST_GROWTH_MB else 0)


def sent(server: Server, raw: bytes) -> str:
    """The status of the reply; "closed" when the server hung up, which answers what is not HTTP; else "silence"."""
    try:
        with socket.create_connection(("127.0.0.1", server.port), timeout=SECONDS_OF_PATIENCE) as connection:
            connection.sendall(raw)
            try:
                reply = connection.recv(65536)
            except TimeoutError:
                # It waits for the rest of a body that was announced: there is none.
                connection.shutdown(socket.SHUT_WR)
                connection.settimeout(10)
                reply = connection.recv(65536)
            while connection.recv(65536):
                pass
    except TimeoutError:
        return "silence"
    except OSError:
        return "closed"
    parts = reply.split(b" ", 2)
    return parts[1].decode(errors="replace") if len(parts) > 1 and reply.startswith(b"HTTP/") else "closed"


def http(method: str, path: str, body: bytes = b"", *headers: str, kind: str = "application/json") -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Connection: close", f"Content-Type: {kind}"]
    if not any(header.lower().startswith(("content-length", "transfer-encoding")) for header in headers):
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, *headers, "", ""]).encode("utf-8", "surrogatepass") + body


def wrong_values(chance: random.Random) -> bytes:
    fields = {name: chance.choice(VALUES) for name in chance.sample(FIELDS, chance.randint(0, 6))}
    return http("POST", chance.choice(ROUTES), json.dumps(fields).encode())


def broken_json(chance: random.Random) -> bytes:
    whole = json.dumps({"question": "Qui ?", "filters": {"kind": ["regle"]}, "messages": [{"role": "user"}]}).encode()
    broken = chance.choice(
        (
            whole[: chance.randint(0, len(whole) - 1)],
            b"[" * 5000,
            b'{"question":' * 2000,
            b'{"question": "\xff\xfe"}',
            b'{"question": NaN, "k": Infinity}',
            b"\x00" * 100,
            b"null",
            b'"Qui ?"',
            bytes(chance.randrange(256) for _ in range(200)),
        )
    )
    return http("POST", chance.choice(ROUTES), broken)


def wrong_type(chance: random.Random) -> bytes:
    kind = chance.choice(
        ("text/plain", "multipart/form-data", "application/x-www-form-urlencoded", "x", "application/json; charset=x")
    )
    return http("POST", chance.choice(ROUTES), b"question=Qui", kind=kind)


def wrong_method(chance: random.Random) -> bytes:
    method = chance.choice(("PUT", "DELETE", "PATCH", "TRACE", "OPTIONS", "HEAD", "PROPFIND", "BREW"))
    return http(method, chance.choice((*ROUTES, *PATHS, "/healthz", "/readyz", "/metrics")))


def wrong_address(chance: random.Random) -> bytes:
    return http("GET", chance.choice(PATHS))


def wrong_headers(chance: random.Random) -> bytes:
    header = chance.choice(
        (
            "Content-Length: -1",
            "Content-Length: 99999999999",
            "Content-Length: x",
            "Transfer-Encoding: chunked",
            "Transfer-Encoding: x",
            "Authorization: Bearer " + "é" * 50,
            "Authorization: Bearer",
            "Cookie: " + "a=b; " * 500,
            "Accept-Language: \x7f",
            "X-Request-ID: <script>",
            "Expect: 100-continue",
            "Upgrade: websocket",
            "Range: bytes=-",
            "Host: ailleurs.exemple",
            "X-" + "a" * 10_000 + ": 1",
        )
    )
    return http("POST", chance.choice(ROUTES), b'{"question": 1}', header)


def too_much(chance: random.Random) -> bytes:
    body = json.dumps({"question": "a" * chance.choice((5_000, LONG, 2_000_000))}).encode()
    return http("POST", chance.choice(ROUTES), body)


def not_http(chance: random.Random) -> bytes:
    return chance.choice(
        (
            b"\r\n\r\n",
            b"GET\r\n\r\n",
            b"GET / HTTP/9.9\r\n\r\n",
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc",
            b"POST /v1/ask HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n",
            b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
            bytes(chance.randrange(256) for _ in range(300)),
        )
    )


KINDS: tuple[Callable[[random.Random], bytes], ...] = (
    wrong_values,
    wrong_values,
    broken_json,
    wrong_type,
    wrong_method,
    wrong_address,
    wrong_headers,
    too_much,
    not_http,
)


if __name__ == "__main__":
    main()
