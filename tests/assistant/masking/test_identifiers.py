"""Numbers that name somebody, and those that do not."""

import pytest

from assistant.masking.identifiers import identifiers


def labels(text: str) -> list[tuple[str, str]]:
    return [(text[one.start : one.end], one.label) for one in sorted(identifiers(text))]


@pytest.mark.parametrize(
    "typed",
    ["0612345678", "06 12 34 56 78", "06.12.34.56.78", "06-12-34-56-78", "06/12/34/56/78", "06 12 345 678",
     "+33 6 12 34 56 78", "+33612345678", "0033612345678", "+33 (0)6 12 34 56 78", "(+33) 6 12 34 56 78",
     "0262 12 34 56", "0690 12 34 56", "0596123456", "+262 692 12 34 56", "+687 26 12 34", "+32 475 12 34 56",
     "+41 22 730 51 11", "+1 514 555 0123", "06\u00a012\u00a034\u00a056\u00a078"],
)  # fmt: skip
def test_a_phone_of_any_form_is_one_phone(typed: str) -> None:
    assert labels(f"Rappelez au {typed}.") == [(typed, "phone")]


@pytest.mark.parametrize("typed", ["6 12 34 56 78", "06 12 34 56 7", "06 12 34 56 789", "40 12 34 56"])
def test_a_number_typed_wrong_is_a_phone_only_where_one_is_announced(typed: str) -> None:
    assert labels(f"mon portable {typed}") == [(typed, "phone")]
    assert labels(f"les lots {typed}") == []


@pytest.mark.parametrize(
    "typed",
    ["732 829 320 00074", "73282932000074", "732829320 00074", "732.829.320.00074", "7328293 2000074",
     "123 456 789 01234", "732 829 320", "FR 40 303265045"],
)  # fmt: skip
def test_a_siret_or_siren_is_found_by_its_form(typed: str) -> None:
    assert labels(f"L'association {typed} demande") == [(typed, "siret")]


@pytest.mark.parametrize("typed", ["111 222 333", "123456789", "12 34 56 78 90 12 34", "1234567890123"])
def test_a_number_with_a_wrong_checksum_is_a_siret_only_where_one_is_announced(typed: str) -> None:
    assert labels(f"n° SIRET : {typed}") == [(typed, "siret")]
    assert labels(f"le total {typed}") == []


@pytest.mark.parametrize(
    "typed", ["1 84 12 76 451 089 46", "184127645108946", "2 55 08 2A 168 025 38", "1 84 12 76 451 089"]
)
def test_a_social_security_number_is_found(typed: str) -> None:
    assert labels(f"sécurité sociale {typed}") == [(typed, "nir")]


@pytest.mark.parametrize(
    "typed", ["FR76 3000 6000 0112 3456 7890 189", "fr7630006000011234567890189", "BE71 0961 2345 6769"]
)
def test_an_iban_is_found_without_the_words_after_it(typed: str) -> None:
    assert labels(f"Compte {typed} de la SCIC") == [(typed, "iban")]


@pytest.mark.parametrize(
    "typed",
    ["jean.dupont@mairie.fr", "j-d+aide@sous.domaine.gouv.fr", "jean.dupont (at) orange.fr",
     "jean arobase orange point fr", "hélène@mairie.bzh", "jean@orange"],
)  # fmt: skip
def test_an_email_is_found_however_it_is_written(typed: str) -> None:
    assert labels(f"Écrire à {typed} merci") == [(typed, "email")]


@pytest.mark.parametrize("typed", ["12/03/1965", "12.03.65", "3 mars 1980", "1er avril 1975", "1965-03-12"])
def test_a_birth_date_is_found_but_not_that_of_a_project(typed: str) -> None:
    assert labels(f"Je suis née le {typed} à Brest") == [(typed, "birth")]
    assert labels(f"Le projet est né le {typed} à Brest") == []


@pytest.mark.parametrize(
    "typed",
    ["la loi n° 2014-856 du 31 juillet 2014", "l'article L. 1521-1 du CGCT", "le décret 2015-1103", "1 250 000 euros",
     "102 345 678 euros", "732 829 320 €", "une commune de 3 500 habitants", "entre 2015 et 2020", "2021-2027",
     "le 01/02/2023 à 10:00", "le 01/02/2023 10 30", "page 12, ligne 3", "57,5 % du capital", "le 3919",
     "le code 35238",
     "01 02 03 04 sont des codes", "n° 431234 du 25/06/2021", "200 000 € sur 3 ans", "la rubrique 0102"],
)  # fmt: skip
def test_an_amount_a_law_a_date_or_a_figure_is_left(typed: str) -> None:
    assert labels(f"Que dire de {typed} ?") == []
