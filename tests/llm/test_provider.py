"""Whatever a provider does, the answer made of the documents' words goes out, and the key goes nowhere."""

import json
import logging
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from langchain_openai import ChatOpenAI

from assistant import factory
from assistant.answer import Answer, Turn
from assistant.factory import LanguageModelUnavailable, open_assistant, open_generator
from assistant.generator import Generator, GeneratorFailed
from assistant.pipeline import Assistant
from assistant.settings import Settings
from assistant.stream import StreamPassages, StreamReplace, StreamSentence, StreamTurn
from evals.hard_facts import absent
from tests.fakes import FakeEmbedder
from tests.llm.provider import (
    Asked,
    Provider,
    Request,
    answers_html,
    drips,
    is_cut,
    refuses,
    says,
    says_nothing,
    streams,
)
from tests.small_index import SIMPLE, assistant_over

ROOT = Path(__file__).parents[2]
KEY = "sk-une-cle-tres-secrete-8137"
NAME = "openai:petit-modele"
QUESTION = "Qui finance la conserverie mobile ?"
SUBSIDY = "Le département verse une subvention de 42 000 € par an."
REWORDED = "Chaque année, le département verse une subvention de 42 000 €."
Script = Callable[[Request, Asked], None]


@pytest.fixture
def serve() -> Iterator[Callable[[Script], Provider]]:
    opened: list[Provider] = []

    def open_provider(script: Script) -> Provider:
        opened.append(Provider(script))
        return opened[-1]

    yield open_provider
    for provider in opened:
        provider.close()


@pytest.fixture
def over(home: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Assistant]:
    """The assistant over the small index, its language model at an address."""
    monkeypatch.setattr(factory, "open_embedder", lambda settings: FakeEmbedder())
    return lambda url, timeout=60.0: open_assistant(_settings(home, url, timeout), SIMPLE)


def _settings(home: Path, url: str, timeout: float = 60.0) -> Settings:
    return Settings(home=home, llm=NAME, llm_url=url, llm_key=KEY, llm_timeout=timeout)


def closed_port() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}/v1"


def quoting(text: str, words: str) -> Callable[[str], str]:
    """What a good model writes: a sentence, and words of the passage that holds them."""

    def write(asked: str) -> str:
        before = asked[: asked.index(words)]
        number = int(re.findall(r"^Passage (\d+) \(", before, re.M)[-1])
        sentence = {"text": text, "quotes": [{"passage": number, "words": words}]}
        return json.dumps({"sentences": [sentence]}, ensure_ascii=False)

    return write


def extractive_words(home: Path) -> list[str]:
    reply = assistant_over(home).ask(QUESTION).reply
    assert isinstance(reply, Answer)
    return [sentence.text for sentence in reply.sentences]


def assert_extractive(turn: Turn, home: Path) -> None:
    assert isinstance(turn.reply, Answer)
    assert [sentence.text for sentence in turn.reply.sentences] == extractive_words(home)
    assert turn.composer == "extractive"
    assert [note.code for note in turn.notes].count("model_set_aside") == 1


FAILURES: Mapping[str, Script] = {
    "refuses the key": refuses(401),
    "is forbidden": refuses(403),
    "knows no such model": refuses(404, "The model does not exist"),
    "is asked too often": refuses(429),
    "fails": refuses(500),
    "refuses everything": refuses(400, "context length exceeded"),
    "answers HTML": answers_html,
    "is cut in the middle": is_cut,
    "answers nothing it can": says(lambda asked: None),
    "answers in prose": says(lambda asked: "Bien sûr ! La conserverie est financée par 1,5 million d'euros de l'État."),
    "invents": says(quoting("Le département verse une subvention de 99 000 € par an.", SUBSIDY)),
    "refuses to answer": says(lambda asked: '{"refusal": true}'),
}


@pytest.mark.parametrize("script", FAILURES.values(), ids=FAILURES.keys())
def test_the_documents_words_go_out_when_the_provider(
    script: Script,
    serve: Callable[[Script], Provider],
    over: Callable[..., Assistant],
    home: Path,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    provider = serve(script)
    turn = over(provider.url).ask(QUESTION)
    assert_extractive(turn, home)
    assert [asked["key"] for asked in provider.asked][:1] == [KEY]
    assert KEY not in repr(turn)
    assert KEY not in caplog.text
    assert KEY not in "".join(capfd.readouterr())


def test_the_documents_words_go_out_when_the_provider_is_down(over: Callable[..., Assistant], home: Path) -> None:
    assert_extractive(over(closed_port()).ask(QUESTION), home)


@pytest.mark.parametrize("script", [says_nothing, drips], ids=["nothing", "a drip"])
def test_the_documents_words_go_out_in_time_when_the_provider_says(
    script: Script, serve: Callable[[Script], Provider], over: Callable[..., Assistant], home: Path
) -> None:
    assistant = over(serve(script).url, timeout=0.5)
    assistant.search("conserverie")
    assert_extractive(assistant.ask(QUESTION), home)


def test_no_failure_of_a_model_names_its_key(serve: Callable[[Script], Provider], home: Path) -> None:
    settings = _settings(home, serve(refuses(401)).url)
    generator = open_generator(settings)
    assert generator is not None
    with pytest.raises(GeneratorFailed) as failed:
        generator.draft(QUESTION, assistant_over(home).passages(assistant_over(home).documents()[0].id))
    assert str(failed.value) == "failed"
    assert KEY not in f"{settings!r} {generator._model!r}"


def test_what_cannot_be_opened_is_named_without_its_key(home: Path) -> None:
    with pytest.raises(LanguageModelUnavailable, match="inconnu") as refused:
        open_generator(Settings(home=home, llm="inconnu:modele", llm_key=KEY))
    assert KEY not in repr(refused.value) + repr(refused.value.__cause__)


def test_a_good_model_s_text_replaces_the_answer_after_it(
    serve: Callable[[Script], Provider], over: Callable[..., Assistant], home: Path
) -> None:
    provider = serve(says(quoting(REWORDED, SUBSIDY)))
    events = list(over(provider.url).ask_stream(QUESTION))
    replaced = next(at for at, event in enumerate(events) if isinstance(event, StreamReplace))
    before, after = events[:replaced], events[replaced + 1 :]
    assert isinstance(before[0], StreamPassages)
    assert [e.sentence.text for e in before if isinstance(e, StreamSentence)] == extractive_words(home)
    assert [e.sentence.text for e in after if isinstance(e, StreamSentence)] == [REWORDED]
    assert isinstance(after[-1], StreamTurn)
    turn = after[-1].turn
    assert turn.composer == NAME
    assert "model_set_aside" not in [note.code for note in turn.notes]
    assert isinstance(turn.reply, Answer)
    (sentence,), (citation,) = turn.reply.sentences, turn.reply.citations
    assert sentence.citations == (citation.n,)
    assert citation.quote == SUBSIDY.rstrip(".")
    assert absent(sentence.text, [citation.passage.text]) == ()
    assert provider.asked[0]["model"] == "petit-modele"
    assert provider.asked[0]["response_format"]["type"] == "json_schema"
    assert provider.asked[0]["temperature"] == 0


def test_a_provider_that_refuses_the_format_is_asked_in_words(
    serve: Callable[[Script], Provider], over: Callable[..., Assistant]
) -> None:
    good, bad = says(quoting(REWORDED, SUBSIDY)), refuses(400, "response_format is not supported")
    provider = serve(lambda request, asked: (bad if "response_format" in asked else good)(request, asked))
    assistant = over(provider.url)
    assert [assistant.ask(QUESTION).composer for _ in range(2)] == [NAME, NAME]
    assert ["response_format" in asked for asked in provider.asked] == [True, False, False]


def test_a_follow_up_is_completed_by_the_model_and_by_rules_when_it_invents(
    serve: Callable[[Script], Provider], over: Callable[..., Assistant]
) -> None:
    told = iter(["Qui emploie la conserverie mobile ?", "Combien de salariés compte Paris ?"])
    good = quoting(REWORDED, SUBSIDY)
    assistant = over(serve(says(lambda asked: next(told) if "DERNIÈRE QUESTION" in asked else good(asked))).url)
    session = assistant.ask(QUESTION).session_id
    assert assistant.ask("Et qui l'emploie ?", session).standalone_question == "Qui emploie la conserverie mobile ?"
    assert "Paris" not in assistant.ask("Et ses salariés ?", session).standalone_question


@pytest.mark.parametrize("whole", [True, False], ids=["whole", "cut"])
def test_a_stream_that_begins_with_an_empty_delta_is_read_if_it_is(
    whole: bool, serve: Callable[[Script], Provider], over: Callable[..., Assistant], home: Path
) -> None:
    passages = assistant_over(home).passages(assistant_over(home).search(QUESTION)[0].document.id)
    numbered = "\n".join(f"Passage {n} (\n{passage.text}" for n, passage in enumerate(passages, 1))
    text = quoting(REWORDED, SUBSIDY)(numbered)
    provider = serve(streams(text if whole else text[: len(text) // 2], whole))
    model = ChatOpenAI(model="m", api_key=KEY, base_url=provider.url, streaming=True, max_retries=0, temperature=0)
    generator = Generator(model, NAME, 60)
    if whole:
        assert [draft.text for draft in generator.draft(QUESTION, passages)] == [REWORDED]
    else:
        with pytest.raises(GeneratorFailed):
            generator.draft(QUESTION, passages)


LEAVES = """
import sys, time
from assistant import factory
from tests.fakes import FakeEmbedder
from tests.small_index import SIMPLE
from ui.__main__ import main

factory.open_embedder = lambda settings: FakeEmbedder()
factory.load_calibration = lambda: SIMPLE
code = main(["ask", sys.argv[1]])
print("left", time.time())
sys.exit(code)
"""


@pytest.mark.integration
@pytest.mark.parametrize("script", [says_nothing, drips], ids=["nothing", "a drip"])
def test_the_command_leaves_at_once_after_a_timeout(
    script: Script, serve: Callable[[Script], Provider], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: dict[str, Any] = {
        "home": home,
        "llm": NAME,
        "llm_url": serve(script).url,
        "llm_key": KEY,
        "llm_timeout": 0.5,
    }
    for name, value in given.items():
        monkeypatch.setenv(f"ASSISTANT_ELUS_{name.upper()}", str(value))
    done = subprocess.run(
        [sys.executable, "-c", LEAVES, QUESTION], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    ended = time.time()
    assert done.returncode == 0, done.stderr
    assert SUBSIDY in done.stdout
    assert ended - float(done.stdout.split()[-1]) < 10
    assert KEY not in done.stdout + done.stderr
