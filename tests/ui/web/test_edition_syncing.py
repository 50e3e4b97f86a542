"""Editors synchronise everything as the command does; what they removed leaves the disk when nothing needs it."""

import gc
import os
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from starlette.testclient import TestClient

from assistant.settings import Settings
from indexing import Embedder, Library, SnapshotStore
from tests.fakes import FakeAssistant, FakeEmbedder
from tests.small_index import CHALEUR, DOCUMENTS, assistant_over
from tests.small_index import publish as publish_in
from tests.ui.api.test_conversations import calling
from tests.ui.conftest import Serve
from tests.ui.web.editing import ended, files_under, id_of, journal_of, publish, send, text_of
from ui.web.edition import tidy
from ui.web.edition.pages import at

SYNC = "/edition/documents/synchroniser"
MARE = "# La mare des Essarts\n\nLa mare a été curée en 2021 par un chantier de vingt habitants.\n".encode()


@pytest.fixture
def editor(serve: Serve, settings: Settings) -> Iterator[TestClient]:
    publish_in(settings.home, DOCUMENTS)
    yield serve(assistant_over(settings.home))


@pytest.fixture
def folder(editor: TestClient, settings: Settings) -> Path:
    return settings.home.parent / "home-files"


def synchronised(editor: TestClient, **data: Any) -> str:
    return text_of(ended(editor, editor.post(SYNC, data=data)).text)


def test_one_button_synchronises_every_source_and_tells_what_became_of_each(editor: TestClient, folder: Path) -> None:
    publish(editor, send(editor, ("mare.md", MARE)))
    page = editor.get("/edition/documents").text
    assert f'action="{SYNC}"' in page and "Tout synchroniser" in page and "les 2 sources suivies" in text_of(page)
    (folder / "chaleur.md").write_text(CHALEUR.replace("78 €", "81 €"), encoding="utf-8")
    for name in ("a", "b", "c"):
        (folder / f"{name}.md").write_text(f"# Fontaine {name}\n\nLa fontaine {name} coule.\n", encoding="utf-8")
    (folder / "vide.txt").write_bytes(b"")
    shown = synchronised(editor)
    assert "Synchronisation Toutes les sources suivies" in shown and "C'est publié" in shown
    assert "chaleur.md modifié" in shown and "a.md ajouté" in shown and "2 documents sans changement" in shown
    assert "vide.txt : fichier vide" in shown
    (folder / "a.md").unlink()
    assert "a.md retiré" in synchronised(editor)
    lines = cast(Any, editor.app).state.store.audit.latest()
    assert [(one.who, one.action, one.detail) for one in lines[:2]] == [
        ("local", "corpus.synced", "1 retiré, 1 échec"),
        ("local", "corpus.synced", "3 ajoutés, 1 modifié, 1 échec"),
    ]
    assert "synchronisation" in text_of(editor.get("/edition/journal").text)


def test_nothing_new_is_said_and_leaves_the_index_as_it_was(editor: TestClient, settings: Settings) -> None:
    before = SnapshotStore(settings.home).current()
    assert "l'index est resté le même" in synchronised(editor)
    assert SnapshotStore(settings.home).current() == before


def test_so_many_that_vanish_wait_for_a_second_word(editor: TestClient, folder: Path) -> None:
    (folder / "chaleur.md").unlink()
    page = ended(editor, editor.post(SYNC))
    shown = text_of(page.text)
    assert "1 document sur 2 aurait disparu" in shown and "Rien n'en est retiré." in shown
    assert "pas pu être lu" not in shown and "--yes" not in shown and "Rien n'a été publié." in shown
    source = re.search(r'name="source" value="([^"]+)"', page.text)
    assert source and "chaleur.md" in editor.get("/edition/documents").text
    done = synchronised(editor, source=source[1])
    assert str(folder) in done and "chaleur.md retiré" in done
    assert "chaleur.md" not in editor.get("/edition/documents").text


def test_a_source_that_nobody_follows_is_not_found(editor: TestClient) -> None:
    assert editor.post(SYNC, data={"source": "perdue"}).status_code == 404


def test_another_writer_is_told_and_not_waited_for_long(
    editor: TestClient, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.web.edition.syncing.WAIT", 0.0)
    with SnapshotStore(settings.home).writing():
        assert "Une autre mise à jour" in synchronised(editor)
    assert journal_of(editor) == []


def test_without_a_source_there_is_nothing_to_synchronise(serve: Serve, settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "chaleur.md").write_text(CHALEUR, encoding="utf-8")
    library = Library(settings.home, cast(Embedder, FakeEmbedder()))
    library.add([str(tmp_path / "chaleur.md")], {}, lambda progress: None, origin="fiches")
    assert "synchroniser" not in serve(assistant_over(settings.home)).get("/edition/documents").text


def test_only_editors_and_only_from_here(serve: Serve) -> None:
    client = serve(FakeAssistant())
    assert client.post(SYNC, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert calling(client, "account:a", scopes={"ask", "documents"}).post(SYNC).status_code == 403


# What is removed


def words_on_disk(home: Path) -> list[str]:
    held = [path for path in home.rglob("*") if path.is_file() and b"chantier de vingt" in path.read_bytes()]
    return sorted(path.relative_to(home).parts[0] for path in held)


def test_the_words_of_a_removed_deposit_leave_the_disk_at_the_next_publication(
    editor: TestClient, settings: Settings, folder: Path
) -> None:
    publish(editor, send(editor, ("mare.md", MARE)))
    document_id = id_of(editor, "La mare des Essarts")
    asked = text_of(editor.get(f"/edition/documents/{document_id}/retirer").text)
    assert "jusqu'à la prochaine publication" in asked and "Ensuite, tous deux sont effacés." in asked
    assert "Aucune synchronisation ne le ramène" in asked and "n'est pas effacé" not in asked
    ended(editor, editor.post(f"/edition/documents/{document_id}/retirer"))
    assert set(words_on_disk(settings.home)) == {"deposited", "snapshots"}
    assert "l'index est resté le même" in synchronised(editor)
    # What this process has open is read until it looks again, as any page or question has it do.
    editor.get("/edition/documents")
    gc.collect()
    (folder / "a.md").write_text("# Fontaine\n\nLa fontaine coule.\n", encoding="utf-8")
    assert "a.md ajouté" in synchronised(editor)
    assert words_on_disk(settings.home) == [] and files_under(settings.home / "deposited") == []


def test_a_removed_deposit_comes_back_by_going_back_and_its_file_is_there(
    editor: TestClient, settings: Settings
) -> None:
    publish(editor, send(editor, ("mare.md", MARE)))
    document_id = id_of(editor, "La mare des Essarts")
    ended(editor, editor.post(f"/edition/documents/{document_id}/retirer"))
    ended(editor, editor.post("/edition/documents/retour"))
    assert "l'index est resté le même" in text_of(
        ended(editor, editor.post(f"/edition/documents/{document_id}/relire")).text
    )


def test_a_file_of_a_folder_is_not_ours_to_erase(editor: TestClient, folder: Path) -> None:
    document_id = id_of(editor, "La régie de chaleur bois des Trois-Combes")
    asked = text_of(editor.get(f"/edition/documents/{document_id}/retirer").text)
    assert "Le fichier lui-même n'est pas effacé." in asked and "Ensuite" not in asked


def test_a_writer_at_work_elsewhere_leaves_the_files_to_publish_again(
    editor: TestClient, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.web.edition.adding.WAIT", 0.0)
    preview = send(editor, ("mare.md", MARE))
    with SnapshotStore(settings.home).writing():
        assert "Une autre mise à jour" in text_of(publish(editor, preview).text)
    assert files_under(settings.home / "deposited") == []
    assert "mare.md ajouté" in text_of(publish(editor, preview).text)


def test_a_second_click_on_publish_says_that_it_is_done(editor: TestClient, settings: Settings) -> None:
    preview = send(editor, ("mare.md", MARE))
    action = re.search(r'action="(/edition/depots/[^"]+/publier[^"]+)"', preview.text)
    assert action
    with SnapshotStore(settings.home).writing():
        clicks = [editor.post(action[1]) for _ in range(2)]
    first, second = (text_of(ended(editor, one).text) for one in clicks)
    assert "mare.md ajouté" in first and "Ces fichiers ont déjà été publiés." in second


def test_what_was_looked_at_is_gone_after_a_week_without_anyone_asking(editor: TestClient, settings: Settings) -> None:
    send(editor, ("mare.md", MARE))
    library = Library(settings.home, cast(Embedder, FakeEmbedder()))
    given = (settings.home, settings.home / "erreurs.log", library, cast(Any, editor.app).state.assistant.state)
    tidy(*given)
    assert set(words_on_disk(settings.home)) == {"edition"}
    before = time.time() - 8 * 24 * 3600
    for path in (settings.home / "edition").rglob("*"):
        os.utime(path, (before, before))
    tidy(*given)
    assert words_on_disk(settings.home) == []


def test_an_idle_service_lets_go_of_what_was_removed_by_itself(editor: TestClient, settings: Settings) -> None:
    publish(editor, send(editor, ("mare.md", MARE)))
    library = Library(settings.home, cast(Embedder, FakeEmbedder()))
    library.remove([id_of(editor, "La mare des Essarts")], lambda progress: None)
    library.rebuild(lambda progress: None)
    assert set(words_on_disk(settings.home)) == {"deposited", "snapshots"}, "the service still reads it"
    look = cast(Any, editor.app).state.assistant.state
    with SnapshotStore(settings.home).writing():
        tidy(settings.home, settings.home / "erreurs.log", library, look)
    assert words_on_disk(settings.home) != [], "while somebody writes it waits"
    tidy(settings.home, settings.home / "erreurs.log", library, look)
    assert words_on_disk(settings.home) == []


def test_hours_are_those_of_paris_on_every_page() -> None:
    assert at("2026-11-22T23:30:00+00:00") == "23 novembre 2026 à 00:30"
    assert at("2026-07-14T10:05:00+00:00") == "14 juillet 2026 à 12:05"
