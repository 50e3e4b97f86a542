"""Questions that want a thing defined, and the sentences that say what it is."""

import pytest

from assistant.definition import Meanings, defines, thing_to_define
from indexing import terms


@pytest.mark.parametrize(
    ("question", "thing"),
    [
        ("C'est quoi une SCIC ?", "scic"),
        ("Qu'est-ce qu'une régie ?", "regie"),
        ("qu'est-ce que c'est qu'une foncière ?", "fonciere"),
        ("Qu'est-ce que l'ESS ?", "ess"),
        ("Que veut dire le sigle CRTE ?", "crte"),
        ("que signifie l'acronyme CIAP", "ciap"),
        ("Quelle est la définition de l'utilité sociale ?", "utilite sociale"),
        ("signification ESUS", "esus"),
        ("SPL ça veut dire quoi ?", "spl"),
        ("un tiers-lieu c'est quoi au juste ?", "tiers-lieu"),
        ("dla c koi", "dla"),
        ("PETR = ?", "petr"),
        ("Pouvez-vous définir la régie ?", "regie"),
        ("définis-moi la SCIC", "scic"),
        ("La commune peut-elle définir un périmètre ?", None),
        ("Quel est le sens du projet ?", None),
        ("SEMOP", "semop"),
        ("Qu'est-ce que la commune peut faire pour sauver son épicerie de village ?", None),
        ("Qu'est-ce qu'une foncière, et qui peut aider la commune à en créer une ?", None),
        ("Qu'est-ce qu'on attend d'elle au juste ?", None),
        ("et qu'est-ce que cela a montré ?", None),
        ("Combien coûte une SCIC ?", None),
        ("Qui préside la régie ?", None),
    ],
)
def test_the_thing_to_define_is_found_where_nothing_else_is_asked(question: str, thing: str | None) -> None:
    assert thing_to_define(question) == thing


def meant(*words: str) -> list[Meanings]:
    return [[frozenset(terms(word))] for word in words]


@pytest.mark.parametrize(
    ("thing", "text"),
    [
        (["SCIC"], "La SCIC est une société coopérative dont une commune peut être membre."),
        (["SCIC"], "Une SCIC (société coopérative d'intérêt collectif) est une coopérative."),
        (["PTCE"], "Les PTCE sont des regroupements d'entreprises."),
        (["CRTE"], "CRTE signifie contrat pour la réussite de la transition écologique."),
        (["SEM"], "La SEM locale est une société anonyme."),
        (["régie", "autonome"], "La régie autonome est un service de la commune."),
    ],
)
def test_a_sentence_that_opens_on_the_thing_and_says_what_it_is_defines_it(thing: list[str], text: str) -> None:
    assert defines(text, meant(*thing)) == 1.0


@pytest.mark.parametrize(
    "text",
    [
        "Le DLA (dispositif local d'accompagnement) a aidé l'épicerie.",
        "L'épicerie a vu le dispositif local d'accompagnement (DLA).",
    ],
)
def test_an_acronym_written_out_says_a_part_of_what_it_is(text: str) -> None:
    assert 0 < defines(text, meant("DLA")) < 1


@pytest.mark.parametrize(
    ("thing", "text"),
    [
        (["SCIC"], "Le capital d'une SCIC est une somme variable."),
        (["SCIC"], "La part des communes dans une SCIC est la moitié du capital au plus."),
        (["SCIC"], "La SCIC a été créée en 2001."),
        (["régie", "autonome"], "La régie est un service de la commune."),
        (["DLA"], "Le DLA (gratuit) a aidé l'épicerie."),
        (["DLA"], "L'épicerie a reçu un conseil (DLA)."),
        (["autonome"], "Le four est une boulangerie."),
    ],
)
def test_a_sentence_about_the_thing_is_no_definition_of_it(thing: list[str], text: str) -> None:
    assert defines(text, meant(*thing)) == 0.0


def test_no_thing_is_not_defined() -> None:
    assert defines("La SCIC est une société.", []) == 0.0
