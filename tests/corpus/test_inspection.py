"""What an editor should look at: dates, overdue reviews, the same text twice, dead links."""

from datetime import date

import pytest

from corpus import Document, Locator, Metadata, Reference, Section
from corpus.inspection import check_links, inspect, is_past, links_of
from corpus.web.fetched import Fetched, Missing, Outcome, Refusal

TODAY = date(2026, 11, 22)


def document(name: str, text: str, **facts: object) -> Document:
    section = Section("", (), text, Locator("section", ""), ())
    return Document(name, f"{name}.md", Metadata(name, **{"published": "2025", **facts}), (section,))  # type: ignore[arg-type]


def found(*documents: Document) -> list[tuple[str, str, str]]:
    return [(one.document_id, one.code, one.detail) for one in inspect(documents, TODAY)]


def test_a_document_with_its_date_and_its_own_text_is_left_alone() -> None:
    assert found(document("eau", "La régie de l'eau."), document("bois", "La chaufferie.")) == []


def test_a_missing_date_is_told() -> None:
    assert found(document("eau", "La régie.", published=None)) == [("eau", "undated", "")]


@pytest.mark.parametrize(
    ("review_by", "past"),
    [
        ("2026-11-21", True),
        ("2026-11-22", False),
        ("2026-10", True),
        ("2026-11", False),
        ("2026", False),
        ("2025", True),
    ],
)
def test_a_review_is_overdue_when_its_whole_day_month_or_year_is_over(review_by: str, past: bool) -> None:
    assert is_past(review_by, TODAY) is past
    assert bool(found(document("eau", "La régie.", review_by=review_by))) is past


def test_the_same_words_in_two_documents_are_told_once() -> None:
    one, other = document("eau", "La régie\nde l'eau."), document("copie", "La  régie de l'eau.")
    assert found(one, other) == [("copie", "duplicate", "eau.md")]


def test_each_address_is_asked_once_and_told_for_each_document_that_gives_it() -> None:
    outcomes: dict[str, Outcome] = {
        "https://a.fr": Fetched("https://a.fr", "text/html", b""),
        "https://b.fr": Missing("https://b.fr", 404),
        "https://c.fr": Refusal("network", "c.fr"),
        "https://d.fr": Refusal("robots", "d.fr"),
        "https://e.fr": Refusal("unsupported", "image/png"),
    }
    documents = [
        document("eau", "a", url="https://b.fr", references=(Reference("Loi", url="https://a.fr"),)),
        document("bois", "b", references=tuple(Reference("x", url=url) for url in outcomes)),
    ]
    asked: list[str] = []

    def fetch(url: str) -> Outcome:
        asked.append(url)
        return outcomes[url]

    told = [one for wrong in check_links(links_of(documents), fetch) for one in wrong]
    assert sorted(asked) == sorted(outcomes)
    assert [(one.document_id, one.code, one.detail) for one in told] == [
        ("eau", "dead_link", "https://b.fr (404)"),
        ("bois", "dead_link", "https://b.fr (404)"),
        ("bois", "dead_link", "https://c.fr (c.fr)"),
        ("bois", "unchecked_link", "https://d.fr (robots)"),
    ]
