"""The shipped adapter, and how one is kept."""

from pathlib import Path

import numpy as np

from indexing.adapter import RANK, Adapter, load_adapter


def test_the_shipped_adapter_changes_every_linear_layer_of_the_model() -> None:
    adapter = load_adapter()
    assert adapter.down.keys() == adapter.up.keys()
    assert len(adapter.down) == 12 * 6, "query, key, value and output of attention, two layers of feed-forward"
    assert {values.shape[0] for values in adapter.down.values()} == {RANK}
    assert {values.shape[1] for values in adapter.up.values()} == {RANK}
    assert all(np.any(values) for values in adapter.up.values()), "a layer left as it was"


def test_an_adapter_is_read_as_it_was_written(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    layer = "layer.0.output.dense"
    down, up = random.normal(size=(RANK, 5)).astype("f4"), random.normal(size=(3, RANK)).astype("f4")
    Adapter({layer: down}, {layer: up}).save(tmp_path / "questions.safetensors")
    again = load_adapter(tmp_path / "questions.safetensors")
    np.testing.assert_allclose(again.down[layer], down, atol=2e-3)
    np.testing.assert_allclose(again.up[layer], up, atol=2e-3)
