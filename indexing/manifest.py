"""What a snapshot holds: written last, so a folder with a manifest is a whole snapshot."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

FORMAT = 1
FILE = "manifest.json"
OPENED = "chroma"


@dataclass(frozen=True, slots=True)
class Manifest:
    """Counts, model and checksums of a snapshot. `files` maps a file name to its SHA-256; Chroma's own files, which it
    rewrites when it opens them, are left out and checked by count and canaries instead."""

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


def checksums(folder: Path) -> dict[str, str]:
    """SHA-256 of the files of a snapshot folder, by path, those of Chroma left out."""
    plain = [path for path in sorted(folder.rglob("*")) if path.is_file() and path != folder / FILE]
    names = {path.relative_to(folder).as_posix(): path for path in plain}
    return {name: _digest(path) for name, path in names.items() if not name.startswith(f"{OPENED}/")}


def save(manifest: Manifest, folder: Path) -> None:
    (folder / FILE).write_bytes(_ADAPTER.dump_json(manifest, indent=1))


def load(folder: Path) -> Manifest:
    """Read a manifest. Raises ManifestInvalid."""
    try:
        manifest = _ADAPTER.validate_json((folder / FILE).read_bytes())
    except OSError as error:
        raise ManifestInvalid(f"{folder.name}: no manifest") from error
    except ValidationError as error:
        raise ManifestInvalid(f"{folder.name}: unreadable manifest") from error
    if manifest.format != FORMAT:
        raise ManifestInvalid(f"{folder.name}: format {manifest.format}, expected {FORMAT}")
    return manifest


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
