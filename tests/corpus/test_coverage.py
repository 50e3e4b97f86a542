"""What a set of documents covers, counted by kind."""

from corpus import KINDS, UNNAMED, Metadata, coverage

DOCUMENTS = [
    Metadata("La SCIC", "regle", statuses=("scic",), themes=("capital", "cooperation")),
    Metadata("ERE 43", "experience", statuses=("scic", "association"), themes=("bois",)),
    Metadata("Le DLA", "appui", roles=("partenaire",), themes=("bois",)),
]


def test_documents_are_counted_by_kind_and_no_kind_is_left_out() -> None:
    kinds = coverage(DOCUMENTS).kinds
    assert tuple(kinds) == KINDS
    assert {kind: count for kind, count in kinds.items() if count} == {"regle": 1, "experience": 1, "appui": 1}


def test_a_document_counts_once_for_each_status_and_theme_it_names() -> None:
    covered = coverage(DOCUMENTS)
    assert (covered.statuses["scic"]["regle"], covered.statuses["scic"]["experience"]) == (1, 1)
    assert covered.statuses["association"]["experience"] == 1
    assert sum(covered.themes["bois"].values()) == 2


def test_the_most_frequent_comes_first_and_what_names_none_last() -> None:
    covered = coverage(DOCUMENTS)
    assert list(covered.themes) == ["bois", "capital", "cooperation"]
    assert list(covered.roles) == ["partenaire", UNNAMED]
    assert list(covered.statuses) == ["scic", "association", UNNAMED]


def test_nothing_covers_nothing() -> None:
    assert (sum(coverage([]).kinds.values()), coverage([]).themes) == (0, {})
