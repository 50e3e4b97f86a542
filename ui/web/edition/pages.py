"""What the rooms share: their templates, how a page is answered, and problems told as pages."""

from collections.abc import Callable, Coroutine
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse
from fastapi.routing import APIRoute
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.exceptions import HTTPException
from starlette.responses import Response

from assistant.session import LOCAL
from assistant.store import Store, StoreUnavailable
from assistant.store.days import PARIS
from indexing import Library, Passage
from ui import messages
from ui.api.access import allowed
from ui.api.caller import Caller
from ui.api.problems import http_problem
from ui.problem import Problem, invalid, problem_of, unexpected
from ui.web.edition.deposits import Deposits
from ui.web.edition.work import Workbench

ROOT = "/edition"
PER_PAGE = 50
PageNumber = Annotated[int, Query(alias="page", ge=1, le=100_000)]
ENVIRONMENT = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def room() -> APIRouter:
    """A router whose pages are for editors only, and whose problems are pages too."""
    return APIRouter(
        prefix=ROOT, route_class=PageRoute, include_in_schema=False, dependencies=[Depends(allowed("edition"))]
    )


def page(request: Request, template: str, status: int = 200, **shown: Any) -> HTMLResponse:
    """`shown` is what the template shows; every text in it is escaped there."""
    told = messages.EDITION_TOLD.get(request.query_params.get("dit", ""), "")
    html = ENVIRONMENT.get_template(template).render(path=request.url.path, told=told, **shown)
    return HTMLResponse(html, status, {"Cache-Control": "no-store"})


def problem_page(request: Request, problem: Problem) -> HTMLResponse:
    return page(request, "problem.html", problem.status, title=messages.TITLES[problem.code], detail=problem.detail)


class PageRoute(APIRoute):
    """A route whose errors are told as a page: whoever edits reads no JSON."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def handled(request: Request) -> Response:
            try:
                return await handle(request)
            except HTTPException as error:
                return problem_page(request, http_problem(error))
            except RequestValidationError as error:
                return problem_page(request, invalid(error))
            except Exception as error:
                building = request.app.state.assistant.building
                known = problem_of(error) or unexpected(error, request.app.state.log)
                if known.code == "no_index":
                    known = problem_of(error, building()) or known
                return problem_page(request, known)

        return handled


def library_of(request: Request) -> Library:
    library: Library = request.app.state.open_library()
    return library


def workbench_of(request: Request) -> Workbench:
    workbench: Workbench = request.app.state.workbench
    return workbench


def deposits_of(request: Request) -> Deposits:
    deposits: Deposits = request.app.state.deposits
    return deposits


def store_of(request: Request) -> Store:
    store: Store = request.app.state.store
    return store


def editor_of(caller: Caller) -> str:
    """Under which name the journal knows who edits: a visitor may only where whoever is on the machine may."""
    return LOCAL if caller.owner.startswith("visitor:") else caller.owner


def names_of(store: Store) -> dict[str, str]:
    """The names of those who change things, by owner; none when the store cannot be read."""
    try:
        return {f"account:{one.id}": one.name for one in store.accounts.all()}
    except StoreUnavailable:
        return {}


def person(owner: str, names: dict[str, str]) -> str:
    return names.get(owner) or messages.EDITION_WHO.get(owner.partition(":")[0], owner)


def moment(at: datetime) -> str:
    """ "22 novembre 2026 à 10:05", in Paris."""
    return messages.moment(at.astimezone(PARIS).isoformat(timespec="minutes"))


def at(iso: str) -> str:
    """The same, of a time written down in any zone."""
    return moment(datetime.fromisoformat(iso))


def place(passage: Passage) -> str:
    """Where a passage stands in its document, under whose title it is shown; a section's label is often its heading."""
    locator = passage.locator
    last = messages.locator(locator.type, locator.value, locator.label)
    return " > ".join(dict.fromkeys([*passage.heading[1:], last]))


def pages_of(total: int, number: int) -> tuple[int, int]:
    """The page to show, kept within those there are (from 1), and how many there are."""
    last = max(1, -(-total // PER_PAGE))
    return min(max(number, 1), last), last


ENVIRONMENT.globals |= {"say": messages, "root": ROOT, "at": at, "place": place}
