"""Whether two questions ask for the same thing: by their meaning, their words, what they want done and of what.

Vectors alone do not tell: « Comment créer une SCIC ? » is nearer to « Comment dissoudre une SCIC ? » than to
« monter une coopérative d'intérêt collectif, par où commencer ». So words that stand for one another count as shared,
and two wants, two things or two figures that exclude each other count against. `evals/grouping.py` measures it.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from assistant.question import Synonyms
from corpus import load_lexicon
from indexing import STOPWORDS, fold, stem, tokens, zipf

# What is wanted, by the words that say so; those of a line stand for one another.
WANTS: Mapping[str, str] = {
    "create": "creer creation monter ouvrir ouverture rouvrir reouverture lancer fonder demarrer constituer",
    "close": "dissoudre dissolution fermer fermeture liquider liquidation supprimer faillite depot",
    "leave": "sortir quitter retrait retirer",
    "join": "adherer adhesion entrer entree rejoindre integrer societaire devenir",
    "transform": "transformer transformation convertir conversion passer",
    "sell": "vendre vente vend ceder cession revente",
    "buy": "acheter achat acquerir acquisition preempter preemption",
    "lend": "preter prete gratuit gratuitement disposition",
    "rent": "louer location loue loyer bail fermage",
    "fund": "aide aides subvention subventions subventionner financer finance financement argent dotation",
    "cost": "cout couter coute prix budget tarif",
    "hire": "recruter recrutement embaucher embauche salarier salarie employe",
    "pay": "remunerer remuneration indemnite salaire interets dividendes",
    "train": "former formation",
    "help": "aider accompagner accompagnement accompagnateur conseiller",
    "define": "definition definir",
    "duration": "delai delais duree temps dure",
    "when": "quand annee date",
    "examples": "exemple exemples retour experience",
    "tax": "tva impot impots fiscal fiscale fiscalite",
    "insure": "assurance assurer couvert couverts accident responsabilite responsable",
    "evaluate": "evaluer evaluation mesurer mesure",
    "manage": "gerer gestion gere confier",
    "maintain": "entretenir entretien",
    "accounts": "comptable comptables comptes commissaire",
    "lead": "presider president presidence diriger directeur",
    "vote": "vote voter voix quorum",
    "change": "modifier reviser revision modification",
    "permit": "accord autoriser autorisation",
    "publish": "publier publication ligne",
    "number": "nombre combien montant somme eleve",
    "limit": "maximum maximale maximal max plafond limite minimum minimal seuil seuils",
}
# What it is about, where one excludes another.
THINGS: Mapping[str, str] = {
    "scic": "scic",
    "scop": "scop",
    "sem": "sem",
    "semop": "semop",
    "spl": "spl",
    "gip": "gip",
    "ptce": "ptce",
    "association": "association asso associatif associative",
    "regie": "regie",
    "region": "region regional",
    "departement": "departement departemental",
    "state": "etat prefet",
    "europe": "leader feder europe",
    "foundation": "fondation",
    "company": "sarl sas",
}
# Everybody here asks about these: that one question names them and the other does not says nothing.
EVERYBODY = "commune communes communal communale village villages mairie maire municipalite municipal municipale ville \
collectivite collectivites elu elus habitant habitants projet etape etapes demarche procedure faire lister liste"
QUANTITIES = frozenset({"cost", "duration", "limit", "pay", "fund", "rent"})
_EXAMPLES = re.compile(r"\bquel(?:le)?s (?:communes|villages|collectivites|territoires|villes)\b")
_NAME = re.compile(r"(?<=[\w,;:’'»)-] )(?:[ldLD][’'])?([A-ZÀ-Ý][a-zà-ÿ][\w-]+)")
LEAST_OF_A_SUBJECT = 0.4
SAME = 0.5
# Fitted on the half « dev » of evals/data/backlog_pairs.jsonl (logistic regression, C = 3).
WEIGHTS: Mapping[str, float] = {"cosine": 0.38, "shared": 2.71, "swapped": -3.25, "wants": 1.84}
BIAS = -0.74


@dataclass(frozen=True, slots=True)
class Need:
    """What a question says of the need behind it: its words (by term, with what each may stand for and its weight)."""

    sequence: tuple[str, ...]
    words: Mapping[str, float]
    meanings: Mapping[str, frozenset[str]]
    wants: frozenset[str]
    things: frozenset[str]
    figures: frozenset[str]
    names: frozenset[str]

    def is_subject(self, term: str) -> bool:
        """Whether a word says what the question is about rather than what is wanted of it."""
        wanted = any(meaning.startswith("want:") for meaning in self.meanings[term])
        return self.words[term] >= LEAST_OF_A_SUBJECT and not wanted


@lru_cache(maxsize=4096)
def read_need(question: str) -> Need:
    found = tokens(question)
    synonyms = _synonyms().of(question, found)
    wants, things = _by_term(WANTS), _by_term(THINGS)
    words: dict[str, float] = {}
    meanings: dict[str, frozenset[str]] = {}
    about: set[str] = set()
    for token in found:
        about |= {things[token.term]} if token.term in things else set()
        if token.word in STOPWORDS:
            continue
        others = synonyms.get(token.word, ())
        single = {next(iter(meant)) for meant in others if len(meant) == 1}
        about |= {things[term] for term in single if term in things and term != token.term and len(others) < 4}
        words[token.term] = _weight(token.word)
        if token.term in things:
            # The lexicon takes a SCOP for a cooperative, hence for a SCIC: a search may, this may not.
            meanings[token.term] = frozenset({f"thing:{things[token.term]}"})
            continue
        want = {f"want:{wants[token.term]}"} if token.term in wants else set()
        thing = {f"thing:{things[term]}" for term in single if term in things}
        phrases = {term for meant in others for term in meant if len(meant) > 1}
        meanings[token.term] = frozenset({token.term, *single, *want, *thing, *phrases})
    return Need(
        tuple(token.word for token in found),
        words,
        meanings,
        _wanted(question, {wants[token.term] for token in found if token.term in wants}),
        frozenset(about),
        frozenset(token.word for token in found if token.word[0].isdigit()),
        frozenset(fold(name) for name in _NAME.findall(question)),
    )


def _wanted(question: str, said: set[str]) -> frozenset[str]:
    if _EXAMPLES.search(fold(question)):
        # « Quelles communes ont créé… » asks who did, not how to.
        said = (said - {"create"}) | {"examples"}
    return frozenset(said - {"number"} if said & QUANTITIES else said)


def excludes(first: Need, second: Need) -> bool:
    """Whether each names a thing, a figure or a place where the other names another, or their subjects share nothing.

    Wanting the same of two subjects (« créer une ressourcerie », « créer une crèche ») is not the same need.
    """
    pairs = ((first.things, second.things), (first.figures, second.figures), (first.names, second.names))
    if any(left - right and right - left for left, right in pairs):
        return True
    subjects = [{term for term in need.words if need.is_subject(term)} for need in (first, second)]
    apart = [set(_unshared(*order)) for order in ((first, second), (second, first))]
    return all(subjects) and all(subject <= gone for subject, gone in zip(subjects, apart, strict=True))


def likeness(first: Need, second: Need, cosine: float) -> float:
    """The probability in [0, 1] that two questions, whose vectors have this cosine, ask for the same thing."""
    if excludes(first, second):
        return 0.0
    signals = compared(first, second, cosine)
    return 1 / (1 + math.exp(-BIAS - sum(WEIGHTS[name] * value for name, value in signals.items())))


def compared(first: Need, second: Need, cosine: float) -> dict[str, float]:
    """What tells that two questions ask for the same thing, or for two; each in about [-1, 1]."""
    left, right = _unshared(first, second), _unshared(second, first)
    shared = 1 - (_share(left, first) + _share(right, second)) / 2
    swapped = min(max(left.values(), default=0.0), max(right.values(), default=0.0))
    alike = SequenceMatcher(None, first.sequence, second.sequence, autojunk=False).ratio()
    return {
        "cosine": (cosine - 0.9) * 10,
        "shared": shared,
        # Said almost alike, but for a word on each side that does not stand for the other.
        "swapped": alike * swapped,
        "wants": _agreement(first.wants, second.wants),
    }


def _agreement(first: frozenset[str], second: frozenset[str]) -> float:
    """1 when the same is said, -1 when something else is, 0 when one of them says nothing."""
    if not first or not second:
        return 0.0
    return 2 * len(first & second) / len(first | second) - 1


def _unshared(need: Need, other: Need) -> dict[str, float]:
    meant = frozenset().union(*other.meanings.values())
    return {term: weight for term, weight in need.words.items() if not need.meanings[term] & meant}


def _share(part: Mapping[str, float], need: Need) -> float:
    return sum(part.values()) / (sum(need.words.values()) or 1.0)


def _weight(word: str) -> float:
    """What a word says of the subject: least for the commonest of French."""
    if word in EVERYBODY.split():
        return 0.2
    return 1.0 if word[0].isdigit() else min(1.0, max(0.2, 5.6 - zipf(word)))


@lru_cache(maxsize=1)
def _synonyms() -> Synonyms:
    return Synonyms(load_lexicon())


@lru_cache(maxsize=2)
def _by_term_of(kind: str) -> dict[str, str]:
    table = WANTS if kind == "wants" else THINGS
    return {stem(word): name for name, words in table.items() for word in words.split()}


def _by_term(table: Mapping[str, str]) -> dict[str, str]:
    return _by_term_of("wants" if table is WANTS else "things")
