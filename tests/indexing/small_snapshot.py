"""Two tiny documents, built into a snapshot under the fake embedder."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import cast

from corpus import Document, Metadata
from corpus.parsers.text import parse_text
from indexing import Embedder, Progress, SnapshotStore
from indexing.build import Builder, Built
from tests.fakes import FakeEmbedder

TEXTS = {
    "eau": "# La régie de l'eau\n\nLa régie distribue l'eau.\n\n## Prix\n\n- un abonnement\n- un prix au mètre cube",
    "bois": "# La chaufferie au bois\n\nLa chaufferie brûle le bois de la forêt communale.",
}


def quiet(_: Progress) -> None:
    pass


def document(name: str, text: str) -> Document:
    return Document(name, f"{name}.md", Metadata(name.title(), themes=(name,)), parse_text(text))


def documents(texts: Mapping[str, str] = TEXTS) -> list[Document]:
    return [document(name, text) for name, text in texts.items()]


def built(store: SnapshotStore, made_of: list[Document], embedder: FakeEmbedder | None = None) -> Built:
    with store.writing():
        return Builder(store, cast(Embedder, embedder or FakeEmbedder())).build(made_of, quiet)


def publish(store: SnapshotStore, texts: Mapping[str, str] = TEXTS) -> Path:
    """The folder of the snapshot that was published."""
    return store.folder(built(store, documents(texts)).snapshot)


def renamed(one: Document, name: str) -> Document:
    """The same text as another document."""
    return replace(one, id=name, source=f"{name}.md")
