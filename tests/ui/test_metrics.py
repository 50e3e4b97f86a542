"""What is counted, and how several processes add up."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from assistant.answer import Note
from tests.fakes import FakeAssistant
from ui.api.overload import Line
from ui.metrics import Metrics

ROOT = Path(__file__).parents[2]


def text(metrics: Metrics) -> str:
    return metrics.text({}).decode()


def test_an_answer_that_could_not_be_kept_is_a_failure_of_the_store() -> None:
    metrics = Metrics(Line(1, 1))
    metrics.answered(replace(FakeAssistant().ask("Qui ?"), notes=(Note("not_kept"),)))
    metrics.requested("GET", "/v1/conversations", 503, 0.1, "store_unavailable")
    assert "assistant_elus_store_failures_total 2.0" in text(metrics)


def test_tokens_are_counted_once_even_told_in_the_wrong_order() -> None:
    metrics = Metrics(Line(1, 1))
    for read, written in ((100, 10), (300, 30), (200, 20), (300, 30)):
        metrics.model_tokens(read, written)
    assert 'assistant_elus_model_tokens_total{direction="read"} 300.0' in text(metrics)
    assert 'assistant_elus_model_tokens_total{direction="written"} 30.0' in text(metrics)


def test_what_is_turned_away_is_counted_by_reason() -> None:
    metrics = Metrics(Line(1, 1))
    metrics.requested("POST", "/v1/ask", 503, 0.0, "overloaded")
    metrics.requested("POST", "/v1/ask", 422, 0.0, "invalid_request")
    assert 'assistant_elus_turned_away_total{reason="overloaded"} 1.0' in text(metrics)
    assert "invalid_request" not in text(metrics)


def test_processes_that_share_a_folder_add_up(tmp_path: Path) -> None:
    count = (
        "from ui.metrics import Metrics; from ui.api.overload import Line; "
        "m = Metrics(Line(1, 1)); m.requested('POST', '/v1/ask', 200, 0.1, None); print(m.text({}).decode())"
    )
    environment = os.environ | {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path), "PYTHONPATH": str(ROOT)}
    said = ""
    for _ in range(2):
        said = subprocess.run(
            [sys.executable, "-c", count], env=environment, capture_output=True, text=True, check=True, cwd=ROOT
        ).stdout
    assert 'assistant_elus_requests_total{method="POST",route="/v1/ask",status="200"} 2.0' in said
