"""The words élus use for the words documents use."""

import pytest

from corpus import LexiconInvalid, load_lexicon
from corpus.lexicon import parse_lexicon

TWO_READINGS = """
[[entry]]
acronym = "CT"
readings = ["collectivité territoriale", "contrat de transition"]
words = ["territoire"]

[[entry]]
words = ["mairie", "hôtel de ville"]
"""


def test_the_shipped_lexicon_can_be_read() -> None:
    lexicon = load_lexicon()
    assert "établissement public de coopération intercommunale" in lexicon.others["EPCI"]
    assert "EPCI" in lexicon.others["établissement public de coopération intercommunale"]


def test_the_words_people_say_lead_to_the_words_documents_write() -> None:
    lexicon = load_lexicon()
    assert len(lexicon.acronyms) >= 150
    for said, written in {
        "boîte": "entreprise",
        "bled": "commune rurale",
        "toubib": "médecin",
        "maison médicale": "maison de santé",
        "resto scolaire": "restauration scolaire",
        "supérette": "épicerie",
        "éoliennes": "parc éolien",
        "ressourcerie": "recyclerie",
        "co-voiturage": "autostop",
        "bistrot": "café",
        "ardoise": "impayés",
    }.items():
        assert written in lexicon.others[said], said


def test_everyday_words_stay_out_of_the_shipped_lexicon() -> None:
    # Folded, they are everyday words: « sous » is money one time in a thousand.
    forms = {form.lower() for form in load_lexicon().others}
    assert not forms & {"sous", "notre", "cle", "clé", "sa", "ca", "ce", "mes", "tél"}


def test_no_form_of_the_shipped_lexicon_leads_to_itself_or_to_nothing() -> None:
    for form, others in load_lexicon().others.items():
        assert form.strip() == form != ""
        assert form not in others
        assert others, f"{form} stands alone in its entry"
        assert len(set(others)) == len(others)


def test_an_acronym_leads_to_its_readings_and_back() -> None:
    others = parse_lexicon(TWO_READINGS).others
    assert others["CT"] == ("collectivité territoriale", "contrat de transition", "territoire")
    assert "CT" in others["collectivité territoriale"]
    assert "CT" in others["contrat de transition"]


def test_one_reading_never_leads_to_another() -> None:
    others = parse_lexicon(TWO_READINGS).others
    assert "contrat de transition" not in others["collectivité territoriale"]
    assert "collectivité territoriale" not in others["contrat de transition"]


def test_readings_of_shipped_acronyms_never_lead_to_one_another_through_their_entry() -> None:
    lexicon = load_lexicon()
    pairs = [
        (acronym, one, other)
        for acronym, readings in lexicon.acronyms.items()
        for one in readings
        for other in readings
        if one != other and other in lexicon.others[one]
    ]
    assert pairs == []


def test_synonyms_lead_to_one_another() -> None:
    others = parse_lexicon(TWO_READINGS).others
    assert others["mairie"] == ("hôtel de ville",)
    assert others["hôtel de ville"] == ("mairie",)


def test_a_form_of_two_entries_leads_to_both() -> None:
    pays = '[[entry]]\nwords = ["pays", "terroir"]\n'
    text = pays + '[[entry]]\nacronym = "PETR"\nreadings = ["pôle rural"]\nwords = ["pays"]'
    assert parse_lexicon(text).others["pays"] == ("terroir", "PETR", "pôle rural")


@pytest.mark.parametrize("text", ["entry = 3", '[[entry]]\nmot = "mairie"', "[[entry", '[[entry]]\nwords = "mairie"'])
def test_a_wrong_file_is_refused(text: str) -> None:
    with pytest.raises(LexiconInvalid):
        parse_lexicon(text)
