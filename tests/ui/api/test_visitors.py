"""The signed cookie of a visitor, and the secret that signs it."""

import stat
import threading
from pathlib import Path

import pytest

from ui.api import visitors
from ui.api.visitors import Visitors, secret_of


def test_a_visitor_who_comes_back_is_the_same() -> None:
    owner, cookie = Visitors("secret").new()
    assert owner.startswith("visitor:") and Visitors("secret").owner(cookie) == owner
    assert Visitors("secret").new()[0] != owner


@pytest.mark.parametrize("forged", ["", "x", "visitor:1", "é", "a.b.c", "." * 10_000])
def test_a_cookie_that_is_not_ours_is_nobody_s(forged: str) -> None:
    assert Visitors("secret").owner(forged) is None


def test_a_cookie_signed_with_another_secret_or_changed_is_nobody_s() -> None:
    _, cookie = Visitors("secret").new()
    assert Visitors("autre").owner(cookie) is None
    assert Visitors("secret").owner("A" + cookie[1:] if cookie[0] != "A" else "B" + cookie[1:]) is None


def test_a_cookie_lasts_a_year(monkeypatch: pytest.MonkeyPatch) -> None:
    _, cookie = Visitors("secret").new()
    monkeypatch.setattr(visitors, "SECONDS_OF_VISIT", -1)
    assert Visitors("secret").owner(cookie) is None


def test_the_secret_is_made_once_and_its_owner_s_alone(tmp_path: Path) -> None:
    home = tmp_path / "home"
    secret = secret_of(home)
    assert len(secret) >= 32 and secret_of(home) == secret
    assert stat.S_IMODE((home / "secret").stat().st_mode) == 0o600
    assert [file.name for file in home.iterdir()] == ["secret"]
    assert secret_of(home, "donné") == "donné"


def test_processes_that_start_together_make_one_secret(tmp_path: Path) -> None:
    found: list[str] = []
    ready = threading.Barrier(8)

    def start() -> None:
        ready.wait()
        found.append(secret_of(tmp_path))

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8 and len(set(found)) == 1
