"""The phone desk's log: an operator's calls, and the month's figures of everybody's."""

from datetime import UTC, date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import AfterValidator, BaseModel, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from assistant import telephone
from assistant.pipeline import Assistant
from assistant.store import CallNotes, CallOutcome, LookedUp
from assistant.store.days import day_of
from ui.api.access import allowed
from ui.api.call_bodies import CallBody, CallReportBody, CallsBody, call_body, report_body
from ui.api.caller import Caller
from ui.api.routes import TheAssistant
from ui.api.schemas import Profile, Question
from ui.api.stored import CLEAN, CLOSED, STORE_AWAY, WRONG, Id, PathId, TheStore, problem

router = APIRouter(tags=["Appels"])
Operator = Annotated[Caller, Depends(allowed("calls"))]
UNKNOWN = problem(404, "Aucun de vos appels, ou aucune réponse de vos conversations, n'a cet identifiant")
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


def _clean(text: str) -> str:
    return text.replace("\0", "")


Words = Annotated[Question, AfterValidator(_clean)]


class Asked(BaseModel):
    """Une question posée pendant l'appel, et la réponse lue s'il y en a une."""

    model_config = CLOSED | {"json_schema_extra": {"examples": [{"question": "délai de dépôt de la subvention"}]}}

    question: Words
    turn_id: Annotated[Id | None, Field(description="La réponse lue.")] = None


AllAsked = Annotated[
    tuple[Asked, ...],
    Field(max_length=100, description="Tout ce qui a été demandé aux documents, dans l'ordre."),
]
Passages = Annotated[tuple[Id, ...], Field(max_length=100, description="Les passages lus ou envoyés.")]


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

    question: Words
    turn_id: Annotated[Id | None, Field(description="La réponse lue, si une question a été posée.")] = None
    asked: AllAsked = ()
    profile: Profile | None = None
    passages: Passages = ()
    outcome: Outcome = None
    note: Note = ""
    callback_number: CallbackNumber | None = None
    parked: Parked = False


class CallChange(BaseModel):
    """Ce qui change d'un appel ; ce qui n'est pas donné reste. `callback_number` vide (null) oublie le numéro.

    `asked` et `passages` s'ajoutent à ce que l'appel tient déjà.
    """

    model_config = CLOSED | {"json_schema_extra": {"examples": [{"outcome": "repondu", "parked": False}]}}

    asked: AllAsked = ()
    profile: Profile | None = None
    passages: Passages = ()
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
    notes = CallNotes(
        question=given.question,
        turn_id=given.turn_id,
        profile=_profile(given),
        outcome=given.outcome,
        note=given.note,
        callback_number=given.callback_number,
        parked=given.parked,
    )
    return call_body(store.calls.open(caller.owner, notes, _looked_up(given, assistant, caller)))


@router.patch("/v1/calls/{call_id}", summary="Compléter un appel", responses=WRONG | STORE_AWAY | UNKNOWN)
def change_call(
    call_id: PathId, changed: CallChange, store: TheStore, assistant: TheAssistant, caller: Operator
) -> CallBody:
    """L'appel tel qu'il est désormais. Il est fini (`closed_at`) quand il a une issue et n'est pas mis de côté.

    Les questions, les passages et leurs thèmes s'ajoutent à ceux qu'il avait ; rien n'en est ôté.
    """
    fields = changed.model_dump(exclude_unset=True, exclude={"asked", "passages", "profile"})
    if "profile" in changed.model_fields_set:
        fields["profile"] = _profile(changed)
    return call_body(store.calls.change(call_id, caller.owner, _looked_up(changed, assistant, caller), **fields))


def _profile(given: CallRequest | CallChange) -> dict[str, Any]:
    return given.profile.model_dump(exclude_none=True) if given.profile else {}


def _looked_up(given: CallRequest | CallChange, assistant: Assistant, caller: Caller) -> LookedUp:
    """Themes are those of the passages that the caller may read; passages no longer published have none."""
    documents = assistant.documents_holding(given.passages) if given.passages else ()
    return LookedUp(
        questions=tuple(one.question for one in given.asked),
        turn_ids=tuple(one.turn_id for one in given.asked if one.turn_id),
        passages=given.passages,
        themes=tuple(theme for one in documents if caller.filters.accept(one) for theme in one.metadata.themes),
    )


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
