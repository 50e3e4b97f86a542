"""/accessibilite: honest, and read by whoever comes."""

from starlette.testclient import TestClient


def test_it_says_what_was_checked_what_was_not_and_whom_to_tell(client: TestClient) -> None:
    page = client.get("/accessibilite")
    assert page.status_code == 200 and 'lang="fr"' in page.text
    for words in ("n'est pas une déclaration de conformité", "Aucune écoute avec un lecteur d'écran", "dites-le"):
        assert words in page.text
