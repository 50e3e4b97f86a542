"""What masking finds in a text, and the words that stand in its place."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

Label = Literal["phone", "email", "siret", "name", "address", "iban", "nir", "birth"]

# What is written instead of each find, between square brackets.
LABELS: Mapping[Label, str] = MappingProxyType(
    {
        "phone": "téléphone",
        "email": "courriel",
        "siret": "SIRET",
        "name": "nom",
        "address": "adresse",
        "iban": "IBAN",
        "nir": "numéro de sécurité sociale",
        "birth": "date de naissance",
    }
)


@dataclass(frozen=True, slots=True, order=True)
class Found:
    """One piece of personal data: characters `start` (included) to `end` (excluded) of the text searched."""

    start: int
    end: int
    label: Label

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"a find covers at least one character: {self.start}-{self.end}")
