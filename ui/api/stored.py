"""What the routes over the store share: the store of the application, and the shapes of ids and of free text."""

from typing import Annotated, Any

from fastapi import Depends, Path, Request
from pydantic import AfterValidator, ConfigDict, Field

from assistant.store import Store

CLOSED = ConfigDict(extra="forbid", frozen=True)
"""Refuses unknown keys: a misspelt field must be an error, never a field silently dropped."""
ID = r"^[A-Za-z0-9_-]{1,64}$"
# PostgreSQL stores no NUL, and nobody types one.
CLEAN = AfterValidator(lambda text: text.replace("\0", "").strip())
Text = Annotated[str, CLEAN]
Id = Annotated[str, Field(pattern=ID)]
PathId = Annotated[str, Path(pattern=ID)]


def problem(status: int, description: str) -> dict[int | str, dict[str, Any]]:
    """A problem that a route may answer, for the contract."""
    return {status: {"description": f"{description} (problem+json)", "content": {"application/problem+json": {}}}}


def the_store(request: Request) -> Store:
    store: Store = request.app.state.store
    return store


TheStore = Annotated[Store, Depends(the_store)]
WRONG = problem(422, "Requête incorrecte")
STORE_AWAY = problem(503, "La base ne répond pas")
