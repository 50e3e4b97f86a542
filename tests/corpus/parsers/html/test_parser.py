"""Web pages: what is kept of them, with which structure, and what they say of themselves."""

import pytest

from corpus.document import Section
from corpus.parsed import Parsed, Unreadable
from corpus.parsers.html.parser import parse_html

LONG = "Le conseil municipal accompagne les habitants, les producteurs et les associations qui veulent entreprendre. "
URL = "https://www.valmorel-sur-lene.fr/economie/epicerie"

PAGE = f"""<!DOCTYPE html>
<html lang="fr"><head><meta charset="utf-8">
<title>Reprise de l’épicerie | Commune de Valmorel</title>
<meta property="og:site_name" content="Commune de Valmorel">
<style>p {{ color: red }}</style><script>var mesure = "statistiques";</script></head>
<body class="page has-sidebar">
<a class="skip-link" href="#main">Aller au contenu</a>
<div id="tarteaucitronRoot"><p>Ce site utilise des cookies.</p>
<button>Tout accepter</button></div>
<header role="banner"><p>Bienvenue sur le site officiel</p>
<nav><ul><li><a href="/">Accueil</a></li><li><a href="/mairie">La mairie</a></li></ul></nav></header>
<div class="breadcrumb"><a href="/">Accueil</a> › <a href="/eco">Vie économique</a> › Épicerie</div>
<main id="contenu"><article>
<header><h1>Reprise de l’épicerie par une coopérative</h1>
<p>Publié le <time datetime="2024-03-12">12 mars 2024</time></p></header>
<p>{LONG * 3}</p>
<h2 id="etapes">Les étapes</h2>
<p>Trois étapes ont été suivies&nbsp;:</p>
<ol><li>une réunion publique en janvier&nbsp;;</li>
<li>une étude, avec&nbsp;:<ul><li>un diagnostic des besoins&nbsp;;</li><li>un plan de financement.</li></ul></li>
<li>la création de la société.</li></ol>
<section id="financement"><h2>Le financement</h2>
<table><caption>Plan de financement</caption>
<thead><tr><th>Origine</th><th>Détail</th><th>Part</th></tr></thead>
<tbody><tr><td rowspan="2">Public</td><td>Commune : 20 000 €</td><td>20 %</td></tr>
<tr><td>Région : 30 000 €</td><td>30 %</td></tr>
<tr><td>Habitants</td><td>50 000 €</td><td>50 %</td></tr></tbody></table>
<figure><img src="a.jpg" alt="façade"><figcaption>L’épicerie rénovée, place de l’Église.</figcaption></figure>
</section>
<h2><a name="contacts"></a>Contacts</h2>
<dl><dt>Secrétariat</dt><dd>01 23 45 67 89</dd><dt>Horaires</dt><dd>Du lundi au vendredi</dd></dl>
<p>Écrire à la <a href="/mairie">mairie</a>.</p>
<ul class="share"><li>Partager sur Facebook</li><li>Partager par courriel</li></ul>
<section><h2>À lire aussi</h2><ul><li><a href="/x">Le marché de producteurs s’installe au village</a></li>
<li><a href="/y">La crèche associative ouvre ses portes aux familles</a></li></ul></section>
</article><aside class="sidebar"><h2>Agenda</h2><p>Conseil municipal le 4 avril</p></aside></main>
<footer><p>Mairie, 1 place de l’Église. Mentions légales.</p></footer>
</body></html>"""


def read(page: str, url: str | None = URL) -> Parsed:
    return parse_html(page.encode(), url)


def page(main: str, head: str = "") -> str:
    body = f"<main><h1>Guide</h1>{main}</main>"
    return f"<!DOCTYPE html><html><head><meta charset=utf-8>{head}</head><body>{body}</body></html>"


def words(parsed: Parsed) -> str:
    return "\n".join(section.text for section in parsed.sections)


def blocks(section: Section) -> list[tuple[str, str]]:
    return [(block.kind, section.text[block.start : block.end]) for block in section.blocks]


def titled(parsed: Parsed, title: str) -> Section:
    return next(section for section in parsed.sections if section.title == title)


def gap_words(section: Section) -> list[str]:
    """The words that begin after each gap."""
    return [section.text[gap:].split()[0] for gap in section.gaps]


# The main text


def test_a_municipal_page_gives_its_text_under_its_headings() -> None:
    parsed = read(PAGE)
    assert [(section.path, section.title) for section in parsed.sections] == [
        ((), "Reprise de l’épicerie par une coopérative"),
        (("Reprise de l’épicerie par une coopérative",), "Les étapes"),
        (("Reprise de l’épicerie par une coopérative",), "Le financement"),
        (("Reprise de l’épicerie par une coopérative",), "Contacts"),
    ]
    assert LONG.strip() in parsed.sections[0].text
    assert titled(parsed, "Contacts").text.endswith("Écrire à la mairie.")


@pytest.mark.parametrize(
    "noise",
    ["cookies", "Tout accepter", "Aller au contenu", "La mairie\n", "site officiel", "Vie économique", "Partager",
     "À lire aussi", "crèche", "Agenda", "4 avril", "Mentions légales", "statistiques", "color"],
)  # fmt: skip
def test_menus_banners_and_links_to_other_pages_are_left_out(noise: str) -> None:
    assert noise not in words(read(PAGE))


def test_a_list_keeps_its_depth_and_its_lead_in() -> None:
    section = titled(read(PAGE), "Les étapes")
    said = [text for _, text in blocks(section)]
    leads = [None if block.lead is None else said[block.lead] for block in section.blocks]
    assert blocks(section)[1:] == [
        ("paragraph", "Trois étapes ont été suivies\u00a0:"),
        ("item", "une réunion publique en janvier\u00a0;"),
        ("item", "une étude, avec\u00a0:"),
        ("item", "un diagnostic des besoins\u00a0;"),
        ("item", "un plan de financement."),
        ("item", "la création de la société."),
    ]
    assert leads[2:] == [said[1], said[1], said[3], said[3], said[1]]


def test_a_table_is_rows_of_cells_with_its_header_first_and_its_caption_before() -> None:
    section = titled(read(PAGE), "Le financement")
    assert blocks(section)[1:] == [
        ("paragraph", "Plan de financement"),
        ("row", "Origine | Détail | Part"),
        ("row", "Public | Commune : 20 000 € | 20 %"),
        ("row", "Public | Région : 30 000 € | 30 %"),
        ("row", "Habitants | 50 000 € | 50 %"),
        ("paragraph", "L’épicerie rénovée, place de l’Église."),
    ]
    assert {block.lead for block in section.blocks[3:6]} == {2}


def test_a_definition_stands_below_its_term() -> None:
    section = titled(read(PAGE), "Contacts")
    assert blocks(section)[1:3] == [("item", "Secrétariat"), ("item", "01 23 45 67 89")]
    assert section.blocks[2].lead == 1


def test_a_page_laid_out_with_tables_is_read_as_paragraphs() -> None:
    layout = f"<table><tr><td><h2>Accueil</h2><p>{LONG * 3}</p></td><td><p>{LONG}</p></td></tr></table>"
    assert {kind for section in read(page(layout)).sections for kind, _ in blocks(section)} == {"heading", "paragraph"}


def test_text_in_bare_boxes_with_line_breaks_is_kept() -> None:
    main = f"<p>{LONG * 3}</p><div>Mairie<br>1, place de l’Église<br><br>Ouverte le samedi.</div><p>{LONG}</p>"
    assert ("paragraph", "Mairie 1, place de l’Église") in blocks(read(page(main)).sections[0])
    assert ("paragraph", "Ouverte le samedi.") in blocks(read(page(main)).sections[0])


def test_lines_that_begin_with_a_dash_are_items() -> None:
    main = f"<p>{LONG * 3}</p><p>Il faut :<br>- un local ;<br>- un gérant.</p><p>{LONG}</p>"
    assert [text for kind, text in blocks(read(page(main)).sections[0]) if kind == "item"] == [
        "un local ;",
        "un gérant.",
    ]


def test_folded_questions_are_sections() -> None:
    folds = "".join(f"<details><summary>Question {n} ?</summary><p>{LONG * 2}</p></details>" for n in (1, 2))
    buttons = (
        f"<h2><button aria-expanded='false'>Qui décide ?</button></h2><div class='fr-collapse'><p>{LONG}</p></div>"
    )
    parsed = read(page(f"<p>{LONG}</p>{folds}{buttons}"))
    assert [section.title for section in parsed.sections] == ["Guide", "Question 1 ?", "Question 2 ?", "Qui décide ?"]


def test_typography_and_signs_of_markdown_stay() -> None:
    said = "« L’œuvre » coûte 1\u202f500\u00a0€ : *important*, _souligné_, `code`, [lien](adresse), # dièse, a &lt; b."
    text = read(page(f"<p>{said}</p><p>{LONG * 3}</p>")).sections[0].text
    assert said.replace("&lt;", "<") in text


def test_words_cut_by_tags_are_whole_and_superscripts_stay_with_their_number() -> None:
    main = f"<p>Le 1<sup>er</sup> ad<b>joint</b> si<wbr>gne\nla   convention.</p><p>{LONG * 3}</p>"
    assert "Le 1er adjoint signe la convention." in read(page(main)).sections[0].text


def test_an_aside_of_the_article_is_kept_one_of_links_is_not() -> None:
    box = "<aside class='encadre'><p>À noter : la délibération doit être motivée.</p></aside>"
    links = "<aside><a href='/a'>Le budget de la commune</a> <a href='/b'>Les travaux</a></aside>"
    text = words(read(page(f"<p>{LONG * 3}</p>{box}{links}<p>{LONG}</p>")))
    assert "À noter : la délibération doit être motivée." in text
    assert "Les travaux" not in text


def test_a_section_named_after_what_is_shared_is_no_sharing_button() -> None:
    main = f"<section id='habitat-partage' class='lien-social'><h2>Habitat partagé</h2><p>{LONG * 5}</p></section>"
    assert LONG.strip() in titled(read(page(f"<p>{LONG}</p>{main}")), "Habitat partagé").text


def test_a_form_around_the_whole_page_does_not_hide_it() -> None:
    body = f"<html><body><form id='aspnetForm'><h1>Guide</h1><p>{LONG * 4}</p></form></body></html>"
    assert LONG.strip() in words(read(body))


@pytest.mark.parametrize(
    "hidden",
    ["<p hidden>secret</p>", "<p style='display: none'>secret</p>", "<p style='VISIBILITY:hidden'>secret</p>",
     "<div aria-hidden='true'>secret</div>", "<span class='sr-only'>secret</span>", "<script>secret</script>",
     "<noscript>secret</noscript>", "<template><p>secret</p></template>", "<!-- secret -->",
     "<textarea>secret</textarea>",
     "<select><option>secret</option></select>", "<svg><text>secret</text></svg>", "<style>secret</style>"],
)  # fmt: skip
@pytest.mark.parametrize("length", [0, 4])
def test_what_a_visitor_does_not_see_is_never_text(hidden: str, length: int) -> None:
    text = words(read(page(f"<p>Un mot du maire.</p><p>{LONG * length}</p>{hidden}<p>Suite du mot.</p>")))
    assert "secret" not in text
    assert "Un mot du maire." in text and "Suite du mot." in text


def test_no_excerpt_runs_across_what_was_left_out() -> None:
    main = (
        f"<p>{LONG * 3}</p><p>Le local est loué<span class='sr-only'>nouvelle fenêtre</span> par la commune"
        f"<sup><a href='#n1'>1</a></sup>, puis vendu.</p><nav>Dans ce dossier</nav><p>Ensuite, {LONG}</p>"
    )
    section = read(page(main)).sections[0]
    assert "Le local est loué par la commune, puis vendu." in section.text
    assert gap_words(section) == ["par", ",", "Ensuite,"]


def test_a_page_the_extractor_makes_nothing_of_gives_its_own_text() -> None:
    main = "<main><h1>Mairie</h1><p>Fermée le lundi.</p></main>"
    short = f"<html><body><nav>Menu</nav>{main}<div>Hors sujet</div></body></html>"
    assert words(read(short)) == "Mairie\nFermée le lundi."


def test_a_title_said_twice_is_said_once() -> None:
    main = (
        f"<h2>Aides</h2><h2>Aides</h2><p>{LONG * 3}</p><table><tr><td>Oui<td>Non<tr><td>Oui<td>Non</table><p>{LONG}</p>"
    )
    section = titled(read(page(main)), "Aides")
    assert section.text.count("Aides") == 1
    assert section.text.count("Oui | Non") == 2


@pytest.mark.parametrize("body", ["", "  \n", "<html></html>", "<p>***</p>", "<html><body><img src=a></body></html>"])
def test_a_page_without_words_has_no_section(body: str) -> None:
    assert read(body).sections == ()


# Anchors


@pytest.mark.parametrize(
    ("heading", "anchor"),
    [
        ("<h2 id='aide'>Aides</h2>", "aide"),
        ("<h2><a name='aide'></a>Aides</h2>", "aide"),
        ("<h2><span id='aide'>Aides</span></h2>", "aide"),
        ("<a name='aide'></a><h2>Aides</h2>", "aide"),
        ("<p><a id='aide'></a></p><h2>Aides</h2>", "aide"),
        ("<section id='aide'><h2>Aides</h2></section>", "aide"),
        ("<section id='aide'><div class='titre'><h2>Aides</h2></div></section>", "aide"),
        ("<h2 id='aide'>Aides <a class='headerlink' href='#aide'>¶</a></h2>", "aide"),
    ],
)
def test_a_section_is_found_again_by_the_anchor_of_its_heading(heading: str, anchor: str) -> None:
    locator = titled(read(page(f"<p>{LONG * 3}</p>{heading}<p>{LONG * 3}</p>")), "Aides").locator
    assert (locator.type, locator.value, locator.label) == ("section", anchor, "Aides")


@pytest.mark.parametrize(
    "before",
    [
        "<p id='autre'>Autre.</p><h2>Aides</h2>",
        "<div id='autre'><p>Autre.</p><h2>Aides</h2></div>",
        "<h2 id='a b'>Aides</h2>",
    ],
)
def test_the_anchor_of_something_else_is_not_that_of_a_heading(before: str) -> None:
    locator = titled(read(page(f"<p>{LONG * 3}</p>{before}<p>{LONG * 3}</p>")), "Aides").locator
    assert locator.value == "aides"  # its words, as for any text without anchors


def test_two_headings_of_one_name_keep_their_own_anchors() -> None:
    main = "".join(f"<h2 id='montant-{n}'>Montant</h2><p>{n}. {LONG * 3}</p>" for n in (1, 2))
    assert [section.locator.value for section in read(page(main)).sections if section.title == "Montant"] == [
        "montant-1",
        "montant-2",
    ]


# Encodings

ENCODED = "<html><head>{}</head><body><main><h1>Élus</h1><p>Le cœur de l’épicerie coûte 500 €.</p></main></body></html>"


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ("<meta charset='utf-8'>", "utf-8"),
        ("", "utf-8"),
        ("", "utf-8-sig"),
        ("", "utf-16"),
        ("", "cp1252"),
        ("<meta charset=iso-8859-1>", "cp1252"),
        ("<meta http-equiv='Content-Type' content='text/html; charset=windows-1252'>", "cp1252"),
        ("<meta charset='iso-8859-15'>", "iso-8859-15"),
        ("<meta charset='utf-8'>", "cp1252"),
        ("<meta charset='inconnu-9'>", "utf-8"),
        ("<meta charset='utf-7'>", "utf-8"),
    ],
)
def test_a_page_is_read_in_its_encoding(declared: str, encoding: str) -> None:
    text = ENCODED.format(declared)
    said = "Élus\nLe cœur de l’épicerie coûte 500 €."
    if encoding == "iso-8859-15":
        text, said = text.replace("’", "'"), said.replace("’", "'")
    assert words(parse_html(text.encode(encoding))) == said


def test_an_xhtml_page_with_its_declaration_is_read() -> None:
    text = '<?xml version="1.0" encoding="ISO-8859-1"?>\n<!DOCTYPE html>' + ENCODED.format("")
    assert "coûte" in words(parse_html(text.encode("cp1252")))


def test_one_bad_byte_does_not_spoil_the_accents() -> None:
    raw = page(f"<p>{LONG * 3}</p><p>Délibération</p><p>{LONG}</p>").encode() + b"<p>\xff</p>"
    assert "Délibération" in words(parse_html(raw))


@pytest.mark.parametrize("raw", [b"\x89PNG\r\n\x1a\n" + bytes(range(32)) * 20, b"\x00\x01\x02" * 100])
def test_bytes_that_are_no_text_are_refused(raw: bytes) -> None:
    with pytest.raises(Unreadable) as caught:
        parse_html(raw)
    assert caught.value.code == "wrong_format"


# What the page says of itself


def stated(head: str, main: str = f"<p>{LONG * 3}</p>", url: str | None = URL) -> dict[str, str]:
    return dict(read(page(main, head), url).stated)


def test_a_page_states_its_title_publisher_date_and_address() -> None:
    head = """<link rel="canonical" href="https://www.valmorel-sur-lene.fr/epicerie">
    <script type="application/ld+json">{"@context": "https://schema.org", "@graph": [
      {"@type": "WebSite", "name": "Site"},
      {"@type": "WebPage", "datePublished": "2020-01-01"},
      {"@type": ["NewsArticle"], "headline": "L’épicerie rouvre", "datePublished": "2024-03-12T08:00:00+01:00",
       "publisher": {"@type": "Organization", "name": "Commune de Valmorel"}}]}</script>"""
    parsed = read(page(f"<p>{LONG}</p>", head))
    assert parsed.stated == {
        "title": "L’épicerie rouvre",
        "publisher": "Commune de Valmorel",
        "published": "2024-03-12",
        "url": "https://www.valmorel-sur-lene.fr/epicerie",
    }
    assert parsed.produced is None


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("<meta property='og:title' content='L’épicerie'><title>Autre</title>", "L’épicerie"),
        ("<meta property='og:title' content='Prêt - Site'><meta property='og:site_name' content='Site'>", "Prêt"),
        ("<meta property='og:title' content='L’épicerie - un bilan'>", "L’épicerie - un bilan"),
        ("<title>L’épicerie | Ville de Valmorel</title>", "Guide"),
    ],
)  # fmt: skip
def test_the_title_is_that_of_the_page_without_the_name_of_the_site(head: str, title: str) -> None:
    assert stated(head)["title"] == title


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("L’épicerie | Ville de Valmorel", "L’épicerie"),
        ("L’épicerie - Aides - Valmorel", "L’épicerie - Aides"),
        ("Seul", "Seul"),
    ],
)
def test_without_a_heading_the_title_of_the_window_counts(title: str, said: str) -> None:
    text = f"<html><head><title>{title}</title></head><body><p>{LONG * 3}</p></body></html>"
    assert read(text).stated["title"] == said


@pytest.mark.parametrize(
    ("head", "main", "date"),
    [
        ("<meta property='article:published_time' content='2023-11-05T10:00:00Z'>", "", "2023-11-05"),
        ("<meta name='DC.date' content='2023-11'>", "", "2023-11"),
        ("<meta name='date' content='2023'>", "", "2023"),
        ("<meta name='dcterms.issued' content='05/11/2023'>", "", "2023-11-05"),
        ("<meta name='date' content='2023-02-31'>", "", None),
        ("<meta name='date' content='bientôt'>", "", None),
        ("<meta property='article:modified_time' content='2023-11-05'>", "", None),
        ("", "<p>Publié le <time datetime='2024-03-12T09:00'>12 mars</time></p>", "2024-03-12"),
        ("", "<time itemprop='datePublished' datetime='2024-03-12'>12 mars</time>", "2024-03-12"),
        ("", "<p>Mis à jour le <time datetime='2024-03-12'>12 mars</time></p>", None),
        ("", "<p>La fête a lieu le <time datetime='2024-07-14'>14 juillet</time></p>", None),
        ("", "<p>© 2019-2026 Commune de Valmorel</p>", None),
    ],
)
def test_a_date_of_publication_is_one_the_page_states(head: str, main: str, date: str | None) -> None:
    assert stated(head, f"{main}<p>{LONG * 3}</p>").get("published") == date


@pytest.mark.parametrize(
    ("target", "url", "kept"),
    [
        ("https://valmorel-sur-lene.fr/a", URL, True),
        ("https://ailleurs.fr/a", URL, False),
        ("/a", URL, False),
        ("javascript:alert(1)", URL, False),
        ("https://valmorel-sur-lene.fr/a", None, True),
    ],
)
def test_the_canonical_address_counts_on_the_host_of_the_page(target: str, url: str | None, kept: bool) -> None:
    assert stated(f"<link rel='canonical' href='{target}'>", url=url).get("url") == (target if kept else None)


@pytest.mark.parametrize("data", ["{", "[" * 50_000, "null", '{"@type": 3, "publisher": [1]}', '[[{"@graph": "x"}]]'])
def test_broken_linked_data_is_passed_over(data: str) -> None:
    assert stated(f"<script type='application/ld+json'>{data}</script>")["title"] == "Guide"


# Hostile pages


@pytest.mark.parametrize("tag", ["<div>", "<ul><li>", "<table><tr><td>", "<blockquote>", "<section>"])
def test_a_page_nested_fifty_thousand_deep_is_refused(tag: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read(f"<html><body>{tag * 50_000}<p>{LONG}</p></body></html>")
    assert caught.value.code == "unsafe"


def test_unclosed_formatting_loses_no_text() -> None:
    assert LONG.strip() in words(read(f"<html><body>{'<font color=red>' * 400}<p>{LONG * 3}</p>"))


@pytest.mark.parametrize(
    "body",
    [
        f"<p>{LONG * 5}</p><p>a <b>b <i>c <table><tr><td>d<ul><li>e",
        f"<p>{LONG * 5}</p></div></div></table><td>x</td><li>y",
        f"<p>{LONG * 5}</p><!-- {LONG * 1000}",
        f"<div class='{'x-' * 1_000_000}'><p>{LONG * 5}</p></div>",
        f"<p>{LONG * 5}</p>{'<nav>menu</nav>' * 5_000}",
        f"<p>{LONG * 5}</p><table>{'<td rowspan=99999 colspan=99999>x</td>' * 300}<tr><td>a<td>b</table>",
        f"<p>{LONG * 5}</p>{'<p>mot</p>' * 6_000}",
        f"<p>{LONG * 5}</p>\x00\x0b&#0;&#x10FFFF;&#xE000;\ue000",
    ],
)
def test_a_malformed_page_gives_what_it_says(body: str) -> None:
    assert LONG.strip() in words(read(f"<html><body>{body}"))


def test_a_tag_of_countless_attributes_is_refused_at_once() -> None:
    attributes = " ".join(f'a{number}="v > {number}"' for number in range(100_000))
    with pytest.raises(Unreadable):
        read(f"<html><body><div {attributes}><p>{LONG}</p></div></body></html>")
