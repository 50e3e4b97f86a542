"""Every error of the API as application/problem+json, in French."""

from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from indexing import Progress
from ui import logs, messages
from ui.api.openai_schemas import openai_error, speaks_openai
from ui.problem import EXPECTED, Problem, Refused, invalid, problem_of, unexpected

RETRY_AFTER_SECONDS = "5"


class ProblemResponse(JSONResponse):
    media_type = "application/problem+json"


def respond(
    problem: Problem, request: Request, headers: dict[str, str] | None = None, extra: dict[str, Any] | None = None
) -> ProblemResponse:
    """`extra` adds members of its own to the problem, as RFC 9457 allows."""
    logs.note(problem=problem.code)
    request_id = getattr(request.state, "request_id", None)
    if speaks_openai(request.url.path):
        extra = {"error": openai_error(problem)} | (extra or {})
    # A build ends by itself; a wrong model or a damaged index does not.
    if problem.code in ("no_index", "loading"):
        headers = {"Retry-After": RETRY_AFTER_SECONDS} | (headers or {})
    return ProblemResponse(problem.body(request_id) | (extra or {}), problem.status, headers)


def describe(error: Exception, building: Progress | None, log: Path) -> Problem:
    """The problem of any exception; one we did not expect goes to the log file and stays out of the body."""
    known = problem_of(error, building)
    if known is not None:
        return known
    unexpected(error, log)
    return Problem("unexpected", 500, messages.UNEXPECTED)


def http_problem(error: HTTPException) -> Problem:
    match error.status_code:
        case 404:
            return Problem("not_found", 404, messages.NOT_FOUND)
        case 405:
            return Problem("method_not_allowed", 405, messages.METHOD_NOT_ALLOWED)
        case 413:
            return Problem("too_large", 413, messages.TOO_LARGE)
        case 400:
            # Starlette could not parse the body; FastAPI says 400 where a schema would say 422.
            return Problem("invalid_request", 400, messages.INVALID_JSON)
        case status:
            return Problem("refused", status, messages.REFUSED)


class Unexpected:
    """The last handler. Starlette's own one answers without our headers, and raises the error again to be printed."""

    def __init__(self, app: ASGIApp, log: Path) -> None:
        self.app = app
        self.log = log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def noted(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, noted)
        except Exception as error:
            unexpected(error, self.log)
            # Once begun, an answer can only be cut short, which the server does when we return.
            if scope["type"] == "http" and not begun:
                problem = Problem("unexpected", 500, messages.UNEXPECTED)
                await respond(problem, Request(scope))(scope, receive, send)


def install(app: FastAPI, log: Path) -> None:
    """Give the application its exception handlers; `app.state.assistant` is asked how far a build is."""

    async def on_http(request: Request, error: Exception) -> ProblemResponse:
        assert isinstance(error, HTTPException)
        headers = dict(error.headers) if error.headers else None
        return respond(http_problem(error), request, headers)

    async def on_invalid(request: Request, error: Exception) -> ProblemResponse:
        assert isinstance(error, RequestValidationError)
        return respond(invalid(error), request)

    async def on_refused(request: Request, error: Exception) -> ProblemResponse:
        assert isinstance(error, Refused)
        return respond(error.problem, request, error.headers)

    async def on_expected(request: Request, error: Exception) -> ProblemResponse:
        return respond(describe(error, app.state.assistant.building(), log), request)

    app.add_exception_handler(HTTPException, on_http)
    app.add_exception_handler(RequestValidationError, on_invalid)
    app.add_exception_handler(Refused, on_refused)
    for expected in EXPECTED:
        app.add_exception_handler(expected, on_expected)
