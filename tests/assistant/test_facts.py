"""Hard facts: which spellings say the same, and what a sentence states that its evidence does not."""

import pytest

from assistant.facts import Kind, hard_facts, missing, spelt_out


def facts(text: str) -> list[tuple[str, str]]:
    return [(fact.kind, fact.value) for fact in hard_facts(text)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("12 000 habitants", "12000 habitants"),
        ("12 000 habitants", "douze mille habitants"),
        ("12 000 habitants", "12\u202f000 habitants"),
        ("12\u00a0000 habitants", "12.000 habitants"),
        ("21 communes", "vingt et une communes"),
        ("71 communes", "soixante et onze communes"),
        ("80 communes", "quatre-vingts communes"),
        ("97 communes", "quatre-vingt-dix-sept communes"),
        ("20 communes", "une vingtaine de communes"),
        ("50 %", "50\u202f%"),
        ("50 %", "50 pour cent"),
        ("50 %", "cinquante pour cent"),
        ("50 %", "la moitié"),
        ("25 %", "un quart"),
        ("75 %", "les trois quarts"),
        ("2,5 %", "2.5 %"),
        ("1er mars 2018", "01/03/2018"),
        ("1er mars 2018", "2018-03-01"),
        ("1er mars 2018", "le premier mars 2018"),
        ("23 février 2022", "23/02/2022"),
        ("2 M€", "deux millions d'euros"),
        ("1 M€", "un million d'euros"),
        ("2,5 M€", "2 500 000 €"),
        ("50 k€", "50 000 euros"),
        ("50 k€", "cinquante mille euros"),
        ("3 Md€", "3 milliards d’euros"),
        ("100 euros", "pour cent euros"),
        ("l'article L. 1511-2", "l'article L1511-2"),
        ("les articles L.\u00a01511-2", "L 1511\u20112"),
        ("l'article 432-12 du code pénal", "432-12"),
        ("01 23 45 67 89", "+33 1 23 45 67 89"),
        ("01 23 45 67 89", "01.23.45.67.89"),
        ("https://www.exemple.fr/aide/.", "exemple.fr/aide"),
        ("www.exemple.fr,", "http://exemple.fr"),
        ("5 ans", "cinq années"),
        ("3 km", "trois kilomètres"),
        ("2000 m²", "2 000 m2"),
        ("9h30", "9 h 30"),
        ("le 3e collège", "le troisième collège"),
    ],
)
def test_two_spellings_of_one_fact_are_the_same(one: str, other: str) -> None:
    assert len(facts(one)) >= 1
    assert facts(one) == facts(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("12 000 habitants", "12 habitants"),
        ("12 000 habitants", "12 500 habitants"),
        ("une vingtaine", "une trentaine"),
        ("50 %", "50 €"),
        ("50 %", "50 communes"),
        ("la moitié", "un tiers"),
        ("2 M€", "2 k€"),
        ("un million d'euros", "deux millions d'euros"),
        ("1er mars 2018", "2 mars 2018"),
        ("1er mars 2018", "1er mars 2019"),
        ("1er mars 2018", "1er mai 2018"),
        ("de 2014-2020", "de 2014-2021"),
        ("L. 1511-2", "L. 1511-3"),
        ("L. 1511-2", "R. 1511-2"),
        ("article 432-12", "article 432-13"),
        ("article 19 bis", "article 19 ter"),
        ("loi n° 2014-856", "loi n° 2014-857"),
        ("01 23 45 67 89", "01 23 45 67 80"),
        ("aide@exemple.fr", "info@exemple.fr"),
        ("exemple.fr/aide", "exemple.fr/autre"),
        ("5 ans", "5 mois"),
        ("3 km", "3 m"),
        ("200 kW", "200 kWh"),
        ("9h30", "8h30"),
        ("5-10 salariés", "5-12 salariés"),
        ("le troisième collège", "le deuxième collège"),
    ],
)
def test_what_says_something_else_is_not_the_same(one: str, other: str) -> None:
    assert facts(one) != facts(other)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("douze mille habitants", "number"),
        ("un tiers des voix", "share"),
        ("60 000 €", "amount"),
        ("en 2018", "date"),
        ("le 1er mars", "date"),
        ("mars 2018", "date"),
        ("l'article L. 1511-2", "law"),
        ("la loi n° 47-1775", "law"),
        ("l'arrêt 24BX01206", "law"),
        ("au 01 23 45 67 89", "phone"),
        ("à aide@exemple.fr", "email"),
        ("sur exemple.coop", "url"),
        ("avec l'Avise", "name"),
        ("avec la SCIC", "name"),
    ],
)
def test_each_fact_is_of_one_kind(text: str, kind: Kind) -> None:
    assert {fact.kind for fact in hard_facts(text)} - {"name"} | ({"name"} & {kind}) == {kind}


def test_the_digits_of_an_address_a_law_or_a_date_are_no_numbers() -> None:
    text = "Le 1er mars 2018, l'article L. 1511-2, tél. 01 23 45 67 89, voir exemple.fr/page-12 ou halle12@exemple.fr."
    assert "number" not in {kind for kind, _ in facts(text)}


def test_an_amount_and_a_share_are_no_years() -> None:
    assert facts("2000 €") == [("amount", "2000")]
    assert facts("2000 habitants") == [("date", "2000")]
    assert missing("La ville a 2000 habitants.", ["La ville a 2 000 habitants."]) == ()
    assert missing("La ville a 2 000 habitants.", ["La ville a 2000 habitants."]) == ()


@pytest.mark.parametrize(
    "text",
    [
        "Les élus votent le budget.",
        "Financer un projet. Créé par la commune. Notamment la halle.",
        "Deux associés : Le maire signe. « Oui », dit-il.",
        "Peut-être. Lorsqu'une commune aide. Aujourd’hui, la halle ouvre.",
        "Jusqu'à la halle. Selon les élus.",
        "Un associé ou une association.",
        "",
    ],
)
def test_how_a_french_sentence_opens_names_nothing(text: str) -> None:
    assert "name" not in {kind for kind, _ in facts(text)}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Corbigny finance la halle.", "corbigny"),
        ("SCIC ou association ?", "scic"),
        ("L'Isère finance la halle.", "isere"),
        ("Lons-le-Saunier finance la halle.", "saunier"),
        ("« Villages Vivants » achète.", "vivants"),
        ("La commune aide. Mazeray aussi.", "mazeray"),
        ("Elle dit qu'on l'aide, qu'on la paie, qu'on la loge. Elle y va. Mazeray aussi.", "mazeray"),
    ],
)
def test_a_name_that_opens_a_sentence_is_a_name(text: str, name: str) -> None:
    assert ("name", name) in facts(text)


def test_what_opens_a_sentence_is_seen_behind_any_number_of_elisions() -> None:
    text = "Elle dit qu'on l'aide, qu'on la paie, qu'on la loge, qu'on la sert. Financer la halle coûte."
    assert "name" not in {kind for kind, _ in facts(text)}


@pytest.mark.parametrize("text", ["3 Md€", "12 MWh", "200 kWc", "30 M€"])
def test_a_unit_is_no_name(text: str) -> None:
    assert "name" not in {kind for kind, _ in facts(text)}


# What a sentence states and its evidence does not


@pytest.mark.parametrize(
    ("sentence", "evidence"),
    [
        ("La SCIC réunit 12 000 habitants.", "La SCIC réunit douze mille habitants."),
        ("La commune détient la moitié du capital.", "La commune détient 50 % du capital."),
        ("Elle naît en 2018.", "Elle naît le 1er mars 2018."),
        ("Elle naît en mars 2018.", "Elle naît le 1er mars 2018."),
        ("Elle naît un 1er mars.", "Elle naît le 1er mars 2018."),
        ("Elle applique l'article 19.", "Elle applique les articles 18 et 19."),
        ("Les Régions paient.", "La Région paie."),
        ("Les élus de Rhône-Alpes paient.", "L'ancienne région Rhône Alpes paie."),
        ("La SCIC vote.", "La société coopérative d'intérêt collectif vote."),
        ("La Société Coopérative d'Intérêt Collectif vote.", "La SCIC vote."),
    ],
)
def test_what_the_evidence_states_in_another_form_is_not_missing(sentence: str, evidence: str) -> None:
    assert missing(sentence, [evidence]) == ()


@pytest.mark.parametrize(
    ("sentence", "evidence", "value"),
    [
        ("Elle réunit 13 communes.", "Elle réunit 12 communes.", "13"),
        ("Elle verse 60 %.", "Elle verse 50 % à 60 associés.", "60"),
        ("Elle naît le 1er mars 2018.", "Elle naît en mars 2018.", "2018-03-01"),
        ("Elle naît le 2 mars 2018.", "Elle naît le 1er mars 2018.", "2018-03-02"),
        ("Elle applique l'article 20.", "Elle applique l'article 19 de la loi de 2019.", "20"),
        ("Elle applique l'article L. 1511-2.", "Elle applique l'article L1511-21.", "l1511-2"),
        ("Elle dure 5 ans.", "Elle dure 5 mois.", "5 an"),
        ("Elle emploie Jeanne Roux.", "Elle emploie Jeanne Petit.", "roux"),
        ("Écrire à info@exemple.fr.", "Écrire à aide@exemple.fr.", "info@exemple.fr"),
    ],
)
def test_what_the_evidence_states_otherwise_is_missing(sentence: str, evidence: str, value: str) -> None:
    assert value in {fact.value for fact in missing(sentence, [evidence])}


def test_without_evidence_every_hard_fact_is_missing() -> None:
    found = missing("En 2018, la SCIC Enercoop verse 30 000 €.", [])
    assert {fact.value for fact in found} == {"2018", "scic", "enercoop", "30000"}


def test_any_of_the_evidence_may_state_a_fact_even_when_it_is_read_once() -> None:
    sentence = "En 2018, elle réunit 30 associés à Corbigny."
    evidence, titles = ["En 2018", "trente associés"], ["La SCIC de Corbigny"]
    assert missing(sentence, evidence, titles) == ()
    assert missing(sentence, iter(evidence), iter(titles)) == ()


@pytest.mark.parametrize(
    ("sentence", "evidence"),
    [
        (
            "La commune détient 50 % du capital et le département 30 % des voix.",
            "La commune détient 30 % du capital et le département 50 % des voix.",
        ),
        (
            "La commune verse 50 000 € et le département 30 000 €.",
            "La commune verse 30 000 € et le département 50 000 €.",
        ),
        ("Elle réunit 40 communes et 12 habitants.", "Elle réunit 12 communes et 40 habitants."),
    ],
)
def test_two_numbers_that_changed_places_are_both_missing(sentence: str, evidence: str) -> None:
    assert len([fact for fact in missing(sentence, [evidence]) if fact.kind != "name"]) == 2
    assert missing(evidence, [evidence]) == ()


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("La SCIC réunit 40 communes.", "La SCIC réunit 12 communes."),
        ("La commune détient 50 % du capital.", "La commune détient 30 % du capital."),
        ("Le mandat dure 3 ans.", "Le mandat dure 5 ans."),
    ],
)
def test_a_number_that_counts_something_else_in_the_evidence_is_missing(wrong: str, right: str) -> None:
    evidence = [
        "La SCIC réunit 12 communes et emploie 40 salariés.",
        "La commune détient 30 % du capital et le département 50 % des voix.",
        "Le mandat dure 5 ans et la subvention 3 ans.",
    ]
    assert missing(wrong, evidence) != ()
    assert missing(right, evidence) == ()


def test_a_name_may_come_from_a_title() -> None:
    assert (
        missing("La SCIC de Corbigny emploie six salariés.", ["Elle emploie six salariés."], ["La SCIC, Corbigny"])
        == ()
    )


def test_a_name_of_the_title_does_not_stand_in_for_one_of_the_evidence() -> None:
    evidence, titles = ["L'épicerie de Mazeray emploie six salariés."], ["Les épiceries de Corbigny"]
    assert [fact.value for fact in missing("L'épicerie de Corbigny emploie six salariés.", evidence, titles)] == [
        "corbigny"
    ]
    assert missing("Comme à Corbigny, l'épicerie de Mazeray emploie six salariés.", evidence, titles) == ()


def test_a_figure_of_a_heading_is_evidence() -> None:
    assert missing("Il faut 34 % des voix.", ["Il faut une part des voix."], ["La minorité de blocage, 34 %"]) == ()


def test_an_acronym_and_its_words_prove_one_another() -> None:
    assert spelt_out("La SCIC vote.", ["Une société coopérative d'intérêt collectif"]) == {"scic"}
    assert "cooperative" in spelt_out("Une société coopérative d'intérêt collectif", ["La SCIC vote."])
    assert spelt_out("La SCOP vote.", ["Une société coopérative d'intérêt collectif"]) == frozenset()
