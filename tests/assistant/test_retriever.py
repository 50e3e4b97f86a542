"""Passages found for a question: meaning and words together, within the filters."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

import pytest

from assistant import retriever as module
from assistant.question import Query
from assistant.retriever import Retriever
from indexing import Embedder, Filters, Library, Snapshot, SnapshotStore
from tests.fakes import FakeEmbedder
from tests.small_index import CHALEUR, DOCUMENTS, publish

Read = Callable[[str], Query]
EVERYTHING = Filters()


@pytest.fixture
def retriever(snapshot: Snapshot) -> Retriever:
    return Retriever(snapshot, cast(Embedder, FakeEmbedder()))


@pytest.mark.parametrize(
    ("question", "heading"),
    [
        ("Quel est le prix de la chaleur ?", "Tarifs"),
        ("Qui verse une subvention à la conserverie ?", "Qui la finance ?"),
        ("Faut-il une délibération du conseil municipal pour la régie ?", "Statut"),
        ("autoclave d'occasion et bocaux", "Par où commencer"),
    ],
)
def test_the_passage_that_answers_comes_first(retriever: Retriever, read: Read, question: str, heading: str) -> None:
    best = retriever.hit(retriever.gather(read(question), 3, EVERYTHING).found[0])
    assert best.passage.heading[-1] == heading
    # Passages of one document differ by meaning alone here, which the fake embedder has little of.
    assert retriever.search(read(question), 3, EVERYTHING)[0].document == best.document


def test_hits_come_best_first_with_scores_of_at_most_one(retriever: Retriever, read: Read) -> None:
    hits = retriever.search(read("la conserverie mobile et les maraîchers"), 100, EVERYTHING)
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)
    assert 0 <= scores[-1] <= scores[0] <= 1.0001
    assert len({hit.passage.id for hit in hits}) == len(hits)


@pytest.mark.parametrize("k", [1, 2, 5])
def test_no_more_than_k_are_found(retriever: Retriever, read: Read, k: int) -> None:
    assert len(retriever.search(read("conserverie"), k, EVERYTHING)) == k
    assert len(retriever.gather(read("conserverie"), k, EVERYTHING).found) == k


def test_a_hit_carries_its_own_document(retriever: Retriever, read: Read) -> None:
    for hit in retriever.search(read("conserverie et chaleur"), 100, EVERYTHING):
        assert hit.document.id == hit.passage.document_id
        assert hit.scorer == "convex"


@pytest.mark.parametrize(
    "filters",
    [
        Filters(kind=("regle",)),
        Filters(statuses=("regie", "scic")),
        Filters(roles=("financeur",)),
        Filters(themes=("energie",)),
        Filters(kind=("regle", "experience"), themes=("energie",)),
    ],
    ids=str,
)
def test_a_filter_keeps_only_what_it_names(retriever: Retriever, read: Read, filters: Filters) -> None:
    hits = retriever.search(read("conserverie mobile"), 100, filters)
    assert {hit.document.source for hit in hits} == {"chaleur.md"}
    found = retriever.gather(read("conserverie mobile"), 100, filters).found
    assert {retriever.hit(one).document.source for one in found} == {"chaleur.md"}


@pytest.mark.parametrize(
    "filters",
    [Filters(kind=("appui",)), Filters(kind=("regle",), themes=("alimentation",)), Filters(document_id=("inconnu",))],
    ids=str,
)
def test_a_filter_that_matches_nothing_returns_nothing(retriever: Retriever, read: Read, filters: Filters) -> None:
    assert retriever.search(read("conserverie mobile"), 100, filters) == ()
    assert retriever.gather(read("conserverie mobile"), 100, filters).found == ()


def test_a_passage_far_by_meaning_is_still_found_by_its_words(
    retriever: Retriever, read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "NEAREST", 1)
    question = read("Le prix de la chaleur à la conserverie mobile des maraîchers")
    sources = {hit.document.source for hit in retriever.search(question, 100, EVERYTHING)}
    assert sources, "the best by words join the nearest"
    assert len(retriever.search(question, 100, EVERYTHING)) <= 2


def test_a_synonym_finds_the_passage_that_says_it_otherwise(retriever: Retriever, read: Read) -> None:
    found = retriever.gather(read("la mairie prête la halle"), 1, EVERYTHING).found
    assert "La commune prête" in retriever.hit(found[0]).passage.text


def test_each_segment_of_a_story_has_its_vector(retriever: Retriever, read: Read) -> None:
    story = "Nos maraîchers jettent leurs légumes invendus. " * 3 + "Qui finance une conserverie dans un village ?"
    query = read(story)
    evidence = retriever.gather(query, 5, EVERYTHING)
    assert evidence.vectors.shape == (len(query.segments), FakeEmbedder().dimension)
    assert len(query.segments) > 1


def test_a_question_the_corpus_knows_nothing_of_still_has_nearest_passages(retriever: Retriever, read: Read) -> None:
    assert retriever.search(read("zorglub ?"), 3, EVERYTHING)


def test_scores_are_the_same_each_time(retriever: Retriever, read: Read) -> None:
    question = read("Qui finance la halle ?")
    assert retriever.search(question, 5, EVERYTHING) == retriever.search(question, 5, EVERYTHING)


# Twins


@pytest.fixture
def twinned(tmp_path: Path) -> Iterator[Retriever]:
    """The heating plant's document twice, under two kinds, beside the other one."""
    home = tmp_path / "home"
    publish(home, {**DOCUMENTS, "copie.md": CHALEUR.replace("kind: regle", "kind: etude")})
    snapshot = SnapshotStore(home).open(FakeEmbedder().fingerprint)
    yield Retriever(snapshot, cast(Embedder, FakeEmbedder()))
    snapshot.close()


PRICE = "Quel est le prix de la chaleur ?"


@pytest.mark.parametrize("way", ["search", "gather"])
def test_passages_that_say_the_same_are_shown_once(twinned: Retriever, read: Read, way: str) -> None:
    query = read(PRICE)
    texts = (
        [hit.passage.text for hit in twinned.search(query, 100, EVERYTHING)]
        if way == "search"
        else [twinned.hit(found).passage.text for found in twinned.gather(query, 100, EVERYTHING).found]
    )
    assert any("78 €" in text for text in texts)
    assert len(texts) == len(set(texts)) == len({passage.text for passage in twinned.snapshot.passages})


def test_the_other_document_is_named(twinned: Retriever, read: Read) -> None:
    best = twinned.gather(read(PRICE), 1, EVERYTHING).found[0]
    shown = twinned.hit(best).document.source
    (twin,) = twinned.also_in(best.number, EVERYTHING)
    assert twin.document.source == ("copie.md" if shown == "chaleur.md" else "chaleur.md")
    assert twin.passage.text == twinned.hit(best).passage.text
    assert twinned.hit(best).also_in == (twin,)


@pytest.mark.parametrize(("kind", "source"), [("regle", "chaleur.md"), ("etude", "copie.md")])
def test_a_twin_that_the_filters_refuse_is_neither_shown_nor_named(
    twinned: Retriever, read: Read, kind: str, source: str
) -> None:
    filters = Filters(kind=(kind,))  # type: ignore[arg-type]
    found = twinned.gather(read(PRICE), 100, filters).found
    assert {twinned.hit(one).document.source for one in found} == {source}
    assert all(twinned.also_in(one.number, filters) == () for one in found)


def test_a_passage_without_twins_is_in_no_other_document(twinned: Retriever, read: Read) -> None:
    best = twinned.gather(read("Qui verse une subvention à la conserverie ?"), 1, EVERYTHING).found[0]
    assert twinned.also_in(best.number, EVERYTHING) == ()


def test_a_twin_comes_back_when_the_other_is_removed(tmp_path: Path, read: Read) -> None:
    home = tmp_path / "home"
    publish(home, {**DOCUMENTS, "copie.md": CHALEUR})
    library = Library(home, cast(Embedder, FakeEmbedder()))
    (first,) = (one.id for one in library.documents() if one.source == "chaleur.md")
    library.remove([first], lambda progress: None)
    snapshot = SnapshotStore(home).open(FakeEmbedder().fingerprint)
    retriever = Retriever(snapshot, cast(Embedder, FakeEmbedder()))
    best = retriever.gather(read(PRICE), 1, EVERYTHING).found[0]
    assert retriever.hit(best).document.source == "copie.md"
    assert retriever.also_in(best.number, EVERYTHING) == ()
    snapshot.close()
