"""The figures of masking count what a reader of them would think they count."""

import json
from pathlib import Path

import pytest

from assistant.masking import Found, find
from evals.masking import FOLDER, Sentence, load_sentences, measure


def test_a_span_counts_when_all_its_words_are_masked_its_civility_aside() -> None:
    sentence = Sentence("Mme Le Goff appelle", (Found(0, 11, "name"),))
    assert measure([sentence], [(Found(4, 11, "name"),)]).recall == {"name": 1.0}
    assert measure([sentence], [(Found(4, 6, "name"),)]).recall == {"name": 0.0}


def test_a_span_masked_under_another_label_is_masked_but_wrongly_named() -> None:
    figures = measure([Sentence("siret 732829320", (Found(6, 15, "siret"),))], [(Found(6, 15, "phone"),)])
    assert (figures.recall, figures.right_label) == ({"siret": 1.0}, {"siret": 0.0})


def test_false_masks_are_words_outside_the_spans_and_sentences_without_any() -> None:
    personal = Sentence("Jean Dupont vote à Redon", (Found(0, 11, "name"),))
    impersonal = [Sentence("la loi Hamon", ()), Sentence("une aide", ())]
    figures = measure([personal, *impersonal], [(Found(0, 24, "name"),), (Found(7, 12, "name"),), ()])
    assert figures.false_words == pytest.approx(4 / 8)
    assert figures.false_sentences == pytest.approx(1 / 2)


def test_a_span_outside_its_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "phrases.jsonl"
    path.write_text(json.dumps({"text": "court", "spans": [{"start": 0, "end": 9, "label": "name"}]}), encoding="utf-8")
    with pytest.raises(ValueError, match="line 1"):
        load_sentences(path)


def test_masking_keeps_what_was_promised_on_sentences_it_was_not_written_from() -> None:
    sentences = load_sentences(FOLDER / "data" / "masking.jsonl")
    figures = measure(sentences, [find(sentence.text) for sentence in sentences])
    assert min(figures.recall[label] for label in ("phone", "email", "siret")) >= 0.98
    assert figures.recall["name"] >= 0.85
    assert max(figures.false_words, figures.false_sentences) < 0.02
