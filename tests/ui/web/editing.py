"""The editors' room over two real documents of our own, as a person goes through it without a script."""

import html
import re
import time
from pathlib import Path
from typing import Any, cast

from starlette.testclient import TestClient

from assistant.store import Store

TASK = re.compile(r"/edition/travaux/([\w-]+)")


def text_of(page: str) -> str:
    """What a page shows, without its marks."""
    body = page[page.index("<main") :]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


def ended(client: TestClient, answer: Any) -> Any:
    """The page of the work that an answer leads to, once it is no longer going on."""
    assert TASK.search(str(answer.url)), text_of(answer.text)
    for _ in range(600):
        page = client.get(str(answer.url))
        if "data-running" not in page.text:
            return page
        time.sleep(0.05)
    raise TimeoutError(text_of(page.text))


def send(client: TestClient, *files: tuple[str, bytes], **fields: str) -> Any:
    """The preview of these files."""
    sent = [("fichiers", (name, content, "application/octet-stream")) for name, content in files]
    return ended(client, client.post("/edition/documents/ajouter", files=sent, data=fields))


def publish(client: TestClient, preview: Any) -> Any:
    """What became of what was previewed."""
    action = re.search(r'action="(/edition/depots/[^"]+/publier[^"]+)"', preview.text)
    assert action, text_of(preview.text)
    return ended(client, client.post(html.unescape(action[1])))


def id_of(client: TestClient, title: str) -> str:
    found = client.get("/v1/documents").json()["documents"]
    return str(next(one["id"] for one in found if one["title"] == title))


def journal_of(client: TestClient) -> list[tuple[str, str, str]]:
    store: Store = cast(Any, client.app).state.store
    return [(one.who, one.action, one.object) for one in store.audit.latest()]


def files_under(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
