"""A key reads its own use."""

from starlette.testclient import TestClient

from assistant.store import Quota, Rate
from tests.ui.api.test_identity import again, new_key, new_login


def test_a_key_sees_its_rights_its_use_and_what_is_left(client: TestClient) -> None:
    key = new_key(
        client, "documents", rate=Rate(60, 60), quota=Quota(100, "month"), filters={"kind": ("regle",)}, concurrency=2
    )
    other = new_key(client)
    for _ in range(3):
        client.get("/v1/documents", headers=key)
    client.get("/v1/documents", headers=other)
    body = client.get("/v1/usage", headers=key).json()
    assert body["name"] == "Portail" and body["hint"] == f"elus_…{key['Authorization'][-4:]}"
    assert body["scopes"] == ["documents"] and body["filters"] == {"kind": ["regle"]} and body["concurrency"] == 2
    assert body["month"] == 3 and len(body["days"]) == 31 and body["days"][-1]["requests"] == 3
    assert body["quota"] == {"count": 100, "period": "month", "left": 97}
    assert body["rate"]["count"] == 60 and body["rate"]["left"] <= 57
    assert client.get("/v1/usage", headers=key).json()["month"] == 3


def test_a_key_without_limits_says_so(client: TestClient) -> None:
    body = client.get("/v1/usage", headers=new_key(client)).json()
    assert body["rate"] is None and body["quota"] is None and body["expires_at"] is None


def test_nobody_else_sees_anything(client: TestClient) -> None:
    assert client.get("/v1/usage").status_code == 403
    login = new_login(client, "admin")
    assert again(client).get("/v1/usage", headers=login).status_code == 403
    assert again(client).get("/v1/usage").status_code == 401
