"""The gate: only what the quoted words prove is said, and only with their citation."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.answer import MAX_QUOTE, Answer, Cell, Draft, Quote, WarningCode
from assistant.grounding import Admitted, Columns, Reason, admit, copied, locate, proof, refusal
from corpus import Document, Metadata, SourceFile, list_files, read_document
from corpus.parsers.text import parse_text
from indexing import DocumentRecord, Passage
from indexing.splitter import split_document
from tests.fakes import CAPITAL, DOCUMENTS, FINANCER, FORMS, SCIC, passage_of

RECORDS = {record.id: record for record in DOCUMENTS}


def whole(passage: Passage) -> Quote:
    return Quote(passage, 0, len(passage.text))


def unit(passage: Passage, index: int) -> Quote:
    found = passage.units[index]
    return Quote(passage, found.start, found.end)


def copy(passage: Passage, index: int) -> Draft:
    """A draft that says a unit in its own words."""
    quote = unit(passage, index)
    return Draft(quote.text, (quote,), passage.units[index].kind == "item")


def judged(sentence: str, evidence: str, heading: str = "") -> Reason | None:
    """Why the gate stops a sentence that quotes the whole of a text, None when it does not."""
    return refusal(Draft(sentence, (whole(passage_of(SCIC, 9, evidence, label=heading)),)), RECORDS)


def passed(drafts: Sequence[Draft], columns: Columns | None = None) -> Admitted:
    return admit(drafts, RECORDS, lambda draft: 0.5, columns=columns)


def answer(drafts: Sequence[Draft], columns: Columns | None = None) -> Answer:
    reply = passed(drafts, columns).answer
    assert reply is not None
    return reply


# Where quoted words stand


def test_quoted_words_are_found_where_they_stand() -> None:
    quote = locate(CAPITAL, "jusqu'à 50 % du capital")
    assert quote is not None
    assert quote.text == "jusqu'à 50 % du capital"


@pytest.mark.parametrize(
    "words",
    [
        "Une délibération motivée du conseil municipal suffit, sans décret en Conseil d’État",
        "une délibération MOTIVÉE du conseil municipal suffit, sans décret en conseil d'état.",
        "  « Une délibération\u00a0motivée du conseil\nmunicipal  suffit, sans décret en Conseil d'État. »  ",
        "…délibération motivée du conseil municipal suffit, sans décret en Conseil d'État",
    ],
)
def test_quotes_dashes_spaces_and_case_make_no_difference_and_the_words_are_the_passage_s(words: str) -> None:
    quote = locate(CAPITAL, words)
    assert quote is not None
    assert quote.text in CAPITAL.text
    assert quote.text.endswith("sans décret en Conseil d'État")


@pytest.mark.parametrize(
    ("text", "words", "found"),
    [
        (
            "Le projet \u2013 une \u2018halle\u2019 \u2013 ouvre.",
            "projet - une 'halle' - ouvre",
            "projet \u2013 une \u2018halle\u2019 \u2013 ouvre",
        ),
        (
            "La vice\u2011présidente \u201csigne\u201d aujourd\u2019hui.",
            'vice-présidente "signe" aujourd\'hui',
            "vice\u2011présidente \u201csigne\u201d aujourd\u2019hui",
        ),
        ("Elle a 12\u202f000 habitants…", "Elle a 12 000 habitants...", "Elle a 12\u202f000 habitants"),
        ("Un œuf,\ndeux\tœufs, trois.", "un œuf, deux œufs", "Un œuf,\ndeux\tœufs"),
        ("Un terrain de 20 m² vaut cher.", "terrain de 20 m2", "terrain de 20 m²"),
    ],
)
def test_the_span_found_is_the_passage_s_own_whatever_the_typography(text: str, words: str, found: str) -> None:
    quote = locate(passage_of(SCIC, 9, text), words)
    assert quote is not None
    assert quote.text == found


@pytest.mark.parametrize(
    "words",
    [
        "jusqu'à 60 % du capital",
        "du capital jusqu'à 50 %",
        "jusqu'à 50 % … d'une SCIC",
        "Les collectivités peuvent tout détenir",
        "50 %",
        "du capital",
        "",
        "…",
    ],
)
def test_words_that_do_not_stand_there_or_are_too_few_are_not_found(words: str) -> None:
    assert locate(CAPITAL, words) is None


# What may be said


@pytest.mark.parametrize("passage", [CAPITAL, FORMS, FINANCER])
def test_what_is_copied_may_be_said(passage: Passage) -> None:
    for index in range(len(passage.units)):
        assert refusal(copy(passage, index), RECORDS) is None
        assert proof(copy(passage, index), RECORDS) == 1.0


def test_a_copy_is_a_copy_whatever_its_typography() -> None:
    quote = unit(CAPITAL, 1)
    assert copied(
        Draft("une délibération motivée du conseil municipal suffit – sans décret en Conseil d’État", (quote,))
    )
    assert not copied(Draft("Une délibération du conseil municipal suffit, sans décret en Conseil d'État.", (quote,)))


@pytest.mark.parametrize("label", ["Tarifs", "Le prix"])
def test_a_label_of_one_or_two_words_may_be_said(label: str) -> None:
    passage = passage_of(SCIC, 9, f"{label}\nLe bocal coûte 4 €.")
    assert refusal(Draft(f"{label} :", (Quote(passage, 0, len(label)),)), RECORDS) is None


def test_a_sentence_without_a_quote_is_dropped() -> None:
    sentence = "Les collectivités peuvent détenir ensemble jusqu'à 50 % du capital d'une SCIC."
    assert refusal(Draft(sentence, ()), RECORDS) == "no_quote"


def test_two_words_prove_no_sentence() -> None:
    start = CAPITAL.text.index("50 %")
    few = Quote(CAPITAL, start, start + len("50 %"))
    sentence = "Les collectivités peuvent détenir ensemble jusqu'à 50 % du capital d'une SCIC."
    assert refusal(Draft(sentence, (few,)), RECORDS) == "no_quote"


@pytest.mark.parametrize(
    ("sentence", "evidence"),
    [
        (
            "La régie de chaleur emploie douze salariés depuis l'année 2019.",
            "Depuis 2019, la régie de chaleur emploie 12 salariés.",
        ),
        ("La commune détient la moitié du capital.", "La commune détient 50 % du capital."),
        ("Le département a versé 50 k€ à la halle.", "Le département verse cinquante mille euros à la halle."),
        ("Le département verse 3 milliards d'euros.", "Le département verse 3 Md€."),
        ("Le département verse 3 Md€.", "Le département verse 3 milliards d'euros."),
        ("La SCIC associe des habitants.", "La société coopérative d'intérêt collectif associe des habitants."),
        ("Les habitants votent les travaux.", "Chaque automne, les habitants votent sur les travaux prévus."),
    ],
)
def test_what_says_the_same_in_other_forms_may_be_said(sentence: str, evidence: str) -> None:
    assert judged(sentence, evidence) is None


@pytest.mark.parametrize(
    ("sentence", "evidence"),
    [
        ("La régie emploie treize salariés.", "La régie emploie douze salariés."),
        ("La régie emploie 21 salariés.", "La régie emploie 12 salariés."),
        ("La commune détient un tiers du capital.", "La commune détient 50 % du capital."),
        ("Elle naît le 1er mars 2019.", "Elle naît le 1er mars 2018."),
        ("L'article 432-13 du code pénal le punit.", "L'article 432-12 du code pénal le punit."),
        ("La halle ouvre à 8h30 le samedi matin.", "La halle ouvre à 9h30 le samedi matin."),
        ("Le projet coûte un million d'euros.", "Le projet coûte deux millions d'euros."),
        ("Le mandat des élus dure six mois.", "Le mandat des élus dure six ans."),
        ("Mazeray finance la régie de chaleur.", "Corbigny finance la régie de chaleur."),
        ("La régie de chaleur chauffe Mazeray.", "La régie de chaleur chauffe Corbigny."),
        (
            "La commune verse 50 000 € et le département 30 000 €.",
            "La commune verse 30 000 € et le département 50 000 €.",
        ),
    ],
)
def test_a_changed_fact_is_stopped(sentence: str, evidence: str) -> None:
    assert judged(sentence, evidence) == "hard_fact"


def test_a_fact_of_the_passage_that_the_quoted_unit_does_not_state_proves_nothing() -> None:
    beside = Draft("Les collectivités peuvent détenir 50 % du capital.", (unit(CAPITAL, 1),))
    assert refusal(beside, RECORDS) == "hard_fact"
    assert refusal(Draft(beside.text, (unit(CAPITAL, 0),)), RECORDS) is None


def test_what_stands_in_the_unit_behind_the_quoted_words_is_proof_too() -> None:
    start = CAPITAL.text.index("Les collectivités peuvent détenir")
    words = Quote(CAPITAL, start, start + len("Les collectivités peuvent détenir"))
    assert refusal(Draft("Les collectivités peuvent détenir jusqu'à 50 % du capital.", (words,)), RECORDS) is None


def test_a_name_of_the_title_may_be_said_but_not_in_the_place_of_another() -> None:
    assert (
        judged("La régie de Corbigny emploie douze salariés.", "Elle emploie douze salariés.", "La régie, Corbigny")
        is None
    )
    assert (
        judged(
            "La régie de Corbigny emploie douze salariés.", "La régie de Mazeray emploie douze salariés.", "Corbigny"
        )
        == "hard_fact"
    )


@pytest.mark.parametrize(
    ("sentence", "evidence"),
    [
        ("La commune ne peut pas entrer au capital.", "La commune peut entrer au capital."),
        ("La commune peut entrer au capital.", "La commune ne peut pas entrer au capital."),
        ("La commune entre au capital avec un décret.", "La commune entre au capital sans décret."),
        ("La commune n'entre jamais au capital.", "La commune entre au capital."),
        ("La commune n'est plus membre du syndicat.", "La commune est membre du syndicat."),
    ],
)
def test_a_negation_more_or_less_is_stopped(sentence: str, evidence: str) -> None:
    assert judged(sentence, evidence) == "negation"


@pytest.mark.parametrize(
    ("sentence", "evidence"),
    [
        ("L'adhésion de la commune est facultative.", "L'adhésion de la commune est obligatoire."),
        ("Le vote de la subvention est interdit.", "Le vote de la subvention est autorisé."),
        ("Le capital minimum est libre.", "Le capital maximum est libre."),
        ("La société appartient à un propriétaire privé.", "La société appartient à un propriétaire public."),
        ("Le conseil vote après la réunion.", "Le conseil vote avant la réunion."),
    ],
)
def test_the_opposite_word_is_stopped(sentence: str, evidence: str) -> None:
    assert judged(sentence, evidence) == "opposite"


def test_a_word_and_its_opposite_may_both_stand_where_both_stand_in_the_proof() -> None:
    evidence = "L'adhésion est obligatoire pour la commune et facultative pour les habitants."
    assert judged("L'adhésion est facultative pour les habitants.", evidence) is None


@pytest.mark.parametrize(
    "sentence",
    [
        "La régie forme les apprentis boulangers du canton.",
        "Les citoyens choisissent souverainement leur avenir énergétique.",
        "La régie de chaleur est une réussite exemplaire, saluée partout.",
    ],
)
def test_words_the_proof_does_not_hold_are_stopped(sentence: str) -> None:
    assert judged(sentence, "La régie de chaleur vend de la chaleur aux écoles et au gymnase.") == "unproven"


def test_proof_is_the_share_of_the_words_that_the_evidence_holds() -> None:
    quotes = (whole(passage_of(SCIC, 9, "La régie vend de la chaleur aux écoles.")),)
    shares = [
        proof(Draft(text, quotes), RECORDS)
        for text in ("Les écoles achètent.", "La régie vend aux écoles.", "Le zèbre galope.", "!")
    ]
    assert shares == [0.5, 1.0, 0.0, 0.0]


# What an answer is made of


def test_what_is_stopped_is_not_said_and_is_told_with_its_reason() -> None:
    wrong = Draft("Les collectivités peuvent détenir ensemble jusqu'à 65 % du capital.", (unit(CAPITAL, 0),))
    found = passed([copy(CAPITAL, 0), wrong, copy(CAPITAL, 1)])
    assert found.answer is not None
    assert [sentence.text for sentence in found.answer.sentences] == [copy(CAPITAL, n).text for n in (0, 1)]
    assert [(one.draft, one.reason) for one in found.dropped] == [(wrong, "hard_fact")]


def test_nothing_proven_is_no_answer() -> None:
    found = passed([Draft("La lune est en fromage.", (unit(CAPITAL, 0),))])
    assert found.answer is None
    assert len(found.dropped) == 1
    assert passed([]) == Admitted(None, ())


def test_citations_are_numbered_in_order_of_first_use_one_a_passage() -> None:
    both = Draft(f"{copy(FINANCER, 0).text} {copy(CAPITAL, 1).text}", (unit(FINANCER, 0), unit(CAPITAL, 1)))
    reply = answer([copy(FORMS, 0), copy(FORMS, 1), copy(CAPITAL, 0), both, copy(FORMS, 2)])
    assert [sentence.citations for sentence in reply.sentences] == [(1,), (1,), (2,), (3, 2), (1,)]
    assert [(citation.n, citation.passage.id) for citation in reply.citations] == [
        (1, FORMS.id),
        (2, CAPITAL.id),
        (3, FINANCER.id),
    ]
    assert [len(citation.quotes) for citation in reply.citations] == [3, 2, 1]


def test_a_passage_whose_only_sentence_is_stopped_is_not_cited() -> None:
    wrong = Draft("Les collectivités peuvent détenir ensemble jusqu'à 65 % du capital.", (unit(CAPITAL, 0),))
    assert [citation.passage.id for citation in answer([wrong, copy(FINANCER, 0)]).citations] == [FINANCER.id]


def test_a_long_sentence_is_quoted_in_pieces_that_leave_nothing_out() -> None:
    text = "Le conseil examine " + ", ".join(f"la demande du village numéro {n}" for n in range(30)) + "."
    passage = passage_of(SCIC, 9, text)
    quotes = answer([copy(passage, 0)]).citations[0].quotes
    assert len(quotes) > 2
    assert all(0 < len(quote) <= MAX_QUOTE for quote in quotes)
    assert " ".join(quotes) == text


def test_a_word_longer_than_a_quote_is_cut_without_losing_a_letter() -> None:
    address = "https://exemple.fr/" + "".join(f"{n:04}" for n in range(150))
    passage = passage_of(SCIC, 9, f"Voir la page {address}")
    quotes = answer([copy(passage, 0)]).citations[0].quotes
    assert "".join(quotes).replace(" ", "") == passage.text.replace(" ", "")


def test_a_document_to_be_read_with_care_is_cited_with_its_warning() -> None:
    def warning(document: DocumentRecord) -> WarningCode | None:
        return "superseded" if document.metadata.superseded_by else None

    reply = admit([copy(CAPITAL, 0), copy(FINANCER, 0)], RECORDS, lambda draft: 1.0, warning).answer
    assert reply is not None
    assert [citation.warning for citation in reply.citations] == [None, "superseded"]


def test_support_is_how_well_a_sentence_answers_times_how_well_it_is_proven() -> None:
    reworded = Draft(
        "Les collectivités peuvent longtemps détenir ensemble 50 % du capital d'une SCIC.", (unit(CAPITAL, 0),)
    )
    supports = [sentence.support for sentence in answer([copy(CAPITAL, 0), reworded]).sentences]
    assert supports[0] == 0.5
    assert supports[1] == pytest.approx(0.5 * proof(reworded, RECORDS), abs=1e-3)
    assert 0 < supports[1] < supports[0]


# Lists

WRONG_ITEM = Draft("la société anonyme à 40 voix ;", (unit(FORMS, 1),), item=True)
WRONG_LEAD = Draft("La SCIC choisit l'une de ces 40 formes :", (unit(FORMS, 0),))


def said(drafts: Sequence[Draft]) -> list[str]:
    reply = passed(drafts).answer
    return [sentence.text for sentence in reply.sentences] if reply else []


def test_a_list_is_said_with_its_lead_in_and_without_the_items_that_are_stopped() -> None:
    reply = answer([copy(FORMS, 0), copy(FORMS, 1), WRONG_ITEM, copy(FORMS, 3)])
    assert [sentence.item for sentence in reply.sentences] == [False, True, True]


@pytest.mark.parametrize("behind", [[], [copy(CAPITAL, 0)]])
def test_a_lead_in_left_without_items_is_not_said(behind: list[Draft]) -> None:
    assert said([copy(FORMS, 0), WRONG_ITEM, WRONG_ITEM, *behind]) == [draft.text for draft in behind]


def test_items_left_without_their_lead_in_are_not_said() -> None:
    assert said([copy(CAPITAL, 0), WRONG_LEAD, copy(FORMS, 1), copy(FORMS, 2)]) == [copy(CAPITAL, 0).text]


def test_a_heading_over_a_list_goes_with_it() -> None:
    passage = passage_of(SCIC, 9, "Les formes\nLa SCIC choisit :\n- la société anonyme (SA) ;")
    heading = Draft("Les formes :", (unit(passage, 0),))
    assert len(said([heading, copy(passage, 1), copy(passage, 2)])) == 3
    assert said([heading, copy(passage, 1), WRONG_ITEM, copy(CAPITAL, 0)]) == [copy(CAPITAL, 0).text]


def test_a_heading_does_not_introduce_the_sentence_of_another_passage() -> None:
    passage = passage_of(SCIC, 9, "Le prix\nLe bocal coûte 4 €.")
    heading, wrong = Draft("Le prix :", (unit(passage, 0),)), Draft("Le bocal coûte 5 €.", (unit(passage, 1),))
    assert said([heading, wrong, copy(CAPITAL, 0)]) == [copy(CAPITAL, 0).text]


# Comparisons

COLUMNS = Columns(("definition", "money"), ("SCIC", "Association"))


def test_a_comparison_holds_what_passed_in_its_cells_and_leaves_the_others_empty() -> None:
    first = Draft(copy(CAPITAL, 0).text, (unit(CAPITAL, 0),), cell=(1, 0))
    second = Draft(copy(FINANCER, 0).text, (unit(FINANCER, 0),), cell=(0, 1))
    wrong = Draft("La collectivité finance 40 projets.", (unit(FINANCER, 0),), cell=(1, 1))
    table = answer([first, second, wrong], COLUMNS).table
    assert table is not None
    assert (table.criteria, table.columns) == (COLUMNS.criteria, COLUMNS.columns)
    assert table.rows == ((Cell(), Cell(second.text, (2,))), (Cell(first.text, (1,)), Cell()))


def test_an_answer_that_compares_nothing_has_no_table() -> None:
    assert answer([copy(CAPITAL, 0)]).table is None


# Whatever the documents say

PIECES = (
    *(
        "La commune",
        "le conseil d'administration",
        "l'Avise",
        "Lons-le-Saunier",
        "une SCIC",
        "Jeanne Roux",
        "ne vote pas",
    ),
    *("12 000 habitants", "douze mille euros", "50 %", "la moitié du capital", "2,5 M€", "3 Md€", "200 kWh", "9h30"),
    *(
        "le 1er mars 2018",
        "en 2014-2020",
        "l'article L. 1511-2",
        "la loi n° 2014-856",
        "01 23 45 67 89",
        "aide@exemple.fr",
    ),
    *(
        "https://exemple.fr/aide",
        "sans décret",
        "obligatoire",
        "facultative",
        "« oui »",
        "– enfin –",
        "5-10 salariés",
        "XXe",
    ),
)
sentences = st.lists(st.sampled_from(PIECES), min_size=1, max_size=7).map(lambda words: f"{' '.join(words)}.")
blocks = st.one_of(
    sentences,
    st.lists(sentences, min_size=2, max_size=5).map(
        lambda lines: "On y lit :\n\n" + "\n".join(f"- {x}" for x in lines)
    ),
)
texts = st.lists(blocks, min_size=1, max_size=5).map(lambda body: "# La régie\n\n" + "\n\n".join(body))


def split(text: str) -> tuple[list[Passage], Mapping[str, DocumentRecord]]:
    document = Document("d", "d.md", Metadata(title="La régie"), parse_text(text))
    return split_document(document), {"d": DocumentRecord("d", "d.md", document.metadata, 1)}


@settings(deadline=None, max_examples=80, derandomize=True)
@given(texts)
def test_a_draft_that_copies_a_unit_of_a_passage_always_passes(text: str) -> None:
    passages, records = split(text)
    for passage in passages:
        for index in range(len(passage.units)):
            assert refusal(copy(passage, index), records) is None, copy(passage, index).text


@settings(deadline=None, max_examples=80, derandomize=True)
@given(texts, st.data())
def test_words_copied_from_a_passage_are_found_as_they_stand(text: str, data: st.DataObject) -> None:
    passage = data.draw(st.sampled_from(split(text)[0]))
    words = passage.text.split(" ")
    start = data.draw(st.integers(0, len(words) - 1))
    end = data.draw(st.integers(start, len(words)))
    said = " ".join(words[start:end])
    quote = locate(passage, said)
    if quote is None:
        assert len(said.strip(' .…«»"“”').split()) < 3
    else:
        assert quote.text.lower().split() == said.strip(' .…«»"“”').lower().split()


@pytest.mark.integration
def test_of_200_sentences_about_the_fiches_nearly_all_false_are_stopped_and_nearly_all_true_kept() -> None:
    read = [
        read_document(file, {}) for file in list_files(str(files("corpus") / "fiches")) if isinstance(file, SourceFile)
    ]
    fiches = {Path(one.source).stem: one for one in read if isinstance(one, Document)}
    records = {one.id: DocumentRecord(one.id, one.source, one.metadata, 1) for one in fiches.values()}
    lines = (Path(str(files("evals"))) / "data" / "planted.jsonl").read_text(encoding="utf-8").splitlines()
    right: Counter[bool] = Counter()
    pairs: list[dict[str, Any]] = [json.loads(line) for line in lines]
    for pair in pairs:
        found = (locate(passage, pair["quote"]) for passage in split_document(fiches[pair["fiche"]]))
        quote = next((one for one in found if one is not None), None)
        assert quote is not None, f"{pair['id']}: the quote is not in the fiche"
        kept = refusal(Draft(pair["sentence"], (quote,)), records) is None
        right[pair["true"]] += kept == pair["true"]
    assert Counter(pair["true"] for pair in pairs) == {True: 100, False: 100}
    assert right[False] >= 98
    assert right[True] >= 95


@pytest.mark.integration
def test_every_unit_of_the_fiches_may_be_said() -> None:
    for file in list_files(str(files("corpus") / "fiches")):
        document = read_document(file, {}) if isinstance(file, SourceFile) else None
        if isinstance(document, Document):
            records = {document.id: DocumentRecord(document.id, document.source, document.metadata, 1)}
            drafts = [copy(passage, n) for passage in split_document(document) for n in range(len(passage.units))]
            assert drafts
            assert [draft.text for draft in drafts if refusal(draft, records)] == []
