"""What is added to the embedded model where it reads a question: vectors nearer to the sentences that answer it.

A low-rank change to its linear layers (LoRA, Hu et al. 2021, https://arxiv.org/abs/2106.09685). The model as it is
finds texts on the same subject; the change was fitted on questions as people ask them and the sentences that answer.
Passages are read without it, so an index does not depend on it. Written by `python -m evals.adapt`.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file

SHIPPED = Path(__file__).with_name("questions.safetensors")
RANK = 8
STRENGTH = 2.0
"""What the product of the two factors counts, beside the layer's own weights."""
LINEAR = ("query", "key", "value", "dense")
"""The linear layers of a transformer's block, by the last part of their names: attention and feed-forward."""


@dataclass(frozen=True, slots=True)
class Adapter:
    """For each linear layer, by its name in the model: `down` of shape (RANK, inputs), `up` of (outputs, RANK)."""

    down: Mapping[str, NDArray[np.float32]]
    up: Mapping[str, NDArray[np.float32]]

    def save(self, file: Path) -> None:
        """Write the factors as float16: half the size, and the vectors agree to the fourth decimal."""
        factors = {f"{name}.down": values for name, values in self.down.items()}
        factors |= {f"{name}.up": values for name, values in self.up.items()}
        save_file({name: values.astype(np.float16) for name, values in factors.items()}, file)


def load_adapter(file: Path = SHIPPED) -> Adapter:
    """The adapter shipped with the package, or the one of a file."""
    factors = {name: values.astype(np.float32) for name, values in load_file(file).items()}
    return Adapter(
        {name.removesuffix(".down"): values for name, values in factors.items() if name.endswith(".down")},
        {name.removesuffix(".up"): values for name, values in factors.items() if name.endswith(".up")},
    )


@lru_cache(maxsize=1)
def adapter_digest() -> str:
    """Names the shipped adapter: what was made with another is not of this version."""
    return hashlib.sha256(SHIPPED.read_bytes()).hexdigest()[:12]


def linear_layers(model: Any) -> Iterator[tuple[Any, str, str]]:
    """The layers of a BERT encoder that are adapted: what holds each, its name there, its name in the model."""
    for path, holder in list(model.encoder.named_modules()):
        for name, _ in list(holder.named_children()):
            if name in LINEAR:
                yield holder, name, f"{path}.{name}"
