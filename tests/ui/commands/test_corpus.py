"""`corpus check`: what fiches cover, what breaks a rule, what to look at in the index, in French."""

import json
from pathlib import Path

import pytest

from indexing import Library
from tests.corpus.test_review import FICHE, written
from tests.fakes import FakeEmbedder
from tests.local_site import local_site, open_fetcher, page
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


UNDATED = "# La régie de l'eau\n\nLa régie distribue l'eau aux habitants.\n"
OVERDUE = "---\npublished: 2024-03\nreview_by: 2025-01\n---\n# Le bois\n\nLa chaufferie brûle le bois.\n"


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Library:
    """Four documents in the index: one without a date, its copy, one to review, one that became unreadable."""
    library = Library(tmp_path / "home", FakeEmbedder(), open_fetcher=open_fetcher)  # type: ignore[arg-type]
    folder = tmp_path / "documents"
    folder.mkdir()
    for name, text in (("eau", UNDATED), ("copie", UNDATED), ("bois", OVERDUE)):
        (folder / f"{name}.md").write_text(text)
    (folder / "halle.md").write_text("---\npublished: 2026\n---\n# La halle\n\nLa halle accueille le marché.\n")
    library.add([str(folder)], {}, lambda progress: None)
    (folder / "halle.md").write_bytes(b"")
    library.sync()
    monkeypatch.setattr("ui.commands.corpus.open_library", lambda _: library)
    return library


def test_the_indexed_documents_are_counted_and_what_to_look_at_is_said(library: Library, capsys: Captured) -> None:
    assert main(["corpus", "check", "--indexed"]) == 1
    said = capsys.readouterr().out.splitlines()
    ids = {record.source: record.id for record in library.documents()}
    assert said[0].startswith("statut")
    assert said[-6:] == [
        f"bois.md ({ids['bois.md']}) : à relire depuis janvier 2025",
        f"copie.md ({ids['copie.md']}) : date inconnue",
        f"eau.md ({ids['eau.md']}) : date inconnue",
        f"eau.md ({ids['eau.md']}) : même texte que copie.md",
        f"halle.md ({ids['halle.md']}) : fichier vide",
        "4 documents indexés, 5 points à regarder.",
    ]


def test_without_a_place_the_shipped_fiches_and_the_index_are_checked(library: Library, capsys: Captured) -> None:
    assert main(["corpus", "check", "--json"]) == 1
    body = json.loads(capsys.readouterr().out)
    assert {"coverage", "findings", "failed", "concerns"} == set(body)
    assert {concern["code"] for concern in body["concerns"]} == {"undated", "past_review", "duplicate", "unreadable"}
    assert body["concerns"][0]["text"] == "à relire depuis janvier 2025"


def test_links_are_asked_for_on_demand_only(library: Library, tmp_path: Path, capsys: Captured) -> None:
    with local_site() as site:
        site.pages = {"/ici": page("Ici", "Cette page existe toujours et répond à qui la demande.")}
        for name in ("ici", "perdu"):
            library.add([str(tmp_path / "documents" / "bois.md")], {"url": site.address("/ici")}, lambda progress: None)
            (tmp_path / f"{name}.md").write_text(
                f"---\npublished: 2026\n---\n# La page {name}\n\nUn texte sur {name}.\n"
            )
            given = {"url": site.address(f"/{name}")}
            library.add([str(tmp_path / f"{name}.md")], given, lambda progress: None)
        assert main(["corpus", "check", "--indexed"]) == 1
        assert "lien mort" not in capsys.readouterr().out and site.asked == []
        assert main(["corpus", "check", "--indexed", "--links"]) == 1
        said = capsys.readouterr().out
        assert f"lien mort : {site.address('/perdu')} (404)" in said and said.count("lien mort") == 1
        assert sorted(site.asked) == ["/ici", "/perdu"]


def test_a_sound_index_exits_0(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    library = Library(tmp_path / "home", FakeEmbedder())  # type: ignore[arg-type]
    (tmp_path / "halle.md").write_text("---\npublished: 2026\n---\n# La halle\n\nLa halle accueille le marché.\n")
    library.add([str(tmp_path / "halle.md")], {}, lambda progress: None)
    monkeypatch.setattr("ui.commands.corpus.open_library", lambda _: library)
    assert main(["corpus", "check", "--indexed"]) == 0
    assert capsys.readouterr().out.endswith("1 document indexé, rien à regarder.\n")
