"""The fitted numbers: read whole, of this code or refused."""

import math
import tomllib
from importlib.resources import files
from pathlib import Path

import pytest

from assistant import calibration
from assistant.abstention import SIGNALS
from assistant.calibration import Calibration, Logistic, load_calibration
from assistant.evidence import FEATURES
from assistant.support import SUPPORT

SHIPPED = files("assistant").joinpath("calibration.toml").read_text(encoding="utf-8")


def test_the_shipped_calibration_names_exactly_the_features_and_signals() -> None:
    data = tomllib.loads(SHIPPED)
    assert set(data["ranking"]) == set(FEATURES)
    assert set(data["support"]["coefficients"]) == set(SUPPORT)
    assert set(data["abstention"]["coefficients"]) == set(SIGNALS)


@pytest.mark.parametrize("names", [FEATURES, SUPPORT, SIGNALS])
def test_no_name_stands_for_two_numbers(names: tuple[str, ...]) -> None:
    assert len(set(names)) == len(names)


def test_the_shipped_calibration_is_read_and_its_numbers_are_numbers() -> None:
    shipped = load_calibration()
    assert 0 < shipped.threshold < 1
    models = (shipped.support, shipped.decision)
    numbers = [*shipped.ranking.values()]
    numbers += [value for model in models for value in (*model.coefficients.values(), model.intercept)]
    assert all(map(math.isfinite, numbers))


def test_the_shipped_calibration_holds_evidence_for_and_doubt_against() -> None:
    decision = load_calibration().decision.coefficients
    assert decision["closeness"] > 0
    assert all(decision[name] < 0 for name in ("dates_missing", "names_missing", "value_not_in_unit"))
    assert decision["figures_missing"] <= 0


def test_the_shipped_support_is_less_for_what_is_farther_and_what_lacks_the_value() -> None:
    support = load_calibration().support.coefficients
    assert support["behind"] < 0
    assert support["value_missing"] < 0


@pytest.mark.parametrize("gone", ["unit_meaning = ", "covered_in_three = ", "behind = "])
def test_a_calibration_of_another_version_is_refused_by_name(
    gone: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [line for line in SHIPPED.splitlines() if not line.startswith(gone)]
    (tmp_path / "calibration.toml").write_text("\n".join(lines), encoding="utf-8")
    monkeypatch.setattr(calibration, "files", lambda package: tmp_path)
    with pytest.raises(ValueError, match=f"{gone.split()[0]}.*evals calibrate"):
        load_calibration.__wrapped__()


@pytest.mark.parametrize("value", [-1e9, -1.0, 0.0, 1.0, 1e9])
def test_a_probability_stays_between_zero_and_one(value: float) -> None:
    assert 0 <= Logistic({"a": 1.0, "b": 2.0}, 0.5)({"a": value, "b": value}) <= 1


def test_a_probability_grows_with_what_speaks_for_it() -> None:
    found = [Logistic({"for": 3.0, "against": -1.0}, 0.0)({"for": share, "against": 0.0}) for share in (0, 0.5, 1)]
    assert found[0] == 0.5
    assert found == sorted(set(found))


def test_a_value_the_model_does_not_know_is_passed_over_and_one_it_waits_for_is_not() -> None:
    model = Logistic({"known": 1.0}, 0.0)
    assert model({"known": 2.0, "other": 50.0}) == model({"known": 2.0})
    with pytest.raises(KeyError):
        model({"other": 50.0})


def test_a_neutral_calibration_prefers_nothing_and_refuses_nothing() -> None:
    neutral = Calibration.neutral()
    assert set(neutral.ranking) == set(FEATURES)
    assert len(set(neutral.ranking.values())) == 1
    assert neutral.support(dict.fromkeys(SUPPORT, 7.0)) == neutral.support(dict.fromkeys(SUPPORT, -7.0)) == 0.5
    assert neutral.decision(dict.fromkeys(SIGNALS, 7.0)) >= neutral.threshold
