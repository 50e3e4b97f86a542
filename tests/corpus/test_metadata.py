"""What is known of a document, and from where."""

from datetime import date
from typing import Any

import pytest

from corpus import InvalidMetadata, Metadata, Territory, date_words
from corpus.metadata import read_metadata
from corpus.parsers.text import parse_text

TEXT = "# Journée des régies rurales\n\nVallon-le-Haut, le 5 février 2019\n\nOn y parle de l'eau."


def metadata(given: dict[str, Any] | None = None, head: dict[str, Any] | None = None, text: str = TEXT) -> Metadata:
    return read_metadata(given or {}, head or {}, parse_text(text), fallback_title="fichier")


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
