"""The embedded model in torch with the adapter beside it: what its graph is written from, and what is fitted."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from torch.nn.functional import normalize

from indexing.adapter import linear_layers

Factors = Callable[[str, torch.nn.Linear], tuple[torch.Tensor, torch.Tensor]]


class Adapted(torch.nn.Module):
    """A linear layer as it is, and a share of a low-rank change to it; its reader sets the share each time."""

    def __init__(self, layer: torch.nn.Linear, down: torch.Tensor, up: torch.Tensor) -> None:
        super().__init__()
        self.layer = layer
        self.down = torch.nn.Parameter(down)
        self.up = torch.nn.Parameter(up)
        self.share = torch.zeros(())

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        adapted: torch.Tensor = self.layer(values) + self.share * ((values @ self.down.T) @ self.up.T)
        return adapted


class Reader(torch.nn.Module):
    """The three modules of the sentence-transformers folder: BERT, the mean of its words, a unit vector.

    `factors` gives the adapter's two for a layer, by its name; `layers` holds the adapted layers by that name.
    """

    def __init__(self, folder: Path, factors: Factors) -> None:
        from transformers import AutoModel

        super().__init__()
        # Plain attention: the fused one is not exported as it is computed.
        self.bert: Any = AutoModel.from_pretrained(str(folder), attn_implementation="eager")
        self.bert.requires_grad_(False).eval()
        self.layers: dict[str, Adapted] = {}
        for holder, child, name in linear_layers(self.bert):
            layer = getattr(holder, child)
            self.layers[name] = Adapted(layer, *factors(name, layer))
            setattr(holder, child, self.layers[name])

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor, share: torch.Tensor) -> torch.Tensor:
        """Unit rows of shape (texts, dimension); `share` is what the adapter counts, 0 for the model as it is."""
        for layer in self.layers.values():
            layer.share = share
        words = self.bert(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        counted = attention_mask.unsqueeze(-1).to(words.dtype)
        return normalize((words * counted).sum(1) / counted.sum(1), dim=1)
