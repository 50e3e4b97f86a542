"""Where somebody lives, and streets nobody lives in."""

import pytest

from assistant.masking.addresses import addresses


def found(text: str) -> list[str]:
    spans = sorted((one.start, one.end) for one in addresses(text))
    # One address may be found in two ways: the widest is the one masked.
    return [
        text[start:end]
        for start, end in spans
        if not any(a <= start and end <= b for a, b in spans if (a, b) != (start, end))
    ]


@pytest.mark.parametrize(
    "typed",
    ["12 rue des Lilas, 35000 Rennes", "4 bis impasse du Moulin", "18, chemin des Écoliers", "3 place de la mairie",
     "25 avenue du Général-de-Gaulle 44110 Châteaubriant", "7 rue Victor Hugo", "12 rue du 8 mai 1945",
     "9 r. du Port 56100 Lorient", "10 lotissement Les Genêts", "2 ter, bd de la Liberté, 22000 Saint-Brieuc",
     "1180 route de la Montagne, 26400 Crest", "route de Vannes, 56250 Elven", "lieu-dit Kergoat, 29290 Milizac",
     "5 allée de l'Étang 75015 Paris Cedex 15"],
)  # fmt: skip
def test_an_address_is_found_to_its_town(typed: str) -> None:
    assert found(f"Le porteur est au {typed}.") == [typed]


def test_an_address_typed_low_ends_where_the_sentence_goes_on() -> None:
    assert found("adresse 12 rue des lilas 35580 guichen pour un tiers lieu") == ["12 rue des lilas 35580 guichen"]
    assert found("j'habite 12 rue des lilas et je veux ouvrir un café") == ["12 rue des lilas"]


def test_a_street_without_a_number_is_somebodys_only_when_lived_in() -> None:
    assert found("J'habite au lieu-dit Le Cosquer") == ["lieu-dit Le Cosquer"]
    assert found("Le lieu-dit Le Cosquer a-t-il un tiers-lieu ?") == []


@pytest.mark.parametrize(
    "typed",
    ["5 places de parking", "1 place de stationnement", "12 cours de cuisine", "2 chemins ruraux", "1 chemin rural",
     "la rue commerçante", "la place du marché", "route de Brest pour une zone", "La loi de 2014 place la collectivité",
     "l'adresse mail du PTCE", "2 voies de financement", "30 parcs éoliens"],
)  # fmt: skip
def test_a_street_nobody_lives_in_is_left(typed: str) -> None:
    assert found(f"{typed} : que faire ?") == []
