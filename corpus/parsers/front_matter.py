"""The optional YAML head of a Markdown or text file."""

import re
from typing import Any

import yaml

_HEAD = re.compile(r"\A\ufeff?---[ \t]*\r?\n(.*?)\r?\n---[ \t]*(?:\r?\n|\Z)", re.S)


def split_head(text: str) -> tuple[dict[str, Any], str]:
    """Return the YAML head (empty when there is none) and the body.

    Raises ValueError when the head is not a YAML mapping.
    """
    match = _HEAD.match(text)
    if match is None:
        return {}, text
    try:
        head = yaml.safe_load(match[1])
    except yaml.YAMLError as error:
        raise ValueError(f"YAML: {error}") from error
    except RecursionError as error:
        raise ValueError("YAML: nested too deep") from error
    if not isinstance(head, dict):
        raise ValueError("YAML: not a mapping")
    return head, text[match.end() :]
