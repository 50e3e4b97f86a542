"""Experiences asked for: one line each, the asker's own département before the others."""

import pytest

from assistant.applicability import Asker
from assistant.evidence import FEATURES, Candidate
from assistant.examples import MOST, NEAR, compose_examples
from assistant.ranking import Scored
from assistant.retriever import Found
from corpus import Kind, Metadata, Territory
from indexing import DocumentRecord, Passage
from tests.fakes import passage_of

NOBODY = Asker()


def story(name: str, departement: str | None = None, kind: Kind = "experience") -> DocumentRecord:
    place = Territory(departement=departement) if departement else None
    return DocumentRecord(f"d-{name}", f"{name}.md", Metadata(f"Le café de {name}", kind, territory=place), 1)


def opening(of: DocumentRecord) -> str:
    return f"{of.metadata.title} a ouvert dans l'ancienne école du village avec quarante bénévoles."


def summary(of: DocumentRecord) -> Passage:
    return passage_of(of, 0, opening(of), label="En bref")


def scored(of: Passage, score: float, index: int = 0) -> Scored:
    found = Found(0, score, 0.0, 0.0, 0.0, 0.0)
    return Scored(Candidate(found, of, of.units[index], index, (0.0,) * len(FEATURES)), score)


def lines(*ranked: tuple[DocumentRecord, float], asker: Asker = NOBODY) -> list[str]:
    found = [scored(summary(of), score) for of, score in ranked]
    return [draft.text for draft in compose_examples(found, {of.id: of for of, _ in ranked}, asker)]


def test_each_experience_has_one_line_best_first() -> None:
    larmont, peyrolle = story("Larmont"), story("Peyrolle")
    assert lines((larmont, 5.0), (larmont, 4.0), (peyrolle, 3.0)) == [opening(larmont), opening(peyrolle)]


def test_a_line_is_copied_from_its_experience() -> None:
    documents = [story("Larmont"), story("Peyrolle")]
    drafts = compose_examples([scored(summary(of), 5.0) for of in documents], {of.id: of for of in documents}, NOBODY)
    assert len(drafts) == 2
    for draft in drafts:
        assert draft.item
        assert [quote.text for quote in draft.quotes] == [draft.text]


def test_what_is_no_experience_is_no_example() -> None:
    rule, larmont, peyrolle = story("la loi", kind="regle"), story("Larmont"), story("Peyrolle")
    assert lines((rule, 9.0), (larmont, 5.0), (peyrolle, 3.0)) == [opening(larmont), opening(peyrolle)]


def test_one_experience_is_no_list() -> None:
    assert lines((story("Larmont"), 5.0)) == []


def test_an_experience_far_behind_the_best_is_of_something_else() -> None:
    larmont, peyrolle, elsewhere = story("Larmont"), story("Peyrolle"), story("Loin")
    told = lines((larmont, 20.0), (peyrolle, 19.0), (elsewhere, 19.9 - NEAR))
    assert told == [opening(larmont), opening(peyrolle)]


def test_no_more_than_a_few_are_told() -> None:
    assert len(lines(*((story(f"Lieu{n}"), 9.0 - n / 10) for n in range(MOST + 3)))) == MOST


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Jura", "jura"),
        ("Lot-et-Garonne", "lot et garonne"),
        ("Côtes-d'Armor", "cotes armor"),
        ("Côte-d’Or", "cote or"),
    ],
)
def test_one_of_the_asker_s_own_departement_comes_first(written: str, read: str) -> None:
    far, near = story("Larmont", "Nord"), story("Peyrolle", written)
    assert lines((far, 5.0), (near, 4.0), asker=Asker(departement=read)) == [opening(near), opening(far)]
    assert lines((far, 5.0), (near, 4.0)) == [opening(far), opening(near)]


def test_the_summary_says_what_an_experience_is_before_what_it_teaches() -> None:
    larmont, peyrolle = story("Larmont"), story("Peyrolle")
    lesson = "Il faut visiter d'autres lieux que le café de Larmont avant de signer le bail avec la mairie."
    found = [
        scored(passage_of(larmont, 1, lesson, label="Leçons"), 9.0),
        scored(summary(larmont), 5.0),
        scored(summary(peyrolle), 5.0),
    ]
    drafts = compose_examples(found, {of.id: of for of in (larmont, peyrolle)}, NOBODY)
    assert drafts[0].text == opening(larmont)


def test_a_question_or_a_lead_in_is_no_line() -> None:
    larmont, peyrolle = story("Larmont"), story("Peyrolle")
    asked = "Comment le café de Larmont a-t-il ouvert ses portes aux bénévoles ?"
    leads = "Le café de Larmont tient ses comptes, ses menus et ses horaires ainsi :"
    of = passage_of(larmont, 0, "\n".join((asked, leads, opening(larmont))), label="En bref")
    found = [scored(of, 9.0, 0), scored(of, 8.0, 1), scored(of, 7.0, 2), scored(summary(peyrolle), 7.0)]
    drafts = compose_examples(found, {one.id: one for one in (larmont, peyrolle)}, NOBODY)
    assert drafts[0].text == opening(larmont)
