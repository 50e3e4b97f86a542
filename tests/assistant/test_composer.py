"""Composing without a language model: nothing is said that a cited passage does not say."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant import composer
from assistant.answer import Answer, Draft
from assistant.composer import MAX_CHARACTERS, MAX_LIST, SHORT_PASSAGE, compose
from assistant.evidence import FEATURES, Candidate
from assistant.grounding import Admitted, admit, copied
from assistant.question import Form, Query
from assistant.ranking import Scored
from assistant.retriever import Found
from corpus import Document, Metadata
from corpus.parsers.text import parse_text
from indexing import DocumentRecord, Passage, terms
from indexing.splitter import split_document

PROSE = """# La régie des eaux du Haut-Vallon

La régie des eaux naît d'une délibération du conseil municipal prise en séance publique au printemps. Son directeur est
nommé par le maire après avis du conseil d'exploitation, et ne siège pas parmi les élus. Le prix du mètre cube comprend
l'abonnement, la redevance et l'entretien des captages de montagne. Les habitants votent chaque automne sur les travaux
prévus pour les trois années suivantes. Une commission suit la qualité sanitaire grâce à des prélèvements mensuels.
"""
LIST = """# Les aides de la vallée

La communauté de communes propose ces aides aux artisans qui s'installent :

- un local chauffé à loyer réduit, que la commune remet en état avant l'arrivée du repreneur ;
- un prêt sans intérêt remboursable sur cinq ans, instruit par une plateforme associative voisine ;
- une boutique à l'essai au cœur du bourg, accompagnée par la chambre des métiers ;
- des parrains bénévoles qui relisent le plan de financement et ouvrent leur carnet d'adresses ;
- le raccordement au très haut débit, offert la première année aux entreprises du numérique.
"""
SHORT = """# Le marché du samedi

Le marché se tient sous la halle. Douze producteurs y vendent. L'emplacement coûte 4 €.
"""


def passages(text: str, name: str = "a") -> list[Passage]:
    return split_document(Document(name, f"{name}.md", Metadata(title=f"Document {name}"), parse_text(text)))


def rank(scores: Mapping[tuple[Passage, str], float]) -> list[Scored]:
    """Candidates with the scores given to the units that begin so, best first."""
    ranked = []
    for (passage, beginning), value in scores.items():
        for index, unit in enumerate(passage.units):
            if passage.text[unit.start :].startswith(beginning):
                ranked.append(candidate(passage, index, value))
                break
        else:
            raise AssertionError(beginning)
    return sorted(ranked, key=lambda one: -one.score)


def candidate(passage: Passage, index: int, value: float) -> Scored:
    found = Found(0, 0.5, 0.0, 0.5, 0.5, 0.5)
    return Scored(Candidate(found, passage, passage.units[index], index, (0.0,) * len(FEATURES)), value)


def admitted(ranked: Sequence[Scored], form: Form = "other") -> Admitted:
    names = {one.candidate.passage.document_id for one in ranked}
    documents = {name: DocumentRecord(name, f"{name}.md", Metadata(title=f"Document {name}"), 1) for name in names}
    return admit(compose(replace(QUERY, form=form), ranked), documents, lambda draft: 0.9)


def answer(ranked: Sequence[Scored], form: Form = "other") -> Answer:
    reply = admitted(ranked, form).answer
    assert reply is not None
    return reply


def spoken(drafts: Sequence[Draft]) -> int:
    """How many characters are said."""
    return sum(len(draft.text) for draft in drafts)


def texts(reply: Answer) -> list[str]:
    return [sentence.text for sentence in reply.sentences]


QUERY = Query("?", ("?",), (), "other")
GIVES_VALUE = tuple(float(name == "value_given") for name in FEATURES)
PROSE_PASSAGE, LIST_PASSAGE, SHORT_PASSAGE_ITSELF = passages(PROSE, "a")[0], passages(LIST, "b")[0], passages(SHORT)[0]


MUCH = rank(
    {
        (PROSE_PASSAGE, "Le prix"): 10.0,
        (PROSE_PASSAGE, "Les habitants"): 9.9,
        (LIST_PASSAGE, "un prêt"): 9.5,
        (LIST_PASSAGE, "le raccordement"): 9.4,
        (SHORT_PASSAGE_ITSELF, "Douze producteurs"): 9.0,
    }
)


def test_the_examples_are_longer_and_shorter_than_a_short_passage() -> None:
    assert len(SHORT_PASSAGE_ITSELF.text) < SHORT_PASSAGE < len(PROSE_PASSAGE.text)
    assert SHORT_PASSAGE < len(LIST_PASSAGE.text) < MAX_LIST


def test_the_sentence_that_answers_comes_first_wherever_it_stands() -> None:
    reply = answer(
        rank({(PROSE_PASSAGE, "Les habitants votent"): 10.0, (PROSE_PASSAGE, "La régie des eaux naît"): 9.0})
    )
    assert texts(reply)[0].startswith("Les habitants votent")
    assert texts(reply)[1].startswith("La régie des eaux naît")


def test_what_is_far_less_likely_is_left_out() -> None:
    reply = answer(rank({(PROSE_PASSAGE, "Les habitants"): 30.0, (PROSE_PASSAGE, "Son directeur"): 1.0}))
    assert len(reply.sentences) == 1


def test_a_list_question_gets_the_whole_list_behind_its_lead_in() -> None:
    for beginning in ("La communauté", "un prêt", "le raccordement"):
        reply = answer(rank({(LIST_PASSAGE, beginning): 10.0}), "list")
        said = texts(reply)
        lead = said.index("La communauté de communes propose ces aides aux artisans qui s'installent :")
        assert [text.split()[1] for text in said[lead + 1 :]] == [
            "local",
            "prêt",
            "boutique",
            "parrains",
            "raccordement",
        ]
        assert [sentence.item for sentence in reply.sentences[lead:]] == [False] + [True] * 5


def test_a_list_question_says_nothing_before_the_heading_or_lead_in_of_its_list() -> None:
    reply = answer(rank({(LIST_PASSAGE, "un prêt"): 10.0}), "list")
    assert not reply.sentences[0].item
    assert texts(reply)[0].endswith(" :")


def test_an_item_said_alone_keeps_its_lead_in() -> None:
    reply = answer(rank({(LIST_PASSAGE, "une boutique"): 10.0}))
    assert texts(reply) == [
        "La communauté de communes propose ces aides aux artisans qui s'installent : une boutique à l'essai au cœur du "
        "bourg, accompagnée par la chambre des métiers."
    ]
    assert not reply.sentences[0].item
    assert reply.citations[0].quotes[0].startswith("La communauté")


def test_several_items_that_come_near_bring_their_whole_list() -> None:
    scores = {(LIST_PASSAGE, beginning): 10.0 for beginning in ("un prêt", "des parrains", "le raccordement")}
    assert sum(sentence.item for sentence in answer(rank(scores)).sentences) == 5


def test_a_figure_question_gets_its_items_and_not_the_list() -> None:
    scores = {(LIST_PASSAGE, beginning): 10.0 for beginning in ("un prêt", "des parrains", "le raccordement")}
    assert 1 <= sum(sentence.item for sentence in answer(rank(scores), "figure").sentences) < 5


@pytest.mark.parametrize("first", ["un prêt", "le raccordement"])
def test_two_items_of_one_list_stand_behind_its_lead_in_said_once(first: str) -> None:
    scores = {(LIST_PASSAGE, beginning): 9.5 for beginning in ("un prêt", "le raccordement")}
    said = texts(answer(rank({**scores, (LIST_PASSAGE, first): 10.0}), "figure"))
    assert [text.split()[1] for text in said] == ["aides", "communauté", "prêt", "raccordement"]


COUNTED = """# Le prêt de la salle

La salle des fêtes se prête au mois comme à la journée, hors vacances, sur demande écrite adressée à la mairie et au
comité des fêtes qui tient le calendrier des réservations de toute la saison, de septembre à la fin du mois de juin.

Deux autorités interviennent pour prêter la salle :

- le maire arrête les conditions d'utilisation ;
- le conseil municipal fixe la contribution.

Le ménage reste à la charge de qui a demandé la salle, et un chèque de caution est gardé le temps de la manifestation.
"""


def test_a_list_that_its_lead_in_counts_is_said_whole() -> None:
    passage = passages(COUNTED, "s")[0]
    assert len(passage.text) > SHORT_PASSAGE
    said = texts(answer(rank({(passage, "La salle des fêtes"): 10.0, (passage, "le maire"): 9.0})))
    assert said[-3:] == [
        "Deux autorités interviennent pour prêter la salle :",
        "le maire arrête les conditions d'utilisation",
        "le conseil municipal fixe la contribution.",
    ]


def test_an_item_keeps_a_long_lead_in() -> None:
    lead = "La commune de la vallée propose ces aides " + "aux artisans du bourg et des hameaux voisins " * 4
    passage = passages(LIST.replace("La communauté de communes propose ces aides ", lead), "s")[0]
    assert texts(answer(rank({(passage, "une boutique"): 10.0}), "figure"))[0].startswith("La commune de la vallée")


def test_an_item_never_stands_before_the_lead_in_of_its_list() -> None:
    # An item is chosen, then the lead-in itself, which brings the others.
    scores = {(PROSE_PASSAGE, "Son"): 10.0, (LIST_PASSAGE, "des parrains"): 9.0, (LIST_PASSAGE, "La communauté"): 8.5}
    said = texts(answer(rank(scores)))
    lead = next(n for n, text in enumerate(said) if "propose ces aides" in text)
    assert [text.split()[1] for text in said[lead + 1 :]] == ["local", "prêt", "boutique", "parrains", "raccordement"]


def test_a_lead_in_of_two_sentences_said_already_is_not_said_again() -> None:
    passage = passages("# Refus\n\nLa mairie motive son refus. Ses motifs sont :\n\n- l'ordre public ;\n- le service.")[
        0
    ]
    ranked = rank({(passage, "La mairie motive"): 10.0, (passage, "l'ordre"): 9.9, (passage, "le service"): 9.8})
    assert " ".join(texts(answer(ranked, "list"))).count("Ses motifs sont") == 1


def test_a_heading_that_answers_brings_the_list_under_it_whole() -> None:
    reply = answer(rank({(LIST_PASSAGE, "Les aides de la vallée"): 10.0}))
    assert sum(sentence.item for sentence in reply.sentences) in (0, 5)


def test_the_lead_in_of_a_list_too_long_to_say_is_not_said_without_items() -> None:
    said = [f"une aide numéro {number} ".ljust(114, "x") + " ;" for number in range(8)]
    passage = passages("# Aides\n\nLa région aide :\n\n" + "\n".join(f"- {one}" for one in said))[0]
    assert sum(unit.end - unit.start for unit in passage.units if unit.kind == "item") > MAX_LIST
    reply = answer(rank({(passage, "La région aide"): 10.0}), "list")
    assert any(sentence.item for sentence in reply.sentences) or not texts(reply)[-1].endswith(":")


def test_a_short_passage_is_said_whole_what_answers_first() -> None:
    reply = answer(rank({(SHORT_PASSAGE_ITSELF, "Douze producteurs"): 10.0}))
    assert texts(reply)[-3:] == [
        "Douze producteurs y vendent.",
        "Le marché se tient sous la halle.",
        "L'emplacement coûte 4 €.",
    ]


def test_a_heading_that_answers_brings_what_stands_under_it() -> None:
    reply = answer(rank({(PROSE_PASSAGE, "La régie des eaux du Haut-Vallon"): 10.0}))
    assert any(text.startswith("La régie des eaux naît") for text in texts(reply))


DOUBT = """# Le camping municipal

## À vérifier

Le taux de la taxe de séjour reste à confirmer auprès du service des finances de la communauté de communes du pays.

Ces chiffres du camping changent chaque été, selon ce que disent ses voisins :

- le prix d'une nuit, que la commune revoit au printemps ;
- le nombre des emplacements ouverts aux campeurs de passage.

Les travaux des sanitaires, que le conseil a votés, ne sont pas commencés, et leur coût n'est pas connu du maire.

La buvette cherche un gérant pour la saison, et personne ne sait encore si la licence sera reprise.
"""
DOUBT_PASSAGE = passages(DOUBT, "q")[1]


@pytest.mark.parametrize("beginning", ["Le taux", "le prix d'une nuit", "Les travaux"])
@pytest.mark.parametrize("form", ["other", "list"])
def test_what_is_not_sure_is_never_said_without_saying_so(beginning: str, form: Form) -> None:
    assert len(DOUBT_PASSAGE.text) > SHORT_PASSAGE
    for ranked in (
        rank({(DOUBT_PASSAGE, beginning): 10.0}),
        rank({(SHORT_PASSAGE_ITSELF, "Douze producteurs"): 10.0, (DOUBT_PASSAGE, beginning): 9.0}),
    ):
        said = texts(answer(ranked, form))
        unsure = next(n for n, text in enumerate(said) if beginning.lower() in text.lower())
        assert any("À vérifier" in text for text in said[: unsure + 1])


def test_a_heading_that_tells_nothing_is_not_said() -> None:
    passage = passages(PROSE.replace("# La régie des eaux du Haut-Vallon", "# En bref"))[0]
    short = passages("# En bref\n\nLe marché se tient sous la halle.")[0]
    assert not any("En bref" in text for text in texts(answer(rank({(passage, "Son directeur"): 10.0}))))
    assert texts(answer(rank({(short, "Le marché"): 10.0}))) == ["Le marché se tient sous la halle."]


def test_a_short_sentence_is_said_behind_its_heading_and_a_long_one_alone() -> None:
    passage = passages(f"{PROSE}\nLa commune paie.")[0]
    assert texts(answer(rank({(passage, "La commune paie"): 10.0}))) == [
        "La régie des eaux du Haut-Vallon : La commune paie."
    ]
    assert texts(answer(rank({(passage, "La régie des eaux naît"): 10.0})))[0].startswith("La régie des eaux naît")


def test_every_sentence_cites_and_only_cited_passages_are_numbered_in_order() -> None:
    other = passages(PROSE.replace("eaux", "pistes"), "c")[0]
    reply = answer(
        rank(
            {
                (PROSE_PASSAGE, "Son directeur"): 10.0,
                (LIST_PASSAGE, "une boutique"): 9.5,
                (SHORT_PASSAGE_ITSELF, "Douze"): 9.0,
                (other, "Son directeur"): -50.0,
            }
        )
    )
    assert [citation.n for citation in reply.citations] == [1, 2, 3]
    assert [citation.document.id for citation in reply.citations][:2] == ["a", "b"]
    assert list(dict.fromkeys(n for sentence in reply.sentences for n in sentence.citations)) == [1, 2, 3]


def test_the_same_thing_in_two_documents_is_said_once() -> None:
    twin = passages(PROSE, "z")[0]
    reply = answer(rank({(PROSE_PASSAGE, "Son directeur"): 10.0, (twin, "Son directeur"): 9.9}))
    assert len(reply.sentences) == len(reply.citations) == 1


def test_questions_and_headings_do_not_complete_an_answer() -> None:
    passage = passages(PROSE.replace("Une commission suit", "Qui vérifie ? Une commission suit"))[0]
    reply = answer(
        rank({(passage, "Son directeur"): 10.0, (passage, "Qui vérifie"): 9.9, (passage, "La régie des eaux du"): 9.9})
    )
    assert texts(reply) == [texts(reply)[0]]


def test_a_sentence_begins_with_a_capital_and_ends_with_a_stop() -> None:
    reply = answer(rank({(LIST_PASSAGE, "un local"): 10.0, (PROSE_PASSAGE, "Une commission"): 9.0}))
    for sentence in reply.sentences:
        assert sentence.text[0].isupper()
        assert sentence.text.endswith(".")


def test_an_address_keeps_its_small_letters() -> None:
    passage = passages(
        "# Contact\n\n- halle@vallon.example\n- vallon.example, la page de la halle\n\nOuvert le samedi."
    )[0]
    said = " ".join(texts(answer(rank({(passage, "halle@"): 10.0}))))
    assert "halle@vallon.example" in said
    assert "vallon.example, la page" in said


def test_a_question_for_a_value_that_is_given_gets_less_beside_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(composer, "MAX_CHARACTERS", 600)
    given = [Scored(replace(one.candidate, features=GIVES_VALUE), one.score) for one in MUCH]
    asked = replace(QUERY, form="figure", expects="amount")
    short, long = compose(asked, given), compose(asked, MUCH)
    assert short[0] == long[0]
    assert spoken(short) < spoken(long)


def test_one_of_several_questions_gets_its_share_of_the_length(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(composer, "MAX_CHARACTERS", 600)
    short, long = compose(QUERY, MUCH, room=0.3), compose(QUERY, MUCH)
    assert short[0] == long[0]
    assert spoken(short) < 0.5 * spoken(long)


WORDS = ("mairie", "régie", "bocaux", "chaleur", "halle", "captage", "artisan", "verger", "école", "sentier", "moulin")
sentences = st.lists(st.sampled_from(WORDS), min_size=2, max_size=14).map(lambda words: f"La {' '.join(words)}.")
items = st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=12).map(" ".join), min_size=2, max_size=6)
blocks = st.one_of(sentences, items.map(lambda lines: "On y trouve :\n\n" + "\n".join(f"- {line} ;" for line in lines)))
documents = st.lists(
    st.tuples(st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join), st.lists(blocks, min_size=1)),
    min_size=1,
    max_size=3,
).map(lambda parts: "\n\n".join(f"# {title.capitalize()}\n\n" + "\n\n".join(body) for title, body in parts))
forms = st.sampled_from(["figure", "date", "where", "who", "definition", "list", "howto", "other"])


@settings(deadline=None, max_examples=40, derandomize=True)
@given(st.lists(documents, min_size=1, max_size=3), forms, st.data())
def test_every_answer_is_grounded_in_what_it_cites(corpus: list[str], form: Form, data: st.DataObject) -> None:
    found = [passage for number, text in enumerate(corpus) for passage in passages(text, f"d{number}")]
    units = [(passage, index) for passage in found for index in range(len(passage.units))]
    scores = data.draw(st.lists(st.floats(-15, 15), min_size=len(units), max_size=len(units)))
    ranked = sorted(
        (candidate(*unit, value) for unit, value in zip(units, scores, strict=True)), key=lambda s: -s.score
    )
    passed = admitted(ranked, form)
    assert passed.dropped == ()
    assert all(copied(draft) for draft in compose(replace(QUERY, form=form), ranked))
    reply = passed.answer
    assert reply is not None
    cited = {citation.n: citation for citation in reply.citations}
    assert reply.citations[0].passage is ranked[0].candidate.passage
    assert len({citation.passage.id for citation in reply.citations}) == len(reply.citations)
    for sentence in reply.sentences:
        proof = frozenset().union(*(terms(cited[n].passage.text) for n in sentence.citations))
        assert set(terms(sentence.text)) <= proof
        quoted = frozenset().union(*(terms(" ".join(cited[n].quotes)) for n in sentence.citations))
        assert set(terms(sentence.text)) <= quoted
    # Two lists may have the same lead-in.
    told = [text for text in texts(reply) if not text.endswith(":")]
    assert len(set(told)) == len(told)
    assert all(quote in citation.passage.text for citation in reply.citations for quote in citation.quotes)
    # The straight answer and a whole list may pass the length; what completes them may not add to it without end.
    assert sum(map(len, texts(reply))) < MAX_CHARACTERS + 3 * MAX_LIST
