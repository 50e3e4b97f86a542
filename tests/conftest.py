"""What every test stands on: a home of its own, and, for those marked so, the starter fiches under the real model.

ASSISTANT_ELUS_MUST_RUN names markers (as in "ocr,browser") whose tests fail rather than skip: where what they need is
installed, a skip hides something.
"""

import os
from collections.abc import Generator
from pathlib import Path

import pytest

from assistant.factory import build_starter, open_assistant
from assistant.pipeline import Assistant
from assistant.settings import Settings

# The prepared model is shared: making it anew takes longer than all unit tests together.
_KEPT = {"ASSISTANT_ELUS_CACHE", "ASSISTANT_ELUS_WEIGHTS", "ASSISTANT_ELUS_TEST_MATERIAL"}

_MUST_RUN = frozenset(filter(None, os.environ.get("ASSISTANT_ELUS_MUST_RUN", "").split(",")))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.skipped and _MUST_RUN.intersection(mark.name for mark in item.iter_markers()):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} may not be skipped here: {report.longrepr}"
    return report


@pytest.fixture(autouse=True)
def isolated_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home that does not exist yet, and none of the developer's own settings."""
    for name in set(os.environ) - _KEPT:
        if name.startswith("ASSISTANT_ELUS_"):
            monkeypatch.delenv(name)
    home = tmp_path / "isolated-home"
    monkeypatch.setenv("ASSISTANT_ELUS_HOME", str(home))
    return home


@pytest.fixture(scope="session")
def starter_assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    """An assistant over the starter fiches, indexed with the embedded model."""
    settings = Settings(home=tmp_path_factory.mktemp("starter"))
    assistant = open_assistant(settings)
    build_starter(settings, assistant)
    return assistant


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-snapshots", action="store_true", help="write the replies of evals/data/snapshots anew")
