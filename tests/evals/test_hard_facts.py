"""What counts as a hard fact that no source holds, and which spellings say the same."""

import ast
import json
import re
import sys
from importlib.resources import files
from pathlib import Path

import pytest

from evals import french_numbers, hard_facts
from evals.hard_facts import absent

FICHES = sorted(Path(str(files("corpus") / "fiches")).glob("*.md"))


@pytest.mark.parametrize(
    ("said", "source"),
    [
        ("La commune compte 12 000 habitants.", "12000 habitants"),
        ("La commune compte 12 000 habitants.", "Elle a douze mille habitants."),
        ("La commune compte douze mille habitants.", "12\u202f000 habitants"),
        ("La commune compte 12.000 habitants.", "12\u00a0000 habitants"),
        ("Elle réunit 20 communes.", "une vingtaine de communes"),
        ("Le plafond est de 50 %.", "au plus 50% du capital"),
        ("Le plafond est de 50 pour cent.", "au plus 50 % du capital"),
        ("Le plafond est de 50 %.", "au plus la moitié du capital"),
        ("Le plafond est la moitié du capital.", "au plus 50 % du capital"),
        ("Il en faut un quart des voix.", "25 % des voix"),
        ("L'aide va jusqu'à 20 %.", "une aide de 20 à 30 %"),
        ("La loi date du 1er mars 2018.", "01/03/2018"),
        ("La loi date du 01/03/2018.", "publié le 2018-03-01"),
        ("La loi date du 2018-03-01.", "le premier mars 2018"),
        ("La loi date de mars 2018.", "le 1er mars 2018"),
        ("La loi date de 2018.", "le 1er mars 2018"),
        ("Le projet coûte 2 M€.", "deux millions d'euros"),
        ("Le projet coûte 2 500 000 euros.", "2,5 millions d'euros"),
        ("Le projet coûte 50 k€.", "50 000 €"),
        ("Le projet coûte 50 000 €.", "cinquante mille euros"),
        ("Le projet coûte 3 Md€.", "3 milliards d'euros"),
        ("Le parc coûte 17 millions d'euros.", "environ dix-sept millions d'euros"),
        ("Le parc coûte 21 millions d'euros.", "vingt et un millions d'euros"),
        ("Une SCIC sur trois.", "un tiers des SCIC"),
        ("Voir l'article L. 1111-2.", "l'article L1111-2 du code"),
        ("Voir la loi n° 2014-856.", "la loi nº 2014\u2011856 du 31 juillet 2014"),
        ("De 2014 à 2020.", "le programme 2014-2020"),
        ("Appelez le 01 23 45 67 89.", "tél. +33 (0)1.23.45.67.89"),
        ("Écrivez à Aide@Exemple.fr.", "aide@exemple.fr"),
        ("Voir https://www.exemple.fr/aide/.", "exemple.fr/aide"),
        ("C'est la 3e fois.", "la troisième fois"),
        ("C'est la 1re fois, ou 1 fois.", "la première fois"),
        ("Ouvert à 9h30.", "ouvert à 9 h 30"),
        ("Avec les Régions et l'État.", "la région et l’Etat"),
        ("Avec Rhône-Alpes.", "en Rhône Alpes"),
        ("Avec Jean Martin.", "JEAN MARTIN, maire"),
    ],
)
def test_two_spellings_of_one_fact_are_the_same(said: str, source: str) -> None:
    assert absent(said, [source]) == ()


@pytest.mark.parametrize(
    ("said", "source", "missing"),
    [
        ("La commune compte 12 500 habitants.", "12 000 habitants", "12 500"),
        ("La commune compte treize mille habitants.", "12 000 habitants", "treize mille"),
        ("Le seuil est de 12.", "12 000 habitants", "12"),
        ("Le plafond est de 60 %.", "50 % du capital, 60 associés", "60 %"),
        ("Le plafond est la moitié du capital.", "50 associés", "moitié"),
        ("La loi date du 2 mars 2018.", "1er mars 2018", "2 mars 2018"),
        ("La loi date du 1er mars 2019.", "1er mars 2018", "1er mars 2019"),
        ("La loi date de mai 2018.", "1er mars 2018", "mai 2018"),
        ("La loi date de 2019.", "1er mars 2018", "2019"),
        ("Le projet coûte 2 M€.", "2 000 €", "2 M€"),
        ("Le projet coûte 50 €.", "50 communes", "50 €"),
        ("Le projet coûte trois millions d'euros.", "2 M€", "trois millions d'euros"),
        ("Voir l'article L. 1111-2.", "l'article L. 1111-3", "L. 1111-2"),
        ("Voir l'article 19 quinquies.", "l'article 19 bis", "19 quinquies"),
        ("Voir la loi n° 2014-857.", "la loi n° 2014-856", "2014-857"),
        ("Appelez le 01 23 45 67 80.", "01 23 45 67 89", "01 23 45 67 80"),
        ("Écrivez à aide@exemple.fr.", "info@exemple.fr", "aide@exemple.fr"),
        ("Voir exemple.fr/autre.", "exemple.fr/aide", "exemple.fr/autre"),
        ("Elle est aidée par France Active.", "par France Travail", "France Active"),
        ("Elle est aidée par Jean Martin.", "Jean Petit et Paul Martin", "Jean Martin"),
        ("Une SEM peut aider.", "une SPL peut aider", "SEM"),
        ("Le réseau aide la Bretagne.", "le réseau aide les communes", "Bretagne"),
    ],
)
def test_a_fact_no_source_holds_is_named_as_it_is_written(said: str, source: str, missing: str) -> None:
    assert absent(said, [source]) == (missing,)


def test_without_a_source_every_hard_fact_is_missing() -> None:
    assert absent("En 2018, la SCIC Enercoop a 30 salariés.", []) == ("2018", "30", "SCIC", "Enercoop")


def test_any_of_the_sources_may_hold_a_fact() -> None:
    assert absent("En 2018, 30 salariés.", ["fondée en 2018", "trente salariés"]) == ()


def test_a_figure_broken_over_two_lines_is_read_whole_and_two_figures_on_two_lines_apart() -> None:
    assert absent("Elle a 12 000 habitants.", ["Elle a 12\n000 habitants."]) == ()
    assert absent("Elle a 300 habitants.", ["Article 5\n300 habitants"]) == ()


@pytest.mark.parametrize(
    "sentence",
    [
        "Une commune peut entrer au capital.",
        "Les élus votent. Ils délibèrent : Le maire signe. « Oui », dit-il.",
        "- Finance le projet.",
        "Il y a un associé ou une association.",
        "Le premier pas compte.",
        "",
    ],
)
def test_words_that_are_no_hard_fact_need_no_proof(sentence: str) -> None:
    assert absent(sentence, []) == ()


@pytest.mark.parametrize("path", FICHES, ids=lambda path: path.stem)
def test_words_copied_from_a_fiche_raise_no_alarm(path: Path) -> None:
    paragraphs = [part for part in path.read_text(encoding="utf-8").split("\n\n") if part.strip()]
    pairs = [(said, part) for part in paragraphs for said in re.split(r"(?<=[.!?]) +|\n", part)]
    assert len(pairs) > 10
    assert [(said, missing) for said, part in pairs if (missing := absent(said, [part]))] == []


def test_a_figure_changed_in_a_fiche_raises_one() -> None:
    for path in FICHES:
        text = path.read_text(encoding="utf-8")
        figure = re.search(r"(?<=\s)\d{2} %", text)
        if figure:
            assert absent(f"Il en faut 43,21 % ou {figure[0]}.", [text]) == ("43,21 %",)


def test_every_figure_date_law_and_place_changed_on_purpose_is_seen() -> None:
    lines = (Path(str(files("evals") / "data" / "planted.jsonl"))).read_text(encoding="utf-8").splitlines()
    changed = [one for one in map(json.loads, lines) if one["change"] in ("number", "date", "law", "place")]
    assert len(changed) > 20
    assert [one["id"] for one in changed if not absent(one["sentence"], [one["quote"]])] == []


@pytest.mark.parametrize("module", [hard_facts, french_numbers])
def test_it_shares_no_code_with_what_it_judges(module: object) -> None:
    tree = ast.parse(Path(str(vars(module)["__file__"])).read_text(encoding="utf-8"))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.partition(".")[0] for name in imported - {"evals.french_numbers"}} <= set(sys.stdlib_module_names)
