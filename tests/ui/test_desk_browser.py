"""The page of the phone operators in a real browser, without a mouse and without a language model."""

import contextlib
import re
import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from assistant.answer import Answer, Citation, Note, Sentence
from assistant.factory import lasting_sessions
from assistant.pipeline import Assistant
from assistant.settings import Settings
from assistant.store import Database, Store
from corpus import Applicability, load_lexicon
from indexing import Embedder, Hit, SnapshotStore
from tests.fakes import ABSTENTION, ANSWER, COMPARED, SCIC, FakeAssistant, FakeEmbedder, passage_of
from tests.small_index import DOCUMENTS, SIMPLE, publish
from tests.ui.browsing import CHROMIUM, FLAGS, HOSTILE, Seen
from ui.app import create_app

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("default"),
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
]
expect = sync_api.expect
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
# The fake's replies are kept nowhere: a call must not name them.
FORGOTTEN = (Note("not_kept"),)


def store_in(home: Path) -> Store:
    home.mkdir(exist_ok=True)
    database = Database.in_file(home / "desk.sqlite")
    database.migrate()
    return Store(database, lambda text: text, 30)


@contextlib.contextmanager
def served(settings: Settings, assistant: Assistant, store: Store) -> Iterator[str]:
    import uvicorn

    app = create_app(settings, assistant, store, with_chat=False)
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", timeout_graceful_shutdown=1))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        try:
            wait_until_ready(address)
            yield address
        finally:
            server.should_exit = True
            thread.join(20)


def wait_until_ready(address: str) -> None:
    for _ in range(240):
        with contextlib.suppress(urllib.error.URLError), urllib.request.urlopen(f"{address}/readyz", timeout=10):
            return
        time.sleep(0.25)
    raise TimeoutError(address)


@pytest.fixture(scope="module")
def fake() -> FakeAssistant:
    return FakeAssistant()


@pytest.fixture(scope="module")
def url(fake: FakeAssistant, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home = tmp_path_factory.mktemp("home")
    with served(Settings(home=home), cast(Assistant, fake), store_in(home)) as address:
        yield address


@contextlib.contextmanager
def served_really(home: Path) -> Iterator[str]:
    """Over the whole path of a question, on two documents of our own, each reply kept."""
    publish(home, DOCUMENTS)
    settings, store = Settings(home=home), store_in(home)
    sessions = lasting_sessions(settings, store)
    embedder = cast(Embedder, FakeEmbedder())
    with served(settings, Assistant(SnapshotStore(home), embedder, SIMPLE, load_lexicon(), sessions), store) as address:
        yield address


@pytest.fixture(scope="module")
def real_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served_really(tmp_path_factory.mktemp("real") / "home") as address:
        yield address


@pytest.fixture
def own_url(tmp_path: Path) -> Iterator[str]:
    """The same, where nobody called before."""
    with served_really(tmp_path / "home") as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield launched
        launched.close()


@contextlib.contextmanager
def opened(browser: Any, url: str, **options: Any) -> Iterator[Any]:
    """The desk of an operator who was never there; whatever happened, no console error and no call outside."""
    context = browser.new_context(**{"locale": "en-US", "viewport": {"width": 1280, "height": 900}} | options)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    seen = Seen(page, url)
    page.goto(f"{url}/poste")
    expect(page.locator("#kinds button")).to_have_count(8)
    yield page
    context.close()
    assert seen.errors == []
    assert seen.outside == []


@pytest.fixture
def page(browser: Any, url: str, fake: FakeAssistant) -> Iterator[Any]:
    again = FakeAssistant(notes=FORGOTTEN)
    for name in ("reply", "hits", "records", "notes", "corpus", "applies_to", "error"):
        setattr(fake, name, getattr(again, name))
    with opened(browser, url) as shown:
        yield shown


def clipboard(page: Any) -> str:
    return cast(str, page.evaluate("navigator.clipboard.readText()"))


def keys(page: Any, *pressed: str) -> None:
    for key in pressed:
        page.keyboard.press(key)


def ask(page: Any, words: str = "capital scic") -> None:
    page.keyboard.type(words)
    page.keyboard.press("Enter")
    expect(page.locator("#aloud")).to_be_visible()
    expect(page.locator("#passage-title")).to_be_visible()
    expect(page.locator("#text")).not_to_contain_text("Lecture des documents")


def test_a_whole_call_without_a_mouse(browser: Any, real_url: str) -> None:
    with opened(browser, real_url) as page:
        expect(page.get_by_role("combobox", name="Ce que demande l’appelant")).to_be_focused()
        page.keyboard.type("subvention conserverie")
        options = page.locator("#hits li")
        expect(options.first).to_contain_text("conserverie", ignore_case=True)
        expect(page.locator("#hits mark").first).to_be_visible()
        expect(page.get_by_role("status").first).to_have_text(re.compile(r"\d passages?"))
        keys(page, "ArrowDown", "ArrowUp")
        assert page.get_attribute("#query", "aria-activedescendant") == "hit-0"
        keys(page, "Enter")
        expect(page.locator("#text")).to_contain_text(
            "Le département verse une subvention de 42\u00a0000\u00a0€ par an."
        )
        expect(page.locator("#sources li").first).to_contain_text("La conserverie mobile du Val-Serein")
        expect(page.locator("#passage")).to_contain_text("expérience")
        expect(page.get_by_role("status").first).to_contain_text("À lire : Le département verse une subvention")
        keys(page, "F2")
        page.keyboard.type("800 c")
        expect(page.locator("#understood")).to_have_text("Compris : commune de 800 habitants.")
        keys(page, "Enter")
        expect(page.locator("#query")).to_be_focused()
        expect(page.locator("#eligibility")).to_contain_text(
            "aucune source citée n’écarte une commune de 800 habitants"
        )
        keys(page, "Alt+c")
        expect(page.locator("#toast")).to_have_text("Copié avec les sources.")
        assert "42 000 € par an. [1]" in clipboard(page) and "[1] La conserverie mobile" in clipboard(page)
        keys(page, "F8", "r", "Alt+n")
        page.keyboard.type("Rappelé le montant.")
        keys(page, "Control+Enter")
        expect(page.locator("#toast")).to_have_text("Appel enregistré : répondu.")
        expect(page.locator("#query")).to_be_focused()
        for emptied in ("#query", "#caller", "#note"):
            expect(page.locator(emptied)).to_have_value("")
        expect(page.locator("#aloud")).to_be_hidden()

        # The next call goes on hold for another, and comes back as it was.
        ask(page, "prix de la chaleur")
        keys(page, "F8", "a")
        expect(page.locator("#callback")).to_be_focused()
        expect(page.locator("#callback-note")).to_have_text("Effacé après sept jours.")
        page.keyboard.type("06 12 34 56 78")
        keys(page, "Alt+p")
        expect(page.locator("#waiting-calls button")).to_have_count(1)
        page.keyboard.type("bocaux")
        keys(page, "F8", "t", "Control+Enter")
        expect(page.locator("#toast")).to_have_text("Appel enregistré : transmis.")
        keys(page, "Alt+t", "Enter")
        expect(page.locator("#query")).to_have_value("prix de la chaleur")
        expect(page.locator("#text")).to_contain_text("78\u00a0€ par mégawattheure")
        expect(page.locator("#callback")).to_have_value("06 12 34 56 78")
        expect(page.locator("#waiting")).to_be_hidden()
        keys(page, "Control+Enter")
        expect(page.locator("#toast")).to_have_text("Appel enregistré : à rappeler.")

        keys(page, "Alt+j")
        rows = page.locator("#log-calls tbody tr")
        expect(rows).to_have_count(3)
        expect(rows.filter(has_text="subvention conserverie")).to_contain_text("Rappelé le montant.")
        waiting = rows.filter(has_text="prix de la chaleur")
        expect(waiting).to_contain_text("06 12 34 56 78")
        waiting.get_by_role("button").focus()
        keys(page, "Enter")
        expect(waiting).to_contain_text("répondu")
        keys(page, "Escape")
        expect(page.locator("#log")).to_be_hidden()
        expect(page.locator("#query")).to_be_focused()
        keys(page, "Alt+b")
        expect(page.get_by_role("table", name="Par thème").get_by_role("row", name="Énergie 1")).to_be_visible()
        expect(page.get_by_role("table", name="Par issue").get_by_role("row", name="répondu 2")).to_be_visible()


def kept_calls(page: Any) -> list[dict[str, Any]]:
    return cast(list[dict[str, Any]], page.evaluate("fetch('/v1/calls').then((one) => one.json())")["calls"])


def taken_back(page: Any, words: str) -> None:
    """The one call on hold, and its reading begun again."""
    expect(page.locator("#waiting-calls button")).to_have_count(1)
    keys(page, "Alt+t", "Enter")
    expect(page.locator("#query")).to_have_value(words)
    expect(page.locator("#text p").first).to_be_visible()
    expect(page.locator("#text")).not_to_contain_text("Lecture des documents")


def asked_next(page: Any, words: str) -> None:
    """Another question during the same call; waits until its reply is known to the call."""
    keys(page, "Escape")
    with page.expect_response("**/v1/ask"):
        ask(page, words)
    expect(page.locator("#passage-title")).to_be_visible()


def test_what_is_looked_up_after_a_call_is_taken_back_is_added_to_it(browser: Any, own_url: str) -> None:
    with opened(browser, own_url) as page:
        ask(page, "subvention conserverie")
        keys(page, "Alt+p")
        expect(page.locator("#waiting-calls button")).to_have_count(1)
        before = kept_calls(page)[0]
        assert before["themes"] == ["alimentation"]

        taken_back(page, "subvention conserverie")
        asked_next(page, "prix de la chaleur")
        page.reload()
        expect(page.locator("#text")).to_contain_text("78\u00a0€ par mégawattheure")
        keys(page, "Alt+p")
        expect(page.locator("#waiting-calls button")).to_contain_text("subvention conserverie / prix de la chaleur")

        taken_back(page, "prix de la chaleur")
        asked_next(page, "qui reçoit les bocaux")
        keys(page, "F2")
        page.keyboard.type("800 c")
        keys(page, "Enter", "F8", "r", "Control+Enter")
        expect(page.locator("#toast")).to_have_text("Appel enregistré : répondu.")
        (call,) = kept_calls(page)
        assert call["id"] == before["id"] and call["closed_at"] and not call["parked"]
        asked = ["subvention conserverie", "prix de la chaleur", "qui reçoit les bocaux"]
        assert call["question"].splitlines() == asked
        assert call["themes"] == ["alimentation", "energie"] and set(before["passages"]) < set(call["passages"])
        assert call["turn_id"] not in (None, before["turn_id"])
        assert call["profile"] == {"population": 800, "type": "commune"}

        keys(page, "Alt+j")
        row = page.locator("#log-calls tbody tr")
        expect(row.locator("th p")).to_have_text(asked)
        expect(row).to_contain_text("Alimentation, Énergie")
        expect(row).to_contain_text(f"{len(call['passages'])} passages")
        keys(page, "Escape", "Alt+b")
        themes = page.get_by_role("table", name="Par thème")
        for name in ("Alimentation 1", "Énergie 1"):
            expect(themes.get_by_role("row", name=name)).to_be_visible()


def test_a_call_taken_back_in_another_tab_loses_nothing(browser: Any, own_url: str) -> None:
    with opened(browser, own_url) as page:
        ask(page, "subvention conserverie")
        keys(page, "Alt+n")
        page.keyboard.type("Premier mot.")
        keys(page, "Alt+p")
        expect(page.locator("#waiting-calls button")).to_have_count(1)
        # The same person in a second tab, which knows nothing of what the first one keeps.
        other = page.context.new_page()
        other.goto(f"{own_url}/poste")
        taken_back(other, "subvention conserverie")
        asked_next(other, "prix de la chaleur")
        other.locator("#note").fill("Second mot.")
        keys(other, "F8", "a")
        other.keyboard.type("06 12 34 56 78")
        keys(other, "Alt+p")
        expect(other.locator("#waiting-calls button")).to_have_count(1)
        page.reload()
        taken_back(page, "prix de la chaleur")
        expect(page.locator("#note")).to_have_value("Second mot.")
        # What is taken back out is forgotten, not left as it was.
        page.locator("#note").fill("")
        page.locator("#callback").fill("")
        keys(page, "Control+Enter")
        expect(page.locator("#toast")).to_have_text("Appel enregistré : à rappeler.")
        (call,) = kept_calls(page)
        assert call["question"].splitlines() == ["subvention conserverie", "prix de la chaleur"]
        assert call["themes"] == ["alimentation", "energie"] and len(call["passages"]) == 2
        assert (call["note"], call["callback_number"]) == ("", None)


def test_a_call_whose_words_were_wiped_from_the_box_goes_on_hold_when_another_is_taken_back(page: Any) -> None:
    ask(page, "capital")
    keys(page, "Alt+p")
    expect(page.locator("#waiting-calls button")).to_have_text(re.compile("capital"))
    count = page.locator("#waiting-calls button").count()
    ask(page, "scic")
    keys(page, "Escape", "Delete", "Alt+t", "Enter")
    expect(page.locator("#waiting-calls button")).to_have_count(count)
    expect(page.locator("#waiting-calls")).to_contain_text("scic")
    keys(page, "F8", "t", "Control+Enter")


def test_a_call_taken_back_then_cleared_is_on_hold_as_it_was(browser: Any, own_url: str) -> None:
    with opened(browser, own_url) as page:
        ask(page, "subvention conserverie")
        keys(page, "Alt+p")
        taken_back(page, "subvention conserverie")
        asked_next(page, "prix de la chaleur")
        keys(page, "Alt+r")
        expect(page.locator("#toast")).to_contain_text("Appel remis en attente")
        expect(page.locator("#waiting-calls button")).to_have_text(re.compile("– subvention conserverie$"))
        keys(page, "Alt+r")
        expect(page.locator("#query")).to_have_value("prix de la chaleur")
        expect(page.locator("#waiting")).to_be_hidden()
        keys(page, "F8", "r", "Control+Enter")
        expect(page.locator("#toast")).to_have_text("Appel enregistré : répondu.")
        assert kept_calls(page)[0]["question"].splitlines() == ["subvention conserverie", "prix de la chaleur"]


def test_calls_on_hold_drawn_again_leave_the_focus_where_it_was(browser: Any, own_url: str) -> None:
    with opened(browser, own_url) as page:
        for words in ("premier", "second"):
            page.keyboard.type(words)
            keys(page, "Alt+p")
            expect(page.locator("#waiting-calls")).to_contain_text(words)
        keys(page, "Alt+t", "Tab")
        page.evaluate("import('/interface/poste/waiting.js').then((it) => it.refreshWaiting(null, () => {}))")
        focused = page.locator("#waiting-calls button:focus")
        expect(focused).to_contain_text("premier")


def test_a_mark_on_a_reply_is_kept(browser: Any, real_url: str) -> None:
    with opened(browser, real_url) as page:
        ask(page, "prix de la chaleur")
        page.get_by_label("Cette réponse est").select_option("incomplet")
        with page.expect_response("**/v1/feedback") as answered:
            page.get_by_role("button", name="Donner cet avis").press("Enter")
        assert answered.value.ok and answered.value.request.post_data_json["reason"] == "incomplet"
        expect(page.locator("#toast")).to_have_text("Avis noté, merci.")


def test_pasted_words_are_searched_too(page: Any) -> None:
    page.evaluate("navigator.clipboard.writeText('Ma commune\\npeut-elle entrer au capital ?')")
    keys(page, "Control+v")
    expect(page.locator("#hits li")).to_have_count(3)
    expect(page.locator("#query")).to_have_value("Ma commune peut-elle entrer au capital ?")


def test_enter_before_the_passages_opens_the_first_when_it_comes(page: Any) -> None:
    page.keyboard.insert_text("capital")
    keys(page, "Enter")
    expect(page.locator("#passage-title")).to_have_text("La SCIC, société coopérative d'intérêt collectif")


def test_the_last_words_typed_win_over_a_late_answer(page: Any) -> None:
    shown = page.evaluate(
        """async () => {
          const { Search } = await import("/interface/poste/search.js");
          const waits = { ancien: 300, neuf: 10 };
          window.fetch = async (path, { body }) => {
            const { query } = JSON.parse(body);
            await new Promise((done) => setTimeout(done, waits[query]));
            return new Response(JSON.stringify({ hits: [query] }));
          };
          const shown = [];
          const search = new Search((query, hits) => shown.push([query, ...hits]), (error) => shown.push(error));
          search.for("ancien", [], true);
          await new Promise((done) => setTimeout(done, 50));
          search.for("neuf", [], true);
          await new Promise((done) => setTimeout(done, 600));
          return shown;
        }"""
    )
    assert shown == [["neuf", "neuf"]]


def test_a_kind_is_chosen_by_a_key(page: Any, fake: FakeAssistant) -> None:
    page.keyboard.type("capital")
    expect(page.locator("#hits li")).to_have_count(3)
    keys(page, "Alt+2")
    expect(page.locator("#hits li")).to_have_count(1)
    expect(page.get_by_role("button", name="Rôles")).to_have_attribute("aria-pressed", "true")
    keys(page, "Enter")
    expect(page.locator("#passage")).to_be_visible()
    assert fake.asked[-1][2].kind == ("role",)
    keys(page, "Alt+0")
    expect(page.locator("#hits li")).to_have_count(3)


def test_who_calls_is_asked_for_and_what_is_not_for_them_is_said(page: Any, fake: FakeAssistant) -> None:
    fake.notes = (*FORGOTTEN, Note("not_for_asker", SCIC.metadata.title))
    fake.applies_to = Applicability(population_max=3499, types=("commune",))
    keys(page, "F2")
    page.keyboard.type("12 000 e 39")
    keys(page, "Enter")
    ask(page)
    assert (fake.askers[-1].population, fake.askers[-1].type, fake.askers[-1].departement) == (12000, "epci", "jura")
    expect(page.locator("#eligibility .not")).to_contain_text("n'est pas prévu pour une collectivité comme la vôtre")
    expect(page.locator("#eligibility")).to_contain_text("Vaut pour les communes de 3\u202f499 habitants au plus.")


def test_a_short_text_is_two_sentences_and_the_whole_is_one_key_away(page: Any) -> None:
    ask(page)
    text = page.locator("#text")
    expect(text).to_contain_text("50\u00a0% du capital")
    # The sentence that announces a list is nothing without the list.
    expect(text.get_by_role("listitem")).to_have_count(2)
    long = Answer(
        tuple(Sentence(f"La phrase numéro {n} tient debout seule.", (1,), 0.9) for n in range(5)), cites_one()
    )
    shown = page.evaluate(
        """async (sentences) => {
          const { blocksOf, shortOf, spokenText } = await import("/interface/poste/reading.js");
          const reply = { sentences, answer: sentences.map(({ text }) => `${text} [1]`).join(" ") };
          return spokenText(shortOf(blocksOf(reply)));
        }""",
        [{"text": one.text, "citations": [1]} for one in long.sentences],
    )
    assert shown == "La phrase numéro 0 tient debout seule. La phrase numéro 1 tient debout seule."


def cites_one() -> tuple[Citation, ...]:
    return (Citation(1, passage_of(SCIC, 0, "La phrase."), SCIC, ("La phrase.",)),)


def test_a_long_reply_is_read_short_then_whole(page: Any, fake: FakeAssistant) -> None:
    passage = passage_of(SCIC, 0, " ".join(f"La phrase numéro {n} tient debout seule." for n in range(5)))
    sentences = tuple(Sentence(f"La phrase numéro {n} tient debout seule.", (1,), 0.9) for n in range(5))
    fake.reply = Answer(sentences, (Citation(1, passage, SCIC, (passage.text,)),))
    ask(page)
    expect(page.locator("#text")).to_contain_text("numéro 1")
    expect(page.locator("#text")).not_to_contain_text("numéro 2")
    keys(page, "Alt+l")
    expect(page.locator("#text")).to_contain_text("numéro 4")
    expect(page.get_by_role("button", name="Complète")).to_have_attribute("aria-pressed", "true")


def test_a_comparison_is_a_table_in_whole(page: Any, fake: FakeAssistant) -> None:
    fake.reply = COMPARED
    ask(page, "scic ou association")
    expect(page.locator("#text table")).to_have_count(0)
    keys(page, "Alt+l")
    expect(page.get_by_role("columnheader", name="Association")).to_be_visible()
    expect(page.locator("#sources")).to_contain_text("Ce document est remplacé")


def test_what_the_documents_do_not_say_is_said(page: Any, fake: FakeAssistant) -> None:
    fake.reply = replace(ANSWER, unanswered=("le délai de dépôt",))
    ask(page)
    expect(page.locator("#text .gap")).to_have_text("Pas trouvé dans les documents : « le délai de dépôt ».")
    keys(page, "Alt+c")
    expect(page.locator("#toast")).to_be_visible()
    assert "Non trouvé dans les documents : « le délai de dépôt »." in clipboard(page)
    fake.reply = ABSTENTION
    keys(page, "Escape")
    ask(page, "recette du gratin")
    expect(page.locator("#text")).to_contain_text("Les documents ne répondent pas à cette question.")
    expect(page.locator("#copy")).to_be_hidden()
    # What is copied then is the passage that is open, and says where it comes from.
    keys(page, "Alt+c")
    expect(page.locator("#toast")).to_have_text("Passage copié avec sa source.")
    assert "Source : La SCIC, société coopérative" in clipboard(page)


def test_a_document_to_read_again_is_told(page: Any, fake: FakeAssistant) -> None:
    old = replace(SCIC, metadata=replace(SCIC.metadata, review_by="2020-01"))
    fake.records = (old, *fake.records[1:])
    ask(page)
    expect(page.locator("#passage-care")).to_have_text("Règle à relire depuis janvier 2020 : elle a pu changer.")


def test_a_mail_is_prepared_with_its_sources(page: Any) -> None:
    ask(page)
    address = page.locator("#mail").get_attribute("href")
    said = page.evaluate("(address) => Object.fromEntries(new URL(address).searchParams)", address)
    assert said["subject"] == "Votre question : capital scic"
    assert "50 % du capital d'une SCIC. [1]" in said["body"] and "https://exemple.fr/scic" in said["body"]
    assert len(address) <= 1900


@pytest.mark.parametrize(
    ("typed", "profile", "unknown"),
    [
        ("800 c", {"population": 800, "type": "commune"}, []),
        ("800c", {"population": 800, "type": "commune"}, []),
        ("12 000 epci", {"population": 12000, "type": "epci"}, []),
        ("3k n d39", {"population": 3000, "type": "commune_nouvelle", "departement": "39"}, []),
        ("commune nouvelle 2A", {"type": "commune_nouvelle", "departement": "2A"}, []),
        ("petr", {"type": "petr"}, []),
        ("1.250 hab commune", {"population": 1250, "type": "commune"}, []),
        ("800 zz", {"population": 800}, ["zz"]),
        ("", None, []),
    ],
)
def test_who_calls_in_a_few_letters(page: Any, typed: str, profile: dict[str, Any] | None, unknown: list[str]) -> None:
    read = page.evaluate("async (typed) => (await import('/interface/poste/caller.js')).readCaller(typed)", typed)
    assert (read["profile"], read["unknown"]) == (profile, unknown)


@pytest.mark.parametrize(
    ("query", "text", "marks"),
    [
        ("collectivite", "La Collectivité et les collectivités", ["Collectivité", "collectivités"]),
        ("financer la scic", "La SCIC finance la commune", ["SCIC", "finance"]),
        ("coopé", "une coopérative", ["coopérative"]),
        ("de la l'", "de la commune", []),
        ("œuvre", "une oeuvre, une ŒUVRE", ["oeuvre", "ŒUVRE"]),
        ("<b>", "a <b>gras</b>", []),
    ],
)
def test_words_are_marked_whatever_their_accents(page: Any, query: str, text: str, marks: list[str]) -> None:
    found = page.evaluate(
        """async ([query, text]) => {
          const { marked, wordsOf } = await import("/interface/poste/marks.js");
          const nodes = marked(text, wordsOf(query));
          const marks = nodes.filter((one) => one.nodeType).map((one) => one.textContent);
          return [marks, nodes.map((one) => one.textContent ?? one).join("")];
        }""",
        [query, text],
    )
    assert found == [marks, text]


def test_hostile_texts_do_nothing(page: Any, fake: FakeAssistant) -> None:
    document = replace(
        SCIC,
        metadata=replace(
            SCIC.metadata, title=HOSTILE, publisher=HOSTILE, url="javascript:window.pwned=1", superseded_by=HOSTILE
        ),
    )
    passage = passage_of(document, 0, HOSTILE, label=HOSTILE)
    fake.records = (document,)
    fake.hits = (Hit(passage, document, 0.9, "convex"),)
    fake.reply = Answer(
        (Sentence(HOSTILE, (1,), 0.9),), (Citation(1, passage, document, (HOSTILE[:300],)),), unanswered=(HOSTILE,)
    )
    page.keyboard.insert_text(HOSTILE)
    keys(page, "Enter")
    expect(page.locator("#passage .body")).to_contain_text("window.pwned=1")
    expect(page.locator("#passage-care")).to_contain_text("window.pwned=1")
    keys(page, "Alt+v", "F8", "s", "Alt+n")
    page.keyboard.insert_text(HOSTILE)
    keys(page, "Alt+p")
    expect(page.locator("#waiting-calls button")).to_contain_text("window.pwned=1")
    keys(page, "Alt+j")
    expect(page.locator("#log-calls")).to_contain_text("window.pwned=1")
    assert page.evaluate("window.pwned") is None
    assert page.locator("main img, dialog img, main form form, main script, dialog script, main [style]").count() == 0
    assert page.locator("a[href^='javascript'], a[href*='mechant']:not([href^='mailto:'])").count() == 0


def test_one_call_is_recorded_when_the_keys_are_pressed_twice(page: Any) -> None:
    recorded = []
    page.on(
        "request", lambda one: recorded.append(one) if one.method == "POST" and one.url.endswith("/v1/calls") else None
    )
    ask(page)
    keys(page, "F8", "r", "Control+Enter", "Control+Enter")
    expect(page.locator("#toast")).to_have_text("Appel enregistré : répondu.")
    assert len(recorded) == 1


def test_an_outcome_is_asked_for_before_a_call_is_recorded(page: Any) -> None:
    keys(page, "Control+Enter")
    expect(page.locator("#trouble")).to_have_text("Écrivez d’abord ce que demande l’appelant.")
    page.keyboard.type("capital")
    keys(page, "Control+Enter")
    expect(page.locator("#trouble")).to_have_text("Choisissez l’issue de l’appel (F8), puis enregistrez.")
    expect(page.locator("[name=outcome]").first).to_be_focused()


def test_a_wrong_number_is_told_where_one_looks_and_can_be_put_right(page: Any) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    ask(page)
    # Told in the page's own words, for a real 422 would be an error in the console.
    page.evaluate(
        """() => {
          const detail = "Le champ « callback_number » doit être un numéro de téléphone.";
          const fetched = window.fetch;
          window.fetch = async (path, told) =>
            told.method === "POST" && path === "/v1/calls"
              ? new Response(JSON.stringify({ detail }), { status: 422 })
              : fetched(path, told);
        }"""
    )
    keys(page, "F8", "a")
    page.keyboard.type("12")
    keys(page, "Control+Enter")
    expect(page.locator("#trouble")).to_contain_text("Le numéro à rappeler n’en est pas un")
    expect(page.locator("#trouble")).to_be_in_viewport()
    expect(page.locator("#callback")).to_be_focused()
    expect(page.locator("#callback")).to_have_value("12")


def test_what_is_cleared_can_be_taken_back(page: Any) -> None:
    page.keyboard.type("capital")
    keys(page, "Alt+n")
    page.keyboard.type("Une note.")
    keys(page, "Alt+r")
    expect(page.locator("#note")).to_have_value("")
    keys(page, "Alt+r")
    expect(page.locator("#note")).to_have_value("Une note.")
    expect(page.locator("#query")).to_have_value("capital")


def test_the_at_sign_of_azerty_is_no_key_of_ours(page: Any) -> None:
    page.evaluate(
        """() => document.getElementById("query").dispatchEvent(new KeyboardEvent("keydown",
          { key: "@", code: "Digit0", altKey: true, ctrlKey: true, modifierAltGraph: true, bubbles: true }))"""
    )
    keys(page, "Alt+1")
    expect(page.get_by_role("button", name="Règles")).to_have_attribute("aria-pressed", "true")
    page.evaluate(
        """() => document.getElementById("query").dispatchEvent(new KeyboardEvent("keydown",
          { key: "à", code: "Digit0", altKey: true, modifierAltGraph: true, bubbles: true }))"""
    )
    expect(page.get_by_role("button", name="Règles")).to_have_attribute("aria-pressed", "true")


def test_nothing_typed_is_lost_by_a_reload_or_a_login(browser: Any, url: str, page: Any) -> None:
    page.keyboard.type("capital")
    keys(page, "F2")
    page.keyboard.type("800 c")
    keys(page, "Alt+n")
    page.keyboard.type("À rappeler demain.")
    page.reload()
    for place, value in (("#query", "capital"), ("#caller", "800 c"), ("#note", "À rappeler demain.")):
        expect(page.locator(place)).to_have_value(value)
    expect(page.locator("#hits li")).to_have_count(3)
    # Told in the page's own words, for a real 401 would be an error in the console.
    asked = page.evaluate(
        """async () => {
          const { call } = await import("/interface/poste/api.js");
          window.fetch = async () => new Response("{}", { status: 401 });
          return call("GET", "/v1/calls").catch((error) => error.message);
        }"""
    )
    assert "reconnectez-vous" in asked
    page.wait_for_url("**/connexion?suite=/poste")
    page.goto(f"{url}/poste")
    expect(page.locator("#note")).to_have_value("À rappeler demain.")


def test_the_help_opens_by_a_key_and_gives_the_focus_back(page: Any) -> None:
    keys(page, "?")
    expect(page.get_by_role("dialog", name="Les touches")).to_be_visible()
    expect(page.locator("#query")).to_have_value("")
    # The page behind hears nothing.
    keys(page, "Alt+1", "Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.locator("#query")).to_be_focused()
    expect(page.get_by_role("button", name="Tous")).to_have_attribute("aria-pressed", "true")
    page.keyboard.type("quoi ?")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_the_first_stop_of_the_keyboard_leads_to_the_search(page: Any) -> None:
    for _ in range(20):
        keys(page, "Shift+Tab")
        if page.evaluate("document.activeElement.matches('a.jump')"):
            break
    assert page.locator("a.jump").bounding_box()["x"] >= 0
    keys(page, "Enter")
    expect(page.locator("#query")).to_be_focused()


def test_the_page_says_how_old_its_documents_are(page: Any) -> None:
    expect(page.locator("#machine")).to_have_text(
        "Réponses d’une machine, à vérifier. Documents à jour au 22 décembre 2025."
    )


STATES = ("empty", "hits", "opened", "abstained", "parked", "keys", "log", "report")


def reach(page: Any, state: str, fake: FakeAssistant) -> None:
    if state == "hits":
        page.keyboard.type("capital")
        expect(page.locator("#hits li")).to_have_count(3)
    if state == "abstained":
        fake.reply = ABSTENTION
    if state in ("opened", "abstained", "parked", "log", "report"):
        ask(page)
        keys(page, "F8", "a")
    if state in ("parked", "log", "report"):
        page.keyboard.type("0612345678")
        keys(page, "Alt+p")
        expect(page.locator("#waiting")).to_be_visible()
    if state in ("keys", "log", "report"):
        keys(page, {"keys": "Alt+k", "log": "Alt+j", "report": "Alt+b"}[state])
        expect(page.locator(f"#{state} table").first).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_breaks_the_accessibility_rules(
    browser: Any, url: str, page: Any, width: int, scheme: str, fake: FakeAssistant
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")
    broken = {}
    for state in STATES:
        fake.reply = ANSWER
        with opened(browser, url, viewport={"width": width, "height": 844}, color_scheme=scheme) as shown:
            reach(shown, state, fake)
            found = axe.Axe().run(shown, options=RULES).response["violations"]
            if found:
                broken[state] = [(rule["id"], [node["html"][:200] for node in rule["nodes"]]) for rule in found]
            assert shown.evaluate("document.documentElement.scrollWidth") <= width, state
    assert broken == {}
