"""The chat's HTML: markers that open their source, and hostile text that does nothing."""

import re
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser

import pytest

from assistant.answer import Answer, Note, Turn
from corpus import Applicability
from tests.fakes import ABSTENTION, ANSWER, COMPARED, HITS, SCIC, FakeAssistant, passage_of
from ui import messages, rendering
from ui.bodies import AlsoInBody
from ui.web import markup

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "![image](https://mechant.example/?q=1)",
    "[lien](javascript:alert(1))",
    "https://mechant.example/vole",
    "www.mechant.example",
    "vole@mechant.example",
    '<form action="https://mechant.example"><input></form>',
    '<p style="position:fixed;inset:0">',
    "```mermaid\ngraph TD; A-->B\n```",
    "$$\\href{javascript:alert(1)}{x}$$",
    "# titre\n\n- item\n\n---\n\n    code",
    "</details><details open>",
    '" onmouseover="alert(1)',
    "&lt;script&gt;&#60;b&#62;",
    "<!-- --> <![CDATA[x]]>",
    "a\x00b\x1bc\u202ed",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "_a_ *b* **c** ~~d~~ `e` :smile: [^1]",
]


class Tags(HTMLParser):
    """The tags and the text of a piece of HTML."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("text", HOSTILE)
def test_text_is_only_ever_text(text: str) -> None:
    html = markup.safe(text)
    assert set(Tags(html).tags) <= {"br"}
    # Nothing is left that Markdown, LaTeX or a maker of links could read.
    assert not re.search(r"[<>`*_\[\]()#|~$\\:/.@!\"'-](?!\w*;)", re.sub(r"&#\d+;|<br>|!", "", html))


@pytest.mark.parametrize("text", ["L'État, 50 % & « co » (SA) : n° 1 – 2024/25 ; œuvre ?", "e\u0301te\u0301"])
def test_text_is_read_as_it_was(text: str) -> None:
    assert unescape(markup.safe(text)).replace("\u00a0", " ") == text


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "//x.fr", "http://", "https://[", "a b", None]
)
def test_only_web_addresses_become_links(url: str | None) -> None:
    assert markup.link(url, "texte") == ""


def test_an_address_cannot_leave_its_attribute() -> None:
    html = markup.link('https://x.fr/"><script>alert(1)</script>', "texte")
    assert Tags(html).tags == ["a"]


def test_each_sentence_is_followed_by_its_markers() -> None:
    text = markup.AnswerText(3)
    text.add("Une phrase.", (1, 2), item=False)
    text.add("un point ;", (1,), item=True)
    text.add("un autre.", (2,), item=True)
    text.add("La fin.", (1,), item=False)
    html = text.html()
    assert Tags(html).tags.count("li") == 2 and html.count("<ul>") == 1 and html.count("<p>") == 2
    assert html.count('href="#m3-s1"') == 3 and html.count('href="#m3-s2"') == 2


def test_a_source_shows_where_it_comes_from_and_its_quotes() -> None:
    body = rendering.turn_body(FakeAssistant(reply=ANSWER).ask("Une question ?"))
    html = markup.sources(1, body)
    assert '<details id="m1-s1"' in html and '<details id="m1-s2"' in html
    text = Tags(html).text.replace("\u00a0", " ")
    assert "Équipe documentaire · 22 décembre 2025 · règle · La commune peut-elle entrer au capital ?" in text
    assert "Loi n° 47-1775 (République française, 23 février 2022)" in text
    assert html.count("<mark>") == 1 + 3


def test_an_unknown_date_is_said() -> None:
    body = rendering.turn_body(FakeAssistant(reply=ABSTENTION).ask("Une question ?"))
    assert "date inconnue" in markup.sources(1, body)


def test_quotes_that_touch_share_one_mark() -> None:
    assert markup.marked("un deux trois", ["un deux", "deux", " trois"]) == "<mark>un deux trois</mark>"
    assert markup.marked("un deux trois", ["deux", "absent"]) == "un <mark>deux</mark> trois"


def test_an_abstention_lists_the_nearest_passages() -> None:
    body = rendering.turn_body(FakeAssistant(reply=ABSTENTION).ask("Une question ?"), "accueil")
    before, after = markup.beside_answer(2, body)
    assert before == "" and after.count("<li>") == 3 and 'href="#m2-s3"' in after
    assert "accueil" in after
    assert markup.sources(2, body).count("<details") == 3


def test_a_comparison_is_a_table_whose_cells_open_their_sources_and_say_when_empty() -> None:
    body = rendering.turn_body(FakeAssistant(reply=COMPARED).ask("SCIC ou association ?"))
    html = markup.table(2, body)
    tags = Tags(html)
    assert (tags.tags.count("th"), tags.tags.count("td")) == (3 + 2, 4)
    cells = [Tags(cell).text for cell in html.split("<td>")[1:]]
    assert cells[1].replace("Capital et argent", "") == "AssociationRien d'assez sûr trouvé dans les documents."
    assert [cell.startswith(column) for cell, column in zip(cells, ["SCIC", "Association"] * 2, strict=True)] == [
        True
    ] * 4
    assert re.findall(r'href="#(m2-s\d)"', html) == ["m2-s1", "m2-s2", "m2-s3"]


def test_an_answer_that_compares_nothing_has_no_table() -> None:
    assert markup.table(1, rendering.turn_body(FakeAssistant().ask("Une question ?"))) == ""


def test_a_source_to_be_read_with_care_says_so() -> None:
    html = markup.sources(1, rendering.turn_body(FakeAssistant(reply=COMPARED).ask("SCIC ou association ?")))
    assert "remplacé par « Les rôles, édition 2026 »" in Tags(html).text.replace("\u00a0", " ")


def test_what_is_missing_and_for_whom_it_holds_are_said_below_the_answer() -> None:
    partial = Answer(ANSWER.sentences, ANSWER.citations, unanswered=("Combien cela coûte-t-il ?",))
    assistant = FakeAssistant(
        reply=partial, notes=(Note("information_only"),), applies_to=Applicability(population_max=3499)
    )
    before, after = (Tags(html).text for html in markup.beside_answer(1, rendering.turn_body(assistant.ask("Une ?"))))
    assert "ni un avis, ni un conseil juridique" in before
    assert "« Combien cela coûte-t-il ? »." in after.replace("\u00a0", " ")
    assert "3\u202f499 habitants au plus" in after
    assert "Une personne de votre service d'information" in after


def test_a_hostile_document_adds_no_tag() -> None:
    for text in HOSTILE:
        passage = passage_of(SCIC, 0, text)
        html = markup.marked(passage.text, [passage.text])
        assert set(Tags(html).tags) <= {"br", "mark"}


def test_the_other_documents_that_say_the_same_are_named_in_the_source() -> None:
    citation = rendering.turn_body(FakeAssistant().ask("Une question ?"))["citations"][0]
    assert "Aussi dans" not in unescape(markup.citation_source(1, citation))
    twin: AlsoInBody = {
        "document_id": "d-2",
        "title": "Le même <b>exposé</b>, à Lyon",
        "url": None,
        "source": "lyon.pptx",
        "locator": {"type": "slide", "value": "3", "label": "diapositive 3"},
    }
    html = markup.citation_source(1, {**citation, "also_in": [twin]})
    assert "Aussi dans\u00a0: Le même <b>exposé</b>, à Lyon" in unescape(html)
    assert "<b>" not in html


def test_the_passages_found_have_ids_that_no_marker_opens() -> None:
    html = markup.found(1, [rendering.hit_body(hit) for hit in HITS])
    assert html.count("<details") == len(HITS)
    assert 'id="m1-p1"' in html and markup.source_id(1, 1) not in html


def test_a_conversation_is_carried_away_at_an_address_that_nothing_escapes_from() -> None:
    html = markup.tools('a"/../b', "2027-02-21")
    assert 'href="/v1/conversations/a%22%2F..%2Fb/export?format=docx"' in html
    assert "21 février 2027" in html


def test_who_asks_is_shown_with_the_way_to_change_it_or_not_at_all() -> None:
    assert markup.asker("") == ""
    html = markup.asker("Commune de <b>800</b> habitants")
    assert 'href="#profile"' in html and "<b>" not in html


def test_the_foot_names_the_rooms_it_is_given() -> None:
    html = markup.footer(["/confidentialite"])
    assert 'href="/confidentialite"' in html and "/poste" not in html


def test_an_abstention_that_was_not_kept_does_not_say_that_it_is_noted() -> None:
    turn = Turn("t", "s", "Quoi ?", "Quoi ?", ABSTENTION)
    _, after = markup.beside_answer(1, rendering.turn_body(turn))
    assert markup.safe(messages.CHAT_GAP_NOTED) in after and markup.safe(messages.CHAT_HINT) in after
    _, after = markup.beside_answer(1, rendering.turn_body(replace(turn, notes=(Note("not_kept"),))))
    assert markup.safe(messages.CHAT_GAP_NOTED) not in after
