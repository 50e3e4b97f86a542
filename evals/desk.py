"""How long a phone operator waits: for the passages at each key, for the first ones on screen after Enter.

  python -m evals.desk --url http://127.0.0.1:8000 [--questions FILE.jsonl...] [--count 60] [--out FILE]

The server must be open to this machine. Each question is typed without its small words, as one does with a caller on
the line, and searched every other letter: what is timed is the whole HTTP request. Then a real Chromium (with
playwright, of the `dev` extra) shows /poste: each question is put in the box and Enter pressed at once, and the clock
stops when the passages, the opened one, then the text to read aloud, have been painted.
"""

import argparse
import json
import os
import platform
import random
import re
import shutil
import time
import urllib.request
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Any

OUR_SETS = (Path("evals/data/fiches.jsonl"), Path("evals/data/hors-sujet.jsonl"))
KEPT_WORDS = 7
HITS = 8
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking")
# Milliseconds from Enter to what is painted: the frame after the one in which it was there.
TYPED = """async (words) => {
  const there = (id) => { const one = document.querySelector(id); return one !== null && one.checkVisibility(); };
  const until = async (done) => {
    for (let tries = 0; tries < 1200 && !done(); tries += 1) await new Promise(requestAnimationFrame);
    await new Promise(requestAnimationFrame);
    return done();
  };
  const box = document.getElementById("query");
  const start = performance.now();
  box.value = words;
  box.dispatchEvent(new Event("input", { bubbles: true }));
  box.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
  if (!(await until(() => there("#hits li") && there("#passage-title")))) return null;
  const passages = performance.now() - start;
  const read = await until(() => there("#sources li") || there("#judge"));
  return { passages, reading: read ? performance.now() - start : null };
}"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    parser.add_argument("--questions", type=Path, nargs="+", default=list(OUR_SETS))
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    # Two halves: a question that was just searched would be on screen sooner than one nobody asked yet.
    asked = read_questions(given.questions, 2 * given.count, given.seed)
    questions, shown = asked[::2], asked[1::2]
    load_before = os.getloadavg()[0]
    keys = [timed_search(given.url, typed) for question in questions for typed in as_typed(question)]
    painted = on_screen(given.url, shown)
    reading = [one["reading"] for one in painted if one["reading"] is not None]
    result = {
        "parameters": {
            "questions": len(questions),
            "questions_on_screen": len(shown),
            "sets": [path.name for path in given.questions],
            "seed": given.seed,
            "k": HITS,
            "corpus": {
                name: served(given.url, "/readyz")["corpus"][name] for name in ("documents", "passages", "model")
            },
            "cores": os.cpu_count(),
            "load_before": round(load_before, 1),
            "python": platform.python_version(),
        },
        "hits_request_ms": figures(keys),
        "enter_to_passages_ms": figures([one["passages"] for one in painted]),
        "enter_to_reading_ms": figures(reading),
    }
    print(json.dumps(result, indent=1))
    if given.out:
        given.out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


def read_questions(paths: Sequence[Path], count: int, seed: int) -> list[str]:
    """First turns of some cases, as telegraphic words."""
    lines = [line for path in paths for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    asked = [json.loads(line)["turns"][0] for line in lines]
    return [telegraphic(question) for question in random.Random(seed).sample(asked, min(count, len(asked)))]


def telegraphic(question: str) -> str:
    """Its long words, numbers and acronyms, in lower case."""
    words = (word for word in re.findall(r"[\w%]+", question) if len(word) > 3 or word.isupper() or word.isdigit())
    return " ".join(islice(words, KEPT_WORDS)).lower() or question


def as_typed(words: str) -> list[str]:
    """What stands in the box every other letter, to the last."""
    return [*(words[:end].rstrip() for end in range(2, len(words), 2)), words]


def timed_search(url: str, query: str) -> float:
    """Milliseconds of one request for passages."""
    body = json.dumps({"query": query, "k": HITS}).encode()
    request = urllib.request.Request(f"{url}/v1/search", body, {"Content-Type": "application/json"})
    begun = time.perf_counter()
    with urllib.request.urlopen(request, timeout=60) as answer:
        answer.read()
    return (time.perf_counter() - begun) * 1000


def on_screen(url: str, questions: Sequence[str]) -> list[dict[str, Any]]:
    """For each question that found passages, how long until they were painted, and until the text to read was."""
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(f"{url}/poste")
        page.wait_for_selector("#kinds button")
        found = []
        for question in questions:
            page.locator("#clear").click()
            found.append(page.evaluate(TYPED, question))
        browser.close()
    return [one for one in found if one is not None]


def served(url: str, path: str) -> Any:
    with urllib.request.urlopen(f"{url}{path}", timeout=60) as answer:
        return json.load(answer)


def figures(times: Sequence[float]) -> dict[str, float]:
    """How many, the middle, the 95th percentile and the longest."""
    ordered = sorted(times)
    at = [ordered[min(len(ordered) - 1, int(share * len(ordered)))] for share in (0.5, 0.95)] if ordered else [0.0, 0.0]
    return {
        "count": len(ordered),
        "p50": round(at[0], 1),
        "p95": round(at[1], 1),
        "max": round(ordered[-1] if ordered else 0.0, 1),
    }


if __name__ == "__main__":
    main()
