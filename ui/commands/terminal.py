"""What the commands write: results on standard output, progress and errors on standard error."""

import json
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any, Protocol
from unicodedata import category

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, ProgressColumn, Task, TaskID, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bars
from rich.table import Table
from rich.text import Text

from indexing import Progress
from ui import messages

LINE_EVERY_SECONDS = 5.0
WIDE = 1000


def say(text: str = "") -> None:
    print(visible(text))


def tell(text: str) -> None:
    """For the person at the terminal, not for what reads the result."""
    print(visible(text), file=sys.stderr, flush=True)


def visible(text: str) -> str:
    """Documents may hold control characters, and a terminal obeys them. French spaces that do not break are shown."""
    return "".join(
        c if c.isprintable() or c in "\n\t" or category(c) == "Zs" else "\N{REPLACEMENT CHARACTER}" for c in text
    )


def say_json(body: Mapping[str, Any]) -> None:
    """Write a body as HTTP sends it."""
    print(json.dumps(body, ensure_ascii=False, allow_nan=False, separators=(",", ":")))


def say_table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """The first column names the thing: it is never cut, for whoever copies it."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for number, column in enumerate(columns):
        widest = max((len(row[number]) for row in rows), default=0)
        table.add_column(column, overflow="fold", min_width=None if number else widest)
    for row in rows:
        # As Text: square brackets in a title are not styles.
        table.add_row(*(Text(visible(cell)) for cell in row))
    # In a file or a pipe, a row is a line.
    Console(highlight=False, width=None if sys.stdout.isatty() else WIDE).print(table)


class Rate(ProgressColumn):
    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text(f"{speed:.1f}/s" if speed else "")


class ShowProgress(Protocol):
    """Shows how far long work is; `paused` leaves the terminal to a question meanwhile."""

    def __call__(self, progress: Progress) -> None: ...

    def paused(self) -> AbstractContextManager[None]: ...


@contextmanager
def progress_shown() -> Iterator[ShowProgress]:
    """A bar a stage on a terminal, a line now and then elsewhere."""
    console = Console(stderr=True, highlight=False)
    if not console.is_terminal:
        yield ProgressLines()
        return
    left = TimeRemainingColumn(elapsed_when_finished=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), Rate(), left)
    with Bars(*columns, console=console) as bars:
        yield ProgressBars(bars)


class ProgressBars:
    def __init__(self, bars: Bars) -> None:
        self._bars = bars
        self._stages: dict[str, TaskID] = {}

    def __call__(self, progress: Progress) -> None:
        if progress.stage not in self._stages:
            # Without a total the bar only says that something is going on.
            description = messages.STAGES.get(progress.stage, progress.stage)
            self._stages[progress.stage] = self._bars.add_task(description, total=None)
        self._bars.update(self._stages[progress.stage], completed=progress.done, total=progress.total or None)

    @contextmanager
    def paused(self) -> Iterator[None]:
        self._bars.stop()
        try:
            yield
        finally:
            self._bars.start()


class ProgressLines:
    """Progress for logs and pipes: when a stage begins or ends, and every few seconds between."""

    def __init__(self) -> None:
        self._last = Progress("preparing", -1, 0)
        self._at = 0.0

    def __call__(self, progress: Progress) -> None:
        now = time.monotonic()
        ended = 0 < progress.total == progress.done
        soon = progress.stage == self._last.stage and not ended and now - self._at < LINE_EVERY_SECONDS
        if soon or progress == self._last:
            return
        self._last, self._at = progress, now
        tell(messages.progress(progress.stage, progress.done, progress.total))

    def paused(self) -> AbstractContextManager[None]:
        return nullcontext()


@contextmanager
def waiting(text: str) -> Iterator[None]:
    """A moving sign beside `text` while something takes a few seconds; nothing when no one is watching."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield
        return
    with console.status(text):
        yield
