"""Editors see their documents, add with a preview, read again, remove and go back; each change is in the journal."""

import re
from collections.abc import Iterator
from typing import Any, cast

import pytest
from starlette.testclient import TestClient

from assistant.settings import Settings
from indexing import Embedder, Library, SnapshotStore
from tests.fakes import FakeAssistant, FakeEmbedder
from tests.local_site import local_site, open_fetcher
from tests.local_site import page as web_page
from tests.small_index import CHALEUR, DOCUMENTS, assistant_over
from tests.small_index import publish as publish_in
from tests.ui.api.test_conversations import calling
from tests.ui.api.test_identity import again
from tests.ui.conftest import Serve
from tests.ui.web.editing import ended, files_under, id_of, journal_of, publish, send, text_of
from ui.web.edition.deposits import safe_name

MARE = """# La mare communale des Essarts

La mare communale des Essarts a été curée en 2021 par un chantier participatif de vingt habitants. La commune
a payé 3 200 € de plants et de location d'engins, et le syndicat de rivière a suivi les travaux.
""".encode()
ASKED = {"question": "Qui a curé la mare communale des Essarts ?"}


@pytest.fixture
def editor(serve: Serve, settings: Settings) -> Iterator[TestClient]:
    publish_in(settings.home, DOCUMENTS)
    yield serve(assistant_over(settings.home))


def test_the_door_opens_on_the_documents(editor: TestClient) -> None:
    page = editor.get("/edition")
    assert str(page.url).endswith("/edition/documents") and page.headers["cache-control"] == "no-store"
    shown = text_of(page.text)
    assert "2 documents sur 2" in shown and "La conserverie mobile du Val-Serein" in shown and "date inconnue" in shown
    assert '<a href="/edition/documents" aria-current="page">' in page.text


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("q=CONSERVERIE+mobile", ["conserverie"]),
        ("q=chaleur.md", ["chaleur"]),
        ("genre=regle", ["chaleur"]),
        ("etat=undated", ["chaleur", "conserverie"]),
        ("etat=past_review", []),
        ("q=chaleur&genre=experience", []),
        ("page=99", ["chaleur", "conserverie"]),
    ],
)
def test_documents_are_found_by_words_kind_and_state(editor: TestClient, query: str, shown: list[str]) -> None:
    page = editor.get(f"/edition/documents?{query}").text
    assert sorted(set(re.findall(r">(conserverie|chaleur)\.md<", page))) == shown
    assert ("Aucun document" in page) is (not shown)


def test_one_document_shows_what_is_known_and_its_passages_in_order(editor: TestClient) -> None:
    page = text_of(editor.get(f"/edition/documents/{id_of(editor, 'La régie de chaleur bois des Trois-Combes')}").text)
    assert "règle" in page and "regie" in page and "financeur" in page and "energie" in page
    assert "2. Statut Statut La régie" in page, "no heading twice, nor the title of the page again"
    assert page.index("est créée par une délibération") < page.index("78 € par mégawattheure")
    assert "Relire sa source" in page


def test_a_file_is_previewed_published_cited_and_removed(editor: TestClient, settings: Settings) -> None:
    preview = send(editor, ("mare.md", MARE), genre="experience", date="2021-06", themes="eau, nature")
    shown = text_of(preview.text)
    assert "La mare communale des Essarts" in shown and "chantier participatif" in shown and "eau, nature" in shown
    assert "juin 2021" in shown and "pas encore publié" in shown
    assert "Essarts" not in editor.post("/v1/ask", json=ASKED).json()["answer"]
    assert journal_of(editor) == []

    done = text_of(publish(editor, preview).text)
    assert "C'est publié" in done and "mare.md ajouté" in done
    cited = editor.post("/v1/ask", json=ASKED).json()["citations"]
    assert cited[0]["title"] == "La mare communale des Essarts" and cited[0]["kind"] == "experience"
    assert cited[0]["source"] == "mare.md" and cited[0]["published"] == "2021-06"

    document_id = cited[0]["document_id"]
    asked = editor.get(f"/edition/documents/{document_id}/retirer")
    assert "Son passage ne sera plus ni trouvé ni cité" in text_of(asked.text)
    removed = ended(editor, editor.post(f"/edition/documents/{document_id}/retirer"))
    assert "mare.md retiré" in text_of(removed.text)
    after = editor.post("/v1/ask", json=ASKED).text
    assert document_id not in after and "chantier participatif" not in after
    assert document_id not in editor.get("/v1/search", params={"query": "mare des Essarts", "k": 100}).text
    assert editor.get(f"/edition/documents/{document_id}").status_code == 404
    assert journal_of(editor) == [
        ("local", "document.removed", "mare.md"),
        ("local", "document.added", "mare.md"),
    ]
    assert files_under(settings.home / "edition" / "staged") == []


def test_going_back_takes_confirmation_and_restores(editor: TestClient) -> None:
    publish(editor, send(editor, ("mare.md", MARE)))
    assert "3 documents" in text_of(editor.get("/edition/documents/retour").text)
    done = ended(editor, editor.post("/edition/documents/retour"))
    assert "remis en place : 2 documents" in text_of(done.text)
    assert "Essarts" not in editor.get("/edition/documents").text
    assert journal_of(editor)[0][:2] == ("local", "corpus.rolled_back")


def test_without_a_previous_index_it_says_so(editor: TestClient) -> None:
    done = ended(editor, editor.post("/edition/documents/retour"))
    assert "Aucun index précédent" in text_of(done.text)


def test_a_file_of_the_same_name_replaces_and_the_preview_says_so(editor: TestClient) -> None:
    publish(editor, send(editor, ("mare.md", MARE)))
    preview = send(editor, ("mare.md", MARE.replace(b"2021", b"2022")))
    assert "déjà été déposé : mare.md" in text_of(preview.text)
    assert "mare.md modifié" in text_of(publish(editor, preview).text)
    assert "en 2022" in editor.post("/v1/ask", json=ASKED).json()["citations"][0]["excerpt"]
    assert len(editor.get("/v1/documents").json()["documents"]) == 3


def test_one_document_is_read_again(editor: TestClient, settings: Settings) -> None:
    publish(editor, send(editor, ("mare.md", MARE), editeur="Syndicat"))
    (kept,) = (settings.home / "deposited").glob("*/mare.md")
    kept.write_bytes(MARE.replace(b"2021", b"2019"))
    document_id = id_of(editor, "La mare communale des Essarts")
    done = ended(editor, editor.post(f"/edition/documents/{document_id}/relire"))
    assert "mare.md modifié" in text_of(done.text)
    page = text_of(editor.get(f"/edition/documents/{document_id}").text)
    assert "curée en 2019" in page and "Syndicat" in page
    assert journal_of(editor)[0] == ("local", "document.reread", "mare.md")


def test_what_cannot_be_read_is_said_and_not_published(editor: TestClient) -> None:
    preview = send(editor, ("mare.md", MARE), ("vide.txt", b""), ("tableau.xlsx", b"PK"))
    shown = text_of(preview.text)
    assert "vide.txt : fichier vide" in shown and "tableau.xlsx" in shown
    assert "mare.md ajouté" in text_of(publish(editor, preview).text)
    alone = send(editor, ("vide.txt", b""))
    assert "rien à publier" in text_of(alone.text) and "/publier" not in alone.text


def test_giving_up_leaves_nothing(editor: TestClient, settings: Settings) -> None:
    preview = send(editor, ("mare.md", MARE))
    action = re.search(r'action="(/edition/depots/[^"]+/abandonner[^"]+)"', preview.text)
    assert action
    assert "ont été effacés" in text_of(editor.post(action[1]).text)
    assert files_under(settings.home / "edition" / "staged") == []
    assert editor.get(preview.url).status_code == 404
    assert editor.post(action[1].replace("abandonner", "publier")).status_code == 404


def test_a_published_preview_cannot_be_published_twice(editor: TestClient) -> None:
    preview = send(editor, ("mare.md", MARE))
    publish(editor, preview)
    again = editor.get(preview.url)
    assert "déjà été publiés" in text_of(again.text) and "/publier" not in again.text


@pytest.mark.parametrize(
    ("files", "fields", "said"),
    [
        ([], {}, "Choisissez des fichiers, ou donnez une adresse"),
        ([("a.md", MARE)], {"adresse": "https://exemple.fr"}, "Choisissez des fichiers, ou donnez une adresse"),
        ([], {"adresse": "ftp://exemple.fr"}, "commence par http"),
        ([("a.md", MARE)], {"date": "hier"}, "« date de publication » doit s'écrire AAAA"),
        ([("a.md", MARE)], {"genre": "roman"}, "« genre » doit être"),
        ([("a.md", MARE)], {"adresse_source": "exemple"}, "« adresse d'origine » doit commencer par http"),
    ],
)
def test_a_wrong_form_is_shown_again_with_what_is_wrong(
    editor: TestClient, files: Any, fields: dict[str, str], said: str
) -> None:
    sent = [("fichiers", (name, content, "text/plain")) for name, content in files] or [("fichiers", ("", b""))]
    data = {"titre": "Un <b>titre</b>", **fields}
    answer = editor.post("/edition/documents/ajouter", files=sent, data=data)
    assert answer.status_code == 422 and said in text_of(answer.text)
    assert "Un &lt;b&gt;titre&lt;/b&gt;" in answer.text


def test_a_file_too_large_is_refused_and_not_kept(serve: Serve, settings: Settings) -> None:
    small = settings.model_copy(update={"max_file_mb": 1})
    client = serve(assistant_over(settings.home))
    cast(Any, client.app).state.deposits.most_bytes = small.max_file_mb * 1_000_000
    answer = client.post("/edition/documents/ajouter", files=[("fichiers", ("gros.md", b"a" * 1_200_000))])
    assert answer.status_code == 413 and "gros.md » est trop gros" in text_of(answer.text)
    assert files_under(settings.home / "edition" / "staged") == []


def test_only_this_address_takes_long_bodies(editor: TestClient) -> None:
    long = b"a" * 1_500_000
    assert editor.post("/v1/ask", content=long).status_code == 413
    assert editor.post("/edition/documents/retour", content=long).status_code == 413
    sent = [("fichiers", ("long.txt", MARE + long))]
    assert editor.post("/edition/documents/ajouter", files=sent).status_code == 200


HOSTILE = '"><img src=x onerror=alert(1)>'


def test_hostile_names_titles_and_texts_are_only_shown(editor: TestClient, settings: Settings) -> None:
    text = (
        f"# {HOSTILE}\n\n<script>alert(1)</script> {{{{ 7 * 7 }}}} {HOSTILE} la clause étrangère du village.\n".encode()
    )
    preview = send(editor, ("../../../etc/<img src=x onerror=alert(1)>.md", text), editeur=HOSTILE)
    done = publish(editor, preview)
    document_id = next(
        one["id"] for one in editor.get("/v1/documents").json()["documents"] if one["publisher"] == HOSTILE
    )
    pages = [preview, done, editor.get("/edition/documents"), editor.get(f"/edition/documents/{document_id}")]
    pages += [editor.get(f"/edition/documents/{document_id}/retirer"), editor.get("/edition/journal")]
    for page in pages:
        assert "<img" not in page.text and "<script>alert" not in page.text and "49" not in text_of(page.text)[:2000]
    assert all(".." not in name for name in files_under(settings.home / "deposited"))
    assert not (settings.home.parent / "etc").exists()


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("rapport.pdf", "rapport.pdf"),
        ("../../secret.md", "secret.md"),
        ("C:\\dossier\\Délibération n°3.docx", "Délibération n°3.docx"),
        ("a\x00b\u202e.md", "ab.md"),
        (".corpus.toml", "corpus.toml"),
        ("..", "document"),
        ("", "document"),
        ("a/b|c?.txt", "b_c_.txt"),
        ("-rf.md", "rf.md"),
        ("é" * 200 + ".pdf", "é" * 58 + ".pdf"),
    ],
)
def test_names_of_files_lead_nowhere(sent: str, kept: str) -> None:
    assert safe_name(sent) == kept


@pytest.mark.parametrize(
    "path",
    ["/edition/travaux/inconnu", "/edition/documents/inconnu", "/edition/documents/inconnu/retirer", "/edition/x"],
)
def test_what_is_not_there_is_a_french_page(editor: TestClient, path: str) -> None:
    answer = editor.get(path)
    assert answer.status_code == 404
    if path != "/edition/x":
        assert answer.headers["content-type"].startswith("text/html") and 'role="alert"' in answer.text


def test_a_writer_at_work_elsewhere_is_said(
    editor: TestClient, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.web.edition.changing.WAIT", 0.0)
    document_id = id_of(editor, "La régie de chaleur bois des Trois-Combes")
    with SnapshotStore(settings.home).writing():
        page = ended(editor, editor.post(f"/edition/documents/{document_id}/retirer"))
    assert "Une autre mise à jour" in text_of(page.text) and "Rien n'a été publié" in text_of(page.text)
    assert editor.get(f"/edition/documents/{document_id}").status_code == 200


def test_work_cut_short_is_told_as_interrupted(editor: TestClient) -> None:
    page = ended(editor, editor.post("/edition/documents/retour"))
    bench = cast(Any, editor.app).state.workbench
    task = bench.find(str(page.url).rpartition("/")[2])
    bench._write(cast(Any, type(task))(task.id, "add", "local", task.began_at))
    assert "Le service s'est arrêté" in text_of(editor.get(page.url).text)


def test_only_editors_come_in(serve: Serve) -> None:
    client = serve(FakeAssistant())
    reader = calling(client, "account:a", scopes={"ask", "search", "documents", "calls"})
    for method, path in (
        ("GET", "/edition/documents"),
        ("GET", "/edition/journal"),
        ("POST", "/edition/documents/retour"),
    ):
        assert reader.request(method, path).status_code == 403
    assert calling(client, "account:b", scopes={"edition"}).get("/edition/journal").status_code == 200


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://ailleurs.example"}])
def test_a_page_of_another_site_changes_nothing(editor: TestClient, headers: dict[str, str]) -> None:
    document_id = id_of(editor, "La régie de chaleur bois des Trois-Combes")
    for path in (
        f"/edition/documents/{document_id}/retirer",
        "/edition/documents/retour",
        "/edition/documents/ajouter",
    ):
        assert editor.post(path, headers=headers).status_code == 403
    assert editor.get(f"/edition/documents/{document_id}").status_code == 200


def test_a_work_done_without_the_store_says_it_is_not_in_the_journal(editor: TestClient, settings: Settings) -> None:
    preview = send(editor, ("mare.md", MARE))
    (settings.home / "store.db").unlink()
    page = text_of(publish(editor, preview).text)
    assert "C'est publié" in page and "n'est pas noté au journal" in page
    assert editor.get("/edition/journal").status_code == 503


def test_the_journal_names_who_and_what(editor: TestClient) -> None:
    store = cast(Any, editor.app).state.store
    account = store.accounts.create("agnès", "editor", "un mot de passe long")
    for number in range(55):
        store.audit.note(f"account:{account.id}", "document.added", f"fichier-{number}.md")
    page = editor.get("/edition/journal")
    shown = text_of(page.text)
    assert "agnès document ajouté fichier-54.md" in shown and "fichier-4.md" not in shown
    older = re.search(r'href="(\?avant=\d+)"', page.text)
    assert older and "fichier-4.md" in text_of(editor.get(f"/edition/journal{older[1]}").text)


def test_documents_of_a_folder_are_looked_at_again_where_they_are(editor: TestClient, settings: Settings) -> None:
    file = settings.home.parent / "home-files" / "chaleur.md"
    file.write_text(CHALEUR.replace("78 €", "81 €"), encoding="utf-8")
    document_id = id_of(editor, "La régie de chaleur bois des Trois-Combes")
    ended(editor, editor.post(f"/edition/documents/{document_id}/relire"))
    assert "81 € par mégawattheure" in text_of(editor.get(f"/edition/documents/{document_id}").text)


def test_a_page_of_the_web_is_previewed_and_published(editor: TestClient, settings: Settings) -> None:
    embedder = cast(Embedder, FakeEmbedder())
    cast(Any, editor.app).state.open_library = lambda: Library(settings.home, embedder, open_fetcher=open_fetcher)
    title = "La régie de l'eau"
    with local_site() as site:
        site.pages = {"/eau": web_page(title, "La régie distribue l'eau de la source depuis 1954.")}
        address = site.address("/eau")
        preview = ended(editor, editor.post("/edition/documents/ajouter", data={"adresse": address, "genre": "appui"}))
        assert "distribue l'eau de la source" in text_of(preview.text)
        assert "ajouté" in text_of(publish(editor, preview).text)
    page = text_of(editor.get(f"/edition/documents/{id_of(editor, title)}").text)
    assert address in page and "appui" in page and "Relire ce document" in page


def test_an_address_of_this_network_is_refused_in_french(editor: TestClient) -> None:
    answer = editor.post("/edition/documents/ajouter", data={"adresse": "http://127.0.0.1:9/secret"})
    shown = text_of(ended(editor, answer).text)
    assert "adresse privée, refusée" in shown and "rien à publier" in shown


def test_whoever_has_no_right_is_sent_to_the_login_page_and_back(editor: TestClient) -> None:
    accounts = cast(Any, editor.app).state.store.accounts
    accounts.create("agnès", "editor", "un mot de passe long")
    accounts.create("basile", "operator", "un mot de passe long")
    cast(Any, editor.app).state.doors.look()
    for name, comes_in in (("agnès", True), ("basile", False)):
        person = again(editor)
        sent = person.get("/edition/documents")
        assert sent.status_code == 303 and sent.headers["location"] == "/connexion?suite=%2Fedition%2Fdocuments"
        person.post("/connexion", data={"nom": name, "mot_de_passe": "un mot de passe long"})
        assert (person.get("/edition/documents").status_code == 200) is comes_in
