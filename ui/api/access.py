"""What a caller may do: the dependency each route of the API asks for, `Depends(allowed("search"))`."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Annotated, Any

from fastapi import Depends, Request, Security
from fastapi.security import HTTPBearer

from assistant.store import ApiKey
from indexing import DocumentRecord, Filters
from ui import messages
from ui.api.caller import Caller, Scope, the_caller
from ui.api.limits import Limits
from ui.problem import Problem, Refused

# It only writes the scheme in the contract: whose key it is, the middleware of identity.py has already found out.
BEARER = HTTPBearer(
    scheme_name="bearer",
    description="Une clé faite par « assistant-elus keys create » ; sans objet tant qu'il n'y a ni clé ni compte.",
    auto_error=False,
)
NO_DOCUMENT = ""
"""An identifier that no document has: a filter on it lets nothing through."""

OF_SEVERAL_VALUES = ("statuses", "roles", "themes", "document_id")


def _declared(description: str) -> dict[str, Any]:
    return {"description": f"{description} (problem+json)", "content": {"application/problem+json": {}}}


REFUSALS: dict[int | str, dict[str, Any]] = {
    401: _declared("Clé absente, inconnue, expirée ou révoquée"),
    403: _declared("Clé ou compte sans ce droit"),
    429: _declared("Rythme, quota ou nombre de demandes simultanées atteint ; Retry-After dit quand revenir"),
}
"""What a route answers, besides its own, because of who calls."""


@cache
def allowed(scope: Scope) -> Callable[..., Iterator[Caller]]:
    """A dependency that gives the caller when it may do this, and counts its request. Raises Refused: 403, 429.

    The same function for the same scope: however often a route depends on it, a request is counted once.
    """

    def of_request(
        request: Request, caller: Annotated[Caller, Depends(the_caller)], _: Annotated[object, Security(BEARER)]
    ) -> Iterator[Caller]:
        with admitted(request, caller, scope):
            yield caller

    return of_request


@contextmanager
def admitted(request: Request, caller: Caller, scope: Scope) -> Iterator[None]:
    """The same, for what is no route of FastAPI. Raises Refused: 403, 429."""
    if scope not in caller.scopes:
        raise Refused(Problem("forbidden", 403, messages.FORBIDDEN))
    limits: Limits = request.app.state.limits
    with limits.one_request(caller, the_key(request), asks=scope == "ask" and request.method == "POST"):
        yield


def the_key(request: Request) -> ApiKey | None:
    """The key a request came with."""
    key: ApiKey | None = getattr(request.state, "key", None)
    return key


def within(asked: Filters, caller: Caller, documents: Iterable[DocumentRecord]) -> Filters:
    """What is asked for, of what the caller may see: a document passes when both filters accept it."""
    forced = caller.filters
    kinds = tuple(kind for kind in asked.kind or forced.kind if not forced.kind or kind in forced.kind)
    emptied = bool(asked.kind) and not kinds
    if not emptied and not any(getattr(asked, name) and getattr(forced, name) for name in OF_SEVERAL_VALUES):
        joined = {name: getattr(asked, name) or getattr(forced, name) for name in OF_SEVERAL_VALUES}
        return Filters(kind=kinds, **joined)
    # Two lists of themes have no intersection that says this: a document may have one of each.
    accepted = tuple(one.id for one in documents if asked.accept(one) and forced.accept(one))
    return Filters(kind=kinds, document_id=accepted or (NO_DOCUMENT,))


def seen(caller: Caller, documents: Iterable[DocumentRecord]) -> tuple[DocumentRecord, ...]:
    """The documents the caller may see, in their order."""
    return tuple(one for one in documents if caller.filters.accept(one))
