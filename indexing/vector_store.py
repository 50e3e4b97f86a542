"""Nearest passages by vector: the one file that knows Chroma."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

COLLECTION = "passages"
# The defaults lose a tenth of the ten nearest at 10 000 vectors; a test holds these to 0.99 of exact search.
HNSW = {"space": "cosine", "ef_construction": 200, "max_neighbors": 32, "ef_search": 400}
_BATCH = 2000


class VectorStoreDamaged(Exception):
    """The store on disk cannot be opened or does not hold what was written."""


class VectorStore:
    """An immutable collection of passage vectors, each with its passage id and document id."""

    def __init__(self, client: Any, collection: Any) -> None:
        self._client = client
        self._collection = collection

    @classmethod
    def build(
        cls, folder: Path, ids: Sequence[str], document_ids: Sequence[str], vectors: NDArray[np.float32]
    ) -> "VectorStore":
        """Write a new store in `folder`. `vectors` has shape (len(ids), dimension), rows L2-normalised."""
        client = _client(folder)
        # embedding_function=None: otherwise Chroma would want to download a model of its own.
        collection = client.create_collection(COLLECTION, configuration={"hnsw": HNSW}, embedding_function=None)
        for start in range(0, len(ids), _BATCH):
            stop = start + _BATCH
            collection.add(
                ids=list(ids[start:stop]),
                embeddings=vectors[start:stop],
                metadatas=[{"document_id": document_id} for document_id in document_ids[start:stop]],
            )
        return cls(client, collection)

    @classmethod
    def open(cls, folder: Path, expected: int) -> "VectorStore":
        """Open a store written before. Raises VectorStoreDamaged when it is not whole.

        Chroma opens a damaged folder without an error and has no self-repair, so the count is checked here and the
        caller checks canaries.
        """
        if not (folder / "chroma.sqlite3").is_file():
            raise VectorStoreDamaged(f"{folder.name}: no database")
        try:
            client = _client(folder)
            collection = client.get_collection(COLLECTION, embedding_function=None)
            count = collection.count()
        except _errors() as error:
            raise VectorStoreDamaged(f"{folder.name}: {error}") from error
        if count != expected:
            raise VectorStoreDamaged(f"{folder.name}: {count} vectors, expected {expected}")
        return cls(client, collection)

    def nearest(self, query: NDArray[np.float32], most: int, document_ids: Sequence[str] | None = None) -> list[str]:
        """Ids of the passages nearest to a query vector of shape (dimension,), nearest first.

        `document_ids` keeps only passages of these documents. Raises VectorStoreDamaged when Chroma cannot answer.
        """
        where = {"document_id": {"$in": list(document_ids)}} if document_ids is not None else None
        try:
            found = self._collection.query(
                query_embeddings=[query], n_results=min(most, self._collection.count()), where=where, include=[]
            )
        except _errors() as error:
            raise VectorStoreDamaged(str(error)) from error
        return [str(passage_id) for passage_id in found["ids"][0]]

    def close(self) -> None:
        """Let go of the files. Chroma shares one system a folder in a process, so this ends every handle on it."""
        self._client.close()


def _errors() -> tuple[type[Exception], ...]:
    """What Chroma raises on a store that is not whole."""
    from chromadb.errors import ChromaError

    return ChromaError, ValueError, OSError, RuntimeError


def _client(folder: Path) -> Any:
    # Imported here: Chroma takes a second, and most commands do without it.
    import chromadb
    from chromadb.config import Settings

    return chromadb.PersistentClient(path=str(folder), settings=Settings(anonymized_telemetry=False, allow_reset=False))
