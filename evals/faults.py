"""What happens when something fails: a language model down, slow or talking nonsense; the service killed under load.

  python -m evals.faults [--home HOME] [--rounds 3] [--seconds 10] [--out evals/results/faults.json]

Each model fault must leave the extractive answer, said to be so, within the model's timeout and a margin. Each killed
service must have written every turn it acknowledged, and answer again once restarted. Exit code 1 otherwise.
"""

import argparse
import socket
import sys
import threading
import time
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import select

from assistant.store import Database
from assistant.store.tables import turns
from evals.fake_provider import Misbehaviour, misbehaving
from evals.serving import Server, all_questions, copied_home, machine, post, serving, write

MODEL_SECONDS = 3.0
MARGIN_SECONDS = 3.0
"""For the extractive answer itself, on a busy machine."""
QUESTIONS_A_FAULT = 5
FAULTS: tuple[Misbehaviour | None, ...] = (None, "slow", "nonsense", "html", "error", "cut")
CLIENTS = 8


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=10.0, help="of load before each kill")
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    where = machine()
    with copied_home(given.home) as home:
        providers = [with_fault(home, fault) for fault in FAULTS]
        kills = [
            killed(home, given.seconds, options) for options in ((), ("--workers", "2")) for _ in range(given.rounds)
        ]
    wrong = sum(not one["as_expected"] for one in providers) + sum(one["lost"] + one["refused_after"] for one in kills)
    parameters = {"model_timeout_s": MODEL_SECONDS, "seconds_before_kill": given.seconds, "clients": CLIENTS, **where}
    write({"parameters": parameters, "providers": providers, "kills": kills}, given.out)
    sys.exit(1 if wrong else 0)


def with_fault(home: Path, fault: Misbehaviour | None) -> dict[str, Any]:
    """Questions asked while the model's server has this fault; None: nothing listens at its address."""
    seconds = 4 * MODEL_SECONDS if fault == "slow" else 0.0
    server: AbstractContextManager[str] = misbehaving(fault, seconds) if fault else nullcontext(closed_address())
    with server as url:
        settings = {"llm": "openai:m", "llm_url": url, "llm_key": "none", "llm_timeout": str(MODEL_SECONDS)}
        with serving(home, settings=settings) as served:
            replies = []
            # The first one pays for what is imported at the first call.
            post(f"{served.url}/v1/ask", {"question": "Qui peut aider une commune ?"})
            for question in all_questions()[:QUESTIONS_A_FAULT]:
                began = time.perf_counter()
                status, body = post(f"{served.url}/v1/ask", {"question": question})
                replies.append((status, body, time.perf_counter() - began))
    answered = [body for status, body, _ in replies if status == 200]
    slowest = max(seconds for _, _, seconds in replies)
    return {
        "fault": fault or "down",
        "asked": len(replies),
        "answered": len(answered),
        "extractive": sum(body["composer"] == "extractive" for body in answered),
        "said_so": sum(any(note["code"] == "model_set_aside" for note in body["notes"]) for body in answered),
        "abstained": sum(body["outcome"] == "abstained" for body in answered),
        "slowest_s": round(slowest, 2),
        "as_expected": len(answered) == len(replies)
        and all(body["composer"] == "extractive" for body in answered)
        and slowest <= MODEL_SECONDS + MARGIN_SECONDS,
    }


def killed(home: Path, seconds: float, options: tuple[str, ...]) -> dict[str, Any]:
    """kill -9 in the middle of questions: what was acknowledged and is not in the store, and whether it restarts."""
    questions, acknowledged, stop = all_questions(), set[str](), threading.Event()

    def ask_on(server: Server, client: int) -> None:
        for number in range(client, 10**6, CLIENTS):
            if stop.is_set():
                return
            try:
                status, body = post(f"{server.url}/v1/ask", {"question": questions[number % len(questions)]})
            except (OSError, ValueError):
                continue  # killed in the middle: nothing was acknowledged
            if status == 200:
                acknowledged.add(body["id"])

    with serving(home, ("--no-ui", *options)) as server:
        clients = [threading.Thread(target=ask_on, args=(server, client), daemon=True) for client in range(CLIENTS)]
        for client in clients:
            client.start()
        time.sleep(seconds)
        server.kill()
        stop.set()
        for client in clients:
            client.join(90)
    began = time.perf_counter()
    with serving(home, ("--no-ui", *options)) as again:
        ready_after = time.perf_counter() - began
        status, _ = post(f"{again.url}/v1/ask", {"question": questions[0]})
    database = Database.in_file(home / "store.db")
    with database.read() as connection:
        stored = set(connection.execute(select(turns.c.id)).scalars())
    database.close()
    return {
        "processes": 2 if options else 1,
        "acknowledged": len(acknowledged),
        "lost": len(acknowledged - stored),
        "refused_after": int(status != 200),
        "ready_again_s": round(ready_after, 1),
    }


def closed_address() -> str:
    """An address at which nothing listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}/v1"


if __name__ == "__main__":
    main()
