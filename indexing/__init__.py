"""Floor 1: from documents to passages that can be found."""

from indexing.build import OnProgress, Progress
from indexing.embedder import EMBEDDED_MODEL, Embedder
from indexing.frequency import zipf
from indexing.passage import DocumentRecord, Filters, Hit, Passage, Unit, UnitKind
from indexing.pipeline import BuildReport, Library
from indexing.snapshot import (
    CorpusState,
    IndexMismatch,
    NoIndex,
    Snapshot,
    SnapshotDamaged,
    SnapshotStore,
    UnknownDocument,
    WriterBusy,
)
from indexing.terms import STOPWORDS, Token, fold, stem, terms, tokens
from indexing.vocabulary import Vocabulary
from indexing.weights import ModelUnavailable

__all__ = [
    "EMBEDDED_MODEL",
    "STOPWORDS",
    "BuildReport",
    "CorpusState",
    "DocumentRecord",
    "Embedder",
    "Filters",
    "Hit",
    "IndexMismatch",
    "Library",
    "ModelUnavailable",
    "NoIndex",
    "OnProgress",
    "Passage",
    "Progress",
    "Snapshot",
    "SnapshotDamaged",
    "SnapshotStore",
    "Token",
    "Unit",
    "UnitKind",
    "UnknownDocument",
    "Vocabulary",
    "WriterBusy",
    "fold",
    "stem",
    "terms",
    "tokens",
    "zipf",
]
