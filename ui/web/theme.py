"""The look of the pages: sober, square, our own blue; and French in the place of Gradio's English."""

from pathlib import Path
from typing import Any

STATIC = Path(__file__).parent / "static"
CSS = STATIC / "style.css"
FAVICON = STATIC / "favicon.png"
SCRIPT = '<script src="/interface/chat.js" defer></script>'

BLUE, BLUE_DARKER, BLUE_LIGHT = "#1f3fb5", "#172f8a", "#a9b8f5"
# Keys of Gradio's own catalogue that its French lacks, or says badly.
LABELS = {
    "chatbot.copy_message": "Copier le message",
    "chatbot.copy_conversation": "Copier la conversation",
    "chatbot.scroll_to_bottom": "Aller au dernier message",
    "common.stop": "Arrêter",
    "common.submit": "Envoyer",
    "errors.connection_lost": "La connexion est perdue : rechargez la page.",
}


def french_labels() -> Any:
    import gradio

    # Also given as English: Gradio chooses by the browser's language, and the page is in French for all.
    return gradio.I18n(fr=LABELS, en=LABELS)


def theme() -> Any:
    """Contrast of text at least 4.5:1, light and dark."""
    import gradio
    from gradio.themes import colors, sizes
    from gradio.themes.utils.fonts import LocalFont

    # These weights: the bundled semi-bold files lack the lower-case letters.
    font: list[Any] = [LocalFont("IBM Plex Sans", weights=(400, 700)), "system-ui", "sans-serif"]
    return gradio.themes.Base(
        primary_hue=colors.blue,
        neutral_hue=colors.gray,
        radius_size=sizes.radius_none,
        text_size=sizes.text_lg,
        spacing_size=sizes.spacing_md,
        font=font,
        font_mono=["ui-monospace", "monospace"],
    ).set(
        body_background_fill="#ffffff",
        body_background_fill_dark="#14161c",
        body_text_color="#1b1d24",
        body_text_color_dark="#eceef4",
        body_text_color_subdued="#4a4e5c",
        body_text_color_subdued_dark="#b6bac8",
        background_fill_primary="#ffffff",
        background_fill_primary_dark="#14161c",
        background_fill_secondary="#f4f5fa",
        background_fill_secondary_dark="#1d2029",
        block_background_fill="#ffffff",
        block_background_fill_dark="#14161c",
        border_color_primary="#c3c7d6",
        border_color_primary_dark="#3d4252",
        input_background_fill="#ffffff",
        input_background_fill_dark="#1d2029",
        input_border_color="#5d6275",
        input_border_color_dark="#8b90a3",
        input_placeholder_color="#5d6275",
        input_placeholder_color_dark="#a4a9ba",
        block_label_text_weight="400",
        block_title_text_weight="700",
        button_large_text_weight="400",
        button_medium_text_weight="400",
        button_small_text_weight="400",
        button_primary_background_fill=BLUE,
        button_primary_background_fill_dark=BLUE_LIGHT,
        button_primary_background_fill_hover=BLUE_DARKER,
        button_primary_background_fill_hover_dark="#c7d1fa",
        button_primary_text_color="#ffffff",
        button_primary_text_color_dark="#14161c",
        button_secondary_background_fill="#ffffff",
        button_secondary_background_fill_dark="#1d2029",
        button_secondary_background_fill_hover="#eef0fb",
        button_secondary_background_fill_hover_dark="#2a2e3b",
        button_secondary_text_color=BLUE,
        button_secondary_text_color_dark=BLUE_LIGHT,
        button_secondary_border_color=BLUE,
        button_secondary_border_color_dark=BLUE_LIGHT,
        link_text_color=BLUE,
        link_text_color_dark=BLUE_LIGHT,
        link_text_color_visited=BLUE,
        link_text_color_visited_dark=BLUE_LIGHT,
        color_accent=BLUE,
        color_accent_soft="#eef0fb",
        color_accent_soft_dark="#232a45",
        checkbox_background_color_selected=BLUE,
        checkbox_background_color_selected_dark="#4a66d8",
        checkbox_border_color="#5d6275",
        checkbox_border_color_dark="#8b90a3",
        checkbox_label_text_weight="400",
    )
