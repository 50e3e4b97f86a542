"""What should be looked at among the documents: overdue, replaced, undated, twice there, no longer readable."""

from datetime import date

from fastapi import Request
from starlette.responses import Response

from indexing import DocumentRecord
from ui import messages
from ui.commands.corpus_check import concerns_of
from ui.web.edition.pages import library_of, page, room

router = room()
GROUPS = ("past_review", "superseded", "undated", "unreadable", "duplicate")


@router.get("/a-relire")
def to_review(request: Request) -> Response:
    records: tuple[DocumentRecord, ...] = request.app.state.assistant.documents()
    titles = {one.id: one.metadata.title for one in records}
    groups: dict[str, list[tuple[str, str, str, str]]] = {name: [] for name in GROUPS}
    for one in concerns_of(library_of(request), date.today(), with_links=False):
        said = messages.concern(one.code, one.detail)
        groups[one.code].append((one.document_id, titles.get(one.document_id, ""), one.source, said))
    for record in records:
        if record.metadata.superseded_by:
            said = messages.WARNINGS["superseded"].format(superseded_by=record.metadata.superseded_by)
            groups["superseded"].append((record.id, record.metadata.title, record.source, said))
    groups["past_review"].sort(key=lambda row: row[3])
    return page(request, "review.html", groups=groups, total=len(records))
