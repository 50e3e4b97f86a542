"""A theme is shown as one writes it in French."""

import pytest

from ui.theme_labels import theme_label


@pytest.mark.parametrize(
    ("theme", "label"),
    [
        ("cooperation", "Coopération"),
        ("developpement local", "Développement local"),
        ("economie-circulaire", "Économie circulaire"),
        ("elus", "Élus"),
        ("tiers-lieux", "Tiers-lieux"),
        ("choix du statut", "Choix du statut"),
        ("regie personnalisee", "Régie personnalisée"),
        ("groupement-d-employeurs", "Groupement d'employeurs"),
        ("scic", "SCIC"),
        ("capital d'une scic", "Capital d'une SCIC"),
        ("marches publics", "Marchés publics"),
        # What the lexicon does not know, and what somebody wrote with care.
        ("zzyzx-brumeux", "Zzyzx brumeux"),
        ("Économie sociale", "Économie sociale"),
        ("PNR du Haut-Jura", "PNR du Haut-Jura"),
        ("élan-vital", "Élan-vital"),
        ("", ""),
        ("%%", "%%"),
    ],
)
def test_a_theme_is_shown_as_one_writes_it(theme: str, label: str) -> None:
    assert theme_label(theme) == label
