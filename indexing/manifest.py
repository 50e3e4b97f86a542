"""What a snapshot holds: written last, so a folder with a manifest is a whole snapshot.

A first one is written once the contents are there, before what is made from them: a snapshot that loses its manifest,
or any file made from the contents, can still be made whole from files known to be good.
"""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

FORMAT = 1
FILE = "manifest.json"
CONTENTS_FILE = "contents.json"


@dataclass(frozen=True, slots=True)
class Manifest:
    """Counts, model and checksums of a snapshot. `files` maps a file name to its SHA-256; those that Chroma rewrites
    when it opens them are left out, and checked by SQLite, by count and by canaries instead."""

    snapshot: str
    published_at: str
    model: str
    documents: int
    passages: int
    units: int
    files: dict[str, str]
    format: int = FORMAT


_ADAPTER = TypeAdapter(Manifest)


class ManifestInvalid(Exception):
    """The manifest is missing or cannot be read, or a file is not the one it names."""


def checksums(folder: Path, left_out: Collection[Path] = ()) -> dict[str, str]:
    """SHA-256 of the files of a snapshot folder, by path."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and path not in {*left_out, folder / FILE}]
    return {path.relative_to(folder).as_posix(): _digest(path) for path in files}


def save(manifest: Manifest, folder: Path, file: str = FILE) -> None:
    (folder / file).write_bytes(_ADAPTER.dump_json(manifest, indent=1))


def load(folder: Path, file: str = FILE) -> Manifest:
    """Read a manifest. Raises ManifestInvalid."""
    try:
        manifest = _ADAPTER.validate_json((folder / file).read_bytes())
    except OSError as error:
        raise ManifestInvalid(f"{folder.name}: no manifest") from error
    except ValidationError as error:
        raise ManifestInvalid(f"{folder.name}: unreadable manifest") from error
    if manifest.format != FORMAT:
        raise ManifestInvalid(f"{folder.name}: format {manifest.format}, expected {FORMAT}")
    return manifest


def load_contents(folder: Path) -> Manifest:
    """Read what a folder says of its contents, even when its manifest is lost. Raises ManifestInvalid."""
    try:
        return load(folder)
    except ManifestInvalid:
        return load(folder, CONTENTS_FILE)


def holds(manifest: Manifest, folder: Path, name: str) -> bool:
    """Whether one file is there and the one that was written."""
    try:
        return _digest(folder / name) == manifest.files.get(name)
    except OSError:
        return False


def verify(manifest: Manifest, folder: Path) -> None:
    """Compare the plain files with their checksums. Raises ManifestInvalid naming the first that differs."""
    for name, expected in manifest.files.items():
        try:
            found = _digest(folder / name)
        except OSError as error:
            raise ManifestInvalid(f"{folder.name}: {name} is missing") from error
        if found != expected:
            raise ManifestInvalid(f"{folder.name}: {name} is damaged")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
