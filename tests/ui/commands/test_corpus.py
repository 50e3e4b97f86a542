"""`corpus check`: what fiches cover and what breaks a rule, in French."""

import json
from pathlib import Path

import pytest

from tests.corpus.test_review import FICHE, written
from tests.fakes import FakeLibrary
from ui.__main__ import main
from ui.messages import KINDS_PLURAL

Captured = pytest.CaptureFixture[str]


def test_fiches_that_break_no_rule_are_counted(tmp_path: Path, capsys: Captured) -> None:
    written(tmp_path, FICHE)
    assert main(["corpus", "check", str(tmp_path)]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0].split() == ["statut", *(kind.lower() for kind in KINDS_PLURAL.values()), "total"]
    assert said[1].split() == ["scic", "1", "–", "–", "–", "–", "–", "–", "1"]
    assert [line.split()[0] for line in said[2:] if line] == [
        *("ENSEMBLE", "rôle", "(aucun)", "ENSEMBLE", "thème", "capital", "ENSEMBLE", "1")
    ]
    assert said[-1] == "1 fiche relue, aucune remarque."


def test_a_broken_rule_is_said_in_french_and_exits_1(tmp_path: Path, capsys: Captured) -> None:
    written(tmp_path, FICHE.replace("fiche « La SCIC »", "fiche « La fiche perdue »"))
    written(tmp_path, "", "vide.md")
    assert main(["corpus", "check", str(tmp_path)]) == 1
    captured = capsys.readouterr()
    assert captured.out.splitlines()[-2:] == [
        "scic.md : fiche citée qui n'existe pas : « La fiche perdue »",
        "1 fiche relue, 1 illisible, 1 remarque.",
    ]
    assert captured.err == "vide.md : fichier vide\n"


def test_a_fiche_may_name_a_shipped_one(tmp_path: Path, capsys: Captured) -> None:
    shipped = "La SCIC, société coopérative d'intérêt collectif"
    written(tmp_path, FICHE.replace("fiche « La SCIC »", f"fiche « {shipped} »"))
    assert main(["corpus", "check", str(tmp_path)]) == 0


def test_the_body_holds_the_same(tmp_path: Path, capsys: Captured) -> None:
    written(tmp_path, FICHE.replace("applies_to: null\n", ""))
    assert main(["corpus", "check", str(tmp_path), "--json"]) == 1
    body = json.loads(capsys.readouterr().out)
    assert body["coverage"]["statuses"]["scic"]["regle"] == body["coverage"]["kinds"]["regle"] == 1
    assert body["failed"] == []
    (finding,) = body["findings"]
    assert (finding["source"], finding["code"], finding["detail"]) == ("scic.md", "field_missing", "applies_to")
    assert finding["text"].startswith("il manque « applies_to »")


def test_a_place_that_does_not_exist_is_told(tmp_path: Path, capsys: Captured) -> None:
    assert main(["corpus", "check", str(tmp_path / "absent.md")]) == 1
    assert "fichier ou dossier introuvable" in capsys.readouterr().err


def test_the_indexed_documents_are_counted_and_not_reviewed(monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    library = FakeLibrary()
    monkeypatch.setattr("ui.commands.corpus.open_library", lambda _: library)
    assert main(["corpus", "check", "--indexed"]) == 0
    said = capsys.readouterr().out
    assert f" {len(library.records)} " in said.splitlines()[-2] + " " and "relue" not in said
    assert main(["corpus", "check", "--indexed", "--json"]) == 0
    assert set(json.loads(capsys.readouterr().out)) == {"coverage"}
