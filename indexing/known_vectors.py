"""Vectors already made, found again by the key of their text: those of snapshots, and those of a build cut short."""

import json
import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexing import manifest as manifests
from indexing.contents import KEY, KEYS, PASSAGE_VECTORS, UNIT_VECTORS, parse_keys, read_keys

Keys = NDArray[np.bytes_]
_AT_ONCE = 4096


@dataclass(frozen=True, slots=True)
class VectorFile:
    """Vectors in a file, one a row. `keys` are sorted; `rows` says which row each has. Only these two are in memory."""

    keys: Keys
    rows: NDArray[np.int64]
    vectors: NDArray[Any]

    @classmethod
    def of(cls, keys: Keys, vectors: NDArray[Any]) -> "VectorFile":
        order = np.argsort(keys, kind="stable")
        return cls(keys[order], order.astype(np.int64), vectors)

    def find(self, wanted: Keys) -> NDArray[np.int64]:
        """The row of each key, -1 for one that is not here."""
        if not len(self.keys):
            return np.full(len(wanted), -1, dtype=np.int64)
        places = np.minimum(np.searchsorted(self.keys, wanted), len(self.keys) - 1)
        return np.where(self.keys[places] == wanted, self.rows[places], -1)


class KnownVectors:
    """Several files of vectors looked up as one; where two hold a key, the first has it."""

    def __init__(self, files: Sequence[VectorFile]) -> None:
        self._files = tuple(file for file in files if len(file.keys))

    @property
    def dimension(self) -> int:
        """0 when no vector is known."""
        return int(self._files[0].vectors.shape[1]) if self._files else 0

    def has(self, keys: Sequence[bytes]) -> NDArray[np.bool_]:
        """Which of the keys have a vector, shape (len(keys),)."""
        wanted = np.array(keys, dtype=f"S{KEY}")
        found = np.zeros(len(wanted), dtype=np.bool_)
        for file in self._files:
            found |= file.find(wanted) >= 0
        return found

    def blocks(self, keys: Keys) -> Iterator[NDArray[np.float32]]:
        """The vectors of keys, in order, some thousands of rows at once. Raises KeyError for a key without one."""
        for start in range(0, len(keys), _AT_ONCE):
            wanted = keys[start : start + _AT_ONCE]
            block = np.empty((len(wanted), self.dimension), dtype=np.float32)
            missing = np.ones(len(wanted), dtype=np.bool_)
            for file in self._files:
                rows = file.find(wanted)
                here = missing & (rows >= 0)
                block[here] = file.vectors[rows[here]]
                missing &= ~here
            if missing.any():
                raise KeyError(wanted[missing][0].decode())
            yield block


def stored_vectors(folder: Path, model: str) -> list[VectorFile]:
    """The vectors of a snapshot folder made by `model`, those of passages first: they are kept in full precision.

    A file that is not the one that was written is left out, and only that one; without its keys, all are.
    """
    try:
        manifest = manifests.load_contents(folder)
    except manifests.ManifestInvalid:
        return []
    if manifest.model != model or not manifests.holds(manifest, folder, KEYS):
        return []
    keys = read_keys(folder)
    parts = ((PASSAGE_VECTORS, keys[: manifest.passages]), (UNIT_VECTORS, keys[manifest.passages :]))
    return [
        VectorFile.of(own, np.load(folder / name, mmap_mode="r"))
        for name, own in parts
        if len(own) and manifests.holds(manifest, folder, name)
    ]


class MadeVectors:
    """Vectors as a build makes them, on disk at once: a build that is killed hands them to the next one."""

    def __init__(self, folder: Path, model: str) -> None:
        self._folder, self._model = folder, model
        self._head, self._keys, self._rows = folder / "made.json", folder / "keys.txt", folder / "rows.f32"
        self._dimension = self._known_dimension()
        if not self._dimension:
            self.drop()

    def append(self, keys: Sequence[bytes], vectors: NDArray[np.float32]) -> None:
        """Keep the vectors of texts, shape (len(keys), dimension)."""
        if not self._dimension:
            self._begin(int(vectors.shape[1]))
        with self._rows.open("ab") as file:
            file.write(np.ascontiguousarray(vectors, dtype=np.float32).tobytes())
            file.flush()
            os.fsync(file.fileno())
        # After the rows: a key says that its row is there, even after a power cut.
        with self._keys.open("ab") as file:
            file.writelines(key + b"\n" for key in keys)

    def file(self) -> VectorFile | None:
        """All that is kept, None when nothing is. What was cut short in the middle of a row is dropped."""
        if not self._dimension:
            return None
        row = 4 * self._dimension
        count = min(self._rows.stat().st_size // row, self._keys.stat().st_size // (KEY + 1))
        os.truncate(self._rows, count * row)
        os.truncate(self._keys, count * (KEY + 1))
        if not count:
            return None
        vectors = np.memmap(self._rows, dtype=np.float32, mode="r", shape=(count, self._dimension))
        return VectorFile.of(parse_keys(self._keys.read_bytes()), vectors)

    def drop(self) -> None:
        """Once published, they stand in the snapshot."""
        shutil.rmtree(self._folder, ignore_errors=True)
        self._dimension = 0

    def _begin(self, dimension: int) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._rows.touch()
        self._keys.touch()
        self._head.write_text(json.dumps({"model": self._model, "dimension": dimension}))
        self._dimension = dimension

    def _known_dimension(self) -> int:
        """0 when there is nothing to go on with, or another model made it."""
        try:
            head = json.loads(self._head.read_text())
            whole = self._rows.is_file() and self._keys.is_file()
            return int(head["dimension"]) if whole and head["model"] == self._model else 0
        except (OSError, ValueError, KeyError, TypeError):
            return 0
