"""What readers asked and the documents do not hold: gaps, grouped by need, with who fills them and how far they are."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal, get_args
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Connection, func, select, update

from assistant.grouping import SAME, likeness, read_need
from assistant.store.database import Database
from assistant.store.erasure import forget_labels
from assistant.store.tables import gap_groups, gaps

GapState = Literal["nouveau", "en_cours", "traite", "hors_perimetre"]
GAP_STATES: tuple[GapState, ...] = get_args(GapState)
MOST_AT_ONCE = 100
COMPARED = 12
"""Groups, the nearest by meaning, whose questions a new one is compared with."""
MOST_COMPARED = 20
"""Questions of a group that a new one is compared with."""
Vectors = NDArray[np.float32]
Embed = Callable[[Sequence[str]], Vectors]


class UnknownGroup(Exception):
    """No group of gaps has this id."""


class _Overtaken(Exception):
    """Somebody else grouped or purged these gaps meanwhile."""


@dataclass(frozen=True, slots=True)
class NearDocument:
    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Gap:
    """A question, masked, that was not or badly answered; `cause` is an outcome or the reason of a mark."""

    turn_id: str
    cause: str
    question: str
    noted_at: datetime


@dataclass(frozen=True, slots=True)
class GapGroup:
    """The gaps of one need, the latest first. `label` is the most central of their questions.

    `reopened_at` says that a new gap came after the group was said to be done; `documents` are the nearest there were.
    """

    id: str
    label: str
    state: GapState
    assignee: str
    documents: tuple[NearDocument, ...]
    gaps: tuple[Gap, ...]
    reopened_at: datetime | None

    @property
    def causes(self) -> dict[str, int]:
        counted: dict[str, int] = defaultdict(int)
        for gap in self.gaps:
            counted[gap.cause] += 1
        return dict(counted)


@dataclass(frozen=True, slots=True)
class Grouped:
    """What grouping did: gaps put in a group, groups made, ids of groups that were done and are new again."""

    gaps: int = 0
    made: int = 0
    reopened: tuple[str, ...] = ()


@dataclass(slots=True)
class _Draft:
    """A group while gaps are put in it."""

    id: str
    state: GapState
    centre: Vectors
    questions: list[str]
    added: list[Gap] = field(default_factory=list)
    new: bool = False


class Backlog:
    """The groups of gaps. `embed` gives unit rows, `nearest` the documents nearest to a question.

    Every method raises StoreUnavailable; `group_new` raises also as `embed` and `nearest` do.
    """

    def __init__(
        self,
        database: Database,
        embed: Embed,
        nearest: Callable[[str], Sequence[NearDocument]] = lambda question: (),
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._database = database
        self._embed = embed
        self._nearest = nearest
        self._now = now

    def group_new(self, most: int = MOST_AT_ONCE) -> Grouped:
        """Put the oldest gaps that have no group in one. A gap of a group that was done makes it new again.

        Nothing is locked while vectors are made: what another process did meanwhile is left to it.
        """
        with self._database.read() as connection:
            waiting = _gaps(connection, gaps.c.group_id.is_(None), most)
            if not waiting:
                return Grouped()
            drafts = self._drafts(connection)
        questions = _questions(waiting)
        vectors = dict(zip(questions, self._embed(questions), strict=True))
        for gap in waiting:
            draft = self._best(drafts, gap.question, vectors[gap.question])
            draft.added.append(gap)
            _learn(draft, gap, vectors)
        changed = [draft for draft in drafts if draft.added]
        written = [(draft, *self._described(draft.questions)) for draft in changed]
        try:
            with self._database.begin() as connection:
                for draft, label, centre, documents in written:
                    self._write(connection, draft, label, centre, documents)
        except _Overtaken:
            return Grouped()
        reopened = tuple(draft.id for draft in changed if draft.state == "traite")
        return Grouped(len(waiting), sum(draft.new for draft in changed), reopened)

    def groups(
        self,
        states: Collection[GapState] = GAP_STATES,
        assignee: str | None = None,
        cause: str | None = None,
        limit: int = 200,
    ) -> tuple[GapGroup, ...]:
        """Groups that have gaps, those asked most often first."""
        wanted: ColumnElement[bool] = gap_groups.c.state.in_(states)
        if assignee is not None:
            wanted &= gap_groups.c.assignee == assignee
        if cause is not None:
            wanted &= gap_groups.c.id.in_(select(gaps.c.group_id).where(gaps.c.cause == cause))
        found = self._found(wanted)
        found.sort(key=lambda group: (len(group.gaps), group.gaps[0].noted_at), reverse=True)
        return tuple(found[:limit])

    def group(self, group_id: str) -> GapGroup:
        """Raises UnknownGroup."""
        found = self._found(gap_groups.c.id == group_id)
        if not found:
            raise UnknownGroup(group_id)
        return found[0]

    def waiting(self) -> int:
        """How many gaps have no group yet."""
        with self._database.read() as connection:
            wanted = select(func.count()).select_from(gaps).where(gaps.c.group_id.is_(None))
            return connection.execute(wanted).scalar_one()

    def set_state(self, group_id: str, state: GapState) -> None:
        """Raises UnknownGroup."""
        self._change(group_id, state=state, reopened_at=None)

    def assign(self, group_id: str, assignee: str) -> None:
        """Give a group to somebody, to nobody with "". Raises UnknownGroup."""
        self._change(group_id, assignee=assignee)

    def tidy(self) -> None:
        """Drop groups without gaps, and labels whose question was purged."""
        with self._database.begin() as connection:
            forget_labels(connection)

    def _change(self, group_id: str, **values: Any) -> None:
        with self._database.begin() as connection:
            change = update(gap_groups).where(gap_groups.c.id == group_id).values(changed_at=self._now(), **values)
            if connection.execute(change).rowcount == 0:
                raise UnknownGroup(group_id)

    def _found(self, wanted: Any) -> list[GapGroup]:
        with self._database.read() as connection:
            rows = connection.execute(select(gap_groups).where(wanted)).all()
            by_group = _by_group(connection, [row.id for row in rows])
        return [
            GapGroup(
                row.id,
                # The words of a purged question are shown no more, even before they are rewritten.
                row.label if row.label in {gap.question for gap in by_group[row.id]} else by_group[row.id][0].question,
                row.state,
                row.assignee,
                tuple(NearDocument(**one) for one in row.documents),
                tuple(by_group[row.id]),
                row.reopened_at,
            )
            for row in rows
            if row.id in by_group
        ]

    def _drafts(self, connection: Connection) -> list[_Draft]:
        rows = connection.execute(select(gap_groups.c.id, gap_groups.c.state, gap_groups.c.vector)).all()
        by_group = _by_group(connection, [row.id for row in rows])
        return [
            _Draft(row.id, row.state, np.frombuffer(row.vector, dtype=np.float32), _questions(by_group[row.id]))
            for row in rows
            if row.id in by_group
        ]

    def _best(self, drafts: list[_Draft], question: str, vector: Vectors) -> _Draft:
        """The group a question belongs to, a new one when it is like none; a group of another model's is like none."""
        near = [draft for draft in drafts if draft.centre.shape == vector.shape]
        near = sorted(near, key=lambda draft: -float(draft.centre @ vector))[:COMPARED]
        need = read_need(question)
        scored = []
        for draft in near:
            cosine = float(draft.centre @ vector)
            likely = [likeness(need, read_need(other), cosine) for other in draft.questions[:MOST_COMPARED]]
            # On the average of its questions, not the nearest: else groups grow link by link.
            scored.append((sum(likely) / len(likely), draft))
        best = max(scored, key=lambda pair: pair[0], default=None)
        if best is not None and best[0] >= SAME:
            return best[1]
        drafts.append(_Draft(uuid4().hex, "nouveau", vector, [], new=True))
        return drafts[-1]

    def _described(self, questions: Sequence[str]) -> tuple[str, Vectors, Sequence[NearDocument]]:
        """The most central of the questions, the centre of them all, and the documents nearest to that one."""
        vectors = self._embed(list(questions))
        centre = _unit(vectors.mean(axis=0))
        label = questions[int(np.argmax(vectors @ centre))]
        return label, centre, self._nearest(label)

    def _write(
        self, connection: Connection, draft: _Draft, label: str, centre: Vectors, documents: Sequence[NearDocument]
    ) -> None:
        now = self._now()
        said = {
            "label": label,
            "vector": centre.astype(np.float32).tobytes(),
            "documents": [{"id": one.id, "title": one.title} for one in documents],
            "changed_at": now,
        }
        if draft.new:
            made = gap_groups.insert().values(id=draft.id, state="nouveau", assignee="", created_at=now, **said)
            connection.execute(made)
        else:
            reopened = {"state": "nouveau", "reopened_at": now} if draft.state == "traite" else {}
            change = update(gap_groups).where(gap_groups.c.id == draft.id).values(**said, **reopened)
            if connection.execute(change).rowcount == 0:
                raise _Overtaken
        for gap in draft.added:
            taken = update(gaps).where(
                gaps.c.turn_id == gap.turn_id, gaps.c.cause == gap.cause, gaps.c.group_id.is_(None)
            )
            if connection.execute(taken.values(group_id=draft.id)).rowcount == 0:
                raise _Overtaken


def _learn(draft: _Draft, gap: Gap, vectors: Mapping[str, Vectors]) -> None:
    if gap.question not in draft.questions:
        draft.centre = _unit(draft.centre * len(draft.questions) + vectors[gap.question])
        draft.questions.append(gap.question)


def _unit(vector: Vectors) -> Vectors:
    unit: Vectors = (vector / (float(np.linalg.norm(vector)) or 1.0)).astype(np.float32)
    return unit


def _questions(of: Sequence[Gap]) -> list[str]:
    return list(dict.fromkeys(gap.question for gap in of))


def _gaps(connection: Connection, wanted: Any, most: int) -> list[Gap]:
    rows = connection.execute(select(gaps).where(wanted).order_by(gaps.c.noted_at, gaps.c.turn_id).limit(most)).all()
    return [Gap(row.turn_id, row.cause, row.question, row.noted_at) for row in rows]


def _by_group(connection: Connection, group_ids: Sequence[str]) -> dict[str, list[Gap]]:
    """The gaps of each group, the latest first."""
    wanted = select(gaps).where(gaps.c.group_id.in_(group_ids)).order_by(gaps.c.noted_at.desc(), gaps.c.turn_id)
    found: dict[str, list[Gap]] = defaultdict(list)
    for row in connection.execute(wanted):
        found[row.group_id].append(Gap(row.turn_id, row.cause, row.question, row.noted_at))
    return dict(found)
