"""What a snapshot is made of, in plain files: documents, passages, vectors and their keys. All else comes from them."""

import json
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any, overload

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter

from corpus import Document
from indexing import manifest as manifests
from indexing.manifest import ManifestInvalid
from indexing.passage import DocumentRecord, Passage

DOCUMENTS, PASSAGES, KEYS = "documents.jsonl", "passages.jsonl", "keys.txt"
PASSAGE_VECTORS, UNIT_VECTORS = "passages.npy", "units.npy"
KEY = 24
"""Characters of a key: the beginning of the SHA-256 of a text, in hexadecimal."""
_UNIT_KEYS, _TEXTS = "unit-keys.scratch", "texts.scratch"
_SCRATCH = (_UNIT_KEYS, _TEXTS)
_DOCUMENT, _PASSAGE = TypeAdapter(Document), TypeAdapter(Passage)


class SnapshotDamaged(Exception):
    """A published snapshot is not whole; the message names what is missing."""


def iter_documents(folder: Path) -> Iterator[Document]:
    """Read the documents of a snapshot folder one by one, whatever became of its other files.

    Raises SnapshotDamaged, before the first one when the file is not the one that was written.
    """
    _refuse_changed(folder, DOCUMENTS)
    yield from _lines(folder / DOCUMENTS, _DOCUMENT)


class StoredPassages(Sequence[Passage]):
    """The passages of a snapshot folder, read from disk each time: only where each begins is kept in memory."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / PASSAGES
        self._starts = array("Q")
        start = 0
        with self._path.open("rb") as file:
            for line in file:
                self._starts.append(start)
                start += len(line)

    def __len__(self) -> int:
        return len(self._starts)

    def __iter__(self) -> Iterator[Passage]:
        return iter_passages(self._path.parent)

    @overload
    def __getitem__(self, number: int) -> Passage: ...

    @overload
    def __getitem__(self, number: slice) -> Sequence[Passage]: ...

    def __getitem__(self, number: int | slice) -> Passage | Sequence[Passage]:
        if isinstance(number, slice):
            return [self[one] for one in range(*number.indices(len(self)))]
        with self._path.open("rb") as file:
            file.seek(self._starts[number])
            return _PASSAGE.validate_json(file.readline())


def read_vectors(folder: Path) -> tuple[NDArray[np.float32], NDArray[np.float16]]:
    """The vectors of passages and of units, one a row, in order; read from disk as they are needed.

    Raises SnapshotDamaged.
    """
    try:
        return np.load(folder / PASSAGE_VECTORS, mmap_mode="r"), np.load(folder / UNIT_VECTORS, mmap_mode="r")
    except (OSError, ValueError, EOFError) as error:
        raise SnapshotDamaged(f"{folder.name}: {error}") from error


def read_records(folder: Path) -> tuple[DocumentRecord, ...]:
    """The documents of a snapshot folder without their texts, in order. Raises SnapshotDamaged."""
    counts = Counter(passage.document_id for passage in iter_passages(folder))
    return tuple(
        DocumentRecord(document.id, document.source, document.metadata, counts[document.id], document.original)
        for document in iter_documents(folder)
    )


def iter_passages(folder: Path) -> Iterator[Passage]:
    """Read the passages of a snapshot folder one by one, in document order then reading order.

    Raises SnapshotDamaged.
    """
    return _lines(folder / PASSAGES, _PASSAGE)


class ContentsWriter:
    """Writes documents and passages as they come, and the texts to embed for them. Use it as a context manager.

    Texts that `add` is told to are kept beside, for `texts` to read again: they may be more than memory holds.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: dict[str, IO[bytes]] = {}
        self.documents = self.passages = self.units = 0

    def __enter__(self) -> "ContentsWriter":
        self._files = {name: (self._folder / name).open("wb") for name in (DOCUMENTS, PASSAGES, KEYS, *_SCRATCH)}
        return self

    def __exit__(self, *_: object) -> None:
        for file in self._files.values():
            file.close()

    def add(self, document: Document, passages: Sequence[Passage]) -> None:
        self._files[DOCUMENTS].write(_DOCUMENT.dump_json(document) + b"\n")
        for passage in passages:
            self._files[PASSAGES].write(_PASSAGE.dump_json(passage) + b"\n")
        self.documents += 1
        self.passages += len(passages)

    def add_keys(self, passage_keys: Sequence[bytes], unit_keys: Sequence[bytes]) -> None:
        """The keys of the texts embedded for the passages just added, and for their units, in order."""
        self._files[KEYS].writelines(key + b"\n" for key in passage_keys)
        self._files[_UNIT_KEYS].writelines(key + b"\n" for key in unit_keys)
        self.units += len(unit_keys)

    def add_text(self, key: bytes, text: str) -> None:
        """A text to embed."""
        self._files[_TEXTS].write(json.dumps([key.decode(), text]).encode() + b"\n")

    def join_keys(self) -> None:
        """Once all is added: the keys of units follow those of passages."""
        for file in self._files.values():
            file.flush()
        with (self._folder / _UNIT_KEYS).open("rb") as units:
            while block := units.read(1 << 20):
                self._files[KEYS].write(block)
        self._files[KEYS].flush()


def texts_to_embed(folder: Path) -> Iterator[tuple[bytes, str]]:
    """The keys and texts that `ContentsWriter.add_text` kept, in that order."""
    with (folder / _TEXTS).open("rb") as file:
        for line in file:
            key, text = json.loads(line)
            yield key.encode(), text


def drop_scratch(folder: Path) -> None:
    """Remove what only the build needed."""
    for name in _SCRATCH:
        (folder / name).unlink()


def read_keys(folder: Path) -> NDArray[np.bytes_]:
    """The key of each embedded text, passages then units, shape (passages + units,). Raises OSError, ValueError."""
    return parse_keys((folder / KEYS).read_bytes())


def parse_keys(raw: bytes) -> NDArray[np.bytes_]:
    """Keys written one a line. Raises ValueError when they are not."""
    lines = np.frombuffer(raw if raw.endswith(b"\n") or not raw else raw + b"\n", dtype=f"S{KEY + 1}")
    return lines.astype(f"S{KEY}")


def save_rows(
    path: Path, blocks: Iterable[NDArray[Any]], shape: tuple[int, int], dtype: type[np.floating[Any]]
) -> None:
    """Write an array to a .npy file block by block.

    Not through a memory map: on a full disk, writing to one kills the process where a write raises.
    """
    with path.open("wb") as file:
        header = {"descr": np.lib.format.dtype_to_descr(np.dtype(dtype)), "fortran_order": False, "shape": shape}
        np.lib.format.write_array_header_1_0(file, header)
        for block in blocks:
            file.write(np.ascontiguousarray(block, dtype=dtype).tobytes())


def _refuse_changed(folder: Path, name: str) -> None:
    try:
        manifest = manifests.load_contents(folder)
    except ManifestInvalid:
        # Nothing is left to compare with: each line that can be read is a document all the same.
        return
    if not manifests.holds(manifest, folder, name):
        raise SnapshotDamaged(f"{folder.name}: {name} is damaged")


def _lines(path: Path, adapter: TypeAdapter[Any]) -> Iterator[Any]:
    try:
        with path.open("rb") as file:
            for line in file:
                yield adapter.validate_json(line)
    except (OSError, ValueError) as error:
        raise SnapshotDamaged(f"{path.parent.name}: {error}") from error
