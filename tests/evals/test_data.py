"""The shipped question sets hold together, and their facts stand in the fiches."""

import json
import os
import re
import statistics
from collections import Counter
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from corpus import Document, SourceFile, list_files, read_document
from evals.adapt import Corpus, digest
from evals.cases import Case, load_cases
from evals.metrics import facts_held
from indexing import SnapshotStore, terms
from tests.fakes import FakeEmbedder
from tests.indexing.small_snapshot import publish

DATA = Path(str(files("evals") / "data"))
# Sentences judged against the words of a fiche, and questions to learn from: no cases.
OTHERS = ("planted", "support", "masking", "backlog_pairs", "training", "training-sources")
SETS = sorted(path for path in DATA.glob("*.jsonl") if path.stem not in OTHERS)
KINDS = {
    *("factual", "role", "status", "support", "experience", "synthesis", "telegraphic", "colloquial", "followup"),
    *("comparison", "eligibility", "partial", "outofscope", "injection", "english"),
}
# Asked about only by questions that no fiche answers.
UNASKED = ["legumerie-53.md"]
FICHES = load_cases(DATA / "fiches.jsonl")
HELD_OUT = load_cases(DATA / "held-out.jsonl")
SPOKEN = {"story", "paraphrase"}
"""Kinds of the questions held out: the need lost in a story, or told without any word of the answer."""
TRAINING = [json.loads(line) for line in (DATA / "training.jsonl").read_text(encoding="utf-8").splitlines()]
ON_SOURCES = [json.loads(line) for line in (DATA / "training-sources.jsonl").read_text(encoding="utf-8").splitlines()]
MATERIAL = os.environ.get("ASSISTANT_ELUS_TEST_MATERIAL", "")
every_set = pytest.mark.parametrize("path", SETS, ids=lambda path: path.stem)


@pytest.fixture(scope="module")
def fiches() -> list[Document]:
    found = [
        read_document(file, {}) for file in list_files(str(files("corpus") / "fiches")) if isinstance(file, SourceFile)
    ]
    return [document for document in found if isinstance(document, Document)]


@pytest.fixture(scope="module")
def texts(fiches: list[Document]) -> dict[str, str]:
    """What each fiche says, by its source."""
    return {
        document.source: "\n".join([document.metadata.title, *(section.text for section in document.sections)])
        for document in fiches
    }


@every_set
def test_ids_are_unique_and_kinds_known(path: Path) -> None:
    cases = load_cases(path)
    assert [id_ for id_, count in Counter(case.id for case in cases).items() if count > 1] == []
    assert {case.kind for case in cases} <= KINDS | SPOKEN


@every_set
def test_no_question_is_asked_twice_or_blank(path: Path) -> None:
    cases = load_cases(path)
    asked = Counter(tuple(turn.strip().lower() for turn in case.turns) for case in cases)
    assert [turns for turns, count in asked.items() if count > 1] == []
    assert all(case.turns and all(turn.strip() for turn in case.turns) for case in cases)


@every_set
def test_at_least_a_fifth_cannot_be_answered(path: Path) -> None:
    cases = load_cases(path)
    assert sum(not case.answerable for case in cases) >= 0.2 * len(cases)


@every_set
def test_what_can_be_answered_says_by_what_and_what_cannot_claims_nothing(path: Path) -> None:
    for case in load_cases(path):
        assert bool(case.expected_docs) == bool(case.facts) == case.answerable, case.id


@every_set
def test_a_follow_up_has_turns_before_it(path: Path) -> None:
    for case in load_cases(path):
        assert (len(case.turns) > 1) == (case.kind == "followup"), case.id


def test_the_fiches_are_asked_at_least_two_hundred_questions_of_every_kind() -> None:
    assert len(FICHES) >= 200
    assert {case.kind for case in FICHES} == KINDS


def test_a_question_does_not_repeat_the_heading_it_is_about(fiches: list[Document]) -> None:
    titles = {document.metadata.title for document in fiches}
    titles |= {section.title for document in fiches for section in document.sections}
    headings = [frozenset(terms(title)) for title in titles]
    asked = [frozenset(terms(" ".join(case.turns))) for case in FICHES if case.answerable]
    overlaps = [max(len(words & heading) for heading in headings) / len(words) for words in asked]
    # Share of a question's words that the heading closest to it holds: users do not know our headings.
    assert statistics.median(overlaps) < 0.3


def test_ids_are_unique_over_all_sets() -> None:
    ids = [case.id for path in SETS for case in load_cases(path)]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("case", [case for case in FICHES + HELD_OUT if case.answerable], ids=lambda case: case.id)
def test_every_fact_of_the_fiches_stands_in_the_expected_fiches(case: Case, texts: dict[str, str]) -> None:
    # A fact may ask for words of two fiches together.
    expected = "\n".join(text for source, text in texts.items() if source.startswith(case.expected_docs))
    missing = [fact for fact, held in zip(case.facts, facts_held(case, expected), strict=True) if not held]
    assert missing == []


def test_every_expected_fiche_exists(texts: dict[str, str]) -> None:
    expected = {prefix for case in FICHES + HELD_OUT for prefix in case.expected_docs}
    assert [prefix for prefix in expected if not any(source.startswith(prefix) for source in texts)] == []


def test_every_starter_fiche_is_asked_about_or_listed(texts: dict[str, str]) -> None:
    expected = tuple(prefix for case in FICHES for prefix in case.expected_docs)
    assert [source for source in texts if not source.startswith(expected)] == UNASKED


def test_nothing_is_learnt_from_a_fiche_that_is_held_out() -> None:
    assert not {case.expected_docs[0] for case in HELD_OUT if case.answerable} & {row["fiche"] for row in TRAINING}


def test_what_is_learnt_as_the_answer_stands_word_for_word_in_its_fiche() -> None:
    fiches = Path(str(files("corpus") / "fiches"))
    written = {path.stem: _plain(path.read_text(encoding="utf-8")) for path in fiches.glob("*.md")}
    wrong = [
        (row["fiche"], quote)
        for row in TRAINING
        for quote in row["quotes"]
        if _plain(quote) not in written[row["fiche"]]
    ]
    assert wrong == []
    assert all(other in written for row in TRAINING for other in row["also"])


@pytest.mark.parametrize(("rows", "answer"), [(TRAINING, "quotes"), (ON_SOURCES, "units")], ids=["fiches", "sources"])
def test_a_question_to_learn_from_has_an_answer_or_says_what_is_missing(
    rows: list[dict[str, Any]], answer: str
) -> None:
    assert [row["question"] for row in rows if bool(row[answer]) == bool(row.get("missing"))] == []
    assert sum(not row[answer] for row in rows) >= 0.2 * len(rows)


def test_no_question_to_learn_from_is_asked_twice_or_by_a_set() -> None:
    asked = [" ".join(case.turns).lower() for path in SETS for case in load_cases(path)]
    learnt = [row["question"].lower() for row in TRAINING + ON_SOURCES]
    assert set(learnt) & set(asked) == set()
    assert [question for question, count in Counter(learnt).items() if count > 1] == []


needs_material = pytest.mark.skipif(not MATERIAL, reason="ASSISTANT_ELUS_TEST_MATERIAL is not set")


@needs_material
def test_no_question_to_learn_from_says_what_a_question_of_the_open_set_says() -> None:
    lines = (Path(MATERIAL) / "questions" / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    asked = [frozenset(terms(" ".join(json.loads(line)["turns"]))) for line in lines]
    learnt = {row["question"]: frozenset(terms(row["question"])) for row in TRAINING + ON_SOURCES}
    # Jaccard's index: from six words in ten on, one is the other with a word or two changed.
    near = [said for said, words in learnt.items() if any(len(words & one) >= 0.6 * len(words | one) for one in asked)]
    assert near == []


@needs_material
def test_what_is_learnt_as_the_answer_points_to_units_of_the_source_documents(tmp_path: Path) -> None:
    texts = {path.stem: path.read_text(encoding="utf-8") for path in (Path(MATERIAL) / "sources").glob("*.txt")}
    store = SnapshotStore(tmp_path)
    publish(store, texts)
    known = {digest(text) for text in Corpus(store.open(FakeEmbedder().fingerprint)).texts}
    assert [row["question"] for row in ON_SOURCES if not {*row["units"], *row["also"]} <= known] == []


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("*", ""))
