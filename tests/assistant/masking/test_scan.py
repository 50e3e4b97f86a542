"""Masking as a user meets it: what is written instead of what was typed."""

import threading
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.masking import LABELS, Found, find, mask
from tests.assistant.masking.sentences import IMPERSONAL_SENTENCES, PERSONAL_SENTENCES

PIECES = [
    "Mme", "M.", "Jean", "Dupont", "Le", "Goff", "de", "Rennes", "maire", "je", "suis", "m'appelle", "rue", "12", "bis",
    "siret", "tel", "né le", "J.", "«", "06 12 34 56 78", "+33 6", "35000", "a@b.fr", "FR76 3000", "732 829 320 00074",
    "cordialement,", "\n", "[nom]", "[téléphone]", "[", "]", "\ue000", "d'", "\u202f", ", ", "(at)", "lieu-dit",
    "12/03/1965", "Kowalski", "😀", "au", "rappeler", "famille", "et", "@", "0", "Cordialement", "(", ":",
]  # fmt: skip
TYPED = st.one_of(
    st.text(max_size=300),
    st.lists(st.sampled_from(PIECES), max_size=60).map(" ".join),
    st.lists(st.sampled_from(PIECES), max_size=60).map("".join),
)


def test_a_question_keeps_its_words_and_loses_what_names_somebody() -> None:
    typed = "Bonjour, je suis Jean Dupont, maire de Plougastel : rappelez-moi au 06 12 34 56 78 ou jean@dupont.fr."
    assert mask(typed) == ("Bonjour, je suis [nom], maire de Plougastel : rappelez-moi au [téléphone] ou [courriel].")


@pytest.mark.parametrize(("text", "spans"), PERSONAL_SENTENCES, ids=lambda value: str(value)[:40])
def test_what_names_somebody_is_masked(text: str, spans: tuple[Found, ...]) -> None:
    masked = {at for one in find(text) for at in range(one.start, one.end)}
    left = [text[span.start : span.end] for span in spans if not set(range(span.start, span.end)) <= masked]
    assert left == []


@pytest.mark.parametrize("text", IMPERSONAL_SENTENCES, ids=lambda text: text[:40])
def test_a_sentence_that_names_nobody_is_left_as_it_is(text: str) -> None:
    assert mask(text) == text


@settings(deadline=None, max_examples=400)
@given(TYPED)
def test_masking_twice_is_masking_once(typed: str) -> None:
    once = mask(typed)
    assert mask(once) == once


@settings(deadline=None, max_examples=200)
@given(TYPED)
def test_finds_are_in_order_disjoint_and_within_the_text(typed: str) -> None:
    found = find(typed)
    assert all(before.end <= after.start for before, after in pairwise(found))
    assert all(one.end <= len(typed) for one in found)


@pytest.mark.parametrize("french", LABELS.values())
def test_a_label_already_written_is_left(french: str) -> None:
    typed = f"Mme [{french}] habite à Redon, [{french}], merci."
    assert mask(typed) == typed


def test_a_name_known_of_the_documents_is_left() -> None:
    typed = "Que fait Claude Kerbrat pour les communes ?"
    assert mask(typed) == "Que fait [nom] pour les communes ?"
    assert mask(typed, known=frozenset({"claude", "kerbrat"})) == typed


def test_a_name_before_a_number_is_found_once_the_number_is() -> None:
    assert mask("Rappeler Kowalski au 06 12 34 56 78") == "Rappeler [nom] au [téléphone]"


def test_a_name_is_masked_wherever_it_comes_back() -> None:
    assert mask("Mme Kerbrat a vendu. Kerbrat peut-elle racheter ?") == "Mme [nom] a vendu. [nom] peut-elle racheter ?"


@pytest.mark.parametrize(
    "hostile",
    ["0" * 4000, "06 " * 1333, "+33 " * 1000, "a@" * 2000, "a." * 2000, "FR76" + "A1" * 1998, 
     "12 rue de la " * 307,
     "Jean, " * 666, "Mme " * 1000, "J. " * 1333, "d'" * 2000, "né le " * 666, " " * 4000, "\ue003" * 4000,
     "[nom" * 1000],
    ids=lambda text: text[:12],
)  # fmt: skip
def test_a_hostile_text_is_masked_in_few_rounds(hostile: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rounds, not seconds: each is linear in the text."""
    from assistant.masking import scan

    rounds = []
    whole = scan.identifiers
    monkeypatch.setattr(scan, "identifiers", lambda text: rounds.append(1) or whole(text))
    once = mask(hostile)
    assert len(rounds) <= 6
    assert mask(once) == once


def test_threads_mask_alike() -> None:
    texts = [text for text, _ in PERSONAL_SENTENCES] * 3
    alone = [mask(text) for text in texts]
    together: dict[int, list[str]] = {}
    threads = [threading.Thread(target=lambda at=at: together.update({at: [*map(mask, texts)]})) for at in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(together[at] == alone for at in range(4))
