"""BM25 over French terms: the one file that knows bm25s."""

import json
import logging
from array import array
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import bm25s
import numpy as np
from numpy.typing import NDArray


class LexicalIndex:
    """Scores of texts for weighted terms (BM25; Robertson and Zaragoza 2009, in the variant bm25s calls "lucene")."""

    def __init__(self, engine: bm25s.BM25 | None, size: int) -> None:
        self._engine = engine
        self._size = size

    @classmethod
    def build(cls, texts: Iterable[Sequence[str]], k1: float, b: float) -> "LexicalIndex":
        """Index texts given as terms. `k1` bounds what repetition adds, `b` in [0, 1] corrects for length."""
        numbers: dict[str, int] = {}
        # As numbers of four bytes: lists of words of a large corpus do not fit in memory.
        corpus = [array("I", (numbers.setdefault(term, len(numbers)) for term in text)) for text in texts]
        if not numbers:
            return cls(None, len(corpus))
        # bm25s logs at DEBUG whatever was asked, and another library's handler would print it.
        logging.getLogger("bm25s").setLevel(logging.WARNING)
        engine = bm25s.BM25(k1=k1, b=b, method="lucene")
        engine.index((corpus, numbers), show_progress=False)
        return cls(engine, len(corpus))

    def scores(self, weights: Mapping[str, float]) -> NDArray[np.float32]:
        """Scores of all texts, shape (number of texts,), each at least 0; an unknown term adds nothing."""
        total = np.zeros(self._size, dtype=np.float32)
        if self._engine is None:
            return total
        known = self._engine.vocab_dict
        for term, weight in weights.items():
            if term in known and term:
                total += np.float32(weight) * self._engine.get_scores([term])
        return total

    def knows(self, term: str) -> bool:
        return self._engine is not None and term in self._engine.vocab_dict

    def save(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        if self._engine is not None:
            self._engine.save(folder, show_progress=False)
        (folder / "size.json").write_text(json.dumps(self._size))

    @classmethod
    def load(cls, folder: Path) -> "LexicalIndex":
        """Read an index back. Raises OSError or ValueError when its files are missing or damaged."""
        size = int(json.loads((folder / "size.json").read_text()))
        if not any(folder.glob("*.index.*")) and not any(folder.glob("params*")):
            return cls(None, size)
        return cls(bm25s.BM25.load(folder, load_vocab=True), size)
