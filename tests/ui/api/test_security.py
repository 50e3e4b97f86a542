"""Headers, the nonce of pages, bodies too large."""

import re

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, StreamingResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from ui.api.security import BodyLimit, SecurityHeaders, prepare_page

PAGE = """<!doctype html>
<html
\tlang="en"
\tstyle="margin: 0">
<head><meta property="og:url" content="https://gradio.app/" /><meta name="twitter:title" content="x" />
<script>go()</script><script type="module" src="/a.js"></script></head><body></body></html>"""


def page(_: Request) -> HTMLResponse:
    return HTMLResponse(PAGE)


def stream(_: Request) -> StreamingResponse:
    return StreamingResponse(iter([b"data: 1\n\n", b"data: 2\n\n"]), media_type="text/event-stream")


async def echo(request: Request) -> JSONResponse:
    return JSONResponse(len(await request.body()))


def client() -> TestClient:
    app = Starlette(routes=[Route("/", page), Route("/stream", stream), Route("/echo", echo, methods=["POST"])])
    app.add_middleware(BodyLimit)
    app.add_middleware(SecurityHeaders)
    return TestClient(app)


def test_a_page_gets_a_nonce_on_each_script_and_a_policy_that_names_it() -> None:
    answer = client().get("/")
    nonces = re.findall(r'<script nonce="([^"]+)"', answer.text)
    assert len(nonces) == answer.text.count("<script") == 4
    assert len(set(nonces)) == 1
    assert f"'nonce-{nonces[0]}'" in answer.headers["content-security-policy"]
    assert int(answer.headers["content-length"]) == len(answer.content)


def test_each_page_has_a_nonce_of_its_own_and_is_not_kept() -> None:
    session = client()
    first, second = session.get("/"), session.get("/")
    assert first.headers["content-security-policy"] != second.headers["content-security-policy"]
    assert first.headers["cache-control"] == "no-store"


def test_a_page_is_french_and_names_no_other_site() -> None:
    html = prepare_page(PAGE, "n")
    assert '<html lang="fr"' in html and 'lang="en"' not in html
    assert "gradio.app" not in html and "twitter" not in html


def test_scripts_are_refused_but_ours() -> None:
    policy = client().get("/").headers["content-security-policy"]
    scripts = next(part for part in policy.split("; ") if part.startswith("script-src"))
    assert "unsafe" not in scripts
    assert "default-src 'self'" in policy and "frame-ancestors 'none'" in policy and "object-src 'none'" in policy


def test_a_stream_passes_untouched_with_its_headers() -> None:
    answer = client().get("/stream")
    assert answer.text == "data: 1\n\ndata: 2\n\n"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_body_too_large_is_refused_in_french() -> None:
    answer = client().post("/echo", content=b"x" * 1_000_001)
    assert answer.status_code == 413 and "trop longue" in answer.json()["detail"]
    assert client().post("/echo", content=b"x" * 1_000_000).json() == 1_000_000
