"""The small index, published once for the models that reword it."""

from pathlib import Path

import pytest

from tests.small_index import DOCUMENTS, publish


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("small") / "home"
    publish(home, DOCUMENTS)
    return home
