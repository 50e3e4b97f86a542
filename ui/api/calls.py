"""The phone desk's log: an operator's calls, and the month's figures of everybody's."""

from datetime import UTC, date, datetime
from typing import Annotated, Any, get_args

from fastapi import APIRouter, Depends, Query
from pydantic import AfterValidator, BaseModel, BeforeValidator, Field
from pydantic_core import PydanticCustomError
from typing_extensions import TypedDict

from assistant import telephone
from assistant.store import Call, CallNotes, CallOutcome, CallReport
from assistant.store.days import day_of
from ui.api.access import allowed
from ui.api.caller import Caller
from ui.api.routes import TheAssistant
from ui.api.schemas import Profile, Question
from ui.api.stored import CLEAN, CLOSED, STORE_AWAY, WRONG, Id, PathId, TheStore, problem

router = APIRouter(tags=["Appels"])
Operator = Annotated[Caller, Depends(allowed("calls"))]
UNKNOWN_CALL = problem(404, "Aucun de vos appels n'a cet identifiant")
YEARS = range(2000, 2101)


def _number(typed: str) -> str:
    number = telephone.normalised(typed)
    if number is None:
        raise PydanticCustomError("bad_number", "bad number")
    return number


def _day(typed: Any) -> date:
    try:
        day = date.fromisoformat(typed)
        if len(typed) == len("2026-11-22") and day.year in YEARS:
            return day
    except (TypeError, ValueError):
        pass
    raise PydanticCustomError("bad_day", "bad day")


CallbackNumber = Annotated[
    str,
    Field(max_length=40, description="Le numéro à rappeler, oublié sept jours après.", examples=["06 12 34 56 78"]),
    AfterValidator(_number),
]
Day = Annotated[date, BeforeValidator(_day), Field(description="Un jour, heure de Paris.", examples=["2026-11-22"])]
Month = Annotated[
    str,
    Field(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$", description="Un mois, heure de Paris.", examples=["2026-11"]),
]
Outcome = Annotated[CallOutcome | None, Field(description="Comment l'appel a fini ; vide tant qu'il dure.")]
Note = Annotated[str, Field(max_length=4000, description="Un mot de plus ; noms et coordonnées y sont masqués."), CLEAN]
Parked = Annotated[bool, Field(description="Mis de côté, pour y revenir.")]


class CallRequest(BaseModel):
    """Un appel : ce qui a été demandé, ce qui a été montré, comment il a fini."""

    model_config = CLOSED | {
        "json_schema_extra": {
            "examples": [
                {
                    "question": "part maxi commune capital scic",
                    "turn_id": "5f0c8a3e9d8b4d0c9a5e0f4b7c6d1e2f",
                    "profile": {"type": "commune", "population": 900},
                    "passages": ["0c9a5e0f4b7c6d1e"],
                    "outcome": "a_rappeler",
                    "note": "Veut l'article de loi.",
                    "callback_number": "06 12 34 56 78",
                }
            ]
        }
    }

    question: Annotated[Question, AfterValidator(lambda text: text.replace("\0", ""))]
    turn_id: Annotated[Id | None, Field(description="La réponse lue, si une question a été posée.")] = None
    profile: Profile | None = None
    passages: Annotated[tuple[Id, ...], Field(max_length=100, description="Les passages lus ou envoyés.")] = ()
    outcome: Outcome = None
    note: Note = ""
    callback_number: CallbackNumber | None = None
    parked: Parked = False


class CallChange(BaseModel):
    """Ce qui change d'un appel ; ce qui n'est pas donné reste. `callback_number` vide (null) oublie le numéro."""

    model_config = CLOSED | {"json_schema_extra": {"examples": [{"outcome": "repondu", "parked": False}]}}

    outcome: Outcome = None
    note: Note = ""
    callback_number: CallbackNumber | None = None
    parked: Parked = False


class CallsQuery(BaseModel):
    """Quels appels montrer."""

    model_config = CLOSED

    day: Day | None = None
    parked: Annotated[bool | None, Field(description="Seulement ceux mis de côté, ou seulement les autres.")] = None


class ReportQuery(BaseModel):
    """Quel mois compter."""

    model_config = CLOSED

    month: Month | None = None


class CallBody(TypedDict):
    """Un appel ; `callback_text` est le numéro comme on le lit et le compose."""

    id: str
    question: str
    turn_id: str | None
    profile: dict[str, int | str] | None
    passages: list[str]
    themes: list[str]
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
    """`theme` est vide pour les appels sans document."""

    theme: str | None
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


@router.post(
    "/v1/calls",
    summary="Noter un appel",
    status_code=201,
    responses=WRONG | STORE_AWAY | problem(404, "Aucune réponse de vos conversations n'a cet identifiant"),
)
def open_call(given: CallRequest, store: TheStore, assistant: TheAssistant, caller: Operator) -> CallBody:
    """L'appel noté, avec son identifiant ; noms et coordonnées sont masqués dans la question et la note.

    Ses thèmes sont ceux des documents de la réponse et des passages donnés.
    """
    documents = assistant.documents_holding(given.passages) if given.passages else ()
    themes = (theme for one in documents if caller.filters.accept(one) for theme in one.metadata.themes)
    notes = CallNotes(
        question=given.question,
        turn_id=given.turn_id,
        profile=given.profile.model_dump(exclude_none=True) if given.profile else {},
        passages=given.passages,
        themes=tuple(dict.fromkeys(themes)),
        outcome=given.outcome,
        note=given.note,
        callback_number=given.callback_number,
        parked=given.parked,
    )
    return call_body(store.calls.open(caller.owner, notes))


@router.patch("/v1/calls/{call_id}", summary="Compléter un appel", responses=WRONG | STORE_AWAY | UNKNOWN_CALL)
def change_call(call_id: PathId, changed: CallChange, store: TheStore, caller: Operator) -> CallBody:
    """L'appel tel qu'il est désormais. Il est fini (`closed_at`) quand il a une issue et n'est pas mis de côté."""
    return call_body(store.calls.change(call_id, caller.owner, **changed.model_dump(exclude_unset=True)))


@router.get("/v1/calls", summary="Ses appels", responses=WRONG | STORE_AWAY)
def calls(asked: Annotated[CallsQuery, Query()], store: TheStore, caller: Operator) -> CallsBody:
    """Ses propres appels, du plus récent au plus ancien : ceux d'un jour (aujourd'hui si aucun n'est donné).

    `parked=true` sans jour donne tous ceux qui sont mis de côté, de quelque jour qu'ils soient.
    """
    if asked.day is None and asked.parked:
        return {"day": None, "calls": [call_body(one) for one in store.calls.parked(caller.owner)]}
    day = asked.day or day_of(datetime.now(UTC))
    found = store.calls.of_day(caller.owner, day)
    kept = (one for one in found if asked.parked in (None, one.notes.parked))
    return {"day": day.isoformat(), "calls": [call_body(one) for one in kept]}


@router.get("/v1/calls/report", summary="Les appels d'un mois, en chiffres", responses=WRONG | STORE_AWAY)
def report(asked: Annotated[ReportQuery, Query()], store: TheStore, _: Operator) -> CallReportBody:
    """Tous les appels d'un mois, de tous les opérateurs, comptés par thème, par issue et par jour ; aucun texte."""
    month = asked.month or f"{day_of(datetime.now(UTC)):%Y-%m}"
    year, number = (int(part) for part in month.split("-"))
    return report_body(month, store.calls.report(year, number))


def call_body(call: Call) -> CallBody:
    notes = call.notes
    return {
        "id": call.id,
        "question": notes.question,
        "turn_id": notes.turn_id,
        "profile": dict(notes.profile) or None,
        "passages": list(notes.passages),
        "themes": list(notes.themes),
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
        "themes": [{"theme": theme or None, "calls": count} for theme, count in report.themes.items()],
        "outcomes": [{"outcome": one, "calls": report.outcomes.get(one, 0)} for one in named],
        "days": [{"day": day.isoformat(), "calls": count} for day, count in report.days.items()],
    }
