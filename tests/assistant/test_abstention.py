"""Whether the evidence is enough: calibrated numbers over named signals."""

import math
import tomllib
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import pytest

from assistant import abstention
from assistant.abstention import SIGNALS, Calibration, known_topics, load_calibration
from assistant.answer import Answer
from assistant.evidence import FEATURES
from assistant.factory import open_assistant, open_library
from assistant.pipeline import Assistant
from assistant.question import Query
from assistant.settings import Settings

Read = Callable[[str], Query]
SHIPPED = files("assistant").joinpath("calibration.toml").read_text(encoding="utf-8")


def test_the_shipped_calibration_names_exactly_the_signals_and_features() -> None:
    data = tomllib.loads(SHIPPED)
    assert set(data["ranking"]) == set(FEATURES)
    assert set(data["abstention"]["coefficients"]) == set(SIGNALS)
    assert len(set(SIGNALS)) == len(SIGNALS)
    assert len(set(FEATURES)) == len(FEATURES)


def test_the_shipped_calibration_is_read_and_its_numbers_are_numbers() -> None:
    calibration = load_calibration()
    assert 0 < calibration.threshold < 1
    numbers = [*calibration.ranking.values(), *calibration.coefficients.values(), calibration.intercept]
    assert all(map(math.isfinite, numbers))


def test_the_shipped_calibration_holds_evidence_for_and_doubt_against() -> None:
    calibration = load_calibration()
    assert calibration.coefficients["covered_in_passage"] > 0
    assert all(calibration.coefficients[name] < 0 for name in ("figures_missing", "names_missing"))


@pytest.mark.parametrize("gone", ["unit_meaning = ", "covered_in_three = "])
def test_a_calibration_of_another_version_is_refused_by_name(
    gone: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [line for line in SHIPPED.splitlines() if not line.startswith(gone)]
    (tmp_path / "calibration.toml").write_text("\n".join(lines), encoding="utf-8")
    monkeypatch.setattr(abstention, "files", lambda package: tmp_path)
    with pytest.raises(ValueError, match=gone.split()[0]):
        load_calibration.__wrapped__()


@pytest.mark.parametrize("value", [-1e9, -1.0, 0.0, 1.0, 1e9])
def test_a_probability_stays_between_zero_and_one(value: float) -> None:
    calibration = Calibration({}, dict.fromkeys(SIGNALS, 1.0), 0.0, 0.5)
    assert 0 <= calibration.probability(dict.fromkeys(SIGNALS, value)) <= 1


def test_a_probability_grows_with_the_evidence() -> None:
    coefficients = dict.fromkeys(SIGNALS, 0.0) | {"covered_in_unit": 3.0}
    calibration = Calibration({}, coefficients, 0.0, 0.5)
    found = [calibration.probability(dict.fromkeys(SIGNALS, 0.0) | {"covered_in_unit": share}) for share in (0, 0.5, 1)]
    assert found[0] == 0.5
    assert found == sorted(found)


def test_a_neutral_calibration_prefers_nothing_and_refuses_nothing() -> None:
    neutral = Calibration.neutral()
    assert set(neutral.ranking) == set(FEATURES)
    assert len(set(neutral.ranking.values())) == 1
    assert neutral.probability(dict.fromkeys(SIGNALS, 7.0)) >= neutral.threshold


@pytest.mark.parametrize(
    "question",
    [
        "Combien de salariés emploie la conserverie mobile ?",
        "Qui finance ?",
        "zorglub",
        "What is the price of heat for the village in 2023 and who pays for it?",
    ],
)
def test_signals_are_those_of_the_calibration_and_finite(assistant: Assistant, question: str) -> None:
    signals = assistant.weigh(question).signals
    assert list(signals) == list(SIGNALS)
    assert all(map(math.isfinite, signals.values()))


def test_what_the_evidence_lacks_is_seen(assistant: Assistant) -> None:
    signals = assistant.weigh("Combien de salariés la conserverie de Montferrand-sur-Lune avait-elle en 1987 ?").signals
    assert signals["figures_missing"] == 1.0
    assert signals["names_missing"] >= 1.0
    assert signals["unknown"] > 0
    covered = assistant.weigh("Combien de salariés emploie la conserverie mobile depuis 2019 ?").signals
    assert covered["figures_missing"] == covered["names_missing"] == covered["unknown"] == 0.0
    assert covered["covered_in_passage"] > signals["covered_in_passage"]


def test_a_number_far_from_what_is_counted_is_seen(assistant: Assistant) -> None:
    assert assistant.weigh("Combien de salariés emploie la conserverie ?").signals["count_not_beside"] == 0.0
    assert assistant.weigh("Combien de fondations aident ?").signals["count_not_beside"] == 1.0


def test_topics_are_names_the_corpus_knows(read: Read) -> None:
    assert known_topics(read("Que fait la Conserverie avec le DLA et Zorglub ?")) == ("Conserverie",)
    assert known_topics(read("Que fait la conserverie ?")) == ()


def test_topics_never_hold_a_figure(read: Read) -> None:
    topics = known_topics(read("Que dit la loi ESS-2014 du Département en 2019, 42 000 € et Régie2023 ?"))
    assert topics
    assert not any(character.isdigit() for topic in topics for character in topic)


def test_a_name_with_a_hyphen_is_a_topic_too(read: Read) -> None:
    assert known_topics(read("Que fait le maire du Val-Serein ?")) == ("Val-Serein",)


@pytest.mark.integration
def test_two_short_notes_are_enough_to_answer_from(tmp_path: Path) -> None:
    notes = {
        "lavoir.md": "# Le lavoir restauré\n\nLe lavoir a été restauré par douze bénévoles du village en 2021.\n",
        "fournil.md": "# Le fournil partagé\n\nLe fournil partagé cuit cent pains chaque dimanche au feu de bois.\n",
    }
    for name, text in notes.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    settings = Settings()
    open_library(settings).add([str(tmp_path / name) for name in notes], {}, lambda progress: None)
    reply = open_assistant(settings).ask("Combien de bénévoles ont restauré le lavoir ?").reply
    assert isinstance(reply, Answer)
