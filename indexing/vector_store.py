"""Nearest passages by vector: the one file that knows Chroma."""

import errno
import sqlite3
import threading
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

COLLECTION = "passages"
# The defaults lose a tenth of the ten nearest at 10 000 vectors; a test holds these to 0.99 of exact search.
HNSW = {"space": "cosine", "ef_construction": 200, "max_neighbors": 32, "ef_search": 400}
_BATCH = 2000
DATABASE, FILLED = "chroma.sqlite3", "index_metadata.pickle"
# Chroma counts who uses a folder without a lock of its own: a close during an opening would stop what is being opened.
_opening = threading.RLock()


class VectorStoreDamaged(Exception):
    """The store on disk cannot be opened or does not hold what was written."""


class VectorStore:
    """An immutable collection of passage vectors, each with its passage id and document id."""

    def __init__(self, client: Any, collection: Any, count: int) -> None:
        self._client = client
        self._collection = collection
        # Asked of Chroma once: it counts its rows each time, which takes as long as the search.
        self._count = count

    @classmethod
    def build(cls, folder: Path, passages: Iterable[tuple[str, str]], vectors: NDArray[np.float32]) -> "VectorStore":
        """Write a new store in `folder`: the id of each passage and that of its document, and their vectors.

        `vectors` has one row a passage, L2-normalised. Raises OSError when the disk is full.
        """
        pairs = iter(passages)
        try:
            # embedding_function=None: otherwise Chroma would want to download a model of its own.
            client = _client(folder)
            try:
                collection = client.create_collection(COLLECTION, configuration={"hnsw": HNSW}, embedding_function=None)
                start = 0
                while batch := list(islice(pairs, _BATCH)):
                    collection.add(
                        ids=[passage_id for passage_id, _ in batch],
                        embeddings=np.asarray(vectors[start : start + len(batch)]),
                        metadatas=[{"document_id": document_id} for _, document_id in batch],
                    )
                    start += len(batch)
            except BaseException:
                client.close()
                raise
        except _errors() as error:
            _say_when_full(error)
            raise
        return cls(client, collection, start)

    @classmethod
    def open(cls, folder: Path, expected: int) -> "VectorStore":
        """Open a store written before. Raises VectorStoreDamaged when it is not whole, OSError when the disk is full.

        Chroma opens a damaged folder without an error and has no self-repair, so the database and the count are checked
        here, and the caller checks its other files and canaries.
        """
        _check_database(folder)
        try:
            client = _client(folder)
            collection = client.get_collection(COLLECTION, embedding_function=None)
            count = collection.count()
        except _errors() as error:
            # Chroma writes when it opens.
            _say_when_full(error)
            raise VectorStoreDamaged(f"{folder.name}: {error}") from error
        if count != expected:
            raise VectorStoreDamaged(f"{folder.name}: {count} vectors, expected {expected}")
        return cls(client, collection, count)

    def nearest(self, query: NDArray[np.float32], most: int, document_ids: Sequence[str] | None = None) -> list[str]:
        """Ids of the passages nearest to a query vector of shape (dimension,), nearest first.

        `document_ids` keeps only passages of these documents. Raises VectorStoreDamaged when Chroma cannot answer.
        """
        where = {"document_id": {"$in": list(document_ids)}} if document_ids is not None else None
        try:
            found = self._collection.query(
                query_embeddings=[query], n_results=min(most, self._count), where=where, include=[]
            )
        except _errors() as error:
            raise VectorStoreDamaged(str(error)) from error
        return [str(passage_id) for passage_id in found["ids"][0]]

    def close(self) -> None:
        """Let go of the files, once the last store opened on this folder in the process is closed."""
        with _opening:
            self._client.close()


def rewritten(folder: Path) -> set[Path]:
    """The files of a store that Chroma writes anew each time it opens it.

    Those are its database, and the files of an index that is not filled yet: fewer than a thousand vectors are in the
    database only.
    """
    segments = [path for path in folder.iterdir() if path.is_dir() and not (path / FILLED).exists()]
    # SQLite's own files beside the database begin with its name.
    return {*folder.glob(f"{DATABASE}*"), *(file for segment in segments for file in segment.iterdir())}


def _check_database(folder: Path) -> None:
    path = folder / DATABASE
    if not path.is_file():
        raise VectorStoreDamaged(f"{folder.name}: no database")
    try:
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
        try:
            page = int(connection.execute("PRAGMA page_size").fetchone()[0])
            found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise VectorStoreDamaged(f"{folder.name}: {error}") from error
    if found != "ok":
        raise VectorStoreDamaged(f"{folder.name}: {found}")
    # A page cut short at the very end passes SQLite's own check.
    if path.stat().st_size % page:
        raise VectorStoreDamaged(f"{folder.name}: the database is cut short")


def _say_when_full(error: Exception) -> None:
    """Raise OSError when an error of Chroma's is that of a full disk."""
    if any(words in str(error).lower() for words in ("disk is full", "no space left")):
        raise OSError(errno.ENOSPC, str(error)) from error


def _errors() -> tuple[type[Exception], ...]:
    """What Chroma raises on a store that is not whole."""
    from chromadb.errors import ChromaError

    return ChromaError, ValueError, OSError, RuntimeError


def _client(folder: Path) -> Any:
    # Imported here: Chroma takes a second, and most commands do without it.
    import chromadb
    from chromadb.config import Settings

    settings = Settings(anonymized_telemetry=False, allow_reset=False)
    with _opening:
        return chromadb.PersistentClient(path=str(folder), settings=settings)
