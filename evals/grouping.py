"""How well two unanswered questions are told to ask for the same thing: `python -m evals.grouping`.

The pairs are ours: same need said otherwise, or another need on the same subject, often in nearly the same words. The
half « dev » served to choose the rules and fit the weights of assistant/grouping.py; « test » only measures them.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.grouping import SAME, likeness, read_need

PAIRS = "backlog_pairs.jsonl"
PARTS = ("dev", "test")


@dataclass(frozen=True, slots=True)
class NeedPair:
    """Two questions, and whether whoever asks them needs the same; `part` is "dev" or "test"."""

    id: str
    part: str
    a: str
    b: str
    same: bool


@dataclass(frozen=True, slots=True)
class GroupingFigures:
    """Of the pairs told to be of one need, how many are (precision); of those that are, how many are told (recall)."""

    pairs: int
    precision: float
    recall: float
    f1: float


def load_need_pairs(path: Path) -> tuple[NeedPair, ...]:
    return tuple(NeedPair(**json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines())


def told_same(
    pairs: Sequence[NeedPair], embed: Callable[[Sequence[str]], NDArray[np.float32]]
) -> tuple[tuple[NeedPair, bool], ...]:
    """Each pair with what is told of it. `embed` gives unit rows."""
    cosines = (embed([pair.a for pair in pairs]) * embed([pair.b for pair in pairs])).sum(axis=1)
    return tuple(
        (pair, likeness(read_need(pair.a), read_need(pair.b), float(cosine)) >= SAME)
        for pair, cosine in zip(pairs, cosines, strict=True)
    )


def figures(told: Iterable[tuple[NeedPair, bool]]) -> GroupingFigures:
    found = list(told)
    right = sum(pair.same and said for pair, said in found)
    said, same = sum(said for _, said in found), sum(pair.same for pair, _ in found)
    precision, recall = right / said if said else 0.0, right / same if same else 0.0
    return GroupingFigures(len(found), precision, recall, 2 * right / (said + same) if said + same else 0.0)


def main() -> None:
    from assistant.factory import open_embedder
    from assistant.settings import Settings

    pairs = load_need_pairs(Path(str(files("evals") / "data" / PAIRS)))
    told = told_same(pairs, open_embedder(Settings()).embed_queries)
    for part in PARTS:
        print(json.dumps({"part": part, **asdict(figures(one for one in told if one[0].part == part))}))


if __name__ == "__main__":
    main()
