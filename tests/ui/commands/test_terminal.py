"""What reaches the terminal: nothing that commands it, and progress that a log can hold."""

import pytest

from indexing import Progress
from ui.commands.terminal import ProgressLines, say_table, visible


def test_control_characters_are_made_harmless() -> None:
    assert visible("a\x1b[2Jb\r\u202ec\n\td") == "a�[2Jb��c\n\td"


def test_french_spaces_that_do_not_break_are_shown() -> None:
    assert visible("50\u00a0% de 3\u202f499") == "50\u00a0% de 3\u202f499"


def test_progress_in_a_log_is_a_line_a_stage_and_its_end(capsys: pytest.CaptureFixture[str]) -> None:
    show = ProgressLines()
    for done in range(101):
        show(Progress("embedding", done, 100))
    show(Progress("publishing", 0, 0))
    assert capsys.readouterr().err.splitlines() == [
        "calcul des vecteurs, 0 sur 100 (0 %)",
        "calcul des vecteurs, 100 sur 100 (100 %)",
        "publication de l'index",
    ]


def test_square_brackets_in_a_table_are_not_styles(capsys: pytest.CaptureFixture[str]) -> None:
    say_table(("titre",), [["[bold]a[/bold]"], ["[/x]"]])
    assert "[bold]a[/bold]" in capsys.readouterr().out


def test_a_row_written_to_a_pipe_is_one_whole_line(capsys: pytest.CaptureFixture[str]) -> None:
    say_table(("identifiant", "titre"), [["un-identifiant-assez-long" * 3, "Un titre plutôt long " * 6]])
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2 and lines[1].startswith("un-identifiant-assez-long" * 3 + " ")
