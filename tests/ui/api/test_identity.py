"""Who calls: keys, accounts, visitors, whoever is at the machine, and nobody."""

import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from starlette.testclient import TestClient

from assistant.settings import Settings
from assistant.store import Store
from tests.fakes import FakeAssistant
from tests.ui.conftest import Serve, client_here
from ui.api.identity import ACCOUNT_COOKIE
from ui.api.visitors import VISITOR_COOKIE

QUESTION = {"question": "Une commune peut-elle entrer au capital d'une SCIC ?"}


def state_of(client: TestClient) -> Any:
    """What the application keeps for its routes."""
    return cast(Any, client.app).state


def store_of(client: TestClient) -> Store:
    store: Store = state_of(client).store
    return store


def new_key(client: TestClient, *scopes: str, **options: Any) -> dict[str, str]:
    """The header of a new key."""
    _, secret = store_of(client).keys.create("Portail", scopes or ("ask", "search", "documents"), **options)
    state_of(client).doors.look()
    return {"Authorization": f"Bearer {secret}"}


def new_login(client: TestClient, role: Any = "operator", name: str = "agnès") -> dict[str, str]:
    """The cookie of a new account."""
    accounts = store_of(client).accounts
    token = accounts.open_login(accounts.create(name, role, "un mot de passe long"))
    state_of(client).doors.look()
    return {"Cookie": f"{ACCOUNT_COOKIE}={token}"}


def again(client: TestClient) -> TestClient:
    """Another browser, without the cookies of the first."""
    return client_here(client.app, raise_server_exceptions=False, follow_redirects=False)


def test_an_open_service_answers_whoever_is_at_the_machine(serve: Serve) -> None:
    fake = FakeAssistant()
    assert serve(fake).post("/v1/ask", json=QUESTION).status_code == 200
    assert fake.owners == ["local"]


@pytest.mark.parametrize("path", ["/v1/documents", "/", "/poste", "/mcp", "/metrics"])
def test_an_open_service_refuses_a_proxy_and_another_host_in_french(client: TestClient, path: str) -> None:
    for headers in ({"X-Forwarded-For": "10.0.0.1"}, {"Host": "mechant.example"}):
        answer = client.get(path, headers=headers)
        assert answer.status_code == 403 and "keys create" in answer.json()["detail"]
    elsewhere = TestClient(client.app, base_url="http://127.0.0.1", client=("10.0.0.9", 1))
    assert elsewhere.get(path).status_code == 403
    assert elsewhere.get("/healthz").status_code == 200


def test_a_closed_service_answers_a_key_from_anywhere(serve: Serve) -> None:
    fake = FakeAssistant()
    client = serve(fake)
    key = new_key(client)
    answer = client.post("/v1/ask", json=QUESTION, headers=key | {"Host": "elus.fr", "X-Forwarded-For": "10.0.0.1"})
    assert answer.status_code == 200 and fake.owners[0].startswith("key:")


def test_nobody_is_refused_but_on_the_probes_and_the_contract(client: TestClient) -> None:
    new_key(client)
    refused = again(client).get("/v1/documents")
    assert refused.status_code == 401 and refused.headers["www-authenticate"] == "Bearer"
    assert refused.headers["content-type"].startswith("application/problem+json")
    assert refused.json()["instance"] == f"urn:request:{refused.headers['x-request-id']}"
    assert again(client).post("/v1/ask", json=QUESTION).status_code == 401
    assert again(client).get("/v1/nope").status_code == 401
    for path in ("/healthz", "/readyz", "/v1/openapi.json"):
        assert again(client).get(path).status_code == 200


def test_a_key_that_opens_nothing_learns_nothing(client: TestClient) -> None:
    store = store_of(client)
    good = new_key(client)
    revoked, secret = store.keys.create("Révoquée", ("ask",))
    store.keys.revoke(revoked.id)
    _, expired = store.keys.create("Expirée", ("ask",), expires_at=datetime.now(UTC) - timedelta(days=1))
    said = set()
    guesses = [secret, expired, "elus_faux", "", "é", good["Authorization"][7:-1], "x" * 5000]
    for guess in guesses:
        headers = [(b"authorization", f"Bearer {guess}".encode()), (b"x-request-id", b"r")]
        answer = again(client).get("/v1/documents", headers=headers)
        assert answer.status_code == 401
        said.add(answer.text)
    assert len(said) == 1 and again(client).get("/v1/documents", headers={"X-Request-ID": "r"}).text in said


def test_a_wrong_key_is_refused_by_an_open_service_too(client: TestClient) -> None:
    assert client.get("/v1/documents", headers={"Authorization": "Bearer elus_faux"}).status_code == 401


def test_a_revocation_holds_at_the_next_request(client: TestClient) -> None:
    key = new_key(client)
    assert client.get("/v1/documents", headers=key).status_code == 200
    store_of(client).keys.revoke(store_of(client).keys.all()[0].id)
    assert client.get("/v1/documents", headers=key).status_code == 401


def test_a_first_key_closes_with_its_first_request(client: TestClient) -> None:
    _, secret = store_of(client).keys.create("Portail", ("search",))
    client.get("/v1/search?query=scic", headers={"Authorization": f"Bearer {secret}"})
    assert again(client).get("/v1/documents").status_code == 401


def test_the_scheme_of_somebody_in_front_is_not_ours(client: TestClient) -> None:
    assert client.get("/v1/documents", headers={"Authorization": "Basic YTpi"}).status_code == 200


@pytest.mark.parametrize("host", ["a/b?c=", "a/b#", "/poste", "a@b", "[", "é", ""])
def test_a_strange_host_is_no_way_around(client: TestClient, host: str) -> None:
    new_key(client)
    for path, refused in (("/v1/documents", 401), ("/poste", 303), ("/edition/x", 303)):
        answer = again(client).get(path, headers=[(b"host", host.encode())])
        assert answer.status_code == refused


def test_a_visitor_gets_a_cookie_with_the_page_and_its_rights_with_the_cookie(serve: Serve) -> None:
    fake = FakeAssistant()
    client = serve(fake)
    new_key(client)
    visitor = again(client)
    cookie = visitor.get("/").headers["set-cookie"]
    assert cookie.startswith(VISITOR_COOKIE) and "HttpOnly" in cookie and "SameSite=lax" in cookie
    assert "Max-Age=31536000" in cookie and "Secure" not in cookie
    assert visitor.post("/v1/ask", json=QUESTION).status_code == 200
    assert fake.owners[0].startswith("visitor:")
    assert "set-cookie" not in visitor.get("/").headers
    assert visitor.get("/v1/calls").status_code == 403


def test_cookies_are_secure_behind_https(client: TestClient) -> None:
    new_key(client)
    assert "Secure" in again(client).get("/", headers={"X-Forwarded-Proto": "https"}).headers["set-cookie"]


def test_a_forged_visitor_is_nobody(client: TestClient) -> None:
    new_key(client)
    headers = {"Cookie": f"{VISITOR_COOKIE}=moi.abc.def; {ACCOUNT_COOKIE}=faux"}
    assert again(client).post("/v1/ask", json=QUESTION, headers=headers).status_code == 401


def test_an_account_calls_with_its_role(serve: Serve) -> None:
    fake = FakeAssistant()
    client = serve(fake)
    login = new_login(client)
    assert again(client).post("/v1/ask", json=QUESTION, headers=login).status_code == 200
    assert fake.owners[0].startswith("account:")


def test_rooms_send_whoever_may_not_enter_to_the_login_page(client: TestClient) -> None:
    operator = new_login(client)
    editor = new_login(client, "editor", "basile")
    visitor = again(client)
    visitor.get("/")
    for who, path in ((visitor, "/poste"), (visitor, "/edition/lacunes"), (again(client), "/edition")):
        answer = who.get(path)
        assert answer.status_code == 303
        assert answer.headers["location"] == f"/connexion?suite={path.replace('/', '%2F')}"
    assert again(client).get("/edition", headers=operator).status_code == 303
    for path, login in (("/poste", operator), ("/edition", editor)):
        assert "/connexion" not in again(client).get(path, headers=login).headers.get("location", "")


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://127.0.0.1"},
        {"Origin": "https://mechant.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:8001"},
    ],
)
def test_a_page_of_another_site_cannot_act_with_our_cookies(client: TestClient, headers: dict[str, str]) -> None:
    opened = client.post("/v1/ask", json=QUESTION, headers=headers)
    assert opened.status_code == 403 and "autre site" in opened.json()["detail"]
    login = new_login(client)
    for path in ("/v1/ask", "/gradio_api/queue/join"):
        assert again(client).post(path, json=QUESTION, headers=headers | login).status_code == 403


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}, {"Origin": "http://127.0.0.1"}, {}]
)
def test_our_own_pages_act(client: TestClient, headers: dict[str, str]) -> None:
    login = new_login(client)
    assert again(client).post("/v1/ask", json=QUESTION, headers=headers | login).status_code == 200


def test_a_key_works_from_any_program_whatever_its_page(client: TestClient) -> None:
    key = new_key(client)
    assert client.post("/v1/ask", json=QUESTION, headers=key | {"Sec-Fetch-Site": "cross-site"}).status_code == 200


def test_a_key_is_no_way_into_the_pages(client: TestClient) -> None:
    key = new_key(client, "ask", "calls", "edition")
    assert again(client).get("/edition", headers=key).status_code == 303


def test_a_public_key_is_for_its_pages_only(client: TestClient) -> None:
    key = new_key(client, origins=("https://portail.fr",))
    assert client.get("/v1/documents", headers=key | {"Origin": "https://portail.fr"}).status_code == 200
    for elsewhere in ({}, {"Origin": "https://autre.fr"}, {"Origin": "https://portail.fr.autre.fr"}):
        assert client.get("/v1/documents", headers=key | elsewhere).status_code == 401


def test_known_keys_go_on_without_the_store_and_others_wait(client: TestClient, settings: Settings) -> None:
    known, unseen = new_key(client), new_key(client)
    login, unused = new_login(client), new_login(client, name="basile")
    for headers in (known, login):
        assert again(client).get("/v1/documents", headers=headers).status_code == 200
    (settings.home / "store.db").unlink()
    assert client.get("/v1/documents", headers=known).status_code == 200
    assert again(client).get("/v1/documents", headers=login).status_code == 200
    for headers in (unseen, unused):
        answer = again(client).get("/v1/documents", headers=headers)
        assert answer.status_code == 503 and answer.json()["code"] == "store_unavailable"
    assert again(client).get("/v1/documents").status_code == 401


def test_no_secret_is_in_a_log_nor_in_an_answer(
    client: TestClient, settings: Settings, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    key, login, new_cookie = new_key(client), new_login(client), new_login(client, name="basile")
    secret, token = key["Authorization"][7:], login["Cookie"].partition("=")[2]
    told = []
    for headers in (key, login, {"Authorization": f"Bearer {secret}x"}):
        told += [
            again(client).post("/v1/ask", json=QUESTION, headers=headers),
            again(client).post("/v1/ask", json={"question": ""}, headers=headers),
            again(client).get(f"/v1/{secret}", headers=headers),
        ]
    (settings.home / "store.db").unlink()
    told.append(again(client).get("/v1/documents", headers=new_cookie))
    out, err = capfd.readouterr()
    log: Path = settings.home / "erreurs.log"
    # The test's own client writes the addresses it calls.
    ours = "".join(str(record.__dict__) for record in caplog.records if not record.name.startswith("httpx"))
    written = ours + out + err + (log.read_text() if log.exists() else "")
    for hidden in (secret, secret[5:], token):
        assert hidden not in written
        assert all(hidden not in answer.text and hidden not in str(answer.headers) for answer in told)


def test_pages_that_act_for_their_visitor_know_who_that_is(client: TestClient) -> None:
    new_key(client)
    assert "set-cookie" in again(client).get("/confidentialite").headers
    refused = again(client).post("/confidentialite/effacer", headers={"Sec-Fetch-Site": "cross-site"})
    assert refused.status_code == 403
