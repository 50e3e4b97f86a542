"""How much a key was used, told to the key itself."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request, Security

# Pydantic, which documents the API from these, asks for this TypedDict before Python 3.12.
from typing_extensions import TypedDict

from assistant.store import ApiKey, Store, UsageReport
from ui import messages
from ui.api.access import BEARER, REFUSALS, the_key
from ui.api.routes import PROBLEM
from ui.problem import Problem, Refused

router = APIRouter()
EXAMPLE = {
    "name": "Portail des communes",
    "hint": "elus_…a1B2",
    "scopes": ["ask", "search"],
    "filters": {"kind": ["regle", "appui"]},
    "expires_at": "2027-01-01T00:00:00+00:00",
    "rate": {"count": 60, "seconds": 60, "left": 58},
    "quota": {"count": 10000, "period": "month", "left": 8766},
    "concurrency": 4,
    "month": 1234,
    "days": [{"day": "2026-11-22", "requests": 57}],
}


class RateBody(TypedDict):
    count: int
    seconds: int
    left: int


class QuotaBody(TypedDict):
    count: int
    period: Literal["day", "month"]
    left: int


class DayBody(TypedDict):
    day: str
    requests: int


class UsageBody(TypedDict):
    """What a key may do, and what it did: `days` are the last 31 of UTC, oldest first."""

    name: str
    hint: str
    scopes: list[str]
    filters: dict[str, list[str]]
    expires_at: str | None
    rate: RateBody | None
    quota: QuotaBody | None
    concurrency: int | None
    month: int
    days: list[DayBody]


def own_key(request: Request, _: Annotated[object, Security(BEARER)]) -> ApiKey:
    """The key that asks; its limits do not hold here. Raises Refused: 403, for a caller that has none."""
    key = the_key(request)
    if key is None:
        raise Refused(Problem("forbidden", 403, messages.NO_USAGE))
    return key


@router.get(
    "/v1/usage",
    summary="L'usage de votre clé",
    responses=REFUSALS
    | {
        200: {
            "description": "Ses droits, ce qu'il en reste, ses demandes",
            "content": {"application/json": {"example": EXAMPLE}},
        },
        503: PROBLEM[503],
    },
    tags=["Service"],
)
def usage(request: Request, key: Annotated[ApiKey, Depends(own_key)]) -> UsageBody:
    """Les demandes comptées par jour (UTC) et ce mois-ci, ce qui reste du quota et du rythme ; n'en consomme pas."""
    store: Store = request.app.state.store
    return usage_body(key, store.usage.report(key))


def usage_body(key: ApiKey, report: UsageReport) -> UsageBody:
    rate: RateBody | None = None
    if key.rate is not None:
        rate = {"count": key.rate.count, "seconds": key.rate.seconds, "left": report.rate_left or 0}
    quota: QuotaBody | None = None
    if key.quota is not None:
        quota = {"count": key.quota.count, "period": key.quota.period, "left": report.quota_left or 0}
    return {
        "name": key.name,
        "hint": key.hint,
        "scopes": sorted(key.scopes),
        "filters": {field: list(values) for field, values in key.filters.items()},
        "expires_at": key.expires_at.isoformat() if key.expires_at else None,
        "rate": rate,
        "quota": quota,
        "concurrency": key.concurrency,
        "month": report.month,
        "days": [{"day": day.isoformat(), "requests": requests} for day, requests in report.days],
    }
