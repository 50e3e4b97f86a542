"""The backlog as users receive it: the same body for HTTP and the command, and the table editors open elsewhere."""

import csv
import io
from collections.abc import Collection, Sequence

from typing_extensions import TypedDict

from assistant.store import GapGroup, GapState
from ui import messages

SHOWN_GAPS = 50
# A spreadsheet runs what begins so, in full width too.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class GapBody(TypedDict):
    """Une question masquée ; `cause` est `abstained`, `partial`, ou la raison d'un avis."""

    question: str
    cause: str
    noted_at: str


class NearDocumentBody(TypedDict):
    id: str
    title: str


class GapGroupBody(TypedDict):
    """Un besoin. `gaps` en montre les 50 dernières questions ; `reopened_at` dit qu'il était traité et revient."""

    id: str
    label: str
    state: GapState
    assignee: str
    count: int
    causes: dict[str, int]
    first_at: str
    last_at: str
    reopened_at: str | None
    documents: list[NearDocumentBody]
    gaps: list[GapBody]


class BacklogBody(TypedDict):
    """`waiting` compte les questions encore sans groupe ; `reopened` sont les groupes que cette lecture rouvre."""

    groups: list[GapGroupBody]
    waiting: int
    reopened: list[str]


def group_body(group: GapGroup, published: Collection[str]) -> GapGroupBody:
    """`published` holds the ids of the documents there are: a removed one is named no more."""
    return {
        "id": group.id,
        "label": group.label,
        "state": group.state,
        "assignee": group.assignee,
        "count": len(group.gaps),
        "causes": group.causes,
        "first_at": group.gaps[-1].noted_at.isoformat(timespec="seconds"),
        "last_at": group.gaps[0].noted_at.isoformat(timespec="seconds"),
        "reopened_at": group.reopened_at.isoformat(timespec="seconds") if group.reopened_at else None,
        "documents": [{"id": one.id, "title": one.title} for one in group.documents if one.id in published],
        "gaps": [
            {"question": gap.question, "cause": gap.cause, "noted_at": gap.noted_at.isoformat(timespec="seconds")}
            for gap in group.gaps[:SHOWN_GAPS]
        ],
    }


def as_csv(groups: Sequence[GapGroupBody]) -> str:
    """A line a group, as French spreadsheets read it: a byte order mark, semicolons, nothing that runs as a formula."""
    lines = io.StringIO()
    lines.write("\ufeff")
    writer = csv.writer(lines, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(messages.BACKLOG_COLUMNS)
    for group in groups:
        row = (
            group["id"],
            group["label"],
            str(group["count"]),
            ", ".join(f"{messages.GAP_CAUSES.get(cause, cause)} ({n})" for cause, n in group["causes"].items()),
            messages.GAP_STATES[group["state"]],
            group["assignee"],
            group["first_at"][:10],
            group["last_at"][:10],
            " | ".join(document["title"] for document in group["documents"]),
            " | ".join(dict.fromkeys(gap["question"] for gap in group["gaps"])),
        )
        writer.writerow([harmless(cell) for cell in row])
    return lines.getvalue()


def harmless(cell: str) -> str:
    return f"'{cell}" if cell.lstrip(" \u00a0\u202f").startswith(FORMULA) or cell.startswith(FORMULA) else cell
