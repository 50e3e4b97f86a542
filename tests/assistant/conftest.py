"""The small index, and the assistant over it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.pipeline import Assistant
from assistant.question import Query, Synonyms, read_question
from corpus import load_lexicon
from indexing import Snapshot, SnapshotStore
from tests.fakes import FakeEmbedder
from tests.small_index import DOCUMENTS, assistant_over, publish


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of the small index; read only, a test that publishes makes its own."""
    home = tmp_path_factory.mktemp("small") / "home"
    publish(home, DOCUMENTS)
    return home


@pytest.fixture
def assistant(home: Path) -> Assistant:
    return assistant_over(home)


@pytest.fixture(scope="session")
def snapshot(home: Path) -> Snapshot:
    return SnapshotStore(home).open(FakeEmbedder().fingerprint)


@pytest.fixture(scope="session")
def synonyms() -> Synonyms:
    return Synonyms(load_lexicon())


@pytest.fixture(scope="session")
def read(snapshot: Snapshot, synonyms: Synonyms) -> Callable[[str], Query]:
    """Read a question in the words of the small index."""
    return lambda question: read_question(question, snapshot.vocabulary, synonyms)
