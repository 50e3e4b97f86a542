"""Passwords are hashed well, and nobody's is compared as long as somebody's."""

import unicodedata

import pytest
from argon2 import PasswordHasher, extract_parameters

from assistant.store.passwords import NOBODY, WrongPasswordLength, hash_again, hash_new, is_dated, is_password

PASSWORD = "une phrase assez longue"


def test_a_password_is_recognised_and_no_other() -> None:
    hashed = hash_new(PASSWORD)
    assert hashed.startswith("$argon2id$") and PASSWORD not in hashed and hashed != hash_new(PASSWORD)
    assert is_password(hashed, PASSWORD)
    for wrong in (PASSWORD + " ", PASSWORD.upper(), "", "\ud800", "x" * 10_000):
        assert not is_password(hashed, wrong)


def test_the_same_accents_are_the_same_password_from_every_keyboard() -> None:
    composed = unicodedata.normalize("NFC", "été à la mairie")
    assert is_password(hash_new(composed), unicodedata.normalize("NFD", composed))


def test_short_and_endless_passwords_are_refused() -> None:
    for wrong in ("", "onze signes", "x" * 1001):
        with pytest.raises(WrongPasswordLength):
            hash_new(wrong)
    assert is_password(hash_again("court"), "court")


def test_where_there_is_nobody_nothing_matches_at_the_same_cost() -> None:
    assert not is_password(None, PASSWORD) and not is_password(None, "")
    assert extract_parameters(NOBODY) == extract_parameters(hash_new(PASSWORD))


def test_a_hash_of_other_parameters_is_dated() -> None:
    assert is_dated(PasswordHasher(time_cost=1, memory_cost=1024).hash(PASSWORD))
    assert not is_dated(hash_new(PASSWORD))
