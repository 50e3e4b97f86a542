"""The whole contract put to the test by Schemathesis, through a real server: what it allows, and what it does not."""

import subprocess
import sys
from pathlib import Path
from typing import cast

import pytest

from assistant.factory import open_store
from assistant.pipeline import Assistant
from assistant.settings import Settings
from tests.fakes import FakeAssistant
from tests.live_server import serving
from ui.api.caller import SCOPES
from ui.app import create_app

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "unsupported_method",
    "ignored_auth",
)
OPTIONS = ("--phases", "examples,coverage,fuzzing", "--max-examples", "5", "--seed", "1", "--generation-deterministic")
QUIET = ("--no-color", "--warnings", "off", "--continue-on-failure", "--max-failures", "20")


@pytest.mark.integration
def test_no_request_brings_an_answer_that_the_contract_does_not_declare(settings: Settings, tmp_path: Path) -> None:
    store = open_store(settings)
    _, key = store.keys.create("Contrat", frozenset(SCOPES))
    app = create_app(settings, cast(Assistant, FakeAssistant()), store, with_chat=False)
    with serving(app) as address:
        run = [sys.executable, "-m", "schemathesis.cli", "run", f"{address}/v1/openapi.json", "-c", ",".join(CHECKS)]
        authorised = ("-H", f"Authorization: Bearer {key}")
        done = subprocess.run(
            [*run, *OPTIONS, *QUIET, *authorised], cwd=tmp_path, capture_output=True, text=True, timeout=300
        )
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-2_000:]
