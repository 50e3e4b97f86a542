"""What went wrong, in French: one value for the HTTP body, the command's line and the chat's message."""

import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from assistant.factory import LanguageModelUnavailable
from assistant.store import (
    NameTaken,
    StoreUnavailable,
    UnknownAccount,
    UnknownCall,
    UnknownConversation,
    UnknownGroup,
    UnknownKey,
    UnknownTurn,
    WrongDatabaseUrl,
)
from indexing import (
    DiskFull,
    IndexMismatch,
    ModelUnavailable,
    NoIndex,
    NoPrevious,
    Progress,
    SnapshotDamaged,
    UnknownDocument,
    WriterBusy,
)
from ui import messages

LOG_NAME = "erreurs.log"
EXPECTED = (
    DiskFull,
    IndexMismatch,
    LanguageModelUnavailable,
    ModelUnavailable,
    NameTaken,
    NoIndex,
    NoPrevious,
    SnapshotDamaged,
    StoreUnavailable,
    UnknownAccount,
    UnknownCall,
    UnknownConversation,
    UnknownGroup,
    UnknownDocument,
    UnknownKey,
    UnknownTurn,
    WriterBusy,
    WrongDatabaseUrl,
)


class Refused(Exception):
    """A request that was understood and is turned down: what is said of it, and the headers that go with it."""

    def __init__(self, problem: "Problem", headers: Mapping[str, str] | None = None) -> None:
        super().__init__(problem.code)
        self.problem = problem
        self.headers = dict(headers or {})


class Invalid(Protocol):
    """What pydantic's and FastAPI's validation errors share."""

    def errors(self) -> Sequence[Any]: ...


@dataclass(frozen=True, slots=True)
class Problem:
    """An error as RFC 9457 tells it; `errors` names the fields of an invalid request."""

    code: str
    status: int
    detail: str
    errors: tuple[tuple[str, str], ...] = ()

    def body(self, request_id: str | None = None) -> dict[str, Any]:
        body: dict[str, Any] = {
            "type": f"urn:assistant-elus:{self.code}",
            "title": messages.TITLES[self.code],
            "status": self.status,
            "detail": self.detail,
            "code": self.code,
        }
        if request_id:
            body["instance"] = f"urn:request:{request_id}"
        if self.errors:
            body["errors"] = [{"field": field, "message": message} for field, message in self.errors]
        return body


def problem_of(error: Exception, building: Progress | None = None) -> Problem | None:
    """The problem behind one of our exceptions, or None for one we did not expect."""
    match error:
        case Refused():
            return error.problem
        case NoIndex():
            return not_ready(building)
        case IndexMismatch():
            detail = messages.MISMATCH.format(found=error.found, wanted=error.wanted)
            return Problem("index_mismatch", 503, detail)
        case SnapshotDamaged():
            return Problem("snapshot_damaged", 503, messages.DAMAGED)
        case ModelUnavailable():
            return Problem("model_unavailable", 503, messages.MODEL_UNAVAILABLE)
        case LanguageModelUnavailable():
            return Problem("llm_unavailable", 503, messages.LLM_UNAVAILABLE.format(reason=error))
        case UnknownDocument():
            return Problem("unknown_document", 404, messages.UNKNOWN_DOCUMENT)
        case UnknownTurn():
            return Problem("unknown_turn", 404, messages.UNKNOWN_TURN)
        case UnknownGroup():
            return Problem("unknown_group", 404, messages.UNKNOWN_GROUP)
        case UnknownCall():
            return Problem("unknown_call", 404, messages.UNKNOWN_CALL)
        case UnknownConversation():
            return Problem("unknown_conversation", 404, messages.UNKNOWN_CONVERSATION)
        case UnknownKey():
            return Problem("unknown_key", 404, messages.UNKNOWN_KEY)
        case UnknownAccount():
            return Problem("unknown_account", 404, messages.UNKNOWN_ACCOUNT)
        case NameTaken():
            return Problem("name_taken", 409, messages.NAME_TAKEN)
        case StoreUnavailable():
            return Problem("store_unavailable", 503, messages.STORE_UNAVAILABLE)
        case WrongDatabaseUrl():
            return Problem("wrong_database_url", 503, messages.WRONG_DATABASE_URL)
        case WriterBusy():
            return Problem("writer_busy", 409, messages.WRITER_BUSY.format(pid=error.pid))
        case NoPrevious():
            return Problem("no_previous", 409, messages.NO_PREVIOUS)
        case DiskFull():
            return Problem("disk_full", 507, messages.DISK_FULL)
    return None


def not_ready(building: Progress | None) -> Problem:
    """Nothing was published yet: how far the first build is, or what to run."""
    if building is None:
        return Problem("no_index", 503, messages.NO_INDEX)
    progress = messages.progress(building.stage, building.done, building.total)
    return Problem("no_index", 503, messages.BUILDING.format(progress=progress))


def unexpected(error: BaseException, log: Path) -> Problem:
    """Write the traceback in the log file, and say where it is. Local values, hence questions, are not written."""
    report = "".join(traceback.format_exception(error))
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("a", encoding="utf-8") as lines:
            lines.write(f"--- {datetime.now(UTC).isoformat(timespec='seconds')}\n{report}")
    except OSError:
        return Problem("unexpected", 500, messages.UNEXPECTED)
    return Problem("unexpected", 500, messages.UNEXPECTED_LOGGED.format(path=log))


def invalid(error: Invalid) -> Problem:
    """A request refused by its schema, each field in one sentence. What the person typed is not repeated."""
    found: list[tuple[str, str]] = []
    for item in error.errors():
        if item["type"] == "json_invalid":
            found.append(("", messages.INVALID_JSON))
            continue
        # FastAPI puts "body" or "query" before the field; "body" alone is the whole body.
        path = [str(part) for part in item["loc"] if part not in ("body", "query", "path")]
        limits = dict(item.get("ctx") or {})
        if item["type"] == "literal_error":
            limits["expected"] = str(limits.get("expected", "")).replace("' or '", "', '").replace("'", "")
        found.append((".".join(path), messages.invalid_field(".".join(path), item["type"], limits)))
    return Problem("invalid_request", 422, " ".join(dict.fromkeys(text for _, text in found)), tuple(found))
