"""Fitting what reads questions: the adapter that brings a question near to the sentences that answer it.

  python -m evals.adapt --home HOME [--out indexing/questions.safetensors] [--epochs 3] [--seed 0]

HOME holds the index of the starter fiches. The questions are ours (evals/data/training.jsonl), written over four fiches
in five; those over the others (evals/data/held-out.jsonl) are never learnt from, and the figures printed are theirs:
where, among all units by their vectors alone, the first one stands that answers, and whether how near the nearest unit
is tells a question that is answered from one about the same things that is not (area under the curve).

Some ten minutes on two cores.
"""

import argparse
import json
import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from assistant.settings import Settings
from evals.cases import load_cases
from evals.metrics import facts_found
from indexing import EMBEDDED_MODEL, Embedder, Snapshot, SnapshotStore
from indexing.adapter import SHIPPED
from indexing.learning import Example, Learner, fit

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

    def example(self, question: str, fiche: str, quotes: Iterable[str], also: Sequence[str]) -> Example:
        said = [_plain(quote) for quote in quotes]
        units = np.zeros(len(self.texts), dtype=bool)
        for number in np.flatnonzero(self.unit_names == fiche):
            text = self.texts[number]
            units[number] = any(_same(text, quote) for quote in said)
        passages = np.zeros(len(self.passages), dtype=bool)
        passages[self.passage_of[units]] = True
        return Example(
            question,
            units,
            np.isin(self.unit_names, also) & ~units,
            passages,
            np.isin(self._passage_names, also) & ~passages,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=SHIPPED)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    cache = Settings().cache
    corpus = Corpus(SnapshotStore(given.home).open(Embedder(EMBEDDED_MODEL, cache).fingerprint))
    rows = [json.loads(line) for line in (DATA / "training.jsonl").read_text(encoding="utf-8").splitlines()]
    examples = [corpus.example(row["question"], row["fiche"], row["quotes"], row["also"]) for row in rows]
    examples = [example for example in examples if example.units.any()]
    unanswered = [row["question"] for row in rows if not row["quotes"]]
    learner = Learner(cache, given.seed)
    before = held_out(learner, corpus)
    fit(learner, corpus.units, corpus.passages, examples, unanswered, given.epochs, np.random.default_rng(given.seed))
    learner.adapter().save(given.out)
    parameters = {"answered": len(examples), "unanswered": len(unanswered), "epochs": given.epochs, "seed": given.seed}
    json.dump({**parameters, "before": before, "after": held_out(learner, corpus)}, sys.stdout, indent=2)
    sys.stdout.write("\n")


def held_out(learner: Learner, corpus: Corpus) -> dict[str, float]:
    """How questions that are not learnt from find the units that answer them, by vectors alone."""
    from sklearn.metrics import roc_auc_score

    ranks, nearest, answered = [], [], []
    for case in load_cases(DATA / "held-out.jsonl"):
        scores = corpus.units @ learner.vectors([case.turns[-1]])[0]
        nearest.append(scores.max())
        answered.append(case.answerable)
        if not case.answerable:
            continue
        own = np.flatnonzero(corpus.unit_names == case.expected_docs[0])
        right = [number for number in own if facts_found(case, corpus.texts[number]) > 0]
        if right:
            unclear = np.isin(corpus.unit_names, case.expected_docs[1:])
            ranks.append(int((scores[~unclear] > scores[right].max()).sum()) + 1)
    found = np.array(ranks)
    return {
        "questions": len(answered),
        "first": round(float((found == 1).mean()), 3),
        "in_ten": round(float((found <= 10).mean()), 3),
        "mrr": round(float((1 / found).mean()), 3),
        "area": round(float(roc_auc_score(answered, nearest)), 3),
    }


def _same(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return one == other or (len(short) >= _TELLING and short in long)


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("*", "")).strip(" .;")


if __name__ == "__main__":
    main()
