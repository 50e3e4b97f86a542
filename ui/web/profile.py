"""Who asks, as the page knows it: typed once, kept by the browser, checked each time it comes back."""

import re

from pydantic import ValidationError

from assistant.applicability import AskerType
from assistant.french import departements
from ui import messages
from ui.api.schemas import Profile
from ui.problem import Problem, Refused

Kept = dict[str, str | int | None]
"""What the browser keeps; its owner may have written anything there."""


def profile_kept(kept: object) -> Profile:
    """The profile a browser brings back, an empty one when it is none of ours."""
    try:
        return Profile.model_validate(kept or {})
    except ValidationError:
        return Profile()


def profile_typed(kind: AskerType | None, population: str, departement: str) -> Profile:
    """The profile of the form: « 3 500 habitants » counts as 3500, « 1 » as the département 01.

    Raises ValidationError, and Refused for a number that no département has.
    """
    number = departement.strip().upper()
    number = number.zfill(2) if number.isdigit() else number
    if number and number not in departements():
        raise Refused(Problem("invalid_request", 422, messages.CHAT_ASKER_UNKNOWN_DEPARTEMENT))
    digits = re.sub(r"\D", "", population)
    counted = digits or population.strip() or None
    return Profile.model_validate({"type": kind or None, "population": counted, "departement": number or None})


def kept_of(profile: Profile) -> Kept:
    return profile.model_dump()


def described(profile: Profile) -> str:
    """ "Commune de 800 habitants, département 39"; empty when nothing is known."""
    return messages.asker(profile.type, profile.population, profile.departement)
