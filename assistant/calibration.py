"""The fitted numbers: how units are ranked, how sure a sentence is, when to answer. Written by `evals calibrate`."""

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from assistant.abstention import SIGNALS
from assistant.evidence import FEATURES
from assistant.support import SUPPORT


@dataclass(frozen=True, slots=True)
class Logistic:
    """A logistic model: a probability in [0, 1] from named values."""

    coefficients: Mapping[str, float]
    intercept: float

    def __call__(self, values: Mapping[str, float]) -> float:
        total = self.intercept + sum(factor * values[name] for name, factor in self.coefficients.items())
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


@dataclass(frozen=True, slots=True)
class Calibration:
    """Weights of the ranking's features; the model of a sentence's support; the model of the decision to answer.

    A question is answered when the decision's probability is at least `threshold`.
    """

    ranking: Mapping[str, float]
    support: Logistic
    decision: Logistic
    threshold: float

    @classmethod
    def neutral(cls) -> "Calibration":
        """Every number the same: where a calibration starts from."""
        return cls(
            dict.fromkeys(FEATURES, 1.0),
            Logistic(dict.fromkeys(SUPPORT, 0.0), 0.0),
            Logistic(dict.fromkeys(SIGNALS, 0.0), 0.0),
            0.0,
        )


@lru_cache(maxsize=1)
def load_calibration() -> Calibration:
    """The calibration shipped with the package. Raises ValueError when it is not of this code."""
    data = tomllib.loads(files("assistant").joinpath("calibration.toml").read_text(encoding="utf-8"))
    support, decision = data["support"], data["abstention"]
    for names, found in (
        (FEATURES, data["ranking"]),
        (SUPPORT, support["coefficients"]),
        (SIGNALS, decision["coefficients"]),
    ):
        if differing := set(names) ^ set(found):
            raise ValueError(
                f"calibration.toml and the code differ on {sorted(differing)}: run `assistant-elus evals calibrate`"
            )
    return Calibration(
        data["ranking"],
        Logistic(support["coefficients"], float(support["intercept"])),
        Logistic(decision["coefficients"], float(decision["intercept"])),
        float(decision["threshold"]),
    )
