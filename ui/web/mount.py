"""The chat behind the API: a waiting page while Gradio is imported, then Gradio's own application."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.pipeline import Assistant
from assistant.store import Retention, Store
from ui import messages
from ui.api.limits import Limits
from ui.preparation import Preparation
from ui.problem import unexpected
from ui.web.conversation import Chat
from ui.web.past import Past

WAITING_PAGE = """<!DOCTYPE html><html><head><meta charset="utf-8"><meta http-equiv="refresh" content="{seconds}">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>
<link rel="stylesheet" href="/interface/waiting.css"><link rel="icon" href="/interface/favicon.png"></head>
<body><main><h1>{title}</h1><p>{text}</p></main></body></html>"""


class ChatMount:
    """An ASGI application whose inside comes later."""

    def __init__(
        self,
        assistant: Assistant,
        preparation: Preparation,
        contact: str,
        log: Path,
        limits: Limits,
        store: Store,
        retention: Retention,
    ) -> None:
        self._chat = Chat(assistant, preparation, contact, log, limits)
        self._past = Past(store, assistant, retention, contact)
        self._log = log
        self._gradio: ASGIApp | None = None
        self._failed = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app = self._gradio or self._waiting_page(scope)
        await app(scope, receive, send)

    def _waiting_page(self, scope: Scope) -> Response:
        if scope["path"] != "/":
            return PlainTextResponse(messages.CHAT_LOADING, 503)
        text = messages.UNEXPECTED if self._failed else messages.CHAT_LOADING
        page = WAITING_PAGE.format(title=messages.CHAT_TITLE, text=text, seconds=30 if self._failed else 2)
        return HTMLResponse(page, 503, {"Retry-After": "2"})

    @asynccontextmanager
    async def opening(self, then: Callable[[], None]) -> AsyncIterator[None]:
        """While entered: Gradio is built in a thread, `then` is called after it, and its lifespan is kept open."""
        loop = asyncio.get_running_loop()
        built: asyncio.Future[FastAPI] = loop.create_future()

        def deliver(app: FastAPI) -> None:
            if not built.done():
                built.set_result(app)

        def build() -> None:
            try:
                # Imported here: Gradio takes seconds, and the server listens meanwhile.
                from ui.web.chat import chat_application

                app = chat_application(self._chat, self._past)
                loop.call_soon_threadsafe(deliver, app)
            except Exception as error:  # the API goes on without the chat
                self._failed = True
                unexpected(error, self._log)
            then()

        async def keep_open() -> None:
            app = await built
            async with app.router.lifespan_context(app):
                self._gradio = app
                await asyncio.Event().wait()

        # A daemon: stopping the server must not wait for an import.
        threading.Thread(target=build, name="chat", daemon=True).start()
        task = asyncio.create_task(keep_open())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
