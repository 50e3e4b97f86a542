"""The web application: the API first, the chat behind every address that is not one of the API's."""

import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from assistant.factory import build_starter, open_assistant, repair
from assistant.pipeline import Assistant
from assistant.settings import Settings
from indexing import SnapshotDamaged, WriterBusy
from ui.api import problems, routes
from ui.api.requests import RequestLog
from ui.api.security import BodyLimit, SecurityHeaders
from ui.preparation import Preparation
from ui.problem import LOG_NAME
from ui.web.mount import ChatMount

STATIC = Path(__file__).parent / "web" / "static"
DESCRIPTION = (
    "Pose des questions aux documents de référence des élus locaux. Chaque phrase d'une réponse cite le passage "
    "qui la prouve ; quand les documents ne répondent pas, la réponse le dit."
)


def create_app(
    settings: Settings, assistant: Assistant, *, with_chat: bool = True, preparation: Preparation | None = None
) -> FastAPI:
    """`preparation` starts once the server listens; without one there is nothing to prepare."""
    log = settings.home / LOG_NAME
    if preparation is None:
        preparation = Preparation(assistant, lambda: None, log)
    chat = ChatMount(assistant, preparation, settings.contact, log) if with_chat else None

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            if chat is not None:
                # Gradio takes seconds to import: it comes first, alone, so that two heavy imports never interlock.
                await stack.enter_async_context(chat.opening(then=preparation.start))
            else:
                preparation.start()
            yield

    app = FastAPI(
        title="Assistant des élus",
        description=DESCRIPTION,
        version="1",
        lifespan=lifespan,
        # The pages FastAPI offers for its own documentation load scripts from elsewhere.
        docs_url=None,
        redoc_url=None,
        openapi_url="/v1/openapi.json",
        redirect_slashes=False,
    )
    app.state.assistant = assistant
    app.state.contact = settings.contact
    app.state.preparation = preparation
    app.state.log = log
    app.state.home = settings.home
    app.include_router(routes.router)
    app.mount("/interface", StaticFiles(directory=STATIC))
    problems.install(app, log)
    app.add_middleware(problems.Unexpected, log=log)
    app.add_middleware(BodyLimit)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(RequestLog)

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
    assistant = open_assistant(settings)

    def steps() -> None:
        while True:
            try:
                build_starter(settings, assistant)
                try:
                    assistant.warm_up()
                except SnapshotDamaged:
                    repair(settings, assistant)
                    assistant.warm_up()
                return
            except WriterBusy:
                # Another process, of `serve --workers` or of `corpus add`, makes the index: wait for it.
                time.sleep(1)

    preparation = Preparation(assistant, steps, settings.home / LOG_NAME)
    return create_app(settings, assistant, with_chat=with_chat, preparation=preparation)


def worker_app() -> FastAPI:
    """What each process of `serve --no-ui --workers N` imports and calls; its settings come from the environment."""
    return prepared_app(Settings(), with_chat=False)
