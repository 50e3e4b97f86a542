"""serve: it listens at once, on this machine only, and says so when it cannot."""

import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from assistant.factory import open_store
from assistant.settings import Settings
from ui.__main__ import main
from ui.loopback import is_loopback

ROOT = Path(__file__).parents[3]


def test_only_this_machine_is_loopback() -> None:
    assert all(is_loopback(host) for host in ("127.0.0.1", "127.0.0.2", "::1", "localhost"))
    assert not any(is_loopback(host) for host in ("0.0.0.0", "::", "10.0.0.1", "exemple.fr", ""))


def test_a_taken_port_is_one_line_and_1(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert main(["serve", "--port", str(port)]) == 1
    assert capsys.readouterr().err == (
        f"Le port {port} est déjà pris : fermez l'autre service ou choisissez-en un autre avec --port.\n"
    )


@pytest.mark.parametrize("options", [["--no-ui"], ["--no-ui", "--workers", "2"]], ids=["one process", "two processes"])
def test_serve_listens_before_it_is_ready_and_stops_in_one_line(options: list[str], tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": str(ROOT),
        "ASSISTANT_ELUS_HOME": str(tmp_path),
        "HOME": str(tmp_path),
    }
    command = [sys.executable, "-m", "ui", "serve", "--port", str(port), *options]
    # A shell that runs tests in the background has its children ignore Ctrl-C: here it must count.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True) as server:
        signal.signal(signal.SIGINT, before)
        try:
            assert wait_for(f"http://127.0.0.1:{port}/healthz", seconds=60) == 200
            server.send_signal(signal.SIGINT)
            _, said = server.communicate(timeout=60)
        finally:
            server.kill()
    assert server.returncode == 130
    assert f"http://127.0.0.1:{port}" in said.split("\n")[0]
    assert said.rstrip().endswith("Service arrêté.") and "Traceback" not in said


def test_without_key_nor_account_only_this_machine_is_served(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ASSISTANT_ELUS_HOME", str(tmp_path))
    assert main(["serve", "--host", "0.0.0.0", "--port", "0"]) == 2
    said = capsys.readouterr().err
    assert "keys create" in said and "accounts create" in said and "127.0.0.1" in said
    keys = open_store(Settings()).keys
    key, _ = keys.create("Portail", {"ask"})
    keys.revoke(key.id)
    assert main(["serve", "--host", "0.0.0.0", "--port", "0"]) == 2


def test_with_a_key_others_are_served_and_nobody_without_one(tmp_path: Path) -> None:
    _, secret = open_store(Settings(home=tmp_path)).keys.create("Portail", {"documents"})
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "ASSISTANT_ELUS_HOME": str(tmp_path)}
    environment["HOME"] = str(tmp_path)
    command = [sys.executable, "-m", "ui", "serve", "--host", "0.0.0.0", "--port", str(port), "--no-ui"]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL) as server:
        try:
            assert wait_for(f"http://127.0.0.1:{port}/healthz", seconds=60) == 200
            assert status(f"http://127.0.0.1:{port}/v1/documents") == 401
            # The first index is still being made: known, the caller is told so.
            assert status(f"http://127.0.0.1:{port}/v1/documents", secret) in (200, 503)
        finally:
            server.terminate()
            server.wait(30)


def status(url: str, secret: str = "") -> int:
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {secret}"} if secret else {})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def wait_for(url: str, seconds: float) -> int:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=seconds) as answer:
                return int(answer.status)
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    raise TimeoutError(url)
