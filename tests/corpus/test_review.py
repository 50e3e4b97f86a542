"""What a fiche must be: one that breaks no rule, then each rule broken alone."""

import re
from pathlib import Path

import pytest

from corpus import Failure, Finding, FindingCode, Review, list_files, review

FICHE = """---
title: "La SCIC"
kind: regle
published: "2025-12-22"
written: 2026-11-22
verified: 2026-11-22
review_by: 2027-11-22
superseded_by: null
statuses: [scic]
roles: []
themes: [capital]
territory: null
applies_to: null
references:
  - title: "Loi n° 47-1775 du 10 septembre 1947"
    publisher: "République française"
    url: null
    date: "2025-12-22"
  - title: "Foire aux questions"
    publisher: null
    url: https://www.les-scic.coop/faq
    date: "2017-08"
---

# La SCIC

## En bref

La SCIC réunit des associés. La commune peut entrer au capital d'une SCIC.

## Qui sont les associés d'une SCIC ?

Les associés d'une SCIC sont :

- les salariés ;
- les bénéficiaires.

## Quelle part pour la commune ?

WORDS

## Points de vigilance

- Il faut une délibération du conseil.

## Pour aller plus loin

- Voir la fiche « La SCIC ».
""".replace("WORDS", "La commune souscrit des parts de SCIC. " * 12)


def written(folder: Path, text: str, name: str = "scic.md") -> None:
    folder.joinpath(name).write_text(text, encoding="utf-8")


def reviewed(folder: Path, text: str = FICHE, name: str = "scic.md") -> Review:
    written(folder, text, name)
    return review(list_files(str(folder)))


def test_a_fiche_that_breaks_no_rule(tmp_path: Path) -> None:
    found = reviewed(tmp_path)
    assert [document.metadata.title for document in found.documents] == ["La SCIC"]
    assert (found.failures, found.findings) == ((), ())


@pytest.mark.parametrize(
    ("old", "new", "code", "detail"),
    [
        ("applies_to: null\n", "", "field_missing", "applies_to"),
        ('"République française"', "null", "reference_missing", ""),
        ("Loi n° 47-1775 du 10 septembre 1947", "Guide de la coopération", "law_missing", ""),
        ("https://www", "www", "link", "www.les-scic.coop/faq"),
        ("https://www.les-scic.coop", "https://les scic", "link", "https://les scic/faq"),
        ("fiche « La SCIC »", "page [SCIC](scic.html)", "link", "scic.html"),
        ("www.les-scic.coop", "docplayer.fr", "link_copy", "https://docplayer.fr/faq"),
        ('published: "2025-12-22"', 'published: "2017-08"', "published", "2025-12-22"),
        ('published: "2025-12-22"', "published: null", "published", "2025-12-22"),
        ("verified: 2026-11-22", "verified: 2026-11-21", "dates_order", "2026-11-22, 2026-11-21, 2027-11-22"),
        ("review_by: 2027-11-22", "review_by: 2025-11-22", "dates_order", "2026-11-22, 2026-11-22, 2025-11-22"),
        ("written: 2026-11-22", "written: null", "dates_order", "null, 2026-11-22, 2027-11-22"),
        ("# La SCIC", "# La coopérative", "title", "La SCIC"),
        ("superseded_by: null", "superseded_by: La SCOP", "superseded_by", "La SCOP"),
        ("fiche « La SCIC »", "fiche « La SCOP »", "quoted_title", "La SCOP"),
        ("souscrit des parts de", "", "length", "91"),
        ("souscrit", "souscrit " * 40, "length", "607"),
        ("## Qui sont", "### Qui sont", "heading_level", "Qui sont les associés d'une SCIC ?"),
        ("## Points de vigilance", "## À quoi veiller ?", "heading_missing", "Points de vigilance"),
        ("part pour la commune ?", "part pour la commune", "heading_not_question", "Quelle part pour la commune"),
        ("Quelle part", "Quelle " + "très " * 20 + "grande part", "heading_length", "Quelle très très"),
        ("En bref\n", "En bref\n\nUn. Deux.", "in_brief", "4"),
        ("- Il faut une", "- Il impose une", "pronoun", "Il impose une délibération du conseil"),
        ("SCIC réunit des associés. La", "SCIC réunit des associés. Elle", "pronoun", "Elle commune peut"),
        ("- les salariés ;", "- les salariés (01 23 45 67 89) ;", "contact", "01 23 45 67 89"),
        ("- les salariés ;", "- les salariés (scic@exemple.fr) ;", "contact", "scic@exemple.fr"),
    ],
)
def test_each_rule_is_told_with_what_breaks_it(
    tmp_path: Path, old: str, new: str, code: FindingCode, detail: str
) -> None:
    text = FICHE.replace(old, new)
    assert text != FICHE
    found = [finding for finding in reviewed(tmp_path, text).findings if finding.code == code]
    assert len(found) == 1
    assert found[0].source == "scic.md" and found[0].detail.startswith(detail)


@pytest.mark.parametrize("name", ["1-scic.md", "La SCIC.md", "scic.txt", "scic_2.md"])
def test_a_file_name_is_plain_and_begins_with_a_letter(tmp_path: Path, name: str) -> None:
    assert reviewed(tmp_path, name=name).findings == (Finding(name, "file_name", name),)


@pytest.mark.parametrize("field", ["published", "date"])
def test_nothing_is_dated_after_its_verification(tmp_path: Path, field: str) -> None:
    text = FICHE.replace("2025-12-22", "2027-01")
    assert {finding.code for finding in reviewed(tmp_path, text).findings} == {"date_after_verification"}


def test_the_date_of_a_fiche_may_be_less_precise_than_its_newest_reference(tmp_path: Path) -> None:
    assert reviewed(tmp_path, FICHE.replace('published: "2025-12-22"', 'published: "2025"')).findings == ()


def test_a_fiche_without_dated_reference_has_no_date(tmp_path: Path) -> None:
    undated = re.sub(r'date: ".*"', "date: null", FICHE)
    assert [finding.code for finding in reviewed(tmp_path, undated).findings] == ["published"]
    assert reviewed(tmp_path, undated.replace('published: "2025-12-22"', "published: null")).findings == ()


def test_the_parts_of_a_fiche_are_in_order(tmp_path: Path) -> None:
    cautions, further = FICHE.index("## Points de vigilance"), FICHE.index("## Pour aller plus loin")
    swapped = FICHE[:cautions] + FICHE[further:] + "\n" + FICHE[cautions:further]
    assert [finding.code for finding in reviewed(tmp_path, swapped).findings] == ["heading_order"]


def test_a_fiche_asks_two_questions_at_least(tmp_path: Path) -> None:
    one = FICHE.replace("## Quelle part pour la commune ?\n\n", "")
    assert reviewed(tmp_path, one).findings == (Finding("scic.md", "questions", "1"),)


def test_a_paragraph_can_be_read_aloud(tmp_path: Path) -> None:
    text = FICHE.replace("souscrit", "souscrit " * 10)
    assert "paragraph_length" in {finding.code for finding in reviewed(tmp_path, text).findings}


def test_a_title_may_quote_and_may_be_that_of_another_fiche(tmp_path: Path) -> None:
    title = "La quasi-régie (« in house »)"
    other = FICHE.replace('title: "La SCIC"', f'title: "{title}"').replace("# La SCIC", f"# {title}")
    written(tmp_path, other, "quasi-regie.md")
    text = FICHE.replace("la fiche « La SCIC »", f"les fiches « La SCIC » et « {title} »")
    assert reviewed(tmp_path, text).findings == ()


def test_a_title_is_that_of_one_fiche(tmp_path: Path) -> None:
    written(tmp_path, FICHE, "scic-bis.md")
    assert {finding.code for finding in reviewed(tmp_path).findings} == {"title_taken"}


def test_a_fiche_may_name_one_that_is_reviewed_elsewhere(tmp_path: Path) -> None:
    written(tmp_path, FICHE.replace("superseded_by: null", "superseded_by: La SCOP"))
    assert review(list_files(str(tmp_path)), {"La SCOP"}).findings == ()


def test_what_cannot_be_read_is_a_failure_and_the_rest_is_reviewed(tmp_path: Path) -> None:
    written(tmp_path, "---\nkind: roman\n---\nUn texte.", "roman.md")
    found = reviewed(tmp_path)
    assert [(failure.source, failure.code) for failure in found.failures] == [("roman.md", "metadata")]
    assert [document.source for document in found.documents] == ["scic.md"]
    assert review(list_files(str(tmp_path / "absent"))).failures == (Failure(str(tmp_path / "absent"), "missing"),)
