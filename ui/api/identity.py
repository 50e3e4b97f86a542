"""Who calls: a key, an account, a visitor of the pages, whoever is at this machine, or nobody."""

from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection, Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.store import ApiKey, KeyRing, Store, StoreUnavailable
from indexing import Filters
from ui import messages
from ui.api import caller as callers
from ui.api.caller import ANYONE_HERE, Caller
from ui.api.doors import Doors, somewhere_else
from ui.api.logins import Logins
from ui.api.problems import respond
from ui.api.visitors import SECONDS_OF_VISIT, VISITOR_COOKIE, Visitors
from ui.problem import Problem, Refused, problem_of

ACCOUNT_COOKIE = "elus_compte"
KEY_PREFIX = "elus_"
LOGIN_PAGE = "/connexion"
# Nobody is asked who they are: probes, the contract, the pages' own files, and the page that asks.
FREE = (
    "/healthz",
    "/readyz",
    "/v1/openapi.json",
    "/v1/docs",
    LOGIN_PAGE,
    "/deconnexion",
    "/embed",
    "/embed.js",
)
FREE_FOLDERS = ("/interface/", f"{LOGIN_PAGE}/")
# Not pages: programs call these, and a visitor who is not known yet does not become one here.
PROGRAMS = ("/v1", "/mcp", "/metrics")
PAGES: dict[str, callers.Scope] = {"/poste": "calls", "/edition": "edition"}
VISITOR_SCOPES: frozenset[callers.Scope] = frozenset({"ask", "search", "documents", "feedback"})
NOBODY = Caller("nobody", frozenset())
NOT_AUTHENTICATED = Problem("unauthenticated", 401, messages.UNAUTHENTICATED)
"""The same for no key and for one that is wrong, expired or revoked: a guess learns nothing."""


@dataclass(frozen=True, slots=True)
class Known:
    """A caller, the key it came with if any, and the cookie to be given to a new visitor."""

    caller: Caller
    key: ApiKey | None = None
    cookie: str = ""


class Identify:
    """Puts the caller in the request's state, or answers in its place: 401, 403, or the way to the login page."""

    def __init__(self, app: ASGIApp, store: Store, doors: Doors, visitors: Visitors) -> None:
        self.app = app
        self._logins = Logins(store.accounts)
        self._ring = KeyRing(store.keys)
        self._doors = doors
        self._visitors = visitors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # An application that has ours inside it may have said who calls.
        if scope["type"] != "http" or "caller" in scope.get("state", {}):
            await self.app(scope, receive, send)
            return
        if is_free(scope["path"]):
            scope.setdefault("state", {})["caller"] = NOBODY
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        try:
            await self._doors.look_again()
            known = await run_in_threadpool(self._known, request)
        except Refused as refused:
            await respond(refused.problem, request, refused.headers)(scope, receive, send)
            return
        except StoreUnavailable as error:
            problem = problem_of(error)
            assert problem is not None
            await respond(problem, request)(scope, receive, send)
            return
        elsewhere = way_to_login(request, known)
        if elsewhere is not None:
            await elsewhere(scope, receive, send)
            return
        scope.setdefault("state", {}).update(caller=known.caller, key=known.key)
        await self.app(scope, receive, with_cookie(send, known.cookie, request) if known.cookie else send)

    def _known(self, request: Request) -> Known:
        if not self._doors.closed and somewhere_else(request):
            raise Refused(Problem("open_elsewhere", 403, messages.OPEN_ELSEWHERE))
        # The pages are for people: a key there would be a way around its quota.
        secret = bearer(request) if under(request.scope["path"], PROGRAMS) else None
        # The clients of OpenAI's protocol always send a key, even a made-up one where none is asked for.
        if secret is not None and (self._doors.closed or secret.startswith(KEY_PREFIX)):
            return self._with_key(secret, request)
        # Cookies come along with whatever page made the browser ask, and so do the rights of an open service.
        if changes_something(request) and from_another_site(request):
            raise Refused(Problem("cross_site", 403, messages.CROSS_SITE))
        token = request.cookies.get(ACCOUNT_COOKIE)
        account = self._logins.find(token) if token else None
        if account is not None:
            return Known(Caller(f"account:{account.id}", scopes_among(account.scopes)))
        return self._visitor(request)

    def _with_key(self, secret: str, request: Request) -> Known:
        key = self._ring.find(secret)
        if key is None or (key.origins and not may_use(request, key)):
            raise refused_for_want_of_a_key()
        self._doors.close()
        return Known(Caller(f"key:{key.id}", scopes_among(key.scopes), Filters(**key.filters)), key)

    def _visitor(self, request: Request) -> Known:
        scopes = VISITOR_SCOPES if self._doors.closed else ANYONE_HERE.scopes
        owner = self._visitors.owner(request.cookies.get(VISITOR_COOKIE, ""))
        if owner is not None:
            return Known(Caller(owner, scopes))
        if under(request.scope["path"], PROGRAMS):
            if self._doors.closed:
                raise refused_for_want_of_a_key()
            return Known(ANYONE_HERE)
        owner, cookie = self._visitors.new()
        return Known(Caller(owner, scopes), cookie=cookie if request.method == "GET" else "")


def may_use(request: Request, key: ApiKey) -> bool:
    """Whether a page of a public key's origins asks, or our own /embed, which only those may hold in a frame."""
    origin = request.headers.get("origin")
    return origin in key.origins or (origin is not None and not from_another_site(request))


def is_free(path: str) -> bool:
    return path in FREE or path.startswith(FREE_FOLDERS)


def under(path: str, roots: tuple[str, ...]) -> bool:
    return any(path == root or path.startswith(f"{root}/") for root in roots)


def scopes_among(names: Collection[str]) -> frozenset[callers.Scope]:
    return frozenset(scope for scope in callers.SCOPES if scope in names)


def refused_for_want_of_a_key() -> Refused:
    return Refused(NOT_AUTHENTICATED, {"WWW-Authenticate": "Bearer"})


def bearer(request: HTTPConnection) -> str | None:
    """The key of the Authorization header; another scheme is not for us, but for what stands in front."""
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    return secret.strip() if scheme.lower() == "bearer" else None


def changes_something(request: Request) -> bool:
    return request.method not in ("GET", "HEAD", "OPTIONS")


def from_another_site(request: Request) -> bool:
    """What the browser says of the page that asks; a program that is no browser says nothing, and has no page."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = request.headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != request.headers.get("host", "")


def way_to_login(request: Request, known: Known) -> Response | None:
    """Where a page is asked for by someone who may not see it: the login page, which brings them back here."""
    # Not that of request.url, which a Host header with a slash in it would rewrite.
    path = request.scope["path"]
    needed = next((scope for page, scope in PAGES.items() if under(path, (page,))), None)
    if needed is None or needed in known.caller.scopes:
        return None
    return RedirectResponse(f"{LOGIN_PAGE}?{urlencode({'suite': path})}", 303)


def with_cookie(send: Send, cookie: str, request: Request) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).append("set-cookie", cookie_line(cookie, request))
        await send(message)

    return sending


def cookie_line(cookie: str, request: Request) -> str:
    made = Response()
    made.set_cookie(VISITOR_COOKIE, cookie, SECONDS_OF_VISIT, httponly=True, samesite="lax", secure=over_https(request))
    return made.headers["set-cookie"]


def over_https(request: HTTPConnection) -> bool:
    # The word of a proxy is enough here: who lies about it only spoils a cookie of its own.
    return request.scope["scheme"] == "https" or request.headers.get("x-forwarded-proto", "").startswith("https")
