"""The files that make what is published: read while others publish, and put in place in another home."""

import os
import re
import shutil
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from corpus import registry as registries
from indexing import manifest as manifests
from indexing.contents import SnapshotDamaged, iter_passages, read_records, read_vectors
from indexing.deposited import unneeded
from indexing.indexes import NEAREST
from indexing.manifest import ManifestInvalid
from indexing.readers import Reader
from indexing.registry_file import FILE, RegistryFile
from indexing.snapshot import SnapshotStore
from indexing.vector_store import VectorStore, rewritten

ORIGINALS, SNAPSHOT = "originals", "snapshot"
POINTER = "current"
NAME = re.compile(r"[A-Za-z0-9-]{1,64}")


@dataclass(frozen=True, slots=True)
class PublishedFiles:
    """The published snapshot of a home: its name, and each file by the name it has in a copy.

    `leaving` are the deposits it does not follow: they are only there until the snapshot before is dropped.
    """

    snapshot: str
    files: dict[str, Path]
    registry: bytes
    leaving: frozenset[Path] = frozenset()


@contextmanager
def published_files(home: Path) -> Iterator[PublishedFiles | None]:
    """What is published in a home, None when nothing ever was; while entered, no publication drops it.

    Chroma's own files stay out: it rewrites them as it opens them, one of them is a pickle, and all of it is made again
    from the vectors. Raises SnapshotDamaged.
    """
    store = SnapshotStore(home)
    with ExitStack() as stack:
        while True:
            name = store.current()
            if name is None:
                yield None
                return
            # Marked as read, then looked at again: it may have been dropped in between.
            with suppress(OSError):
                reader = Reader(store.folder(name))
                stack.callback(reader.let_go)
            if name in (store.current(), store.previous()):
                break
        registry = RegistryFile(home, store).load()
        leaving = frozenset(unneeded(home, [registry]))
        yield PublishedFiles(name, _files(home, store.folder(name)), registries.dump(registry), leaving)


def _files(home: Path, folder: Path) -> dict[str, Path]:
    try:
        manifest = manifests.load(folder)
        manifests.verify(manifest, folder)
    except ManifestInvalid as error:
        raise SnapshotDamaged(str(error)) from error
    files = {f"{SNAPSHOT}/{name}": folder / name for name in manifest.files if not _of_chroma(name)}
    files[f"{SNAPSHOT}/{manifests.FILE}"] = folder / manifests.FILE
    for record in read_records(folder):
        if record.original is not None and (path := home / ORIGINALS / record.original).is_file():
            files[f"{ORIGINALS}/{record.original}"] = path
    return files


def _of_chroma(name: str) -> bool:
    return PurePosixPath(name).parts[0] == NEAREST


def made_whole(folder: Path) -> str:
    """Check a copied snapshot against its manifest and make what finds its nearest passages; returns its name.

    Raises SnapshotDamaged.
    """
    try:
        manifest = manifests.load(folder)
        copied = {name: digest for name, digest in manifest.files.items() if not _of_chroma(name)}
        manifests.verify(replace(manifest, files=copied), folder)
    except ManifestInvalid as error:
        raise SnapshotDamaged(str(error)) from error
    if not NAME.fullmatch(manifest.snapshot):
        raise SnapshotDamaged("the snapshot has no name of ours")
    vectors, _ = read_vectors(folder)
    passages = ((passage.id, passage.document_id) for passage in iter_passages(folder))
    VectorStore.build(folder / NEAREST, passages, vectors).close()
    files = manifests.checksums(folder, rewritten(folder / NEAREST))
    manifests.save(replace(manifest, files=files), folder)
    return manifest.snapshot


@contextmanager
def published_copy(home: Path, copy: Path, snapshot: str, registry: bytes) -> Iterator[None]:
    """Publish a whole snapshot out of a folder of the same disk, with its originals and its registry.

    An exception raised while entered takes it back. Raises WriterBusy, DiskFull, RegistryInvalid.
    """
    store = SnapshotStore(home)
    told = replace(registries.parse(registry), snapshot=snapshot)
    with store.writing():
        before = store.current()
        _take(copy / SNAPSHOT, store.folder(snapshot))
        for path in sorted((copy / ORIGINALS).glob("*")):
            (home / ORIGINALS).mkdir(exist_ok=True)
            os.replace(path, home / ORIGINALS / path.name)
        store.publish(snapshot)
        try:
            registries.save(told, home / FILE)
            yield
        except BaseException:
            # The registry names its snapshot: beside another, the copy that this one carries counts.
            if before is None:
                (home / POINTER).unlink(missing_ok=True)
            elif before != snapshot:
                store.publish(before)
            raise


def _take(copy: Path, wanted: Path) -> None:
    """Move a snapshot to its place, unless the same one is there, whole: somebody may be reading it."""
    if wanted.exists():
        try:
            manifests.verify(manifests.load(wanted), wanted)
            return
        except ManifestInvalid:
            # Swept once nobody reads it.
            os.replace(wanted, wanted.with_name(f"{wanted.name}-{uuid.uuid4().hex[:6]}"))
    shutil.move(copy, wanted)
