"""The chat for élus, in Gradio."""

import os
from typing import Any

from fastapi import FastAPI

from ui import messages
from ui.web.conversation import Chat
from ui.web.past import Past
from ui.web.theme import CSS, FAVICON, SCRIPT, french_labels, theme


def chat_application(chat: Chat, past: Past) -> FastAPI:
    """Gradio's application, to be served at "/". Takes seconds: Gradio is imported here."""
    # Read by Gradio when imported: no word to its makers, and no look at a hub.
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    os.environ["HF_HUB_OFFLINE"] = "1"
    import gradio

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    gradio.mount_gradio_app(
        app,
        page(chat, past),
        path="/",
        theme=theme(),
        css_paths=CSS,
        head=SCRIPT,
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


def page(chat: Chat, past: Past) -> Any:
    """The gradio.Blocks of the chat."""
    import gradio as gr

    from ui.web.events import AT_ONCE, Events
    from ui.web.layout import lay_out

    with gr.Blocks(title=messages.CHAT_TITLE, analytics_enabled=False, fill_width=True) as blocks:
        Events(lay_out(), chat, past).wire(blocks)
    blocks.queue(max_size=50, default_concurrency_limit=AT_ONCE, api_open=False)
    return blocks
