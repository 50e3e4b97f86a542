"""Does the memory of a build grow with the number of documents? The peak of building 100, then 1 000, a process each.

python -m evals.bench.build_memory [--documents 100 1000] [--fake] [--out evals/results/build_memory.json]

The texts are made here: two sections a document, of short sentences so that a thousand documents are embedded in
minutes. With --fake, vectors are hashed words: what is left is the build itself.
"""

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import cast

import numpy as np

from indexing import Embedder, Library, Progress
from indexing.embedder import Vectors

WHO = ("La commune", "L'association", "La régie", "Le syndicat", "La coopérative", "L'intercommunalité", "Le conseil")
DOES = ("finance", "anime", "répare", "ouvre", "entretient", "confie à ses habitants", "rachète", "agrandit", "gère")
WHAT = ("la halle", "le four à pain", "l'épicerie", "le moulin", "la chaufferie", "l'atelier", "la ressourcerie")
WHEN = ("depuis {}", "à partir de {}", "jusqu'en {}", "pour la troisième fois en {}", "avec l'aide obtenue en {}")
ALLOWED = 1.2
"""What the peak of most documents may be over that of fewest."""


class Hashed:
    """Vectors of hashed words, of the size of the real ones."""

    fingerprint = "hashed"

    def load_for_passages(self) -> None:
        pass

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        return self.embed_passages(texts)

    def embed_passages(self, texts: Sequence[str], batch_size: int = 16) -> Vectors:
        vectors = np.full((len(texts), 384), 1e-3, dtype=np.float32)
        for row, text in enumerate(texts):
            for word in text.split():
                vectors[row, zlib.crc32(word.encode()) % 384] += 1
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, nargs="+", default=[100, 1000])
    parser.add_argument("--fake", action="store_true")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        print(json.dumps(measured(given.one, given.fake)))
        return
    again = [sys.executable, "-m", "evals.bench.build_memory", *(["--fake"] if given.fake else []), "--one"]
    # A process each: a peak never comes down again.
    runs = [
        json.loads(subprocess.run([*again, str(count)], stdout=subprocess.PIPE, check=True).stdout.splitlines()[-1])
        for count in sorted(given.documents)
    ]
    growth = round(runs[-1]["peak_mb"] / runs[0]["peak_mb"], 3)
    result = {"model": "hashed words" if given.fake else "configured", "runs": runs, "growth": growth, "most": ALLOWED}
    print(json.dumps(result, indent=1))
    if given.out:
        given.out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


def measured(count: int, fake: bool) -> dict[str, float]:
    """Build an index of `count` documents in this process, and say what it took."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "documents"
        write_documents(folder, count)
        library = Library(Path(scratch) / "home", cast(Embedder, Hashed()) if fake else _configured())
        started = time.perf_counter()
        report = library.add([str(folder)], {}, _silent)
    return {
        "documents": count,
        "passages": report.passages,
        "texts": report.embedded,
        "seconds": round(time.perf_counter() - started, 1),
        # Kilobytes on Linux, bytes on macOS.
        "peak_mb": round(
            resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)
        ),
    }


def write_documents(folder: Path, count: int) -> None:
    """The same documents each time, one a file."""
    folder.mkdir()
    chance = random.Random(2026)
    for number in range(count):
        lines = [f"# Le projet {number} de la vallée {chance.randrange(count)}", ""]
        for title in ("Ce que fait le projet", "Qui le finance"):
            said = (_sentence(chance) for _ in range(2))
            lines += [f"## {title}", "", " ".join(said), ""]
        (folder / f"projet-{number:05}.md").write_text("\n".join(lines), encoding="utf-8")


def _sentence(chance: random.Random) -> str:
    when = chance.choice(WHEN).format(chance.randrange(1990, 2026))
    return f"{chance.choice(WHO)} {chance.choice(DOES)} {chance.choice(WHAT)} {when}, pour {chance.randrange(9999)} €."


def _configured() -> Embedder:
    from assistant.factory import open_embedder
    from assistant.settings import Settings

    return open_embedder(Settings())


def _silent(_: Progress) -> None:
    pass


if __name__ == "__main__":
    main()
