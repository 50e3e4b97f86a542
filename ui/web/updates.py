"""What the page is told to show: updates of its components, by component, for Gradio."""

from collections.abc import Sequence
from typing import Any

import gradio as gr

from assistant.store import Conversation as Stored
from ui import messages
from ui.api.schemas import Profile
from ui.web import markup
from ui.web.conversation import Conversation
from ui.web.layout import Layout
from ui.web.profile import described

Updates = dict[Any, Any]


def shown(layout: Layout, now: Conversation) -> Updates:
    """The conversation and its sources, drawn anew: what the person has opened in the panel closes."""
    return {layout.conversation: now, layout.log: now.history(), layout.panel: now.sources()}


def asking(layout: Layout) -> Updates:
    """A question was sent: it can be stopped, and what stood under the answer before is gone."""
    return {
        layout.question: gr.Textbox(value="", submit_btn=False, stop_btn=messages.CHAT_STOP),
        layout.examples_box: gr.Column(visible=False),
        layout.after: gr.Column(visible=False),
        layout.tools_box: gr.Row(visible=False),
        layout.announced: "",
    }


def idle(layout: Layout) -> Updates:
    return {layout.question: gr.Textbox(submit_btn=messages.CHAT_SEND, stop_btn=False)}


def under(layout: Layout, now: Conversation, kept_until: str) -> Updates:
    """What stands under the latest answer; nothing as long as there is no whole one."""
    last = now.last
    body = last.body if last else None
    kept = now.session_id is not None and body is not None and markup.was_kept(body)
    updates: Updates = {
        layout.examples_box: gr.Column(visible=last is None),
        layout.after: gr.Column(visible=body is not None),
        layout.reason: gr.Radio(value=last.mark if last else None, visible=kept),
        layout.comment: gr.Textbox(value="", visible=last is not None and last.mark is not None),
        layout.thanks: "",
        layout.tools_box: gr.Row(visible=kept),
        layout.tools: markup.tools(now.session_id, kept_until) if kept and now.session_id else "",
        layout.announced: markup.safe(last.spoken) if last else "",
    }
    related = body["related"] if body else []
    instead = body is not None and body["outcome"] == "abstained"
    title = messages.CHAT_RELATED_INSTEAD if instead else messages.CHAT_RELATED
    updates[layout.related_title] = gr.Markdown(title, visible=bool(related))
    for place, button in enumerate(layout.related):
        text = related[place] if place < len(related) else ""
        updates[button] = gr.Button(text, visible=bool(text))
    return updates


def listing(layout: Layout, found: Sequence[Stored], now: Conversation, words: str = "") -> Updates:
    """The conversations found, and what is about the one that is open."""
    choices = [(line(one), one.id) for one in found]
    known = {one.id: one.title for one in found}
    open_one = now.session_id if now.session_id in known else None
    none = messages.CHAT_PAST_NOT_FOUND if words.strip() else messages.CHAT_PAST_NONE
    return {
        layout.listed: gr.Radio(choices, value=open_one, visible=bool(choices)),
        layout.past_said: "" if choices else markup.safe(none),
        # While words are looked for, the open conversation may not be among those found.
        layout.one: gr.Column(visible=open_one is not None),
        layout.title: gr.Textbox(value=known.get(open_one or "", "")),
        layout.sure: gr.Column(visible=False),
    }


def hidden_column() -> Any:
    return gr.Column(visible=False)


def line(one: Stored) -> str:
    title = messages.conversation_title(one.title)
    return messages.CHAT_PAST_LINE.format(title=title, date=messages.date(one.last_at.date().isoformat()))


def form(layout: Layout, profile: Profile) -> Updates:
    """The form of the profile, and the line above the question that says it."""
    population = "" if profile.population is None else str(profile.population)
    return {
        layout.kind: profile.type,
        layout.population: population,
        layout.departement: profile.departement or "",
        layout.asker: markup.asker(described(profile)),
    }
