"""The files as they came, of documents that may be published whole: copies, named by what they hold."""

import os
import shutil
from collections.abc import Callable, Collection
from pathlib import Path


class Originals:
    """The folder of copies. A document names its own; a copy that no kept snapshot names is dropped."""

    def __init__(self, home: Path) -> None:
        self._folder = home / "originals"

    def keep(self, name: str, file: Path) -> None:
        """Copy a file under its name, unless it is there already. Raises OSError."""
        wanted = self._folder / name
        if wanted.exists():
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        scratch = wanted.with_suffix(".part")
        shutil.copyfile(file, scratch)
        os.replace(scratch, wanted)

    def find(self, name: str) -> Path | None:
        """Where a copy is, None when it is not there. A name that leads out of the folder finds nothing."""
        path = self._folder / name
        return path if path.parent == self._folder and path.is_file() else None

    def drop_except(self, named: Callable[[], Collection[str]]) -> None:
        """Drop the copies that are not `named`, which is asked for only when there are copies: it reads snapshots."""
        copies = list(self._folder.iterdir()) if self._folder.is_dir() else []
        kept = named() if copies else ()
        for path in copies:
            if path.name not in kept:
                path.unlink(missing_ok=True)
