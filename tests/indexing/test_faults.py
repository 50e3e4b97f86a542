"""What an index must survive: builds killed at any moment, two writers, a full disk, publications under the readers."""

import multiprocessing
import os
import random
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.context import ForkServerContext, ForkServerProcess
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import cast

import numpy as np
import pytest

from corpus import Document
from indexing import DiskFull, Embedder, Filters, Progress, Snapshot, SnapshotStore, WriterBusy
from indexing import build as builds
from indexing.build import Builder
from indexing.contents import iter_documents
from tests.fakes import FakeEmbedder
from tests.indexing.small_snapshot import built, document, documents, publish, quiet
from tests.small_index import DOCUMENTS, assistant_over
from tests.small_index import publish as publish_files

pytestmark = pytest.mark.integration
KILLS, NOTES = 20, 40
NEW = 2 * NOTES // 2
"""Texts to embed of each edition: half the notes change, each in its passage and its sentence."""
PUBLICATIONS, REQUESTS = 6, 200


def notes(edition: int) -> list[Document]:
    """Forty documents; half of them are those of every edition."""
    return [
        document(
            f"n{n}", f"# Note {n}\n\nLe conseil {n} vote le budget {edition if n % 2 else 'annuel'} de la régie {n}."
        )
        for n in range(NOTES)
    ]


class Slow(FakeEmbedder):
    """Takes its time, so that a build lasts long enough to be killed anywhere in it."""

    def embed_passages(self, texts: object, batch_size: int = 16) -> np.ndarray:
        time.sleep(0.02)
        return super().embed_passages(texts, batch_size)  # type: ignore[arg-type]


def build_slowly(home: str, edition: int, begun: Event) -> None:
    """What the process does that is going to be killed."""
    builds._EMBEDDED_AT_ONCE = 4  # type: ignore[misc]
    begun.set()
    built(SnapshotStore(Path(home)), notes(edition), Slow())


@pytest.fixture(scope="module")
def processes() -> ForkServerContext:
    """Processes that have all imports behind them: what is killed is a build, not Python getting ready."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["chromadb", "bm25s", "tests.indexing.test_faults"])
    return context


@pytest.fixture
def store(tmp_path: Path) -> SnapshotStore:
    return SnapshotStore(tmp_path / "home")


def found_by(snapshot: Snapshot) -> set[str]:
    query = FakeEmbedder().embed_queries(["le budget de la régie"])[0]
    return {snapshot.passages[number].document_id for number in snapshot.nearest(query, 100, Filters())}


# Killed


def test_a_build_killed_at_any_moment_loses_and_doubles_nothing(
    store: SnapshotStore, tmp_path: Path, processes: ForkServerContext
) -> None:
    home = tmp_path / "home"
    built(store, notes(0))
    lasts = time_of(processes, home, 1)
    chance = random.Random(20261122)
    unfinished = resumed = 0
    for edition in range(2, 2 + KILLS):
        before = store.current()
        with searching(store) as failures:
            build = begin(processes, home, edition)
            time.sleep(chance.uniform(0, lasts))
            build.kill()
            build.join()
        assert failures == []
        killed_at_work = store.current() == before
        unfinished += killed_at_work
        assert texts_of(store) == [one.sections for one in notes(edition - 1 if killed_at_work else edition)]
        again = FakeEmbedder()
        built(store, notes(edition), again)
        assert len(again.embedded) == len(set(again.embedded)) <= NEW
        resumed += killed_at_work and len(again.embedded) < NEW
        whole(store, edition)
    assert unfinished >= KILLS // 2, "most of them were killed before they published"
    assert resumed > 0, "some of what they embedded was not embedded again"
    assert built(store, notes(99)).embedded == NEW


def begin(processes: ForkServerContext, home: Path, edition: int) -> ForkServerProcess:
    """A process that is building."""
    begun = processes.Event()
    build = processes.Process(target=build_slowly, args=(str(home), edition, begun))
    build.start()
    assert begun.wait(60)
    return build


def time_of(processes: ForkServerContext, home: Path, edition: int) -> float:
    """How long a build lasts in a process of its own, in seconds."""
    build = begin(processes, home, edition)
    started = time.perf_counter()
    build.join()
    assert build.exitcode == 0
    return time.perf_counter() - started


def texts_of(store: SnapshotStore) -> list[object]:
    name = store.current()
    assert name is not None
    return [one.sections for one in iter_documents(store.folder(name))]


def whole(store: SnapshotStore, edition: int) -> None:
    """The published snapshot is what a build that nobody killed would have made, and nothing else is left."""
    snapshot = store.open("fake")
    assert list(snapshot.documents) == [one.id for one in notes(edition)]
    assert len({passage.id for passage in snapshot.passages}) == len(snapshot.passages) == NOTES
    assert found_by(snapshot) == set(snapshot.documents)
    straight = SnapshotStore(store.made.parent.parent / f"straight{edition}")
    built(straight, notes(edition))
    expected = straight.open("fake")
    np.testing.assert_array_equal(snapshot.passage_vectors, expected.passage_vectors)
    np.testing.assert_array_equal(snapshot.unit_vectors, expected.unit_vectors)
    expected.close(), snapshot.close()
    assert not store.made.exists()
    kept = {store.current(), store.previous()}
    assert {path.name for path in store.folder("x").parent.iterdir()} == kept


class searching:
    """Opens and searches the published snapshot over and over; what failed is in the list it gives."""

    def __init__(self, store: SnapshotStore) -> None:
        self._store = store
        self._failures: list[BaseException] = []
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> list[BaseException]:
        self._thread.start()
        return self._failures

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        try:
            while not self._ended.is_set():
                snapshot = self._store.open("fake")
                assert len(found_by(snapshot)) == NOTES
                snapshot.close()
        except BaseException as error:
            self._failures.append(error)


# Two writers


def test_a_second_writer_is_told_who_builds_and_succeeds_afterwards(
    store: SnapshotStore, tmp_path: Path, processes: ForkServerContext
) -> None:
    publish(store)
    first = begin(processes, tmp_path / "home", 1)
    # Looked at, not tried for: taking the lock, even for a moment, would refuse the one we wait for.
    named = tmp_path / "home" / "writer.pid"
    while first.is_alive() and not (named.exists() and named.read_text()):
        time.sleep(0.005)
    with pytest.raises(WriterBusy) as caught, store.writing():
        pass
    assert caught.value.pid == str(first.pid)
    first.join()
    assert first.exitcode == 0
    built(store, [*notes(1), *documents()])
    assert len(texts_of(store)) == NOTES + 2


# A full disk


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 8 MB, where we may mount one."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = shutil.which("mount")
    if os.geteuid() or not mount or subprocess.run([mount, "-t", "tmpfs", "-o", "size=8m", "tmpfs", place]).returncode:
        pytest.skip("no disk of a given size can be mounted here")
    yield place
    subprocess.run(["umount", "-l", place], check=True)


@pytest.mark.parametrize("left", [0, 20, 60, 120, 200, 300, 420])
def test_a_disk_that_fills_up_leaves_the_old_snapshot(small_disk: Path, left: int) -> None:
    store = SnapshotStore(small_disk / "home")
    folder, reader = publish(store), store.open("fake")
    filler = small_disk / "filler"
    with filler.open("wb") as file:
        file.write(bytes(max(0, shutil.disk_usage(small_disk).free - left * 1024)))
    with pytest.raises(DiskFull, match="no space left"):
        built(store, notes(0))
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]
    assert found_by(reader) == {"eau", "bois"}, "who reads it goes on"
    reader.close()
    filler.unlink()
    store.open("fake").close()
    built(store, notes(0))
    whole(store, 0)


# Readers


def publish_again(home: str) -> None:
    """What another process does while questions are answered."""
    for number in range(PUBLICATIONS):
        note = f"# Note {number}\n\nLe conseil municipal vote le budget {number}.\n"
        publish_files(Path(home), {**DOCUMENTS, f"note{number}.md": note})
        # Long enough for questions to be answered from each.
        time.sleep(0.5)


def all_answered(ask: Callable[[int], object], still_publishing: Callable[[], bool]) -> int:
    """Ask in sixteen threads, at least as many times as is required and until all is published; raises what failed."""
    asked = 0
    with ThreadPoolExecutor(16) as threads:
        while asked < REQUESTS or still_publishing():
            list(threads.map(ask, range(asked, asked + 50)))
            asked += 50
    return asked


QUESTIONS = (
    "Qui verse une subvention à la conserverie ?",
    "Quel est le prix de la chaleur ?",
    "Par où commencer pour une conserverie mobile ?",
)


def test_no_question_fails_while_snapshots_come_and_go(tmp_path: Path, processes: ForkServerContext) -> None:
    home = tmp_path / "home"
    publish_files(home, DOCUMENTS)
    store, assistant = SnapshotStore(home), assistant_over(home)
    first = store.open("fake")
    # The first question loads word lists: publications must not be over before the second.
    assistant.ask(QUESTIONS[0])
    publisher = processes.Process(target=publish_again, args=(str(home),))
    publisher.start()

    def ask(number: int) -> None:
        if number % 3:
            assert assistant.ask(QUESTIONS[number % 3]).hits
        else:
            filters = Filters(kind=("regle",)) if number % 2 else Filters()
            assert assistant.search("la régie de chaleur", 5, filters)

    assert all_answered(ask, publisher.is_alive) >= REQUESTS
    publisher.join()
    assert publisher.exitcode == 0
    assert store.folder(first.manifest.snapshot).exists(), "the first one is still read"

    query = FakeEmbedder().embed_queries(["la régie de chaleur"])[0]

    def search_the_first(number: int) -> None:
        filters = Filters(kind=("regle",)) if number % 2 else Filters()
        assert len(first.nearest(query, 3, filters)) > 0

    all_answered(search_the_first, lambda: False)
    first.close()


def test_no_request_fails_while_snapshots_come_and_go(
    tmp_path: Path, processes: ForkServerContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    import httpx
    import uvicorn

    from assistant.factory import open_store
    from assistant.settings import Settings
    from ui.app import create_app

    home = tmp_path / "home"
    publish_files(home, DOCUMENTS)
    monkeypatch.setenv("ASSISTANT_ELUS_HOME", str(home))
    app = create_app(Settings(), assistant_over(home), open_store(Settings()), with_chat=False)
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        publisher = processes.Process(target=publish_again, args=(str(home),))
        seen = set()
        with httpx.Client(base_url=f"http://127.0.0.1:{listening.getsockname()[1]}", timeout=60) as client:

            def ask(number: int) -> None:
                if number % 2:
                    answer = client.post("/v1/ask", json={"question": QUESTIONS[number % 3]})
                else:
                    answer = client.get("/v1/search", params={"query": "la régie de chaleur", "kind": "regle"})
                assert answer.status_code == 200, answer.text
                if number % 20 == 0:
                    seen.add(client.get("/readyz").json()["corpus"]["snapshot"])

            ask(0), ask(1)
            publisher.start()
            asked = all_answered(ask, publisher.is_alive)
        publisher.join()
        server.should_exit = True
        thread.join()
    assert publisher.exitcode == 0
    assert asked >= REQUESTS
    assert len(seen) > 2, "the server followed what was published while it answered"


# Interrupted by hand


def test_a_build_stopped_by_ctrl_c_leaves_what_is_published_and_what_it_made(store: SnapshotStore) -> None:
    folder = publish(store)

    def stop(progress: Progress) -> None:
        if progress.stage == "publishing":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), store.writing():
        Builder(store, cast(Embedder, FakeEmbedder())).build(notes(0), stop)
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]
    assert store.made.exists()
    with store.writing():
        assert Builder(store, cast(Embedder, FakeEmbedder())).build(notes(0), quiet).embedded == 0
