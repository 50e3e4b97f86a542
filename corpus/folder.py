"""Which files a place on disk holds, each with what stands beside it about it."""

import errno
import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from corpus.formats import CONVERTIBLE, FORMATS
from corpus.metadata import InvalidMetadata
from corpus.side_metadata import FOLDER_FILE, SIDE_SUFFIX, FolderFacts, facts_beside, read_folder_facts
from corpus.source_file import Failure, SourceFile

# Lock files of office programs, and what a Mac puts into an archive.
_PASSED_OVER = (".", "~$", "~WRL", "__MACOSX")


def list_files(place: str, origin: str | None = None) -> Iterator[SourceFile | Failure]:
    """List the documents of a file or folder, sorted by path; a folder's other files are passed over, hidden ones too.

    A folder's office files in a format that no parser reads are told, so that they are not missed in silence. No
    symbolic link leads out of a folder, nor to a file that is listed anyway. `origin` names the place in document ids;
    by default its absolute path. A Failure for the whole place bears its name as it was given.
    """
    path = Path(place)
    if not _is_printable(place):
        yield Failure(printable(place), "name")
        return
    try:
        if path.is_dir():
            yield from _Walk(place, origin or str(path.resolve())).files()
        elif not path.exists():
            yield Failure(place, "loop" if _is_loop(path) else "missing")
        elif path.suffix.lower() not in FORMATS:
            yield Failure(path.name, "unsupported", path.suffix.lower() or path.name)
        else:
            yield _alone(path, origin or str(path.resolve().parent))
    except OSError as error:
        yield Failure(place, "unreadable", error.strerror or "")


def printable(name: str) -> str:
    """A name whose bytes are no UTF-8, with a mark in place of those."""
    return os.fsencode(name).decode("utf-8", errors="replace")


def _is_printable(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _is_loop(path: Path) -> bool:
    try:
        path.stat()
    except OSError as error:
        return error.errno == errno.ELOOP
    return False


def _alone(path: Path, origin: str) -> SourceFile | Failure:
    folder_file = path.parent / FOLDER_FILE
    above = [read_folder_facts(folder_file, "")] if folder_file.is_file() else []
    side_file = path.with_name(path.name + SIDE_SUFFIX)
    return _with_facts(SourceFile(path, path.name, origin), above, side_file if side_file.is_file() else None)


def _with_facts(file: SourceFile, above: Sequence[FolderFacts], side_file: Path | None) -> SourceFile | Failure:
    try:
        facts = facts_beside(file.source, above, side_file)
    except InvalidMetadata as error:
        return Failure(file.source, "metadata", str(error))
    return replace(file, facts=facts)


class _Walk:
    """One listing of a folder; it remembers the files that links led to, so that each is listed once."""

    def __init__(self, place: str, origin: str) -> None:
        self._place = place
        self._origin = origin
        self._root = Path(os.path.realpath(place))
        self._linked: set[Path] = set()

    def files(self) -> Iterator[SourceFile | Failure]:
        yield from self._inside(Path(self._place), "", ())

    def _inside(self, folder: Path, prefix: str, above: tuple[FolderFacts, ...]) -> Iterator[SourceFile | Failure]:
        """`prefix` is the folder within the root: "" or "aides/eau/"."""
        try:
            with os.scandir(folder) as entries:
                found = sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            yield Failure(prefix.rstrip("/") or self._place, "unreadable", error.strerror or "")
            return
        names = frozenset(entry.name for entry in found)
        if FOLDER_FILE in names:
            above = (*above, read_folder_facts(folder / FOLDER_FILE, prefix))
        for entry in found:
            if entry.name.startswith(_PASSED_OVER):
                continue
            source, path = prefix + entry.name, folder / entry.name
            failure = self._barrier(entry, path, source)
            if failure is not None:
                yield failure
            elif entry.is_dir(follow_symlinks=False):
                yield from self._inside(path, f"{source}/", above)
            elif path.suffix.lower() in FORMATS and not (entry.is_symlink() and self._is_listed_anyway(path)):
                side_file = path.name + SIDE_SUFFIX
                file = SourceFile(path, source, self._origin)
                yield _with_facts(file, above, folder / side_file if side_file in names else None)

    def _barrier(self, entry: "os.DirEntry[str]", path: Path, source: str) -> Failure | None:
        """Why an entry that looks like a document or a folder is not followed further, None when nothing is wrong."""
        suffix = path.suffix.lower()
        if not (entry.is_symlink() or entry.is_dir() or suffix in FORMATS or suffix in CONVERTIBLE):
            return None
        if not _is_printable(entry.name):
            return Failure(printable(source), "name")
        if entry.is_symlink():
            return self._link_barrier(path, source)
        unsupported = suffix in CONVERTIBLE and not entry.is_dir()
        return Failure(source, "unsupported", suffix) if unsupported else None

    def _link_barrier(self, path: Path, source: str) -> Failure | None:
        target = Path(os.path.realpath(path))
        if _is_loop(path) or (path.is_dir() and Path(os.path.realpath(path.parent)).is_relative_to(target)):
            return Failure(source, "loop")
        outside = not target.is_relative_to(self._root)
        followed = path.is_dir() or path.suffix.lower() in FORMATS
        return Failure(source, "unsafe", "link") if outside and followed and path.exists() else None

    def _is_listed_anyway(self, link: Path) -> bool:
        """Whether the file a link leads to is listed under its own name, or was under that of another link."""
        target = Path(os.path.realpath(link))
        if not target.exists():
            return False
        inside = target.relative_to(self._root)
        own_name = target.suffix.lower() in FORMATS and not any(part.startswith(_PASSED_OVER) for part in inside.parts)
        known = own_name or target in self._linked
        self._linked.add(target)
        return known
