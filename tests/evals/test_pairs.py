"""Pairs labelled by hand: read whole or refused, and measured where their quote stands."""

import json
from collections import Counter
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from assistant.grounding import locate
from assistant.pipeline import Assistant
from assistant.support import SUPPORT
from corpus import Document, SourceFile, list_files, read_document
from evals.cases import CasesInvalid
from evals.pairs import Pair, load_pairs, measure_pairs
from indexing.splitter import split_document
from tests.small_index import DOCUMENTS, assistant_over, publish

SHIPPED = Path(str(files("evals") / "data" / "support.jsonl"))
PAIR = {
    "id": "une",
    "question": "Combien de salariés emploie la conserverie mobile ?",
    "sentence": "Elle emploie 6 salariés depuis 2019.",
    "fiche": "conserverie",
    "quote": "Elle emploie six salariés depuis 2019",
    "supported": True,
}


def pair(**changed: Any) -> Pair:
    return Pair.model_validate(PAIR | changed)


def written(folder: Path, *lines: dict[str, Any] | str) -> Path:
    path = folder / "pairs.jsonl"
    path.write_text("\n".join(x if isinstance(x, str) else json.dumps(x) for x in lines), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    home = tmp_path_factory.mktemp("pairs") / "home"
    publish(home, DOCUMENTS)
    return assistant_over(home)


# Reading


def test_one_pair_a_line_blank_lines_passed_over(tmp_path: Path) -> None:
    read = load_pairs(written(tmp_path, PAIR, "", "  ", PAIR | {"id": "deux", "supported": False, "why": "hors sujet"}))
    assert [(one.id, one.supported, one.why) for one in read] == [("une", True, ""), ("deux", False, "hors sujet")]


@pytest.mark.parametrize(
    "wrong",
    ["{", "[]", {"id": "x"}, PAIR | {"supported": "peut-être"}, PAIR | {"suported": True}, PAIR | {"quote": None}],
    ids=str,
)
def test_a_file_that_holds_no_pair_is_refused_by_name(tmp_path: Path, wrong: dict[str, Any] | str) -> None:
    with pytest.raises(CasesInvalid, match=r"pairs\.jsonl"):
        load_pairs(written(tmp_path, PAIR, wrong))


def test_a_missing_file_or_one_that_is_no_text_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(CasesInvalid, match=r"absent\.jsonl"):
        load_pairs(tmp_path / "absent.jsonl")
    (tmp_path / "bytes.jsonl").write_bytes(b"\xff\xfe\x00\x80")
    with pytest.raises(CasesInvalid, match=r"bytes\.jsonl"):
        load_pairs(tmp_path / "bytes.jsonl")


# Measuring


def test_a_pair_is_measured_by_the_unit_its_quote_stands_in(assistant: Assistant) -> None:
    answers, beside = measure_pairs(
        assistant,
        [pair(), pair(sentence="La commune prête la halle.", quote="La commune prête gratuitement la halle")],
    )
    assert set(answers.values) == set(SUPPORT)
    assert (answers.supported, answers.proof, answers.values["value_missing"]) == (True, 1.0, 0.0)
    assert beside.values["value_missing"] == 1.0
    assert answers.values["behind"] < beside.values["behind"]


def test_of_several_quoted_units_the_nearest_to_the_question_counts(assistant: Assistant) -> None:
    alone, both = measure_pairs(
        assistant,
        [pair(), pair(quote="légumes invendus des maraîchers. Elle emploie six salariés depuis 2019")],
    )
    assert both.values == alone.values


@pytest.mark.parametrize(
    ("sentence", "proof"),
    [
        ("Elle emploie six salariés depuis 2019.", 1.0),
        ("Elle emploie 6 salariés depuis 2019.", 1.0),
        ("Elle emploie sept salariés depuis 2019.", 0.0),
        ("Elle n'emploie pas six salariés depuis 2019.", 0.0),
    ],
)
def test_what_the_gate_stops_is_not_proven_at_all(assistant: Assistant, sentence: str, proof: float) -> None:
    assert [one.proof for one in measure_pairs(assistant, [pair(sentence=sentence)])] == [proof]


@pytest.mark.parametrize(
    "wrong", [{"quote": "Elle emploie sept salariés depuis 2019"}, {"fiche": "absente"}, {"fiche": "chaleur"}], ids=str
)
def test_a_quote_that_is_not_in_its_fiche_is_refused_by_the_pair_s_name(
    assistant: Assistant, wrong: dict[str, str]
) -> None:
    with pytest.raises(CasesInvalid, match="fausse"):
        measure_pairs(assistant, [pair(), pair(id="fausse", **wrong)])


# The shipped pairs


def test_the_shipped_pairs_are_each_asked_once_and_judged_both_ways() -> None:
    pairs = load_pairs(SHIPPED)
    assert len({one.id for one in pairs}) == len(pairs)
    assert len({(one.question, one.sentence, one.quote) for one in pairs}) == len(pairs)
    judged = Counter(one.supported for one in pairs)
    assert min(judged.values()) >= 60


def test_every_shipped_quote_stands_in_its_fiche() -> None:
    folder = list_files(str(files("corpus") / "fiches"))
    read = [read_document(file, {}) for file in folder if isinstance(file, SourceFile)]
    fiches = {Path(one.source).stem: split_document(one) for one in read if isinstance(one, Document)}
    lost = [
        one.id
        for one in load_pairs(SHIPPED)
        if not any(locate(passage, one.quote) for passage in fiches.get(one.fiche, []))
    ]
    assert lost == []
