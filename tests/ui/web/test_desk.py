"""The page of the phone operators as a file: what a browser is given, and what the page says of itself."""

import re

from starlette.testclient import TestClient

from ui.web.desk import FOLDER

HTML = (FOLDER / "desk.html").read_text(encoding="utf-8")
SCRIPTS = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.js")}


def test_the_page_is_served_in_french_under_the_strict_policy(client: TestClient) -> None:
    page = client.get("/poste")
    assert page.status_code == 200 and 'lang="fr"' in page.text and "Réponses d’une machine, à vérifier" in page.text
    assert "'unsafe-eval'" not in page.headers["content-security-policy"]
    assert "script-src 'self' 'nonce-" in page.headers["content-security-policy"]


def test_what_the_page_loads_is_ours_and_asked_again_each_time(client: TestClient) -> None:
    loaded = re.findall(r'(?:src|href)="(/interface/[^"]+)"', HTML)
    modules = {
        f"/interface/poste/{name}" for text in SCRIPTS.values() for name in re.findall(r'from "\./([^"]+)"', text)
    }
    assert "/interface/poste/desk.js" in loaded and len(modules) > 5
    for address in {*loaded, *modules}:
        answer = client.get(address)
        assert answer.status_code == 200, address
        if address.startswith("/interface/poste/"):
            assert answer.headers["cache-control"] == "no-cache"
    assert not re.findall(r"https?://(?!www\.w3\.org)", HTML + (FOLDER / "desk.css").read_text(encoding="utf-8"))


def test_nothing_in_the_page_needs_inline_scripts_or_styles() -> None:
    assert not re.search(r"<script(?![^>]*\ssrc=)|\sstyle=|\son\w+=|javascript:", HTML)


def test_no_script_reads_text_as_html() -> None:
    for name, text in SCRIPTS.items():
        for way in (
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "document.write",
            "eval(",
            "new Function",
            "DOMParser",
        ):
            assert way not in text, (name, way)


def test_every_element_a_script_looks_for_is_in_the_page() -> None:
    there = set(re.findall(r'\sid="([^"]+)"', HTML))
    made = {"see", "copy-passage"}
    for name, text in SCRIPTS.items():
        assert set(re.findall(r'\$\("([^"]+)"\)', text)) <= there | made, name


def test_the_help_names_every_key() -> None:
    table = HTML[HTML.index('id="keys-title"') :]
    told = set(re.findall(r"<kbd>([^<]+)</kbd>", table))
    keys = re.search(r"listenToKeys\(\{(.*?)\n\}\);", SCRIPTS["desk.js"], re.S)
    assert keys is not None
    for key in re.findall(r'^ {2}"?([\w+]+)"?:', keys[1], re.M):
        french = {"escape": "Échap", "ctrl+enter": "Ctrl+Entrée"}.get(
            key, re.sub(r"\b[a-z0-9](?=$|\d)", lambda m: m[0].upper(), key)
        )
        assert french.replace("alt", "Alt") in told, key
