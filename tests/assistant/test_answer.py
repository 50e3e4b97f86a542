"""What cannot be said cannot be built."""

import pytest

from assistant.answer import MAX_QUOTE, Abstention, Answer, Cell, Citation, Quote, Sentence, Table
from tests.fakes import CAPITAL, FORMS, SCIC, passage_of

QUOTE = "Une délibération motivée du conseil municipal suffit"


def test_an_answer_without_sentences_is_refused() -> None:
    with pytest.raises(ValueError, match="abstain instead"):
        Answer((), ())


def test_a_sentence_without_citation_is_refused() -> None:
    with pytest.raises(ValueError, match="needs a citation"):
        Sentence("La commune délibère.", (), 0.9)


@pytest.mark.parametrize("support", [-0.01, 1.01, float("nan")])
def test_a_support_outside_zero_to_one_is_refused(support: float) -> None:
    with pytest.raises(ValueError, match="outside"):
        Sentence("La commune délibère.", (1,), support)


def test_a_citation_without_quote_is_refused() -> None:
    with pytest.raises(ValueError, match="needs a quote"):
        Citation(1, CAPITAL, SCIC, ())


@pytest.mark.parametrize("quote", ["Une délibération suffit", QUOTE.lower(), QUOTE.replace(" ", "  ", 1)])
def test_a_quote_that_is_not_in_the_passage_to_the_letter_is_refused(quote: str) -> None:
    with pytest.raises(ValueError, match="quote not in passage"):
        Citation(1, CAPITAL, SCIC, (QUOTE, quote))


def test_a_quote_of_more_than_400_characters_is_refused() -> None:
    passage = passage_of(SCIC, 9, "mot " * 200)
    assert MAX_QUOTE == 400
    assert Citation(1, passage, SCIC, (passage.text[:400],)).quote == passage.text[:400]
    with pytest.raises(ValueError, match="401 characters"):
        Citation(1, passage, SCIC, (passage.text[:401],))


def test_quoted_words_are_those_of_the_passage() -> None:
    start = CAPITAL.text.index("Une délibération")
    assert Quote(CAPITAL, start, start + len(QUOTE)).text == QUOTE


@pytest.mark.parametrize(("text", "citations"), [("La commune délibère.", ()), ("", (1,))])
def test_a_cell_without_proof_or_with_proof_of_nothing_is_refused(text: str, citations: tuple[int, ...]) -> None:
    assert Cell() == Cell("", ())
    with pytest.raises(ValueError, match="or neither"):
        Cell(text, citations)


@pytest.mark.parametrize(
    "rows", [(), ((Cell(),), (Cell(), Cell())), ((Cell(), Cell()),), ((Cell(), Cell()),) * 3], ids=len
)
def test_a_table_with_a_row_or_a_cell_missing_or_too_many_is_refused(rows: tuple[tuple[Cell, ...], ...]) -> None:
    with pytest.raises(ValueError, match="a row for each criterion"):
        Table(("definition", "money"), ("SCIC", "SEM"), rows)


def test_the_first_quote_is_the_quote() -> None:
    assert Citation(1, CAPITAL, SCIC, (QUOTE, "sans décret")).quote == QUOTE


@pytest.mark.parametrize("used", [[(2,), (1,)], [(1,), (3,)], [(1,)], [(1,), (2, 3)]], ids=str)
def test_citations_are_those_the_sentences_use_numbered_in_order_of_first_use(used: list[tuple[int, ...]]) -> None:
    citations = (Citation(1, CAPITAL, SCIC, (QUOTE,)), Citation(2, FORMS, SCIC, ("la société anonyme",)))
    sentences = tuple(Sentence("La commune délibère.", numbers, 0.9) for numbers in used)
    with pytest.raises(ValueError, match="are not those the sentences use"):
        Answer(sentences, citations)


def test_a_citation_used_again_keeps_its_number() -> None:
    citations = (Citation(1, CAPITAL, SCIC, (QUOTE,)), Citation(2, FORMS, SCIC, ("la société anonyme",)))
    answer = Answer(tuple(Sentence("Oui.", numbers, 1.0) for numbers in [(1,), (2, 1), (1,)]), citations)
    assert [citation.n for citation in answer.citations] == [1, 2]


def test_an_answer_that_leaves_a_part_open_is_partial() -> None:
    sentences, citations = (Sentence("Oui.", (1,), 1.0),), (Citation(1, CAPITAL, SCIC, (QUOTE,)),)
    assert Answer(sentences, citations).outcome == "answered"
    assert Answer(sentences, citations, unanswered=("le prix",)).outcome == "partial"
    assert Abstention().outcome == "abstained"
