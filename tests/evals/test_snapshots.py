"""Replies a person read and accepted do not change unseen."""

from importlib.resources import files
from pathlib import Path

import pytest

from assistant.pipeline import Assistant
from evals.snapshots import load_snapshots, take, write_snapshots

pytestmark = pytest.mark.gate
FOLDER = Path(str(files("evals"))) / "data" / "snapshots"
SETS = sorted(FOLDER.glob("*.json"))


@pytest.mark.parametrize("path", SETS, ids=lambda path: path.stem)
def test_replies_are_those_a_reader_accepted(
    path: Path, starter_assistant: Assistant, request: pytest.FixtureRequest
) -> None:
    kept = load_snapshots(path)
    taken = [take(starter_assistant, snapshot) for snapshot in kept]
    if request.config.getoption("--update-snapshots"):
        write_snapshots(path, taken)
        pytest.skip(f"{path.name} written anew: read it")
    changed = [now.question for before, now in zip(kept, taken, strict=True) if before.reply != now.reply]
    assert changed == [], "read these replies, then run with --update-snapshots"


def test_three_sets_of_twenty_replies_were_read() -> None:
    assert [path.stem for path in SETS] == ["comparison", "eligibility", "partial"]
    for path in SETS:
        kept = load_snapshots(path)
        assert len(kept) >= 20
        assert all(snapshot.read and snapshot.reply for snapshot in kept)
