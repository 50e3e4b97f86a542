"""Small stand-ins for the slow parts: an assistant that knows three passages, a library that does as told."""

import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from assistant.answer import Abstention, Answer, Cell, Citation, Note, Reply, Sentence, Table, Turn
from assistant.applicability import Asker
from assistant.session import LOCAL
from assistant.stream import StreamEvents, StreamPassages, StreamReplace, StreamSentence, StreamTurn
from corpus import Applicability, Failure, Item, Locator, Metadata, Reference, Source
from indexing import (
    BuildReport,
    CorpusState,
    DocumentRecord,
    Filters,
    Hit,
    NoIndex,
    Passage,
    Progress,
    Unit,
    UnknownDocument,
    terms,
)

SCIC = DocumentRecord(
    id="d-scic",
    source="fiches/scic.md",
    metadata=Metadata(
        title="La SCIC, société coopérative d'intérêt collectif",
        kind="regle",
        publisher="Équipe documentaire",
        published="2025-12-22",
        url="https://exemple.fr/scic",
        statuses=("scic",),
        themes=("cooperation", "capital"),
        references=(Reference("Loi n° 47-1775", "République française", None, "2022-02-23"),),
    ),
    passages=2,
)
ROLES = DocumentRecord(
    id="d-roles",
    source="fiches/roles.md",
    metadata=Metadata(
        title="Les rôles d'une collectivité", kind="role", roles=("financeur",), superseded_by="Les rôles, édition 2026"
    ),
    passages=1,
)
DOCUMENTS = (SCIC, ROLES)
NO_FILTERS = Filters()
NOBODY = Asker()


def passage_of(
    document: DocumentRecord, position: int, text: str, gaps: tuple[int, ...] = (), label: str = ""
) -> Passage:
    """A passage whose lines are its units; a line that begins with a dash is a list item."""
    units, start = [], 0
    for line in text.split("\n"):
        if line.strip():
            units.append(Unit("item" if line.startswith("- ") else "sentence", start, start + len(line)))
        start += len(line) + 1
    return Passage(
        id=f"{document.id}-p{position}",
        document_id=document.id,
        position=position,
        heading=(document.metadata.title, label) if label else (document.metadata.title,),
        locator=Locator("section", f"s{position}", label),
        text=text,
        spans=((0, len(text)),),
        section=position,
        units=tuple(units),
        gaps=gaps,
    )


CAPITAL = passage_of(
    SCIC,
    0,
    "Les collectivités peuvent détenir ensemble jusqu'à 50 % du capital d'une SCIC.\n"
    "Une délibération motivée du conseil municipal suffit, sans décret en Conseil d'État.",
    label="La commune peut-elle entrer au capital ?",
)
FORMS = passage_of(
    SCIC,
    1,
    "La SCIC choisit l'une de ces formes commerciales :\n"
    "- la société anonyme (SA) ;\n"
    "- la société à responsabilité limitée (SARL) ;\n"
    "- la société par actions simplifiée (SAS).",
    label="Qu'est-ce qu'une SCIC ?",
)
FINANCER = passage_of(ROLES, 0, "La collectivité finance, par une subvention ou une prise de participation.")
PASSAGES = (CAPITAL, FORMS, FINANCER)
HITS = (Hit(CAPITAL, SCIC, 0.91, "convex"), Hit(FORMS, SCIC, 0.62, "convex"), Hit(FINANCER, ROLES, 0.4, "convex"))

ANSWER = Answer(
    sentences=(
        Sentence("Les collectivités peuvent détenir ensemble jusqu'à 50 % du capital d'une SCIC.", (1,), 0.93),
        Sentence("La SCIC choisit l'une de ces formes commerciales :", (2,), 0.8),
        Sentence("la société anonyme (SA) ;", (2,), 0.8, item=True),
        Sentence("la société par actions simplifiée (SAS).", (2,), 0.8, item=True),
    ),
    citations=(
        Citation(1, CAPITAL, SCIC, ("Les collectivités peuvent détenir ensemble jusqu'à 50 % du capital d'une SCIC.",)),
        Citation(
            2,
            FORMS,
            SCIC,
            (
                "La SCIC choisit l'une de ces formes commerciales :",
                "la société anonyme (SA) ;",
                "la société par actions simplifiée (SAS).",
            ),
        ),
    ),
)
COMPARED = Answer(
    sentences=(
        Sentence("La SCIC choisit l'une de ces formes commerciales : la société anonyme.", (1,), 0.8, item=True),
        Sentence(
            "Les collectivités peuvent détenir ensemble jusqu'à 50 % du capital d'une SCIC.", (2,), 0.9, item=True
        ),
        Sentence("La collectivité finance, par une subvention ou une prise de participation.", (3,), 0.6, item=True),
    ),
    citations=(
        Citation(1, FORMS, SCIC, ("La SCIC choisit l'une de ces formes commerciales :", "la société anonyme (SA) ;")),
        Citation(2, CAPITAL, SCIC, ("Les collectivités peuvent détenir ensemble jusqu'à 50 % du capital d'une SCIC.",)),
        Citation(
            3,
            FINANCER,
            ROLES,
            ("La collectivité finance, par une subvention ou une prise de participation.",),
            "superseded",
        ),
    ),
    table=Table(
        ("definition", "money"),
        ("SCIC", "Association"),
        (
            (Cell("La SCIC choisit l'une de ces formes commerciales : la société anonyme.", (1,)), Cell()),
            (
                Cell("Les collectivités peuvent détenir ensemble jusqu'à 50 % du capital d'une SCIC.", (2,)),
                Cell("La collectivité finance, par une subvention ou une prise de participation.", (3,)),
            ),
        ),
    ),
)
"""A comparison: one of its cells is empty, and the document behind the last is replaced by another."""
ABSTENTION = Abstention(nearest=HITS, topics=("capital", "gouvernance"))
STATE = CorpusState(
    "20261122-1",
    documents=2,
    passages=3,
    published_at="2026-11-22T10:00:00+00:00",
    model="e5-small",
    newest="2025-12-22",
)


@dataclass
class FakeAssistant:
    """Answers every question with `reply`, or raises `error`; remembers what it was asked."""

    reply: Reply = ANSWER
    hits: tuple[Hit, ...] = HITS
    records: tuple[DocumentRecord, ...] = DOCUMENTS
    notes: tuple[Note, ...] = ()
    corpus: CorpusState | None = STATE
    progress: Progress | None = None
    error: Exception | None = None
    error_after_passages: Exception | None = None
    reworded: tuple[Sentence, ...] = ()
    applies_to: Applicability | None = None
    handed_over: bool = False
    related: tuple[str, ...] = ()
    questions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    asked: list[tuple[str, str | None, Filters, int]] = field(default_factory=list)
    askers: list[Asker] = field(default_factory=list)
    owners: list[str] = field(default_factory=list)
    before: list[tuple[str, ...]] = field(default_factory=list)
    _sessions: int = 0

    def ask(
        self,
        question: str,
        session_id: str | None = None,
        filters: Filters = NO_FILTERS,
        k: int = 8,
        profile: Asker = NOBODY,
        owner: str = LOCAL,
        before: Sequence[str] = (),
    ) -> Turn:
        self._fail()
        self.asked.append((question, session_id, filters, k))
        self.askers.append(profile)
        self.owners.append(owner)
        self.before.append(tuple(before))
        if session_id is None or not session_id.startswith("s-"):
            self._sessions += 1
            session_id = f"s-{self._sessions}"
        return Turn(
            id=f"t-{len(self.asked)}",
            session_id=session_id,
            question=question,
            standalone_question=question,
            reply=self.reply,
            hits=self.hits,
            notes=self.notes,
            related=self.related,
            applies_to=self.applies_to,
            handed_over=self.handed_over,
            timings_ms={"total": 1.5},
        )

    def ask_stream(
        self,
        question: str,
        session_id: str | None = None,
        filters: Filters = NO_FILTERS,
        k: int = 8,
        profile: Asker = NOBODY,
        owner: str = LOCAL,
        before: Sequence[str] = (),
    ) -> StreamEvents:
        """Tells its reply; with `reworded` sentences, tells them again in those words."""
        turn = self.ask(question, session_id, filters, k, profile, owner, before)
        yield StreamPassages(turn.hits)
        if self.error_after_passages is not None:
            raise self.error_after_passages
        if isinstance(turn.reply, Answer):
            yield from _told(turn.reply)
            if self.reworded:
                turn = replace(turn, reply=replace(turn.reply, sentences=self.reworded))
                yield StreamReplace()
                assert isinstance(turn.reply, Answer)
                yield from _told(turn.reply)
        yield StreamTurn(turn)

    def model_tokens(self) -> tuple[int, int]:
        return 0, 0

    def search(self, query: str, k: int = 5, filters: Filters = NO_FILTERS) -> tuple[Hit, ...]:
        self._fail()
        self.asked.append((query, None, filters, k))
        return tuple(hit for hit in self.hits if filters.accept(hit.document))[:k]

    def documents(self) -> tuple[DocumentRecord, ...]:
        self._fail()
        return self.records

    def passages(self, document_id: str) -> tuple[Passage, ...]:
        self._fail()
        if document_id not in {record.id for record in self.records}:
            raise UnknownDocument(document_id)
        return tuple(hit.passage for hit in self.hits if hit.document.id == document_id)

    def passage(self, passage_id: str) -> tuple[Passage, DocumentRecord] | None:
        self._fail()
        return next(((hit.passage, hit.document) for hit in self.hits if hit.passage.id == passage_id), None)

    def documents_holding(self, passage_ids: Sequence[str]) -> tuple[DocumentRecord, ...]:
        self._fail()
        held = {hit.passage.id: hit.document for hit in self.hits}
        found = (held[passage_id] for passage_id in passage_ids if passage_id in held)
        return tuple({document.id: document for document in found}.values())

    def headings(self) -> Mapping[str, tuple[str, ...]]:
        self._fail()
        return self.questions

    def state(self) -> CorpusState | None:
        return self.corpus

    def building(self) -> Progress | None:
        return self.progress

    @property
    def embedder(self) -> "FakeEmbedder":
        return FakeEmbedder()

    def warm_up(self) -> None:
        self._fail()

    def _fail(self) -> None:
        if self.error is not None:
            raise self.error
        if self.corpus is None:
            raise NoIndex("nothing was published")


def _told(answer: Answer) -> Iterator[StreamSentence]:
    by_number = {citation.n: citation for citation in answer.citations}
    for sentence in answer.sentences:
        yield StreamSentence(sentence, tuple(by_number[n] for n in sentence.citations))


@dataclass
class FakeLibrary:
    """Says that every place was added, but those whose name holds "vide"."""

    records: tuple[DocumentRecord, ...] = DOCUMENTS
    error: BaseException | None = None
    given: dict[str, str | list[str]] = field(default_factory=dict)

    def add(
        self,
        places: Sequence[str],
        given: Mapping[str, str | list[str]],
        on_progress: Callable[[Progress], None],
        **options: object,
    ) -> BuildReport:
        self._fail()
        self.given = dict(given)
        for done in range(len(places) + 1):
            on_progress(Progress("reading", done, len(places)))
        empty = tuple(Failure(place, "empty") for place in places if "vide" in place)
        return self._report(added=tuple(place for place in places if "vide" not in place), failed=empty)

    def remove(
        self, document_ids: Sequence[str], on_progress: Callable[[Progress], None], **options: object
    ) -> BuildReport:
        self._fail()
        known = {record.id: record.source for record in self.records}
        for document_id in document_ids:
            if document_id not in known:
                raise UnknownDocument(document_id)
        return self._report(removed=tuple(known[document_id] for document_id in document_ids))

    def rebuild(self, on_progress: Callable[[Progress], None], **options: object) -> BuildReport:
        self._fail()
        on_progress(Progress("embedding", 3, 3))
        return self._report(changed=tuple(record.source for record in self.records))

    def documents(self) -> tuple[DocumentRecord, ...]:
        self._fail()
        return self.records

    def sources(self) -> tuple[tuple[Source, tuple[Item, ...]], ...]:
        return ()

    def _fail(self) -> None:
        if self.error is not None:
            raise self.error

    def _report(
        self,
        added: tuple[str, ...] = (),
        changed: tuple[str, ...] = (),
        removed: tuple[str, ...] = (),
        failed: tuple[Failure, ...] = (),
    ) -> BuildReport:
        return BuildReport(
            added=added,
            changed=changed,
            removed=removed,
            unchanged=(),
            failed=failed,
            snapshot="20261122-2",
            passages=3,
            seconds=0.5,
        )


@dataclass
class FakeEmbedder:
    """Vectors of hashed terms: texts that share words are near, without a model. Remembers the passages it embedded."""

    fingerprint: str = "fake"
    dimension: int = 64
    loaded: bool = False
    embedded: list[str] = field(default_factory=list)

    def load(self) -> None:
        self.loaded = True

    def load_for_passages(self) -> None:
        self.loaded = True

    def count_tokens(self, text: str) -> int:
        return len(text.split())

    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self._vectors(texts)

    def embed_questions(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self._vectors(texts)

    def embed_passages(self, texts: Sequence[str], batch_size: int = 16) -> NDArray[np.float32]:
        self.embedded += texts
        return self._vectors(texts)

    def _vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        # A small constant keeps a text without terms off the zero vector.
        vectors = np.full((len(texts), self.dimension), 1e-3, dtype=np.float32)
        for row, text in enumerate(texts):
            for term in terms(text):
                vectors[row, zlib.crc32(term.encode()) % self.dimension] += 1
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
