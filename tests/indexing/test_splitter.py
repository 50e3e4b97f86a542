"""From sections to passages, and from passages to units."""

from collections import Counter

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from corpus import Document, Locator, Metadata
from corpus.cleaning import GAP
from corpus.parsers.text import parse_text
from corpus.sections import Line, LineKind, sections_of
from indexing import Passage
from indexing.splitter import MAX_CHARACTERS, MAX_TOKENS, MAX_UNIT, split_document

SENTENCE = "La commune {} réunit les habitants puis le conseil tranche. "
# A heading and a lead-in are repeated on top of what a passage may hold.
LONGEST = 2 * MAX_CHARACTERS


def document(text: str, name: str = "guide") -> Document:
    return Document(name, f"{name}.md", Metadata("Guide"), parse_text(text))


def split(text: str) -> list[Passage]:
    return split_document(document(text))


def said(passage: Passage) -> list[str]:
    return [passage.text[unit.start : unit.end] for unit in passage.units]


def sentences(text: str) -> list[str]:
    """The units of a paragraph below a heading."""
    return said(split(f"# Guide\n\n{text}")[0])[1:]


# Passages


def test_a_section_that_fits_is_one_passage() -> None:
    passages = split("# Guide\n\nAccueil.\n\n## Aides\n\nLa commune aide.\n\n- un local\n- un prêt")
    assert [passage.text for passage in passages] == [
        "Guide\nAccueil.",
        "Aides\nLa commune aide.\nun local\nun prêt",
    ]
    assert [passage.position for passage in passages] == [0, 1]


def test_a_passage_knows_its_headings_and_where_it_stands() -> None:
    passage = split("# Guide\n\nAccueil.\n\n## Aides\n\nLa commune aide.")[1]
    assert passage.heading == ("Guide", "Aides")
    assert passage.locator.value == "aides"
    assert passage.document_id == "guide"


def test_a_passage_stands_on_the_page_of_its_own_words_not_on_that_of_its_repeated_heading() -> None:
    lines = [Line("heading", "Aides", 1, at=Locator("page", "2", "page 2"))]
    lines += [Line("paragraph", SENTENCE.format(n) * 12, at=Locator("page", str(n), f"page {n}")) for n in (2, 3, 4)]
    passages = split_document(Document("guide", "guide.pdf", Metadata("Guide"), sections_of(lines)))
    assert all(passage.text.startswith("Aides\n") for passage in passages)
    assert [passage.locator.value for passage in passages] == ["2", "3", "4"]


def test_what_the_model_reads_as_many_tokens_is_cut_sooner() -> None:
    rows = "\n".join(f"| {n} | 12 345 678 | 98 765 432 |" for n in range(30))
    source = document(f"# Budget\n\nAccueil.\n\n## Montants\n\n| année | recettes | dépenses |\n|---|---|---|\n{rows}")

    def count_digits(text: str) -> int:
        return sum(map(str.isdigit, text))

    assert all(count_digits(passage.text) <= MAX_TOKENS for passage in split_document(source, count_digits))
    assert len(split_document(source, count_digits)) > len(split_document(source))
    said = " ".join(passage.text for passage in split_document(source, count_digits))
    assert all(f"{n} | 12 345 678" in said for n in range(30))


def test_a_long_section_is_cut_and_repeats_its_heading() -> None:
    text = "\n\n".join(SENTENCE.format(n) * 5 for n in range(12))
    passages = split(f"# Guide\n\nAccueil.\n\n## Aides\n\n{text}")[1:]
    assert len(passages) > 2
    assert all(passage.text.startswith("Aides\n") for passage in passages)
    assert all(len(passage.text) <= MAX_CHARACTERS + 20 for passage in passages)


def test_a_cut_list_repeats_its_lead_in() -> None:
    items = "\n".join(f"- {SENTENCE.format(n)}" for n in range(40))
    passages = split(f"# Guide\n\nAccueil.\n\n## Aides\n\nLa commune apporte :\n\n{items}")[1:]
    assert len(passages) > 2
    for passage in passages:
        assert passage.text.startswith("Aides\nLa commune apporte :\n")
        lead = passage.units[-1].lead
        assert lead is not None
        assert passage.text[slice(*lead)] == "La commune apporte :"


def test_a_cut_table_repeats_its_header() -> None:
    rows = "\n".join(f"| Poste numéro {n} de la régie | {n} 000 € par an |" for n in range(60))
    passages = split(f"# Guide\n\nAccueil.\n\n## Budget\n\n| Poste | Montant |\n|---|---|\n{rows}")[1:]
    assert len(passages) > 2
    assert all(passage.text.startswith("Budget\nPoste | Montant\n") for passage in passages)


def test_a_long_paragraph_above_a_list_is_not_repeated_with_each_item() -> None:
    paragraph = " ".join(SENTENCE.format(n).strip() for n in range(40))
    items = "\n".join(f"- une aide numéro {n} pour les associations" for n in range(40))
    section = document(f"# Guide\n\nAccueil.\n\n## Aides\n\n{paragraph} Les aides :\n\n{items}")
    passages = split_document(section)
    assert all(len(passage.text) <= LONGEST for passage in passages)
    assert sum(len(passage.text) for passage in passages) < 2 * sum(len(part.text) for part in section.sections)


@pytest.mark.parametrize("text", [", ".join(["une commune"] * 400), "a" * 4000], ids=["no full stop", "no space"])
def test_even_a_paragraph_without_sentences_is_cut(text: str) -> None:
    assert max(len(passage.text) for passage in split(text)) <= LONGEST


def test_a_passage_that_skips_text_has_a_gap_there() -> None:
    text = "\n\n".join(SENTENCE.format(n) * 5 for n in range(6))
    passage = split(f"# Guide\n\nAccueil.\n\n## Aides\n\n{text}")[-1]
    assert len(passage.spans) == 2
    assert passage.gaps == (len("Aides\n"),)


def test_gaps_of_the_section_follow_into_the_passage() -> None:
    passage = split("# Guide\n\nVoir [le site](https://exemple.fr) demain.")[0]
    assert [passage.text[:gap] for gap in passage.gaps] == ["Guide\nVoir le site"]


# Ids


def test_ids_stay_from_one_run_to_the_next_and_are_distinct() -> None:
    text = "# Guide\n\n## Aides\n\nLa commune aide.\n\n## Contacts\n\nAppelez.\n\n## Aides\n\nLa commune aide."
    ids = [passage.id for passage in split(text)]
    assert ids == [passage.id for passage in split(text)]
    assert len(set(ids)) == len(ids)


def test_text_added_elsewhere_does_not_change_an_id() -> None:
    before = split(f"# Guide\n\n{SENTENCE * 5}\n\n## Aides\n\n{SENTENCE * 5}")
    after = split(f"# Guide\n\n{SENTENCE * 5}\n\n## Neuf\n\n{SENTENCE * 6}\n\n## Aides\n\n{SENTENCE * 5}")
    assert {passage.id for passage in before} < {passage.id for passage in after}


def test_the_same_text_in_two_documents_has_two_ids() -> None:
    ids = {split_document(document("Texte commun.", name))[0].id for name in ("un", "deux")}
    assert len(ids) == 2


# Units


def test_units_are_sentences_items_rows_and_headings() -> None:
    table = "| Poste | Prix |\n|---|---|\n| Eau | 3 € |"
    passage = split(f"# Guide\n\nAccueil.\n\n## Aides\n\nElle aide. Elle prête.\n\n- un local\n\n{table}")[1]
    assert [(unit.kind, text) for unit, text in zip(passage.units, said(passage), strict=True)] == [
        ("heading", "Aides"),
        ("sentence", "Elle aide."),
        ("sentence", "Elle prête."),
        ("item", "un local"),
        ("row", "Poste | Prix"),
        ("row", "Eau | 3 €"),
    ]
    assert passage.units[1].block == passage.units[2].block != passage.units[3].block


@pytest.mark.parametrize(
    "sentence",
    [
        "M. Durand et Mme. Petit signent.",
        "Voir l'art. 5 de la loi, p. 12.",
        "Elle compte 800 hab. Une moitié vote.",
        "Le projet de J. Martin coûte 1.500 €.",
        "Écoles, crèches, etc. Tout est dit.",
    ],
)
def test_an_abbreviation_does_not_end_a_sentence(sentence: str) -> None:
    assert sentences(sentence) == [sentence]


def test_french_sentences_are_parted() -> None:
    assert sentences("Qui vote ? Le conseil ! « Oui. » Puis le maire signe… Enfin, 12 élus partent. (Et après.)") == [
        "Qui vote ?",
        "Le conseil !",
        "« Oui. »",
        "Puis le maire signe…",
        "Enfin, 12 élus partent.",
        "(Et après.)",
    ]


def test_a_decimal_or_a_web_address_does_not_end_a_sentence() -> None:
    assert len(sentences("Il verse 3.5 millions via www.exemple.fr chaque année.")) == 1


def test_a_sentence_too_long_is_cut_at_its_punctuation() -> None:
    long = "; ".join(["la commune réunit les habitants et le conseil tranche"] * 18)
    units = sentences(long)
    assert len(units) > 1
    assert all(len(unit) <= MAX_UNIT for unit in units)
    assert units[0].endswith(";")


# Whatever the document

WORDS = [
    "la mairie",
    "de Saint-Rémy",
    "12 000",
    "art. 5,",
    "M. Durand.",
    "L'aide",
    "votée !",
    "« Oui. »",
    "élus ;",
    "régie,",
]
SAID = st.lists(st.sampled_from(WORDS), min_size=1, max_size=60).map(" ".join)
MARKS = st.sampled_from(["", "", "- ", "  - ", "| ", "1. ", "# ", "## ", "### "])
LINES = st.tuples(MARKS, SAID, st.sampled_from(["", "", " |", " :", "."])).map("".join)
TEXTS = st.lists(st.tuples(LINES, st.sampled_from(["\n", "\n\n"])).map("".join), min_size=1, max_size=30).map("".join)


@settings(max_examples=150, deadline=None)
@given(TEXTS)
def test_passages_are_verbatim_whole_and_bounded(text: str) -> None:
    assume(parse_text(text))
    source = document(text)
    passages = split_document(source)
    assert len({passage.id for passage in passages}) == len(passages)
    covered: list[set[int]] = [set() for _ in source.sections]
    for passage in passages:
        section = source.sections[passage.section].text
        assert "\n".join(section[start:end] for start, end in passage.spans) == passage.text
        assert len(passage.text) <= LONGEST
        covered[passage.section].update(*(range(start, end) for start, end in passage.spans))
    for number, section in enumerate(source.sections):
        lost = {at for at, letter in enumerate(section.text) if letter.isalnum()} - covered[number]
        assert not lost, section.text[min(lost) : max(lost) + 1]


@settings(max_examples=150, deadline=None)
@given(TEXTS)
def test_units_hold_every_letter_of_their_passage_once(text: str) -> None:
    assume(parse_text(text))
    for passage in split(text):
        units = said(passage)
        assert all(unit == unit.strip() != "" for unit in units)
        assert Counter(filter(str.isalnum, "".join(units))) == Counter(filter(str.isalnum, passage.text))
        ends = 0
        for unit in passage.units:
            assert ends <= unit.start
            ends = unit.end
            assert unit.lead is None or 0 <= unit.lead[0] < unit.lead[1] <= len(passage.text)


KINDS = st.sampled_from(["heading", "paragraph", "paragraph", "item", "row"])
PRINTED = st.lists(st.tuples(KINDS, st.integers(1, 60), st.booleans(), st.integers(0, 1)), min_size=1, max_size=12)


@settings(max_examples=100, deadline=None)
@given(PRINTED)
def test_passages_of_a_printed_document_are_verbatim_and_keep_its_gaps(
    shapes: list[tuple[LineKind, int, bool, int]],
) -> None:
    lines, page = [], 1
    for number, (kind, words, gap, turn) in enumerate(shapes):
        page += turn
        said = " ".join(f"mot{number}x{word}" for word in range(words if kind != "heading" else 4))
        at = Locator("page", str(page), f"page {page}")
        lines.append(Line(kind, f"{said} {GAP if gap else ''}fin{number}.", 1, at=at))
    source = Document("guide", "guide.pdf", Metadata("Guide"), sections_of(lines))
    for passage in split_document(source):
        section = source.sections[passage.section]
        assert "\n".join(section.text[start:end] for start, end in passage.spans) == passage.text
        offset = 0
        for start, end in passage.spans:
            inside = {offset + gap - start for gap in section.gaps if start < gap < end}
            assert inside <= set(passage.gaps)
            offset += end - start + 1
        places = {section.place(block.start) for block in section.blocks}
        assert passage.locator in places
