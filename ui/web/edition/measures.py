"""How good the answers are: the figures shipped with the software, and the report of one's own measure."""

from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path

from fastapi import Request
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, Response

from evals import runner
from evals.report import REPORT
from ui import messages
from ui.web.edition.pages import page, room

router = room()
SETS = ("questions", "fiches")
COLUMNS = ("n", "facts", "hit", "first", "answered", "abstained", "must_not", "hard_facts", "ms_p50", "ms_p95")
_WHOLE = ("n", "must_not", "hard_facts", "uncited")


@router.get("/mesures")
def measures(request: Request) -> Response:
    shipped = Path(str(files("evals") / "results" / "baseline"))
    tables = [table for name in SETS if (table := read_table(shipped / name, name)) is not None]
    own = _own(request)
    columns = [messages.EVALS_COLUMNS[one] for one in COLUMNS]
    return page(
        request, "measures.html", tables=tables, columns=columns, kind=messages.EVALS_KIND, has_report=own.is_file()
    )


@router.get("/mesures/rapport")
def report(request: Request) -> Response:
    """The page that `evals run` wrote, to be kept: shown in place, its words would be under our name."""
    if not _own(request).is_file():
        raise HTTPException(404)
    return FileResponse(_own(request), media_type="application/octet-stream", filename="mesures.html")


def _own(request: Request) -> Path:
    home: Path = request.app.state.home
    return home / "evaluations" / REPORT


def read_table(folder: Path, name: str) -> dict[str, object] | None:
    """The figures of a run by kind of question, None when there is no run to read."""
    try:
        found = runner.read(folder)
    except runner.RunInvalid:
        return None
    rows: list[tuple[str, Sequence[str]]] = [(messages.EVALS_OVERALL, cells(found.overall))]
    rows += [(kind, cells(figures)) for kind, figures in found.kinds.items()]
    return {"name": name, "date": messages.date(str(found.parameters.get("date", ""))), "rows": rows}


def cells(figures: Mapping[str, object]) -> list[str]:
    return [_written(name, figures.get(name)) for name in COLUMNS]


def _written(name: str, value: object) -> str:
    if not isinstance(value, int | float):
        return "–"
    if name in _WHOLE:
        return str(round(value))
    return f"{value:.0f}" if name.startswith("ms_") else f"{value:.2f}".replace(".", ",")
