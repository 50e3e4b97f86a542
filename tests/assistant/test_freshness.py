"""Which sources are to be read with care, and which of two that disagree is the newer."""

from datetime import date

import pytest

from assistant.answer import Answer, Citation, Draft, Quote, Sentence, WarningCode
from assistant.freshness import newest_of, only_experiences, warning
from corpus import Kind, Metadata
from indexing import DocumentRecord
from tests.fakes import passage_of

TODAY = date(2026, 11, 22)


def document(
    name: str,
    published: str | None = None,
    kind: Kind = "regle",
    review_by: str | None = None,
    superseded_by: str | None = None,
) -> DocumentRecord:
    facts = Metadata(f"Titre {name}", kind, published=published, review_by=review_by, superseded_by=superseded_by)
    return DocumentRecord(name, f"{name}.md", facts, 1)


def draft(of: DocumentRecord, text: str) -> Draft:
    passage = passage_of(of, 0, text)
    return Draft(text, (Quote(passage, 0, len(text)),))


@pytest.mark.parametrize(
    ("kind", "review_by", "expected"),
    [
        ("regle", "2026-11-21", "past_review"),
        ("regle", "2026-11-22", None),
        ("regle", "2026-10", "past_review"),
        ("regle", "2026-11", None),
        ("regle", "2025", "past_review"),
        ("regle", "2026", None),
        ("appui", "2020", None),
        ("experience", "2020", None),
    ],
)
def test_only_a_rule_goes_stale_the_day_after_its_review_date(
    kind: Kind, review_by: str, expected: WarningCode | None
) -> None:
    assert warning(document("a", kind=kind, review_by=review_by), TODAY) == expected


def test_a_document_without_a_review_date_is_not_stale() -> None:
    assert warning(document("a", published="1990"), TODAY) is None


@pytest.mark.parametrize("kind", ["regle", "role", "methode", "appui", "experience", "etude", "publication"])
def test_a_document_that_another_replaces_is_to_be_read_with_care_whatever_it_is(kind: Kind) -> None:
    assert warning(document("a", kind=kind, superseded_by="Titre b"), TODAY) == "superseded"


def left_out(*said: tuple[DocumentRecord, str]) -> list[str]:
    proposed = [draft(of, text) for of, text in said]
    kept, older = newest_of(proposed, {of.id: of for of, _ in said})
    assert sorted([*kept, *older], key=proposed.index) == proposed
    return [one.text for one in older]


OLD = "La convention est obligatoire quand la subvention dépasse 20 000 € par an."
NEW = "Une convention est obligatoire quand la subvention dépasse 23 000 € par an."


def test_the_newest_of_two_that_disagree_is_kept_whatever_their_order() -> None:
    old, new = document("a", "2019-03"), document("b", "2025")
    assert left_out((old, OLD), (new, NEW)) == [OLD]
    assert left_out((new, NEW), (old, OLD)) == [OLD]


def test_what_has_no_date_gives_way_to_what_has_one() -> None:
    assert left_out((document("a"), NEW), (document("b", "1999"), OLD)) == [NEW]


def test_of_the_same_date_none_is_the_newer() -> None:
    assert left_out((document("a", "2025"), OLD), (document("b", "2025"), NEW)) == []


@pytest.mark.parametrize(
    "other",
    [
        OLD.replace("20 000 €", "20000 euros"),
        "Le prix de la chaleur est de 78 € par mégawattheure livré aux abonnés.",
        "La convention est obligatoire quand la subvention est versée en plusieurs fois.",
    ],
    ids=["the same figure", "another subject", "no figure"],
)
def test_what_counts_the_same_or_something_else_is_no_disagreement(other: str) -> None:
    assert left_out((document("a", "2019"), OLD), (document("b", "2025"), other)) == []


def test_one_document_does_not_contradict_itself() -> None:
    one = document("a", "2019")
    assert left_out((one, OLD), (one, NEW)) == []


def test_stories_of_two_places_contradict_nobody() -> None:
    story = "Le café associatif a ouvert dans l'école avec {} bénévoles du village."
    one, other = story.format("quarante"), story.format("vingt")
    assert left_out((document("a", "2019", "experience"), one), (document("b", "2025", "experience"), other)) == []
    assert left_out((document("a", "2019", "etude"), one), (document("b", "2025", "etude"), other)) == [one]


@pytest.mark.parametrize(
    ("kinds", "alone"), [(("experience",), True), (("experience", "regle"), False), (("publication",), False)]
)
def test_an_answer_rests_on_experiences_alone_when_all_its_sources_are(kinds: tuple[Kind, ...], alone: bool) -> None:
    documents = [document(f"d{n}", kind=kind) for n, kind in enumerate(kinds)]
    citations = tuple(Citation(n, passage_of(of, 0, OLD), of, (OLD,)) for n, of in enumerate(documents, 1))
    sentences = tuple(Sentence(OLD, (citation.n,), 0.9) for citation in citations)
    assert only_experiences(Answer(sentences, citations)) is alone
