"""The components of the chat page, and where they stand. Ids are what the style, the script and the tests rely on."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from assistant.related import MOST_RELATED
from ui import messages
from ui.web.conversation import Conversation, machine_line
from ui.web.examples import SHOWN

SECONDS_BETWEEN_LOOKS = 2.0
STORED_AS = "assistant-elus-collectivite"
# Not a secret: what the browser keeps of its owner's collectivité is no mystery to it. Without one Gradio draws
# another at each start, and what was kept before could no longer be read.
NO_SECRET = "collectivite"


@dataclass(frozen=True, slots=True)
class Layout:
    """What events read or fill; each is a Gradio component."""

    conversation: Any
    left_for: Any
    """What the person went to while an answer may still have been coming."""
    profile: Any
    standing: Any
    timer: Any
    new: Any
    # Conversations of before
    words: Any
    listed: Any
    past_said: Any
    one: Any
    """What is about the open conversation."""
    title: Any
    erase: Any
    sure: Any
    """Shown to confirm; with its two buttons."""
    erase_surely: Any
    keep: Any
    # The exchange
    log: Any
    panel: Any
    announced: Any
    examples_box: Any
    examples: tuple[Any, ...]
    after: Any
    """What stands under a whole answer."""
    related_title: Any
    related: tuple[Any, ...]
    reason: Any
    comment: Any
    thanks: Any
    tools_box: Any
    tools: Any
    # The question
    asker: Any
    question: Any
    machine: Any
    kinds: Any
    # Who asks
    kind: Any
    population: Any
    departement: Any
    save: Any
    forget: Any
    profile_said: Any
    footer: Any


def lay_out() -> Layout:
    """Called within a gradio.Blocks."""
    parts: dict[str, Any] = {"conversation": gr.State(Conversation()), "left_for": gr.State(Conversation(act=-1))}
    parts["profile"] = gr.BrowserState(None, storage_key=STORED_AS, secret=NO_SECRET)
    gr.Markdown(f'<a class="skip" href="#question">{messages.CHAT_SKIP}</a>', elem_id="skip")
    with gr.Row(elem_id="top"):
        gr.Markdown(f"# {messages.CHAT_TITLE}\n\n{messages.CHAT_PURPOSE}", elem_id="head")
        with gr.Row(elem_id="top-buttons"):
            gr.Button(messages.CHAT_PAST, elem_id="past-button", size="md")
            parts["new"] = gr.Button(messages.CHAT_NEW, elem_id="new", size="md")
    parts["standing"] = gr.Markdown("", elem_id="standing")
    with gr.Row(elem_id="panes", equal_height=False):
        with gr.Column(scale=1, min_width=240, elem_id="past"):
            parts |= _past()
        with gr.Column(scale=3, min_width=320, elem_id="talk"):
            parts |= _exchange()
            parts |= _under_an_answer()
            parts |= _question()
            parts |= _profile()
        with gr.Column(scale=2, min_width=320, elem_id="sources-pane"):
            parts["panel"] = gr.Markdown(Conversation().sources(), elem_id="sources", latex_delimiters=[])
    parts["footer"] = gr.Markdown("", elem_id="foot")
    parts["timer"] = gr.Timer(SECONDS_BETWEEN_LOOKS)
    return Layout(**parts)


def _past() -> dict[str, Any]:
    words = gr.Textbox(label=messages.CHAT_PAST_SEARCH, elem_id="past-words", lines=1, max_lines=1)
    listed = gr.Radio([], label=messages.CHAT_PAST, elem_id="past-list", interactive=True, visible=False)
    said = gr.Markdown("", elem_id="past-said")
    with gr.Column(visible=False, elem_id="past-one") as one:
        title = gr.Textbox(
            label=messages.CHAT_PAST_TITLE,
            elem_id="past-title",
            lines=1,
            max_lines=1,
            submit_btn=messages.CHAT_PAST_RENAME,
        )
        erase = gr.Button(messages.CHAT_PAST_ERASE, elem_id="past-erase", size="md")
        with gr.Column(visible=False, elem_id="past-sure") as sure:
            gr.Markdown(messages.CHAT_PAST_ASKED, elem_id="past-asked")
            erase_surely = gr.Button(messages.CHAT_PAST_SURE, elem_id="past-erase-surely", size="md")
            keep = gr.Button(messages.CHAT_PAST_KEEP, elem_id="past-keep", size="md")
    return {
        "words": words,
        "listed": listed,
        "past_said": said,
        "one": one,
        "title": title,
        "erase": erase,
        "sure": sure,
        "erase_surely": erase_surely,
        "keep": keep,
    }


def _exchange() -> dict[str, Any]:
    log = gr.Chatbot(
        label=messages.CHAT_LABEL,
        show_label=False,
        elem_id="log",
        height=None,
        min_height=0,
        layout="bubble",
        buttons=[],
        latex_delimiters=[],
        sanitize_html=True,
        line_breaks=False,
        group_consecutive_messages=False,
    )
    announced = gr.Markdown("", elem_id="announced")
    with gr.Column(elem_id="examples") as examples_box:
        gr.Markdown(messages.CHAT_EXAMPLES, elem_id="examples-title")
        examples = tuple(gr.Button(text, size="md") for text in messages.EXAMPLE_QUESTIONS[:SHOWN])
    return {"log": log, "announced": announced, "examples_box": examples_box, "examples": examples}


def _under_an_answer() -> dict[str, Any]:
    with gr.Column(visible=False, elem_id="after") as after:
        related_title = gr.Markdown("", elem_id="related-title", visible=False)
        related = tuple(gr.Button("", size="md", visible=False, elem_classes=["related"]) for _ in range(MOST_RELATED))
        reason = gr.Radio(
            [(label, reason) for reason, label in messages.CHAT_MARKS.items()],
            label=messages.CHAT_MARK,
            elem_id="reason",
            interactive=True,
        )
        comment = gr.Textbox(
            label=messages.CHAT_COMMENT,
            elem_id="comment",
            lines=1,
            max_lines=4,
            visible=False,
            submit_btn=messages.CHAT_COMMENT_SEND,
        )
        thanks = gr.Markdown("", elem_id="thanks")
    with gr.Row(visible=False, elem_id="tools") as tools_box:
        tools = gr.Markdown("", elem_id="carry")
        gr.Button(messages.CHAT_PRINT, elem_id="print", size="md")
    return {
        "after": after,
        "related_title": related_title,
        "related": related,
        "reason": reason,
        "comment": comment,
        "thanks": thanks,
        "tools_box": tools_box,
        "tools": tools,
    }


def _question() -> dict[str, Any]:
    with gr.Column(elem_id="ask"):
        asker = gr.Markdown("", elem_id="asker")
        question = gr.Textbox(
            label=messages.CHAT_QUESTION,
            placeholder=messages.CHAT_QUESTION_HINT,
            elem_id="question",
            lines=1,
            max_lines=6,
            autofocus=True,
            submit_btn=messages.CHAT_SEND,
        )
    machine = gr.Markdown(machine_line(None), elem_id="machine")
    with gr.Accordion(messages.CHAT_FILTERS, open=False, elem_id="filters"):
        kinds = gr.CheckboxGroup(
            [(label, kind) for kind, label in messages.KINDS_PLURAL.items()],
            label=messages.CHAT_KINDS,
            show_label=True,
        )
    return {"asker": asker, "question": question, "machine": machine, "kinds": kinds}


def _profile() -> dict[str, Any]:
    with gr.Accordion(messages.CHAT_ASKER, open=False, elem_id="profile"):
        gr.Markdown(messages.CHAT_ASKER_WHY, elem_id="profile-why")
        kind = gr.Radio(
            [(label, kind) for kind, label in messages.CHAT_ASKER_TYPES.items()],
            label=messages.CHAT_ASKER_TYPE,
            elem_id="profile-kind",
            interactive=True,
        )
        with gr.Row(elem_id="profile-numbers"):
            population = gr.Textbox(label=messages.CHAT_ASKER_POPULATION, lines=1, max_lines=1, min_width=120)
            departement = gr.Textbox(label=messages.CHAT_ASKER_DEPARTEMENT, lines=1, max_lines=1, min_width=120)
        with gr.Row(elem_id="profile-buttons"):
            save = gr.Button(messages.CHAT_ASKER_SAVE, elem_id="profile-save", size="md")
            forget = gr.Button(messages.CHAT_ASKER_FORGET, elem_id="profile-forget", size="md")
        said = gr.Markdown("", elem_id="profile-said")
    return {
        "kind": kind,
        "population": population,
        "departement": departement,
        "save": save,
        "forget": forget,
        "profile_said": said,
    }
