"""One document belongs to one source: which, and what happens when another takes it."""

from corpus.holdings import Holdings
from corpus.registry import Item, Registry
from corpus.sources import Source

FOLDER = Source("folder", "/data", "folder", "/data")
OTHER = Source("other", "/data/", "folder", "/data")
FILE = Source("file", "/data/eau.md", "file", "/data")
EAU = Item("eau.md", "eau-1", published=True)
BOIS = Item("bois.md", "bois-1", published=True)


def registry(*held: tuple[Source, Item]) -> Registry:
    items: dict[str, dict[str, Item]] = {}
    for source, item in held:
        items.setdefault(source.id, {})[item.name] = item
    return Registry("s", {source.id: source for source, _ in held}, items)


def test_a_file_named_alone_outranks_the_folder_that_holds_it() -> None:
    holdings = Holdings(registry((FOLDER, BOIS), (FILE, EAU)))
    assert holdings.elsewhere(FOLDER)("eau-1")
    assert not holdings.elsewhere(FILE)("eau-1")
    assert not holdings.elsewhere(FOLDER)("bois-1")


def test_between_two_folders_the_first_added_keeps_its_documents() -> None:
    holdings = Holdings(registry((FOLDER, EAU), (OTHER, BOIS)))
    assert holdings.elsewhere(OTHER)("eau-1")
    assert not holdings.elsewhere(FOLDER)("bois-1")


def test_a_document_taken_leaves_the_source_that_held_it() -> None:
    holdings = Holdings(registry((FOLDER, EAU), (FOLDER, BOIS)))
    holdings.keep(FILE, {EAU.name: EAU})
    after = holdings.registry()
    assert set(after.items_of(FOLDER.id)) == {"bois.md"}
    assert set(after.items_of(FILE.id)) == {"eau.md"}


def test_a_source_of_one_document_goes_with_it() -> None:
    removed = Item("eau.md", "eau-1", removed=True)
    holdings = Holdings(registry((FILE, removed)))
    assert holdings.elsewhere(FOLDER)("eau-1")
    assert not holdings.elsewhere(FOLDER, removed=False)("eau-1")
    holdings.keep(FOLDER, {EAU.name: EAU})
    assert list(holdings.registry().sources) == [FOLDER.id]
