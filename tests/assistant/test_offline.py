"""No network at run time: indexing and answering in a process where every call outward is refused and written down."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.settings import Settings
from tests.small_index import DOCUMENTS

pytestmark = pytest.mark.integration
ROOT = Path(__file__).parents[2]
# An audit hook sees what libraries do below socket.socket.connect too, and it is there before any of them is imported.
WALK = """
import json, sys

LOOPBACK = ("127.", "::1", "localhost")
attempted = []

def refuse(event, given):
    if event in ("socket.connect", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname"):
        place = given[0] if event.startswith("socket.get") else given[1]
        host = place[0] if isinstance(place, tuple) else place
        host = host.decode() if isinstance(host, bytes) else host
        if isinstance(host, str) and not host.startswith((*LOOPBACK, "/")):
            attempted.append(f"{event} {place}")
            raise OSError("no network")

sys.addaudithook(refuse)
home, folder = sys.argv[1:]

from pathlib import Path
from assistant.answer import Answer
from assistant.factory import lasting_sessions, open_assistant, open_library, open_retention, open_store
from assistant.settings import Settings

settings = Settings(home=Path(home))
report = open_library(settings).add([folder], {}, lambda progress: None)
store = open_store(settings)
assistant = open_assistant(settings, sessions=lasting_sessions(settings, store))
turn = assistant.ask("Combien de salariés emploie la conserverie mobile ?")
reply = turn.reply
# Somebody no document names: masked before it is kept, which must ask nothing of the network either.
turn = assistant.ask("Et la conserverie de Mme Lefèvre ?", turn.session_id)
assert store.conversations.read(turn.session_id, "local") and open_retention(settings, store).purge().scrubbed
said = [sentence.text for sentence in reply.sentences] if isinstance(reply, Answer) else []
print(json.dumps({"added": report.added, "said": said, "attempted": attempted}))
"""


def walk(script: str, *arguments: str) -> dict[str, list[str]]:
    # Variables that keep the libraries offline must not be what keeps us offline.
    environment = {name: value for name, value in os.environ.items() if not name.endswith("_OFFLINE")}
    environment["ASSISTANT_ELUS_CACHE"] = str(Settings().cache)
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout.splitlines()[-1]))


def test_documents_are_indexed_and_a_question_answered_with_every_outward_connection_refused(tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    for name, text in DOCUMENTS.items():
        (folder / name).write_text(text, encoding="utf-8")
    told = walk(WALK, str(tmp_path / "home"), str(folder))
    assert sorted(told["added"]) == sorted(DOCUMENTS)
    assert any("six salariés" in said for said in told["said"])
    assert told["attempted"] == []


def test_the_refusal_would_have_seen_an_attempt() -> None:
    hook = WALK.split("home, folder")[0]
    attempt = """
import socket
for address in ("192.0.2.1", "exemple.invalid"):
    try:
        socket.create_connection((address, 80), timeout=1)
    except OSError as error:
        assert str(error) == "no network", error
print(json.dumps({"attempted": attempted}))
"""
    assert len(walk(hook + attempt)["attempted"]) >= 2
