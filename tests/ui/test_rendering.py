"""What users read of a turn: the contract's keys, the markers, the abstention."""

import json
from dataclasses import replace

from assistant.answer import Abstention, Answer, Citation, Note, Sentence
from corpus import Applicability
from indexing import Hit, Twin
from tests.fakes import (
    ABSTENTION,
    ANSWER,
    CAPITAL,
    COMPARED,
    FINANCER,
    FORMS,
    ROLES,
    SCIC,
    FakeAssistant,
    passage_of,
)
from ui import rendering

TURN_KEYS = {
    *("id", "session_id", "question", "standalone_question", "outcome", "answer", "sentences", "table", "citations"),
    *("unanswered", "notes", "nearest", "handoff", "related", "applies_to", "composer", "timings_ms"),
}
CITATION_KEYS = {
    *("n", "passage_id", "document_id", "title", "publisher", "published", "kind", "url", "source", "locator"),
    *("quote", "quotes", "excerpt", "also_in", "references", "warning"),
}


def test_every_key_of_the_contract_is_there_in_an_answer() -> None:
    body = rendering.turn_body(FakeAssistant().ask("Une question ?"))
    assert set(body) == TURN_KEYS
    assert set(body["citations"][0]) >= CITATION_KEYS
    assert body["citations"][0]["locator"] == {
        "type": "section",
        "value": "s0",
        "label": "La commune peut-elle entrer au capital ?",
    }
    assert body["outcome"] == "answered"
    assert body["nearest"] == [] and body["handoff"] is None
    json.dumps(body)


def test_sentences_are_joined_with_markers_and_items_on_their_own_line() -> None:
    assert rendering.answer_text(ANSWER) == (
        "Les collectivités peuvent détenir ensemble jusqu'à 50 % du capital d'une SCIC. [1]\n"
        "La SCIC choisit l'une de ces formes commerciales : [2]\n"
        "- la société anonyme (SA) ; [2]\n"
        "- la société par actions simplifiée (SAS). [2]"
    )


def test_a_sentence_after_a_list_begins_a_line() -> None:
    answer = Answer(
        (Sentence("la société anonyme (SA) ;", (1,), 0.9, item=True), Sentence("Une phrase.", (1,), 0.9)),
        (Citation(1, FORMS, SCIC, ("la société anonyme (SA) ;",)),),
    )
    assert rendering.answer_text(answer) == "- la société anonyme (SA) ; [1]\nUne phrase. [1]"


def test_a_sentence_with_two_sources_has_two_markers() -> None:
    answer = Answer(
        (Sentence("Une phrase.", (1, 2), 0.9),),
        (
            Citation(1, CAPITAL, SCIC, ("Les collectivités",)),
            Citation(2, FORMS, SCIC, ("La SCIC choisit",)),
        ),
    )
    assert rendering.answer_text(answer) == "Une phrase. [1] [2]"


def test_an_abstention_keeps_every_key_and_says_so_in_french() -> None:
    body = rendering.turn_body(
        FakeAssistant(reply=ABSTENTION).ask("Combien gagne 12345 le xylophone ?"), "accueil@ex.fr"
    )
    assert set(body) == TURN_KEYS
    assert body["outcome"] == "abstained"
    assert body["citations"] == [] and body["sentences"] == []
    assert "ne permettent pas de répondre" in body["answer"]
    assert "capital, gouvernance" in body["answer"]
    assert [hit["passage"]["id"] for hit in body["nearest"]] == ["d-scic-p0", "d-scic-p1", "d-roles-p0"]
    assert body["handoff"] == {
        "message": "Pour poser votre question à une personne : accueil@ex.fr.",
        "contact": "accueil@ex.fr",
    }


def test_an_abstention_repeats_nothing_of_the_question() -> None:
    body = rendering.turn_body(FakeAssistant(reply=Abstention()).ask("Combien gagne 12345 le xylophone ?"))
    assert "12345" not in body["answer"] and "xylophone" not in body["answer"]
    assert not any(character.isdigit() for character in body["answer"])


def test_a_partial_answer_names_what_is_missing_and_who_can_help() -> None:
    partial = Answer(ANSWER.sentences, ANSWER.citations, unanswered=("le coût",))
    body = rendering.turn_body(FakeAssistant(reply=partial).ask("Une question ?"))
    assert body["outcome"] == "partial" and body["unanswered"] == ["le coût"]
    assert body["handoff"] is not None and body["handoff"]["contact"] is None


def test_notes_are_said_in_french() -> None:
    notes = (Note("completed_question", "et le capital de la SCIC ?"), Note("typed_in_english"))
    body = rendering.turn_body(FakeAssistant(notes=notes).ask("et son capital ?"))
    assert body["notes"][0] == {
        "code": "completed_question",
        "text": "Question comprise ainsi : « et le capital de la SCIC ? ».",
    }
    assert "anglais" in body["notes"][1]["text"]


def test_an_opinion_is_handed_over_even_when_answered() -> None:
    body = rendering.turn_body(FakeAssistant(handed_over=True).ask("Qu'en pensez-vous ?"), "accueil@ex.fr")
    assert body["outcome"] == "answered"
    assert body["handoff"] is not None and body["handoff"]["contact"] == "accueil@ex.fr"


def test_a_comparison_is_a_table_read_row_by_row_whose_cells_are_cited_or_empty() -> None:
    body = rendering.turn_body(FakeAssistant(reply=COMPARED).ask("SCIC ou association ?"))
    table = body["table"]
    assert table is not None
    assert table["criteria"] == ["Ce que c'est", "Capital et argent"]
    assert table["columns"] == ["SCIC", "Association"]
    assert len(table["cells"]) == len(table["criteria"]) * len(table["columns"])
    assert table["cells"][1]["text"] == ""
    assert [cell["citations"] for cell in table["cells"]] == [[1], [], [2], [3]]
    assert {n for cell in table["cells"] for n in cell["citations"]} == {one["n"] for one in body["citations"]}


def test_for_whom_an_answer_holds_is_said() -> None:
    assistant = FakeAssistant(applies_to=Applicability(None, 3499, ("commune", "commune_nouvelle")))
    body = rendering.turn_body(assistant.ask("Une question ?"))
    assert body["applies_to"] == {
        "population_min": None,
        "population_max": 3499,
        "types": ["commune", "commune_nouvelle"],
        "text": "Vaut pour les communes, les communes nouvelles de 3\u202f499 habitants au plus.",
    }


def test_a_source_to_be_read_with_care_says_why() -> None:
    stale = replace(SCIC, metadata=replace(SCIC.metadata, review_by="2026-01-31"))
    words = ("Les collectivités",)
    answer = Answer(
        (Sentence("Une phrase.", (1, 2, 3), 0.9),),
        (
            Citation(1, CAPITAL, stale, words, "past_review"),
            Citation(2, FINANCER, ROLES, ("La collectivité finance",), "superseded"),
            Citation(3, replace(CAPITAL, id="autre"), SCIC, words),
        ),
    )
    body = rendering.turn_body(FakeAssistant(reply=answer).ask("Une question ?"))
    assert [citation["warning"] for citation in body["citations"]] == [
        "Règle à relire depuis 31 janvier 2026 : elle a pu changer.",
        "Ce document est remplacé par « Les rôles, édition 2026 ».",
        None,
    ]


def test_a_citation_and_a_hit_name_the_documents_that_say_the_same() -> None:
    twin = Twin(FINANCER, ROLES)
    citation = Citation(1, CAPITAL, SCIC, ("Les collectivités",), also_in=(twin,))
    body = rendering.turn_body(FakeAssistant(reply=Answer((Sentence("Une.", (1,), 1.0),), (citation,))).ask("Quoi ?"))
    assert body["citations"][0]["also_in"] == [
        {
            "document_id": "d-roles",
            "title": "Les rôles d'une collectivité",
            "url": None,
            "source": "fiches/roles.md",
            "locator": rendering.locator_body(FINANCER.locator),
        }
    ]
    hit = rendering.hit_body(Hit(CAPITAL, SCIC, 0.5, "convex", (twin,)))
    assert hit["passage"]["also_in"] == body["citations"][0]["also_in"]


def test_every_piece_of_an_excerpt_is_in_the_passage() -> None:
    text = "Un premier bout.\nUn second bout."
    passage = passage_of(SCIC, 7, text, gaps=(17,))
    answer = Answer((Sentence("Un second bout.", (1,), 1.0),), (Citation(1, passage, SCIC, ("Un second bout.",)),))
    body = rendering.turn_body(FakeAssistant(reply=answer).ask("Une question ?"))
    assert body["citations"][0]["excerpt"] == "Un premier bout. … Un second bout."
