"""A language model's server that misbehaves, for measures of what happens then: OpenAI's address, nothing behind it."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal

Misbehaviour = Literal["slow", "nonsense", "html", "error", "cut"]
NONSENSE = "Bien sûr ! La commune recevra 1 500 000 € avant le 31 février, d'après l'article L. 9999-99 [7]."


@contextmanager
def misbehaving(how: Misbehaviour, seconds: float = 0.0) -> Iterator[str]:
    """The base address of a server that answers so, after `seconds`."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            self.rfile.read(length)
            time.sleep(seconds)
            self.say()

        def say(self) -> None:
            choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": NONSENSE}}
            usage = {"prompt_tokens": 1000, "completion_tokens": 30, "total_tokens": 1030}
            body = json.dumps(
                {
                    "id": "1",
                    "object": "chat.completion",
                    "created": 1,
                    "model": "m",
                    "choices": [choice],
                    "usage": usage,
                }
            ).encode()
            kind = "application/json"
            if how == "html":
                body, kind = b"<html><h1>Portail captif</h1></html>", "text/html"
            status = 500 if how == "error" else 200
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body) + (5000 if how == "cut" else 0)))
            self.end_headers()
            self.wfile.write(body[:40] if how == "cut" else body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            pass  # the client gave up: what was expected

    server = Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1"
    finally:
        server.shutdown()
        server.server_close()
