"""One question, every way in: the citations are identical."""

import asyncio
import json
from pathlib import Path
from typing import Any, cast

import httpx2
import mcp
import mcp_types
import pytest
from mcp.client.streamable_http import streamable_http_client

from assistant.factory import open_store
from assistant.settings import Settings
from tests.live_server import serving
from tests.small_index import DOCUMENTS, assistant_over, publish
from ui.__main__ import main
from ui.api.limits import Limits
from ui.app import create_app
from ui.preparation import Preparation
from ui.web.conversation import Chat, Conversation

QUESTION = "Qui finance la conserverie mobile du Val-Serein ?"


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    home = tmp_path / "home"
    publish(home, DOCUMENTS)
    monkeypatch.setenv("ASSISTANT_ELUS_HOME", str(home))
    return Settings()


def events(text: str) -> list[str]:
    """The data of each event."""
    lines = text.replace("\r\n", "\n").split("\n")
    return [line.removeprefix("data: ") for line in lines if line.startswith("data: ")]


async def through_mcp(address: str) -> Any:
    async with (
        httpx2.AsyncClient(timeout=20) as http,
        mcp.Client(streamable_http_client(f"{address}/mcp", http_client=http)) as client,
    ):
        result = await client.call_tool("demander", {"question": QUESTION})
    assert isinstance(result, mcp_types.CallToolResult) and result.structured_content is not None
    return result.structured_content


def test_every_way_in_gives_the_same_citations(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assistant = assistant_over(settings.home)
    app = create_app(settings, assistant, open_store(settings), with_chat=False)
    asked: dict[str, Any] = {"model": "assistant-elus", "messages": [{"role": "user", "content": QUESTION}]}
    bodies: dict[str, Any] = {}
    with serving(app) as address, httpx2.Client(base_url=address, timeout=20) as client:
        bodies["ask"] = client.post("/v1/ask", json={"question": QUESTION}).json()
        stream = client.post("/v1/ask/stream", json={"question": QUESTION}).text
        bodies["stream"] = json.loads(events(stream)[-1])
        completion = client.post("/v1/chat/completions", json=asked).json()
        bodies["completion"] = completion["x_assistant_elus"]
        chunks = events(client.post("/v1/chat/completions", json=asked | {"stream": True}).text)
        assert chunks[-1] == "[DONE]"
        bodies["chunks"] = json.loads(chunks[-2])["x_assistant_elus"]
        bodies["mcp"] = asyncio.run(through_mcp(address))
    monkeypatch.setattr("ui.commands.ask.open_assistant", lambda *_, **__: assistant)
    assert main(["ask", QUESTION, "--json"]) == 0
    bodies["command"] = json.loads(capsys.readouterr().out)
    bodies["chat"] = shown_by_the_chat(settings, assistant, app.state.limits)

    (one,) = {json.dumps(body["citations"], ensure_ascii=False, sort_keys=True) for body in bodies.values()}
    assert "42 000 €" in one
    assert len({body["answer"] for body in bodies.values()}) == 1
    urls = [each["url_citation"] for each in completion["choices"][0]["message"]["annotations"]]
    by_number = {citation["n"]: citation["title"] for citation in bodies["ask"]["citations"]}
    marked = [n for sentence in bodies["ask"]["sentences"] for n in sentence["citations"]]
    assert [each["title"] for each in urls] == [by_number[n] for n in marked]


def shown_by_the_chat(settings: Settings, assistant: Any, limits: Limits) -> Any:
    preparation = Preparation(assistant, lambda: None, settings.home / "log")
    chat = Chat(assistant, preparation, "", settings.home / "log", limits)
    *_, last = chat.answer(QUESTION, [], Conversation())
    return cast(Any, last.exchanges[-1].body)
