"""What speaks for a unit being the answer."""

from collections.abc import Callable
from pathlib import Path
from typing import cast

import numpy as np
import pytest

from assistant.evidence import FEATURES, Candidate, Examiner, title_words
from assistant.question import Query, Synonyms, read_question
from assistant.retriever import Evidence, Retriever
from corpus import Metadata, Territory
from indexing import DocumentRecord, Embedder, Filters, Snapshot, SnapshotStore, terms
from tests.fakes import FakeEmbedder
from tests.small_index import DOCUMENTS, publish

Read = Callable[[str], Query]
Examine = Callable[[str], list[Candidate]]


@pytest.fixture
def examiner(snapshot: Snapshot) -> Examiner:
    return Examiner(snapshot)


@pytest.fixture
def examine(snapshot: Snapshot, examiner: Examiner, read: Read) -> Examine:
    retriever = Retriever(snapshot, cast(Embedder, FakeEmbedder()))
    return lambda question: examiner.examine(read(question), retriever.gather(read(question), 24, Filters()))


def features(candidate: Candidate) -> dict[str, float]:
    return dict(zip(FEATURES, candidate.features, strict=True))


def candidate_of(candidates: list[Candidate], beginning: str) -> Candidate:
    return next(candidate for candidate in candidates if candidate.text.startswith(beginning))


def test_every_unit_of_the_passages_found_is_a_candidate(examine: Examine, snapshot: Snapshot) -> None:
    candidates = examine("Qui finance la conserverie ?")
    assert len(candidates) == sum(len(passage.units) for passage in snapshot.passages)
    for candidate in candidates:
        assert candidate.passage.units[candidate.index] is candidate.unit
        assert candidate.text in candidate.passage.text


def test_features_are_finite_and_shares_stay_within_zero_and_one(examine: Examine) -> None:
    for candidate in examine("Combien de salariés emploie la conserverie mobile en 2023 ?"):
        found = features(candidate)
        assert all(map(np.isfinite, candidate.features))
        assert all(0 <= found[name] <= 1 for name in FEATURES if name.startswith(("covered", "value", "is_")))


def test_the_unit_that_answers_is_best_covered(examine: Examine) -> None:
    candidates = examine("Combien de salariés la conserverie mobile emploie-t-elle ?")
    best = max(candidates, key=lambda one: features(one)["covered_in_unit"])
    assert best.text in ("Elle emploie six salariés depuis 2019.",) or "conserverie mobile" in best.text.lower()
    answers = features(candidate_of(candidates, "Elle emploie"))
    assert answers["value_given"] == 1.0
    assert answers["covered_in_unit"] > 0


def test_a_lead_in_and_a_heading_cover_what_their_item_leaves_out(examine: Examine) -> None:
    item = features(candidate_of(examine("Que conseille l'équipe avant de lancer une conserverie ?"), "une assurance"))
    assert item["covered_with_heading"] > item["covered_in_unit"]


def test_headings_and_questions_are_told_apart(examine: Examine) -> None:
    heading = features(candidate_of(examine("Qui finance ?"), "Qui la finance ?"))
    assert (heading["is_heading"], heading["is_question"]) == (1.0, 1.0)
    sentence = features(candidate_of(examine("Qui finance ?"), "Le département verse"))
    assert (sentence["is_heading"], sentence["is_question"]) == (0.0, 0.0)


def test_a_heading_inside_the_passage_covers_what_the_sentence_under_it_leaves_out(examine: Examine) -> None:
    sentence = features(candidate_of(examine("Quels sont les tarifs de la chaleur ?"), "Le prix de la chaleur"))
    assert sentence["covered_with_heading"] > sentence["covered_in_unit"] > 0


def test_what_only_points_to_other_texts_answers_nothing(tmp_path: Path, synonyms: Synonyms) -> None:
    text = (
        DOCUMENTS["conserverie.md"] + "\n## Pour aller plus loin\n\nLa fiche sur la conserverie de la vallée voisine.\n"
    )
    publish(tmp_path / "home", {"conserverie.md": text})
    snapshot = SnapshotStore(tmp_path / "home").open(FakeEmbedder().fingerprint)
    query = read_question("conserverie de la vallée voisine", snapshot.vocabulary, synonyms)
    evidence = Retriever(snapshot, cast(Embedder, FakeEmbedder())).gather(query, 24, Filters())
    assert any("vallée voisine" in snapshot.passages[found.number].text for found in evidence.found)
    candidates = Examiner(snapshot).examine(query, evidence)
    assert candidates
    assert not any("vallée voisine" in candidate.text for candidate in candidates)


def test_nothing_found_is_no_candidate(examiner: Examiner, read: Read) -> None:
    assert examiner.examine(read("La conserverie"), Evidence((), np.zeros((0, 64), dtype=np.float32))) == []


def test_the_question_s_own_figure_is_not_the_value_it_waits_for(examine: Examine) -> None:
    sentence = candidate_of(examine("Combien en 2019 ?"), "Le département verse")
    assert features(sentence)["value_given"] == 1.0
    # « six » still is a number, but 2019 is not: without it the sentence would hold none.
    other = candidate_of(examine("En quelle année, après 2023 ?"), "Le prix de la chaleur")
    assert features(other)["value_given"] == 0.0


def test_nothing_is_covered_by_nothing_and_all_by_all(examiner: Examiner, read: Read) -> None:
    words = read("La conserverie et les maraîchers").words
    assert examiner.covered(words, frozenset()) == 0.0
    assert examiner.covered(words, frozenset(terms("conserverie maraîchers"))) == pytest.approx(1.0)
    assert examiner.covered((), frozenset({"conserver"})) == 0.0


def test_a_synonym_covers_less_than_the_word(examiner: Examiner, read: Read) -> None:
    words = read("la mairie").words
    assert 0 < examiner.covered(words, frozenset({"commun"})) < examiner.covered(words, frozenset({"mair"}))


def test_a_rare_word_tells_more_than_a_frequent_one(examiner: Examiner, read: Read) -> None:
    worth = {word.typed: examiner.worth(word) for word in read("autoclave, conserverie, zorglubification").words}
    assert worth["zorglubification"] > worth["autoclave"] > worth["conserverie"] > 0


def test_a_document_is_called_by_its_title_its_publisher_and_its_date() -> None:
    facts = Metadata(title="La halle", publisher="Ville de Vallon", published="2021-06-03")
    assert title_words(DocumentRecord("d", "halle.md", facts, 1)) == "La halle Ville de Vallon 3 juin 2021"
    assert title_words(DocumentRecord("d", "halle.md", Metadata(title="La halle"), 1)) == "La halle"


def test_a_document_is_called_by_its_place_too() -> None:
    facts = Metadata(title="La halle", territory=Territory(commune="Vallon", departement="Lot"))
    assert title_words(DocumentRecord("d", "halle.md", facts, 1)) == "La halle Vallon Lot"


def test_passages_that_miss_the_telling_word_of_a_question_and_most_others_do_not_speak_of_it(
    examiner: Examiner, read: Read, snapshot: Snapshot
) -> None:
    passages = [one for one in snapshot.passages if "conserverie" in one.text.lower()]
    assert examiner.speaks_of(read("Combien de salariés emploie la conserverie mobile ?").words, passages)
    assert examiner.speaks_of(read("Et combien ?").words, passages)
    assert not examiner.speaks_of(read("Combien de trottinettes ?").words, passages)
    assert not examiner.speaks_of(read("Combien de salariés emploie la conserverie mobile ?").words, [])
