"""Comparing: fixed criteria, cells that the documents fill, and honest empty ones."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from assistant.compared import Compared, compared_in, named_things
from assistant.comparison import OF_OTHERS, OF_STATUSES, Comparison, _fits, compare
from assistant.evidence import FEATURES, Candidate
from assistant.ranking import Scored
from assistant.retriever import Found
from corpus import Metadata, load_lexicon
from indexing import DocumentRecord, Passage
from tests.fakes import passage_of

KNOWN = named_things(["association", "regie", "scic", "spl"], load_lexicon())


SCIC = DocumentRecord("scic", "scic.md", Metadata("La SCIC", "regle", statuses=("scic",)), 1)
ASSO = DocumentRecord("asso", "asso.md", Metadata("L'association", "regle", statuses=("association",)), 1)
MIXED = DocumentRecord("mixed", "mixed.md", Metadata("SCIC ou association ?", "etude"), 1)
DOCUMENTS = {record.id: record for record in (SCIC, ASSO, MIXED)}
DEFINED = "La SCIC est une société coopérative."
VOICES = "Chaque associé a une voix à l'assemblée."
BOARD = "L'assemblée de l'association élit le conseil qui la dirige."


def units(of: Passage) -> list[Scored]:
    found = Found(0, 1.0, 0.0, 0.0, 0.0, 0.0)
    return [Scored(Candidate(found, of, unit, at, (0.0,) * len(FEATURES)), 1.0) for at, unit in enumerate(of.units)]


def compared(*passages: Passage, question: str = "SCIC ou association ?", support: float = 0.9) -> Comparison:
    """The comparison when every question finds all units of some passages."""
    everything = [scored for passage in passages for scored in units(passage)]

    def rank(questions: Sequence[str]) -> list[list[Scored]]:
        return [everything for _ in questions]

    return compare(compared_in(question, KNOWN), rank, lambda asked, scored: support, DOCUMENTS, KNOWN)


def cells(comparison: Comparison) -> dict[tuple[str, str], str]:
    columns = comparison.columns
    return {
        (columns.criteria[draft.cell[0]], columns.columns[draft.cell[1]]): draft.text
        for draft in comparison.drafts
        if draft.cell
    }


def test_each_cell_holds_a_unit_of_the_thing_that_speaks_of_the_criterion() -> None:
    found = cells(compared(passage_of(SCIC, 0, f"{DEFINED}\n{VOICES}"), passage_of(ASSO, 0, BOARD)))
    assert found["definition", "SCIC"] == DEFINED
    assert found["governance", "Association"] == BOARD
    assert not any(criterion == "procurement" for criterion, _ in found)


def test_no_unit_fills_two_cells_and_each_is_quoted() -> None:
    comparison = compared(passage_of(SCIC, 0, f"{DEFINED}\n{VOICES}"), passage_of(ASSO, 0, BOARD))
    texts = [draft.text for draft in comparison.drafts]
    assert len(texts) == len(set(texts)) >= 3
    assert all(draft.quotes[-1].text in draft.text for draft in comparison.drafts)


def test_where_a_title_names_both_a_unit_must_say_of_which_it_speaks() -> None:
    found = cells(compared(passage_of(MIXED, 0, f"{VOICES}\n{BOARD}")))
    assert {(column, text) for (_, column), text in found.items()} == {("Association", BOARD)}


def test_the_partners_of_one_thing_do_not_name_another() -> None:
    found = cells(compared(passage_of(SCIC, 0, "Les associés de la coopérative votent en assemblée.")))
    assert all(column == "SCIC" for _, column in found)
    assert found


def test_what_is_not_sure_enough_leaves_the_cell_empty() -> None:
    assert cells(compared(passage_of(SCIC, 0, DEFINED), support=0.1)) == {}


@pytest.mark.parametrize("text", ["La SCIC est une société ?", "La SCIC est une société :", f"{DEFINED} {'x' * 300}"])
def test_a_question_a_lead_in_or_a_long_unit_fills_no_cell(text: str) -> None:
    assert cells(compared(passage_of(SCIC, 0, text))) == {}


def test_what_is_to_be_verified_fills_no_cell() -> None:
    assert cells(compared(passage_of(SCIC, 0, DEFINED, label="À vérifier"))) == {}


@pytest.mark.parametrize(
    ("question", "criteria"),
    [("SCIC ou association ?", OF_STATUSES), ("Quelle différence entre le four et le moulin ?", OF_OTHERS)],
)
def test_the_criteria_are_fixed_and_statuses_have_their_own(question: str, criteria: tuple[str, ...]) -> None:
    empty = compared(question=question)
    assert empty.columns.criteria == criteria
    assert empty.drafts == ()


def test_a_definition_needs_less_than_another_sentence_to_fill_its_cell() -> None:
    found = cells(compared(passage_of(SCIC, 0, f"{DEFINED}\n{VOICES}"), support=0.2))
    assert found == {("definition", "SCIC"): DEFINED}


def test_a_sentence_on_another_thing_is_not_that_of_the_thing_it_names_in_passing() -> None:
    said = "Une association élit son assemblée, alors que la SCIC a des collèges."
    found = cells(compared(passage_of(MIXED, 0, said)))
    assert {column for _, column in found} == {"Association"}


def listing(lead: str, *items: str, of: DocumentRecord = MIXED) -> Passage:
    """A list with what introduces it."""
    passage = passage_of(of, 0, "\n".join((lead, *items)))
    first, *others = passage.units
    return replace(
        passage, units=(first, *(replace(unit, kind="item", lead=(first.start, first.end)) for unit in others))
    )


POWER = "Le pouvoir se règle ainsi :"


def test_a_list_that_tells_things_apart_fills_its_row_whatever_else_is_surer() -> None:
    apart = listing(POWER, "SCIC : le vote se fait par collèges.", "Association : l'assemblée vote.")
    found = cells(compared(passage_of(SCIC, 0, VOICES), apart, passage_of(ASSO, 0, BOARD)))
    assert found["governance", "SCIC"] == "SCIC : le vote se fait par collèges."
    assert found["governance", "Association"] == "Association : l'assemblée vote."
    alone = cells(compared(apart, support=0.01))
    assert alone["governance", "SCIC"] == "SCIC : le vote se fait par collèges.", "its build speaks for it"


def test_an_item_that_says_a_value_only_keeps_what_introduces_it() -> None:
    found = cells(
        compared(listing("Part publique du capital :", "SCIC : 50 % (loi de 1947).", "Association : aucune."))
    )
    assert "Part publique du capital : SCIC : 50 % (loi de 1947)." in found.values()


def test_a_list_of_one_thing_alone_compares_nothing() -> None:
    assert cells(compared(listing(POWER, "SCIC : le vote se fait par collèges."), support=0.01)) == {}


def test_who_says_a_thing_is_not_what_is_spoken_of() -> None:
    said = "Selon une association d'élus, la SCIC vote par collèges."
    assert cells(compared(passage_of(SCIC, 0, said)))["governance", "SCIC"] == said


def test_a_name_that_holds_that_of_a_thing_does_not_define_it() -> None:
    found = cells(compared(passage_of(MIXED, 0, "Le réseau Pays SCIC est une association depuis 2022.")))
    assert ("definition", "SCIC") not in found


def test_a_quasi_regie_is_no_kind_of_regie() -> None:
    regie = Compared("Régie", ("regie",), (frozenset({"regie"}),), True)
    (scored,) = units(passage_of(MIXED, 0, "La quasi-régie réunit la commune et sa société."))
    assert not _fits(scored.candidate, regie, (), "definition", DOCUMENTS)
    (scored,) = units(passage_of(MIXED, 0, "La régie réunit la commune et ses usagers."))
    assert _fits(scored.candidate, regie, (), "definition", DOCUMENTS)
