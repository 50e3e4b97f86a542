"""A provider of language models on this machine: a real HTTP server, shaped like OpenAI's, that does as told."""

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Asked = dict[str, Any]
"""The body of a request, with the key it came with under `key`."""


class Request(BaseHTTPRequestHandler):
    """One call: the body read, then whatever the provider's script writes."""

    server: "Provider"

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        body["key"] = self.headers["Authorization"].removeprefix("Bearer ")
        self.server.asked.append(body)
        self.server.script(self, body)

    def answer(self, status: int, content: bytes, kind: str = "application/json", length: int | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content) if length is None else length))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *said: Any) -> None:
        pass


class Provider(ThreadingHTTPServer):
    """Answers each POST with `script` until `close`; keeps what it was asked."""

    daemon_threads = True

    def __init__(self, script: Callable[[Request, Asked], None]) -> None:
        super().__init__(("127.0.0.1", 0), Request)
        self.script = script
        self.asked: list[Asked] = []
        self.closed = threading.Event()
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"

    def close(self) -> None:
        self.closed.set()
        self.shutdown()
        self.server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        pass  # A client that left before the end is part of the tests.


def says(write: Callable[[str], str | None]) -> Callable[[Request, Asked], None]:
    """Answer with the text made from the last message; None is a message without content, as some servers send."""

    def script(request: Request, asked: Asked) -> None:
        message = {"role": "assistant", "content": write(asked["messages"][-1]["content"])}
        choice = {"index": 0, "finish_reason": "stop", "message": message}
        head = {"id": "1", "object": "chat.completion", "created": 1, "model": asked["model"]}
        request.answer(200, json.dumps(head | {"choices": [choice]}).encode())

    return script


def refuses(status: int, message: str = "") -> Callable[[Request, Asked], None]:
    """Answer with an error; it repeats the key it was given, as some providers do."""

    def script(request: Request, asked: Asked) -> None:
        said = message or f"Incorrect API key provided: {asked['key']}"
        request.answer(status, json.dumps({"error": {"message": said, "type": "error", "code": status}}).encode())

    return script


def answers_html(request: Request, asked: Asked) -> None:
    request.answer(200, b"<html><body><h1>Portail captif</h1></body></html>", "text/html")


def is_cut(request: Request, asked: Asked) -> None:
    request.answer(200, b'{"id": "1", "object": "chat.completion", "choi', length=5000)


def says_nothing(request: Request, asked: Asked) -> None:
    request.server.closed.wait(60)


def drips(request: Request, asked: Asked) -> None:
    """A byte from time to time, without end: no timeout between two bytes ever passes."""
    request.answer(200, b" ", length=1_000_000)
    while not request.server.closed.wait(0.05):
        request.wfile.write(b" ")
        request.wfile.flush()


def streams(text: str, whole: bool = True) -> Callable[[Request, Asked], None]:
    """A stream whose first delta has no content, and which may stop in the middle of a chunk."""

    def script(request: Request, asked: Asked) -> None:
        assert asked["stream"]
        request.send_response(200)
        request.send_header("Content-Type", "text/event-stream")
        request.end_headers()
        for delta in (None, *(text[at : at + 20] for at in range(0, len(text), 20))):
            choice = {"index": 0, "delta": {"role": "assistant", "content": delta}, "finish_reason": None}
            chunk = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": asked["model"]}
            request.wfile.write(f"data: {json.dumps(chunk | {'choices': [choice]})}\n\n".encode())
        request.wfile.write(b"data: [DONE]\n\n" if whole else b'data: {"id": "1", "cho')

    return script
