"""Argparse speaks French, and only while we ask it to."""

import argparse

import pytest

from ui.commands.parser import FrenchParser, french_words


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--two", "a"], "attend 2 valeurs"),
        (["--flag=x"], "n'attend pas de valeur"),
        (["--left", "--right"], "ne va pas avec l'argument"),
    ],
)
def test_argparse_errors_are_french(arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    with french_words():
        parser = FrenchParser(prog="essai")
        parser.add_argument("--two", nargs=2)
        parser.add_argument("--flag", action="store_true")
        either = parser.add_mutually_exclusive_group()
        either.add_argument("--left", action="store_true")
        either.add_argument("--right", action="store_true")
        with pytest.raises(SystemExit):
            parser.parse_args(arguments)
    assert words in capsys.readouterr().err


def test_others_keep_their_words(capsys: pytest.CaptureFixture[str]) -> None:
    with french_words():
        pass
    argparse.ArgumentParser(prog="autre").print_usage()
    assert capsys.readouterr().out.startswith("usage:")
