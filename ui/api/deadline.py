"""A request that takes too long is answered that it does, whatever keeps it."""

import asyncio

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.api.overload import too_slow
from ui.api.problems import respond

PLACES = ("/v1/", "/mcp")


class Deadline:
    """Answers 504 once `seconds` have passed without a first byte. A thread at work cannot be cut: it goes on alone,
    and keeps its place in the line, so that the processor is not promised twice.
    """

    def __init__(self, app: ASGIApp, seconds: float) -> None:
        self.app = app
        self.seconds = seconds
        self._late: set[asyncio.Task[None]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(PLACES):
            await self.app(scope, receive, send)
            return
        begun = late = False

        async def timely(message: Message) -> None:
            nonlocal begun
            if not late:
                begun = True
                await send(message)

        async def serve() -> None:
            await self.app(scope, receive, timely)

        task = asyncio.create_task(serve())
        try:
            await asyncio.wait({task}, timeout=self.seconds)
            if begun or task.done():
                await task
                return
        except asyncio.CancelledError:
            task.cancel()
            raise
        late = True
        # A task nobody holds may be dropped before it ends.
        self._late.add(task)
        task.add_done_callback(self._late.discard)
        refused = too_slow()
        await respond(refused.problem, Request(scope), refused.headers)(scope, receive, send)
