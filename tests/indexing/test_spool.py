"""Documents kept on disk between reading and building."""

from collections.abc import Iterator

import pytest

from corpus import Document, Locator, Metadata, Section
from indexing.spool import Spool


def document(name: str, text: str = "La régie distribue l'eau.") -> Document:
    return Document(name, f"{name}.md", Metadata(name), (Section("", (), text, Locator("section", ""), ()),))


@pytest.fixture
def spool() -> Iterator[Spool]:
    with Spool() as spool:
        yield spool


def test_a_document_comes_back_as_it_was(spool: Spool) -> None:
    spool.add(document("eau", "L'été « à la régie »\u202f: 50 %"))
    spool.add(document("bois"))
    assert spool.get("eau") == document("eau", "L'été « à la régie »\u202f: 50 %")
    assert ("bois" in spool, "halle" in spool, len(spool)) == (True, False, 2)


def test_published_documents_keep_their_place_and_new_ones_follow(spool: Spool) -> None:
    published = [document(name) for name in ("a", "b", "c")]
    for one in (document("new"), document("b", "Autre texte."), document("new", "Encore un autre.")):
        spool.add(one)
    merged = list(spool.over(published, dropped={"a"}))
    assert merged == [document("b", "Autre texte."), document("c"), document("new", "Encore un autre.")]
