"""Logging in through an identity provider: a small one of our own, that signs what it is told to."""

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from starlette.testclient import TestClient

from assistant.settings import Settings
from tests.ui.api.test_identity import again, state_of, store_of
from tests.ui.conftest import Serve
from ui.web.oidc import Provider, ProviderFailed, RoleClaim

jose = pytest.importorskip("joserfc", reason="the extra oidc is not installed")
pytest.importorskip("authlib", reason="the extra oidc is not installed")
from joserfc import jwk, jwt  # noqa: E402

ROLES = "groupes:agents=operator,redaction=editor"


class FakeProvider:
    """Publishes its addresses and key, and trades any code for an id_token with `claims`, changed at will."""

    def __init__(self) -> None:
        self.key = jwk.RSAKey.generate_key(2048, {"kid": "1"})
        self.signed_by: Any = self.key
        self.header: dict[str, Any] = {"alg": "RS256", "kid": "1"}
        self.claims: dict[str, Any] = {}
        self.asked: dict[str, str] = {}
        self.traded: dict[str, str] = {}
        self.issuer = ""

    def answer(self, path: str, body: str) -> Any:
        if path == "/.well-known/openid-configuration":
            return {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/entrer",
                "token_endpoint": f"{self.issuer}/jeton",
                "jwks_uri": f"{self.issuer}/cles",
            }
        if path == "/cles":
            return {"keys": [self.key.as_dict(private=False)]}
        if path == "/jeton":
            self.traded = {name: values[0] for name, values in parse_qs(body).items()}
            proof = hashlib.sha256(self.traded.get("code_verifier", "").encode()).digest()
            if base64.urlsafe_b64encode(proof).rstrip(b"=").decode() != self.asked["code_challenge"]:
                return {"error": "invalid_grant"}
            claims = self.usual() | self.claims
            said = {name: value for name, value in claims.items() if value is not None}
            return {
                "id_token": jwt.encode(self.header, said, self.signed_by),
                "access_token": "a",
                "token_type": "Bearer",
            }
        return None

    def usual(self) -> dict[str, Any]:
        return {
            "iss": self.issuer,
            "aud": "elus",
            "sub": "42",
            "exp": int(time.time()) + 300,
            "iat": int(time.time()),
            "nonce": self.asked["nonce"],
            "email": "agnes@exemple.fr",
            "groupes": ["agents"],
        }


@pytest.fixture
def provider() -> Iterator[FakeProvider]:
    fake = FakeProvider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0))).decode()
            said = json.dumps(fake.answer(self.path, body)).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        do_POST = do_GET

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    fake.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield fake
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def settings(settings: Settings, provider: FakeProvider) -> Settings:
    given = {"oidc_issuer": provider.issuer, "oidc_client_id": "elus", "oidc_roles": ROLES}
    return settings.model_copy(update=given)


@pytest.fixture
def person(client: TestClient) -> TestClient:
    return again(client)


def go_there(person: TestClient, provider: FakeProvider, then: str = "/poste") -> str:
    """What a browser brings to the provider; the state it is to bring back."""
    answer = person.get("/connexion/fournisseur", params={"suite": then})
    assert answer.status_code == 303 and answer.headers["location"].startswith(f"{provider.issuer}/entrer?")
    provider.asked = {name: one[0] for name, one in parse_qs(urlsplit(answer.headers["location"]).query).items()}
    return provider.asked["state"]


def test_a_person_the_provider_vouches_for_comes_in(
    person: TestClient, provider: FakeProvider, client: TestClient
) -> None:
    assert "/connexion/fournisseur?suite=%2Fposte" in person.get("/connexion?suite=/poste").text
    state = go_there(person, provider)
    assert provider.asked["redirect_uri"] == "http://127.0.0.1/connexion/retour"
    assert provider.asked["code_challenge_method"] == "S256" and "openid" in provider.asked["scope"]
    answer = person.get("/connexion/retour", params={"code": "c", "state": state})
    assert answer.status_code == 303 and answer.headers["location"] == "/poste"
    assert provider.traded["code"] == "c"
    state_of(client).doors.look()
    assert person.get("/poste").status_code != 303 and person.get("/edition").status_code == 303
    assert [(one.name, one.role) for one in store_of(client).accounts.all()] == [("agnes@exemple.fr", "operator")]


def test_the_role_follows_what_the_provider_says_now(
    person: TestClient, provider: FakeProvider, client: TestClient
) -> None:
    for groups, role in ((["agents"], "operator"), (["agents", "redaction"], "editor"), ("agents", "operator")):
        provider.claims = {"groupes": groups}
        state = go_there(person, provider)
        assert person.get("/connexion/retour", params={"code": "c", "state": state}).status_code == 303
        assert [one.role for one in store_of(client).accounts.all()] == [role]


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "d'une autre connexion"},
        {"nonce": None},
        {"aud": "autre-service"},
        {"aud": ["elus", "autre"], "azp": "autre"},
        {"iss": "https://autre.example"},
        {"exp": 1},
        {"exp": None},
        {"sub": None},
    ],
    ids=str,
)
def test_a_token_that_is_not_for_this_login_is_refused(
    person: TestClient, provider: FakeProvider, claims: dict[str, Any]
) -> None:
    state = go_there(person, provider)
    provider.claims = claims
    answer = person.get("/connexion/retour", params={"code": "c", "state": state})
    assert answer.status_code == 401 and "set-cookie" not in answer.headers
    assert "recommencez" in answer.text


def test_a_token_signed_by_somebody_else_is_refused(person: TestClient, provider: FakeProvider) -> None:
    state = go_there(person, provider)
    provider.signed_by = jwk.RSAKey.generate_key(2048, {"kid": "1"})
    assert person.get("/connexion/retour", params={"code": "c", "state": state}).status_code == 401


def test_a_token_signed_with_the_published_key_as_a_password_is_refused(
    person: TestClient, provider: FakeProvider
) -> None:
    state = go_there(person, provider)
    provider.signed_by = jwk.OctKey.import_key(str(provider.key.as_dict(private=False)["n"]))
    provider.header = {"alg": "HS256", "kid": "1"}
    assert person.get("/connexion/retour", params={"code": "c", "state": state}).status_code == 401


@pytest.mark.parametrize("query", [{"code": "c"}, {"code": "c", "state": "x"}, {"error": "access_denied"}, {}])
def test_another_state_is_refused(person: TestClient, provider: FakeProvider, query: dict[str, str]) -> None:
    go_there(person, provider)
    assert person.get("/connexion/retour", params=query).status_code == 401


def test_a_code_brought_to_another_browser_is_refused(
    client: TestClient, person: TestClient, provider: FakeProvider
) -> None:
    state = go_there(person, provider)
    other = again(client)
    assert other.get("/connexion/retour", params={"code": "c", "state": state}).status_code == 401
    go_there(other, provider)
    assert other.get("/connexion/retour", params={"code": "c", "state": state}).status_code == 401


def test_a_person_without_a_role_here_stays_outside(person: TestClient, provider: FakeProvider) -> None:
    for groups in ([], ["autres"], None, [{"a": 1}], 7):
        provider.claims = {"groupes": groups}
        state = go_there(person, provider)
        answer = person.get("/connexion/retour", params={"code": "c", "state": state})
        assert answer.status_code == 403 and "aucun rôle" in answer.text


def test_a_disabled_account_stays_outside(person: TestClient, provider: FakeProvider, client: TestClient) -> None:
    state = go_there(person, provider)
    person.get("/connexion/retour", params={"code": "c", "state": state})
    store_of(client).accounts.disable("agnes@exemple.fr")
    state = go_there(person, provider)
    assert person.get("/connexion/retour", params={"code": "c", "state": state}).status_code == 403


def test_a_provider_that_speaks_for_another_is_refused(settings: Settings, provider: FakeProvider) -> None:
    ours, provider.issuer = provider.issuer, "https://autre.example"
    with pytest.raises(ProviderFailed):
        Provider(settings.model_copy(update={"oidc_issuer": ours}), "secret").way_there("http://localhost/r", "/")


def test_a_provider_out_of_reach_is_told_in_french(serve: Serve, settings: Settings, provider: FakeProvider) -> None:
    client = serve()
    nobody = settings.model_copy(update={"oidc_issuer": "http://127.0.0.1:9"})
    state_of(client).provider = Provider(nobody, "secret")
    answer = again(client).get("/connexion/fournisseur")
    assert answer.status_code == 502 and "recommencez" in answer.text


def test_the_setting_of_roles_is_read_or_refused() -> None:
    assert RoleClaim.of("groupes: agents = operator , redaction=editor").roles == {
        "agents": "operator",
        "redaction": "editor",
    }
    assert RoleClaim.of("").role({"": "x"}) is None
    for wrong in ("groupes:agents=roi", "groupes:agents"):
        with pytest.raises(ValueError):
            RoleClaim.of(wrong)
