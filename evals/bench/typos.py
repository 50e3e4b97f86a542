"""What typing mistakes cost: the bench asked as it is, then with one wrong letter in each word of six or more.

  python -m evals.bench.typos SET.jsonl.gz --url http://127.0.0.1:8000 [--seed 1] [--out evals/results/typos.json]

The server must have indexed the set's texts, one file a text, ID.txt.
"""

import argparse
import gzip
import json
import random
import urllib.parse
import urllib.request
from pathlib import Path, PurePath

LONG_WORD = 6
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("set", type=Path)
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    with gzip.open(given.set, "rt", encoding="utf-8") as lines:
        texts = [json.loads(line) for line in lines]
    questions = [text for text in texts if text["kind"] == "question"]
    chance = random.Random(given.seed)
    clean = [rank(given.url, text["title"], text["id"]) for text in questions]
    wrong = [rank(given.url, misspelt(text["title"], chance), text["id"]) for text in questions]
    result = {
        "questions": len(questions),
        "seed": given.seed,
        "R@10": round(share(clean), 4),
        "R@10 misspelt": round(share(wrong), 4),
        "MRR@10": round(reciprocal(clean), 4),
        "MRR@10 misspelt": round(reciprocal(wrong), 4),
    }
    print(json.dumps(result))
    if given.out:
        given.out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


def misspelt(question: str, chance: random.Random) -> str:
    """The question with one letter changed in each word of LONG_WORD letters or more."""
    words = []
    for word in question.split(" "):
        letters = [at for at, letter in enumerate(word) if letter.isalpha()]
        if len(letters) >= LONG_WORD:
            at = chance.choice(letters)
            word = word[:at] + chance.choice(LETTERS.replace(word[at].lower(), "")) + word[at + 1 :]
        words.append(word)
    return " ".join(words)


def rank(url: str, query: str, wanted: str) -> int | None:
    """1-based rank of the wanted text among the distinct documents found, or None."""
    parameters = urllib.parse.urlencode({"query": query, "k": 50})
    with urllib.request.urlopen(f"{url}/v1/search?{parameters}", timeout=60) as answer:
        hits = json.load(answer)["hits"]
    found = list(dict.fromkeys(PurePath(hit["passage"]["source"]).stem for hit in hits))
    return found.index(wanted) + 1 if wanted in found else None


def share(ranks: list[int | None]) -> float:
    return sum(rank is not None and rank <= 10 for rank in ranks) / len(ranks)


def reciprocal(ranks: list[int | None]) -> float:
    return sum(1 / rank for rank in ranks if rank and rank <= 10) / len(ranks)


if __name__ == "__main__":
    main()
