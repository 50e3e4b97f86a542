"""The snapshots of a home: each one immutable index, written into a new folder, found through an atomic pointer."""

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from indexing import manifest as manifests
from indexing.contents import SnapshotDamaged as SnapshotDamaged
from indexing.contents import iter_documents as iter_documents
from indexing.manifest import ManifestInvalid
from indexing.open_snapshot import Snapshot as Snapshot
from indexing.open_snapshot import UnknownDocument as UnknownDocument
from indexing.readers import Reader, is_read
from indexing.vector_store import VectorStoreDamaged


class NoIndex(Exception):
    """Nothing was ever published in this home."""


class IndexMismatch(Exception):
    """The snapshot's vectors were made by another model than the one configured."""

    def __init__(self, found: str, wanted: str) -> None:
        super().__init__(
            f"index built with {found!r}, settings ask for {wanted!r}: run `assistant-elus corpus rebuild`"
        )
        self.found = found
        self.wanted = wanted


class NoPrevious(Exception):
    """There is no snapshot to go back to: only one was published."""


class DiskFull(Exception):
    """The disk that holds `folder` is full; what is published did not change."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"no space left on the disk of {folder}")
        self.folder = folder


class WriterBusy(Exception):
    """Another process is building; `pid` is its process number when known."""

    def __init__(self, pid: str) -> None:
        super().__init__(f"another build is running (process {pid})")
        self.pid = pid


@dataclass(frozen=True, slots=True)
class CorpusState:
    """What is published. `published_at` is an ISO time; `newest` the date of the newest document, None when unknown."""

    snapshot: str
    documents: int
    passages: int
    published_at: str
    model: str
    newest: str | None = None


class SnapshotStore:
    """The snapshots of a home folder: one current, the one before to go back to, and those that are still read."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._folder = home / "snapshots"
        self._pointer = home / "current"
        self._lock = home / "writer.lock"

    def current(self) -> str | None:
        """Name of the published snapshot, None when nothing was ever published."""
        return self._pointed()[0]

    def previous(self) -> str | None:
        """Name of the snapshot that `roll_back` returns to, None when there is none."""
        return self._pointed()[1]

    def names(self) -> tuple[str, ...]:
        """The snapshots there are: the published one, the one before, and those that somebody still reads."""
        return tuple(one.name for one in self._folder.iterdir() if one.is_dir()) if self._folder.is_dir() else ()

    def folder(self, snapshot: str) -> Path:
        return self._folder / snapshot

    @property
    def made(self) -> Path:
        """Where a build keeps the vectors it makes, until they are published."""
        return self._home / "made-vectors"

    def open(self, model: str) -> Snapshot:
        """Open the published snapshot and check it.

        Raises NoIndex, IndexMismatch (its vectors come from another model than `model`), SnapshotDamaged, DiskFull.
        """
        while True:
            name = self.current()
            if name is None:
                raise NoIndex
            try:
                return self._open(name, model)
            except SnapshotDamaged:
                # Two publications may have gone by since the name was read, and its folder with them.
                if self.current() == name:
                    raise

    def _open(self, name: str, model: str) -> Snapshot:
        folder = self.folder(name)
        reader = None
        # A folder that cannot be marked (a full disk) is read all the same.
        with suppress(OSError):
            reader = Reader(folder)
        try:
            with enough_room(folder):
                manifest = manifests.load(folder)
                if manifest.model != model:
                    raise IndexMismatch(manifest.model, model)
                manifests.verify(manifest, folder)
                snapshot = Snapshot(folder, manifest, reader)
        except BaseException as error:
            if reader is not None:
                reader.let_go()
            if isinstance(error, (ManifestInvalid, VectorStoreDamaged, OSError, ValueError, KeyError)):
                raise SnapshotDamaged(str(error)) from error
            raise
        try:
            snapshot.check_canaries()
        except SnapshotDamaged:
            snapshot.close()
            raise
        return snapshot

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the writer lock. Raises WriterBusy when another process holds it, DiskFull when what is done under it
        finds no room."""
        self._folder.mkdir(parents=True, exist_ok=True)
        owner = self._lock.with_suffix(".pid")
        lock = FileLock(self._lock)
        try:
            lock.acquire(timeout=0)
        except Timeout as error:
            raise WriterBusy(_written_in(owner) or "?") from error
        try:
            with enough_room(self._home):
                owner.write_text(str(os.getpid()))
                yield
        finally:
            owner.unlink(missing_ok=True)
            lock.release()

    def publish(self, snapshot: str) -> None:
        """Make a whole snapshot the current one, atomically, and drop the others but the one before and those read.

        Whoever calls it holds the writer lock, here and below.
        """
        current, previous = self._pointed()
        # Nobody wants to go back to a damaged one.
        before = current if current is None or self._is_whole(current) else previous
        self._point(snapshot, before)
        self.sweep()

    def roll_back(self) -> str:
        """Make the snapshot before the current one, atomically; a second call undoes the first. Returns its name.

        Raises NoIndex, NoPrevious, SnapshotDamaged when it is not whole.
        """
        current, previous = self._pointed()
        if current is None:
            raise NoIndex
        if previous is None or not self.folder(previous).exists():
            raise NoPrevious
        try:
            self._open(previous, manifests.load(self.folder(previous)).model).close()
        except ManifestInvalid as error:
            raise SnapshotDamaged(str(error)) from error
        self._point(previous, current)
        return previous

    def sweep(self) -> None:
        """Drop the snapshots that nobody needs: unfinished, or before the one before and no longer read."""
        kept = set(self._pointed())
        for folder in self._folder.iterdir():
            if folder.is_dir() and folder.name not in kept and not is_read(folder):
                shutil.rmtree(folder, ignore_errors=True)

    def _pointed(self) -> tuple[str | None, str | None]:
        # Both names in one file: two could not be changed at once.
        names = _written_in(self._pointer).split()
        return (names[0] if names else None), (names[1] if len(names) > 1 else None)

    def _point(self, current: str, previous: str | None) -> None:
        scratch = self._pointer.with_suffix(".new")
        scratch.write_text("\n".join(filter(None, (current, previous))))
        os.replace(scratch, self._pointer)

    def _is_whole(self, snapshot: str) -> bool:
        try:
            manifests.verify(manifests.load(self.folder(snapshot)), self.folder(snapshot))
        except ManifestInvalid:
            return False
        return True


@contextmanager
def enough_room(folder: Path) -> Iterator[None]:
    """Raises DiskFull in place of the OSError of a disk that is full."""
    try:
        yield
    except OSError as error:
        # numpy says how much it wrote, and not why.
        unsaid = error.errno is None and "requested and" in str(error)
        if unsaid or error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull(folder) from error
        raise


def _written_in(path: Path) -> str:
    """What a small file says, empty when it is not there."""
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        return ""
