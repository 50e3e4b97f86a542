"""Putting the parts together from the settings."""

from importlib.resources import files

from assistant.abstention import Calibration, load_calibration
from assistant.pipeline import Assistant
from assistant.question import Synonyms
from assistant.session import Sessions
from assistant.settings import Settings
from corpus import load_lexicon
from indexing import Embedder, Library, SnapshotStore

STARTER = "fiches"


def open_embedder(settings: Settings) -> Embedder:
    return Embedder(
        settings.model, settings.cache, settings.query_prefix, settings.passage_prefix, packed_file=settings.weights
    )


def open_assistant(settings: Settings, calibration: Calibration | None = None) -> Assistant:
    """An assistant over the home folder; nothing is loaded before the first question or `warm_up`.

    `calibration` replaces the one shipped with the package.
    """
    return Assistant(
        SnapshotStore(settings.home),
        open_embedder(settings),
        calibration or load_calibration(),
        Synonyms(load_lexicon()),
        Sessions(settings.sessions, settings.session_turns),
    )


def open_library(settings: Settings, embedder: Embedder | None = None) -> Library:
    return Library(settings.home, embedder or open_embedder(settings))


def build_starter(settings: Settings, assistant: Assistant) -> None:
    """Index the starter fiches when no snapshot was ever published. Raises as Library.add does."""
    if SnapshotStore(settings.home).current() is not None:
        return
    library = open_library(settings, assistant.embedder)
    try:
        library.add([str(files("corpus").joinpath(STARTER))], {}, assistant.report_building, origin=STARTER)
    finally:
        assistant.report_building(None)
