"""The Model Context Protocol at /mcp: an ASGI application whose inside is imported in the background."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from ui import messages
from ui.api.problems import respond
from ui.problem import Problem, unexpected

if TYPE_CHECKING:
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

PATH = "/mcp"
Answering = Callable[[Scope, Receive, Send], Awaitable[None]]


class McpMount:
    """Answers POST /mcp. A request that comes before the import has ended waits for it, rather than be refused."""

    def __init__(self, log: Path) -> None:
        self._log = log
        self._loop: asyncio.AbstractEventLoop | None = None
        self._built: asyncio.Future[StreamableHTTPSessionManager | None] | None = None
        self._answering: asyncio.Future[Answering | None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # Shielded: the many that wait share it, and one of them that goes must not cancel it for the others.
        answer = await asyncio.shield(self._answering) if self._answering else None
        if answer is None:
            answer = respond(Problem("unexpected", 500, messages.UNEXPECTED), Request(scope))
        await answer(scope, receive, send)

    def build(self) -> None:
        """Import and build the inside, in whatever thread calls; `opening` must have been entered."""
        assert self._loop is not None
        try:
            from ui.api import mcp_server

            manager = mcp_server.build()
        except Exception as error:  # the API goes on without it
            unexpected(error, self._log)
            manager = None
        with suppress(RuntimeError):  # the server was stopped meanwhile, and its loop with it
            self._loop.call_soon_threadsafe(self._deliver, manager)

    def _deliver(self, manager: "StreamableHTTPSessionManager | None") -> None:
        if self._built is not None and not self._built.done():
            self._built.set_result(manager)

    @asynccontextmanager
    async def opening(self) -> AsyncIterator[None]:
        """While entered, what `build` builds is kept running."""
        self._loop = asyncio.get_running_loop()
        built: asyncio.Future[StreamableHTTPSessionManager | None] = self._loop.create_future()
        answering: asyncio.Future[Answering | None] = self._loop.create_future()
        self._built, self._answering = built, answering

        async def keep_open() -> None:
            manager = await built
            if manager is None:
                answering.set_result(None)
                return
            async with manager.run():
                answering.set_result(manager.handle_request)
                await asyncio.Event().wait()

        task = asyncio.create_task(keep_open())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            answering.cancel()
