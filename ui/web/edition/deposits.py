"""Files that editors send: first set aside, to be looked at, then kept in the home as sources of the documents."""

import json
import os
import re
import secrets
import shutil
import time
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any

from indexing import deposit_place

KEPT_SECONDS = 7 * 24 * 3600
LONGEST_NAME = 120
"""Bytes of a file name: file systems take 255, and some tools add to it."""
_TOLD = "deposit.json"
_NOT_IN_NAMES = re.compile(r'[<>:"|?*\x00-\x1f\x7f]')


class FileTooLarge(Exception):
    """A file is larger than the library reads; the message is its name."""


@dataclass(frozen=True, slots=True)
class Deposit:
    """What somebody sent and has not published yet: files set aside or one address, and the metadata given for it."""

    id: str
    places: tuple[str, ...]
    given: Mapping[str, Any]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(place if "://" in place else Path(place).name for place in self.places)


class Deposits:
    """The files set aside (`edition/staged` of the home, for a week) and those kept (`deposited`).

    Each file has a folder of its own: a file of metadata among them speaks for no other.
    """

    def __init__(self, home: Path, most_bytes: int) -> None:
        self._home = home
        self._staged = home / "edition" / "staged"
        self.most_bytes = most_bytes

    def set_aside(self, files: Sequence[tuple[str, IO[bytes]]], given: Mapping[str, Any]) -> Deposit:
        """Write files under names made safe; of two with one name the later stays. Raises FileTooLarge, OSError."""
        self.tidy()
        deposit_id = secrets.token_hex(8)
        places: dict[str, str] = {}
        try:
            for number, (name, file) in enumerate(files):
                safe = safe_name(name)
                path = self._staged / deposit_id / str(number) / safe
                path.parent.mkdir(parents=True)
                with path.open("wb") as written:
                    self._copy(file, written, safe)
                places[safe] = str(path)
        except BaseException:
            self.drop(deposit_id)
            raise
        return self._told(Deposit(deposit_id, tuple(places.values()), given))

    def of_address(self, address: str, given: Mapping[str, Any]) -> Deposit:
        self.tidy()
        return self._told(Deposit(secrets.token_hex(8), (address,), given))

    def find(self, deposit_id: str) -> Deposit | None:
        try:
            told = json.loads((self._staged / deposit_id / _TOLD).read_bytes())
            return Deposit(deposit_id, tuple(told["places"]), told["given"])
        except (OSError, ValueError, KeyError):
            return None

    def is_known(self, name: str) -> bool:
        """Whether a file of this name was kept before: it will be replaced."""
        return deposit_place(self._home, name).exists()

    def places(self, deposit: Deposit, names: Sequence[str]) -> tuple[str, ...]:
        """Where `keep` puts the named files, to be added; an address stays as it is."""
        return tuple(
            place if "://" in place else str(deposit_place(self._home, name))
            for place, name in zip(deposit.places, deposit.names, strict=True)
            if name in names
        )

    def keep(self, deposit: Deposit, names: Sequence[str]) -> None:
        """Copy the named files to where documents are read from, each in place of one of the same name.

        They stay set aside too, for another try, until the deposit is dropped. Whoever calls it holds the writer lock:
        a build erases what nothing follows. Raises OSError.
        """
        for place, name in zip(deposit.places, deposit.names, strict=True):
            if name in names and "://" not in place:
                wanted = deposit_place(self._home, name)
                wanted.parent.mkdir(parents=True, exist_ok=True)
                scratch = self._staged / deposit.id / "copied"
                shutil.copyfile(place, scratch)
                os.replace(scratch, wanted)

    def drop(self, deposit_id: str) -> None:
        shutil.rmtree(self._staged / deposit_id, ignore_errors=True)

    def _told(self, deposit: Deposit) -> Deposit:
        folder = self._staged / deposit.id
        folder.mkdir(parents=True, exist_ok=True)
        told = {"places": deposit.places, "given": deposit.given}
        (folder / _TOLD).write_text(json.dumps(told), encoding="utf-8")
        return deposit

    def _copy(self, file: IO[bytes], written: IO[bytes], name: str) -> None:
        copied = 0
        while block := file.read(1 << 20):
            copied += len(block)
            if copied > self.most_bytes:
                raise FileTooLarge(name)
            written.write(block)

    def tidy(self) -> None:
        """Drop what was set aside a week ago."""
        before = time.time() - KEPT_SECONDS
        for folder in self._staged.iterdir() if self._staged.is_dir() else ():
            if folder.stat().st_mtime < before:
                self.drop(folder.name)


def safe_name(name: str) -> str:
    """A file name that leads nowhere, hides nothing and holds nothing a shell or a terminal would obey."""
    last = PurePosixPath(name.replace("\\", "/")).name
    shown = "".join(c for c in unicodedata.normalize("NFC", last) if c.isprintable())
    plain = _NOT_IN_NAMES.sub("_", shown).strip().lstrip(".-").strip()
    stem, dot, suffix = plain.rpartition(".")
    if not dot or len(suffix) > 10:
        stem, suffix = plain, ""
    room = LONGEST_NAME - len(suffix.encode()) - 1
    short = stem.encode()[:room].decode(errors="ignore").strip() or "document"
    return f"{short}.{suffix}" if suffix else short
