"""A folder is read as long as someone living marks it."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from indexing.readers import Reader, is_read

HOLDER = """
import sys
from pathlib import Path
from indexing.readers import Reader
reader = Reader(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


def test_a_folder_is_read_until_its_last_reader_lets_go(tmp_path: Path) -> None:
    assert not is_read(tmp_path)
    one, other = Reader(tmp_path), Reader(tmp_path)
    one.let_go()
    assert is_read(tmp_path)
    other.let_go()
    assert not is_read(tmp_path)


def test_a_reader_may_be_let_go_by_another_thread(tmp_path: Path) -> None:
    reader = Reader(tmp_path)
    thread = threading.Thread(target=reader.let_go)
    thread.start()
    thread.join()
    assert not is_read(tmp_path)


def test_a_reader_of_another_process_counts_until_it_is_killed(tmp_path: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        assert is_read(tmp_path)
        holder.kill()
    assert not is_read(tmp_path)


def test_a_folder_that_is_gone_cannot_be_marked(tmp_path: Path) -> None:
    with pytest.raises(OSError):
        Reader(tmp_path / "absent")
