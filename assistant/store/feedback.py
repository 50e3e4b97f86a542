"""What readers said of an answer: one mark a turn and reader. A bad mark is a gap of the documents."""

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Literal, get_args

from pydantic import TypeAdapter
from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from assistant.answer import Turn
from assistant.store.conversations import StoredTurn
from assistant.store.database import Database
from assistant.store.days import bounds, day_of
from assistant.store.tables import conversations, feedback, gaps, turns

Reason = Literal["utile", "incomplet", "faux", "source_perimee", "hors_sujet"]
REASONS: tuple[Reason, ...] = get_args(Reason)
BAD_REASONS: tuple[Reason, ...] = tuple(reason for reason in REASONS if reason != "utile")
_TURN = TypeAdapter(Turn)


class UnknownTurn(Exception):
    """No such turn, or not of a conversation of this owner's: the two are told alike."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What one reader said of a turn. The comment is masked; who said it is not told."""

    turn_id: str
    reason: Reason
    comment: str
    given_at: datetime


@dataclass(frozen=True, slots=True)
class MarkedTurn:
    """A mark beside the turn as it was answered, for editors."""

    mark: Mark
    stored: StoredTurn


class Feedback:
    """Marks, and the gaps bad ones make. Every method raises StoreUnavailable."""

    def __init__(
        self,
        database: Database,
        mask: Callable[[str], str],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._database = database
        self._mask = mask
        self._now = now

    def give(self, turn_id: str, author: str, reason: Reason, comment: str = "") -> Mark:
        """Mark a turn of one's own conversations; the same reader's earlier mark is replaced. Raises UnknownTurn."""
        mark = Mark(turn_id, reason, self._mask(comment).strip(), self._now())
        with self._database.begin() as connection:
            # Locked, where a database locks rows: two readers' marks must not each count the other's old one.
            wanted = (
                select(turns.c.standalone_question)
                .join(conversations, conversations.c.id == turns.c.session_id)
                .where(turns.c.id == turn_id, conversations.c.owner == author)
                .with_for_update(of=turns)
            )
            question = connection.execute(wanted).scalar_one_or_none()
            if question is None:
                raise UnknownTurn(turn_id)
            said = {"reason": reason, "comment": mark.comment, "given_at": mark.given_at}
            insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
            given = insert(feedback).values(turn_id=turn_id, author=author, **said)
            connection.execute(given.on_conflict_do_update(index_elements=["turn_id", "author"], set_=said))
            self._note_gaps(connection, turn_id, question, mark.given_at)
        return mark

    def _note_gaps(self, connection: Connection, turn_id: str, question: str, at: datetime) -> None:
        """Make a turn's gaps those its marks say now; a gap that stands keeps its group and its date."""
        said = set(connection.execute(select(feedback.c.reason).where(feedback.c.turn_id == turn_id)).scalars())
        of_turn = gaps.c.turn_id == turn_id
        connection.execute(delete(gaps).where(of_turn, gaps.c.cause.in_([r for r in BAD_REASONS if r not in said])))
        noted = set(connection.execute(select(gaps.c.cause).where(of_turn)).scalars())
        for reason in BAD_REASONS:
            if reason in said and reason not in noted:
                gap = gaps.insert().values(turn_id=turn_id, cause=reason, question=question, noted_at=at)
                connection.execute(gap)

    def of_turns(self, turn_ids: Collection[str], author: str) -> dict[str, Mark]:
        """The author's own marks, by turn."""
        wanted = select(feedback).where(feedback.c.turn_id.in_(turn_ids), feedback.c.author == author)
        with self._database.read() as connection:
            rows = connection.execute(wanted).all()
        return {row.turn_id: Mark(row.turn_id, row.reason, row.comment, row.given_at) for row in rows}

    def latest(self, limit: int = 50, reasons: Sequence[Reason] = REASONS) -> tuple[MarkedTurn, ...]:
        """Everybody's latest marks for one of these reasons, with the turns they are of, the latest first."""
        wanted = (
            select(feedback, turns.c.body, turns.c.asked_at)
            .join(turns, turns.c.id == feedback.c.turn_id)
            .where(feedback.c.reason.in_(reasons))
            .order_by(feedback.c.given_at.desc(), feedback.c.turn_id, feedback.c.author)
            .limit(limit)
        )
        with self._database.read() as connection:
            rows = connection.execute(wanted).all()
        return tuple(
            MarkedTurn(
                Mark(row.turn_id, row.reason, row.comment, row.given_at),
                StoredTurn(_TURN.validate_json(row.body), row.asked_at),
            )
            for row in rows
        )

    def counts(self, first: date, after: date) -> dict[date, dict[Reason, int]]:
        """How many marks of each reason each day of Paris got, `after` left out; days without any are left out."""
        begin, end = bounds(first, after)
        wanted = (
            select(feedback.c.given_at, feedback.c.reason)
            .where(feedback.c.given_at >= begin, feedback.c.given_at < end)
            .order_by(feedback.c.given_at)
        )
        with self._database.read() as connection:
            rows = connection.execute(wanted).all()
        by_day: dict[date, Counter[Reason]] = {}
        for row in rows:
            by_day.setdefault(day_of(row.given_at), Counter())[row.reason] += 1
        return {day: dict(counted) for day, counted in by_day.items()}
