"""Lines put back together: hyphens at line ends mended by what the document itself writes, then by simple rules."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_TAIL = re.compile(r"(?<![^\W_])([^\W\d_]+(?:['’-][^\W\d_]+)*)[-\u2010]$")
_HEAD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
# First parts that make compounds and last parts that follow a hyphen. Those that are syllables of other words too are
# left out: « ci-\ntoyen », « mi-\nlieu », « au-\ntant », « af-\nfaire ».
_FIRST = frozenset(
    {"porte", "garde", "demi", "semi", "avant", "après", "arrière", "non", "quasi", "vice", "chef", "rez", "celui"}
    | {"celle", "ceux", "celles", "peut", "savoir", "nord", "sud", "est", "ouest", "grand", "quelques"}
)
_LAST = frozenset(
    {"là", "même", "mêmes", "vous", "nous", "moi", "il", "elle", "on", "ils", "elles", "je", "être"}
    | {"dessus", "dessous", "delà"}
)


@dataclass(frozen=True, slots=True)
class Words:
    """The words a document writes inside its lines, in lower case, compounds included."""

    known: frozenset[str]

    @classmethod
    def of(cls, lines: Iterable[str]) -> "Words":
        # The last word of a line and the first may be halves.
        return cls(frozenset(word for line in lines for word in _WORD.findall(line.lower())[1:-1]))

    def joined(self, lines: Sequence[str]) -> str:
        """The lines as one text, parted by spaces, or by nothing where a word runs on."""
        text = ""
        for line in map(str.strip, lines):
            text = self.continued(text, line) if text and line else text + line
        return text

    def continued(self, text: str, line: str) -> str:
        tail = _TAIL.search(text)
        head = _HEAD.match(line)
        if not tail:
            # « 2014-2020 » and addresses cut at their hyphen run on; a dash that stands alone does not.
            cut = re.search(r"[^\W_]-$", text) and line[:1].isalnum()
            return text + line if cut else f"{text} {line}"
        if not head:
            return text + line if line[:1].isdigit() else f"{text} {line}"
        return text + line if self._is_compound(tail[1], head[0]) else text[:-1] + line

    def _is_compound(self, first: str, last: str) -> bool:
        """Does the hyphen belong to the word? A capital after it says so, then the document, then the closed lists."""
        if last[0].isupper():
            return True
        whole = (first + last).lower()
        # « l'inter-\ncommunalité »: the article is not part of the word.
        bare = re.split(r"['’]", first)[-1].lower()
        if f"{bare}-{last.lower()}" in self.known:
            return True
        if whole in self.known or bare + last.lower() in self.known:
            return False
        return "-" in bare or bare in _FIRST or last.split("-")[0].lower() in _LAST
