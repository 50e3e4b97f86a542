"""What a parser hands back: the sections of a file and what it says of itself, or why it cannot be read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from corpus.document import Section

UnreadableCode = Literal[
    "encoding", "encrypted", "damaged", "unsafe", "wrong_format", "no_text", "ocr_missing", "too_long", "metadata"
]


@dataclass(frozen=True, slots=True)
class Parsed:
    """The sections of a file, in reading order; none when it holds no letter or digit.

    `head` is metadata somebody wrote in the file, by field name (a YAML head); it is checked and may be refused.
    `stated` is what the file says of itself: `title`, `publisher`, `published`, `url`; a value of another form
    is passed over. `produced` is the date its properties give to the making of the file ("YYYY-MM-DD"), which is
    used only when nothing else tells when the text was published.
    """

    sections: tuple[Section, ...]
    head: Mapping[str, Any] = field(default_factory=dict)
    stated: Mapping[str, str] = field(default_factory=dict)
    produced: str | None = None


class Unreadable(Exception):
    """A file that its parser refuses. `detail` completes the message: what to install, a limit, a name."""

    def __init__(self, code: UnreadableCode, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code: UnreadableCode = code
        self.detail = detail
