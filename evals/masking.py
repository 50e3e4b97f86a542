"""What masking finds and what it masks for nothing, on labelled sentences it was not written from.

python -m evals.masking [--sentences evals/data/masking.jsonl] [--out evals/results/masking.json]
"""

import argparse
import json
import re
import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

from assistant.masking import LABELS, Found, find

FOLDER = Path(str(files("evals")))
_WORD = re.compile(r"\w+")
# Masked or not, they say nothing of who is spoken of.
_CIVILITIES = frozenset(
    ["m", "mr", "mme", "mmes", "mlle", "mm", "monsieur", "madame", "mademoiselle", "maître", "me", "dr"]
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence and the personal data a person marked in it."""

    text: str
    spans: tuple[Found, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares between 0 and 1: of spans wholly masked and rightly named, by label; of masks on what is nobody's."""

    spans: dict[str, int]
    recall: dict[str, float]
    right_label: dict[str, float]
    false_words: float
    false_sentences: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sentences", type=Path, default=FOLDER / "data" / "masking.jsonl")
    parser.add_argument("--out", type=Path, default=FOLDER / "results" / "masking.json")
    given = parser.parse_args()
    sentences = load_sentences(given.sentences)
    started = time.perf_counter()
    # A name of no list, a name, a foreign number: what reads the frequencies, the lists and the numbering plans once.
    find("mme kervadoret, Jean Dupont, +32 475 12 34 56")
    first = time.perf_counter() - started
    found, seconds = timed(sentences, find)
    figures = measure(sentences, found)
    result = {
        "parameters": {
            "sentences": given.sentences.name,
            "count": len(sentences),
            "impersonal": sum(not sentence.spans for sentence in sentences),
            **{name: version(name) for name in ("faker", "phonenumbers", "python-stdnum", "wordfreq")},
        },
        "spans": figures.spans,
        "recall": rounded(figures.recall),
        "right_label": rounded(figures.right_label),
        "false_words": round(figures.false_words, 4),
        "false_sentences": round(figures.false_sentences, 4),
        "ms": {
            "first": round(first * 1000),
            "median": round(statistics.median(seconds) * 1000, 2),
            "worst": round(max(seconds) * 1000, 2),
        },
    }
    print(json.dumps(result, indent=1, ensure_ascii=False))
    given.out.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def load_sentences(path: Path) -> list[Sentence]:
    """One JSON object a line: text, spans.

    Raises ValueError when a span has no known label or stands outside its text.
    """
    sentences = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        row = json.loads(line)
        for span in row["spans"]:
            if span["label"] not in LABELS or not 0 <= span["start"] < span["end"] <= len(row["text"]):
                raise ValueError(f"{path.name}, line {number}: {span} is no span of its text")
        spans = tuple(Found(span["start"], span["end"], span["label"]) for span in row["spans"])
        sentences.append(Sentence(row["text"], spans))
    return sentences


def timed(
    sentences: Sequence[Sentence], finder: Callable[[str], tuple[Found, ...]]
) -> tuple[list[tuple[Found, ...]], list[float]]:
    """What a finder finds in each sentence, and the seconds it took."""
    found, seconds = [], []
    for sentence in sentences:
        started = time.perf_counter()
        found.append(finder(sentence.text))
        seconds.append(time.perf_counter() - started)
    return found, seconds


def measure(sentences: Sequence[Sentence], found: Sequence[tuple[Found, ...]]) -> Figures:
    """Figures of what was found in each sentence. A span counts when all its words are masked, under any label."""
    wholly: dict[str, list[bool]] = {}
    rightly: dict[str, list[bool]] = {}
    outside: list[bool] = []
    impersonal: list[bool] = []
    for sentence, finds in zip(sentences, found, strict=True):
        masked, marked = covered(finds), covered(sentence.spans)
        for span in sentence.spans:
            telling = telling_words(sentence.text, span)
            wholly.setdefault(span.label, []).append(telling <= masked)
            same = covered(find for find in finds if find.label == span.label)
            rightly.setdefault(span.label, []).append(bool(same & covered([span])))
        for word in _WORD.finditer(sentence.text):
            place = set(range(*word.span()))
            if not place & marked:
                outside.append(bool(place & masked))
        if not sentence.spans:
            impersonal.append(bool(finds))
    return Figures(
        spans={label: len(each) for label, each in wholly.items()},
        recall={label: share(each) for label, each in wholly.items()},
        right_label={label: share(each) for label, each in rightly.items()},
        false_words=share(outside),
        false_sentences=share(impersonal),
    )


def telling_words(text: str, span: Found) -> set[int]:
    """Positions of a span's letters and digits, its civility aside."""
    words = [match for match in _WORD.finditer(text, span.start, span.end) if match[0].lower() not in _CIVILITIES]
    return {at for match in words for at in range(*match.span())}


def covered(spans: Iterable[Found]) -> set[int]:
    return {at for span in spans for at in range(span.start, span.end)}


def share(each: Sequence[bool]) -> float:
    return sum(each) / len(each) if each else 0.0


def rounded(shares: dict[str, float]) -> dict[str, float]:
    return {name: round(value, 4) for name, value in shares.items()}


if __name__ == "__main__":
    main()
