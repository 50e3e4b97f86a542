"""Floor 1: from documents to passages that can be found."""

from indexing.build import OnProgress, Progress
from indexing.copying import made_whole, published_copy, published_files
from indexing.deposited import deposit_place, is_deposit
from indexing.embedder import EMBEDDED_MODEL, Embedder
from indexing.frequency import zipf
from indexing.originals import Originals
from indexing.passage import DocumentRecord, Filters, Hit, Passage, Twin, Unit, UnitKind
from indexing.pipeline import BuildReport, Library, UnknownSource
from indexing.snapshot import (
    CorpusState,
    DiskFull,
    IndexMismatch,
    NoIndex,
    NoPrevious,
    Snapshot,
    SnapshotDamaged,
    SnapshotStore,
    UnknownDocument,
    WriterBusy,
    enough_room,
)
from indexing.terms import STOPWORDS, Token, fold, stem, terms, tokens
from indexing.vocabulary import Vocabulary
from indexing.weights import ModelUnavailable

__all__ = [
    "EMBEDDED_MODEL",
    "STOPWORDS",
    "BuildReport",
    "CorpusState",
    "DiskFull",
    "DocumentRecord",
    "Embedder",
    "Filters",
    "Hit",
    "IndexMismatch",
    "Library",
    "ModelUnavailable",
    "NoIndex",
    "NoPrevious",
    "OnProgress",
    "Originals",
    "Passage",
    "Progress",
    "Snapshot",
    "SnapshotDamaged",
    "SnapshotStore",
    "Token",
    "Twin",
    "Unit",
    "UnitKind",
    "UnknownDocument",
    "UnknownSource",
    "Vocabulary",
    "WriterBusy",
    "deposit_place",
    "enough_room",
    "fold",
    "is_deposit",
    "made_whole",
    "published_copy",
    "published_files",
    "stem",
    "terms",
    "tokens",
    "zipf",
]
