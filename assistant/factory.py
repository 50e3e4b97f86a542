"""Putting the parts together from the settings."""

from importlib.resources import files
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

from assistant.calibration import Calibration, load_calibration
from assistant.generator import Generator
from assistant.masking import mask
from assistant.pipeline import Assistant
from assistant.session import MemorySessions, Sessions
from assistant.settings import Settings
from assistant.store import Database, LastingSessions, Retention, Store
from corpus import ReadLimits, load_lexicon
from indexing import Embedder, Library, SnapshotStore

if TYPE_CHECKING:
    from corpus.web.fetching import Fetcher

STARTER = "fiches"
STORE_FILE = "store.db"


def open_embedder(settings: Settings) -> Embedder:
    return Embedder(
        settings.model, settings.cache, settings.query_prefix, settings.passage_prefix, packed_file=settings.weights
    )


class LanguageModelUnavailable(Exception):
    """A language model is configured that cannot be reached through LangChain; the message says why."""


def open_generator(settings: Settings) -> Generator | None:
    """The configured language model, None when there is none. Nothing is sent before the first question.

    Raises LanguageModelUnavailable when its provider's package is missing or its name unknown.
    """
    if not settings.llm:
        return None
    try:
        from langchain.chat_models import init_chat_model

        provider, colon, name = settings.llm.partition(":")
        given: dict[str, Any] = {"temperature": 0, "max_retries": 0, "timeout": settings.llm_timeout}
        given |= {"base_url": settings.llm_url} if settings.llm_url else {}
        # Local servers ask for no key, but their clients refuse to be made without one.
        given["api_key"] = settings.llm_key if settings.llm_key.get_secret_value() else SecretStr("none")
        model = init_chat_model(name if colon else provider, model_provider=provider if colon else "openai", **given)
    except (ImportError, ValueError) as error:
        raise LanguageModelUnavailable(str(error).splitlines()[0]) from error
    return Generator(model, settings.llm, settings.llm_timeout)


def open_store(settings: Settings) -> Store:
    """Conversations, keys, accounts and what else is written, in the configured database, its tables made or brought
    up to date. Raises StoreUnavailable, WrongDatabaseUrl.
    """
    url = settings.database_url.get_secret_value()
    database = Database(url) if url else Database.in_file(settings.home / STORE_FILE)
    database.migrate()
    return Store(database, mask, settings.session_turns)


def lasting_sessions(settings: Settings, store: Store) -> LastingSessions:
    """Sessions kept in the store, and in memory while it cannot be reached."""
    return LastingSessions(store.conversations, MemorySessions(settings.sessions, settings.session_turns))


def open_retention(settings: Settings, store: Store) -> Retention:
    return Retention(store.database, settings.retention_days)


def open_assistant(
    settings: Settings, calibration: Calibration | None = None, sessions: Sessions | None = None
) -> Assistant:
    """An assistant over the home folder; nothing is loaded before the first question or `warm_up`.

    `calibration` replaces the one shipped with the package; `sessions` are in memory unless given.
    """
    return Assistant(
        SnapshotStore(settings.home),
        open_embedder(settings),
        calibration or load_calibration(),
        load_lexicon(),
        sessions or MemorySessions(settings.sessions, settings.session_turns),
        open_generator(settings),
    )


def open_library(settings: Settings, embedder: Embedder | None = None) -> Library:
    limits = ReadLimits(settings.max_file_mb * 1_000_000, settings.parse_timeout)
    return Library(settings.home, embedder or open_embedder(settings), limits, lambda: open_fetcher(settings))


def open_fetcher(settings: Settings) -> "Fetcher":
    """A guarded reader of web pages, to be used as a context manager."""
    from corpus.web.fetching import Fetcher, FetchLimits

    allowed = (host.strip().lower() for host in settings.fetch_allowed.split(","))
    return Fetcher(
        FetchLimits(
            max_bytes=settings.fetch_max_mb * 1_000_000,
            wait_between=settings.fetch_wait,
            allowed_hosts=frozenset(filter(None, allowed)),
        )
    )


def repair(settings: Settings, assistant: Assistant) -> None:
    """Publish anew a snapshot found damaged, out of its own passages and vectors. Raises as Library.rebuild does."""
    library = open_library(settings, assistant.embedder)
    try:
        library.rebuild(assistant.report_building)
    finally:
        assistant.report_building(None)


def build_starter(settings: Settings, assistant: Assistant) -> None:
    """Index the starter fiches when no snapshot was ever published. Raises as Library.add does."""
    if SnapshotStore(settings.home).current() is not None:
        return
    library = open_library(settings, assistant.embedder)
    try:
        library.add([str(files("corpus").joinpath(STARTER))], {}, assistant.report_building, origin=STARTER)
    finally:
        assistant.report_building(None)
