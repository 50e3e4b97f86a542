"""The login page: French, without a script, telling nothing of names and passwords."""

import re

import pytest
from starlette.testclient import TestClient

from assistant.settings import Settings
from assistant.store import Store
from tests.ui.api.test_identity import again, new_key, state_of, store_of
from tests.ui.conftest import Serve
from ui.api.identity import ACCOUNT_COOKIE
from ui.web.login import own_page

PASSWORD = "un mot de passe long"


@pytest.fixture
def store(client: TestClient) -> Store:
    store = store_of(client)
    store.accounts.create("agnès", "operator", PASSWORD)
    state_of(client).doors.look()
    return store


@pytest.fixture
def person(client: TestClient, store: Store) -> TestClient:
    return again(client)


def log_in(person: TestClient, name: str = "agnès", password: str = PASSWORD, **more: str) -> object:
    return person.post("/connexion", data={"nom": name, "mot_de_passe": password} | more)


def test_the_page_is_a_form_without_script_under_the_policy(person: TestClient) -> None:
    page = person.get("/connexion?suite=/poste")
    assert page.status_code == 200 and '<html lang="fr"' in page.text
    assert "form-action 'self'" in page.headers["content-security-policy"]
    assert page.headers["cache-control"] == "no-store"
    labels = dict(re.findall(r'<label for="([^"]+)">([^<]+)</label>', page.text))
    assert labels == {"nom": "Nom du compte", "mot-de-passe": "Mot de passe"}
    assert all(f'id="{name}"' in page.text for name in labels)
    assert 'value="/poste"' in page.text and "fournisseur" not in page.text


def test_a_right_password_opens_the_page_that_was_asked_for(person: TestClient) -> None:
    answer = person.post("/connexion", data={"nom": " Agnès ", "mot_de_passe": PASSWORD, "suite": "/poste?a=1"})
    assert answer.status_code == 303 and answer.headers["location"] == "/poste?a=1"
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"{ACCOUNT_COOKIE}=") and "HttpOnly" in cookie and "SameSite=lax" in cookie
    assert person.get("/poste").status_code != 303
    assert person.post("/v1/ask", json={"question": "scic ?"}).status_code == 200


def test_cookies_are_secure_behind_https(person: TestClient) -> None:
    data = {"nom": "agnès", "mot_de_passe": PASSWORD}
    answer = person.post("/connexion", data=data, headers={"X-Forwarded-Proto": "https"})
    assert "Secure" in answer.headers["set-cookie"]


def test_wrong_names_and_wrong_passwords_are_told_alike(person: TestClient, store: Store) -> None:
    store.accounts.create("basile", "editor", PASSWORD)
    store.accounts.disable("basile")
    said = set()
    for name, password in (("agnès", "faux"), ("inconnue", PASSWORD), ("basile", PASSWORD), ("", ""), ("\x00", "a")):
        answer = person.post("/connexion", data={"nom": name, "mot_de_passe": password})
        assert answer.status_code == 401 and "set-cookie" not in answer.headers
        said.add(re.sub(r'nonce="[^"]*"', "", answer.text))
    assert len(said) == 1 and 'role="alert"' in said.pop()


def test_too_many_tries_wait_whether_the_name_exists_or_not(person: TestClient) -> None:
    for name in ("agnès", "inconnue"):
        answers = [person.post("/connexion", data={"nom": name, "mot_de_passe": "faux"}) for _ in range(11)]
        assert answers[-1].status_code == 429 and int(answers[-1].headers["retry-after"]) > 0
        assert "Trop d'essais" in answers[-1].text.replace("&#x27;", "'")


def test_what_was_typed_is_not_said_again(person: TestClient) -> None:
    answer = person.post("/connexion", data={"nom": '"><script>x</script>', "mot_de_passe": "s3cret-tapé"})
    assert "s3cret" not in answer.text and "<script>x" not in answer.text


@pytest.mark.parametrize("body", [b"", b"\xff\xfe=%ff", b"nom=a&nom=b&suite=", b"=" * 1000, b"%00=%00"])
def test_a_body_that_is_no_form_is_a_wrong_password(person: TestClient, body: bytes) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    assert person.post("/connexion", content=body, headers=headers).status_code == 401


@pytest.mark.parametrize("path", ["/connexion", "/deconnexion"])
def test_another_site_can_neither_log_in_nor_out(person: TestClient, path: str) -> None:
    data = {"nom": "agnès", "mot_de_passe": PASSWORD}
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://mechant.example"}):
        answer = person.post(path, data=data, headers=headers)
        assert answer.status_code == 403 and "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "elsewhere",
    ["https://mechant.example", "//mechant.example", "/\\mechant.example", "\\\\a", "javascript:x", "/\n/a", "", "a"],
)
def test_the_way_back_never_leads_elsewhere(person: TestClient, elsewhere: str) -> None:
    assert own_page(elsewhere) == "/"
    data = {"nom": "agnès", "mot_de_passe": PASSWORD, "suite": elsewhere}
    assert person.post("/connexion", data=data).headers["location"] == "/"


def test_who_is_logged_in_sees_it_and_may_log_out(person: TestClient) -> None:
    log_in(person)
    page = person.get("/connexion?suite=/edition")
    assert "agnès" in page.text and "opérateur" in page.text and "ouvre pas la page" in page.text
    answer = person.post("/deconnexion")
    assert answer.status_code == 303 and person.get("/poste").status_code == 303


def test_logging_out_closes_the_login_itself(client: TestClient, person: TestClient) -> None:
    log_in(person)
    token = person.cookies[ACCOUNT_COOKIE]
    person.post("/deconnexion")
    stolen = again(client).get("/poste", headers={"Cookie": f"{ACCOUNT_COOKIE}={token}"})
    assert stolen.status_code == 303


def test_a_disabled_account_is_out_at_once(person: TestClient, store: Store) -> None:
    log_in(person)
    store.accounts.disable("agnès")
    assert person.get("/poste").status_code == 303


def test_without_the_store_nobody_logs_in_and_the_page_says_so(person: TestClient, settings: Settings) -> None:
    (settings.home / "store.db").unlink()
    answer = person.post("/connexion", data={"nom": "agnès", "mot_de_passe": PASSWORD})
    assert answer.status_code == 503 and "base" in answer.text


def test_no_provider_no_way_to_it(serve: Serve) -> None:
    client = serve()
    new_key(client)
    assert again(client).get("/connexion/fournisseur").status_code == 404
    assert again(client).get("/connexion/retour?code=a&state=b").status_code == 404
