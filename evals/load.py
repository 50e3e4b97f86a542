"""Many people at once: different questions at a steady rate, asked of a real `serve` process, no reply kept anywhere.

  python -m evals.load [--home HOME] [--rate 10] [--seconds 60] [--users 50] [--workers 1]
                       [--out evals/results/load.json]

Each user keeps one conversation. Without --home, the starter fiches are indexed first. Exit code 1 when a reply is not
200, or the 95th percentile is above 1.5 s.
"""

import argparse
import asyncio
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from evals.serving import all_questions, copied_home, machine, serving, write

SECONDS_AT_P95 = 1.5


@dataclass(frozen=True, slots=True)
class Asked:
    status: str
    seconds: float
    outcome: str = ""
    timings_ms: dict[str, float] | None = None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--rate", type=float, default=10.0)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--concurrency", type=int)
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    where = machine()
    questions = different(int(given.rate * given.seconds))
    settings = {} if given.concurrency is None else {"concurrency": str(given.concurrency)}
    with (
        copied_home(given.home) as home,
        serving(home, ("--no-ui", "--workers", str(given.workers)), settings) as server,
    ):
        # Every worker loads its model at its start, and its first questions still warm caches up.
        asyncio.run(asked_at(server.url, different(len(questions) + 20)[-20:], 4.0, 4))
        before = server.rss_mb()
        replies = asyncio.run(asked_at(server.url, questions, given.rate, given.users))
        after = server.rss_mb()
    result = {
        "parameters": {
            "questions": len(questions),
            "rate": given.rate,
            "seconds": given.seconds,
            "users": given.users,
            "workers": given.workers,
            **settings,
            **where,
        },
        **summary(replies),
        "rss_mb": [before, after],
    }
    write(result, given.out)
    sys.exit(1 if result["errors"] or result["p95_s"] > SECONDS_AT_P95 else 0)


def different(count: int) -> list[str]:
    """That many different questions: ours, then ours again as other communes would ask them."""
    ours = all_questions()
    return [
        ours[at % len(ours)] if at < len(ours) else f"Pour une commune de {at} habitants : {ours[at % len(ours)]}"
        for at in range(count)
    ]


async def asked_at(url: str, questions: list[str], rate: float, users: int) -> list[Asked]:
    """Ask at a steady rate, whether or not the earlier ones were answered: people do not wait for one another."""
    sessions: dict[int, str] = {}
    limits = httpx.Limits(max_connections=users * 4, max_keepalive_connections=users)
    async with httpx.AsyncClient(base_url=url, timeout=90, limits=limits) as client:

        async def ask(user: int, question: str) -> Asked:
            started = time.perf_counter()
            body = {"question": question, "session_id": sessions.get(user)}
            try:
                answer = await client.post("/v1/ask", json=body)
            except httpx.HTTPError as error:
                return Asked(type(error).__name__, time.perf_counter() - started)
            seconds = time.perf_counter() - started
            if answer.status_code != 200:
                return Asked(str(answer.status_code), seconds)
            told: dict[str, Any] = answer.json()
            sessions[user] = told["session_id"]
            return Asked("200", seconds, told["outcome"], told["timings_ms"])

        began, asking = time.perf_counter(), []
        for number, question in enumerate(questions):
            await asyncio.sleep(max(0.0, began + number / rate - time.perf_counter()))
            asking.append(asyncio.create_task(ask(number % users, question)))
        return list(await asyncio.gather(*asking))


def summary(replies: list[Asked]) -> dict[str, Any]:
    seconds = sorted(reply.seconds for reply in replies)
    steps: Counter[str] = Counter()
    for reply in replies:
        steps.update(reply.timings_ms or {})
    answered = sum(reply.status == "200" for reply in replies)
    return {
        "statuses": dict(Counter(reply.status for reply in replies)),
        "errors": len(replies) - answered,
        "outcomes": dict(Counter(reply.outcome for reply in replies if reply.outcome)),
        "p50_s": round(percentile(seconds, 0.5), 3),
        "p95_s": round(percentile(seconds, 0.95), 3),
        "max_s": round(seconds[-1], 3),
        "mean_ms_by_step": {step: round(total / max(1, answered), 1) for step, total in steps.items()},
    }


def percentile(ordered: list[float], share: float) -> float:
    """The smallest value that at least this share of them does not exceed."""
    return ordered[min(len(ordered) - 1, max(0, -(-round(share * 1000) * len(ordered) // 1000) - 1))]


if __name__ == "__main__":
    main()
