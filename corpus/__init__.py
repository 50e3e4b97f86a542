"""Floor 0: from files to documents, and the starter fiches."""

from corpus.cleaning import line_key
from corpus.coverage import UNNAMED, Coverage, Row, coverage
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
from corpus.review import Finding, FindingCode, Review, review

__all__ = [
    "KINDS",
    "UNNAMED",
    "Applicability",
    "Block",
    "Coverage",
    "Document",
    "Failure",
    "FailureCode",
    "Finding",
    "FindingCode",
    "InvalidMetadata",
    "Kind",
    "Lexicon",
    "LexiconInvalid",
    "Locator",
    "Metadata",
    "Reference",
    "Review",
    "Row",
    "Section",
    "SourceFile",
    "Territory",
    "coverage",
    "date_words",
    "line_key",
    "list_files",
    "load_lexicon",
    "read_document",
    "review",
]
