"""The web application: the API first, the chat behind every address that is not one of the API's."""

import threading
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from anyio import CapacityLimiter, to_thread
from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.routing import Route
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from assistant.factory import (
    build_starter,
    lasting_sessions,
    open_assistant,
    open_library,
    open_retention,
    open_store,
    repair,
)
from assistant.masking import mask
from assistant.pipeline import Assistant
from assistant.settings import Settings
from assistant.store import Purged, Store
from indexing import SnapshotDamaged, WriterBusy
from ui.api import backlog, calls, conversations, feedback, health, openai, problems, routes, usage
from ui.api.access import REFUSALS
from ui.api.cors import Cors, origins_in
from ui.api.deadline import Deadline
from ui.api.doors import Doors
from ui.api.identity import Identify
from ui.api.limits import Limits
from ui.api.mcp import PATH, McpMount
from ui.api.openapi import DescribedApi
from ui.api.overload import Line, threads_needed
from ui.api.requests import RequestLog
from ui.api.security import MAX_BODY, BodyLimit, SecurityHeaders
from ui.api.visitors import Visitors, secret_of
from ui.attended import attended
from ui.graceful import finishing_answers
from ui.metrics import Metrics
from ui.preparation import Preparation
from ui.problem import LOG_NAME
from ui.store_state import StoreState
from ui.upkeep import Upkeep
from ui.web import accessibility, desk, edition, embed, login, notice
from ui.web.mount import ChatMount
from ui.web.oidc import Provider

STATIC = Path(__file__).parent / "web" / "static"


def create_app(
    settings: Settings,
    assistant: Assistant,
    store: Store,
    *,
    with_chat: bool = True,
    preparation: Preparation | None = None,
    upkeep: Upkeep | None = None,
) -> FastAPI:
    """`preparation` and `upkeep` start once the server listens; without one nothing is prepared, nor purged."""
    log = settings.home / LOG_NAME
    if preparation is None:
        preparation = Preparation(assistant, lambda: None, log)
    line = Line(settings.concurrency, settings.request_seconds)
    metrics = Metrics(line)
    assistant = attended(assistant, line, metrics)
    secret = secret_of(settings.home, settings.secret.get_secret_value())
    doors = Doors(store)
    limits = Limits(store.usage, doors)
    mcp = McpMount(log)
    retention = open_retention(settings, store)
    chat = ChatMount(assistant, preparation, settings.contact, log, limits, store, retention) if with_chat else None

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            if upkeep is not None:
                stack.enter_context(upkeep.running())
            to_thread.current_default_thread_limiter().total_tokens = threads_needed(line)
            await stack.enter_async_context(finishing_answers(line))
            await stack.enter_async_context(mcp.opening())

            def then() -> None:
                mcp.build()
                preparation.start()

            if chat is not None:
                # Gradio takes seconds to import: heavy imports come one after the other, so that two never interlock.
                await stack.enter_async_context(chat.opening(then=then))
            else:
                threading.Thread(target=then, name="mcp", daemon=True).start()
            yield

    app = DescribedApi(
        title="Assistant des élus",
        version="1",
        lifespan=lifespan,
        # The pages FastAPI offers for its own documentation load scripts from elsewhere.
        docs_url=None,
        redoc_url=None,
        openapi_url="/v1/openapi.json",
        redirect_slashes=False,
    )
    app.state.assistant = assistant
    app.state.store = store
    app.state.store_state = StoreState(store.database)
    app.state.line = line
    app.state.metrics = metrics
    app.state.probes = CapacityLimiter(health.PROBES_AT_ONCE)
    app.state.doors = doors
    app.state.limits = limits
    app.state.provider = Provider(settings, secret) if settings.oidc_issuer else None
    app.state.verifying = CapacityLimiter(login.VERIFIED_AT_ONCE)
    app.state.contact = settings.contact
    app.state.preparation = preparation
    app.state.log = log
    app.state.home = settings.home
    app.state.retention = retention
    app.state.model = settings.llm
    app.include_router(health.router)
    app.include_router(routes.router)
    app.include_router(usage.router)
    app.include_router(login.router)
    app.include_router(notice.router)
    app.include_router(accessibility.router)
    app.include_router(feedback.router, responses=REFUSALS)
    app.include_router(calls.router, responses=REFUSALS)
    app.include_router(backlog.router, responses=REFUSALS)
    app.include_router(conversations.router, responses=REFUSALS)
    app.include_router(openai.router, responses=REFUSALS)
    # A route and not a mount, which would send /mcp to /mcp/. There is nothing to GET where no session is kept.
    app.router.routes.append(Route(PATH, mcp, methods=["POST"]))
    desk.install(app)
    embed.install(app)
    most_sent = settings.max_file_mb * 1_000_000
    edition.install(app, settings.home, log, most_sent, lambda: open_library(settings, assistant.embedder))
    app.mount("/interface", StaticFiles(directory=STATIC))
    problems.install(app, log)
    app.add_middleware(Identify, store=store, doors=doors, visitors=Visitors(secret))
    app.add_middleware(problems.Unexpected, log=log)
    app.add_middleware(Deadline, seconds=settings.request_seconds)
    app.add_middleware(BodyLimit, larger={edition.UPLOADS: most_sent + MAX_BODY})
    app.add_middleware(Cors, allowed=origins_in(settings.cors_origins), doors=doors)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(RequestLog, metrics=metrics)

    async def elsewhere(scope: Scope, receive: Receive, send: Send) -> None:
        # Not a mount at "/": it would match everything, and a GET on /v1/ask could no longer be told 405.
        if scope["type"] != "http":
            await app.router.not_found(scope, receive, send)
            return
        if chat is None or scope["path"].startswith("/v1/"):
            raise HTTPException(404)
        await chat(scope, receive, send)

    app.router.default = elsewhere
    return app


def prepared_app(settings: Settings, *, with_chat: bool) -> FastAPI:
    """The application as `serve` runs it: it builds the starter index when nothing was ever published, and mends a
    damaged one."""
    store = open_store(settings)
    assistant = open_assistant(settings, sessions=lasting_sessions(settings, store))

    def steps() -> None:
        while True:
            try:
                build_starter(settings, assistant)
                try:
                    assistant.warm_up()
                except SnapshotDamaged:
                    repair(settings, assistant)
                    assistant.warm_up()
                # After a first build, which has the processors to itself.
                assistant.embedder.share_processors(settings.concurrency)
                # Its lists of names take seconds to load, which the first question would wait for.
                mask("Madame Dupont")
                return
            except WriterBusy:
                # Another process, of `serve --workers` or of `corpus add`, makes the index: wait for it.
                time.sleep(1)

    preparation = Preparation(assistant, steps, settings.home / LOG_NAME)
    retention = open_retention(settings, store)

    def purge() -> Purged:
        library = open_library(settings, assistant.embedder)
        edition.tidy(settings.home, settings.home / LOG_NAME, library, assistant.state)
        return retention.purge()

    upkeep = Upkeep(purge, settings.home, settings.home / LOG_NAME)
    return create_app(settings, assistant, store, with_chat=with_chat, preparation=preparation, upkeep=upkeep)


def worker_app() -> FastAPI:
    """What each process of `serve --no-ui --workers N` imports and calls; its settings come from the environment."""
    return prepared_app(Settings(), with_chat=False)
