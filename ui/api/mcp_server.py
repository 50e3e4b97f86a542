"""The Model Context Protocol over the assistant: two tools and a resource, with the bodies and the rights of the API.

Importing this imports `mcp`, which takes most of a second: only `ui/api/mcp.py` does, in the background.
"""

import json
from collections.abc import Callable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar
from urllib.parse import unquote

import mcp_types as types
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.shared.exceptions import MCPError
from pydantic import BaseModel, Field, TypeAdapter, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from assistant.applicability import AskerType
from ui import messages, rendering
from ui.api.access import allowed, within
from ui.api.caller import the_caller
from ui.api.problems import describe
from ui.api.routes import the_assistant
from ui.api.schemas import DEFAULT_K_ASK, DEFAULT_K_SEARCH, Departement, FilterValues, K, Population, Profile, Question
from ui.bodies import HitsBody, PassageBody, TurnBody
from ui.problem import invalid

Context = ServerRequestContext[Any, Request]
Arguments = TypeVar("Arguments", bound=BaseModel)
SCHEME = "passage://"


class SearchArguments(FilterValues):
    """Des mots à chercher, et parmi quels documents."""

    question: Question
    k: K = DEFAULT_K_SEARCH


class AskArguments(FilterValues):
    """Une question, qui la pose, et parmi quels documents chercher."""

    question: Question
    session_id: Annotated[
        str | None, Field(max_length=200, description="Rendu par la question précédente, pour poser la suivante.")
    ] = None
    population: Population = None
    type: Annotated[AskerType | None, Field(description="Genre de collectivité.")] = None
    departement: Departement = None
    k: K = DEFAULT_K_ASK


@dataclass(frozen=True, slots=True)
class Tool(Generic[Arguments]):
    """A tool: what it takes, the shape of what it answers, and the plain function that answers."""

    name: str
    title: str
    description: str
    takes: type[Arguments]
    answers: Any
    run: Callable[[Arguments, Request], Mapping[str, Any]]

    def described(self) -> types.Tool:
        return types.Tool(
            name=self.name,
            title=self.title,
            description=self.description,
            input_schema=self.takes.model_json_schema(),
            output_schema=TypeAdapter(self.answers).json_schema(mode="serialization"),
            annotations=types.ToolAnnotations(title=self.title, read_only_hint=True, open_world_hint=False),
        )

    def call(self, arguments: Mapping[str, Any], request: Request) -> Mapping[str, Any]:
        return self.run(self.takes.model_validate(arguments), request)


def search(asked: SearchArguments, request: Request) -> HitsBody:
    with contextmanager(allowed("search"))(request, the_caller(request), None) as caller:
        assistant = the_assistant(request)
        filters = within(asked.to_filters(), caller, assistant.documents())
        return rendering.hits_body(assistant.search(asked.question, asked.k, filters))


def ask(asked: AskArguments, request: Request) -> TurnBody:
    with contextmanager(allowed("ask"))(request, the_caller(request), None) as caller:
        assistant = the_assistant(request)
        filters = within(asked.to_filters(), caller, assistant.documents())
        profile = Profile(population=asked.population, type=asked.type, departement=asked.departement)
        turn = assistant.ask(asked.question, asked.session_id, filters, asked.k, profile.to_asker(), caller.owner)
        return rendering.turn_body(turn, request.app.state.contact)


def read_passage(passage_id: str, request: Request) -> PassageBody | None:
    """The passage, None when the caller may not see one of this id."""
    with contextmanager(allowed("documents"))(request, the_caller(request), None) as caller:
        found = the_assistant(request).passage(passage_id)
        if found is None or not caller.filters.accept(found[1]):
            return None
        return rendering.passage_body(*found)


TOOLS: dict[str, Tool[Any]] = {
    "rechercher": Tool(
        "rechercher",
        "Chercher des passages",
        "Cherche dans les documents de référence des élus locaux et rend les passages les plus proches, du meilleur au "
        "moins bon, mot pour mot, avec leur document, leur date et leur adresse.",
        SearchArguments,
        HitsBody,
        search,
    ),
    "demander": Tool(
        "demander",
        "Poser une question",
        "Répond à une question d'élu local avec des phrases dont chacune cite le passage qui la prouve (marqueurs [n], "
        "détaillés dans « citations »). Quand les documents ne répondent pas, « outcome » vaut « abstained » : le "
        "dire, ne pas répondre à leur place. « unanswered », « notes » et « warning » sont à dire avec la réponse.",
        AskArguments,
        TurnBody,
        ask,
    ),
}
PASSAGE = types.ResourceTemplate(
    name="passage",
    title="Un passage",
    uri_template=f"{SCHEME}{{id}}",
    description="Le texte entier d'un passage trouvé ou cité (« passage_id »), avec son document et son adresse.",
    mime_type="application/json",
)


def said(body: Mapping[str, Any]) -> str:
    return json.dumps(body, ensure_ascii=False)


def refused(detail: str) -> types.CallToolResult:
    return types.CallToolResult(content=[types.TextContent(type="text", text=detail)], is_error=True)


def told(error: Exception, request: Request) -> str:
    """What went wrong, in French; an error we did not expect is in the log only."""
    if isinstance(error, ValidationError):
        return invalid(error).detail
    state = request.app.state
    return describe(error, state.assistant.building(), state.log).detail


async def list_tools(context: Context, params: types.PaginatedRequestParams | None) -> types.ListToolsResult:
    return types.ListToolsResult(tools=[tool.described() for tool in TOOLS.values()])


async def call_tool(context: Context, params: types.CallToolRequestParams) -> types.CallToolResult:
    request = the_request(context)
    tool = TOOLS.get(params.name)
    if tool is None:
        return refused(messages.UNKNOWN_TOOL.format(names=", ".join(TOOLS)))
    try:
        body = await run_in_threadpool(tool.call, params.arguments or {}, request)
    except Exception as error:  # every failure is a result that the model reads
        return refused(told(error, request))
    return types.CallToolResult(
        content=[types.TextContent(type="text", text=said(body))], structured_content=dict(body)
    )


async def list_resources(context: Context, params: types.PaginatedRequestParams | None) -> types.ListResourcesResult:
    # There may be a hundred thousand passages: they are found by searching, not by listing.
    return types.ListResourcesResult(resources=[])


async def list_templates(
    context: Context, params: types.PaginatedRequestParams | None
) -> types.ListResourceTemplatesResult:
    return types.ListResourceTemplatesResult(resource_templates=[PASSAGE])


async def read_resource(context: Context, params: types.ReadResourceRequestParams) -> types.ReadResourceResult:
    request = the_request(context)
    if not params.uri.startswith(SCHEME):
        raise MCPError(code=types.INVALID_PARAMS, message=messages.UNKNOWN_PASSAGE)
    try:
        body = await run_in_threadpool(read_passage, unquote(params.uri.removeprefix(SCHEME)), request)
    except Exception as error:
        raise MCPError(code=types.INTERNAL_ERROR, message=told(error, request)) from error
    if body is None:
        raise MCPError(code=types.INVALID_PARAMS, message=messages.UNKNOWN_PASSAGE)
    content = types.TextResourceContents(uri=params.uri, text=said(body), mime_type="application/json")
    return types.ReadResourceResult(contents=[content])


def the_request(context: Context) -> Request:
    assert context.request is not None, "this server is only reached over HTTP"
    return context.request


def build() -> StreamableHTTPSessionManager:
    """The server, one request at a time: no session is kept, so any process may answer any request."""
    server: Server[Any] = Server(
        "assistant-elus",
        title=messages.CHAT_TITLE,
        version="1",
        instructions=messages.MCP_INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
        on_list_resources=list_resources,
        on_list_resource_templates=list_templates,
        on_read_resource=read_resource,
    )
    # Who may call, from which host and which page, is checked before, for every address of the service alike.
    return StreamableHTTPSessionManager(server, json_response=True, stateless=True, security_settings=None)
