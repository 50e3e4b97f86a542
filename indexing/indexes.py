"""What finds the passages of a snapshot, made from its contents: words, BM25, nearest vectors, twins.

Each is made by reading the contents from disk once more, so that no text has to stay in memory.
"""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from pydantic import TypeAdapter

from corpus import Document
from indexing.contents import StoredPassages, iter_documents, iter_passages, read_vectors
from indexing.lexical_index import LexicalIndex
from indexing.terms import terms
from indexing.twins import find_twins
from indexing.vector_store import VectorStore
from indexing.vocabulary import Vocabulary

# Tuned on the retrieval bench (evals/results/retrieval_bench.json): long official texts want little saturation and full
# length correction on whole documents, the usual values on passages.
DOCUMENT_BM25 = {"k1": 2.5, "b": 0.95}
PASSAGE_BM25 = {"k1": 1.2, "b": 0.6}
VOCABULARY, TERMS, TWINS = "vocabulary.json", "terms.json", "twins.json"
DOCUMENT_TERMS, PASSAGE_TERMS, NEAREST = "documents.bm25", "passages.bm25", "chroma"
COUNTS = TypeAdapter(dict[str, int])


def write_indexes(folder: Path) -> None:
    """Write all that searches a snapshot folder, whose contents are already there."""
    (folder / VOCABULARY).write_bytes(COUNTS.dump_json(dict(Vocabulary.of(_texts(folder)).counts)))
    counts: Counter[str] = Counter()
    LexicalIndex.build(_passage_terms(folder, counts), **PASSAGE_BM25).save(folder / PASSAGE_TERMS)
    (folder / TERMS).write_bytes(COUNTS.dump_json(dict(counts)))
    LexicalIndex.build(_document_terms(folder), **DOCUMENT_BM25).save(folder / DOCUMENT_TERMS)
    vectors, _ = read_vectors(folder)
    VectorStore.build(
        folder / NEAREST, ((passage.id, passage.document_id) for passage in iter_passages(folder)), vectors
    ).close()
    (folder / TWINS).write_text(json.dumps(find_twins(StoredPassages(folder))))


def read_twins(folder: Path) -> list[list[str]]:
    """The groups of ids that were written; none in a snapshot made before there were any. Raises ValueError."""
    path = folder / TWINS
    return TypeAdapter(list[list[str]]).validate_json(path.read_bytes()) if path.exists() else []


def _texts(folder: Path) -> Iterator[str]:
    """Where words come from: passages, and places, for a story is asked for by its place, which it may not repeat."""
    yield from (passage.text for passage in iter_passages(folder))
    yield from map(_place, iter_documents(folder))


def _passage_terms(folder: Path, counts: Counter[str]) -> Iterator[list[str]]:
    """The terms of each passage; `counts` receives how many passages hold each."""
    for passage in iter_passages(folder):
        found = terms(passage.text)
        counts.update(set(found))
        yield found


def _document_terms(folder: Path) -> Iterator[list[str]]:
    """The terms of each document: its title, its place and its passages."""
    passages = iter_passages(folder)
    passage = next(passages, None)
    for document in iter_documents(folder):
        found = terms(f"{document.metadata.title} {_place(document)}")
        while passage is not None and passage.document_id == document.id:
            found += terms(passage.text)
            passage = next(passages, None)
        yield found


def _place(document: Document) -> str:
    return document.metadata.territory.words if document.metadata.territory else ""
