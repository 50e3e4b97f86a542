"""What is carried away says what was answered; hostile words in it stay words."""

import io
from datetime import UTC, datetime

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ui.export import Line, markdown, to_docx, to_markdown

WRITTEN = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    ("hostile", "harmless"),
    [
        ("<script>alert(1)</script>", r"\<script\>alert(1)\</script\>"),
        ("[clic](javascript:alert(1))", r"\[clic\](javascript:alert(1))"),
        ("![x](http://espion.fr/a.png)", r"!\[x\](http\://espion.fr/a.png)"),
        ("# Titre", r"\# Titre"),
        ("1. premier", r"1\. premier"),
        ("- point", r"\- point"),
        ("a\n\n# b", "a # b"),
        ("&lt;b&gt;", r"\&lt;b\&gt;"),
        ("www.espion.fr", r"www\.espion.fr"),
        ("l'élu·e, 50 % (2025) d'abord", "l'élu·e, 50 % (2025) d'abord"),
        ("gauche\u202edroite\x00", "gauchedroite"),
        ("12\u202f000 habitants\u00a0!", "12\u202f000 habitants\u00a0!"),
    ],
)
def test_words_mean_nothing_to_markdown(hostile: str, harmless: str) -> None:
    assert markdown(hostile) == harmless


@pytest.mark.parametrize("url", ["javascript:alert(1)", "file:///etc/passwd", "//espion.fr", "http://[", "", None])
def test_only_addresses_of_the_web_are_written(url: str | None) -> None:
    assert to_markdown(iter([Line("item", "Source", url)])) == "- Source\n"


def test_an_address_cannot_leave_its_brackets() -> None:
    text = to_markdown(iter([Line("item", "Source", "https://a.fr/é>\n<b> #x")]))
    assert text == "- Source <https://a.fr/%C3%A9%3E%20%3Cb%3E%20#x>\n"


@settings(deadline=None)
@given(st.text(max_size=300))
def test_any_text_can_be_carried_away(text: str) -> None:
    lines = [Line("title", text), Line("quote", text), Line("remark", text, "https://a.fr/" + text)]
    written = to_markdown(iter(lines))
    assert written.count("\n\n") == 2
    written.encode()
    docx.Document(io.BytesIO(to_docx(iter(lines), WRITTEN)))


def test_a_word_document_is_ours_french_and_dated() -> None:
    document = docx.Document(io.BytesIO(to_docx(iter([Line("title", "Ma SCIC"), Line("item", "un")]), WRITTEN)))
    facts = document.core_properties
    assert (facts.title, facts.author, facts.comments, facts.language) == ("Ma SCIC", "Assistant des élus", "", "fr-FR")
    assert facts.created == WRITTEN.replace(tzinfo=facts.created.tzinfo if facts.created else None)
    assert [paragraph.style.name for paragraph in document.paragraphs if paragraph.style] == ["Title", "List Bullet"]
