"""Two questions are told to be of one need, or of two, whatever their vectors say."""

import pytest

from assistant.grouping import SAME, likeness, read_need


def same(first: str, second: str, cosine: float = 0.93) -> bool:
    return likeness(read_need(first), read_need(second), cosine) >= SAME


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Comment fonder une SPL ?", "création société publique locale, démarche"),
        ("Quelles subventions pour un four à pain ?", "aides four à pain communal"),
        ("Combien coûte une étude de faisabilité ?", "prix d'une étude de faisabilité"),
        ("Peut-on embaucher un garde champêtre ?", "Recruter un garde champêtre, est-ce possible ?"),
    ],
)
def test_a_need_said_otherwise_is_the_same(first: str, second: str) -> None:
    assert same(first, second) and same(second, first)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Comment créer une ressourcerie ?", "Comment créer une crèche ?"),
        ("Comment créer une SPL ?", "Comment dissoudre une SPL ?"),
        ("Comment créer une SCIC ?", "Comment créer une SCOP ?"),
        ("Quelles aides dans le Doubs ?", "Quelles aides dans la Creuse ?"),
        ("Une aide pour 300 habitants", "Une aide pour 5 000 habitants"),
        ("Quel délai pour répondre à un four à pain ?", "Quel prix pour un four à pain ?"),
    ],
)
def test_another_need_in_nearly_the_same_words_is_another(first: str, second: str) -> None:
    assert not same(first, second, 0.97)


@pytest.mark.parametrize("odd", ["", " ", "?", "123", "\0", "[nom] [téléphone]", "à" * 4000])
def test_any_text_has_a_need(odd: str) -> None:
    assert 0 <= likeness(read_need(odd), read_need("Comment créer une SCIC ?"), 0.9) <= 1
    assert 0 <= likeness(read_need(odd), read_need(odd), 1.0) <= 1
