"""What happens to a question, in order: complete it, read it, find passages, weigh them, answer or abstain."""

import threading
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from assistant import abstention, cautions, composer, freshness, grounding, origin
from assistant.answer import Abstention, Answer, Draft, Note, Reply, Turn
from assistant.applicability import Asker, merged, read_asker, without_population
from assistant.calibration import Calibration
from assistant.clock import Clock
from assistant.compared import compared_in, named_things
from assistant.comparison import compare
from assistant.evidence import Examiner
from assistant.examples import compose_examples
from assistant.generator import Generator, GeneratorFailed
from assistant.grounding import Admitted, Columns
from assistant.parts import Part, split_parts
from assistant.question import Query, Synonyms, read_question, without_orders
from assistant.ranking import Scored, defining_first, score
from assistant.related import Headings, question_headings, related_questions
from assistant.retriever import Retriever
from assistant.rewriter import each_standalone, leans, standalone
from assistant.session import LOCAL, Sessions
from assistant.stream import StreamEvents, StreamPassages, StreamReplace, StreamTurn, sentences_of
from assistant.support import support_values, supporter
from assistant.weighed import Weighed, for_asker, nearest, newest
from corpus import Lexicon
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
LOOKED_THROUGH = 200
"""Passages found among which those are taken."""
LOOKED_AT = 16
"""Passages weighed for each cell of a comparison."""
WHOLE = ""
"""Stands for the words of a part where a question is answered as one, its parts being too weak alone."""
SPEAKING = 8
"""Best units of a part whose passages must speak of what it asks."""
SHARED_ROOM = 0.75
"""Share of the usual length that each part of a question fills."""


@dataclass(frozen=True, slots=True)
class _Opened:
    """The current snapshot and what searches it."""

    snapshot: Snapshot
    retriever: Retriever
    examiner: Examiner
    first_hand: tuple[bool, ...]
    """Whether each passage, by number, is of a document that speaks for itself."""
    headings: Headings

    def is_first_hand(self, scored: Scored) -> bool:
        return self.first_hand[scored.candidate.found.number]


@dataclass(frozen=True, slots=True)
class _Replied:
    """What was composed for a question, before it becomes a turn."""

    reply: Reply
    notes: tuple[Note, ...] = ()
    handed_over: bool = False
    answering: tuple[Weighed, ...] = ()


class Assistant:
    """Answers questions from the published snapshot, and follows when another is published."""

    def __init__(
        self,
        store: SnapshotStore,
        embedder: Embedder,
        calibration: Calibration,
        lexicon: Lexicon,
        sessions: Sessions,
        generator: Generator | None = None,
        today: Callable[[], date] = date.today,
    ) -> None:
        self._store = store
        self._embedder = embedder
        self._calibration = calibration
        self._lexicon = lexicon
        self._synonyms = Synonyms(lexicon)
        self._sessions = sessions
        self._generator = generator
        self._today = today
        self._opened: _Opened | None = None
        self._opening = threading.Lock()
        self._progress: Progress | None = None

    def ask(
        self,
        question: str,
        session_id: str | None = None,
        filters: Filters = Filters(),
        k: int = 8,
        profile: Asker = Asker(),
        owner: str = LOCAL,
        before: Sequence[str] = (),
    ) -> Turn:
        """Answer a question within a session (a new one when the id is not one of `owner`'s), `k` passages kept beside.

        `profile` is what is known of who asks; what the question or the session say of it comes first.
        `before` are questions asked elsewhere, oldest first: they complete this one when its session holds none, and
        are not kept.
        Raises NoIndex, IndexMismatch, SnapshotDamaged, ModelUnavailable.
        """
        for event in self.ask_stream(question, session_id, filters, k, profile, owner, before):
            if isinstance(event, StreamTurn):
                return event.turn
        raise AssertionError("a stream ends with its turn")

    def ask_stream(
        self,
        question: str,
        session_id: str | None = None,
        filters: Filters = Filters(),
        k: int = 8,
        profile: Asker = Asker(),
        owner: str = LOCAL,
        before: Sequence[str] = (),
    ) -> StreamEvents:
        """The same, told as it goes: passages first, then each sentence, then the turn. Raises as `ask` does.

        With a language model its sentences come second, behind a StreamReplace, if they pass the gate.
        """
        clock = Clock()
        opened = self._open()
        session_id = self._sessions.open(session_id, owner)
        asker = self._asker(question, session_id, profile, before)
        completed, model_answers = self._completed(question, session_id, before)
        weighed = self._weigh(opened, completed, filters, k, clock)
        yield StreamPassages(weighed.hits)
        replied = self._reply(opened, completed, weighed, asker, filters, clock)
        replied = replace(replied, reply=_with_twins(opened, replied.reply, filters))
        clock.lap("compose")
        yield from sentences_of(replied.reply)
        said_by, notes = "extractive", replied.notes
        if self._generator is not None and isinstance(replied.reply, Answer) and replied.reply.table is None:
            try:
                if not model_answers:
                    raise GeneratorFailed("failed")
                answer = self._reworded(opened, completed, replied.reply, replied.answering)
            except GeneratorFailed:
                notes = (*notes, Note("model_set_aside"))
            else:
                replied = replace(replied, reply=_with_twins(opened, answer, filters))
                said_by = self._generator.name
                yield StreamReplace()
                yield from sentences_of(replied.reply)
            clock.lap("reword")
        turn = Turn(
            id=uuid.uuid4().hex,
            session_id=session_id,
            question=question,
            standalone_question=completed,
            reply=replied.reply,
            hits=weighed.hits,
            notes=(*cautions.reading(question, completed, weighed.query), *notes),
            related=related_questions(
                completed, replied.reply, weighed.hits, opened.headings, opened.snapshot.documents, filters
            ),
            applies_to=cautions.holds_for(replied.reply),
            handed_over=replied.handed_over,
            composer=said_by,
            timings_ms=clock.timings(),
        )
        if not self._sessions.keep(turn, owner):
            turn = replace(turn, notes=(*turn.notes, Note("not_kept")))
        yield StreamTurn(turn)

    def complete(self, question: str, session_id: str) -> str:
        """The question as it stands alone, given the session's turns: by the model when there is one, else by rules."""
        return self._completed(question, session_id)[0]

    def _completed(self, question: str, session_id: str, elsewhere: Sequence[str] = ()) -> tuple[str, bool]:
        """The completed question, and whether a model may be asked once more: one that hung is not waited for twice."""
        before = [turn.standalone_question for turn in self._sessions.turns(session_id)] or each_standalone(elsewhere)
        model_answers = True
        if self._generator is not None and before and leans(question, before):
            try:
                return self._generator.complete(question, before[-3:]), True
            except GeneratorFailed as error:  # The rules need no model.
                model_answers = error.failing not in ("timeout", "failed")
        return standalone(question, before), model_answers

    def weigh(self, question: str, filters: Filters = Filters(), k: int = 8) -> Weighed:
        """Read a standalone question and weigh its evidence, without answering: what calibration is fitted on."""
        return self._weigh(self._open(), question, filters, k, Clock())

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

    def passage(self, passage_id: str) -> tuple[Passage, DocumentRecord] | None:
        """One passage and its document, None when no published passage has this id."""
        snapshot = self._open().snapshot
        try:
            passage = snapshot.passages[snapshot.number_of(passage_id)]
        except KeyError:
            return None
        return passage, snapshot.record(passage.document_id)

    def documents_holding(self, passage_ids: Sequence[str]) -> tuple[DocumentRecord, ...]:
        """The documents of these passages, each once, in that order; passages no longer published are left out."""
        snapshot = self._open().snapshot
        numbers = (snapshot.find(passage_id) for passage_id in passage_ids)
        found = (snapshot.passages[number].document_id for number in numbers if number is not None)
        return tuple(snapshot.documents[document_id] for document_id in dict.fromkeys(found))

    def headings(self) -> Headings:
        """The questions that the documents answer under headings of their own, by document. Raises as `ask` does."""
        return self._open().headings

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

    def model_tokens(self) -> tuple[int, int]:
        """How many tokens a language model has read and written since the start; none without one."""
        return self._generator.tokens if self._generator is not None else (0, 0)

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
                facts = {key: origin.first_hand(record.metadata) for key, record in snapshot.documents.items()}
                opened = _Opened(
                    snapshot,
                    Retriever(snapshot, self._embedder),
                    Examiner(snapshot),
                    tuple(facts[passage.document_id] for passage in snapshot.passages),
                    question_headings(snapshot.passages, snapshot.documents),
                )
                # The old snapshot is not closed: a running answer may still read it.
                self._opened = opened
            return opened

    def _read(self, opened: _Opened, question: str) -> Query:
        return read_question(question, opened.snapshot.vocabulary, self._synonyms)

    def _weigh(
        self, opened: _Opened, question: str, filters: Filters, k: int, clock: Clock, most: int = GATHERED
    ) -> Weighed:
        asked = without_population(without_orders(question))
        query = self._read(opened, asked or question)
        clock.lap("read")
        evidence = opened.retriever.gather(query, max(LOOKED_THROUGH, k), filters)
        hits = tuple(opened.retriever.hit(found, filters) for found in evidence.found[:k])
        clock.lap("retrieve")
        looked_at = origin.mixed(evidence.found, most, lambda found: opened.first_hand[found.number])
        candidates = opened.examiner.examine(query, replace(evidence, found=tuple(looked_at)))
        ranked = tuple(origin.put_ahead(score(candidates, self._calibration.ranking), opened.is_first_hand))
        if not ranked or not asked:
            return Weighed(query, hits, ranked, {}, 0.0)
        signals = abstention.signals(query, ranked, opened.examiner, opened.snapshot)
        probability = self._calibration.decision(signals)
        if query.defined:
            first, share = defining_first(ranked, query.defined)
            ranked = tuple(first)
            # What a thing is told to be in so many words is its definition, however much else is said of it.
            probability = max(probability, share)
        clock.lap("weigh")
        return Weighed(query, hits, ranked, signals, probability)

    def _asker(self, question: str, session_id: str, profile: Asker, elsewhere: Sequence[str]) -> Asker:
        asked = [turn.question for turn in self._sessions.turns(session_id)] or elsewhere
        return merged([read_asker(question), *(read_asker(earlier) for earlier in reversed(asked)), profile])

    def _reply(
        self, opened: _Opened, asked: str, weighed: Weighed, asker: Asker, filters: Filters, clock: Clock
    ) -> _Replied:
        """Answer each part of a question that has evidence, and name the others; abstain when none has."""
        documents = opened.snapshot.documents
        parts = split_parts(asked)
        # Beside a comparison another part would go unseen: a table is for a question that only compares.
        only_compares = weighed.query.form == "comparison" and len(parts) == 1
        if only_compares and (replied := self._compare(opened, asked, asker, filters)):
            return replied
        weighings = (
            [self._weigh(opened, part.question, filters, GATHERED, clock) for part in parts]
            if len(parts) > 1
            else [weighed]
        )
        answerable = self._answerable(opened, parts, weighings, weighed)
        if not answerable:
            return _Replied(Abstention(nearest(weighed), abstention.known_topics(weighed.query)))
        suited = [for_asker(one, asker, opened.snapshot) for _, one in answerable]
        fitting, outdated = zip(*(newest(one, documents) for one in suited), strict=True)
        aside = tuple(dict.fromkeys(draft for drafts in outdated for draft in drafts))
        room = SHARED_ROOM if len(fitting) > 1 else 1.0
        composed = [self._compose(opened, one, asker, filters, room) for one in fitting]
        drafts = dict.fromkeys(draft for of_a_part in composed for draft in of_a_part)
        kept, older = freshness.newest_of(tuple(dict.fromkeys([*drafts, *aside])), documents)
        admitted = self._admit(opened, [draft for draft in kept if draft not in aside], fitting)
        if admitted.answer is None:
            return _Replied(Abstention(nearest(weighed), abstention.known_topics(weighed.query)))
        stopped = {one.draft for one in admitted.dropped}
        answered = [said for (said, _), of in zip(answerable, composed, strict=True) if not stopped.issuperset(of)]
        if answered == [WHOLE]:
            cited = [citation.passage for citation in admitted.answer.citations]
            told = {part.said for part in parts if self._speak_of(opened, part, cited)}
            answered = [part.said for part in parts if part.said in told or not told]
        unanswered = tuple(part.said for part in parts if part.said not in answered)
        answer = replace(admitted.answer, unanswered=unanswered)
        notes = [Note("documents_disagree")] if older else []
        notes += [Note("sentences_dropped")] if any(one.reason != "off_topic" for one in admitted.dropped) else []
        notes += cautions.beside(answer, weighed.query, asker)
        return _Replied(answer, tuple(notes), weighed.query.form == "opinion", tuple(fitting))

    def _speak_of(self, opened: _Opened, part: Part, passages: Iterable[Passage]) -> bool:
        return opened.examiner.speaks_of(self._read(opened, part.said).words, passages)

    def _answerable(
        self, opened: _Opened, parts: Sequence[Part], weighings: Sequence[Weighed], whole: Weighed
    ) -> list[tuple[str, Weighed]]:
        """What can be answered of a question's parts, each behind its words; else the whole, or nothing."""
        threshold = self._calibration.threshold
        known = [
            (part.said, one)
            for part, one in zip(parts, weighings, strict=True)
            if one.probability >= threshold and (len(parts) == 1 or self._speak_of(opened, part, _best(one)))
        ]
        if known or whole.probability < threshold:
            return known
        return [(WHOLE, whole)]

    def _compose(
        self, opened: _Opened, weighed: Weighed, asker: Asker, filters: Filters, room: float
    ) -> Sequence[Draft]:
        documents = opened.snapshot.documents
        if weighed.query.form == "examples" and not filters.kind:
            found = self._weigh(opened, weighed.query.text, replace(filters, kind=("experience",)), GATHERED, Clock())
            stories = for_asker(found, asker, opened.snapshot)
            if examples := compose_examples(stories.ranked, documents, asker):
                return examples
        ranked = origin.alternated(weighed.ranked, opened.is_first_hand)
        return composer.compose(weighed.query, ranked, room)

    def _compare(self, opened: _Opened, asked: str, asker: Asker, filters: Filters) -> _Replied | None:
        """A table of what is compared, None when the question names no two things or the documents hold too little."""
        documents = opened.snapshot.documents
        statuses = sorted({status for record in documents.values() for status in record.metadata.statuses})
        known = named_things(statuses, self._lexicon, (record.metadata.title for record in documents.values()))
        things = compared_in(asked, known)
        if not things:
            return None
        weighings: dict[str, Weighed] = {}

        def rank(questions: Sequence[str]) -> Sequence[Sequence[Scored]]:
            self._embedder.embed_questions(questions)  # in one batch, which each search then finds made
            for question in questions:
                weighings[question] = self._weigh(opened, question, filters, 1, Clock(), LOOKED_AT)
            return [weighings[question].ranked for question in questions]

        def support(question: str, scored: Scored) -> float:
            asked = weighings[question]
            return self._calibration.support(support_values(asked.query, scored, asked.ranked[0].score))

        filled = compare(things, rank, support, documents, known)
        answering = tuple(weighings.values())
        admitted = self._admit(opened, filled.drafts, answering, filled.columns)
        # Where no criterion is filled for all, nothing is compared: sentences say more.
        table = admitted.answer.table if admitted.answer else None
        if admitted.answer is None or table is None or not any(all(cell.text for cell in row) for row in table.rows):
            return None
        return _Replied(admitted.answer, cautions.not_for(asker, admitted.answer.citations), answering=answering)

    def _admit(
        self,
        opened: _Opened,
        drafts: Sequence[Draft],
        answering: Sequence[Weighed],
        columns: Columns | None = None,
    ) -> Admitted:
        supports = [supporter(one.query, one.ranked, self._calibration.support) for one in answering]
        today = self._today()
        return grounding.admit(
            drafts,
            opened.snapshot.documents,
            lambda draft: max(support(draft) for support in supports),
            lambda document: freshness.warning(document, today),
            columns,
        )

    def _reworded(self, opened: _Opened, asked: str, extractive: Answer, answering: Sequence[Weighed]) -> Answer:
        """The model's answer from the passages the extractive one cites and the next best. Raises GeneratorFailed."""
        assert self._generator is not None
        cited = {citation.passage.id: citation.passage for citation in extractive.citations}
        near = {one.candidate.passage.id: one.candidate.passage for w in answering for one in w.ranked[:12]}
        admitted = self._admit(opened, self._generator.draft(asked, list((cited | near).values())), answering)
        if admitted.answer is None or len(admitted.dropped) > len(admitted.answer.sentences):
            raise GeneratorFailed("unreadable")
        return replace(admitted.answer, unanswered=extractive.unanswered)


def _best(weighed: Weighed) -> list[Passage]:
    return [scored.candidate.passage for scored in weighed.ranked[:SPEAKING]]


def _with_twins(opened: _Opened, reply: Reply, filters: Filters) -> Reply:
    """Each citation with the other documents that say the same, among those the filters accept."""
    if not isinstance(reply, Answer):
        return reply
    numbers = (opened.snapshot.number_of(citation.passage.id) for citation in reply.citations)
    also_in = (opened.retriever.also_in(number, filters) for number in numbers)
    citations = tuple(replace(c, also_in=found) for c, found in zip(reply.citations, also_in, strict=True))
    return replace(reply, citations=citations)
