"""The YAML head of a file."""

import pytest

from corpus.parsers.front_matter import split_head


def test_a_head_is_parted_from_the_body() -> None:
    head, body = split_head("---\ntitle: Guide des régies\nthemes: [eau, énergie]\n---\n# Guide\n")
    assert head == {"title": "Guide des régies", "themes": ["eau", "énergie"]}
    assert body == "# Guide\n"


def test_windows_line_ends_and_a_byte_order_mark_are_accepted() -> None:
    assert split_head("\ufeff---\r\ntitle: Guide\r\n---\r\nTexte") == ({"title": "Guide"}, "Texte")


@pytest.mark.parametrize(
    "text", ["Texte sans tête", "", "---\n\nUn filet, puis le texte.", "Texte\n---\ntitle: non\n---\n"]
)
def test_a_text_without_head_is_all_body(text: str) -> None:
    assert split_head(text) == ({}, text)


def test_a_rule_within_the_body_stays_in_the_body() -> None:
    assert split_head("---\ntitle: Guide\n---\nun\n\n---\n\ndeux")[1] == "un\n\n---\n\ndeux"


@pytest.mark.parametrize("head", ["title: [non fermé", "- une\n- liste", "title: 'non fermé"])
def test_a_head_that_is_no_mapping_is_refused(head: str) -> None:
    with pytest.raises(ValueError, match="YAML"):
        split_head(f"---\n{head}\n---\nTexte")


def test_a_head_nested_without_end_is_refused() -> None:
    with pytest.raises(ValueError, match="YAML"):
        split_head(f"---\nthemes: {'[' * 5000}\n---\nTexte")


def test_a_head_cannot_run_python() -> None:
    with pytest.raises(ValueError, match="YAML"):
        split_head("---\ntitle: !!python/object/apply:os.getcwd []\n---\nTexte")
