"""A turn as plain values: what was said, what was cited, and what a cited passage must hold."""

from dataclasses import replace

from assistant.answer import Answer, Citation, Reply, Sentence, Turn
from evals.outcome import Outcome, outcome_of
from tests.evals.weighing import WeighingAssistant
from tests.fakes import ABSTENTION, ANSWER, CAPITAL, SCIC
from ui.commands.evals import rendered


def outcome(reply: Reply) -> Outcome:
    turn = Turn("t", "s", "Quel plafond ?", "Quel plafond ?", reply)
    return outcome_of(turn, 0.2, WeighingAssistant(probability=0.7).weigh("Quel plafond ?"), rendered)


def answer(text: str) -> Answer:
    return Answer((Sentence(text, (1,), 0.5),), (Citation(1, CAPITAL, SCIC, ("sans décret en Conseil d'État",)),))


def test_an_answer_keeps_its_sentences_its_citations_and_what_was_found() -> None:
    found = outcome(ANSWER)
    assert (found.abstained, found.seconds, found.probability) == (False, 0.2, 0.7)
    assert [said.text for said in found.said] == [sentence.text for sentence in ANSWER.sentences]
    assert [one.source for one in found.cited] == ["fiches/scic.md", "fiches/scic.md"]
    assert found.cited[0].title == SCIC.metadata.title
    assert all(quote in one.excerpt for one in found.cited for quote in one.quotes)
    assert found.found == ("fiches/scic.md", "fiches/scic.md", "fiches/roles.md")


def test_an_abstention_says_and_cites_nothing() -> None:
    found = outcome(ABSTENTION)
    assert (found.abstained, found.said, found.cited) == (True, (), ())
    assert found.probability == 0.7


def test_a_fact_may_stand_in_the_passage_its_headings_or_the_title_and_date_of_its_document() -> None:
    for text in ("Jusqu'à 50 %.", "Depuis le 22 décembre 2025.", "Pour une SCIC.", "La Commune peut entrer."):
        assert outcome(answer(text)).said[0].unproven == (), text


def test_a_fact_of_a_passage_that_the_sentence_does_not_cite_proves_nothing() -> None:
    assert outcome(answer("Jusqu'à 65 %, en SARL.")).said[0].unproven == ("65 %", "SARL")
    other = replace(ANSWER.sentences[0], text="Elle peut être une SARL.")
    assert outcome(replace(ANSWER, sentences=(other, *ANSWER.sentences[1:]))).said[0].unproven == ("SARL",)
