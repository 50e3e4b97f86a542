"""How long someone waits for the chat page: until it can be typed in, and from Enter to the first passages on screen.

  python -m evals.pages --url http://127.0.0.1:8000 [--questions FILE.jsonl] [--count 30] [--opened 5] [--out FILE]

The server must be open to this machine. A real Chromium (with playwright, of the `dev` extra) opens the page `--opened`
times with nothing kept from the time before, then asks `--count` questions, each in a conversation of its own, and the
clock of the page stops when passages found have been painted, then when the answer is whole.
"""

import argparse
import json
import os
import platform
import random
import shutil
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from evals.desk import FLAGS, figures, served

OUR_SET = Path("evals/data/fiches.jsonl")
READY = "#question textarea, #question input"
# Milliseconds from Enter to what is painted: the frame after the one in which it was there.
ENTERED = """async () => {
  const until = async (done) => {
    for (let tries = 0; tries < 1800 && !done(); tries += 1) await new Promise(requestAnimationFrame);
    await new Promise(requestAnimationFrame);
    return done() ? performance.now() - window.enteredAt : null;
  };
  const passages = await until(() => document.querySelector("#sources details") !== null);
  const whole = await until(() => document.getElementById("print")?.checkVisibility());
  return { passages, whole };
}"""
CLOCK = """() => {
  const entered = (event) => { if (event.key === "Enter") window.enteredAt = performance.now(); };
  addEventListener("keydown", entered, true);
}"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    parser.add_argument("--questions", type=Path, default=OUR_SET)
    parser.add_argument("--count", type=int, default=30)
    parser.add_argument("--opened", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    load_before = os.getloadavg()[0]
    questions = read_questions(given.questions, given.count, given.seed)
    ready, asked = on_screen(given.url, questions, given.opened)
    result = {
        "parameters": {
            "questions": len(questions),
            "set": given.questions.name,
            "opened": given.opened,
            "seed": given.seed,
            "corpus": {
                name: served(given.url, "/readyz")["corpus"][name] for name in ("documents", "passages", "model")
            },
            "cores": os.cpu_count(),
            "load_before": round(load_before, 1),
            "python": platform.python_version(),
        },
        "page_ready_ms": figures(ready),
        "enter_to_passages_ms": figures([one["passages"] for one in asked if one["passages"] is not None]),
        "enter_to_whole_answer_ms": figures([one["whole"] for one in asked if one["whole"] is not None]),
    }
    print(json.dumps(result, indent=1))
    if given.out:
        given.out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


def read_questions(path: Path, count: int, seed: int) -> list[str]:
    """First turns of some cases."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    asked = [json.loads(line)["turns"][0] for line in lines]
    return random.Random(seed).sample(asked, min(count, len(asked)))


def on_screen(url: str, questions: Sequence[str], opened: int) -> tuple[list[float], list[dict[str, Any]]]:
    """Milliseconds until the page can be typed in, for each opening; and from Enter, for each question."""
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        ready = []
        for _ in range(opened):
            fresh = browser.new_context(viewport={"width": 1280, "height": 900})
            page = fresh.new_page()
            begun = time.perf_counter()
            page.goto(url, wait_until="commit")
            page.wait_for_selector(READY)
            ready.append((time.perf_counter() - begun) * 1000)
            fresh.close()
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(url)
        page.wait_for_selector(READY)
        page.evaluate(CLOCK)
        asked = []
        for question in questions:
            page.locator(READY).fill(question)
            page.locator(READY).press("Enter")
            asked.append(page.evaluate(ENTERED))
            page.locator("#new").click()
            page.wait_for_selector("#sources details", state="detached")
        browser.close()
    return ready, asked


if __name__ == "__main__":
    main()
