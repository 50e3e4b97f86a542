"""Fitting what reads questions: which units of a corpus answer an example."""

from pathlib import Path

import numpy as np
import pytest

from evals.adapt import Corpus, digest
from indexing import SnapshotStore
from tests.fakes import FakeEmbedder
from tests.indexing.small_snapshot import publish

TEXTS = {
    "eau": "# La régie de l'eau\n\nLa régie distribue l'eau de la source du village.\n\n## Prix\n\n- un abonnement de "
    "trente euros par an et par foyer\n- un prix au mètre cube, voté chaque année",
    "bois": "# La chaufferie\n\nLa chaufferie brûle le bois de la forêt communale.\n\nElle chauffe l'école.",
    "four": "# Le four à pain\n\nLe four à pain est rallumé deux fois par mois.\n\nSon bois vient de la chaufferie.",
}


@pytest.fixture
def corpus(tmp_path: Path) -> Corpus:
    store = SnapshotStore(tmp_path)
    publish(store, TEXTS)
    return Corpus(store.open(FakeEmbedder().fingerprint))


def test_an_example_knows_the_units_of_its_fiche_that_say_the_words_quoted(corpus: Corpus) -> None:
    example = corpus.quoting("c'est combien l'eau", "eau", ["un prix au mètre cube, voté chaque année"], [])
    assert [corpus.texts[number] for number in np.flatnonzero(example.units)] == [
        "un prix au mètre cube, voté chaque année"
    ]
    assert corpus.unit_names[example.units].tolist() == ["eau"]
    assert example.passages.sum() == 1


def test_a_list_quoted_whole_is_all_its_items(corpus: Corpus) -> None:
    quotes = ["un abonnement de trente euros par an et par foyer", "un prix au mètre cube, voté chaque année."]
    assert corpus.quoting("le tarif ?", "eau", quotes, []).units.sum() == 2


def test_what_another_fiche_may_say_too_counts_neither_way(corpus: Corpus) -> None:
    example = corpus.quoting(
        "d'où vient le bois", "bois", ["La chaufferie brûle le bois de la forêt communale."], ["four"]
    )
    assert set(corpus.unit_names[example.unclear_units]) == {"four"}
    assert not (example.units & example.unclear_units).any()


def test_words_that_no_unit_says_answer_nothing(corpus: Corpus) -> None:
    assert not corpus.quoting("?", "eau", ["La régie vend le bois de la forêt communale."], []).units.any()


def test_a_digest_points_to_a_unit_by_its_words_however_they_are_spaced(corpus: Corpus) -> None:
    example = corpus.pointing("elle chauffe quoi", [digest("Elle  chauffe\nl'école")], [digest("Rien de tel.")])
    assert [corpus.texts[number] for number in np.flatnonzero(example.units)] == ["Elle chauffe l'école"]
    assert not example.unclear_units.any()
