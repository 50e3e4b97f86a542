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
from assistant.store.tables import callbacks, calls, conversations, turns

CallOutcome = Literal["repondu", "a_rappeler", "transmis", "sans_reponse"]
CALL_OUTCOMES: tuple[CallOutcome, ...] = get_args(CallOutcome)
CALLBACK_LASTS = timedelta(days=7)
_FIELDS = ("question", "turn_id", "profile", "passages", "themes", "outcome", "note", "parked")


class UnknownCall(Exception):
    """No such call, or not one of this operator's: the two are told alike."""


@dataclass(frozen=True, slots=True)
class CallNotes:
    """What an operator notes of a call. `callback_number` is in E.164 (« +33612345678 »), `profile` who calls."""

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

    def open(self, operator: str, notes: CallNotes) -> Call:
        """Log a call; the themes of its turn are added to its own. Raises UnknownTurn for a turn that is not theirs."""
        now = self._now()
        with self._database.begin() as connection:
            if notes.turn_id is not None:
                themes = self._themes_of_turn(connection, notes.turn_id, operator)
                notes = replace(notes, themes=tuple(dict.fromkeys((*themes, *notes.themes))))
            call = Call(uuid4().hex, self._masked(notes), now, _closed_at(notes, None, now))
            connection.execute(calls.insert().values(id=call.id, operator=operator, opened_at=now, **_values(call)))
            self._keep_number(connection, call)
        return call

    def change(self, call_id: str, operator: str, **changed: Any) -> Call:
        """Change fields of CallNotes of one's own call, `themes` and `turn_id` aside. Raises UnknownCall."""
        with self._database.begin() as connection:
            wanted = select(calls).where(calls.c.id == call_id, calls.c.operator == operator).with_for_update()
            row = connection.execute(wanted).first()
            if row is None:
                raise UnknownCall(call_id)
            before = _call(row, self._numbers(connection, [call_id]))
            notes = self._masked(replace(before.notes, **changed))
            call = replace(before, notes=notes, closed_at=_closed_at(notes, before.closed_at, self._now()))
            connection.execute(update(calls).where(calls.c.id == call_id).values(**_values(call)))
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

    def _masked(self, notes: CallNotes) -> CallNotes:
        return replace(notes, question=self._mask(notes.question), note=self._mask(notes.note))

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
