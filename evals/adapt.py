"""Fitting what reads questions: the adapter that brings a question near to the sentences that answer it.

  python -m evals.adapt --home HOME [--sources HOME] [--out indexing/questions.safetensors] [--epochs 3] [--seed 0]

HOME holds the index of the starter fiches, the other one that of the five source documents; what is shipped is learnt
from both. The questions are ours. Those on the fiches (evals/data/training.jsonl) are written over four fiches in five;
those over the others (evals/data/held-out.jsonl) are never learnt from. Those on the source documents
(evals/data/training-sources.jsonl) name the units that answer by digests: the texts are not ours to copy.

The figures printed are of questions that are not learnt from, those held out and evals/data/sources.jsonl: where, among
all units by their vectors alone, the first one stands that answers, and whether how near the nearest unit is tells a
question that is answered from one about the same things that is not (area under the curve).

Some twenty minutes on two cores.
"""

import argparse
import hashlib
import json
import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.settings import Settings
from evals.cases import Case, load_cases
from evals.metrics import facts_found
from indexing import EMBEDDED_MODEL, Embedder, Snapshot, SnapshotStore
from indexing.adapter import SHIPPED
from indexing.learning import Example, Flags, Learner, Lesson, fit

DATA = Path(__file__).parent / "data"
_TELLING = 25
"""Characters from which a text found in another says the same, where shorter ones must be equal."""


class Corpus:
    """The units and passages of a snapshot: their vectors, their words, the name of their document's file."""

    def __init__(self, snapshot: Snapshot) -> None:
        # Copies: the snapshot's own are read from its file, and may not be written.
        self.units = np.array(snapshot.unit_vectors, dtype=np.float32)
        self.passages = np.array(snapshot.passage_vectors, dtype=np.float32)
        names = {key: Path(record.source).stem for key, record in snapshot.documents.items()}
        self._passage_names = np.array([names[passage.document_id] for passage in snapshot.passages])
        self.passage_of = np.repeat(np.arange(len(snapshot.passages)), np.diff(snapshot.unit_offsets))
        self.unit_names = self._passage_names[self.passage_of]
        self.texts = [_plain(p.text[unit.start : unit.end]) for p in snapshot.passages for unit in p.units]
        self._digests = np.array([digest(text) for text in self.texts])

    def quoting(self, question: str, fiche: str, quotes: Iterable[str], also: Sequence[str]) -> Example:
        """A question that the words quoted from a fiche answer, and that the fiches of `also` may answer too."""
        said = [_plain(quote) for quote in quotes]
        units = np.zeros(len(self.texts), dtype=bool)
        for number in np.flatnonzero(self.unit_names == fiche):
            text = self.texts[number]
            units[number] = any(_same(text, quote) for quote in said)
        return self._example(question, units, np.isin(self.unit_names, also))

    def pointing(self, question: str, digests: Sequence[str], also: Sequence[str]) -> Example:
        """A question that the units of these digests answer, and that those of `also` may answer too."""
        return self._example(question, np.isin(self._digests, digests), np.isin(self._digests, also))

    def _example(self, question: str, units: Flags, unclear: Flags) -> Example:
        passages, unclear_passages = self._holding(units), self._holding(unclear)
        return Example(question, units, unclear & ~units, passages, unclear_passages & ~passages)

    def _holding(self, units: Flags) -> Flags:
        passages = np.zeros(len(self.passages), dtype=bool)
        passages[self.passage_of[units]] = True
        return passages


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--sources", type=Path)
    parser.add_argument("--out", type=Path, default=SHIPPED)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    cache = Settings().cache
    fingerprint = Embedder(EMBEDDED_MODEL, cache).fingerprint
    fiches = Corpus(SnapshotStore(given.home).open(fingerprint))
    lessons, asked = [on_fiches(fiches)], {"held-out": fiches}
    if given.sources:
        sources = Corpus(SnapshotStore(given.sources).open(fingerprint))
        lessons.append(on_sources(sources))
        asked["sources"] = sources
    learner = Learner(cache, given.seed)
    before = {name: found(learner, corpus, load_cases(DATA / f"{name}.jsonl")) for name, corpus in asked.items()}
    fit(learner, lessons, given.epochs, np.random.default_rng(given.seed))
    learner.adapter().save(given.out)
    after = {name: found(learner, corpus, load_cases(DATA / f"{name}.jsonl")) for name, corpus in asked.items()}
    learnt = {
        "answered": [len(lesson.examples) for lesson in lessons],
        "unanswered": [len(lesson.unanswered) for lesson in lessons],
    }
    parameters = {"epochs": given.epochs, "seed": given.seed}
    json.dump({**parameters, **learnt, "before": before, "after": after}, sys.stdout, indent=2)
    sys.stdout.write("\n")


def on_fiches(corpus: Corpus) -> Lesson:
    rows = _rows("training")
    examples = [corpus.quoting(row["question"], row["fiche"], row["quotes"], row["also"]) for row in rows]
    unanswered = [row["question"] for row in rows if not row["quotes"]]
    return Lesson(corpus.units, corpus.passages, [one for one in examples if one.units.any()], unanswered)


def on_sources(corpus: Corpus) -> Lesson:
    rows = _rows("training-sources")
    examples = [corpus.pointing(row["question"], row["units"], row["also"]) for row in rows]
    unanswered = [row["question"] for row in rows if not row["units"]]
    return Lesson(corpus.units, corpus.passages, [one for one in examples if one.units.any()], unanswered)


def found(learner: Learner, corpus: Corpus, cases: Sequence[Case]) -> dict[str, float]:
    """How questions find the units that answer them, by vectors alone; those that follow another are left out."""
    from sklearn.metrics import roc_auc_score

    ranks, nearest, answered = [], [], []
    for case in cases:
        if len(case.turns) > 1:
            continue
        scores = corpus.units @ learner.vectors(case.turns)[0]
        nearest.append(scores.max())
        answered.append(case.answerable)
        if not case.answerable:
            continue
        own = np.flatnonzero(_of(corpus.unit_names, case.expected_docs[:1]))
        right = [number for number in own if facts_found(case, corpus.texts[number]) > 0]
        if right:
            unclear = _of(corpus.unit_names, case.expected_docs[1:])
            ranks.append(int((scores[~unclear] > scores[right].max()).sum()) + 1)
    places = np.array(ranks)
    return {
        "questions": len(answered),
        "first": round(float((places == 1).mean()), 3),
        "in_ten": round(float((places <= 10).mean()), 3),
        "mrr": round(float((1 / places).mean()), 3),
        "area": round(float(roc_auc_score(answered, nearest)), 3),
    }


def digest(text: str) -> str:
    """Names a unit of a source document by its words."""
    return hashlib.sha256(_plain(text).encode()).hexdigest()[:16]


def _rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (DATA / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def _of(names: NDArray[np.str_], documents: Sequence[str]) -> Flags:
    """Which units are of one of the documents, named by their files or by the number these begin with."""
    return np.array([name in documents or name.split("_")[0] in documents for name in names])


def _same(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return one == other or (len(short) >= _TELLING and short in long)


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("*", "")).strip(" .;")


if __name__ == "__main__":
    main()
