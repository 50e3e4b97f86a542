"""The page that is read: every answer with its proofs, nothing of anyone's words run as markup, nothing loaded."""

import importlib.util
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, cast

import pytest

from assistant.answer import Reply
from assistant.pipeline import Assistant
from evals import report
from evals.report import LibrariesMissing, Texts, as_html, require_libraries
from evals.runner import run
from tests.evals.weighing import WeighingAssistant
from tests.fakes import ABSTENTION, ANSWER
from ui import messages
from ui.commands.evals import rendered

TEXTS = Texts(messages.EVALS_REPORT, messages.EVALS_GROUPS, messages.EVALS_DRAWN)
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\" onmouseover='x' {{ 7*7 }} $x_$"
CASE = {
    "id": "capital",
    "kind": "factual",
    "turns": ["Qu'est-ce qu'une SCIC ?", "et son capital ?"],
    "answerable": True,
    "expected_docs": ["fiches/scic"],
    "facts": [["50 ?%"], ["trois tours"]],
}
OFF_TOPIC = {"id": "lune", "kind": "outofscope", "turns": ["Quelle heure est-il sur la Lune ?"], "answerable": False}


def page(
    folder: Path, *cases: Mapping[str, Any], reply: Reply = ANSWER, private: bool = False, texts: Texts = TEXTS
) -> str:
    questions = folder / "questions.jsonl"
    questions.write_text("\n".join(json.dumps(case) for case in cases), encoding="utf-8")
    assistant = cast(Assistant, WeighingAssistant(reply=reply))
    return as_html(run(assistant, questions, None, lambda done, total: None, rendered), texts, private)


class Tags(HTMLParser):
    """Every element of a page with its attributes, and all its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def test_a_case_shows_its_turns_its_answer_its_quotes_and_its_facts(tmp_path: Path) -> None:
    text = " ".join(Tags(page(tmp_path, CASE)).text.split())
    for turn in CASE["turns"]:
        assert turn in text
    assert "jusqu'à 50 % du capital d'une SCIC. [1]" in text
    assert all(quote in text for citation in ANSWER.citations for quote in citation.quotes)
    assert "✓ trouvé : 50 ?%" in text and "✗ manque : trois tours" in text
    assert "faits 1/2" in text


@pytest.mark.parametrize(
    ("case", "reply", "said", "looked_at"),
    [
        (CASE | {"facts": [["50 ?%"]]}, ANSWER, "répondu", False),
        (CASE, ANSWER, "répondu", True),
        (CASE, ABSTENTION, "refusé à tort", True),
        (OFF_TOPIC, ANSWER, "répondu à tort", True),
        (OFF_TOPIC, ABSTENTION, "refusé", False),
        (CASE | {"expected_docs": ["fiches/roles"]}, ANSWER, "première source à côté", True),
    ],
)
def test_a_case_says_how_it_went_and_whether_to_look_at_it(
    tmp_path: Path, case: Mapping[str, Any], reply: Reply, said: str, looked_at: bool
) -> None:
    found = page(tmp_path, case, reply=reply)
    tags = Tags(found)
    (classes,) = [given["class"] or "" for tag, given in tags.elements if tag == "details" and "case" in str(given)]
    assert ("failed" in classes.split()) is looked_at
    assert re.search(rf'class="tag [a-z]+">{said}</span>', found)


def test_a_fact_without_proof_is_named_beside_its_sentence(tmp_path: Path) -> None:
    invented = replace(ANSWER.sentences[0], text="Le plafond est de 65 %.")
    found = page(tmp_path, CASE, reply=replace(ANSWER, sentences=(invented, *ANSWER.sentences[1:])))
    assert re.search(r"sans preuve : 65 %\.\s+Le plafond est de 65 %\.", Tags(found).text)


def test_questions_and_answers_are_text_whatever_they_hold(tmp_path: Path) -> None:
    case = CASE | {"id": HOSTILE, "kind": HOSTILE, "turns": [HOSTILE, HOSTILE], "note": HOSTILE}
    hostile = replace(ANSWER.sentences[0], text=HOSTILE)
    found = page(tmp_path, case, reply=replace(ANSWER, sentences=(hostile, *ANSWER.sentences[1:])))
    tags = Tags(found)
    assert HOSTILE in tags.text
    assert not {"script", "img", "iframe", "object", "link", "a"} & {tag for tag, _ in tags.elements}
    assert not [name for _, given in tags.elements for name in given if name.startswith("on")]


def test_the_page_asks_nothing_of_anyone(tmp_path: Path) -> None:
    found = page(tmp_path, CASE, OFF_TOPIC)
    tags = Tags(found)
    (policy,) = [given["content"] for _, given in tags.elements if given.get("http-equiv") == "Content-Security-Policy"]
    assert str(policy).startswith("default-src 'none';") and "script" not in str(policy)
    pointed = [given.get(name) for _, given in tags.elements for name in ("src", "href", "xlink:href") if name in given]
    assert [where for where in pointed if not str(where).startswith("#")] == []
    assert re.findall(r"url\((?!#)|@import", found) == []


def test_the_plots_are_drawings_of_their_own_whose_ids_do_not_meet(tmp_path: Path) -> None:
    tags = Tags(page(tmp_path, CASE, OFF_TOPIC))
    assert sum(tag == "svg" for tag, _ in tags.elements) == 3
    ids = [given["id"] for _, given in tags.elements if "id" in given]
    assert len(ids) == len(set(ids))
    for words in ("probabilité annoncée", "millisecondes", "factual", "bon document en premier"):
        assert words in tags.text


def test_the_same_run_gives_the_same_drawings(tmp_path: Path) -> None:
    first, second = (re.findall(r"<svg.*?</svg>", page(tmp_path, CASE, OFF_TOPIC), re.S)[:2] for _ in range(2))
    assert first == second


def test_figures_are_written_as_in_french_with_their_intervals(tmp_path: Path) -> None:
    assert re.search(r"dans la réponse\s*0,50\[0,05 ; 0,95\]", Tags(page(tmp_path, CASE)).text)


def test_of_a_private_run_no_question_and_no_answer_is_written(tmp_path: Path) -> None:
    found = page(tmp_path, CASE, OFF_TOPIC, private=True)
    assert "Mesure privée" in found and found.count("<svg") == 3
    for words in (*CASE["turns"], *OFF_TOPIC["turns"], "capital d'une SCIC", "fiches/", "lune"):
        assert str(words) not in found


def test_a_word_nobody_gave_is_an_error_and_no_blank(tmp_path: Path) -> None:
    words = {name: word for name, word in TEXTS.words.items() if name != "answers"}
    with pytest.raises(Exception, match="answers"):
        page(tmp_path, CASE, texts=replace(TEXTS, words=words))


def test_libraries_that_are_not_installed_are_named_before_anything_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    require_libraries()
    monkeypatch.setattr(
        report, "find_spec", lambda name: None if name == "matplotlib" else importlib.util.find_spec(name)
    )
    with pytest.raises(LibrariesMissing, match=r"^matplotlib$"):
        require_libraries()
