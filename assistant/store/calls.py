"""The log of the phone desk: what was asked, what was shown, how it ended. Numbers to call back are kept apart."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal, get_args
from uuid import uuid4

from sqlalchemy import Connection, Row, delete, select, update

from assistant.store.database import Database
from assistant.store.days import day_bounds, day_of, month_bounds
from assistant.store.feedback import UnknownTurn
from assistant.store.tables import call_turns, callbacks, calls, conversations, turns

CallOutcome = Literal["repondu", "a_rappeler", "transmis", "sans_reponse"]
CALL_OUTCOMES: tuple[CallOutcome, ...] = get_args(CallOutcome)
CALLBACK_LASTS = timedelta(days=7)
_FIELDS = ("question", "turn_id", "profile", "passages", "themes", "outcome", "note", "parked")


class UnknownCall(Exception):
    """No such call, or not one of this operator's: the two are told alike."""


@dataclass(frozen=True, slots=True)
class CallNotes:
    """What an operator notes of a call. `callback_number` is in E.164 (« +33612345678 »), `profile` who calls.

    `question` holds everything asked during the call, one question a line; `turn_id` is the last reply read.
    """

    question: str
    turn_id: str | None = None
    profile: Mapping[str, Any] = field(default_factory=dict)
    passages: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    outcome: CallOutcome | None = None
    note: str = ""
    callback_number: str | None = None
    parked: bool = False


@dataclass(frozen=True, slots=True)
class LookedUp:
    """What was looked up during a call, in order: words asked, replies read, passages opened, their themes."""

    questions: tuple[str, ...] = ()
    turn_ids: tuple[str, ...] = ()
    passages: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Call:
    """A call as it is kept, question and note masked. It is closed once it has an outcome and is not parked."""

    id: str
    notes: CallNotes
    opened_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class CallReport:
    """What a month's calls were about and how they ended, over all operators; no word of anybody's.

    A call counts under each of its themes, under "" when it has none; `outcomes` has None for calls not ended.
    """

    calls: int
    themes: Mapping[str, int]
    outcomes: Mapping[CallOutcome | None, int]
    days: Mapping[date, int]


class Calls:
    """The calls of each operator. Every method raises StoreUnavailable."""

    def __init__(
        self,
        database: Database,
        mask: Callable[[str], str],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._database = database
        self._mask = mask
        self._now = now

    def open(self, operator: str, notes: CallNotes, looked_up: LookedUp = LookedUp()) -> Call:
        """Log a call; the themes of its turns are added to its own. Raises UnknownTurn for a turn not theirs."""
        now = self._now()
        given = LookedUp(
            (notes.question, *looked_up.questions),
            ((notes.turn_id,) if notes.turn_id else ()) + looked_up.turn_ids,
            (*notes.passages, *looked_up.passages),
            (*notes.themes, *looked_up.themes),
        )
        empty = replace(notes, question="", turn_id=None, passages=(), themes=(), note=self._mask(notes.note))
        with self._database.begin() as connection:
            notes = self._with(connection, empty, given, operator)
            call = Call(uuid4().hex, notes, now, _closed_at(notes, None, now))
            connection.execute(calls.insert().values(id=call.id, operator=operator, opened_at=now, **_values(call)))
            self._keep_turns(connection, call.id, given.turn_ids)
            self._keep_number(connection, call)
        return call

    def change(self, call_id: str, operator: str, looked_up: LookedUp = LookedUp(), **changed: Any) -> Call:
        """Change fields of CallNotes of one's own call; what was looked up is added to what it holds, never replaced.

        `changed` may not name what LookedUp holds. Raises UnknownCall, and UnknownTurn for a turn that is not theirs.
        """
        with self._database.begin() as connection:
            wanted = select(calls).where(calls.c.id == call_id, calls.c.operator == operator).with_for_update()
            row = connection.execute(wanted).first()
            if row is None:
                raise UnknownCall(call_id)
            before = _call(row, self._numbers(connection, [call_id]))
            notes = replace(before.notes, **changed)
            notes = self._with(connection, replace(notes, note=self._mask(notes.note)), looked_up, operator)
            call = replace(before, notes=notes, closed_at=_closed_at(notes, before.closed_at, self._now()))
            connection.execute(update(calls).where(calls.c.id == call_id).values(**_values(call)))
            self._keep_turns(connection, call_id, looked_up.turn_ids)
            if "callback_number" in changed:
                self._keep_number(connection, call)
        return call

    def of_day(self, operator: str, day: date) -> tuple[Call, ...]:
        """An operator's calls of a day of Paris, the latest first."""
        begin, end = day_bounds(day)
        return self._found(operator, calls.c.opened_at >= begin, calls.c.opened_at < end)

    def parked(self, operator: str) -> tuple[Call, ...]:
        """An operator's parked calls of any day, the latest first."""
        return self._found(operator, calls.c.parked)

    def report(self, year: int, month: int) -> CallReport:
        """What was asked in a month of Paris, over all operators."""
        begin, end = month_bounds(year, month)
        wanted = (
            select(calls.c.opened_at, calls.c.themes, calls.c.outcome)
            .where(calls.c.opened_at >= begin, calls.c.opened_at < end)
            .order_by(calls.c.opened_at)
        )
        with self._database.read() as connection:
            rows = connection.execute(wanted).all()
        return CallReport(
            len(rows),
            dict(Counter(theme for row in rows for theme in row.themes or ("",)).most_common()),
            dict(Counter(row.outcome for row in rows).most_common()),
            dict(Counter(day_of(row.opened_at) for row in rows)),
        )

    def _found(self, operator: str, *conditions: Any) -> tuple[Call, ...]:
        wanted = (
            select(calls)
            .where(calls.c.operator == operator, *conditions)
            .order_by(calls.c.opened_at.desc(), calls.c.id)
            .limit(500)
        )
        with self._database.read() as connection:
            rows = connection.execute(wanted).all()
            numbers = self._numbers(connection, [row.id for row in rows])
        return tuple(_call(row, numbers) for row in rows)

    def _with(self, connection: Connection, notes: CallNotes, given: LookedUp, operator: str) -> CallNotes:
        """Notes with what was looked up besides, each thing once; questions are masked line by line to be compared."""
        typed = (line.strip() for question in given.questions for line in question.splitlines())
        lines = dict.fromkeys((*notes.question.splitlines(), *(self._mask(line) for line in typed if line)))
        of_turns = (self._themes_of_turn(connection, turn_id, operator) for turn_id in dict.fromkeys(given.turn_ids))
        themes = (*notes.themes, *(theme for themes in of_turns for theme in themes), *given.themes)
        return replace(
            notes,
            question="\n".join(lines),
            turn_id=given.turn_ids[-1] if given.turn_ids else notes.turn_id,
            passages=tuple(dict.fromkeys((*notes.passages, *given.passages))),
            themes=tuple(dict.fromkeys(themes)),
        )

    def _keep_turns(self, connection: Connection, call_id: str, turn_ids: Sequence[str]) -> None:
        held = select(call_turns.c.turn_id).where(call_turns.c.call_id == call_id)
        known = set(connection.execute(held).scalars())
        new = [{"call_id": call_id, "turn_id": one} for one in dict.fromkeys(turn_ids) if one not in known]
        if new:
            connection.execute(call_turns.insert(), new)

    def _themes_of_turn(self, connection: Connection, turn_id: str, operator: str) -> Sequence[str]:
        wanted = (
            select(turns.c.themes)
            .join(conversations, conversations.c.id == turns.c.session_id)
            .where(turns.c.id == turn_id, conversations.c.owner == operator)
        )
        themes: Sequence[str] | None = connection.execute(wanted).scalar_one_or_none()
        if themes is None:
            raise UnknownTurn(turn_id)
        return themes

    def _keep_number(self, connection: Connection, call: Call) -> None:
        """A number lasts seven days from when it was noted, however long the call is kept."""
        connection.execute(delete(callbacks).where(callbacks.c.call_id == call.id))
        if call.notes.callback_number is not None:
            kept = {"number": call.notes.callback_number, "purge_at": self._now() + CALLBACK_LASTS}
            connection.execute(callbacks.insert().values(call_id=call.id, **kept))

    def _numbers(self, connection: Connection, call_ids: Sequence[str]) -> dict[str, str]:
        """Numbers that may still be shown: one past its time is not, even before it is purged."""
        wanted = select(callbacks).where(callbacks.c.call_id.in_(call_ids), callbacks.c.purge_at > self._now())
        return {row.call_id: row.number for row in connection.execute(wanted)}


def _closed_at(notes: CallNotes, before: datetime | None, now: datetime) -> datetime | None:
    if notes.outcome is None or notes.parked:
        return None
    return before or now


def _values(call: Call) -> dict[str, Any]:
    notes = call.notes
    lists = {"profile": dict(notes.profile), "passages": list(notes.passages), "themes": list(notes.themes)}
    return {name: getattr(notes, name) for name in _FIELDS} | lists | {"closed_at": call.closed_at}


def _call(row: Row[Any], numbers: Mapping[str, str]) -> Call:
    notes = CallNotes(
        question=row.question,
        turn_id=row.turn_id,
        profile=row.profile,
        passages=tuple(row.passages),
        themes=tuple(row.themes),
        outcome=row.outcome,
        note=row.note,
        callback_number=numbers.get(row.id),
        parked=row.parked,
    )
    return Call(row.id, notes, row.opened_at, row.closed_at)
