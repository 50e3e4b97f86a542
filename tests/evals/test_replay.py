"""A question asked again flips when its answer comes, goes, or cites another document first."""

from datetime import UTC, datetime
from typing import cast

import pytest

from assistant.answer import Reply, Turn
from assistant.pipeline import Assistant
from assistant.store import StoredTurn
from evals.replay import flipped, replay
from tests.fakes import ABSTENTION, ANSWER, COMPARED, FakeAssistant

NOW = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    ("before", "after", "flips"),
    [(ANSWER, ANSWER, 0), (ABSTENTION, ANSWER, 1), (ANSWER, ABSTENTION, 1), (ANSWER, COMPARED, 0)],
)
def test_what_flips(before: Reply, after: Reply, flips: int) -> None:
    stored = StoredTurn(Turn("t-1", "s-1", "Et le capital ?", "Quel est le capital d'une SCIC ?", before), NOW)
    assistant = FakeAssistant(reply=after)
    (one,) = replay(cast(Assistant, assistant), [stored])
    assert len(flipped([one])) == flips and one.outcome == (before.outcome, after.outcome)
    assert [asked[0] for asked in assistant.asked] == ["Quel est le capital d'une SCIC ?"]
