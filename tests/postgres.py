"""A PostgreSQL cluster of the tests' own, in a folder, reached through a socket of that folder only."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


def _program(name: str) -> str | None:
    """Debian keeps a version's programs out of the path."""
    versions = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return shutil.which(name) or (str(versions[-1]) if versions else None)


@contextmanager
def postgres_cluster(folders: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an empty database. Skips where PostgreSQL is not installed.

    ASSISTANT_ELUS_TEST_POSTGRES names a database to use instead; its tables of ours are emptied.
    """
    if given := os.environ.get("ASSISTANT_ELUS_TEST_POSTGRES"):
        yield given
        return
    initdb, pg_ctl = _program("initdb"), _program("pg_ctl")
    if initdb is None or pg_ctl is None:
        pytest.skip("PostgreSQL is not installed")
    # PostgreSQL refuses to run as root; a folder under pytest's is closed to anyone else; a socket's path is short.
    user = "postgres" if os.geteuid() == 0 else None
    folder = Path(subprocess.run(["mktemp", "-d"], check=True, capture_output=True, text=True).stdout.strip())
    if user:
        shutil.chown(folder, user)
    data, options = folder / "data", f"-k {folder} -c listen_addresses='' -c fsync=off"

    def run(*command: str) -> None:
        subprocess.run(command, check=True, user=user, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    run(initdb, "-D", str(data), "-U", "elus", "-A", "trust", "--locale=C.UTF-8", "-E", "UTF8", "--no-sync")
    run(pg_ctl, "-D", str(data), "-w", "-l", str(folder / "log"), "-o", options, "start")
    try:
        yield f"postgresql://elus@/postgres?host={folder}"
    finally:
        run(pg_ctl, "-D", str(data), "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)
