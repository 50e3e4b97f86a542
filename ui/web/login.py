"""/connexion: a page in French, without a script, that opens an account's login, and /deconnexion that closes it."""

from html import escape
from urllib.parse import parse_qs, urlencode, urlsplit

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.responses import Response

from assistant.store import Account, LockedOut, Store, StoreUnavailable
from ui import messages
from ui.api.identity import ACCOUNT_COOKIE, LOGIN_PAGE, from_another_site, over_https
from ui.web.oidc import SECONDS_TO_LOG_IN, NoRole, Provider, ProviderFailed

router = APIRouter(include_in_schema=False)
SECONDS_LOGGED_IN = 12 * 3600
TICKET_COOKIE = "elus_fournisseur"
BACK = f"{LOGIN_PAGE}/retour"
VERIFIED_AT_ONCE = 2
"""A password takes memory and a processor to verify, on purpose: a flood of them must leave some to the answers."""
PAGE = """<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title} · {service}</title>
<link rel="stylesheet" href="/interface/connexion.css"><link rel="icon" href="/interface/favicon.png"></head>
<body><main><h1>{title}</h1>{said}{body}<p><a href="/">{home}</a></p></main></body></html>"""
FORM = """<form method="post" action="/connexion">
<label for="nom">{name}</label>
<input id="nom" name="nom" autocomplete="username" autocapitalize="none" spellcheck="false"
 required maxlength="128" {described}>
<label for="mot-de-passe">{password}</label>
<input id="mot-de-passe" name="mot_de_passe" type="password" autocomplete="current-password"
 required maxlength="1000" {described}>
<input type="hidden" name="suite" value="{then}"><button>{submit}</button></form>"""
CLOSING = '<form method="post" action="/deconnexion"><p>{who}</p><button>{submit}</button></form>'
PROVIDER = '<p><a class="button" href="/connexion/fournisseur?{query}">{text}</a></p>'


@router.get(LOGIN_PAGE)
def login_page(request: Request, suite: str = "/") -> Response:
    then = own_page(suite)
    try:
        account = logged_in(request)
    except StoreUnavailable:
        return page(request, then, messages.STORE_UNAVAILABLE, status=503)
    if account is not None:
        said = messages.LOGIN_NOT_ENOUGH if then != "/" else ""
        return page(request, then, said, account=account)
    return page(request, then)


@router.post(LOGIN_PAGE)
async def log_in(request: Request) -> Response:
    form = parse_qs((await request.body()).decode(errors="replace"))
    name, password, suite = (form.get(field, [""])[0] for field in ("nom", "mot_de_passe", "suite"))
    then = own_page(suite)
    if from_another_site(request):
        return page(request, then, messages.CROSS_SITE, status=403)
    store: Store = request.app.state.store
    try:
        account = await to_thread.run_sync(store.accounts.verify, name, password, limiter=verifying(request))
        if account is None:
            return page(request, then, messages.LOGIN_WRONG, status=401)
        token = await to_thread.run_sync(store.accounts.open_login, account)
    except LockedOut as error:
        said = f"{messages.LOGIN_LOCKED} {messages.try_again(error.retry_after)}"
        return page(request, then, said, status=429, headers={"Retry-After": str(error.retry_after)})
    except StoreUnavailable:
        return page(request, then, messages.STORE_UNAVAILABLE, status=503)
    return with_login(RedirectResponse(then, 303), token, request)


@router.post("/deconnexion")
def log_out(request: Request) -> Response:
    if from_another_site(request):
        return page(request, "/", messages.CROSS_SITE, status=403)
    token = request.cookies.get(ACCOUNT_COOKIE)
    answer = RedirectResponse("/", 303)
    answer.delete_cookie(ACCOUNT_COOKIE, httponly=True, samesite="lax", secure=over_https(request))
    store: Store = request.app.state.store
    try:
        if token:
            store.accounts.close_login(token)
    except StoreUnavailable:
        # Still open there: the browser must not lose what would close it.
        return page(request, "/", messages.STORE_UNAVAILABLE, status=503)
    return answer


@router.get(f"{LOGIN_PAGE}/fournisseur")
def to_provider(request: Request, suite: str = "/") -> Response:
    provider: Provider | None = request.app.state.provider
    then = own_page(suite)
    if provider is None:
        return page(request, then, messages.NOT_FOUND, status=404)
    try:
        url, ticket = provider.way_there(address_back(request), then)
    except ProviderFailed:
        return page(request, then, messages.LOGIN_PROVIDER_FAILED, status=502)
    answer = RedirectResponse(url, 303)
    answer.set_cookie(
        TICKET_COOKIE,
        ticket,
        SECONDS_TO_LOG_IN,
        path=LOGIN_PAGE,
        httponly=True,
        samesite="lax",
        secure=over_https(request),
    )
    return answer


@router.get(BACK)
def from_provider(request: Request) -> Response:
    provider: Provider | None = request.app.state.provider
    if provider is None:
        return page(request, "/", messages.NOT_FOUND, status=404)
    store: Store = request.app.state.store
    try:
        person, then = provider.person(
            address_back(request), request.query_params, request.cookies.get(TICKET_COOKIE, "")
        )
        account = store.accounts.for_identity(person.subject, person.name, person.role)
        if account is None:
            return page(request, then, messages.LOGIN_NO_ROLE, status=403)
        token = store.accounts.open_login(account)
    except ProviderFailed:
        return page(request, "/", messages.LOGIN_PROVIDER_FAILED, status=401)
    except NoRole:
        return page(request, "/", messages.LOGIN_NO_ROLE, status=403)
    except StoreUnavailable:
        return page(request, "/", messages.STORE_UNAVAILABLE, status=503)
    answer = with_login(RedirectResponse(then, 303), token, request)
    answer.delete_cookie(TICKET_COOKIE, path=LOGIN_PAGE, httponly=True, samesite="lax")
    return answer


def logged_in(request: Request) -> Account | None:
    """The account whose cookie came along. Raises StoreUnavailable."""
    token = request.cookies.get(ACCOUNT_COOKIE)
    store: Store = request.app.state.store
    return store.accounts.login(token) if token else None


def verifying(request: Request) -> CapacityLimiter:
    limiter: CapacityLimiter = request.app.state.verifying
    return limiter


def own_page(suite: str) -> str:
    """The page to go to afterwards, when it is one of ours: an address elsewhere would be a trap under our name."""
    parts = urlsplit(suite)
    plain = suite.startswith("/") and not suite.startswith("//") and suite.isprintable() and "\\" not in suite
    return suite if plain and not parts.netloc and not parts.scheme else "/"


def address_back(request: Request) -> str:
    host = request.headers.get("x-forwarded-host") or request.headers.get("host", "")
    return f"{'https' if over_https(request) else 'http'}://{host}{BACK}"


def with_login(answer: Response, token: str, request: Request) -> Response:
    answer.set_cookie(
        ACCOUNT_COOKIE, token, SECONDS_LOGGED_IN, httponly=True, samesite="lax", secure=over_https(request)
    )
    return answer


def page(
    request: Request,
    then: str,
    said: str = "",
    *,
    account: Account | None = None,
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> HTMLResponse:
    """`said` is read out first, and describes the fields; behind it the form, or who is logged in and a way out."""
    body = ""
    if account is not None:
        who = messages.LOGIN_AS.format(name=account.name, role=messages.ROLES[account.role])
        body = CLOSING.format(who=escape(who), submit=messages.LOGOUT)
    else:
        if request.app.state.provider is not None:
            body += PROVIDER.format(query=escape(urlencode({"suite": then})), text=messages.LOGIN_PROVIDER)
        body += FORM.format(
            name=messages.LOGIN_NAME,
            password=messages.LOGIN_PASSWORD,
            submit=messages.LOGIN,
            then=escape(then),
            described='aria-describedby="dit"' if said else "",
        )
    shown = f'<p class="problem" id="dit" role="alert">{escape(said)}</p>' if said else ""
    html = PAGE.format(
        title=messages.LOGIN, service=messages.CHAT_TITLE, said=shown, body=body, home=messages.LOGIN_HOME
    )
    return HTMLResponse(html, status, headers)
