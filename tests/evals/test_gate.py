"""The gate: answers measured now do not fall below the committed baseline.

A baseline that must fall is written anew, with a line in CHANGELOG.md that says why:
`assistant-elus evals run --out evals/results/baseline/fiches`.
"""

import os
import re
import unicodedata
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

import pytest

from assistant.answer import Citation, Turn
from assistant.factory import open_assistant, open_library
from assistant.pipeline import Assistant
from assistant.settings import Settings
from evals.runner import ANSWERS, Comparison, RunReport, read, run
from ui.commands.evals import rendered

pytestmark = pytest.mark.gate
EVALS = Path(str(files("evals")))
BASELINE = EVALS / "results" / "baseline"
TOLERANCE = 0.02
# Read while the tests are collected: whoever runs them points at the material, the tests themselves never do.
MATERIAL = os.environ.get("ASSISTANT_ELUS_TEST_MATERIAL", "")
needs_material = pytest.mark.skipif(not MATERIAL, reason="ASSISTANT_ELUS_TEST_MATERIAL is not set")


Cited = list[tuple[str, str]]


def measured(assistant: Assistant, questions: Path, out: Path) -> tuple[RunReport, Cited]:
    """Figures of a private run, and the excerpts cited with their sources: kept in memory, never written."""
    cited: Cited = []

    def kept(turn: Turn) -> tuple[str, Sequence[tuple[Citation, str]]]:
        text, citations = rendered(turn)
        cited.extend((citation.document.source, excerpt) for citation, excerpt in citations)
        return text, citations

    report = run(assistant, questions, out, lambda done, total: None, kept, private=True)
    assert not (out / ANSWERS).exists()
    return report, cited


def falls(report: RunReport, baseline: Path) -> dict[str, tuple[float, float]]:
    """Name what fell below the baseline."""
    if not baseline.is_dir():
        pytest.skip(f"no baseline in {baseline.relative_to(EVALS)} yet")
    before = read(baseline)
    assert before.parameters["count"] == report.parameters["count"], "the questions changed: measure the baseline anew"
    return Comparison(before, report).falls(TOLERANCE)


def test_answers_from_the_starter_fiches_do_not_fall_below_the_baseline(
    starter_assistant: Assistant, tmp_path: Path
) -> None:
    report, _ = measured(starter_assistant, EVALS / "data" / "fiches.jsonl", tmp_path)
    assert report.overall["hard_facts"] == 0
    assert falls(report, BASELINE / "fiches") == {}


@pytest.fixture(scope="module")
def from_the_sources(tmp_path_factory: pytest.TempPathFactory) -> tuple[RunReport, Cited]:
    """A run over the folder of sources alone."""
    settings = Settings(home=tmp_path_factory.mktemp("sources"))
    added = open_library(settings).add([str(Path(MATERIAL) / "sources")], {}, lambda progress: None)
    assert not added.failed
    questions = Path(MATERIAL) / "questions" / "questions.jsonl"
    return measured(open_assistant(settings), questions, tmp_path_factory.mktemp("run"))


@needs_material
def test_answers_from_the_sources_do_not_fall_below_the_baseline(from_the_sources: tuple[RunReport, Cited]) -> None:
    assert from_the_sources[0].overall["hard_facts"] == 0
    assert falls(from_the_sources[0], BASELINE / "questions") == {}


@needs_material
def test_every_excerpt_cited_from_the_sources_stands_in_its_document(
    from_the_sources: tuple[RunReport, Cited],
) -> None:
    _, cited = from_the_sources
    documents = {path.name: alone(path.read_text(encoding="utf-8")) for path in (Path(MATERIAL) / "sources").iterdir()}
    pieces = [(source, alone(piece)) for source, excerpt in cited for piece in excerpt.split("…")]
    # The pieces themselves stay out of the message: they are somebody's texts.
    assert sum(piece not in documents[source] for source, piece in pieces) == 0
    assert len(cited) > 100


def alone(text: str) -> str:
    """A text's letters and digits only, without tags and accents."""
    folded = unicodedata.normalize("NFKD", re.sub(r"</?[a-zA-Z][^>]{0,200}>", "", text).lower())
    return "".join(character for character in folded if character.isalnum())
