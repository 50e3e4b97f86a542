"""Fitting the adapter: questions brought near to the units that answer them, away from all others.

Passages keep the vectors they have. A question should be nearer to the units that answer it than to any other unit, and
to their passages than to any other passage (InfoNCE over the whole of its corpus, van den Oord et al. 2018,
https://arxiv.org/abs/1807.03748); a question that no unit answers should be near to none; and all should stay near to
where the model as it is puts them, so that other subjects than those learnt from keep their places.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch.nn.functional import softplus

from indexing.adapter import RANK, STRENGTH, Adapter
from indexing.reading import Reader
from indexing.weights import prepare_model

BATCH = 24
TEMPERATURE = 0.03
LEARNING_RATE = 5e-4
STEPS_TO_WARM_UP = 20
PASSAGES_COUNT = 0.5
"""What a question's passages count beside its units."""
STAYING_COUNTS = 3.0
"""What the cosine lost to the model as it is counts beside them."""
UNANSWERED_COUNTS = 0.25
UNANSWERED_SHARE = 3
"""One question that nothing answers for so many that are answered."""
SMOOTH = 0.02
"""Temperature of the smooth maximum of cosines."""
SHARP = 40.0
"""How fast a cosine past the bound between answered and unanswered is sure of it."""
LONGEST = 200
Floats = NDArray[np.float32]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Example:
    """A question, the units of the corpus that answer it, and what may answer it too and is counted neither way."""

    question: str
    units: Flags
    unclear_units: Flags
    passages: Flags
    unclear_passages: Flags


@dataclass(frozen=True, slots=True)
class Lesson:
    """What is learnt from one corpus: its vectors, one in each row, questions it answers and questions it does not."""

    units: Floats
    passages: Floats
    examples: Sequence[Example]
    unanswered: Sequence[str]


class Learner:
    """A reader whose adapter changes nothing at first and is fitted; `seed` draws its other half."""

    def __init__(self, cache: Path, seed: int = 0) -> None:
        torch.manual_seed(seed)
        folder = prepare_model(cache)
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(LONGEST)
        self._tokenizer.enable_padding(pad_id=1, pad_token="<pad>")
        self._reader = Reader(folder, _unchanged)
        self._share = torch.tensor(STRENGTH)

    @property
    def weights(self) -> list[torch.nn.Parameter]:
        return [weight for layer in self._reader.layers.values() for weight in (layer.down, layer.up)]

    def read(self, questions: Sequence[str]) -> torch.Tensor:
        """Unit rows of shape (questions, dimension)."""
        read = self._tokenizer.encode_batch([f"query: {question}" for question in questions])
        ids = torch.tensor([one.ids for one in read])
        mask = torch.tensor([one.attention_mask for one in read])
        vectors: torch.Tensor = self._reader(ids, mask, self._share)
        return vectors

    def vectors(self, questions: Sequence[str]) -> Floats:
        """The same, to look at and not to learn from."""
        with torch.no_grad():
            return np.asarray(self.read(questions).numpy(), dtype=np.float32)

    def training(self, yes: bool) -> None:
        """Whether words are dropped at random, as learning wants and reading does not; not at first."""
        self._reader.bert.train(yes)

    def adapter(self) -> Adapter:
        def plain(values: torch.Tensor) -> Floats:
            return np.asarray(values.detach().numpy(), dtype=np.float32)

        layers = self._reader.layers.items()
        return Adapter({name: plain(one.down) for name, one in layers}, {name: plain(one.up) for name, one in layers})


def _unchanged(_: str, layer: torch.nn.Linear) -> tuple[torch.Tensor, torch.Tensor]:
    return torch.randn(RANK, layer.in_features) / layer.in_features**0.5, torch.zeros(layer.out_features, RANK)


def fit(learner: Learner, lessons: Sequence[Lesson], epochs: int, random: np.random.Generator) -> None:
    """Change the learner's weights, in place."""
    courses = [_Course(learner, lesson) for lesson in lessons]
    bound = torch.nn.Parameter(torch.tensor(0.85))
    weights = [*learner.weights, bound]
    steps = epochs * sum(-(-len(lesson.examples) // BATCH) for lesson in lessons)
    optimizer = torch.optim.AdamW(weights, lr=LEARNING_RATE, weight_decay=0.01)
    pace = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1.0, (step + 1) / STEPS_TO_WARM_UP) * max(0.02, 1 - step / steps)
    )
    learner.training(True)
    for epoch in range(epochs):
        batches = [(course, batch) for course in courses for batch in _batches(course.lesson.examples, random)]
        random.shuffle(batches)
        losses = []
        for course, batch in batches:
            loss = course.loss(batch, bound, random)
            optimizer.zero_grad()
            torch.autograd.backward(loss)
            torch.nn.utils.clip_grad_norm_(weights, 1.0)
            optimizer.step()
            pace.step()
            losses.append(loss.item())
        sys.stderr.write(f"epoch {epoch + 1}/{epochs}: loss {np.mean(losses):.3f}\n")
    learner.training(False)


class _Course:
    """A lesson in torch, with the vectors its questions have before anything is learnt."""

    def __init__(self, learner: Learner, lesson: Lesson) -> None:
        self.lesson = lesson
        self._learner = learner
        self._units, self._passages = torch.from_numpy(lesson.units), torch.from_numpy(lesson.passages)
        self._as_it_is = torch.from_numpy(np.concatenate([learner.vectors([one.question]) for one in lesson.examples]))

    def loss(self, batch: Sequence[int], bound: torch.Tensor, random: np.random.Generator) -> torch.Tensor:
        """What is still wrong with these examples, and with a few questions that nothing answers."""
        lesson = self.lesson
        chosen = [lesson.examples[number] for number in batch]
        few = min(len(lesson.unanswered), max(2, len(batch) // UNANSWERED_SHARE))
        lonely = random.choice(len(lesson.unanswered), few, replace=False)
        asked = self._learner.read([example.question for example in chosen])
        alone = self._learner.read([lesson.unanswered[number] for number in lonely])
        return (
            _apart(asked, self._units, [(one.units, one.unclear_units) for one in chosen])
            + PASSAGES_COUNT * _apart(asked, self._passages, [(one.passages, one.unclear_passages) for one in chosen])
            + UNANSWERED_COUNTS * _bounded(asked, alone, self._units, [one.units for one in chosen], bound)
            + STAYING_COUNTS * (1 - (asked * self._as_it_is[batch]).sum(1)).mean()
        )


def _batches(examples: Sequence[Example], random: np.random.Generator) -> list[list[int]]:
    """Numbers of examples, those of like length together: short questions are not padded to long ones."""
    order = sorted(random.permutation(len(examples)).tolist(), key=lambda number: len(examples[number].question) // 40)
    return [order[start : start + BATCH] for start in range(0, len(order), BATCH)]


def _apart(vectors: torch.Tensor, texts: torch.Tensor, wanted: Sequence[tuple[Flags, Flags]]) -> torch.Tensor:
    """Minus the log of the share that the right texts take of the softmax over all that are not unclear."""
    right = torch.from_numpy(np.stack([flags for flags, _ in wanted]))
    unclear = torch.from_numpy(np.stack([flags for _, flags in wanted]))
    scores = (vectors @ texts.T / TEMPERATURE).masked_fill(unclear, -torch.inf)
    return (torch.logsumexp(scores, 1) - torch.logsumexp(scores.masked_fill(~right, -torch.inf), 1)).mean()


def _bounded(
    asked: torch.Tensor, alone: torch.Tensor, units: torch.Tensor, right: Sequence[Flags], bound: torch.Tensor
) -> torch.Tensor:
    """What it costs that an answer is farther than `bound`, and that anything is nearer to an unanswered question."""
    wrong = torch.from_numpy(~np.stack(right))
    told = SMOOTH * torch.logsumexp((asked @ units.T / SMOOTH).masked_fill(wrong, -torch.inf), 1)
    near = SMOOTH * torch.logsumexp(alone @ units.T / SMOOTH, 1)
    return softplus(SHARP * (bound - told)).mean() + softplus(SHARP * (near - bound)).mean()
