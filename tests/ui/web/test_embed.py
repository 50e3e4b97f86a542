"""The page of portals opens for a public key, in a frame of its origins and no other, in a colour one can read."""

import re
from typing import Any

import pytest
from starlette.testclient import TestClient

from assistant.settings import Settings
from tests.ui.api.test_identity import QUESTION, again, new_key, state_of
from ui.web.embed import COLOUR, text_on

PORTALS = ("https://portail.fr", "https://www.portail.fr")


def public_key(client: TestClient, **options: Any) -> str:
    return new_key(client, "ask", **{"origins": PORTALS} | options)["Authorization"].removeprefix("Bearer ")


def test_only_the_origins_of_the_key_hold_it_in_a_frame(client: TestClient) -> None:
    page = again(client).get("/embed", params={"cle": public_key(client)})
    policy = page.headers["content-security-policy"]
    assert page.status_code == 200 and f"frame-ancestors {' '.join(PORTALS)};" in policy
    assert "x-frame-options" not in page.headers and "set-cookie" not in page.headers
    assert "script-src 'self' 'nonce-" in policy


def test_every_other_page_stays_out_of_frames(client: TestClient) -> None:
    public_key(client)
    for path in ("/connexion", "/poste", "/interface/embed/embed.html", "/embed.js"):
        answer = again(client).get(path)
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["x-frame-options"] == "DENY"


@pytest.mark.parametrize("made", ["none", "wrong", "secret", "revoked", "hostile"])
def test_without_a_public_key_it_says_so_and_nobody_frames_it(client: TestClient, made: str) -> None:
    key = {"none": "", "wrong": "elus_pub_x"}.get(made)
    if key is None:
        origins = {"secret": (), "hostile": ("https://a.fr; script-src *",)}.get(made, PORTALS)
        key = public_key(client, origins=origins)
    if made == "revoked":
        store = state_of(client).store
        store.keys.revoke(store.keys.all()[0].id)
    page = again(client).get("/embed", params={"cle": key})
    assert page.status_code == 403 and "clé publique de ce site" in page.text
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    assert page.headers["x-frame-options"] == "DENY" and "script-src *" not in str(page.headers)


@pytest.mark.parametrize("typed", ["", "red", "#12345", "#1234567", '#000000"><script>', "#000000;x:y"])
def test_what_is_no_colour_is_left_aside(client: TestClient, typed: str) -> None:
    page = again(client).get("/embed", params={"cle": public_key(client), "couleur": typed})
    assert page.status_code in (200, 422)
    if page.status_code == 200:
        assert f'style="--brand: {COLOUR}; --on-brand: #ffffff"' in page.text


@pytest.mark.parametrize(("colour", "text"), [("#ffee00", "#000000"), ("#003366", "#ffffff"), ("#777777", "#000000")])
def test_the_text_on_a_colour_can_be_read(client: TestClient, colour: str, text: str) -> None:
    page = again(client).get("/embed", params={"cle": public_key(client), "couleur": colour})
    found = re.search(r'style="--brand: (\S+); --on-brand: (\S+)"', page.text)
    assert found and found.groups() == (colour, text) and text_on(colour) == text


def test_its_script_may_be_loaded_from_anywhere_and_nothing_else(client: TestClient) -> None:
    script = client.get("/embed.js")
    assert script.headers["content-type"].startswith("text/javascript")
    assert script.headers["cross-origin-resource-policy"] == "cross-origin"
    assert client.get("/interface/embed/chat.js").headers["cross-origin-resource-policy"] == "same-origin"


def test_its_questions_pass_from_our_own_page_and_not_from_another_site(client: TestClient) -> None:
    header = {"Authorization": f"Bearer {public_key(client)}"}
    ours = header | {"Origin": "http://127.0.0.1", "Sec-Fetch-Site": "same-origin"}
    assert again(client).post("/v1/ask", json=QUESTION, headers=ours).status_code == 200
    assert again(client).post("/v1/ask", json=QUESTION, headers=header | {"Origin": PORTALS[0]}).status_code == 200
    for elsewhere in ({}, {"Origin": "https://ailleurs.fr"}, {"Origin": "null"}):
        assert again(client).post("/v1/ask", json=QUESTION, headers=header | elsewhere).status_code == 401


def test_nobody_reads_what_others_asked_with_a_public_key(client: TestClient) -> None:
    header = {"Authorization": f"Bearer {public_key(client)}", "Origin": PORTALS[0]}
    session = again(client).post("/v1/ask", json=QUESTION, headers=header).json()["session_id"]
    for method, path in (
        ("GET", "/v1/conversations"),
        ("DELETE", "/v1/conversations"),
        ("GET", f"/v1/conversations/{session}"),
        ("GET", f"/v1/conversations/{session}/export?format=md"),
    ):
        assert again(client).request(method, path, headers=header).status_code == 403


def test_a_store_that_is_away_is_said(client: TestClient, settings: Settings) -> None:
    key = public_key(client)
    (settings.home / "store.db").unlink()
    page = again(client).get("/embed", params={"cle": key})
    assert page.status_code == 503 and "ne répond pas" in page.text
    assert page.headers["x-frame-options"] == "DENY"
