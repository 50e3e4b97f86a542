"""Follow-ups: a question that does not stand alone is completed from the turns before it, by rules.

The completed question is what is searched, and what the reply shows.
"""

import re
from collections.abc import Sequence

from assistant.french import patterns
from indexing import STOPWORDS, fold, tokens

MAX_WORDS = 9
"""A question with more content words than this says enough by itself, whatever pronouns it holds."""


def standalone(question: str, before: Sequence[str]) -> str:
    """The question completed from the standalone questions before it, oldest first; itself when it stands alone.

    A follow-up keeps its own words and gains the subject of the conversation; one that changes the subject (« et pour
    les associations ? ») gains what was asked of the subject before.
    """
    if not before or not _leans(question):
        return question
    folded = fold(question).strip()
    last = before[-1]
    own = _content(question)
    if _begins_with("other_subject", re.sub(r"^(?:et|mais) ", "", folded)) and len(own) <= 4:
        return f"{question} ({_without(last, own)})"
    return f"{question} ({_without(_subject(last), own)})"


def _leans(question: str) -> bool:
    """Whether a question needs the turns before it to be understood."""
    folded = fold(question).strip()
    content = _content(question)
    if len(content) > MAX_WORDS:
        return False
    pointing = _points_back(question)
    if _begins_with("opens", folded):
        return True
    # A pronoun whose noun stands in the same question (« la SCIC et son capital ») points inside it.
    return (bool(pointing) and len(content) <= 4) or len(content) <= 1


def _points_back(question: str) -> bool:
    """Whether a pronoun of the question points outside it."""
    follow_up = patterns("follow_up")
    folded = fold(follow_up["empty"].sub(" ", fold(question)))
    for pronoun in follow_up["pronouns"].finditer(folded):
        owned = pronoun[0] in ("son", "sa", "ses", "leur", "leurs")
        # « La SCIC et son capital »: the owner is named in the question itself.
        if not (owned and re.search(r"\b[A-ZÀ-Ý]{2,}|(?<=\s)[A-ZÀ-Ý]\w+", question[: pronoun.start() + 8])):
            return True
    return False


def _begins_with(name: str, folded: str) -> bool:
    return re.match(rf"(?:{patterns('follow_up')[name].pattern})\b", folded) is not None


def _content(question: str) -> list[str]:
    return [token.word for token in tokens(question) if token.word not in STOPWORDS]


def _subject(question: str) -> str:
    """What a completed question is about: what was put in brackets before, or else its own words."""
    inner = re.search(r"\(([^()]*)\)\s*$", question)
    return inner[1] if inner else question


def _without(subject: str, own: Sequence[str]) -> str:
    """A subject as a short phrase: without the words that only ask, without those the question already says."""
    opening = patterns("follow_up")["openings"].match(fold(subject))
    # Folding keeps the length of these openings: none holds a ligature.
    subject = subject[opening.end() if opening else 0 :].strip(" ?!.,()")
    kept = []
    for piece in re.split(r"\s+", subject):
        words = [token.word for token in tokens(piece)]
        if any(word not in STOPWORDS and word not in own for word in words):
            kept.append(piece.strip(" ?!.,;:()"))
    return " ".join(piece for piece in kept if piece)
