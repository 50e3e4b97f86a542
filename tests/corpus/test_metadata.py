"""What is known of a document, and from where."""

import json
from datetime import date, timedelta
from typing import Any

import pytest

from corpus import InvalidMetadata, Locator, Metadata, Section, Territory, date_words
from corpus.metadata import checked_facts, own_date, own_title, read_metadata
from corpus.parsed import Parsed
from corpus.parsers.text import parse_text
from corpus.sections import Line, sections_of

TEXT = "# Journée des régies rurales\n\nVallon-le-Haut, le 5 février 2019\n\nOn y parle de l'eau."


def metadata(
    given: dict[str, Any] | None = None,
    head: dict[str, Any] | None = None,
    text: str = TEXT,
    facts: dict[str, Any] | None = None,
) -> Metadata:
    return read_metadata(Parsed(parse_text(text), head=head or {}), "fichier.md", given=given or {}, facts=facts or {})


def stating(stated: dict[str, str], text: str = TEXT, source: str = "fichier.pdf", **more: Any) -> Metadata:
    """What is known of a file that states something of itself."""
    produced, url = more.pop("produced", None), more.pop("url", None)
    parsed = Parsed(parse_text(text), head=more.pop("head", {}), stated=stated, produced=produced)
    return read_metadata(parsed, source, given=more.pop("given", {}), facts=more.pop("facts", {}), url=url)


def printed(*lines: tuple[str, str, int]) -> tuple[Section, ...]:
    """The sections of a document whose lines (kind, text, page) stand on pages."""
    return sections_of(
        Line(kind, text, 1, at=Locator("page", str(page), f"page {page}"))  # type: ignore[arg-type]
        for kind, text, page in lines
    )


def test_what_is_given_outranks_the_head_and_the_head_outranks_the_text() -> None:
    head = {"title": "Titre de tête", "published": "2020"}
    assert metadata().title == "Journée des régies rurales"
    assert metadata(head=head).title == "Titre de tête"
    assert metadata({"title": "Titre donné"}, head).title == "Titre donné"
    assert [metadata().published, metadata(head=head).published] == ["2019-02-05", "2020"]
    assert metadata({"published": "2021-03"}, head).published == "2021-03"


def test_an_empty_option_does_not_hide_the_head() -> None:
    assert metadata({"title": "", "publisher": None}, {"title": "De tête", "publisher": "Mairie"}).title == "De tête"


def test_what_nothing_says_stays_unknown() -> None:
    known = metadata(text="# Régie\n\nUne régie gère un service public.")
    assert known.kind == "publication"
    assert (known.publisher, known.published, known.url, known.territory, known.applies_to) == (None,) * 5
    assert (known.statuses, known.roles, known.themes, known.references) == ((),) * 4


def test_a_head_field_left_null_is_unknown() -> None:
    assert metadata(head={"publisher": None, "territory": None}).publisher is None


@pytest.mark.parametrize(
    ("said", "published"),
    [
        ("le 5 février 2019", "2019-02-05"),
        ("le 1er août 2020", "2020-08-01"),
        ("le 12 DÉCEMBRE 2021", "2021-12-12"),
        ("Lettre de mars 2022", "2022-03"),
        ("2018", "2018"),
    ],
)
def test_a_date_is_as_precise_as_the_text_says(said: str, published: str) -> None:
    assert metadata(text=f"# Guide des régies\n\n{said}\n\nSuite du guide.").published == published


@pytest.mark.parametrize(
    "said", ["La loi n° 2014-856 s'applique.", "En 2019 la commune a voté.", "Lancée en 1850 ici.", "2 000 habitants"]
)
def test_a_year_in_a_sentence_is_not_the_date_of_the_document(said: str) -> None:
    assert metadata(text=f"# Guide\n\n{said}").published is None


def test_a_date_the_head_says_nobody_knows_is_not_guessed_from_the_text() -> None:
    text = "# Guide\n\nLa coopérative est née en septembre 2011."
    assert metadata(head={"title": "Guide"}, text=text).published == "2011-09"
    assert metadata(head={"published": None}, text=text).published is None


def test_a_date_far_in_the_text_is_not_the_date_of_the_document() -> None:
    assert metadata(text=f"# Guide\n\n{'La commune agit. ' * 60}\n\nle 5 février 2019").published is None


@pytest.mark.parametrize("value", ["2026", "2026-11", "2026-11-22", date(2026, 11, 22), 2026])
def test_dates_of_a_head_become_text(value: object) -> None:
    assert metadata(head={"published": value}).published == str(value)


@pytest.mark.parametrize("value", ["hier", "22/11/2026", "2026-13", "2026-11-32", 12, ["2026"]])
def test_a_wrong_date_is_refused_by_name(value: object) -> None:
    with pytest.raises(InvalidMetadata, match=r"^published"):
        metadata(head={"published": value})


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "roman"),
        ("title", ["une", "liste"]),
        ("references", [{"url": "https://exemple.fr"}]),
        ("applies_to", {"population_max": -5}),
        ("territory", {"planete": "Mars"}),
        ("titre", "champ inconnu"),
    ],
)
def test_a_wrong_field_is_refused_by_name(field: str, value: object) -> None:
    with pytest.raises(InvalidMetadata, match=f"^{field}"):
        metadata(head={field: value})


def test_one_word_stands_for_a_list_of_one() -> None:
    known = metadata(head={"statuses": "scic", "themes": ["eau", "énergie"]})
    assert (known.statuses, known.themes) == (("scic",), ("eau", "énergie"))


def test_nested_fields_become_domain_values() -> None:
    known = metadata(
        head={
            "territory": {"region": "Bretagne"},
            "applies_to": {"population_max": 10_000, "types": ["commune"]},
            "references": [{"title": "Un rapport", "date": 2020}],
        }
    )
    assert known.territory == Territory(region="Bretagne")
    assert known.applies_to is not None
    assert (known.applies_to.population_max, known.applies_to.types) == (10_000, ("commune",))
    assert known.references[0].date == "2020"


def test_a_text_without_heading_takes_the_line_that_reads_as_a_title() -> None:
    text = "RÉSEAU\n\nComment une commune rurale reprend son café\n\n- Les habitants ont racheté les murs.\n"
    assert metadata(text=text).title == "Comment une commune rurale reprend son café"


def test_dates_are_said_as_people_say_them() -> None:
    assert [date_words(d) for d in ("2018-03-01", "2020-12", "2019", None)] == [
        "1 mars 2018",
        "décembre 2020",
        "2019",
        "",
    ]


def test_what_stands_beside_the_file_outranks_its_head_but_not_what_is_given() -> None:
    head = {"title": "De tête", "publisher": "Tête", "kind": "role"}
    known = metadata({"kind": "regle"}, head, facts={"title": "De côté", "kind": "methode"})
    assert (known.title, known.publisher, known.kind) == ("De côté", "Tête", "regle")


def test_a_head_outranks_what_the_file_states_and_that_outranks_the_text() -> None:
    stated = {"title": "Titre des propriétés", "publisher": "Val-Serein", "published": "2020-01"}
    known = stating(stated)
    assert (known.title, known.publisher, known.published) == ("Titre des propriétés", "Val-Serein", "2020-01")
    headed = stating(stated, head={"title": "De tête", "publisher": "Tête", "published": "2021"})
    assert (headed.title, headed.publisher, headed.published) == ("De tête", "Tête", "2021")


@pytest.mark.parametrize("title", ["rapport-2019_final", "Rapport 2019 final", "rapport-2019_final.pdf", "", "  "])
def test_a_stated_title_that_is_only_the_name_of_the_file_is_passed_over(title: str) -> None:
    known = stating({"title": title}, source="aides/rapport-2019_final.pdf")
    assert known.title == "Journée des régies rurales"


@pytest.mark.parametrize("published", ["hier", "12/03/2019", "2019-13-01", "19"])
def test_a_stated_date_of_another_form_is_passed_over(published: str) -> None:
    assert stating({"published": published}).published == "2019-02-05"


def test_the_day_a_file_was_made_is_a_last_resort() -> None:
    text = "# Guide des régies\n\nUne régie gère un service public."
    assert stating({}, text, produced="2018-06-01").published == "2018-06-01"
    assert stating({}, produced="2018-06-01").published == "2019-02-05"
    assert stating({}, text, produced="2018-06-01", head={"published": None}).published is None
    assert stating({}, text, produced="2018-06-01", facts={"published": None}).published is None


def test_a_date_to_come_is_believed_only_when_somebody_wrote_it() -> None:
    tomorrow = (date.today() + timedelta(days=1)).isoformat()
    year = str(date.today().year + 1)
    text = "# Guide des régies\n\nUne régie gère un service public."
    assert stating({"published": tomorrow}, text, produced=tomorrow).published is None
    assert metadata(text=f"# Guide des régies\n\nle 5 mars {year}\n\nSuite du guide.").published is None
    assert metadata(text=f"# Guide des régies\n\n{date.today().year}\n\nSuite.").published == str(date.today().year)
    assert metadata({"published": tomorrow}).published == metadata(head={"published": tomorrow}).published == tomorrow


def test_a_page_keeps_its_own_address() -> None:
    fetched, canonical = "https://vallon.example/a?b", "https://vallon.example/a"
    assert stating({}, url=fetched).url == fetched
    assert stating({"url": canonical}, url=fetched).url == canonical
    assert stating({"url": "javascript:alert(1)"}, url=fetched).url == fetched
    assert stating({"url": canonical}, url=fetched, head={"url": "https://vallon.example/h"}).url.endswith("/h")  # type: ignore[union-attr]
    assert stating({"url": canonical}, given={"url": "https://vallon.example/g"}).url == "https://vallon.example/g"


def test_a_printed_document_takes_its_first_heading_even_below_a_banner() -> None:
    banner = ("paragraph", "Préfecture du Vallon, direction des territoires et de la mer", 1)
    sections = printed(banner, ("heading", "Guide des régies", 1), ("paragraph", "Une régie gère un service.", 1))
    assert read_metadata(Parsed(sections), "x.pdf", given={}).title == "Guide des régies"


def test_a_heading_far_in_a_printed_document_is_not_its_title() -> None:
    said = ("paragraph", "Comment une commune rurale reprend son café", 1)
    sections = printed(said, ("heading", "Annexe budgétaire", 12), ("paragraph", "Le budget est voté.", 12))
    assert read_metadata(Parsed(sections), "x.pdf", given={}).title == said[1]


def test_the_right_to_publish_the_original_is_never_presumed() -> None:
    assert metadata().publish_original is False
    assert metadata(facts={"publish_original": True, "licence": "Licence Ouverte 2.0"}).publish_original is True


def test_facts_are_values_that_json_can_hold() -> None:
    table = {"published": date(2024, 5, 1), "statuses": "scic", "territory": {"region": "Bretagne"}, "review_by": ""}
    facts = checked_facts(table)
    assert json.loads(json.dumps(facts)) == facts
    assert (facts["published"], facts["statuses"], facts["review_by"]) == ("2024-05-01", ["scic"], None)
    known = metadata(facts=facts)
    assert (known.published, known.statuses, known.territory) == ("2024-05-01", ("scic",), Territory(region="Bretagne"))


def test_a_date_in_running_text_is_not_that_of_the_document() -> None:
    text = "Le conseil de Valombre a voté la reconduction de l'aide à la légumerie en mars 2024, pour trois ans."
    assert own_date(parse_text(text)) is None
    assert own_date(parse_text(f"Délibération\n\n12 mai 2023\n\n{text}")) == "2023-05-12"
    assert own_date(parse_text(f"Publié le 12 mai 2023 par la direction du développement de Valombre\n\n{text}")) == (
        "2023-05-12"
    )


def test_several_sentences_are_no_title() -> None:
    text = "Le conseil a voté l'aide en mars. Trois communes rejoignent la coopérative."
    assert own_title(parse_text(text)) is None
