"""Texts to vectors: passages by sentence-transformers, questions by the graph of the same model where there is one."""

import hashlib
import os
import sys
from collections import OrderedDict
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexing.query_model import QueryModel
from indexing.weights import FILE_SHA256, FOLDER_VERSION, ModelUnavailable, prepare_model, quiet_libraries

EMBEDDED_MODEL = "embedded-e5-small"
Vectors = NDArray[np.float32]
Encode = Callable[[list[str], int], Vectors]
Read = Callable[[list[str], bool], Vectors]
_QUESTIONS = 16
RECENT = 256
"""Vectors of questions kept: the parts of a question are embedded together before each is asked."""


class Embedder:
    """A sentence-transformers model with its query and passage prefixes.

    `packed_file` holds the embedded model's weights where the package that carries them is not installed.
    `model` is EMBEDDED_MODEL, or the folder or name of another sentence-transformers model. The weights load at the
    first use, or by `load` and `load_for_passages`. Vectors are L2-normalised float32 rows, so a dot product is a
    cosine in [-1, 1].
    """

    def __init__(
        self,
        model: str,
        cache: Path,
        query_prefix: str = "query: ",
        passage_prefix: str = "passage: ",
        packed_file: Path | None = None,
    ) -> None:
        self._model = model
        self._cache = cache
        self._packed_file = packed_file
        self._query_prefix = query_prefix
        self._passage_prefix = passage_prefix
        self._encode = lru_cache(maxsize=1)(self._loaded)
        self._encode_queries = lru_cache(maxsize=1)(self._loaded_for_queries)
        self._count = lru_cache(maxsize=1)(self._counter)
        self._threads: int | None = None
        self._recent: OrderedDict[tuple[str, bool], Vectors] = OrderedDict()

    @property
    def fingerprint(self) -> str:
        """Names the model and prefixes that made a vector; vectors of two fingerprints must not be compared."""
        weights = f"{FILE_SHA256[:12]}.{FOLDER_VERSION}" if self._model == EMBEDDED_MODEL else ""
        prefixes = hashlib.sha256("\n".join((self._query_prefix, self._passage_prefix)).encode()).hexdigest()[:6]
        return f"{self._model}@{weights}+{prefixes}" if weights else f"{self._model}+{prefixes}"

    def load(self) -> None:
        """Read into memory what questions are read with. Raises ModelUnavailable."""
        self._encode_queries()

    def load_for_passages(self) -> None:
        """Read into memory what passages are read with. Raises ModelUnavailable."""
        self._encode()

    def share_processors(self, at_once: int) -> None:
        """Have each of `at_once` threads embed with its share of the processors, from their first text on.

        Several questions that each want every processor spend most of their time waiting for one another.
        """
        self._threads = max(1, (os.cpu_count() or 1) // at_once)
        if torch := sys.modules.get("torch"):
            torch.set_num_threads(self._threads)

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Embed words that are searched, near to texts on their subject. Returns shape (len(texts), dimension)."""
        return self._read(texts, adapted=False)

    def embed_questions(self, texts: Sequence[str]) -> Vectors:
        """Embed questions that are asked, near to the sentences that answer them, by the embedded model's adapter.

        Any other model reads them as queries. Returns shape (len(texts), dimension).
        """
        return self._read(texts, adapted=self._model == EMBEDDED_MODEL)

    def _read(self, texts: Sequence[str], adapted: bool) -> Vectors:
        if not texts:
            return self._encode_queries()([], adapted)
        known = {text: vector for text in texts if (vector := self._recent.get((text, adapted))) is not None}
        new = [text for text in dict.fromkeys(texts) if text not in known]
        if new:
            vectors = self._encode_queries()([self._query_prefix + text for text in new], adapted)
            known |= dict(zip(new, vectors, strict=True))
            self._recent.update(((text, adapted), known[text]) for text in new)
            while len(self._recent) > RECENT:
                self._recent.popitem(last=False)
        return np.stack([known[text] for text in texts])

    def embed_passages(self, texts: Sequence[str], batch_size: int = 16) -> Vectors:
        """Embed passages or units for indexing. Returns shape (len(texts), dimension), in the order given."""
        return self._encode()([self._passage_prefix + text for text in texts], batch_size)

    def count_tokens(self, text: str) -> int:
        """How many tokens the model reads a text as, its prefix and marks left out. Raises ModelUnavailable."""
        return self._count()(text)

    def _counter(self) -> Callable[[str], int]:
        from tokenizers import Tokenizer

        quiet_libraries()
        if self._model == EMBEDDED_MODEL:
            folder = prepare_model(self._cache, self._packed_file)
            tokenizer: Any = Tokenizer.from_file(str(folder / "tokenizer.json"))
        else:
            from transformers import AutoTokenizer

            try:
                tokenizer = AutoTokenizer.from_pretrained(self._model)._tokenizer
            except (OSError, ValueError, AttributeError) as error:
                raise ModelUnavailable(f"{self._model}: {error}") from error
        tokenizer.no_truncation()
        return lambda text: len(tokenizer.encode(text, add_special_tokens=False))

    def _loaded_for_queries(self) -> Read:
        if self._model == EMBEDDED_MODEL:
            return QueryModel(self._cache, self._packed_file).encode
        encode = self._encode()
        return lambda texts, adapted: encode(texts, _QUESTIONS)

    def _loaded(self) -> Encode:
        # Imported here: they take seconds, and reading questions does without them.
        import torch
        from sentence_transformers import SentenceTransformer

        quiet_libraries()
        if self._threads is not None:
            torch.set_num_threads(self._threads)
        folder = str(prepare_model(self._cache, self._packed_file)) if self._model == EMBEDDED_MODEL else self._model
        try:
            model = SentenceTransformer(folder, device="cpu")
        except (OSError, ValueError, RuntimeError) as error:
            raise ModelUnavailable(f"{self._model}: {error}") from error

        def encode(texts: list[str], batch_size: int) -> Vectors:
            vectors = model.encode(
                texts, batch_size=batch_size, normalize_embeddings=True, convert_to_numpy=True, show_progress_bar=False
            )
            return np.asarray(vectors, dtype=np.float32)

        return encode
