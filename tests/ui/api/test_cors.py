"""Pages of other sites: none by default, those the settings name, those of a public key."""

import pytest
from starlette.testclient import TestClient

from assistant.settings import Settings
from tests.ui.api.test_identity import QUESTION, new_key, state_of, store_of
from tests.ui.conftest import Serve
from ui.api.cors import origins_in

PORTAL = "https://portail.fr"


def asks_first(client: TestClient, origin: str, path: str = "/v1/ask") -> dict[str, str]:
    """What a browser is told before it sends its key."""
    headers = {
        "Origin": origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type",
    }
    answer = client.options(path, headers=headers)
    return dict(answer.headers) if answer.status_code == 200 else {}


def test_no_other_site_may_call_by_default(client: TestClient) -> None:
    assert not asks_first(client, PORTAL)
    assert "access-control-allow-origin" not in client.get("/v1/documents", headers={"Origin": PORTAL}).headers


class TestNamedInTheSettings:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"cors_origins": f" {PORTAL}/ , https://autre.fr"})

    def test_they_call_with_a_key_and_read_errors_too(self, client: TestClient) -> None:
        told = asks_first(client, PORTAL)
        assert told["access-control-allow-origin"] == PORTAL and "Authorization" in told["access-control-allow-headers"]
        assert "access-control-allow-credentials" not in told
        key = new_key(client)
        for headers in (key, {}):
            answer = client.post("/v1/ask", json=QUESTION, headers=headers | {"Origin": PORTAL})
            assert answer.status_code == (200 if headers else 403)
            assert answer.headers["access-control-allow-origin"] == PORTAL
            assert "Retry-After" in answer.headers["access-control-expose-headers"]
        assert not asks_first(client, "https://portail.fr.mechant.example")

    def test_the_pages_stay_where_they_are(self, client: TestClient) -> None:
        assert not asks_first(client, PORTAL, "/")
        assert "access-control-allow-origin" not in client.get("/", headers={"Origin": PORTAL}).headers


def test_a_public_key_opens_to_its_pages(client: TestClient) -> None:
    key = new_key(client, origins=(PORTAL,))
    assert asks_first(client, PORTAL)["access-control-allow-origin"] == PORTAL
    answer = client.post("/v1/ask", json=QUESTION, headers=key | {"Origin": PORTAL, "Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 200 and answer.headers["access-control-allow-origin"] == PORTAL
    assert not asks_first(client, "https://autre.fr")


def test_a_revoked_public_key_no_longer_does(serve: Serve) -> None:
    client = serve()
    new_key(client, origins=(PORTAL,))
    keys = store_of(client).keys
    keys.revoke(keys.all()[0].id)
    state_of(client).doors.look()
    assert not asks_first(client, PORTAL)


def test_origins_are_read_as_a_browser_writes_them() -> None:
    assert origins_in(" https://A.fr/, http://b.fr:8080 ,, ") == ("https://a.fr", "http://b.fr:8080")
    assert origins_in("") == ()
