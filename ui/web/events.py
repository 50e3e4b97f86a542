"""What the components of the chat page call, and what each call shows. Gradio is imported here: see chat.py."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from itertools import count
from typing import Any

import gradio as gr
from pydantic import ValidationError

from assistant.applicability import AskerType
from assistant.store import Reason
from ui import messages
from ui.api.caller import Caller, the_caller
from ui.problem import Refused, invalid
from ui.web import markup, updates
from ui.web.conversation import Chat, Conversation
from ui.web.layout import Layout
from ui.web.past import Past
from ui.web.profile import described, kept_of, profile_kept, profile_typed
from ui.web.updates import Updates

AT_ONCE = 4
ROOMS: dict[str, str] = {"/poste": "calls", "/edition": "edition", "/confidentialite": "", "/accessibilite": ""}
"""The other pages, and the scope that opens each to a caller; none where everybody may."""


class Events:
    """What the page's components call. Ids come from a browser: whose they are is asked of the store each time."""

    def __init__(self, layout: Layout, chat: Chat, past: Past) -> None:
        self._of = layout
        self._chat = chat
        self._past = past
        self._acts = count(1)

    def wire(self, blocks: Any) -> None:
        of = self._of
        everything = [part for part in flat(of) if part is not of.timer]
        common: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private", "outputs": everything}
        # At each sentence Gradio goes through all that could change: only what an answer changes is named.
        told = [of.conversation, of.log, of.panel, of.announced, of.question, of.examples_box]
        told += [of.after, of.related_title, *of.related, of.reason, of.comment, of.thanks, of.tools_box, of.tools]
        told += [of.listed, of.past_said, of.one, of.title, of.sure]
        asking = common | {"outputs": told, "fn": self.ask, "concurrency_limit": AT_ONCE, "concurrency_id": "ask"}
        quiet = common | {"queue": False}
        events = [of.question.submit(inputs=[of.question, of.kinds, of.profile, of.conversation], **asking)]
        for button in (*of.examples, *of.related):
            events.append(button.click(inputs=[button, of.kinds, of.profile, of.conversation], **asking))
        for event in events:
            event.then(self.settle, [of.conversation, of.left_for], **quiet)
        of.question.stop(self.stop, of.conversation, cancels=events, **quiet)
        of.new.click(self.begin, None, cancels=events, **quiet)
        of.words.change(self.find, [of.words, of.conversation], trigger_mode="always_last", **quiet)
        of.listed.input(self.open, [of.listed, of.words], cancels=events, **quiet)
        of.title.submit(self.rename, [of.title, of.words, of.conversation], **quiet)
        of.erase.click(lambda: {of.sure: gr.Column(visible=True)}, None, **quiet)
        of.keep.click(lambda: {of.sure: gr.Column(visible=False)}, None, **quiet)
        of.erase_surely.click(self.erase, [of.words, of.conversation], cancels=events, **quiet)
        # The marks are not among what is told anew: Gradio would take the focus from them.
        marking = quiet | {"outputs": [of.thanks, of.comment]}
        of.reason.input(self.mark, [of.reason, of.comment, of.conversation], **marking)
        of.comment.submit(self.mark, [of.reason, of.comment, of.conversation], **marking)
        typed = [of.kind, of.population, of.departement]
        of.save.click(self.save, typed, **quiet)
        of.population.submit(self.save, typed, **quiet)
        of.departement.submit(self.save, typed, **quiet)
        of.forget.click(self.forget, None, **quiet)
        looking = quiet | {"outputs": [of.machine, of.standing, of.timer, *of.examples]}
        of.timer.tick(self.look, None, **looking)
        blocks.load(self.look, None, **looking)
        blocks.load(self.load, of.profile, **quiet)

    def ask(
        self, text: str, kinds: list[str], kept: object, before: Conversation, request: gr.Request
    ) -> Iterator[Updates]:
        if not text.strip():
            yield {self._of.question: text}
            return
        caller = caller_of(request)
        before = replace(self._chat.stopped(before), act=next(self._acts))
        now, drawn = before, ""
        for step, now in enumerate(self._chat.answer(text, kinds, before, caller, profile_kept(kept))):
            updated: Updates = {self._of.conversation: now, self._of.log: now.history()}
            if step == 0:
                updated |= updates.asking(self._of)
            found = now.last.sources if now.last else ""
            # Drawn when it changes only: drawn anew, the panel closes what the person has opened.
            if found != drawn:
                updated[self._of.panel], drawn = now.sources(), found
            yield updated
        # The passages found are no sources of an answer that never came.
        yield updates.shown(self._of, now) | updates.idle(self._of) | self._under(now) | self._listing(caller, now)

    def settle(self, now: Conversation, left_for: Conversation) -> Updates:
        """After an answer, whole or left. A step of it may have come after the person had gone on: that is undone."""
        return self._conversation(left_for) if left_for.act >= now.act else self._nothing()

    def stop(self, now: Conversation) -> Updates:
        return self._go_to(self._chat.stopped(now))

    def begin(self) -> Updates:
        return self._go_to(Conversation()) | {
            self._of.question: "",
            self._of.listed: None,
            self._of.one: updates.hidden_column(),
        }

    def load(self, kept: object, request: gr.Request) -> Updates:
        """The page opens: the latest conversation is there again, or the one its address names."""
        caller = caller_of(request)
        asked_for = request.query_params.get("conversation", "") or ""
        rooms = [room for room, scope in ROOMS.items() if not scope or scope in caller.scopes]

        def found() -> Updates:
            now = self._past.found_again(asked_for, caller)
            return self._conversation(now) | self._listing(caller, now)

        page = {self._of.footer: markup.footer(rooms)} | updates.form(self._of, profile_kept(kept))
        return page | self._told(found, self._of.past_said)

    def look(self) -> tuple[Any, ...]:
        line, waits_for, waiting = self._chat.standing()
        return line, waits_for, gr.Timer(active=waiting), *self._chat.examples(date.today())

    # Conversations of before

    def find(self, words: str, now: Conversation, request: gr.Request) -> Updates:
        return self._listing(caller_of(request), now, words)

    def open(self, session_id: str, words: str, request: gr.Request) -> Updates:
        caller = caller_of(request)

        def opened() -> Updates:
            now = self._past.opened(session_id, caller)
            return self._go_to(now) | self._listing(caller, now, words)

        return self._told(opened, self._of.past_said)

    def rename(self, title: str, words: str, now: Conversation, request: gr.Request) -> Updates:
        caller = caller_of(request)

        def renamed() -> Updates:
            self._past.rename(now.session_id or "", title, caller)
            return self._listing(caller, now, words) | {self._of.past_said: messages.CHAT_PAST_RENAMED}

        return self._told(renamed, self._of.past_said)

    def erase(self, words: str, now: Conversation, request: gr.Request) -> Updates:
        caller = caller_of(request)

        def erased() -> Updates:
            self._past.erase(now.session_id or "", caller)
            after = self.begin() | self._listing(caller, Conversation(), words)
            return after | {self._of.past_said: messages.CHAT_PAST_ERASED}

        return self._told(erased, self._of.past_said)

    def mark(self, reason: Reason | None, comment: str, now: Conversation, request: gr.Request) -> Updates:
        last, caller = now.last, caller_of(request)
        if reason is None or last is None or last.body is None:
            return self._nothing()
        turn_id = last.body["id"]

        def marked() -> Updates:
            self._past.mark(turn_id, reason, comment, caller)
            return {self._of.thanks: messages.CHAT_THANKS, self._of.comment: gr.Textbox(visible=True)}

        return self._told(marked, self._of.thanks)

    # Who asks

    def save(self, kind: AskerType | None, population: str, departement: str) -> Updates:
        def saved() -> Updates:
            profile = profile_typed(kind, population, departement)
            said = messages.CHAT_ASKER_SAVED.format(asker=described(profile)) if described(profile) else ""
            shown = {self._of.profile: kept_of(profile), self._of.profile_said: markup.safe(said)}
            return updates.form(self._of, profile) | shown

        return self._told(saved, self._of.profile_said)

    def forget(self) -> Updates:
        return updates.form(self._of, profile_kept(None)) | {
            self._of.profile: None,
            self._of.profile_said: messages.CHAT_ASKER_FORGOTTEN,
        }

    # What several of them show

    def _nothing(self) -> Updates:
        """Gradio takes no empty dict."""
        return {self._of.thanks: gr.skip()}

    def _go_to(self, now: Conversation) -> Updates:
        now = replace(now, act=next(self._acts))
        return self._conversation(now) | {self._of.left_for: now}

    def _conversation(self, now: Conversation) -> Updates:
        return updates.shown(self._of, now) | updates.idle(self._of) | self._under(now)

    def _under(self, now: Conversation) -> Updates:
        return updates.under(self._of, now, self._past.kept_until())

    def _listing(self, caller: Caller, now: Conversation, words: str = "") -> Updates:
        return self._told(
            lambda: updates.listing(self._of, self._past.listed(caller, words), now, words), self._of.past_said
        )

    def _told(self, act: Callable[[], Updates], place: Any) -> Updates:
        """What `act` shows, or what went wrong, in French, in its place."""
        try:
            return act()
        except ValidationError as error:
            detail = invalid(error).detail
        except Refused as error:
            detail = error.problem.detail
        except Exception as error:  # a page that says nothing would be worse
            detail = self._chat.told(error)
        return {place: markup.problem(detail)}


def caller_of(request: gr.Request) -> Caller:
    """Who calls, as the middleware in front of Gradio found out."""
    asked = request.request
    assert asked is not None, "Gradio gives a request to what a page calls"
    return the_caller(asked)


def flat(layout: Layout) -> list[Any]:
    """Every component, those of a group too."""
    parts = [getattr(layout, name) for name in Layout.__slots__]
    return [one for part in parts for one in (part if isinstance(part, tuple) else (part,))]
