"""Telephone numbers as they are typed in France and overseas."""

import pytest

from assistant.telephone import normalised, readable


@pytest.mark.parametrize(
    ("typed", "number", "read"),
    [
        ("06 12 34 56 78", "+33612345678", "06 12 34 56 78"),
        ("03.84.12.34.56", "+33384123456", "03 84 12 34 56"),
        ("+33 (0)6 12 34 56 78", "+33612345678", "06 12 34 56 78"),
        ("0033612345678", "+33612345678", "06 12 34 56 78"),
        ("0262 90 12 34", "+262262901234", "0262 90 12 34"),
        ("0690 12 34 56", "+590690123456", "0690 12 34 56"),
        ("+32 470 12 34 56", "+32470123456", "+32 470 12 34 56"),
    ],
)
def test_a_number_has_one_form_and_is_read_as_it_is_dialled(typed: str, number: str, read: str) -> None:
    assert normalised(typed) == number
    assert readable(number) == read


@pytest.mark.parametrize("typed", ["", "abc", "12", "123456", "06 12 34 56", "0612345678 poste 12", "++++", "06" * 20])
def test_what_is_no_number_is_none(typed: str) -> None:
    assert normalised(typed) is None
