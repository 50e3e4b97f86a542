"""How much slower is a whole build than the bare encoding of the same texts in the same batches, in one run?

python -m evals.bench.build_ratio FOLDER [--documents 60] [--out FILE]
"""

import argparse
import json
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from assistant.factory import open_embedder
from assistant.settings import Settings
from indexing import Embedder, Library, Progress
from indexing.embedder import Vectors


class Timed:
    """An embedder that keeps its batches, and how long it was at work."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self.fingerprint = embedder.fingerprint
        self.seconds = 0.0
        self.texts = 0

    def load_for_passages(self) -> None:
        self._embedder.load_for_passages()

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        return self._embedder.embed_queries(texts)

    def embed_passages(self, texts: Sequence[str], batch_size: int = 16) -> Vectors:
        started = time.perf_counter()
        vectors = self._embedder.embed_passages(texts, batch_size)
        self.seconds += time.perf_counter() - started
        self.texts += len(texts)
        return vectors


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--documents", type=int, default=60)
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    files = sorted(path for path in given.folder.rglob("*") if path.is_file())[: given.documents]
    embedder = Timed(open_embedder(Settings()))
    embedder.load_for_passages()
    with tempfile.TemporaryDirectory() as scratch:
        started = time.perf_counter()
        report = Library(Path(scratch), embedder).add([str(path) for path in files], {}, _silent)  # type: ignore[arg-type]
        build = time.perf_counter() - started
    result = {
        "documents": len(files),
        "passages": report.passages,
        "texts": embedder.texts,
        "build_over_encode": round(build / embedder.seconds, 3),
        "passages_per_second": round(report.passages / build, 2),
        "texts_per_second": round(embedder.texts / embedder.seconds, 1),
    }
    print(json.dumps(result))
    if given.out:
        given.out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


def _silent(_: Progress) -> None:
    pass


if __name__ == "__main__":
    main()
