"""Two short documents of our own, published under the fake embedder, and the assistant over them."""

from collections.abc import Mapping
from pathlib import Path
from typing import cast

from assistant.abstention import SIGNALS
from assistant.calibration import Calibration, Logistic
from assistant.evidence import FEATURES
from assistant.pipeline import Assistant
from assistant.session import MemorySessions
from assistant.support import SUPPORT
from corpus import load_lexicon
from indexing import Embedder, Library, SnapshotStore
from tests.fakes import FakeEmbedder

CONSERVERIE = """---
title: La conserverie mobile du Val-Serein
kind: experience
themes: [alimentation]
---
# La conserverie mobile du Val-Serein

## En bref

La conserverie mobile transforme les légumes invendus des maraîchers. Elle emploie six salariés depuis 2019. Elle se
déplace de village en village avec un camion aménagé, et reçoit les habitants deux jours par semaine à la halle.
Chaque famille repart avec ses bocaux, contre une participation aux frais de stérilisation et d'étiquetage.

## Qui la finance ?

Le département verse une subvention de 42 000 € par an. La commune prête gratuitement la halle et paie l'électricité.
Les maraîchers cotisent selon le poids des légumes apportés, et une fondation locale a offert le premier autoclave.
L'équilibre des comptes tient aussi aux ateliers vendus aux écoles, qui en réservent une trentaine chaque année.

## Par où commencer

Avant de lancer une conserverie, l'équipe conseille de réunir quatre choses, dans cet ordre :

- un atelier agréé par les services vétérinaires, avec une marche en avant et un point d'eau chaude ;
- un autoclave d'occasion et un stock de bocaux, que les lycées agricoles cèdent parfois à bon prix ;
- un contrat de collecte signé avec les maraîchers, qui dit qui trie, qui lave et qui transporte ;
- une assurance couvrant la vente de conserves artisanales et les dégustations sur les marchés.
"""
CHALEUR = """---
title: La régie de chaleur bois des Trois-Combes
kind: regle
statuses: [regie]
roles: [financeur]
themes: [energie]
---
# La régie de chaleur bois des Trois-Combes

## Statut

La régie de chaleur est créée par une délibération du conseil municipal. Son budget est distinct de celui de la commune.

## Tarifs

Le prix de la chaleur est de 78 € par mégawattheure en 2023. Le conseil d'exploitation le révise chaque automne, après
avis de l'association des abonnés, en suivant le prix des plaquettes forestières et celui de l'entretien des chaudières.
Un tarif réduit de moitié s'applique aux logements sociaux, aux écoles et au gymnase pendant les mois les plus froids.
Les impayés sont suivis par la trésorerie, qui propose un échéancier avant toute coupure de la fourniture de chaleur.
"""
DOCUMENTS = {"conserverie.md": CONSERVERIE, "chaleur.md": CHALEUR}
# Plain numbers, so that a test does not move with the shipped calibration: words decide, half of them are enough.
SIMPLE = Calibration(
    ranking=dict.fromkeys(FEATURES, 0.0)
    | {
        "covered_in_unit": 4.0,
        "covered_with_heading": 3.0,
        "covered_in_passage": 2.0,
        "value_given": 2.0,
        "length": 1.0,
    }
    | {"is_heading": -3.0, "is_question": -3.0},
    support=Logistic(dict.fromkeys(SUPPORT, 0.0) | {"covered_with_heading": 8.0}, -4.0),
    decision=Logistic(dict.fromkeys(SIGNALS, 0.0) | {"covered_in_passage": 10.0}, -5.0),
    threshold=0.5,
)


def publish(home: Path, documents: Mapping[str, str]) -> None:
    """Write files beside the home and publish them in it."""
    folder = home.parent / f"{home.name}-files"
    folder.mkdir(exist_ok=True)
    for name, text in documents.items():
        (folder / name).write_text(text, encoding="utf-8")
    report = Library(home, cast(Embedder, FakeEmbedder())).add([str(folder)], {}, lambda progress: None)
    assert not report.failed


def assistant_over(home: Path, calibration: Calibration = SIMPLE, sessions: int = 10, turns: int = 10) -> Assistant:
    embedder = cast(Embedder, FakeEmbedder())
    store = SnapshotStore(home)
    return Assistant(store, embedder, calibration, load_lexicon(), MemorySessions(sessions, turns))
