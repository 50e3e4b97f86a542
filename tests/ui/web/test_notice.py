"""What is kept is said, and one's conversations are carried away or erased, without a script."""

import re
from typing import Any, cast

import pytest
from starlette.testclient import TestClient

from assistant.answer import Turn
from assistant.factory import open_store
from assistant.pipeline import Assistant
from assistant.settings import Settings
from assistant.store import Store
from tests.fakes import ANSWER, FakeAssistant
from tests.ui.api.test_conversations import MINE, THEIRS, calling, keep, store_of
from tests.ui.conftest import client_here
from ui.app import create_app

PAGE = "/confidentialite/mes-conversations"


def with_settings(settings: Settings, **changes: Any) -> TestClient:
    changed = settings.model_copy(update=changes)
    app = create_app(changed, cast(Assistant, FakeAssistant()), open_store(changed), with_chat=False)
    return client_here(app)


def test_the_notice_says_how_long_who_reads_and_which_rights(settings: Settings) -> None:
    page = with_settings(settings, retention_days=30, contact="dpo@exemple.fr <b>").get("/confidentialite")
    assert page.status_code == 200 and 'lang="fr"' in page.text
    for words in ("30 jours", "7 jours", "1 an", "dpo@exemple.fr &lt;b&gt;", "Une machine répond", "sauvegardes"):
        assert words in page.text
    assert f'href="{PAGE}"' in page.text
    assert "ne quitte le serveur" in page.text


def test_a_language_model_is_named(settings: Settings) -> None:
    assert "« openai:petit »" in with_settings(settings, llm="openai:petit").get("/confidentialite").text


def test_the_notice_is_read_by_whoever_comes(settings: Settings) -> None:
    closed = with_settings(settings)
    cast(Store, cast(Any, closed.app).state.store).accounts.create("a", "editor", "un mot de passe long")
    fresh = with_settings(settings)
    assert fresh.get("/v1/conversations").status_code == 401
    assert fresh.get("/confidentialite").status_code == 200


def test_ones_conversations_are_listed_with_what_can_be_done(client: TestClient) -> None:
    session_id = keep(client, question="Une <b>SCIC</b> ?")
    keep(client, owner=THEIRS, question="Celle d'un autre ?")
    page = calling(client, MINE).get(PAGE).text
    assert "Une &lt;b&gt;SCIC&lt;/b&gt; ?" in page and "d'un autre" not in page
    for format in ("md", "docx", "json"):
        assert f'href="/v1/conversations/{session_id}/export?format={format}"' in page
    assert len(re.findall(r"<button", page)) == 2


def test_one_or_all_are_erased_without_a_script(client: TestClient) -> None:
    first, _ = keep(client), keep(client)
    theirs = keep(client, owner=THEIRS)
    me = calling(client, MINE)
    page = me.post(PAGE, data={"conversation": first})
    assert "C'est effacé." in page.text and first not in page.text
    assert me.post(PAGE, data={"conversation": theirs}).status_code == 200
    assert "Aucune conversation" in me.post(PAGE, data={"conversation": ""}).text
    assert len(store_of(client).conversations.read(theirs, THEIRS)) == 1


def test_a_form_without_its_field_erases_nothing(client: TestClient) -> None:
    keep(client)
    me = calling(client, MINE)
    me.post(PAGE, data={"autre": "x"})
    assert len(store_of(client).conversations.find(MINE)) == 1


def test_a_page_of_another_site_erases_nothing(client: TestClient, settings: Settings) -> None:
    me = with_settings(settings)
    me.get(PAGE)
    owner = "visitor:" + me.cookies["elus_visiteur"].split(".")[0]
    store = store_of(client)
    store.conversations.keep(Turn("t", "s", "où ?", "où ?", ANSWER), owner)
    assert "où ?" in me.get(PAGE).text
    for headers in ({"Origin": "https://ailleurs.fr"}, {"Sec-Fetch-Site": "cross-site"}):
        assert me.post(PAGE, data={"conversation": ""}, headers=headers).status_code == 403
    assert len(store.conversations.find(owner)) == 1
    assert "C'est effacé." in me.post(PAGE, data={"conversation": ""}).text


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_store_that_is_away_is_told_in_french(client: TestClient, settings: Settings, method: str) -> None:
    file = store_of(client).database.file
    assert file is not None
    file.rename(file.with_name("elsewhere"))
    page = calling(client, MINE).request(method, PAGE, data={"conversation": ""} if method == "POST" else None)
    assert page.status_code == 503 and "ne répond pas" in page.text
