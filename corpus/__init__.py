"""Floor 0: from files to documents, and the starter fiches."""

from corpus.cleaning import line_key
from corpus.document import (
    KINDS,
    Applicability,
    Block,
    Document,
    Kind,
    Locator,
    Metadata,
    Reference,
    Section,
    Territory,
)
from corpus.lexicon import Lexicon, LexiconInvalid, load_lexicon
from corpus.metadata import InvalidMetadata, date_words
from corpus.reading import Failure, FailureCode, SourceFile, list_files, read_document

__all__ = [
    "KINDS",
    "Applicability",
    "Block",
    "Document",
    "Failure",
    "FailureCode",
    "InvalidMetadata",
    "Kind",
    "Lexicon",
    "LexiconInvalid",
    "Locator",
    "Metadata",
    "Reference",
    "Section",
    "SourceFile",
    "Territory",
    "date_words",
    "line_key",
    "list_files",
    "load_lexicon",
    "read_document",
]
