"""A snapshot that is open: what was written reads back, and is found."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from corpus import Territory
from indexing import Filters, Snapshot, SnapshotStore, UnknownDocument, terms
from indexing.build import embedded_text, opening, unit_texts
from indexing.readers import is_read
from indexing.splitter import split_document
from tests.fakes import FakeEmbedder
from tests.indexing.small_snapshot import built, documents, publish, renamed

EMBEDDER = FakeEmbedder()


@pytest.fixture
def store(tmp_path: Path) -> SnapshotStore:
    return SnapshotStore(tmp_path)


@pytest.fixture
def opened(store: SnapshotStore) -> Iterator[Snapshot]:
    publish(store)
    snapshot = store.open("fake")
    yield snapshot
    snapshot.close()


def test_a_snapshot_reads_back_what_was_written(opened: Snapshot) -> None:
    passages = tuple(passage for one in documents() for passage in split_document(one))
    assert opened.passages == passages
    assert (opened.manifest.documents, opened.manifest.passages) == (2, len(passages))
    assert opened.record("eau").metadata == documents()[0].metadata
    assert opened.record("eau").passages + opened.record("bois").passages == len(passages)


def test_each_passage_has_its_own_vector(opened: Snapshot) -> None:
    for number, passage in enumerate(opened.passages):
        (one,) = (one for one in documents() if one.id == passage.document_id)
        expected = EMBEDDER.embed_passages([embedded_text(one, opening(one), passage)])[0]
        np.testing.assert_array_equal(opened.passage_vectors[number], expected)


def test_each_passage_has_the_vectors_of_its_own_units(opened: Snapshot) -> None:
    for number, passage in enumerate(opened.passages):
        expected = EMBEDDER.embed_passages(unit_texts(passage, passage.document_id.title())).astype(np.float16)
        np.testing.assert_array_equal(opened.units_of(number), expected)
        assert opened.number_of(passage.id) == number


def test_the_nearest_passage_is_found_by_its_vector(opened: Snapshot) -> None:
    query = EMBEDDER.embed_queries(["chaufferie bois forêt"])[0]
    nearest = opened.nearest(query, 3, Filters())
    assert opened.passages[nearest[0]].document_id == "bois"
    assert len(nearest) == len(opened.passages) or len(nearest) == 3


def test_a_filter_keeps_its_documents_and_one_that_matches_nothing_finds_nothing(opened: Snapshot) -> None:
    query = EMBEDDER.embed_queries(["chaufferie bois forêt"])[0]
    found = opened.nearest(query, 9, Filters(themes=("eau",)))
    assert {opened.passages[number].document_id for number in found} == {"eau"}
    assert opened.nearest(query, 9, Filters(themes=("girafe",))).tolist() == []


def test_words_find_passages_and_documents(opened: Snapshot) -> None:
    weights = dict.fromkeys(terms("chaufferie"), 1.0)
    assert opened.passages[int(opened.passage_terms.scores(weights).argmax())].document_id == "bois"
    assert list(opened.documents)[int(opened.document_terms.scores(weights).argmax())] == "bois"
    assert "chaufferie" in opened.vocabulary


def test_a_story_is_found_by_a_place_its_text_does_not_name(store: SnapshotStore) -> None:
    water, *others = documents()
    placed = replace(water.metadata, territory=Territory("Figeac", "Lot", "Occitanie"))
    built(store, [replace(water, metadata=placed), *others])
    snapshot = store.open("fake")
    for place in ("figeac", "Lot", "Occitanie"):
        scores = snapshot.document_terms.scores(dict.fromkeys(terms(place), 1.0))
        assert list(snapshot.documents)[int(scores.argmax())] == water.id
        assert scores.max() > 0
        assert snapshot.vocabulary.knows(terms(place)[0])
    snapshot.close()


def test_a_rarer_term_has_more_rarity(opened: Snapshot) -> None:
    common, rare, unknown = (opened.rarity(terms(word)[0]) for word in ("régie", "abonnement", "girafe"))
    assert 0 <= common <= rare < unknown


def test_an_unknown_document_is_an_error(opened: Snapshot) -> None:
    with pytest.raises(UnknownDocument):
        opened.record("girafe")


def test_a_snapshot_without_documents_opens_and_finds_nothing(store: SnapshotStore) -> None:
    publish(store, {})
    snapshot = store.open("fake")
    assert snapshot.passages == ()
    snapshot.close()


def test_passages_that_say_the_same_are_known_by_number(store: SnapshotStore) -> None:
    water, wood = documents()
    built(store, [water, wood, renamed(wood, "copie")])
    snapshot = store.open("fake")
    wooden = [number for number, one in enumerate(snapshot.passages) if one.document_id in ("bois", "copie")]
    assert [snapshot.twins_of(number) for number in wooden] == [tuple(wooden), tuple(wooden)]
    assert snapshot.twins_of(0) == ()
    snapshot.close()


def test_a_snapshot_left_alone_lets_go_of_its_files(store: SnapshotStore) -> None:
    folder = publish(store)
    snapshot = store.open("fake")
    assert is_read(folder)
    del snapshot
    assert not is_read(folder)
