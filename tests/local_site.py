"""A small web site on this machine: pages that a test writes, changes and takes down, and who asked for what."""

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from corpus.web.fetching import Fetcher, FetchLimits

MENU = "<nav><a href='/'>Accueil</a> <a href='/contact'>Contact</a></nav>"


def page(title: str, *paragraphs: str) -> str:
    said = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return f"<!doctype html><html><head><title>{title}</title></head><body>{MENU}<main><h1>{title}</h1>{said}</main>"


@dataclass
class Site:
    """`pages` by path: a text, or the status to answer instead. Every page has an ETag unless `stamped` is false."""

    url: str = ""
    pages: dict[str, str | int] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    not_modified: int = 0
    stamped: bool = True

    def address(self, path: str) -> str:
        return self.url + path

    def sitemap(self, *paths: str) -> str:
        entries = "".join(f"<url><loc>{self.address(path)}</loc></url>" for path in paths)
        return f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</urlset>'

    def feed(self, *paths: str) -> str:
        entries = "".join(f"<item><title>x</title><link>{self.address(path)}</link></item>" for path in paths)
        return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Fil</title>{entries}</channel></rss>'


def open_fetcher() -> Fetcher:
    return Fetcher(FetchLimits(wait_between=0.0, retries=0, timeout=5.0, allowed_hosts=frozenset({"127.0.0.1"})))


@contextmanager
def local_site() -> Iterator[Site]:
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path != "/robots.txt":
                site.asked.append(self.path)
            held = site.pages.get(self.path, 404)
            body = b"" if isinstance(held, int) else held.encode()
            etag = f'"{hashlib.sha256(body).hexdigest()[:12]}"'
            status = held if isinstance(held, int) else 200
            if status == 200 and site.stamped and self.headers.get("If-None-Match") == etag:
                status, body = 304, b""
                site.not_modified += 1
            self.send_response(status)
            kind = "application/xml" if body.startswith(b"<?xml") else "text/html; charset=utf-8"
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            if status == 200 and site.stamped:
                self.send_header("ETag", etag)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    site.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
