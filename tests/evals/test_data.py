"""The shipped question sets hold together, and their facts stand in the fiches."""

from collections import Counter
from importlib.resources import files
from pathlib import Path

import pytest

from corpus import Document, SourceFile, list_files, read_document
from evals.cases import Case, load_cases
from evals.metrics import facts_found

DATA = Path(str(files("evals") / "data"))
SETS = sorted(DATA.glob("*.jsonl"))
KINDS = {
    *("factual", "role", "status", "support", "experience", "synthesis", "telegraphic", "colloquial", "followup"),
    *("outofscope", "injection", "english"),
}
FICHES = load_cases(DATA / "fiches.jsonl")
every_set = pytest.mark.parametrize("path", SETS, ids=lambda path: path.stem)


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    """What each fiche says, by its source."""
    found = [
        read_document(file, {}) for file in list_files(str(files("corpus") / "fiches")) if isinstance(file, SourceFile)
    ]
    documents = [document for document in found if isinstance(document, Document)]
    assert len(documents) >= 12
    return {
        document.source: "\n".join([document.metadata.title, *(section.text for section in document.sections)])
        for document in documents
    }


@every_set
def test_ids_are_unique_and_kinds_known(path: Path) -> None:
    cases = load_cases(path)
    assert [id_ for id_, count in Counter(case.id for case in cases).items() if count > 1] == []
    assert {case.kind for case in cases} <= KINDS


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


def test_ids_are_unique_over_all_sets() -> None:
    ids = [case.id for path in SETS for case in load_cases(path)]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("case", [case for case in FICHES if case.answerable], ids=lambda case: case.id)
def test_every_fact_of_the_fiches_stands_in_an_expected_fiche(case: Case, texts: dict[str, str]) -> None:
    expected = [text for source, text in texts.items() if source.startswith(case.expected_docs)]
    assert expected
    for fact in case.facts:
        alone = case.model_copy(update={"facts": (fact,)})
        assert any(facts_found(alone, text) for text in expected), fact


def test_every_starter_fiche_is_asked_about(texts: dict[str, str]) -> None:
    expected = tuple(prefix for case in FICHES for prefix in case.expected_docs)
    assert [source for source in texts if not source.startswith(expected)] == []
