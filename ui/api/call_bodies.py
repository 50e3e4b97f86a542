"""A call and a month's figures as the API tells them."""

from typing import get_args

from typing_extensions import TypedDict

from assistant import telephone
from assistant.store import Call, CallOutcome, CallReport
from ui.theme_labels import theme_label


class CallBody(TypedDict):
    """Un appel ; `callback_text` est le numéro comme on le lit et le compose.

    `question` a une ligne par question posée pendant l'appel, `turn_id` est la dernière réponse lue, `theme_labels`
    les thèmes comme on les écrit, dans le même ordre.
    """

    id: str
    question: str
    turn_id: str | None
    profile: dict[str, int | str] | None
    passages: list[str]
    themes: list[str]
    theme_labels: list[str]
    outcome: CallOutcome | None
    note: str
    callback_number: str | None
    callback_text: str | None
    parked: bool
    opened_at: str
    closed_at: str | None


class CallsBody(TypedDict):
    """`day` est vide quand les appels mis de côté de tous les jours sont montrés."""

    day: str | None
    calls: list[CallBody]


class ThemeCount(TypedDict):
    """`theme` est vide pour les appels sans document ; `label` est le thème comme on l'écrit."""

    theme: str | None
    label: str | None
    calls: int


class OutcomeCount(TypedDict):
    """`outcome` est vide pour les appels qui ne sont pas finis."""

    outcome: CallOutcome | None
    calls: int


class DayCount(TypedDict):
    day: str
    calls: int


class CallReportBody(TypedDict):
    month: str
    calls: int
    themes: list[ThemeCount]
    outcomes: list[OutcomeCount]
    days: list[DayCount]


def call_body(call: Call) -> CallBody:
    notes = call.notes
    return {
        "id": call.id,
        "question": notes.question,
        "turn_id": notes.turn_id,
        "profile": dict(notes.profile) or None,
        "passages": list(notes.passages),
        "themes": list(notes.themes),
        "theme_labels": [theme_label(theme) for theme in notes.themes],
        "outcome": notes.outcome,
        "note": notes.note,
        "callback_number": notes.callback_number,
        "callback_text": telephone.readable(notes.callback_number) if notes.callback_number else None,
        "parked": notes.parked,
        "opened_at": call.opened_at.isoformat(timespec="seconds"),
        "closed_at": call.closed_at.isoformat(timespec="seconds") if call.closed_at else None,
    }


def report_body(month: str, report: CallReport) -> CallReportBody:
    """Every outcome is there, 0 included: a table has the same rows each month."""
    named: tuple[CallOutcome | None, ...] = (*get_args(CallOutcome), None)
    return {
        "month": month,
        "calls": report.calls,
        "themes": [
            {"theme": theme or None, "label": theme_label(theme) if theme else None, "calls": count}
            for theme, count in report.themes.items()
        ],
        "outcomes": [{"outcome": one, "calls": report.outcomes.get(one, 0)} for one in named],
        "days": [{"day": day.isoformat(), "calls": count} for day, count in report.days.items()],
    }
