"""The command: what it prints, in which language, and its exit codes."""

import argparse
import json
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from assistant.applicability import Asker
from assistant.pipeline import Assistant
from corpus import Applicability
from indexing import IndexMismatch, NoIndex
from tests.fakes import ABSTENTION, ANSWER, COMPARED, FakeAssistant, FakeLibrary
from ui.__main__ import main
from ui.bodies import TurnBody

Captured = pytest.CaptureFixture[str]


def run(*arguments: str) -> int:
    """The exit code, argparse's own included."""
    try:
        return main(arguments)
    except SystemExit as stop:
        assert isinstance(stop.code, int)
        return stop.code


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ASSISTANT_ELUS_HOME", str(tmp_path))
    # Help is wrapped to the terminal's width.
    monkeypatch.setenv("COLUMNS", "100")
    return tmp_path


@pytest.fixture
def assistant(monkeypatch: pytest.MonkeyPatch) -> FakeAssistant:
    fake = FakeAssistant()
    monkeypatch.setattr("ui.commands.ask.open_assistant", lambda *_, **__: fake)
    return fake


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> FakeLibrary:
    fake = FakeLibrary()
    monkeypatch.setattr("ui.commands.corpus.open_library", lambda _: fake)
    return fake


COMMANDS = [
    *([], ["serve"], ["corpus"], ["corpus", "add"], ["corpus", "list"], ["corpus", "remove"], ["corpus", "check"]),
    *(["corpus", "rebuild"], ["ask"], ["search"], ["evals"], ["evals", "run"], ["evals", "compare"]),
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_help_is_in_french(command: list[str], capsys: Captured) -> None:
    assert run(*command, "--help") == 0
    said = capsys.readouterr().out
    assert said.startswith("usage : assistant-elus") and "montre cette aide" in said
    for english in ("usage:", "show this", "positional", "default:", "arguments:\n\n"):
        assert english not in said


def test_help_shows_examples(capsys: Captured) -> None:
    run("ask", "--help")
    assert "exemples :" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "il manque : COMMANDE"),
        (["bavarder"], "« bavarder » n'est pas possible"),
        (["ask"], "il manque : QUESTION"),
        (["ask", "a", "b"], "argument inconnu : b"),
        (["ask", "a", "--nope"], "argument inconnu : --nope"),
        (["ask", "a", "--session"], "attend une valeur"),
        (["ask", ""], "« question » est vide"),
        (["ask", "  "], "« question » est vide"),
        (["ask", "a" * 4001], "dépasse 4000 caractères"),
        (["ask", "a", "-k", "dix"], "« dix » n'est pas valable"),
        (["ask", "a", "-k", "101"], "au plus 100"),
        (["ask", "a", "--kind", "nope"], "« nope » n'est pas possible"),
        (["ask", "a", "--population", "mille"], "« mille » n'est pas valable"),
        (["ask", "a", "--population", "-1"], "au moins 0"),
        (["ask", "a", "--type", "royaume"], "« royaume » n'est pas possible"),
        (["ask", "a", "--departement", "Jura"], "n'a pas la forme attendue"),
        (["search", "a", "-k", "0"], "au moins 1"),
        (["corpus"], "il manque : ACTION"),
        (["corpus", "add"], "il manque : CHEMIN"),
        (["corpus", "add", "x", "--published", "hier"], "AAAA-MM-JJ"),
        (["corpus", "add", "x", "--published", "2025-02-30"], "AAAA-MM-JJ"),
        (["corpus", "add", "x", "--url", "javascript:alert(1)"], "http://"),
        (["corpus", "add", "x", "--kind", "nope"], "n'est pas possible"),
        (["serve", "--port", "abc"], "le port est un nombre"),
        (["serve", "--port", "70000"], "le port est un nombre"),
        (["serve", "--workers", "0"], "le nombre de processus"),
        (["serve", "--workers", "2"], "--no-ui"),
        (["serve", "--host", "0.0.0.0"], "n'écoute que cette machine"),
        (["serve", "--host", "exemple.fr"], "n'écoute que cette machine"),
    ],
)
def test_wrong_usage_is_told_in_french_and_exits_2(arguments: list[str], words: str, capsys: Captured) -> None:
    assert run(*arguments) == 2
    captured = capsys.readouterr()
    assert words in captured.err and captured.out == ""
    assert "error" not in captured.err and "invalid" not in captured.err


def test_argparse_is_left_as_it_was() -> None:
    before = vars(argparse)["_"]
    run("--help")
    assert vars(argparse)["_"] is before


def test_ask_prints_the_answer_and_its_sources(assistant: FakeAssistant, capsys: Captured) -> None:
    assert run("ask", "Une question ?") == 0
    said = capsys.readouterr().out
    assert "50 % du capital d'une SCIC. [1]" in said
    assert "[1] La SCIC, société coopérative" in said
    assert "Équipe documentaire · 22 décembre 2025 · règle · La commune peut-elle entrer au capital ?" in said
    assert "« Les collectivités peuvent détenir" in said and "https://exemple.fr/scic" in said


def test_ask_json_is_the_body_of_the_api(assistant: FakeAssistant, capsys: Captured) -> None:
    from assistant.factory import open_store
    from assistant.settings import Settings
    from tests.ui.conftest import client_here
    from ui.app import create_app

    assert run("ask", "Une question ?", "--session", "s-7", "--json") == 0
    printed: TurnBody = json.loads(capsys.readouterr().out)
    app = create_app(Settings(), cast(Assistant, FakeAssistant()), open_store(Settings()), with_chat=False)
    with client_here(app) as client:
        served = client.post("/v1/ask", json={"question": "Une question ?", "session_id": "s-7"}).json()
    assert printed == served


def test_ask_passes_its_filters(assistant: FakeAssistant) -> None:
    run("ask", "Une question ?", "--kind", "regle", "--kind", "role", "--themes", "capital", "-k", "3")
    _, _, filters, k = assistant.asked[0]
    assert filters.kind == ("regle", "role") and filters.themes == ("capital",) and k == 3


def test_ask_passes_who_asks(assistant: FakeAssistant) -> None:
    run("ask", "Une question ?", "--population", "800", "--type", "commune", "--departement", "39")
    run("ask", "Une question ?")
    assert assistant.askers == [Asker(800, "commune", "jura"), Asker()]


def test_a_comparison_is_printed_criterion_by_criterion_with_its_empty_cells(
    assistant: FakeAssistant, capsys: Captured
) -> None:
    assistant.reply = COMPARED
    assert run("ask", "SCIC ou association ?") == 0
    said = capsys.readouterr().out
    assert said.startswith(
        "Ce que c'est\n"
        "  SCIC : La SCIC choisit l'une de ces formes commerciales : la société anonyme. [1]\n"
        "  Association : Rien d'assez sûr trouvé dans les documents.\n"
        "\n"
        "Capital et argent\n"
        "  SCIC : Les collectivités peuvent détenir ensemble jusqu'à 50 % du capital d'une SCIC. [2]\n"
        "  Association : La collectivité finance, par une subvention ou une prise de participation. [3]\n"
        "\n"
        "[1] "
    )
    assert "\n    Ce document est remplacé par « Les rôles, édition 2026 ».\n" in said


def test_ask_prints_for_whom_the_answer_holds_and_what_is_missing(assistant: FakeAssistant, capsys: Captured) -> None:
    assistant.applies_to = Applicability(population_max=3499)
    assistant.reply = replace(ANSWER, unanswered=("Combien cela coûte-t-il ?",))
    run("ask", "Une question ?")
    said = capsys.readouterr().out
    assert "Vaut pour les collectivités de 3\u202f499 habitants au plus.\n" in said
    assert "Rien d'assez sûr trouvé dans les documents sur ceci : « Combien cela coûte-t-il ? ».\n" in said


def test_an_abstention_is_an_answer_not_a_failure(assistant: FakeAssistant, capsys: Captured) -> None:
    assistant.reply = ABSTENTION
    assert run("ask", "Une question ?") == 0
    said = capsys.readouterr().out
    assert "ne permettent pas de répondre" in said and "1. La SCIC" in said


def test_documents_do_not_command_the_terminal(assistant: FakeAssistant, capsys: Captured) -> None:
    scic, *others = assistant.hits
    hostile = replace(scic.document, metadata=replace(scic.document.metadata, title="Titre \x1b[31mrouge\x07"))
    assistant.hits = (replace(scic, document=hostile), *others)
    run("search", "capital")
    assert "\x1b" not in capsys.readouterr().out


def test_search_prints_passages(assistant: FakeAssistant, capsys: Captured) -> None:
    assert run("search", "capital", "-k", "2") == 0
    said = capsys.readouterr().out
    assert "1. La SCIC" in said and "2. La SCIC" in said and "3." not in said


def test_search_that_finds_nothing_says_so(assistant: FakeAssistant, capsys: Captured) -> None:
    assert run("search", "capital", "--statuses", "nope") == 0
    assert "Aucun passage trouvé" in capsys.readouterr().out


def test_add_reports_each_file(library: FakeLibrary, capsys: Captured) -> None:
    assert run("corpus", "add", "a.md", "b.md", "--kind", "regle", "--published", "2025-12") == 0
    captured = capsys.readouterr()
    assert library.given == {"kind": "regle", "published": "2025-12"}
    more = ("--themes", "eau", "--themes", "énergie", "--review-by", "2027", "--licence", "Etalab 2.0")
    assert run("corpus", "add", "loi.md", *more, "--publish-original") == 0
    assert library.given == {
        "themes": ["eau", "énergie"],
        "review_by": "2027",
        "licence": "Etalab 2.0",
        "publish_original": True,
    }
    assert "a.md" in captured.out and "ajouté" in captured.out and "2 documents traités" in captured.out
    assert "lecture des documents, 2 sur 2" in captured.err


def test_one_failed_file_is_named_and_exits_1(library: FakeLibrary, capsys: Captured) -> None:
    assert run("corpus", "add", "a.md", "vide.md") == 1
    captured = capsys.readouterr()
    assert "vide.md : fichier vide" in captured.err and "a.md" in captured.out
    assert "1 en échec" in captured.out


def test_add_json_reports_the_same(library: FakeLibrary, capsys: Captured) -> None:
    assert run("corpus", "add", "a.md", "vide.md", "--json") == 1
    report = json.loads(capsys.readouterr().out)
    assert report["added"] == ["a.md"] and report["failed"][0]["code"] == "empty"


def test_list_and_remove_and_rebuild(library: FakeLibrary, capsys: Captured) -> None:
    assert run("corpus", "list") == 0
    assert "d-scic" in capsys.readouterr().out
    assert run("corpus", "list", "--json") == 0
    assert [document["id"] for document in json.loads(capsys.readouterr().out)["documents"]] == ["d-scic", "d-roles"]
    assert run("corpus", "remove", "d-scic") == 0
    assert "retiré" in capsys.readouterr().out
    assert run("corpus", "remove", "nope") == 1
    assert "identifiant" in capsys.readouterr().err
    assert run("corpus", "rebuild") == 0


@pytest.mark.parametrize(
    ("error", "words"),
    [(NoIndex("x"), "corpus add"), (IndexMismatch("ancien", "nouveau"), "corpus rebuild")],
)
def test_our_errors_are_one_french_line(
    assistant: FakeAssistant, error: Exception, words: str, capsys: Captured
) -> None:
    assistant.error = error
    assert run("ask", "Une question ?") == 1
    captured = capsys.readouterr()
    assert words in captured.err and captured.err.count("\n") == 1 and captured.out == ""


def test_an_unexpected_error_names_the_log_and_shows_no_traceback(
    assistant: FakeAssistant, home: Path, capsys: Captured
) -> None:
    assistant.error = RuntimeError("détail interne")
    assert run("ask", "Une question ?") == 1
    captured = capsys.readouterr()
    assert str(home / "erreurs.log") in captured.err and captured.err.count("\n") == 1
    assert "Traceback" not in captured.err and "interne" not in captured.err
    assert "détail interne" in (home / "erreurs.log").read_text(encoding="utf-8")


def test_a_failure_in_json_is_a_problem_body(assistant: FakeAssistant, capsys: Captured) -> None:
    assistant.error = NoIndex("x")
    assert run("ask", "Une question ?", "--json") == 1
    assert json.loads(capsys.readouterr().out)["code"] == "no_index"


def test_an_interruption_is_one_line_and_130(library: FakeLibrary, capsys: Captured) -> None:
    library.error = KeyboardInterrupt()
    assert run("corpus", "rebuild") == 130
    assert capsys.readouterr().err == "Interrompu.\n"


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("SESSION_TURNS", "beaucoup", "doit être un nombre entier."),
        ("CONCURRENCY", "0", "doit être au moins 1."),
        ("OIDC_ROLES", "groupes:agents=chef", "n'a pas la forme attendue."),
        ("OIDC_ROLES", "agents", "n'a pas la forme attendue."),
    ],
)
def test_a_wrong_setting_is_named_with_what_is_wrong(
    name: str, value: str, reason: str, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.setenv(f"ASSISTANT_ELUS_{name}", value)
    assert run("corpus", "list") == 2
    assert capsys.readouterr().err == f"Réglage ASSISTANT_ELUS_{name} : {reason}\n"
