"""What was really asked and answered, over all owners: to be asked again, never to be shown beside a name."""

from pydantic import TypeAdapter
from sqlalchemy import select

from assistant.answer import Turn
from assistant.store.conversations import StoredTurn
from assistant.store.database import Database
from assistant.store.tables import gap_groups, gaps, turns

_TURN = TypeAdapter(Turn)


def latest_turns(database: Database, limit: int) -> tuple[StoredTurn, ...]:
    """The turns answered last, the latest first. Raises StoreUnavailable."""
    wanted = select(turns.c.body, turns.c.asked_at).order_by(turns.c.asked_at.desc(), turns.c.id).limit(limit)
    with database.read() as connection:
        rows = connection.execute(wanted).all()
    return tuple(StoredTurn(_TURN.validate_json(row.body), row.asked_at) for row in rows)


def turns_to_fill(database: Database) -> tuple[StoredTurn, ...]:
    """The turns behind the gaps that are neither filled nor set aside, the latest first. Raises StoreUnavailable."""
    settled = select(gap_groups.c.id).where(gap_groups.c.state.in_(("traite", "hors_perimetre")))
    open_gaps = select(gaps.c.turn_id).where(gaps.c.group_id.is_(None) | gaps.c.group_id.not_in(settled))
    wanted = select(turns.c.body, turns.c.asked_at).where(turns.c.id.in_(open_gaps)).order_by(turns.c.asked_at.desc())
    with database.read() as connection:
        rows = connection.execute(wanted).all()
    return tuple(StoredTurn(_TURN.validate_json(row.body), row.asked_at) for row in rows)
