"""Whether a probability means what it says: of the questions given 0.8, eight in ten should have an answer."""

from collections.abc import Sequence
from dataclasses import dataclass

BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """The questions whose probability lies in one tenth: how many, their mean probability, the share that holds."""

    count: int
    predicted: float
    observed: float


def bins(probabilities: Sequence[float], truths: Sequence[bool], number: int = BINS) -> tuple[Bin, ...]:
    """Equal-width bins over [0, 1], lowest first, the empty ones left out."""
    held: list[list[tuple[float, bool]]] = [[] for _ in range(number)]
    for probability, truth in zip(probabilities, truths, strict=True):
        held[min(int(probability * number), number - 1)].append((probability, truth))
    return tuple(
        Bin(len(one), sum(p for p, _ in one) / len(one), sum(truth for _, truth in one) / len(one))
        for one in held
        if one
    )


def calibration_error(found: Sequence[Bin]) -> float | None:
    """Expected calibration error (Naeini et al. 2015), in [0, 1]; None without questions."""
    count = sum(one.count for one in found)
    return sum(one.count * abs(one.predicted - one.observed) for one in found) / count if count else None
