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
from corpus.folder import list_files
from corpus.inspection import Concern, ConcernCode, check_links, inspect, is_past, links_of
from corpus.lexicon import Lexicon, LexiconInvalid, load_lexicon
from corpus.metadata import InvalidMetadata, date_words
from corpus.reading import Reader, ReadLimits, read_document
from corpus.registry import Item
from corpus.review import Finding, FindingCode, Review, review
from corpus.source_file import Failure, FailureCode, SourceFile
from corpus.sources import Source, SourceType, is_url
from corpus.survey import Vanishing

__all__ = [
    "KINDS",
    "UNNAMED",
    "Applicability",
    "Block",
    "Concern",
    "ConcernCode",
    "Coverage",
    "Document",
    "Failure",
    "FailureCode",
    "Finding",
    "FindingCode",
    "InvalidMetadata",
    "Item",
    "Kind",
    "Lexicon",
    "LexiconInvalid",
    "Locator",
    "Metadata",
    "ReadLimits",
    "Reader",
    "Reference",
    "Review",
    "Row",
    "Section",
    "Source",
    "SourceFile",
    "SourceType",
    "Territory",
    "Vanishing",
    "check_links",
    "coverage",
    "date_words",
    "inspect",
    "is_past",
    "is_url",
    "line_key",
    "links_of",
    "list_files",
    "load_lexicon",
    "read_document",
    "review",
]
