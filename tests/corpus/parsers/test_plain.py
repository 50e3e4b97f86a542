"""Text files as bytes."""

import pytest

from corpus.parsed import Unreadable
from corpus.parsers.plain import decode, parse_plain


def test_a_few_control_characters_do_not_make_a_text_binary() -> None:
    assert decode(("La commune décide et le préfet contrôle.\x07 " + "Puis le conseil vote. " * 8).encode()) is not None


def test_a_single_nul_makes_it_no_text() -> None:
    assert decode(b"La commune d\xc3\xa9cide. " * 100 + b"\0") is None
    assert decode("La commune.\0".encode("utf-16")) is None


def test_the_head_is_set_apart() -> None:
    parsed = parse_plain(b"---\ntitle: Guide\n---\n# Guide\n\nLa commune aide.")
    assert (parsed.head, parsed.sections[0].text) == ({"title": "Guide"}, "Guide\nLa commune aide.")


@pytest.mark.parametrize(("raw", "code"), [(b"\xff\xfea", "encoding"), (b"---\n- liste\n---\nTexte", "metadata")])
def test_what_cannot_be_read_is_refused_by_code(raw: bytes, code: str) -> None:
    with pytest.raises(Unreadable) as refused:
        parse_plain(raw)
    assert refused.value.code == code
