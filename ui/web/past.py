"""The conversations someone comes back to, from the page: listed, opened, renamed, erased, and their answers marked."""

from dataclasses import replace
from datetime import UTC, datetime

from assistant.pipeline import Assistant
from assistant.store import Conversation as Stored
from assistant.store import Reason, Retention, Store, UnknownConversation
from ui import messages, rendering
from ui.api.caller import Caller
from ui.api.conversations import Rename
from ui.api.feedback import FeedbackRequest
from ui.conversations import published_now
from ui.problem import Problem, Refused
from ui.web import markup
from ui.web.conversation import Conversation, Exchange, answered, items_of, standing

SHOWN = 50
NEW = "nouvelle"
"""What the address names instead of a conversation, so that reloading an empty page leaves it empty."""


class Past:
    """One's own conversations. Every method raises StoreUnavailable, and those given an id UnknownConversation."""

    def __init__(self, store: Store, assistant: Assistant, retention: Retention, contact: str) -> None:
        self._store = store
        self._assistant = assistant
        self._retention = retention
        self._contact = contact

    def listed(self, caller: Caller, words: str = "") -> tuple[Stored, ...]:
        """The latest first; with `words`, those that hold them."""
        if "ask" not in caller.scopes:
            return ()
        return self._store.conversations.find(caller.owner, words.replace("\0", ""), SHOWN)

    def opened(self, session_id: str, caller: Caller) -> Conversation:
        """A conversation as it was answered, but for the words of documents that are no longer published."""
        if "ask" not in caller.scopes or "\0" in session_id:
            raise UnknownConversation(session_id)
        turns = self._store.conversations.read(session_id, caller.owner)
        marks = self._store.feedback.of_turns([stored.turn.id for stored in turns], caller.owner)
        published = published_now(self._assistant, caller.filters)
        exchanges = []
        for number, stored in enumerate(turns, 1):
            turn = stored.turn
            body = rendering.turn_body(turn, self._contact)
            asked = Exchange(markup.question(turn.question))
            whole = standing(answered(asked, number, body, items_of(turn.reply)), number, published)
            mark = marks.get(turn.id)
            # What was read once is not read aloud again.
            exchanges.append(replace(whole, spoken="", mark=mark.reason if mark else None))
        return Conversation(session_id, tuple(exchanges))

    def found_again(self, asked_for: str, caller: Caller) -> Conversation:
        """The conversation the address names, else the latest one, else an empty one."""
        if asked_for == NEW:
            return Conversation()
        if asked_for:
            try:
                return self.opened(asked_for, caller)
            except UnknownConversation:
                # Erased, or somebody else's: the page does not tell which.
                return Conversation()
        latest = self.listed(caller)[:1]
        return self.opened(latest[0].id, caller) if latest else Conversation()

    def rename(self, session_id: str, title: str, caller: Caller) -> None:
        """Raises ValidationError for a title that is too long or empty."""
        self._store.conversations.rename(session_id, caller.owner, Rename.model_validate({"title": title}).title)

    def erase(self, session_id: str, caller: Caller) -> None:
        self._store.erasure.erase(session_id, caller.owner)

    def mark(self, turn_id: str, reason: Reason, comment: str, caller: Caller) -> None:
        """Raises UnknownTurn, Refused, and ValidationError for a comment that is too long."""
        if "feedback" not in caller.scopes:
            raise Refused(Problem("forbidden", 403, messages.FORBIDDEN))
        given = FeedbackRequest.model_validate({"turn_id": turn_id, "reason": reason, "comment": comment})
        self._store.feedback.give(given.turn_id, caller.owner, given.reason, given.comment)

    def kept_until(self) -> str:
        """The day ("YYYY-MM-DD") when what was added to just now goes."""
        return self._retention.kept_until(datetime.now(UTC)).date().isoformat()
