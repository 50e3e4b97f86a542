"""The Model Context Protocol, as its official client sees it over a real server."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack
from typing import Any, TypeVar, cast

import httpx2
import mcp
import mcp_types
import pytest
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import MCPError
from starlette.testclient import TestClient

from assistant.applicability import Asker
from assistant.factory import open_store
from assistant.pipeline import Assistant
from assistant.settings import Settings
from assistant.store import Rate, Store
from indexing import Filters, IndexMismatch
from tests.fakes import FakeAssistant
from tests.live_server import serving
from tests.ui.conftest import Serve
from ui.app import create_app

QUESTION = "Une commune peut-elle entrer au capital d'une SCIC ?"
Answer = TypeVar("Answer")


class Live:
    """A real server over a fake assistant, and the official client of it."""

    def __init__(self, settings: Settings, stack: ExitStack) -> None:
        self.fake = FakeAssistant()
        self.store: Store = open_store(settings)
        self._settings = settings
        self._stack = stack
        self._address: str | None = None

    @property
    def address(self) -> str:
        if self._address is None:
            app = create_app(self._settings, cast(Assistant, self.fake), self.store, with_chat=False)
            self._address = self._stack.enter_context(serving(app))
        return self._address

    def key(self, *scopes: str, **options: Any) -> str:
        return self.store.keys.create("Portail", frozenset(scopes), **options)[1]

    def talk(
        self, said: Callable[[mcp.Client], Awaitable[Answer]], key: str | None = None, mode: str = "auto"
    ) -> Answer:
        async def talking() -> Answer:
            headers = {"Authorization": f"Bearer {key}"} if key else {}
            async with httpx2.AsyncClient(headers=headers, timeout=20) as http:
                transport = streamable_http_client(f"{self.address}/mcp", http_client=http)
                async with mcp.Client(transport, mode=cast(Any, mode)) as client:
                    return await said(client)

        return asyncio.run(talking())

    def call(self, tool: str, arguments: dict[str, Any], key: str | None = None) -> mcp_types.CallToolResult:
        async def calling(client: mcp.Client) -> mcp_types.CallToolResult:
            return cast(mcp_types.CallToolResult, await client.call_tool(tool, arguments))

        return self.talk(calling, key)

    def read(self, uri: str, key: str | None = None) -> str:
        """The text of a resource, or what the error says."""

        async def reading(client: mcp.Client) -> str:
            try:
                (content,) = (await client.read_resource(uri)).contents
            except MCPError as error:
                return error.error.message
            assert isinstance(content, mcp_types.TextResourceContents)
            return content.text

        return self.talk(reading, key)


@pytest.fixture
def live(settings: Settings) -> Iterator[Live]:
    with ExitStack() as stack:
        yield Live(settings, stack)


def text(result: mcp_types.CallToolResult) -> str:
    (content,) = result.content
    assert isinstance(content, mcp_types.TextContent)
    return content.text


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_the_tools_say_in_french_what_they_take_and_answer(live: Live, mode: str) -> None:
    tools = {tool.name: tool for tool in live.talk(lambda client: client.list_tools(), mode=mode).tools}
    assert set(tools) == {"rechercher", "demander"}
    assert "cite le passage qui la prouve" in (tools["demander"].description or "")
    takes = tools["demander"].input_schema["properties"]
    assert {"question", "session_id", "population", "type", "departement", "kind"} <= set(takes)
    assert takes["population"]["description"] == "Habitants de la collectivité."
    assert tools["demander"].output_schema is not None and "citations" in tools["demander"].output_schema["properties"]
    assert tools["rechercher"].output_schema is not None and "hits" in tools["rechercher"].output_schema["properties"]


def test_demander_answers_with_the_body_of_the_api(live: Live) -> None:
    given = {"question": QUESTION, "population": 850, "type": "commune", "departement": "39", "kind": ["regle"]}
    result = live.call("demander", given)
    assert not result.is_error and result.structured_content is not None
    assert result.structured_content["citations"][0]["document_id"] == "d-scic"
    assert json.loads(text(result)) == result.structured_content
    assert live.fake.asked == [(QUESTION, None, Filters(kind=("regle",)), 8)]
    assert live.fake.askers == [Asker(850, "commune", "jura")]


def test_demander_continues_a_session(live: Live) -> None:
    live.call("demander", {"question": "et son capital ?", "session_id": "s-9"})
    assert live.fake.asked[0][1] == "s-9"


def test_rechercher_finds_what_the_api_finds(live: Live, serve: Serve) -> None:
    result = live.call("rechercher", {"question": "capital", "k": 2})
    found = serve(FakeAssistant()).post("/v1/search", json={"query": "capital", "k": 2}).json()
    assert result.structured_content == found


def test_a_passage_is_a_resource(live: Live) -> None:
    templates = live.talk(lambda client: client.list_resource_templates()).resource_templates
    assert [template.uri_template for template in templates] == ["passage://{id}"]
    assert json.loads(live.read("passage://d-scic-p0"))["text"].startswith("Les collectivités peuvent détenir")


@pytest.mark.parametrize("uri", ["passage://inconnu", "fichier://d-scic-p0"])
def test_an_unknown_passage_is_told_in_french(live: Live, uri: str) -> None:
    assert live.read(uri).startswith("Aucun passage ne porte cet identifiant")


@pytest.mark.parametrize(
    ("tool", "arguments", "words"),
    [
        ("demander", {}, "« question » est obligatoire"),
        ("demander", {"question": " "}, "« question » est vide"),
        ("demander", {"question": "a" * 4001}, "dépasse 4000 caractères"),
        ("demander", {"question": QUESTION, "type": "royaume"}, "commune, commune_nouvelle"),
        ("demander", {"question": QUESTION, "profil": {}}, "« profil » est inconnu"),
        ("rechercher", {"question": QUESTION, "k": 0}, "« k » doit être au moins 1"),
        ("rechercher", {"question": QUESTION, "kind": ["inconnu"]}, "regle, role, methode"),
        ("supprimer", {}, "Cet outil n'existe pas ici. Les outils : rechercher, demander"),
    ],
)
def test_a_wrong_argument_is_told_in_french(live: Live, tool: str, arguments: dict[str, Any], words: str) -> None:
    result = live.call(tool, arguments)
    assert result.is_error and words in text(result)


def test_what_is_not_ready_is_told_in_french(live: Live) -> None:
    live.fake.error = IndexMismatch("ancien", "nouveau")
    result = live.call("demander", {"question": QUESTION})
    assert result.is_error and "corpus rebuild" in text(result)


def test_what_nobody_expected_stays_in_the_log(live: Live) -> None:
    live.fake.error = ZeroDivisionError("secret")
    result = live.call("demander", {"question": QUESTION})
    assert result.is_error and "Une erreur inattendue" in text(result) and "secret" not in text(result)
    assert live.read("passage://d-scic-p0").startswith("Une erreur inattendue")


def test_a_key_may_do_here_what_its_scopes_say(live: Live) -> None:
    key = live.key("search")
    assert not live.call("rechercher", {"question": "capital"}, key).is_error
    refused = live.call("demander", {"question": QUESTION}, key)
    assert refused.is_error and "ne permet pas cette demande" in text(refused)
    assert "ne permet pas cette demande" in live.read("passage://d-scic-p0", key)
    assert live.fake.owners == []


def test_the_filters_of_a_key_hold_for_tools_and_resources(live: Live) -> None:
    key = live.key("search", "documents", filters={"kind": ("role",)})
    found = live.call("rechercher", {"question": "capital"}, key).structured_content
    assert found is not None and [hit["passage"]["kind"] for hit in found["hits"]] == ["role"]
    assert live.read("passage://d-scic-p0", key).startswith("Aucun passage")
    assert json.loads(live.read("passage://d-roles-p0", key))["kind"] == "role"


def test_the_limits_of_a_key_are_those_of_the_api(live: Live) -> None:
    key = live.key("ask", rate=Rate(1, 3600))
    assert not live.call("demander", {"question": QUESTION}, key).is_error
    refused = live.call("demander", {"question": QUESTION}, key)
    assert refused.is_error and "rythme" in text(refused)
    assert len(live.fake.asked) == 1


def test_without_a_key_a_closed_service_says_nothing(live: Live) -> None:
    live.key("ask")
    answer = httpx2.post(f"{live.address}/mcp", json=LISTING, headers=HEADERS)
    assert answer.status_code == 401 and "clé d'accès" in answer.json()["detail"]


LISTING = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
HEADERS = {"Accept": "application/json, text/event-stream"}


@pytest.mark.parametrize(
    ("headers", "status"),
    [({}, 200), ({"Host": "mechant.example"}, 403), ({"Origin": "https://mechant.example"}, 403)],
)
def test_only_this_machine_is_answered_while_nobody_needs_a_key(
    live: Live, headers: dict[str, str], status: int
) -> None:
    assert httpx2.post(f"{live.address}/mcp", json=LISTING, headers=HEADERS | headers).status_code == status


def test_there_is_nothing_to_get_and_no_other_address(client: TestClient) -> None:
    answer = client.get("/mcp", headers=HEADERS)
    assert answer.status_code == 405 and answer.headers["allow"] == "POST"
    assert client.post("/mcp/", json=LISTING, headers=HEADERS).status_code == 404


def test_it_answers_from_the_first_request(settings: Settings) -> None:
    app = create_app(settings, cast(Assistant, FakeAssistant()), open_store(settings), with_chat=False)
    with TestClient(app, base_url="http://127.0.0.1", client=("127.0.0.1", 1)) as client:
        answer = client.post("/mcp", json=LISTING, headers=HEADERS)
    assert answer.status_code == 200 and len(answer.json()["result"]["tools"]) == 2
