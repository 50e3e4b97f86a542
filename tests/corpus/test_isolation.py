"""Parsers apart: what hangs, crashes or swells takes down its worker alone."""

import ctypes
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.document import Locator, Section
from corpus.isolation import TooSlow, Worker
from corpus.parsed import Parsed, Unreadable

ROOT = Path(__file__).parent.parent.parent


NEVER = 3_000
"""Seconds no test lasts."""


# What parsers do, in the worker


def tells(said: str) -> Parsed:
    return Parsed((Section("", (), said, Locator("section", "debut"), ()),))


def tells_what_is_loaded() -> Parsed:
    heavy = {"torch", "chromadb", "sentence_transformers", "gradio", "pytest", "ui"}
    return tells(f"{os.getpid()} " + " ".join(sorted(heavy & set(sys.modules))))


def hangs() -> Parsed:
    time.sleep(NEVER)
    return tells("jamais")


def hangs_in_c() -> Parsed:
    # The interpreter never comes back to look at a signal.
    ctypes.PyDLL(None).sleep(NEVER)
    return tells("jamais")


def crashes() -> Parsed:
    os.kill(os.getpid(), signal.SIGSEGV)
    return tells("jamais")


def swells() -> Parsed:
    return tells(str(len(bytearray(3 * 1024**3))))


def refuses() -> Parsed:
    raise Unreadable("ocr_missing", "tesseract-ocr")


def stumbles() -> Parsed:
    raise ZeroDivisionError


def said(parsed: Parsed) -> str:
    return parsed.sections[0].text


@pytest.fixture
def worker() -> Iterator[Worker]:
    made = Worker(seconds=60, memory=2 * 1024**3)
    yield made
    made.close()


def test_one_worker_serves_all_files_and_loads_nothing_heavy(worker: Worker) -> None:
    assert not worker.started
    first, second = said(worker.run(tells_what_is_loaded)), said(worker.run(tells_what_is_loaded))
    assert first == second
    pid, *loaded = first.split()
    assert pid != str(os.getpid())
    assert loaded == ["pytest"], "by this file of tests, where the parser stands"


def test_a_refusal_comes_back_as_it_was(worker: Worker) -> None:
    with pytest.raises(Unreadable) as refused:
        worker.run(refuses)
    assert (refused.value.code, refused.value.detail) == ("ocr_missing", "tesseract-ocr")


def test_what_a_parser_did_not_foresee_means_a_damaged_file(worker: Worker) -> None:
    with pytest.raises(Unreadable) as refused:
        worker.run(stumbles)
    assert refused.value.code == "damaged"


def test_a_crash_means_a_damaged_file_and_the_next_one_is_read(worker: Worker) -> None:
    for _ in range(2):
        with pytest.raises(Unreadable) as refused:
            worker.run(crashes)
        assert refused.value.code == "damaged"
    assert said(worker.run(tells, "la suite")) == "la suite"


@pytest.mark.skipif(sys.platform == "win32", reason="no memory limit there")
def test_a_file_that_wants_all_the_memory_is_refused(worker: Worker) -> None:
    with pytest.raises(Unreadable) as refused:
        worker.run(swells)
    assert (refused.value.code, refused.value.detail) == ("unsafe", "memory")
    assert said(worker.run(tells, "la suite")) == "la suite"


@pytest.mark.parametrize("parser", [hangs, hangs_in_c])
def test_a_file_too_slow_is_given_up_and_the_next_one_is_read(parser: object) -> None:
    worker = Worker(seconds=0.5)
    try:
        worker.run(tells, "chaud")
        with pytest.raises(TooSlow):
            worker.run(parser)  # type: ignore[arg-type]
        assert said(worker.run(tells, "la suite")) == "la suite"
    finally:
        worker.close()


def test_closing_leaves_no_process_behind(worker: Worker) -> None:
    worker.run(tells, "un")
    worker.close()
    worker.close()
    assert not multiprocessing.active_children()
    assert said(worker.run(tells, "deux")) == "deux"


SCRIPT = """
import signal

# A shell that starts the tests in the background has them ignore it.
signal.signal(signal.SIGINT, signal.default_int_handler)

from tests.corpus.test_isolation import hangs_in_c, said, tells_what_is_loaded
from corpus.isolation import Worker

print("script", flush=True)
worker = Worker(60)
try:
    print(said(worker.run(tells_what_is_loaded)), flush=True)
    worker.run(hangs_in_c)
finally:
    worker.close()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="interrupts by a signal")
def test_an_interruption_ends_the_worker_at_once_even_in_a_script_without_a_guard(tmp_path: Path) -> None:
    script = tmp_path / "sans_garde.py"
    script.write_text(SCRIPT, encoding="utf-8")
    run = subprocess.Popen(
        [sys.executable, str(script)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert run.stdout is not None
    assert run.stdout.readline() == "script\n"
    pid = int(run.stdout.readline().split()[0])
    time.sleep(0.5)
    run.send_signal(signal.SIGINT)
    rest, complaint = run.communicate(timeout=NEVER / 10)
    assert rest == "", "the script ran once"
    assert "KeyboardInterrupt" in complaint
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
