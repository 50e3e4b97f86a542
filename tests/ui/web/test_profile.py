"""Who asks: what is typed, what a browser brings back, what is shown."""

import pytest
from pydantic import ValidationError

from ui import messages
from ui.problem import Refused
from ui.web.profile import described, kept_of, profile_kept, profile_typed


def test_numbers_are_read_as_people_write_them() -> None:
    profile = profile_typed("commune", "3\u202f500 habitants", "1")
    assert (profile.type, profile.population, profile.departement) == ("commune", 3500, "01")
    assert described(profile) == "Commune de 3\u202f500 habitants, département 01"


def test_nothing_is_asked_for() -> None:
    assert described(profile_typed(None, "", " ")) == ""
    assert described(profile_typed(None, "12", "2a")) == "Collectivité de 12 habitants, département 2A"


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        profile_typed(None, "", "99")
    assert refused.value.problem.detail == messages.CHAT_ASKER_UNKNOWN_DEPARTEMENT
    with pytest.raises(ValidationError):
        profile_typed(None, "beaucoup", "")
    with pytest.raises(ValidationError):
        profile_typed(None, "9" * 12, "")


def test_what_is_kept_comes_back_the_same() -> None:
    profile = profile_typed("epci", "12000", "39")
    assert profile_kept(kept_of(profile)) == profile


@pytest.mark.parametrize("kept", [None, "x", 3, [1], {"type": "roi"}, {"population": -1}, {"autre": 1}])
def test_what_somebody_else_wrote_in_the_browser_is_no_profile(kept: object) -> None:
    assert described(profile_kept(kept)) == ""
