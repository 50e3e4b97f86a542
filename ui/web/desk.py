"""The page of the phone operators: one HTML file, its style and its script modules, all of them ours, over the API."""

import os
from pathlib import Path

from fastapi import APIRouter, FastAPI
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

FOLDER = Path(__file__).parent / "desk"

router = APIRouter()


@router.get("/poste", include_in_schema=False)
def desk() -> HTMLResponse:
    return HTMLResponse((FOLDER / "desk.html").read_text(encoding="utf-8"))


class Rechecked(StaticFiles):
    """Files a browser keeps but asks about each time: modules of two versions must never meet in one page."""

    def file_response(
        self, full_path: str | os.PathLike[str], stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers["Cache-Control"] = "no-cache"
        return response


def install(app: FastAPI) -> None:
    """Before the mount at /interface, which would answer for /interface/poste."""
    app.include_router(router)
    app.mount("/interface/poste", Rechecked(directory=FOLDER))
