"""Stopping when asked to (SIGTERM): answers begun are finished, new questions are turned away, then the server ends."""

import asyncio
import os
import signal
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import FrameType

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from ui.api.overload import Line

SECONDS_TO_FINISH = 20.0
SECONDS_TO_LEAVE = 10.0
"""Then the process ends, even if a thread is still held by something outside."""
SECONDS_TO_SPEAK = 1.0
LOOK_EVERY = 0.05


class HeardOut(HttpToolsProtocol):
    """A connection let in just before the server stopped is given the time to say what it wants, and answered.

    uvicorn closes it at once, and a question already on its way meets a connection reset instead of "try again".
    """

    def shutdown(self) -> None:
        if self.cycle is None and not self.transport.is_closing():
            self.loop.call_later(SECONDS_TO_SPEAK, super().shutdown)
        else:
            super().shutdown()


@asynccontextmanager
async def finishing_answers(line: Line, seconds: float = SECONDS_TO_FINISH) -> AsyncIterator[None]:
    """While entered, SIGTERM waits for the line to be empty, at most `seconds`, before the server hears of it.

    A second SIGTERM does not wait. In a thread other than the main one, which hears no signals, does nothing.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    loop = asyncio.get_running_loop()
    before = signal.getsignal(signal.SIGTERM)
    asked = False

    def pass_on() -> None:
        if callable(before):
            before(signal.SIGTERM, None)

    async def finish() -> None:
        line.close()
        ends = loop.time() + seconds
        while line.present() and loop.time() < ends:
            await asyncio.sleep(LOOK_EVERY)
        pass_on()

    tasks: set[asyncio.Task[None]] = set()

    def begin() -> None:
        tasks.add(loop.create_task(finish()))
        last_resort = threading.Timer(seconds + SECONDS_TO_LEAVE, os._exit, [0])
        last_resort.daemon = True
        last_resort.start()

    def heard(_: int, __: FrameType | None) -> None:
        nonlocal asked
        if asked:
            pass_on()
            return
        asked = True
        # Nothing else here: the handler may interrupt whoever holds the line's lock.
        loop.call_soon_threadsafe(begin)

    signal.signal(signal.SIGTERM, heard)
    yield
    for task in tasks:
        task.cancel()
    if signal.getsignal(signal.SIGTERM) is heard:
        signal.signal(signal.SIGTERM, before)
