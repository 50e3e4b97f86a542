"""What a page holds beside its text: scripts, hidden parts, menus, cookie banners, sharing and related links.

Every rule that drops words is here. GAP takes the place of what is dropped, so that no excerpt runs across it.
"""

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from corpus.cleaning import GAP, clean_characters, line_key
from corpus.parsers.html.blocks import Block
from corpus.parsers.html.words import GONE, HEADINGS, letters, link_share

# Never text for a reader, whatever the page.
_UNSEEN = (
    "script", "style", "noscript", "template", "head", "svg", "math", "iframe", "object", "embed", "audio", "video",
    "canvas", "map", "select", "datalist", "textarea", "input", "dialog", "applet", "frameset", "rp",
)  # fmt: skip
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_HIDDEN_CLASS = {
    "sr-only",
    "fr-sr-only",
    "visually-hidden",
    "screen-reader-text",
    "element-invisible",
    "d-none",
    "hidden",
}
_MENU_ROLES = {
    "navigation", "banner", "contentinfo", "search", "dialog", "alertdialog", "complementary", "menu", "menubar",
    "toolbar",
}  # fmt: skip
# Names that are furniture wherever they stand, unless they hold half the page ("page-with-sidebar").
_FURNITURE = re.compile(
    r"(?:^|[\s_-])(?:cookies?|consent|tarteaucitron\w*|rgpd|gdpr|bread-?crumbs?|fil-?d-?ariane|filariane|ariane|newsletter|"
    r"sidebar|pagination|skip-?links?|evitement|navbar|site-(?:header|footer)|footer|share|sharing|addtoany\w*|"
    r"social-(?:links|share|media|icons|networks)|reseaux-sociaux|partager)(?:$|[\s_-])",
    re.I,
)
# Names that are also words of the trade (habitat partagé, lien social): furniture only when small or made of links.
_MAYBE = re.compile(
    r"(?:^|[\s_-])(?:partage|social|menu|nav|toc|sommaire|related|similaires?|lire-aussi|voir-aussi|print|imprimer|tags|retour|"
    r"toolbar|widget)(?:$|[\s_-])",
    re.I,
)
_SMALL = 400
_LONGEST_NAME = 500
_ALSO = re.compile(
    r"(?:a )?(?:lire|voir) (?:aussi|egalement)|sur le meme (?:theme|sujet)|dans la meme rubrique|suivez nous.*|"
    r"articles? (?:similaires?|lies?|recents?)|ces (?:contenus|articles) .*interesser|plus d (?:actualites|articles)|"
    r"partager?(?: (?:cette|la|cet|l|sur)\b.*)?|(?:actualites|contenus|pages) (?:associees?|liees?|lies|similaires?)"
)
_GESTURE = re.compile(
    r"partager(?: (?:cette|la|cet|l|sur|par)\b.*)?|imprimer(?: (?:cette|la) page)?|lien copie|copier le lien|"
    r"(?:retour (?:en )?|revenir en )?haut(?: de (?:la )?page)?|retour(?: a la liste)?|"
    r"aller au (?:contenu|menu|pied de page).*"
)
_USED = frozenset(["id", "class", "role", "style", "hidden", "aria-hidden", "href", "name", "rowspan", "colspan"])
_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]")  # icon fonts draw their pictures there


def clean_tree(tree: HtmlElement) -> None:
    """Clean the characters of a tree in place, and take out what is no text of the page."""
    for node in tree.iter():
        node.text, node.tail = _clean(node.text), _clean(node.tail)
        # What reads and copies the tree takes time by the square of the attributes.
        for name in [name for name in node.attrib if name not in _USED] if len(node.attrib) > 8 else ():
            del node.attrib[name]
    for node in list(tree.iter(*_UNSEEN)):
        # A script in a sentence drops no word a reader saw.
        _drop(node, mark=False)
    # A layout may wrap the whole page in what looks like furniture: nothing that holds half of it goes.
    half = letters(tree.find("body") if tree.find("body") is not None else tree) / 2
    for node in list(_furniture(tree)):
        if node.getparent() is not None and (_is_hidden(node) or letters(node) <= half):
            _drop(node, mark=not (node.tag == "a" and not any(map(str.isalnum, node.text_content()))))
    for node in list(tree.iter("aside", "form", "header")):
        node.tag = "div"


def _clean(text: str | None) -> str | None:
    return _PRIVATE.sub("", clean_characters(text)) if text else None


def _furniture(tree: HtmlElement) -> Iterator[HtmlElement]:
    for node in tree.iter():
        if node.tag in ("html", "body", "main") or not isinstance(node.tag, str):
            continue
        if _is_hidden(node) or _is_menu(node) or _is_mark(node):
            yield node


def _is_hidden(node: HtmlElement) -> bool:
    # hidden="until-found" is folded text that a search in the page opens.
    hidden = node.get("hidden") is not None and node.get("hidden") != "until-found"
    return (
        hidden
        or node.get("aria-hidden") == "true"
        or bool(_HIDDEN_STYLE.search(node.get("style") or ""))
        or bool(_HIDDEN_CLASS.intersection((node.get("class") or "").split()))
    )


def _is_menu(node: HtmlElement) -> bool:
    inside = any(parent.tag in ("main", "article") for parent in node.iterancestors())
    if node.tag in ("nav", "menu", "footer") or node.get("role") in _MENU_ROLES:
        return not (node.tag == "footer" and any(parent.tag == "blockquote" for parent in node.iterancestors()))
    if node.tag == "header":
        return not inside
    if node.tag == "form":
        return True
    if node.tag == "button":
        # The folds of a page are opened by buttons in their headings.
        return not any(parent.tag in (*HEADINGS, "summary") for parent in node.iterancestors())
    if node.tag in HEADINGS or node.tag in ("a", "p", "td", "tr", "th", "article"):
        return False
    name = f"{(node.get('class') or '')[:_LONGEST_NAME]} {(node.get('id') or '')[:_LONGEST_NAME]}"
    if _FURNITURE.search(name):
        return True
    if node.tag == "aside":
        # An aside of the article is a box beside its text; one outside it, or made of links, leads elsewhere.
        return not inside or link_share(node) > 0.5 or bool(_MAYBE.search(name))
    return bool(_MAYBE.search(name)) and (letters(node) <= _SMALL or link_share(node) > 0.5)


def _is_mark(node: HtmlElement) -> bool:
    """A link drawn as a sign beside a heading (¶, #), or the call of a footnote."""
    if node.tag == "a":
        return (
            (node.get("href") or "").startswith("#") and 0 < len(node.text_content().strip()) <= 2 and not letters(node)
        )
    links = node.findall("a") if node.tag == "sup" else []
    return bool(links) and all((link.get("href") or "").startswith("#") for link in links)


def _drop(node: HtmlElement, *, mark: bool) -> None:
    """Empty a node, leaving GAP in it when words went.

    It stays in the tree: moving the text behind thousands of nodes to the one before takes time by their square.
    """
    gap = GAP if mark and letters(node) else None
    node.clear(keep_tail=True)
    node.tag, node.text = GONE, gap


def without_related(blocks: list[Block]) -> list[Block]:
    """Drop « à lire aussi » and « partager » with the links below them, and lines that are only such a gesture."""
    kept: list[Block] = []
    under: int | None = None  # the level of the heading whose links are being dropped
    gap = False
    for block in blocks:
        key, line = line_key(block.line.text), block.line
        heading = line.kind == "heading"
        if under is not None and ((heading and line.level <= under) or (not heading and not _leads_away(block))):
            under = None
        if under is None and (heading or line.kind == "paragraph") and _ALSO.fullmatch(key) and len(line.text) <= 60:
            under = line.level if heading else 6
        elif under is None and not (line.kind != "row" and _GESTURE.fullmatch(key)):
            line.gap_before |= gap
            gap = False
            kept.append(block)
            continue
        gap = True
    return kept


def _leads_away(block: Block) -> bool:
    return block.linked > 0.6 or len(block.line.text) <= 25
