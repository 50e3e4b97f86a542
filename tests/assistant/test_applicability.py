"""Who asks, and which documents do not hold for them."""

import pytest

from assistant.applicability import Asker, excludes, merged, read_asker, without_population
from corpus import Applicability

SMALL = Applicability(population_max=3499, types=("commune", "commune_nouvelle"))


@pytest.mark.parametrize(
    ("question", "asker"),
    [
        ("Ma commune de 800 habitants dans le Lot a-t-elle une aide ?", Asker(800, "commune", "lot")),
        ("mairie de 1 200 hab, quelles aides", Asker(1200, "commune")),
        ("Une commune de 1\u202f500 habitants peut-elle adhérer ?", Asker(1500, "commune")),
        ("Je suis maire d'un village de 350 âmes.", Asker(350, "commune")),
        ("Nous sommes une commune nouvelle, en Côtes-d'Armor", Asker(None, "commune_nouvelle", "cotes armor")),
        ("notre com com de 12.000 hab", Asker(12000, "epci")),
        ("Notre communauté de communes de Lot-et-Garonne", Asker(None, "epci", "lot et garonne")),
        ("Je suis maire d'une commune nouvelle de 2 000 habitants", Asker(2000, "commune_nouvelle")),
        ("Notre commune peut-elle quitter sa communauté de communes ?", Asker(None, "commune")),
        ("Notre PETR peut-il porter LEADER ?", Asker(None, "petr")),
        ("Notre parc naturel régional, dans l'Ain", Asker(None, "pnr", "ain")),
        ("Qui aide les associations ?", Asker()),
    ],
)
def test_a_question_tells_who_asks(question: str, asker: Asker) -> None:
    assert read_asker(question) == asker


@pytest.mark.parametrize(
    "question",
    [
        "Une SCIC est-elle ouverte aux communes du Jura ?",
        "Quelle aide pour les communes de moins de 3 500 habitants ?",
        "L'aide va jusqu'à 10 000 habitants.",
    ],
)
def test_what_is_asked_of_others_tells_nothing_of_who_asks(question: str) -> None:
    assert not read_asker(question)


@pytest.mark.parametrize(
    "bound", ["de moins de 900", "de plus de 900", "jusqu'à 900", "entre 500 et 900", "de 500 à 900"]
)
def test_a_threshold_is_not_the_size_of_who_asks(bound: str) -> None:
    assert read_asker(f"Ma commune peut-elle avoir l'aide aux villages {bound} habitants ?").population is None


@pytest.mark.parametrize(
    "question",
    [
        "Notre commune organise une réunion publique.",
        "C'est trop cher pour notre commune.",
        "Quelle somme pour notre commune ?",
        "Notre commune vend un lot au nord du bourg.",
    ],
)
def test_a_plain_word_is_no_departement(question: str) -> None:
    assert read_asker(question).departement is None


@pytest.mark.parametrize(
    ("place", "departement"), [("le Cher", "cher"), ("La Réunion", "reunion"), ("le lot-et-garonne", "lot et garonne")]
)
def test_a_departement_named_as_such_is_read(place: str, departement: str) -> None:
    assert read_asker(f"Notre commune est dans {place}.").departement == departement


@pytest.mark.parametrize(
    ("question", "searched"),
    [
        ("Ma commune de 800 habitants peut-elle adhérer ?", "Ma commune peut-elle adhérer ?"),
        ("Quelle aide pour une commune de 2 000 habitants ?", "Quelle aide pour une commune ?"),
        (
            "Ma commune de 800 habitants a-t-elle l'aide des communes de moins de 3 500 habitants ?",
            "Ma commune a-t-elle l'aide des communes de moins de 3 500 habitants ?",
        ),
        ("L'aide des communes de moins de 3 500 habitants ?", "L'aide des communes de moins de 3 500 habitants ?"),
    ],
)
def test_the_size_of_who_asks_is_not_searched_but_a_threshold_is(question: str, searched: str) -> None:
    assert without_population(question) == searched


def test_what_is_said_first_decides_each_point() -> None:
    askers = [Asker(population=800), Asker(population=9000, type="epci"), Asker(type="commune", departement="jura")]
    assert merged(askers) == Asker(800, "epci", "jura")
    assert merged([]) == Asker()


@pytest.mark.parametrize(
    ("asker", "excluded"),
    [
        (Asker(population=3499), False),
        (Asker(population=3500), True),
        (Asker(type="commune"), False),
        (Asker(type="epci"), True),
        (Asker(type="autre"), False),
        (Asker(departement="jura"), False),
        (Asker(), False),
    ],
)
def test_a_document_excludes_those_it_says_it_does_not_hold_for(asker: Asker, excluded: bool) -> None:
    assert excludes(SMALL, asker) is excluded


@pytest.mark.parametrize(("population", "excluded"), [(9999, True), (10000, False)])
def test_a_least_population_excludes_those_below(population: int, excluded: bool) -> None:
    assert excludes(Applicability(population_min=10000), Asker(population=population)) is excluded


def test_what_holds_for_communes_holds_for_a_commune_nouvelle_but_not_the_other_way() -> None:
    assert not excludes(Applicability(types=("commune",)), Asker(type="commune_nouvelle"))
    assert excludes(Applicability(types=("commune_nouvelle",)), Asker(type="commune"))


def test_a_document_that_restricts_nothing_excludes_nobody() -> None:
    asker = Asker(800, "commune", "jura")
    assert not excludes(None, asker)
    assert not excludes(Applicability(), asker)
