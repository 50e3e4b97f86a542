"""A real `serve` process over a copy of a home, for measures that must go through it."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SECONDS_TO_BE_READY = 600
"""A home that holds nothing has the starter fiches indexed first."""


@dataclass(frozen=True, slots=True)
class Server:
    url: str
    port: int
    home: Path
    process: subprocess.Popen[bytes]
    log: Path

    def rss_mb(self) -> float:
        """Memory of the process and its workers, shared pages counted in each."""
        return round(sum(_rss_kb(pid) for pid in (self.process.pid, *_children(self.process.pid))) / 1024, 1)

    def said(self) -> str:
        """What it has written on its standard error."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def kill(self) -> None:
        """kill -9, its workers too."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@contextmanager
def copied_home(home: Path | None) -> Iterator[Path]:
    """A home of one's own with the index of `home`, or with nothing yet."""
    with tempfile.TemporaryDirectory(prefix="assistant-elus-evals-") as folder:
        copy = Path(folder) / "home"
        if home is not None:
            shutil.copytree(home, copy, ignore=shutil.ignore_patterns("store.db*", "erreurs.log"))
        yield copy


@contextmanager
def serving(home: Path, options: Sequence[str] = ("--no-ui",), settings: Mapping[str, str] = {}) -> Iterator[Server]:
    """While entered, a server that is ready; `settings` are named without ASSISTANT_ELUS_. Raises TimeoutError."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    ours = {name: value for name, value in os.environ.items() if not name.startswith("ASSISTANT_ELUS_")}
    kept = {name: os.environ[name] for name in ("ASSISTANT_ELUS_CACHE", "ASSISTANT_ELUS_WEIGHTS") if name in os.environ}
    given = {f"ASSISTANT_ELUS_{name.upper()}": value for name, value in settings.items()}
    environment = ours | kept | given | {"ASSISTANT_ELUS_HOME": str(home)}
    log = home.parent / "serve.log"
    command = [sys.executable, "-m", "ui", "serve", "--port", str(port), *options]
    with log.open("ab") as written:
        # A group of its own, so that one signal can end its workers with it.
        process = subprocess.Popen(command, env=environment, stderr=written, start_new_session=True)
    server = Server(f"http://127.0.0.1:{port}", port, home, process, log)
    try:
        _wait_until_ready(server)
        yield server
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                server.kill()


def post(url: str, body: Mapping[str, Any], timeout: float = 60.0) -> tuple[int, dict[str, Any]]:
    """A JSON request's status and body; OSError when the connection is refused or cut."""
    request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=timeout) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read() or b"{}")


def all_questions(folder: Path = Path(__file__).parent / "data") -> list[str]:
    """Every different question of our own sets."""
    questions: list[str] = []
    for name in ("fiches", "sources", "hors-sujet"):
        for line in (folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            questions += json.loads(line)["turns"]
    return list(dict.fromkeys(questions))


def machine() -> dict[str, object]:
    """Where a measure was made, and how busy it was."""
    return {"processors": os.cpu_count(), "load_before": [round(load, 2) for load in os.getloadavg()]}


def write(result: Mapping[str, Any], out: Path | None) -> None:
    print(json.dumps(result, ensure_ascii=False, indent=1))
    if out:
        out.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _wait_until_ready(server: Server) -> None:
    ends = time.monotonic() + SECONDS_TO_BE_READY
    while time.monotonic() < ends and server.process.poll() is None:
        try:
            with urllib.request.urlopen(f"{server.url}/readyz", timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError(f"serve is not ready: {server.said()[-2000:]}")


def _children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in listed.read_text().split()] if listed.exists() else []


def _rss_kb(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    return 0
