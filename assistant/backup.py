"""Everything that would be missed, in one file, and back: the store, what is published, what was sent, the secret.

A backup is made while the service runs, and read by either kind of database. It is put back whole, or not at all.
"""

import hashlib
import os
import re
import tarfile
import tempfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Literal

from pydantic import TypeAdapter, ValidationError

from assistant.store import Database
from assistant.store.rows import TABLES, RowsInvalid, dump, is_empty, put_in_place
from indexing import SnapshotDamaged, SnapshotStore, enough_room, made_whole, published_copy, published_files

FORMAT = 1
MANIFEST, REGISTRY, SECRET = "manifest.json", "registry.json", "secret"
DEPOSITED = "deposited"
"""Folder of the home that holds the files editors sent: sources that a sync would miss."""
_NAME = r"[A-Za-z0-9_][A-Za-z0-9_.-]*"
_DEPOSIT = rf"{DEPOSITED}/[0-9a-f]{{12}}/[^/.\0][^/\0]*"
EXPECTED = re.compile(
    rf"store/{_NAME}\.jsonl|snapshot(?:/{_NAME})+|originals/{_NAME}|{_DEPOSIT}|{REGISTRY}|{SECRET}|{MANIFEST}"
)
PIECE = 1 << 20
Step = Literal["store", "documents", "checking", "indexing", "writing"]
OnStep = Callable[[Step], None]
Fault = Literal["unreadable", "incomplete", "changed", "foreign", "newer"]


class BackupDamaged(Exception):
    """A file that is no whole backup of ours, hence not restored; `fault` is why and `name` what in it."""

    def __init__(self, fault: Fault, name: str = "") -> None:
        super().__init__(f"{fault} {name}".strip())
        self.fault = fault
        self.name = name


class NotEmpty(Exception):
    """There are documents, or rows in the store, that a restoration would replace."""


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds: `rows` by table, and the SHA-256 of each file. `snapshot` is None without documents."""

    made_at: str
    version: str
    snapshot: str | None = None
    rows: dict[str, int] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    format: int = FORMAT


_BACKUP = TypeAdapter(Backup)


def back_up(home: Path, database: Database, archive: Path, version: str, on_step: OnStep) -> Backup:
    """Write a backup of a home and its database as a .tar.gz that only its owner reads.

    Raises FileExistsError, StoreUnavailable, SnapshotDamaged, DiskFull.
    """
    if archive.exists():
        raise FileExistsError(archive)
    with ExitStack() as stack:
        stack.enter_context(enough_room(archive.parent))
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix=".backup-", dir=archive.parent)))
        on_step("store")
        rows = _dump_rows(database, scratch)
        files = {f"store/{name}.jsonl": scratch / name for name in rows}
        on_step("documents")
        published = stack.enter_context(published_files(home))
        if published is not None:
            (scratch / REGISTRY).write_bytes(published.registry)
            files |= {REGISTRY: scratch / REGISTRY, **published.files}
        leaving = published.leaving if published is not None else frozenset()
        kept = [path for path in sorted((home / DEPOSITED).glob("*/*")) if path not in leaving]
        files |= {f"{DEPOSITED}/{path.parent.name}/{path.name}": path for path in kept if path.is_file()}
        if (home / SECRET).is_file():
            files[SECRET] = home / SECRET
        on_step("writing")
        made_at = datetime.now(UTC).isoformat(timespec="seconds")
        backup = Backup(made_at, version, published.snapshot if published else None, rows)
        whole = scratch / "archive"
        # A folder of mkdtemp is its owner's alone; what leaves it must be too.
        with open(os.open(whole, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            _write(file, backup, files, scratch / MANIFEST)
            os.fsync(file.fileno())
        os.replace(whole, archive)
    return backup


def _dump_rows(database: Database, folder: Path) -> dict[str, int]:
    counts: dict[str, int] = {}

    def write(name: str, lines: Iterator[bytes]) -> None:
        counts[name] = 0
        with (folder / name).open("wb") as file:
            for line in lines:
                file.write(line)
                counts[name] += 1

    dump(database, write)
    return counts


def _write(file: IO[bytes], backup: Backup, files: dict[str, Path], manifest: Path) -> None:
    """Write the archive, and into `backup` and its manifest what each file is."""
    with tarfile.open(fileobj=file, mode="w:gz", compresslevel=6) as tar:
        for name, path in files.items():
            tar.add(path, name, recursive=False, filter=_anonymous)
            backup.files[name] = _digest(path)
        # Written last: a backup cut short must look unfinished, not finished.
        manifest.write_bytes(_BACKUP.dump_json(backup, indent=1))
        tar.add(manifest, MANIFEST, filter=_anonymous)


def _anonymous(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    entry.mode = 0o600
    return entry


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def restore(archive: Path, home: Path, database: Database, on_step: OnStep, *, force: bool = False) -> Backup:
    """Put a backup in the place of what a home and its database hold. Nothing changes before all of it was checked.

    Raises NotEmpty unless `force`, BackupDamaged, FileNotFoundError, StoreUnavailable, WriterBusy, DiskFull.
    """
    if not force and (SnapshotStore(home).current() is not None or not is_empty(database)):
        raise NotEmpty
    home.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        stack.enter_context(enough_room(home))
        # On the disk of the home: what was checked there is only renamed.
        copy = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix=".restore-", dir=home)))
        on_step("checking")
        backup = _unpacked(archive, copy)
        snapshot = None
        if backup.snapshot is not None:
            on_step("indexing")
            try:
                snapshot = made_whole(copy / "snapshot")
            except SnapshotDamaged as error:
                raise BackupDamaged("changed", str(error)) from error
        on_step("writing")
        try:
            with database.begin() as connection:
                put_in_place(connection, lambda name: _lines(copy / "store" / f"{name}.jsonl"))
                # Published just before the rows are committed: what fails here undoes both.
                if snapshot is not None:
                    registry = (copy / REGISTRY).read_bytes()
                    stack.enter_context(published_copy(home, copy, snapshot, registry))
        except RowsInvalid as error:
            raise BackupDamaged("changed", str(error)) from error
        for path in (copy / DEPOSITED).glob("*/*"):
            place = home / DEPOSITED / path.parent.name
            place.mkdir(parents=True, exist_ok=True)
            os.replace(path, place / path.name)
        if (copy / SECRET).exists():
            os.replace(copy / SECRET, home / SECRET)
    return backup


def _lines(path: Path) -> Iterator[bytes]:
    if not path.exists():
        return
    with path.open("rb") as lines:
        yield from lines


def _unpacked(archive: Path, folder: Path) -> Backup:
    """Write the files of an archive into a folder, each name and each checksum verified."""
    found: dict[str, str] = {}
    with _translated(), tarfile.open(archive, "r:gz") as tar:
        for entry in tar:
            # Only names of ours, only files: no way out of the folder, no link, no device.
            if MANIFEST in found or entry.name in found or not entry.isreg() or not EXPECTED.fullmatch(entry.name):
                raise BackupDamaged("foreign", entry.name)
            content = tar.extractfile(entry)
            assert content is not None  # of a regular file
            path = folder / entry.name
            path.parent.mkdir(parents=True, exist_ok=True)
            with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                found[entry.name] = _copied(content, file)
    if found.pop(MANIFEST, None) is None:
        raise BackupDamaged("incomplete")
    return _checked((folder / MANIFEST).read_bytes(), found)


def _copied(content: IO[bytes], file: IO[bytes]) -> str:
    """Copy to the end; returns the SHA-256 of what was copied."""
    digest = hashlib.sha256()
    while piece := content.read(PIECE):
        digest.update(piece)
        file.write(piece)
    return digest.hexdigest()


def _checked(manifest: bytes, found: dict[str, str]) -> Backup:
    try:
        backup = _BACKUP.validate_json(manifest)
    except ValidationError as error:
        raise BackupDamaged("unreadable", MANIFEST) from error
    if backup.format > FORMAT or set(backup.rows) - set(TABLES):
        raise BackupDamaged("newer", backup.version)
    for name in sorted({*backup.files, *found}):
        if backup.files.get(name) != found.get(name):
            raise BackupDamaged("incomplete" if name not in found else "changed", name)
    if backup.snapshot is not None and REGISTRY not in found:
        raise BackupDamaged("incomplete", REGISTRY)
    return backup


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (tarfile.TarError, EOFError, zlib.error) as error:
        raise BackupDamaged("unreadable") from error
    except OSError as error:
        # gzip's own errors have no number; a full disk and a missing file have theirs.
        if error.errno is None:
            raise BackupDamaged("unreadable") from error
        raise
