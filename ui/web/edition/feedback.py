"""What readers said of answers, beside the answers as they were."""

from typing import get_args

from fastapi import Request
from starlette.responses import Response

from assistant.answer import Answer
from assistant.store import REASONS, MarkedTurn, Reason
from indexing import DocumentRecord
from ui import messages, rendering
from ui.retired import without_retired
from ui.web.edition.pages import PER_PAGE, moment, page, room, store_of

router = room()


@router.get("/avis")
def marks(request: Request, motif: str = "") -> Response:
    """The latest marks, all or those for one reason."""
    reasons: tuple[Reason, ...] = tuple(one for one in get_args(Reason) if one == motif) or REASONS
    documents: tuple[DocumentRecord, ...] = request.app.state.assistant.documents()
    published = {one.id for one in documents}
    state = request.app.state.assistant.state()
    since = state.published_at[:10] if state else ""
    shown = [_shown(one, published, since) for one in store_of(request).feedback.latest(PER_PAGE, reasons)]
    return page(request, "feedback.html", marks=shown, reason=motif, reasons=REASONS, most=PER_PAGE)


def _shown(marked: MarkedTurn, published: set[str], since: str) -> dict[str, object]:
    turn = marked.stored.turn
    body = without_retired(rendering.turn_body(turn), published, since)
    answered = isinstance(turn.reply, Answer)
    return {
        "given_at": moment(marked.mark.given_at),
        "asked_at": moment(marked.stored.asked_at),
        "reason": messages.EDITION_REASONS[marked.mark.reason],
        "comment": marked.mark.comment,
        "question": turn.question,
        "answer": body["answer"],
        "documents": {one["document_id"]: one["title"] for one in body["citations"] if one["document_id"] in published}
        if answered
        else {one["passage"]["document_id"]: one["passage"]["title"] for one in body["nearest"]},
    }
