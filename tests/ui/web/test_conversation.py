"""What the chat shows as an answer comes, stops or fails."""

from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import cast

import pytest

from assistant.answer import Sentence
from assistant.factory import open_store
from assistant.pipeline import Assistant
from assistant.settings import Settings
from indexing import NoIndex, Progress
from tests.fakes import ABSTENTION, COMPARED, FakeAssistant
from ui.api.doors import Doors
from ui.api.limits import Limits
from ui.preparation import Preparation
from ui.web.conversation import Chat, Conversation


def chat_over(fake: FakeAssistant, tmp_path: Path, *, ready: bool = True) -> Chat:
    assistant = cast(Assistant, fake)
    preparation = Preparation(assistant, lambda: None, tmp_path / "erreurs.log")
    if ready:
        preparation.run()
    store = open_store(Settings(home=tmp_path))
    limits = Limits(store.usage, Doors(store))
    return Chat(assistant, preparation, "accueil@exemple.fr", tmp_path / "erreurs.log", limits)


def last(steps: Iterator[Conversation]) -> Conversation:
    return list(steps)[-1]


def test_an_answer_comes_sentence_by_sentence(tmp_path: Path) -> None:
    steps = list(chat_over(FakeAssistant(), tmp_path).answer("Une question ?", [], Conversation()))
    lengths = [step.exchanges[-1].answer.count("[") for step in steps]
    assert lengths == [0, 0, 1, 2, 3, 4, 4]
    assert "Passages trouvés" in steps[1].sources() and steps[1].sources().count("<details") == 3
    assert "Lecture des documents" in steps[0].exchanges[-1].answer
    assert steps[-1].exchanges[-1].sources.count('class="source"') == 2


def test_a_conversation_goes_on_in_its_session_with_ids_of_its_own(tmp_path: Path) -> None:
    fake = FakeAssistant()
    chat = chat_over(fake, tmp_path)
    first = last(chat.answer("Une question ?", [], Conversation()))
    second = last(chat.answer("Une autre ?", ["regle"], first))
    assert [session for _, session, _, _ in fake.asked] == [None, "s-1"]
    assert fake.asked[1][2].kind == ("regle",)
    assert 'href="#m2-s1"' in second.exchanges[1].answer
    panel = second.sources()
    assert panel.index('id="m2-s1"') < panel.index('id="m1-s1"')
    assert [message["role"] for message in second.history()] == ["user", "assistant"] * 2


def test_an_abstention_opens_its_nearest_passages(tmp_path: Path) -> None:
    shown = last(chat_over(FakeAssistant(reply=ABSTENTION), tmp_path).answer("Une question ?", [], Conversation()))
    answer = shown.exchanges[-1].answer
    assert "ne permettent pas de répondre" in answer and answer.count('class="cit"') == 3
    assert shown.exchanges[-1].sources.count("<details") == 3
    assert "Passages les plus proches" in shown.sources()


def test_a_question_too_long_is_told_in_french(tmp_path: Path) -> None:
    shown = last(chat_over(FakeAssistant(), tmp_path).answer("a" * 4001, [], Conversation()))
    assert "4000" in shown.exchanges[-1].answer and shown.session_id is None


@pytest.mark.parametrize("error", [NoIndex("x"), RuntimeError("détail interne")])
def test_an_error_is_told_in_the_conversation(tmp_path: Path, error: Exception) -> None:
    shown = last(chat_over(FakeAssistant(error_after_passages=error), tmp_path).answer("Une ?", [], Conversation()))
    assert 'class="problem"' in shown.exchanges[-1].answer and "interne" not in shown.exchanges[-1].answer


def test_the_words_of_a_model_take_the_place_of_the_sentences_before_them(tmp_path: Path) -> None:
    fake = FakeAssistant(reworded=(Sentence("Autrement dit.", (1,), 0.8), Sentence("Puis encore.", (2,), 0.8)))
    steps = list(chat_over(fake, tmp_path).answer("Une question ?", [], Conversation()))
    answers = [unescape(step.exchanges[-1].answer) for step in steps]
    assert "capital d'une SCIC" in answers[-5]
    for answer in answers[-3:]:
        assert "Autrement dit." in answer and "capital d'une SCIC" not in answer


def test_a_comparison_is_shown_once_as_a_table(tmp_path: Path) -> None:
    shown = last(chat_over(FakeAssistant(reply=COMPARED), tmp_path).answer("SCIC ou association ?", [], Conversation()))
    answer = shown.exchanges[-1].answer
    assert answer.count("<table") == 1 and "<li>" not in answer
    assert answer.count('href="#m1-s3"') == 1


def test_a_stopped_answer_keeps_what_was_said(tmp_path: Path) -> None:
    chat = chat_over(FakeAssistant(), tmp_path)
    steps = chat.answer("Une question ?", [], Conversation())
    next(steps)
    next(steps)
    said = next(steps)
    stopped = chat.stopped(said)
    assert stopped.exchanges[-1].answer.startswith(said.exchanges[-1].answer)
    assert "arrêtée" in stopped.exchanges[-1].answer
    whole = last(chat.answer("Une question ?", [], Conversation()))
    assert chat.stopped(whole) == whole


def test_an_answer_stopped_before_its_first_sentence_no_longer_says_that_it_reads(tmp_path: Path) -> None:
    chat = chat_over(FakeAssistant(), tmp_path)
    answer = chat.stopped(next(chat.answer("Une question ?", [], Conversation()))).exchanges[-1].answer
    assert "arrêtée" in answer and "Lecture" not in answer


def test_the_page_says_that_a_machine_answers_and_up_to_when(tmp_path: Path) -> None:
    line, waits_for, waiting = chat_over(FakeAssistant(), tmp_path).standing()
    assert "machine" in line and "22 décembre 2025" in line
    assert waits_for == "" and not waiting


def test_the_page_says_how_far_a_first_build_is(tmp_path: Path) -> None:
    fake = FakeAssistant(corpus=None, progress=Progress("embedding", 1, 4))
    _, waits_for, waiting = chat_over(fake, tmp_path, ready=False).standing()
    assert "1 sur 4" in waits_for and waiting
