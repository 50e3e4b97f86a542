"""What happens to a question, in order: complete it, read it, find passages, weigh them, answer or abstain."""

import threading
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from assistant import abstention, composer
from assistant.abstention import Calibration
from assistant.answer import Abstention, Answer, Citation, Note, Reply, Sentence, Turn
from assistant.composer import Scored
from assistant.evidence import Examiner
from assistant.question import Query, Synonyms, read_question, without_orders
from assistant.retriever import Retriever
from assistant.rewriter import standalone
from assistant.session import Sessions
from indexing import (
    CorpusState,
    DocumentRecord,
    Embedder,
    Filters,
    Hit,
    NoIndex,
    Passage,
    Progress,
    Snapshot,
    SnapshotStore,
)

GATHERED = 24
"""Passages whose units are weighed for an answer."""
NEAREST = 3


@dataclass(frozen=True, slots=True)
class StreamPassages:
    """First event of a stream: the passages found, best first."""

    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class StreamSentence:
    """A sentence of the answer, with the citations it uses."""

    sentence: Sentence
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class StreamTurn:
    """Last event of a stream: the whole turn."""

    turn: Turn


StreamEvent = StreamPassages | StreamSentence | StreamTurn


@dataclass(frozen=True, slots=True)
class Weighed:
    """A question read and its evidence weighed; `probability` in [0, 1] is that of the evidence answering it."""

    query: Query
    hits: tuple[Hit, ...]
    ranked: tuple[Scored, ...]
    signals: dict[str, float]
    probability: float


@dataclass(frozen=True, slots=True)
class _Opened:
    """The current snapshot and what searches it."""

    snapshot: Snapshot
    retriever: Retriever
    examiner: Examiner


class Assistant:
    """Answers questions from the published snapshot, and follows when another is published."""

    def __init__(
        self, store: SnapshotStore, embedder: Embedder, calibration: Calibration, synonyms: Synonyms, sessions: Sessions
    ) -> None:
        self._store = store
        self._embedder = embedder
        self._calibration = calibration
        self._synonyms = synonyms
        self._sessions = sessions
        self._opened: _Opened | None = None
        self._opening = threading.Lock()
        self._progress: Progress | None = None

    def ask(self, question: str, session_id: str | None = None, filters: Filters = Filters(), k: int = 8) -> Turn:
        """Answer a question within a session (a new one when the id is unknown), `k` passages kept beside the answer.

        Raises NoIndex, IndexMismatch, SnapshotDamaged, ModelUnavailable.
        """
        for event in self.ask_stream(question, session_id, filters, k):
            if isinstance(event, StreamTurn):
                return event.turn
        raise AssertionError("a stream ends with its turn")

    def ask_stream(
        self, question: str, session_id: str | None = None, filters: Filters = Filters(), k: int = 8
    ) -> Iterator[StreamEvent]:
        """The same, told as it goes: passages first, then each sentence, then the turn. Raises as `ask` does."""
        clock = _Clock()
        opened = self._open()
        session_id = self._sessions.open(session_id)
        completed = self.complete(question, session_id)
        weighed = self._weigh(opened, completed, filters, k, clock)
        yield StreamPassages(weighed.hits)
        reply = self._reply(opened, weighed)
        clock.lap("compose")
        if isinstance(reply, Answer):
            by_number = {citation.n: citation for citation in reply.citations}
            for sentence in reply.sentences:
                yield StreamSentence(sentence, tuple(by_number[n] for n in sentence.citations))
        turn = Turn(
            id=uuid.uuid4().hex,
            session_id=session_id,
            question=question,
            standalone_question=completed,
            reply=reply,
            hits=weighed.hits,
            notes=_notes(question, completed, weighed.query),
            timings_ms=clock.timings(),
        )
        self._sessions.keep(turn)
        yield StreamTurn(turn)

    def complete(self, question: str, session_id: str) -> str:
        """The question as it stands alone, given the session's turns."""
        return standalone(question, [turn.standalone_question for turn in self._sessions.turns(session_id)])

    def weigh(self, question: str, filters: Filters = Filters(), k: int = 8) -> Weighed:
        """Read a standalone question and weigh its evidence, without answering: what calibration is fitted on."""
        return self._weigh(self._open(), question, filters, k, _Clock())

    def measure(self, query: Query, ranked: Sequence[Scored]) -> dict[str, float]:
        """The abstention's signals for a ranking of a question's evidence."""
        opened = self._open()
        return abstention.signals(query, ranked, opened.examiner, opened.snapshot)

    def search(self, query: str, k: int = 5, filters: Filters = Filters()) -> tuple[Hit, ...]:
        """The `k` best passages for some words, best first. Raises as `ask` does."""
        opened = self._open()
        return opened.retriever.search(self._read(opened, query), k, filters)

    def documents(self) -> tuple[DocumentRecord, ...]:
        return tuple(self._open().snapshot.documents.values())

    def passages(self, document_id: str) -> tuple[Passage, ...]:
        """The passages of a document in reading order. Raises UnknownDocument."""
        snapshot = self._open().snapshot
        snapshot.record(document_id)
        return tuple(passage for passage in snapshot.passages if passage.document_id == document_id)

    def state(self) -> CorpusState | None:
        """What is published, None when nothing ever was. Raises IndexMismatch, SnapshotDamaged."""
        try:
            snapshot = self._open().snapshot
        except NoIndex:
            return None
        dates = [d.metadata.published for d in snapshot.documents.values() if d.metadata.published]
        manifest = snapshot.manifest
        return CorpusState(
            manifest.snapshot,
            manifest.documents,
            manifest.passages,
            manifest.published_at,
            manifest.model,
            max(dates, default=None),
        )

    def building(self) -> Progress | None:
        """How far the first build of this process is, None when none runs."""
        return self._progress

    def report_building(self, progress: Progress | None) -> None:
        self._progress = progress

    @property
    def embedder(self) -> Embedder:
        """The model the assistant reads questions with: a build in the same process shares it."""
        return self._embedder

    def warm_up(self) -> None:
        """Load the model and the snapshot now rather than at the first question. Raises as `ask` does."""
        self._embedder.load()
        self.weigh("Qui peut aider une commune ?")

    def _open(self) -> _Opened:
        """The published snapshot; opened anew when another one was published meanwhile."""
        current = self._store.current()
        opened = self._opened
        if opened is not None and opened.snapshot.manifest.snapshot == current:
            return opened
        with self._opening:
            opened = self._opened
            if opened is None or opened.snapshot.manifest.snapshot != self._store.current():
                snapshot = self._store.open(self._embedder.fingerprint)
                opened = _Opened(snapshot, Retriever(snapshot, self._embedder), Examiner(snapshot))
                # The old snapshot is not closed: a running answer may still read it.
                self._opened = opened
            return opened

    def _read(self, opened: _Opened, question: str) -> Query:
        return read_question(question, opened.snapshot.vocabulary, self._synonyms)

    def _weigh(self, opened: _Opened, question: str, filters: Filters, k: int, clock: "_Clock") -> Weighed:
        asked = without_orders(question)
        query = self._read(opened, asked or question)
        clock.lap("read")
        evidence = opened.retriever.gather(query, max(GATHERED, k), filters)
        hits = tuple(opened.retriever.hit(found) for found in evidence.found[:k])
        clock.lap("retrieve")
        ranked = tuple(
            composer.score(
                opened.examiner.examine(query, replace(evidence, found=evidence.found[:GATHERED])),
                self._calibration.ranking,
            )
        )
        if not ranked or not asked:
            return Weighed(query, hits, ranked, {}, 0.0)
        signals = abstention.signals(query, ranked, opened.examiner, opened.snapshot)
        clock.lap("weigh")
        return Weighed(query, hits, ranked, signals, self._calibration.probability(signals))

    def _reply(self, opened: _Opened, weighed: Weighed) -> Reply:
        if weighed.probability < self._calibration.threshold:
            return Abstention(_nearest(weighed), abstention.known_topics(weighed.query))
        return composer.compose(weighed.query, weighed.ranked, opened.snapshot.documents, weighed.probability)


def _nearest(weighed: Weighed) -> tuple[Hit, ...]:
    """The passages nearest to what was asked, in the order their units were ranked."""
    by_id = {hit.passage.id: hit for hit in weighed.hits}
    order = dict.fromkeys(scored.candidate.passage.id for scored in weighed.ranked)
    return tuple(by_id[passage_id] for passage_id in order if passage_id in by_id)[:NEAREST]


def _notes(question: str, completed: str, query: Query) -> tuple[Note, ...]:
    notes = []
    if completed != question:
        notes.append(Note("completed_question", completed))
    if query.corrections:
        notes.append(Note("corrected_words", ", ".join(f"{typed} → {meant}" for typed, meant in query.corrections)))
    if query.english:
        notes.append(Note("typed_in_english"))
    return tuple(notes)


class _Clock:
    """Milliseconds of each step, and in all."""

    def __init__(self, now: Callable[[], float] = time.perf_counter) -> None:
        self._now = now
        self._started = self._last = now()
        self._laps: dict[str, float] = {}

    def lap(self, step: str) -> None:
        now = self._now()
        self._laps[step] = round((now - self._last) * 1000, 1)
        self._last = now

    def timings(self) -> dict[str, float]:
        return {**self._laps, "total": round((self._now() - self._started) * 1000, 1)}
