"""Documents come in: files or an address, looked at before they are published."""

from collections.abc import Generator, Mapping
from contextlib import closing
from dataclasses import asdict
from itertools import islice
from typing import Annotated, Any, cast

from anyio import to_thread
from fastapi import Query, Request
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from corpus import KINDS, Failure, is_url
from indexing import DocumentRecord, Library, OnProgress, Passage, Progress
from ui import messages
from ui.api.caller import TheCaller
from ui.api.stored import ID, PathId
from ui.web.edition.deposits import Deposit, FileTooLarge
from ui.web.edition.metadata_form import given_of, typed
from ui.web.edition.pages import ROOT, deposits_of, editor_of, library_of, page, place, room, store_of, workbench_of
from ui.web.edition.reports import WAIT, noted, report_of, started

MOST_FILES = 50
MOST_PREVIEWED = 20
"""Documents of one preview: a site may have thousands."""
PASSAGES_SHOWN = 40

Previewed = tuple[DocumentRecord, tuple[Passage, ...]] | Failure

router = room()
TaskId = Annotated[str, Query(pattern=ID)]
ADD = "/documents/ajouter"


@router.get(ADD)
def form(request: Request) -> Response:
    return _form(request, dict.fromkeys(("adresse", *messages.EDITION_FIELDS), ""), {})


@router.post(ADD)
async def receive(request: Request, caller: TheCaller) -> Response:
    """Set the files aside, and look at what they would become."""
    async with request.form(max_files=MOST_FILES, max_fields=MOST_FILES) as sent:
        values = typed(sent)
        address = str(sent.get("adresse") or "").strip()
        files = [one for one in sent.getlist("fichiers") if isinstance(one, UploadFile) and one.filename]
        given, wrong = given_of(values)
        if bool(files) == bool(address):
            wrong["fichiers"] = messages.EDITION_FILES_OR_ADDRESS
        elif address and not is_url(address):
            wrong["adresse"] = messages.EDITION_WRONG_ADDRESS
        if wrong:
            return _form(request, {**values, "adresse": address}, wrong, 422)
        deposits = deposits_of(request)
        try:
            if address:
                deposit = await to_thread.run_sync(deposits.of_address, address, given)
            else:
                named = [(one.filename or "", one.file) for one in files]
                deposit = await to_thread.run_sync(deposits.set_aside, named, given)
        except FileTooLarge as error:
            said = messages.EDITION_FILE_TOO_LARGE.format(name=error, most=deposits.most_bytes // 1_000_000)
            return _form(request, {**values, "adresse": address}, {"fichiers": said}, 413)
    return await to_thread.run_sync(_look, request, editor_of(caller), deposit)


def _form(request: Request, values: Mapping[str, str], wrong: Mapping[str, str], status: int = 200) -> Response:
    most = deposits_of(request).most_bytes // 1_000_000
    return page(request, "add.html", status, values=values, wrong=wrong, kinds=KINDS, most=most)


def _look(request: Request, who: str, deposit: Deposit) -> Response:
    library = library_of(request)
    replaced = [name for name in deposit.names if deposits_of(request).is_known(name)]
    about = {"deposit": deposit.id, "names": list(deposit.names), "replaced": replaced}
    task = workbench_of(request).start(
        "preview", who, lambda on_progress: previewed(library, deposit, on_progress), about
    )
    return started(task)


def previewed(library: Library, deposit: Deposit, on_progress: OnProgress) -> dict[str, Any]:
    """The documents that the places would make, and what cannot be read, in values JSON can hold."""
    documents: list[dict[str, Any]] = []
    failed: list[str] = []
    names: list[str] = []
    for source, name in zip(deposit.places, deposit.names, strict=True):
        found = cast(Generator[Previewed], library.preview(source))
        with closing(found):
            for one in islice(found, MOST_PREVIEWED - len(documents)):
                if isinstance(one, Failure):
                    failed.append(messages.failure(one.source, one.code, one.detail))
                    continue
                documents.append(_seen(*one, deposit.given))
                if name not in names:
                    names.append(name)
                on_progress(Progress("reading", len(documents), 0))
    return {"documents": documents, "failed": failed, "names": names, "most": len(documents) >= MOST_PREVIEWED}


def _seen(record: DocumentRecord, passages: tuple[Passage, ...], given: Mapping[str, Any]) -> dict[str, Any]:
    facts = asdict(record.metadata) | dict(given)
    shown = [{"place": place(one), "text": one.text} for one in passages[:PASSAGES_SHOWN]]
    kept = ("title", "kind", "publisher", "published", "url", "review_by", "statuses", "roles", "themes")
    return {"source": record.source, "count": len(passages), "passages": shown} | {name: facts[name] for name in kept}


@router.post("/depots/{deposit_id}/publier")
def publish(request: Request, caller: TheCaller, deposit_id: PathId, preview: TaskId) -> Response:
    """Publish what the preview of this deposit could read."""
    deposit = deposits_of(request).find(deposit_id)
    bench = workbench_of(request)
    seen = bench.find(preview)
    if deposit is None or seen is None or seen.state != "done" or seen.about.get("deposit") != deposit_id:
        raise HTTPException(404)
    deposits, library, store, names = deposits_of(request), library_of(request), store_of(request), seen.result["names"]

    def run(on_progress: OnProgress) -> dict[str, Any]:
        if deposits.find(deposit.id) is None:
            # A second click waited for the first.
            return {"said": messages.EDITION_ALREADY}
        report = library.add(
            deposits.places(deposit, names),
            deposit.given,
            on_progress,
            wait=WAIT,
            first=lambda: deposits.keep(deposit, names),
        )
        deposits.drop(deposit.id)
        # The words that were looked at would outlive those that are published.
        bench.trim(preview, {**seen.result, "documents": []})
        result = report_of(report)
        noted(store, result, editor_of(caller), "document.added", report.added)
        noted(store, result, editor_of(caller), "document.changed", report.changed)
        return result

    task = bench.start("add", editor_of(caller), run, {"names": names})
    return started(task)


@router.post("/depots/{deposit_id}/abandonner")
def give_up(request: Request, deposit_id: PathId, preview: TaskId) -> Response:
    deposits_of(request).drop(deposit_id)
    seen = workbench_of(request).find(preview)
    if seen is not None and seen.about.get("deposit") == deposit_id:
        workbench_of(request).forget(preview)
    return RedirectResponse(f"{ROOT}/documents?dit=abandonne", 303)
