"""The chat for élus, in Gradio: its layout, and which event calls what."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from assistant.pipeline import Assistant
from ui import messages
from ui.preparation import Preparation
from ui.web.conversation import Chat, Conversation, machine_line
from ui.web.theme import CSS, FAVICON, french_labels, theme

SECONDS_BETWEEN_LOOKS = 2.0
AT_ONCE = 4


def chat_application(assistant: Assistant, preparation: Preparation, contact: str, log: Path) -> FastAPI:
    """Gradio's application, to be served at "/". Takes seconds: Gradio is imported here."""
    # Read by Gradio when imported: no word to its makers, and no look at a hub.
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    os.environ["HF_HUB_OFFLINE"] = "1"
    import gradio

    blocks = page(Chat(assistant, preparation, contact, log))
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    gradio.mount_gradio_app(
        app,
        blocks,
        path="/",
        theme=theme(),
        css_paths=CSS,
        favicon_path=str(FAVICON),
        i18n=french_labels(),
        footer_links=[],
        run_history=False,
        show_error=False,
        ssr_mode=False,
        pwa=False,
        enable_monitoring=False,
        mcp_server=False,
        max_file_size="1mb",
    )
    return app


def page(chat: Chat) -> Any:
    """The gradio.Blocks of the chat."""
    import gradio as gr

    with gr.Blocks(title=messages.CHAT_TITLE, analytics_enabled=False, fill_width=True) as blocks:
        conversation = gr.State(Conversation())
        gr.Markdown(f'<a class="skip" href="#question">{messages.CHAT_SKIP}</a>', elem_id="skip")
        gr.Markdown(f"# {messages.CHAT_TITLE}\n\n{messages.CHAT_PURPOSE}", elem_id="head")
        standing = gr.Markdown("", elem_id="standing")
        with gr.Row(elem_id="panes", equal_height=False):
            with gr.Column(scale=3, min_width=320):
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
                with gr.Column(elem_id="examples") as examples:
                    gr.Markdown(messages.CHAT_EXAMPLES, elem_id="examples-title")
                    buttons = [gr.Button(text, size="md") for text in messages.EXAMPLE_QUESTIONS]
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
                new = gr.Button(messages.CHAT_NEW, elem_id="new", size="md")
            with gr.Column(scale=2, min_width=320, elem_id="sources-pane"):
                panel = gr.Markdown(Conversation().sources(), elem_id="sources", latex_delimiters=[])
        timer = gr.Timer(SECONDS_BETWEEN_LOOKS)

        def ask(text: str, wanted: list[str], before: Conversation) -> Iterator[Any]:
            idle = gr.Textbox(value="", submit_btn=messages.CHAT_SEND, stop_btn=False)
            busy = gr.Textbox(value="", submit_btn=False, stop_btn=messages.CHAT_STOP)
            if not text.strip():
                yield gr.skip(), gr.skip(), gr.skip(), gr.skip(), gr.skip()
                return
            now = before
            for step, now in enumerate(chat.answer(text, wanted, before)):
                box = busy if step == 0 else gr.skip()
                yield now, now.history(), gr.skip(), box, gr.Column(visible=False)
            # Once an answer: drawn anew, the panel would close what the person has opened.
            yield now, now.history(), now.sources(), idle, gr.skip()

        def stop(now: Conversation) -> Any:
            now = chat.stopped(now)
            return now, now.history(), gr.Textbox(submit_btn=messages.CHAT_SEND, stop_btn=False)

        def begin() -> Any:
            new_one = Conversation()
            return new_one, [], new_one.sources(), gr.Textbox(value=""), gr.Column(visible=True)

        def look() -> Any:
            line, waits_for, waiting = chat.standing()
            return line, waits_for, gr.Timer(active=waiting)

        asking: dict[str, Any] = {
            "fn": ask,
            "outputs": [conversation, log, panel, question, examples],
            "concurrency_limit": AT_ONCE,
            "concurrency_id": "ask",
            "show_progress": "hidden",
            "api_visibility": "private",
        }
        quiet: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}
        events: list[Any] = [question.submit(inputs=[question, kinds, conversation], **asking)]
        events += [button.click(inputs=[button, kinds, conversation], **asking) for button in buttons]
        question.stop(stop, conversation, [conversation, log, question], cancels=events, **quiet)
        new.click(begin, None, asking["outputs"], cancels=events, **quiet)
        timer.tick(look, None, [machine, standing, timer], **quiet)
        blocks.load(look, None, [machine, standing, timer], **quiet)
    blocks.queue(max_size=50, default_concurrency_limit=AT_ONCE, api_open=False)
    return blocks
