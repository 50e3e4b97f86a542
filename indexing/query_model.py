"""The embedded model as an ONNX graph, to read questions: the vectors of torch in half the time, without loading torch.

Passages stay with sentence-transformers: in large batches torch is as fast. The graph holds the model as it is and the
adapter beside it, and reads a text by either.
"""

import tempfile
import warnings
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexing.adapter import STRENGTH, Adapter, adapter_digest, load_adapter
from indexing.weights import MAX_TOKENS, prepare_model, quiet_libraries

_OPSET = 17
_GRAPHS = "question*.onnx"


class QueryModel:
    """Reads questions on one processor, so that several asked at once do not wait for one another."""

    def __init__(self, cache: Path, packed_file: Path | None = None) -> None:
        """Write the graph under `cache` the first time (some 10 s), or when it is damaged or old, then open it.

        Raises ModelUnavailable as `prepare_model` does.
        """
        from tokenizers import Tokenizer

        folder = prepare_model(cache, packed_file)
        file = folder / graph_name()
        try:
            self._session = _opened(file)
        except Exception:  # missing or damaged: its errors have no common ancestor
            with tempfile.TemporaryDirectory(dir=cache, prefix="preparing-") as scratch:
                written = Path(scratch) / file.name
                _export(folder, load_adapter(), written)
                for old in folder.glob(_GRAPHS):
                    old.unlink(missing_ok=True)
                written.replace(file)
            self._session = _opened(file)
        self._tokenizer: Any = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(MAX_TOKENS)

    def encode(self, texts: list[str], adapted: bool) -> NDArray[np.float32]:
        """L2-normalised rows of shape (len(texts), dimension), in the order given; `adapted`: by the adapter.

        One by one: the parts of a long question would be padded to the length of the whole.
        """
        rows = [self._encode(text, adapted) for text in texts]
        return np.stack(rows) if rows else np.empty((0, 0), dtype=np.float32)

    def _encode(self, text: str, adapted: bool) -> NDArray[np.float32]:
        ids = np.array([self._tokenizer.encode(text).ids], dtype=np.int64)
        share = np.array(STRENGTH if adapted else 0.0, dtype=np.float32)
        (vectors,) = self._session.run(None, {"input_ids": ids, "attention_mask": np.ones_like(ids), "share": share})
        return np.asarray(vectors[0], dtype=np.float32)


def graph_name() -> str:
    """The file of the graph in the model's folder: another adapter makes another graph."""
    return f"question-{adapter_digest()}.onnx"


def _opened(file: Path) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 4
    return onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])


def _export(folder: Path, adapter: Adapter, file: Path) -> None:
    # Imported here: torch takes seconds, and is not needed once the graph is there.
    import torch

    from indexing.reading import Reader

    quiet_libraries()
    reader = Reader(folder, lambda name, _: (torch.from_numpy(adapter.down[name]), torch.from_numpy(adapter.up[name])))
    example = torch.ones((2, 8), dtype=torch.int64)
    axes = {0: "texts", 1: "tokens"}
    with torch.no_grad(), warnings.catch_warnings():
        # It warns of every size that it cannot prove; a test compares its vectors with those of torch.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            reader,
            (example, example, torch.ones(())),
            str(file),
            input_names=["input_ids", "attention_mask", "share"],
            output_names=["vectors"],
            dynamic_axes={"input_ids": axes, "attention_mask": axes, "vectors": {0: "texts"}},
            opset_version=_OPSET,
            dynamo=False,
        )
