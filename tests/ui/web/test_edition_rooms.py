"""Editors read what is missing, what readers said, what is stale, how much is asked and how good answers are."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from starlette.testclient import TestClient

from assistant.settings import Settings
from tests.fakes import ABSTENTION, ANSWER
from tests.small_index import CHALEUR, CONSERVERIE, assistant_over, publish
from tests.ui.api.test_conversations import MINE, keep, store_of
from tests.ui.conftest import Serve
from tests.ui.web.editing import journal_of, text_of

HOSTILE = "<script>alert(1)</script> {{ 7 * 7 }}"
OVERDUE = CHALEUR.replace("kind: regle", "kind: regle\nreview_by: 2024-03\nsuperseded_by: La régie, édition 2025")
DATED = CONSERVERIE.replace("kind: experience", "kind: experience\npublished: 2023-05")


@pytest.fixture
def editor(serve: Serve, settings: Settings) -> Iterator[TestClient]:
    publish(settings.home, {"chaleur.md": OVERDUE, "conserverie.md": DATED, "copie.md": DATED})
    yield serve(assistant_over(settings.home))


def test_gaps_are_shown_by_need_and_followed(editor: TestClient) -> None:
    for _ in range(2):
        keep(editor, ABSTENTION, question=f"Qui finance la piscine couverte ? {HOSTILE}")
    page = editor.get("/edition/manques")
    shown = text_of(page.text)
    assert "1 besoin" in shown and "piscine couverte" in shown and "nouveau" in shown and "personne" in shown
    assert "<script>alert" not in page.text
    address = re.search(r'href="(/edition/manques/[^"]+)"', page.text)
    assert address and 'href="/v1/backlog.csv"' in page.text
    group = editor.get(address[1])
    assert text_of(group.text).count("piscine couverte") >= 2 and "<script>alert" not in group.text

    saved = editor.post(address[1], data={"etat": "en_cours", "qui": " Agnès "})
    assert "C'est enregistré." in text_of(saved.text) and 'value="Agnès"' in saved.text
    assert [line[:2] for line in journal_of(editor)] == [("local", "backlog.assigned"), ("local", "backlog.state")]
    editor.post(address[1], data={"etat": "en_cours", "qui": "Agnès"})
    assert len(journal_of(editor)) == 2

    assert "piscine" in text_of(editor.get("/edition/manques?etat=en_cours").text)
    editor.post(address[1], data={"etat": "traite", "qui": "Agnès"})
    assert "piscine" not in text_of(editor.get("/edition/manques").text)
    assert "piscine" in text_of(editor.get("/edition/manques?etat=tous").text)
    assert editor.post(address[1], data={"etat": "perdu"}).status_code == 422
    assert editor.get("/edition/manques/inconnu").status_code == 404


def test_marks_are_read_beside_the_answers(editor: TestClient) -> None:
    session_id = keep(editor, ANSWER, question=f"Une SCIC à la halle ? {HOSTILE}")
    store_of(editor).feedback.give(f"t-{session_id}-0", MINE, "faux", f"Le plafond a changé {HOSTILE}")
    page = editor.get("/edition/avis")
    shown = text_of(page.text)
    assert "faux" in shown and "Une SCIC à la halle ?" in shown and "Le plafond a changé" in shown
    assert "<script>alert" not in page.text
    # The document it cited is no longer published: its words are not shown again.
    assert "source retirée" in shown.lower() and "50 %" not in shown
    assert "Une SCIC" not in editor.get("/edition/avis?motif=utile").text
    assert "Une SCIC" in editor.get("/edition/avis?motif=n'importe").text


def test_what_is_stale_is_listed_by_reason(editor: TestClient) -> None:
    page = editor.get("/edition/a-relire")
    shown = text_of(page.text)
    assert "à relire depuis mars 2024" in shown
    assert "remplacé par « La régie, édition 2025 »" in shown
    assert re.search(r"Sans date 1 document sur 3", shown)
    assert "même texte que" in shown
    assert "remplacé" in text_of(editor.get("/edition/documents?etat=superseded").text)


def test_figures_have_plots_tables_and_a_csv(editor: TestClient) -> None:
    assert "Aucune question" in text_of(editor.get("/edition/statistiques").text)
    keep(editor, ANSWER, ANSWER, ABSTENTION)
    page = editor.get("/edition/statistiques?jours=7")
    shown = text_of(page.text)
    assert "3 questions" in shown and "67 % répondues" in shown and "33 % sans réponse" in shown
    assert page.text.count("<svg") == 3 and page.text.count('class="plot" aria-hidden="true"') == 3
    assert page.text.count("<table") == 2 and "cooperation" in shown

    answer = editor.get("/edition/statistiques.csv?jours=7")
    assert answer.text.startswith("\ufeffjour;questions;")
    rows = list(csv.reader(io.StringIO(answer.text.lstrip("\ufeff")), delimiter=";"))
    assert len(rows) == 8 and rows[-1][0] == date.today().isoformat()[:4] + rows[-1][0][4:]
    assert rows[-1][1:5] == ["3", "2", "0", "1"]
    assert editor.get("/edition/statistiques?jours=5000").status_code == 422


def test_measures_show_the_shipped_figures_and_ones_own_report(editor: TestClient, settings: Settings) -> None:
    page = editor.get("/edition/mesures")
    assert "ENSEMBLE" in page.text and page.text.count("<table") == 2 and "evals run" in page.text
    assert editor.get("/edition/mesures/rapport").status_code == 404
    (settings.home / "evaluations").mkdir()
    (settings.home / "evaluations" / "report.html").write_text("<script>alert(1)</script>", encoding="utf-8")
    assert "Télécharger le rapport" in editor.get("/edition/mesures").text
    report = editor.get("/edition/mesures/rapport")
    assert report.headers["content-disposition"].startswith("attachment")


@pytest.mark.parametrize("room", ["manques", "avis", "statistiques"])
def test_a_store_that_is_away_is_told_in_french(editor: TestClient, settings: Settings, room: str) -> None:
    (settings.home / "store.db").unlink()
    page: Any = editor.get(f"/edition/{room}")
    assert page.status_code == 503 and "ne répond pas" in text_of(page.text)
    assert editor.get("/edition/documents").status_code == 200
