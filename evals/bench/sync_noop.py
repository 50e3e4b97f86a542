"""How long does `corpus sync` take over documents that did not change, as a command, process start included?

python -m evals.bench.sync_noop [--documents 1000] [--runs 5] [--out FILE]

The documents are added with an embedder that hashes words: a no-op sync embeds nothing, so the real model would only
make the preparation longer. The command measured is the real one, with the real settings.
"""

import argparse
import hashlib
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray

from indexing import Embedder, Library, Progress

SUBJECTS = ("l'eau", "la voirie", "la halle", "la forêt", "l'école", "la crèche", "le musée", "la piscine", "le marché")
DIMENSION = 64
# What a command that reads nothing has no use for: each would cost it seconds.
HEAVY = ("torch", "chromadb", "sentence_transformers", "trafilatura", "httpx", "gradio", "pypdfium2", "docx", "pptx")


class HashedEmbedder:
    """Vectors of hashed words."""

    fingerprint = "bench-hashed"

    def load(self) -> None:
        pass

    def embed_passages(self, texts: Sequence[str], batch_size: int = 16) -> NDArray[np.float32]:
        vectors = np.full((len(texts), DIMENSION), 1e-3, dtype=np.float32)
        for row, text in enumerate(texts):
            for word in text.split():
                vectors[row, hashlib.md5(word.encode()).digest()[0] % DIMENSION] += 1
        return cast(NDArray[np.float32], vectors / np.linalg.norm(vectors, axis=1, keepdims=True))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder, home = Path(scratch, "documents"), Path(scratch, "home")
        write_documents(folder, given.documents)
        report = Library(home, cast(Embedder, HashedEmbedder())).add([str(folder)], {}, _silent)
        seconds = [timed_sync(home, given.documents) for _ in range(given.runs)]
        heavy = loaded_modules(home)
    result = {
        "documents": given.documents,
        "passages": report.passages,
        "embedder": "hashed words (nothing is embedded by the sync that is measured)",
        "runs": given.runs,
        "seconds_median": round(statistics.median(seconds), 2),
        "seconds_longest": round(max(seconds), 2),
        "heavy_modules_loaded": heavy,
        "python": platform.python_version(),
        "cores": os.cpu_count(),
    }
    print(json.dumps(result, ensure_ascii=False))
    if given.out:
        given.out.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def write_documents(folder: Path, count: int) -> None:
    """Small texts in twenty folders, each with its own words."""
    for number in range(count):
        subject = SUBJECTS[number % len(SUBJECTS)]
        path = folder / f"commune-{number % 20:02}" / f"deliberation-{number:05}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(
            f"# Délibération {number} sur {subject}\n\n"
            f"Le conseil municipal décide de confier {subject} à une régie de {number} usagers.\n\n"
            f"## Financement\n\nLa commune verse {number * 7} euros par an, et les usagers le reste.\n",
            encoding="utf-8",
        )


def timed_sync(home: Path, documents: int) -> float:
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "ui.__main__", "corpus", "sync", "--json"],
        env=_environment(home),
        capture_output=True,
        check=True,
    )
    seconds = time.perf_counter() - started
    report = json.loads(done.stdout)
    assert len(report["unchanged"]) == documents and report["snapshot"] is None, "the sync was to change nothing"
    return seconds


def loaded_modules(home: Path) -> list[str]:
    """Which of the heavy libraries the command imported."""
    command = "import sys; from ui.__main__ import main; main(['corpus', 'sync', '--json']); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", command], env=_environment(home), capture_output=True, check=True)
    return [name for name in HEAVY if name in done.stdout.decode().split()]


def _environment(home: Path) -> dict[str, str]:
    return {**os.environ, "ASSISTANT_ELUS_HOME": str(home)}


def _silent(_: Progress) -> None:
    pass


if __name__ == "__main__":
    main()
