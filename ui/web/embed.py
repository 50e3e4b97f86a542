"""The chat that portals put in their pages: a script that makes a frame, and the page within it, over the API.

Only the origins of a public key may hold the page of that key in a frame; the key's limits hold for its questions.
"""

import re
from html import escape
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, FastAPI, Query, Request
from starlette.responses import FileResponse, HTMLResponse, Response

from assistant.store import ApiKey, Store, StoreUnavailable
from ui import messages
from ui.api.security import FRAMED_BY
from ui.web.desk import Rechecked

FOLDER = Path(__file__).parent / "embed"
COLOUR = "#1f3fb5"
WHITE, BLACK = "#ffffff", "#000000"
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
# What may stand in the policy: a key made some other way than by the command may hold anything.
_ORIGIN = re.compile(r"https?://[A-Za-z0-9.\-\[\]:]+")
REFUSED = """<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8"><title>{title}</title>
<link rel="stylesheet" href="/interface/embed/embed.css"></head>
<body><main><p class="problem">{said}</p></main></body></html>"""

router = APIRouter(include_in_schema=False)


@router.get("/embed.js")
def script() -> Response:
    return FileResponse(
        FOLDER / "embed.js", media_type="text/javascript; charset=utf-8", headers={"Cache-Control": "no-cache"}
    )


@router.get("/embed")
def chat(
    request: Request,
    cle: Annotated[str, Query(max_length=200)] = "",
    couleur: Annotated[str, Query(max_length=20)] = COLOUR,
) -> Response:
    """The page of a public key, in a colour of its portal; one that is no colour is left aside."""
    store: Store = request.app.state.store
    try:
        key = store.keys.find(cle)
    except StoreUnavailable:
        return refused(messages.STORE_UNAVAILABLE, 503)
    origins = origins_of(key)
    if not origins:
        return refused(messages.EMBED_REFUSED, 403)
    request.scope["state"][FRAMED_BY] = " ".join(origins)
    brand = couleur if _COLOUR.fullmatch(couleur) else COLOUR
    theme = f'<body style="--brand: {brand}; --on-brand: {text_on(brand)}">'
    return HTMLResponse((FOLDER / "embed.html").read_text(encoding="utf-8").replace("<body>", theme, 1))


def origins_of(key: ApiKey | None) -> tuple[str, ...]:
    """The origins of a public key; none for a secret one, which has no place in a page."""
    return tuple(one for one in key.origins if _ORIGIN.fullmatch(one)) if key is not None else ()


def refused(said: str, status: int) -> HTMLResponse:
    return HTMLResponse(REFUSED.format(title=messages.CHAT_TITLE, said=escape(said)), status)


def text_on(colour: str) -> str:
    """White or black, whichever reads better on a colour: of the two one always has a contrast of 4.5 to 1."""
    shares = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in shares)
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return WHITE if 1.05 / (luminance + 0.05) >= (luminance + 0.05) / 0.05 else BLACK


def install(app: FastAPI) -> None:
    """Before the mount at /interface, which would answer for /interface/embed."""
    app.include_router(router)
    app.mount("/interface/embed", Rechecked(directory=FOLDER))
