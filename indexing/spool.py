"""Documents read and not yet built, kept on disk: memory does not grow with their number."""

import tempfile
from collections.abc import Collection, Iterable, Iterator
from types import TracebackType

from pydantic import TypeAdapter

from corpus import Document

_DOCUMENTS = TypeAdapter(Document)


class Spool:
    """Documents by id, in the order added; one added again takes the place of the first. A context manager."""

    def __init__(self) -> None:
        # Without a name on disk: whatever happens to this process, nothing is left behind.
        self._file = tempfile.TemporaryFile(prefix="assistant-elus-")  # noqa: SIM115  (closed by __exit__)
        self._places: dict[str, tuple[int, int]] = {}

    def __enter__(self) -> "Spool":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def __len__(self) -> int:
        return len(self._places)

    def __contains__(self, document_id: str) -> bool:
        return document_id in self._places

    def add(self, document: Document) -> None:
        raw = _DOCUMENTS.dump_json(document)
        start = self._file.seek(0, 2)
        self._file.write(raw)
        self._places[document.id] = (start, len(raw))

    def get(self, document_id: str) -> Document:
        start, length = self._places[document_id]
        self._file.seek(start)
        return _DOCUMENTS.validate_json(self._file.read(length))

    def over(self, published: Iterable[Document], dropped: Collection[str]) -> Iterator[Document]:
        """The published documents in their order, each replaced by the one here or dropped, then the new ones."""
        told: set[str] = set()
        for document in published:
            if document.id in self:
                told.add(document.id)
                yield self.get(document.id)
            elif document.id not in dropped:
                yield document
        for document_id in self._places:
            if document_id not in told:
                yield self.get(document_id)


def content_of(document: Document) -> bytes:
    """All a document says, as bytes that are equal when two documents are."""
    return _DOCUMENTS.dump_json(document)
