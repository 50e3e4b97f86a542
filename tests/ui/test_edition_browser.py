"""The editors' room in a real browser: by keyboard from a file to its removal, by the accessibility rules, hostile."""

import contextlib
import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from assistant.answer import Turn
from assistant.factory import open_store
from assistant.settings import Settings
from tests.fakes import ABSTENTION, ANSWER
from tests.live_server import serving
from tests.small_index import CHALEUR, CONSERVERIE, assistant_over, publish
from tests.ui.browsing import HOSTILE, Seen, browser, expect, pytestmark
from ui.app import create_app

__all__ = ["browser", "pytestmark"]
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
ROOMS = ("documents", "documents/ajouter", "documents/retour", "manques", "avis", "a-relire", "statistiques", "mesures")
MARE = f"""# La mare communale des Essarts

La mare communale des Essarts a été curée en 2021 par un chantier participatif de vingt habitants. {HOSTILE}
"""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Any]]:
    settings = Settings(home=tmp_path_factory.mktemp("edition") / "home")
    overdue = CHALEUR.replace("kind: regle", f"kind: regle\nreview_by: 2024-03\npublisher: {json.dumps(HOSTILE)}")
    publish(settings.home, {"chaleur.md": overdue, "conserverie.md": CONSERVERIE})
    store = open_store(settings)
    session_id = store.conversations.open(None, "visitor:a")
    for number, reply in enumerate((ANSWER, ANSWER, ABSTENTION)):
        question = f"Qui finance la piscine couverte du village ? {HOSTILE}"
        store.conversations.keep(Turn(f"t{number}", session_id, question, question, reply), "visitor:a")
    store.feedback.give("t0", "visitor:a", "faux", HOSTILE)
    store.audit.note("local", "document.added", HOSTILE)
    app = create_app(settings, assistant_over(settings.home), store, with_chat=False)
    with serving(app) as url:
        yield url, app


@contextlib.contextmanager
def opened(browser: Any, url: str, path: str, **options: Any) -> Iterator[Any]:
    context = browser.new_context(**{"locale": "en-US", "viewport": {"width": 1280, "height": 900}} | options)
    page = context.new_page()
    seen = Seen(page, url)
    page.goto(f"{url}/edition/{path}")
    yield page
    assert page.evaluate("window.pwned") is None
    context.close()
    assert seen.errors == [] and seen.outside == []


def asked(url: str) -> dict[str, Any]:
    body = json.dumps({"question": "Qui a curé la mare communale des Essarts ?"}).encode()
    request = urllib.request.Request(f"{url}/v1/ask", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request) as answer:
        return cast(dict[str, Any], json.load(answer))


def go(page: Any, role: str, name: str) -> None:
    """Reach a link or a button with the Tab key alone, and press Enter."""
    wanted = page.get_by_role(role, name=name, exact=True)
    for _ in range(80):
        page.keyboard.press("Tab")
        if wanted.evaluate("one => one === document.activeElement"):
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"{name} is out of reach")


def test_a_document_is_added_asked_about_and_removed_by_keyboard(
    browser: Any, served: tuple[str, Any], tmp_path: Path
) -> None:
    url, _ = served
    file = tmp_path / "mare-des-essarts.md"
    file.write_text(MARE, encoding="utf-8")
    with opened(browser, url, "documents") as page:
        page.on("dialog", lambda dialog: pytest.fail(dialog.message))
        go(page, "link", "Ajouter des documents")
        expect(page.get_by_role("heading", name="Ajouter des documents")).to_be_visible()
        # The system's own window of files is no page.
        page.get_by_label("Fichiers").set_input_files(str(file))
        page.get_by_label("Éditeur").focus()
        page.keyboard.type(HOSTILE[:200])
        go(page, "button", "Voir l'aperçu")
        expect(page.get_by_role("heading", name="Aperçu avant publication")).to_be_visible(timeout=20_000)
        expect(page.get_by_text("chantier participatif de vingt habitants")).to_be_visible()
        page.screenshot(path="/tmp/edition-preview.png", full_page=True)
        assert "Essarts" not in asked(url)["answer"]
        go(page, "button", "Publier")
        expect(page.get_by_text("C'est publié")).to_be_visible(timeout=20_000)
        cited = asked(url)["citations"]
        assert cited[0]["source"] == "mare-des-essarts.md"

        go(page, "link", "Revenir aux documents")
        go(page, "link", "La mare communale des Essarts")
        expect(page.get_by_role("heading", name="Passages")).to_be_visible()
        page.screenshot(path="/tmp/edition-document.png", full_page=True)
        go(page, "link", "Retirer…")
        expect(page.get_by_text("Le fichier déposé et l'index précédent")).to_be_visible()
        page.screenshot(path="/tmp/edition-remove.png", full_page=True)
        go(page, "button", "Retirer ce document")
        expect(page.get_by_text("C'est publié")).to_be_visible(timeout=20_000)
        told = json.dumps(asked(url))
        assert cited[0]["document_id"] not in told and "chantier participatif" not in told
        go(page, "link", "Journal")
        expect(page.get_by_role("row").nth(1)).to_contain_text("document retiré")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_every_room_fits_and_keeps_the_accessibility_rules(
    browser: Any, served: tuple[str, Any], width: int, scheme: str
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed").Axe()
    url, _ = served
    rooms = [*ROOMS, "journal"]
    with opened(browser, url, "documents", viewport={"width": width, "height": 900}, color_scheme=scheme) as page:
        for room in rooms:
            page.goto(f"{url}/edition/{room}")
            assert axe.run(page, options=RULES).response["violations"] == [], room
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), room
            page.screenshot(path=f"/tmp/edition-{room.replace('/', '-')}-{width}-{scheme}.png", full_page=True)
        for room, link in (("documents", "La régie de chaleur bois des Trois-Combes"), ("manques", "piscine couverte")):
            page.goto(f"{url}/edition/{room}")
            page.get_by_role("link", name=link).first.click()
            assert axe.run(page, options=RULES).response["violations"] == [], link
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), link
            page.screenshot(path=f"/tmp/edition-one-{room}-{width}-{scheme}.png", full_page=True)


@pytest.mark.parametrize("width", [390, 1280])
def test_everything_is_synchronised_by_keyboard_and_what_vanished_is_asked_about(
    browser: Any, tmp_path: Path, width: int
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed").Axe()
    settings = Settings(home=tmp_path / "home")
    publish(settings.home, {"chaleur.md": CHALEUR, "conserverie.md": CONSERVERIE})
    folder = tmp_path / "home-files"
    app = create_app(settings, assistant_over(settings.home), open_store(settings), with_chat=False)
    with serving(app) as url, opened(browser, url, "documents", viewport={"width": width, "height": 900}) as page:

        def judged(name: str) -> None:
            assert axe.run(page, options=RULES).response["violations"] == []
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            page.screenshot(path=f"/tmp/edition-sync-{name}-{width}.png", full_page=True)

        (folder / "chaleur.md").unlink()
        (folder / f"{'très-long-' * 9}nom.md").write_text(MARE, encoding="utf-8")
        (folder / "vide.txt").write_bytes(b"")
        go(page, "button", "Tout synchroniser")
        expect(page.get_by_text("C'est publié")).to_be_visible(timeout=20_000)
        expect(page.get_by_role("heading", name="Synchronisation")).to_be_visible()
        expect(page.get_by_text("vide.txt : fichier vide")).to_be_visible()
        expect(page.get_by_text("1 document sur 2 aurait disparu")).to_be_visible()
        expect(page.get_by_role("row").nth(1)).to_contain_text("ajouté")
        judged("vanished")
        go(page, "button", "Retirer aussi ce qui a disparu")
        expect(page.get_by_role("row").nth(1)).to_contain_text("chaleur.md", timeout=20_000)
        expect(page.get_by_role("row").nth(1)).to_contain_text("retiré")
        judged("done")
        go(page, "link", "Journal")
        expect(page.get_by_role("row").nth(1)).to_contain_text("synchronisation")
        judged("journal")


def test_a_gap_is_given_to_somebody(browser: Any, served: tuple[str, Any]) -> None:
    url, _ = served
    with opened(browser, url, "manques") as page:
        page.get_by_role("link", name="piscine couverte").first.click()
        page.get_by_label("État").select_option("en_cours")
        page.get_by_label("Confié à").fill("Agnès")
        page.get_by_role("button", name="Enregistrer").click()
        expect(page.get_by_role("status")).to_have_text("C'est enregistré.")
        expect(page.get_by_label("Confié à")).to_have_value("Agnès")


def test_work_that_lasts_shows_how_far_it_is_then_what_it_gave(browser: Any, served: tuple[str, Any]) -> None:
    import threading

    from indexing import Progress

    url, app = served
    go_on = threading.Event()

    def run(on_progress: Any) -> dict[str, Any]:
        on_progress(Progress("reading", 3, 10))
        assert go_on.wait(30)
        return {"said": "L'index est remis en place."}

    task = app.state.workbench.start("rollback", "local", run, {})
    with opened(browser, url, f"travaux/{task.id}") as page:
        expect(page.get_by_role("status")).to_contain_text("lecture des documents, 3 sur 10 (30 %)")
        expect(page.get_by_role("progressbar")).to_be_visible()
        go_on.set()
        expect(page.get_by_text("L'index est remis en place.")).to_be_visible()
