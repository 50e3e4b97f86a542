"""Lists of words masking reads: first and last names, and words that name no person."""

import tomllib
from functools import lru_cache
from importlib import import_module
from importlib.resources import files

from indexing import STOPWORDS, fold, zipf

# People of French communes bear names of all these; only their lists of names are read.
_FRENCH = ("fr_FR", "fr_BE", "fr_CH", "fr_CA")
_OTHERS = ("fr_DZ", "pt_PT", "es_ES", "it_IT", "pl_PL", "en_GB", "nl_BE", "de_DE", "tr_TR")


@lru_cache(maxsize=1)
def _tables() -> dict[str, dict[str, str]]:
    return tomllib.loads(files("assistant.masking").joinpath("words.toml").read_text(encoding="utf-8"))


@lru_cache
def words(table: str, name: str) -> frozenset[str]:
    """A list of folded words of words.toml."""
    return frozenset(_tables()[table][name].split())


@lru_cache(maxsize=1)
def phrases() -> frozenset[str]:
    """Names of organisations, folded, that hold a word like a first name."""
    return frozenset(line.strip() for line in _tables()["never"]["organisations"].splitlines() if line.strip())


@lru_cache(maxsize=1)
def french_first_names() -> frozenset[str]:
    """Folded first names that may stand alone."""
    return _faker("first_names", _FRENCH) | words("names", "first")


@lru_cache(maxsize=1)
def first_names() -> frozenset[str]:
    """Folded first names, of all origins."""
    return french_first_names() | _faker("first_names", _OTHERS)


@lru_cache(maxsize=1)
def last_names() -> frozenset[str]:
    """Folded last names: the most frequent of France and of its neighbours."""
    return _faker("last_names", (*_FRENCH, *_OTHERS)) | words("names", "last")


@lru_cache(maxsize=1)
def never_names() -> frozenset[str]:
    """Folded words that no name of a person holds, even with a capital."""
    lists = ("civilities", "roles", "institutions", "places", "time", "speech")
    return STOPWORDS.union(*(words("never", name) for name in lists))


def is_plain_word(bare: str, common: float) -> bool:
    """Whether a folded word is one of the language, at least as common as `common` on the Zipf scale."""
    return bare in STOPWORDS or zipf(bare) >= common


def _faker(attribute: str, locales: tuple[str, ...]) -> frozenset[str]:
    found: set[str] = set()
    for locale in locales:
        provider = import_module(f"faker.providers.person.{locale}").Provider
        found.update(fold(name) for name in getattr(provider, attribute, ()))
    return frozenset(name for name in found if len(name) > 2 and name.isascii())
