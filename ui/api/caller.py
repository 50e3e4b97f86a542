"""Who calls, and what they may do: the same value for every way in."""

from dataclasses import dataclass
from typing import Annotated, Literal, get_args

from fastapi import Depends, Request

from assistant.session import LOCAL
from indexing import Filters

Scope = Literal["ask", "search", "documents", "feedback", "calls", "edition", "metrics"]
SCOPES: tuple[Scope, ...] = get_args(Scope)

NO_FILTERS = Filters()


@dataclass(frozen=True, slots=True)
class Caller:
    """`owner` names whose conversations these are: "key:…", "account:…", "visitor:…" or "local".

    `filters` hold for everything the caller asks, whatever it asks for.
    """

    owner: str
    scopes: frozenset[Scope]
    filters: Filters = NO_FILTERS


ANYONE_HERE = Caller(LOCAL, frozenset(SCOPES))
"""Whoever calls on one machine that has no key and no account."""


def the_caller(request: Request) -> Caller:
    caller: Caller = getattr(request.state, "caller", ANYONE_HERE)
    return caller


TheCaller = Annotated[Caller, Depends(the_caller)]
