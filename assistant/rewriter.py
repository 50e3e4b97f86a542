"""Follow-ups: a question that does not stand alone is completed from the turns before it, by rules.

The completed question is what is searched, and what the reply shows.
"""

import re
from collections.abc import Sequence

from assistant.french import patterns
from indexing import STOPWORDS, fold, tokens

MAX_WORDS = 9
"""A question with more content words than this says enough by itself, whatever pronouns it holds."""
ELLIPTIC = 3
"""With this few, and no name, it says too little to stand alone beside a conversation that has a subject."""


def standalone(question: str, before: Sequence[str]) -> str:
    """The question completed from the standalone questions before it, oldest first; itself when it stands alone.

    A follow-up keeps its own words and gains the subject of the conversation; one that changes the subject (« et pour
    les associations ? ») gains what was asked of the subject before; one that returns to an earlier turn gains its.
    """
    if not before or not leans(question, before):
        return question
    folded = fold(question).strip()
    own = _content(question)
    if patterns("follow_up")["returns"].search(folded):
        return f"{question} ({_without(_subject(_returned_to(own, before)), own)})"
    last = before[-1]
    if _begins_with("other_subject", re.sub(r"^(?:et|mais) ", "", folded)) and len(own) <= 4:
        return f"{question} ({_without(last, own)})"
    return f"{question} ({_without(_subject(last), own)})"


def each_standalone(questions: Sequence[str]) -> list[str]:
    """The questions of one conversation, oldest first, each completed from those before it."""
    completed: list[str] = []
    for question in questions:
        completed.append(standalone(question, completed))
    return completed


def leans(question: str, before: Sequence[str] = ()) -> bool:
    """Whether a question needs the turns before it to be understood."""
    folded = fold(question).strip()
    content = _content(question)
    if len(content) > MAX_WORDS:
        return False
    if _begins_with("opens", folded) or patterns("follow_up")["returns"].search(folded):
        return True
    # A pronoun whose noun stands in the same question (« la SCIC et son capital ») points inside it.
    if (_points_back(question) and len(content) <= 4) or len(content) <= 1:
        return True
    return len(content) <= ELLIPTIC and not _names(question) and bool(before) and bool(_names(_subject(before[-1])))


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


def _names(text: str) -> list[str]:
    """Names and acronyms of a text: what a conversation is about, when it is about something named."""
    return re.findall(r"\b[A-Z]{2,}\b|(?<=[\w,;:’'»)-] )(?:[ldLD][’'])?[A-ZÀ-Ý][\w-]+", text)


def _returned_to(own: Sequence[str], before: Sequence[str]) -> str:
    """The earlier question that shares most words with this one; the first when none does."""
    shared = [len(set(own) & set(_content(earlier))) for earlier in before[:-1] or before]
    return before[shared.index(max(shared))]


def _begins_with(name: str, folded: str) -> bool:
    return re.match(rf"(?:{patterns('follow_up')[name].pattern})\b", folded) is not None


def _content(question: str) -> list[str]:
    return [token.word for token in tokens(question) if token.word not in STOPWORDS]


def _subject(question: str) -> str:
    """What a completed question is about: what was put in brackets before, or else its own words."""
    inner = re.search(r"\(([^()]*)\)\s*$", question)
    return inner[1] if inner else question


def _without(subject: str, own: Sequence[str]) -> str:
    """A subject as a short phrase: without the words that only ask, without those the question already says.

    Small words between two that stay are kept: « gestion de fait » without them is another thing.
    """
    opening = patterns("follow_up")["openings"].match(fold(subject))
    # Folding keeps the length of these openings: none holds a ligature.
    subject = subject[opening.end() if opening else 0 :].strip(" ?!.,()")
    kept: list[str] = []
    waiting: list[str] | None = []
    for piece in re.split(r"\s+", subject):
        words = [token.word for token in tokens(piece)]
        if any(word not in STOPWORDS and word not in own for word in words):
            kept += [*(waiting or ()), piece] if kept else [piece]
            waiting = []
        elif words and all(word in _LINKS for word in words) and not piece.endswith((",", ".", "?", ";", ":")):
            if waiting is not None:
                waiting.append(piece)
        else:
            # « Aides pour les communes » without its « pour » is not « aides les communes ».
            waiting = None
    return " ".join(piece.strip(" ?!.,;:()") for piece in kept)


_LINKS = frozenset({"de", "du", "des", "d", "la", "le", "les", "a", "au", "aux", "en", "et", "l", "fait"})
