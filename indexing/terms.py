"""French text to search terms: folded accents, elisions, Snowball stem; numbers and acronyms stay whole."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import Stemmer

_ELISION = re.compile(r"(?<![a-z0-9])(?:[ldjmtsnc]|qu|jusqu|lorsqu|puisqu|quoiqu|presqu|aujourd(?=hui))'")
_TOKEN = re.compile(
    r"\d{1,3}(?:[ .]\d{3})+(?!\d)"  # 12 000, 12.000
    r"|\d+(?:,\d+)?(?![a-z0-9])"
    r"|(?:[a-z]\.){2,}[a-z]?"  # s.c.i.c.
    r"|[a-z0-9]+"
)
_ACCENTS = re.compile("[\u0300-\u034e\u0350-\u036f]+")
_MAPPED = str.maketrans(
    {"œ": "oe", "æ": "ae", "’": "'", "‘": "'", "ʼ": "'", "\u00a0": " ", "\u202f": " ", "\u2009": " "}
)

# Words that say how something is asked, not what about: they never count as evidence.
STOPWORDS = frozenset(
    """
    a afin ai aie ainsi ait alors apres as au aucun aucune aussi autant autre autres aux avait avant avec avez
    avoir avons beaucoup bien bon c ca car ce ceci cela celle celles celui certain certaine certaines certains ces
    cet cette ceux chacun chaque chez ci comme comment d dans de dedans depuis des dessous dessus deux dit dite
    dites dois doit donc dont du durant elle elles en encore entre es est et etaient etait etant ete etes etre eu
    eux exactement fait faire fais faut font fois h hors hui i il ils j je jusqu jusque l la laquelle le lequel
    les lesquelles lesquels leur leurs lors lorsque lui m ma mais me meme memes mes mien moi moins mon n ne ni non
    nos notre notres nous nul on ont or ou par parce parmi pas pendant peu peut peuvent peux plupart plus
    plusieurs plutot pour pourquoi pourrait pourrions pres puis puisque qu quand que quel quelle quelles quelqu
    quelque quelques quels qui quoi s sa sans sauf se sera serait seront ses si sien soi soient soit sommes son
    sont sous suis suivant sur t ta tandis tant te tel telle telles tels tes toi ton toujours tous tout toute
    toutes tres trop tu un une va vais vers veut veux via voici voila vont vos votre vous vu y est-ce etc oui ok
    svp merci bonjour bonsoir monsieur madame stp quand combien lequel quelqu'un pouvez pourriez savoir sais savez
    dire dites-moi parlez parle parler expliquer expliquez connaitre connaissez voudrais voulais aimerais aimerait
    cherche cherchons besoin question demande demander quelle-est possible existe the of and to in is are was were
    which what who how when where why does do did can could you your with for from that this
    """.split()  # noqa: SIM905 - a list of words reads better as words
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word as it stands (folded), and the term that indexes it."""

    word: str
    term: str


def fold(text: str) -> str:
    """Lower case without accents, one kind of apostrophe and space; the length may change (œ becomes oe)."""
    lowered = text.lower()
    if lowered.isascii():
        return lowered
    # Nearly all marks of French are of the first block: the slow test is left for the others.
    bare = _ACCENTS.sub("", unicodedata.normalize("NFKD", lowered.translate(_MAPPED)))
    if not bare.isascii():
        bare = "".join(character for character in bare if not unicodedata.combining(character)).translate(_MAPPED)
    return bare


def tokens(text: str) -> list[Token]:
    """The words of a text in order, numbers and acronyms whole."""
    found = []
    for match in _TOKEN.finditer(_ELISION.sub(" ", fold(text))):
        word = match[0]
        word = re.sub(r"[ .]", "", word) if word[0].isdigit() else word.replace(".", "")
        found.append(Token(word, stem(word)))
    return found


def terms(text: str) -> list[str]:
    """The terms of a text in order, function words left out."""
    return [token.term for token in tokens(text) if token.word not in STOPWORDS]


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """The Snowball stem of a folded French word. Short words (acronyms too) and words with a digit stay whole."""
    if any(map(str.isdigit, word)):
        return word
    if len(word) >= 4 and word[-1] in "sx" and not word.endswith("ss"):
        # « élus » must meet « élu », and « pôles » « pôle », before the short are left whole.
        word = word[:-1]
    elif len(word) >= 7 and word.endswith("ent") and not word.endswith("ment"):
        # Snowball leaves the plural of verbs: « accompagnent » must meet « accompagne ».
        word = word[:-2]
    if len(word) <= 4:
        return word
    return str(_stemmer().stemWord(word))


@lru_cache(maxsize=1)
def _stemmer() -> Stemmer.Stemmer:
    return Stemmer.Stemmer("french")
