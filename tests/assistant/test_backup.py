"""A backup brings everything back, in either kind of database; a file that is none changes nothing."""

import io
import json
import shutil
import tarfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import select

from assistant.answer import Answer, Turn
from assistant.backup import MANIFEST, Backup, BackupDamaged, NotEmpty, back_up, restore
from assistant.store import Database, Store, StoreUnavailable
from assistant.store.rows import TABLES
from assistant.store.tables import accounts, api_keys, audit, callbacks, calls, gap_groups, usage
from indexing import DiskFull, Embedder, Library, SnapshotStore, deposit_place
from tests.assistant.store.conftest import database, postgres_database, postgres_url
from tests.fakes import ABSTENTION, COMPARED, FakeEmbedder
from tests.small_index import DOCUMENTS, assistant_over, publish

__all__ = ["database", "postgres_database", "postgres_url"]
NOW = datetime(2026, 11, 22, 12, 0, 0, 123456, tzinfo=UTC)
QUESTION = "Combien de salariés emploie la conserverie mobile ?"


def quiet(_: object) -> None:
    pass


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("published") / "home"
    publish(home, DOCUMENTS)
    (home / "secret").write_text("s3cret")
    return home


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Database]:
    made = Database.in_file(tmp_path / "elsewhere" / "store.db", wait=0.1)
    made.migrate()
    yield made
    made.close()


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return tmp_path / "sauvegarde.tar.gz"


def filled(database: Database) -> Database:
    store = Store(database, str, 30)
    for number, reply in enumerate((COMPARED, ABSTENTION)):
        store.conversations.keep(Turn(f"t{number}", "s", "où ? é😀", "où ?", reply), "visitor:a")
    store.feedback.give("t0", "visitor:a", "faux", "n'est plus vrai")
    values: dict[str, Any] = {"scopes": ["ask"], "filters": {"kind": ["regle"]}, "origins": []}
    vector = {"vector": bytes(range(256)), "state": "nouveau", "documents": [], "changed_at": NOW}
    lists: dict[str, Any] = {"profile": {"population": 3}, "passages": ["p"], "themes": []}
    with database.begin() as connection:
        connection.execute(
            api_keys.insert().values(id="k", name="k", secret_hash="h", hint="e", created_at=NOW, **values)
        )
        connection.execute(usage.insert().values(key_id="k", period="day", begins_at=NOW, requests=7))
        # SQLite holds a character that PostgreSQL refuses.
        name = "x\0" if database.file else "x"
        connection.execute(accounts.insert().values(id="x", name=name, role="editor", created_at=NOW))
        connection.execute(gap_groups.insert().values(id="g", label="où ?", created_at=NOW, **vector))
        connection.execute(calls.insert().values(id="c", operator="account:x", question="q", opened_at=NOW, **lists))
        purge_at = NOW + timedelta(days=7)
        connection.execute(callbacks.insert().values(call_id="c", number="+33", purge_at=purge_at))
        connection.execute(audit.insert().values(at=NOW, who="local", action="key.created"))
    return database


def rows(database: Database) -> dict[str, Any]:
    """What can be compared: PostgreSQL keeps no NUL."""
    with database.read() as connection:
        return {
            name: sorted(str(tuple(row)).replace("\\x00", "") for row in connection.execute(select(table)))
            for name, table in TABLES.items()
        }


def made(home: Path, database: Database, archive: Path) -> Backup:
    return back_up(home, database, archive, "0.1", quiet)


def test_a_backup_brings_everything_back_from_either_database(
    published: Path, database: Database, elsewhere: Database, archive: Path, home: Path
) -> None:
    filled(database)
    backup = made(published, database, archive)
    assert backup.rows["turns"] == 2 and archive.stat().st_mode & 0o777 == 0o600
    assert restore(archive, home, elsewhere, quiet) == backup
    assert rows(elsewhere) == rows(database)
    assert (home / "secret").read_text() == "s3cret"
    reply = assistant_over(home).ask(QUESTION).reply
    assert isinstance(reply, Answer) and "six salariés" in reply.sentences[0].text
    library = Library(home, cast(Embedder, FakeEmbedder()))
    assert [len(items) for _, items in library.sources()] == [2]
    assert not list(home.glob(".restore-*")) and not list(archive.parent.glob(".backup-*"))


def test_the_files_that_editors_sent_come_back_for_a_sync_to_find(
    published: Path, elsewhere: Database, archive: Path, home: Path, tmp_path: Path
) -> None:
    before = tmp_path / "before"
    shutil.copytree(published, before)
    sent = before / "deposited" / "0123456789ab" / "délibération n° 2.md"
    sent.parent.mkdir(parents=True)
    sent.write_text("# La mare", "utf-8")
    made(before, elsewhere, archive)
    restore(archive, home, elsewhere, quiet)
    assert (home / sent.relative_to(before)).read_text("utf-8") == "# La mare"


def test_a_deposit_that_was_removed_is_in_no_later_backup(
    published: Path, elsewhere: Database, archive: Path, home: Path, tmp_path: Path
) -> None:
    before = tmp_path / "before"
    shutil.copytree(published, before)
    sent = deposit_place(before, "mare.md")
    sent.parent.mkdir(parents=True)
    sent.write_text("# La mare\n\nLa mare a été curée en 2021.", "utf-8")
    library = Library(before, cast(Embedder, FakeEmbedder()))
    library.add([str(sent)], {}, lambda progress: None)
    library.remove([one.id for one in library.documents() if one.source == "mare.md"], lambda progress: None)
    made(before, elsewhere, archive)
    restore(archive, home, elsewhere, quiet)
    assert sent.exists() and not (home / sent.relative_to(before)).exists()


def test_a_backup_of_sqlite_is_put_back_in_either_database(
    elsewhere: Database, database: Database, archive: Path, published: Path, home: Path
) -> None:
    made(published, filled(elsewhere), archive)
    restore(archive, home, database, quiet)
    assert rows(database) == rows(elsewhere)
    # Its own numbers go on after those that came back.
    with database.begin() as connection:
        connection.execute(audit.insert().values(at=NOW, who="local", action="again"))


def test_what_is_there_is_replaced_only_when_asked(
    published: Path, elsewhere: Database, database: Database, archive: Path, home: Path
) -> None:
    made(published, database, archive)
    filled(elsewhere)
    with pytest.raises(NotEmpty):
        restore(archive, home, elsewhere, quiet)
    assert len(rows(elsewhere)["turns"]) == 2
    restore(archive, home, elsewhere, quiet, force=True)
    assert rows(elsewhere) == rows(database)
    with pytest.raises(NotEmpty):
        restore(archive, home, database, quiet)
    restore(archive, home, database, quiet, force=True)
    assert SnapshotStore(home).current() is not None


def test_an_older_index_is_put_back_over_a_newer_one_and_can_be_left_again(
    tmp_path: Path, published: Path, elsewhere: Database, archive: Path, home: Path
) -> None:
    made(published, elsewhere, archive)
    publish(home, {"autre.md": "# Autre\n\nLa piscine de Sainte-Aube ouvre en mai, et ferme quand vient l'automne."})
    newer = SnapshotStore(home).current()
    restore(archive, home, elsewhere, quiet, force=True)
    assert {one.source for one in Library(home, cast(Embedder, FakeEmbedder())).documents()} == set(DOCUMENTS)
    assert SnapshotStore(home).previous() == newer


def test_nothing_was_ever_published_nor_written(elsewhere: Database, archive: Path, home: Path) -> None:
    backup = made(home, elsewhere, archive)
    assert backup.snapshot is None
    assert restore(archive, home, elsewhere, quiet) == backup


def test_a_backup_never_takes_the_place_of_another(published: Path, elsewhere: Database, archive: Path) -> None:
    archive.write_text("la précédente")
    with pytest.raises(FileExistsError):
        made(published, elsewhere, archive)
    assert archive.read_text() == "la précédente"


def test_a_backup_is_of_one_moment_while_people_write(published: Path, elsewhere: Database, archive: Path) -> None:
    store = Store(filled(elsewhere), str, 30)

    def write_meanwhile(step: str) -> None:
        if step == "documents":
            store.conversations.keep(Turn("t9", "s9", "après", "après", ABSTENTION), "visitor:a")

    backup = back_up(published, elsewhere, archive, "0.1", write_meanwhile)
    assert backup.rows["turns"] == backup.rows["conversations"] + 1 == 2


def test_a_publication_meanwhile_does_not_break_a_backup(
    tmp_path: Path, elsewhere: Database, archive: Path, home: Path
) -> None:
    publish(home, DOCUMENTS)

    def publish_meanwhile(step: str) -> None:
        if step == "writing":
            for number in range(3):
                publish(home, {f"n{number}.md": f"# Note {number}\n\nLe conseil vote le budget {number} de la régie."})

    backup = back_up(home, elsewhere, archive, "0.1", publish_meanwhile)
    assert backup.snapshot != SnapshotStore(home).current()
    restore(archive, tmp_path / "other", elsewhere, quiet)
    assert assistant_over(tmp_path / "other").ask(QUESTION).reply.outcome == "answered"


# What is no backup


def rewritten(archive: Path, change: Callable[[dict[str, bytes]], None]) -> None:
    with tarfile.open(archive) as tar:
        files = {entry.name: cast(io.BufferedReader, tar.extractfile(entry)).read() for entry in tar}
    change(files)
    with tarfile.open(archive, "w:gz") as tar:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))


def cut(archive: Path) -> None:
    archive.write_bytes(archive.read_bytes()[:-2000])


def flipped(archive: Path) -> None:
    content = bytearray(archive.read_bytes())
    content[len(content) // 2] ^= 0xFF
    archive.write_bytes(content)


def not_an_archive(archive: Path) -> None:
    archive.write_text("bonjour")


def row_changed(archive: Path) -> None:
    rewritten(archive, lambda files: files.update({"store/turns.jsonl": b"{}\n"}))


def file_missing(archive: Path) -> None:
    rewritten(archive, lambda files: files.pop("snapshot/passages.jsonl"))


def without_manifest(archive: Path) -> None:
    rewritten(archive, lambda files: files.pop(MANIFEST))


def of_a_later_version(archive: Path) -> None:
    def later(files: dict[str, bytes]) -> None:
        manifest = json.loads(files[MANIFEST])
        manifest["rows"]["dreams"] = 1
        files[MANIFEST] = json.dumps(manifest).encode()

    rewritten(archive, later)


def a_pickle_slipped_in(archive: Path) -> None:
    def slip(files: dict[str, bytes]) -> None:
        last = files.pop(MANIFEST)
        files["snapshot/chroma/index_metadata.pickle"] = b"cos\nsystem\n(S'true'\ntR."
        files[MANIFEST] = last

    rewritten(archive, slip)


@pytest.mark.parametrize(
    ("damage", "fault"),
    [
        (cut, "unreadable"),
        (flipped, "unreadable, changed or incomplete"),  # by what stood there
        (not_an_archive, "unreadable"),
        (row_changed, "changed"),
        (file_missing, "incomplete"),
        (without_manifest, "incomplete"),
        (of_a_later_version, "newer"),
        (a_pickle_slipped_in, "changed"),
    ],
)
def test_a_damaged_backup_changes_nothing(
    published: Path, elsewhere: Database, archive: Path, home: Path, damage: Callable[[Path], None], fault: str
) -> None:
    made(published, filled(elsewhere), archive)
    before = rows(elsewhere)
    damage(archive)
    with pytest.raises(BackupDamaged) as raised:
        restore(archive, home, elsewhere, quiet, force=True)
    assert raised.value.fault in fault
    assert rows(elsewhere) == before
    assert list(home.iterdir()) == []


@pytest.mark.parametrize(
    "name",
    ["../sorti", "/tmp/sorti", "originals/../../sorti", "originals/.cache", "store/a.py", "deposited/../../x/sorti"],
)
@pytest.mark.parametrize("kind", [tarfile.REGTYPE, tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.DIRTYPE])
def test_an_archive_that_would_write_elsewhere_is_refused(
    tmp_path: Path, elsewhere: Database, archive: Path, home: Path, name: str, kind: bytes
) -> None:
    with tarfile.open(archive, "w:gz") as tar:
        entry = tarfile.TarInfo(name)
        entry.type, entry.linkname = kind, "/etc/passwd"
        tar.addfile(entry)
    with pytest.raises(BackupDamaged) as raised:
        restore(archive, home, elsewhere, quiet)
    assert raised.value.fault == "foreign"
    assert not list(tmp_path.rglob("*sorti*")) and list(home.iterdir()) == []


def test_a_link_under_a_name_of_ours_is_refused(elsewhere: Database, archive: Path, home: Path) -> None:
    with tarfile.open(archive, "w:gz") as tar:
        entry = tarfile.TarInfo("registry.json")
        entry.type, entry.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(entry)
    with pytest.raises(BackupDamaged):
        restore(archive, home, elsewhere, quiet)


def test_rows_that_do_not_fit_put_nothing_in_place(
    published: Path, elsewhere: Database, archive: Path, home: Path
) -> None:
    """Right checksums, wrong rows: found out while they are written, after the documents were checked."""
    import hashlib

    made(published, filled(elsewhere), archive)
    before = rows(elsewhere)

    def change(files: dict[str, bytes]) -> None:
        manifest = json.loads(files[MANIFEST])
        files["store/turns.jsonl"] = b'{"id": "t", "sesame": 1}\n'
        manifest["files"]["store/turns.jsonl"] = hashlib.sha256(files["store/turns.jsonl"]).hexdigest()
        files[MANIFEST] = json.dumps(manifest).encode()

    rewritten(archive, change)
    with pytest.raises(BackupDamaged):
        restore(archive, home, elsewhere, quiet, force=True)
    assert rows(elsewhere) == before
    assert SnapshotStore(home).current() is None


def test_a_store_that_goes_away_at_the_last_moment_takes_the_documents_back(
    published: Path, database: Database, archive: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(published, database, archive)
    publish(home, {"autre.md": "# Autre\n\nLa piscine de Sainte-Aube ouvre en mai, et ferme quand vient l'automne."})
    before = SnapshotStore(home).current()

    class Going(Database):
        def begin(self) -> Any:
            from contextlib import contextmanager

            @contextmanager
            def transaction() -> Iterator[Any]:
                with Database.begin(self) as connection:
                    yield connection
                    raise StoreUnavailable("gone")

            return transaction()

    going = Going.in_file(home / "store.db")
    going.migrate()
    with pytest.raises(StoreUnavailable):
        restore(archive, home, going, quiet, force=True)
    going.close()
    assert SnapshotStore(home).current() == before
    assert len(Library(home, cast(Embedder, FakeEmbedder())).documents()) == 1


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    import subprocess

    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("no small disk can be mounted here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_leaves_no_half_backup_and_no_half_restoration(
    published: Path, elsewhere: Database, archive: Path, small_disk: Path
) -> None:
    with pytest.raises(DiskFull):
        made(published, elsewhere, small_disk / "sauvegarde.tar.gz")
    assert list(small_disk.iterdir()) == []
    made(published, filled(elsewhere), archive)
    before = rows(elsewhere)
    with pytest.raises(DiskFull):
        restore(archive, small_disk / "home", elsewhere, quiet, force=True)
    assert rows(elsewhere) == before
    assert list((small_disk / "home").iterdir()) == []


def test_a_store_that_is_away_makes_no_backup(published: Path, elsewhere: Database, archive: Path) -> None:
    assert elsewhere.file is not None
    shutil.move(elsewhere.file, archive.with_name("moved"))
    with pytest.raises(StoreUnavailable):
        made(published, elsewhere, archive)
    assert not archive.exists()
