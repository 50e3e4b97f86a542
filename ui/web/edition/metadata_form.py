"""The form that says what is known of the documents sent: its fields, and what is wrong with them."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError
from starlette.datastructures import FormData

from ui import messages
from ui.api.schemas import Given

FIELDS = {
    "titre": "title",
    "genre": "kind",
    "date": "published",
    "editeur": "publisher",
    "adresse_source": "url",
    "licence": "licence",
    "relire_avant": "review_by",
    "statuts": "statuses",
    "roles": "roles",
    "themes": "themes",
    "publier_original": "publish_original",
}
"""The fields of the form, and what each is called in a document's metadata."""
_LISTS = ("statuts", "roles", "themes")


def typed(form: FormData) -> dict[str, str]:
    """What was typed in each field, to be shown again."""
    return {name: value.strip() if isinstance(value := form.get(name), str) else "" for name in FIELDS}


def given_of(values: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """The metadata of the fields filled in, and what is wrong with each field, in French; no metadata then."""
    told: dict[str, Any] = {}
    for name, field in FIELDS.items():
        value = values[name]
        if name in _LISTS:
            told[field] = [word for part in value.split(",") if (word := part.strip())] or None
        else:
            told[field] = True if name == "publier_original" and value else value or None
    try:
        return Given.model_validate(told).named(), {}
    except ValidationError as error:
        names = {field: name for name, field in FIELDS.items()}
        wrong = {}
        for one in error.errors():
            name = names[str(one["loc"][0])]
            wrong[name] = messages.invalid_field(messages.EDITION_FIELDS[name], one["type"], dict(one.get("ctx") or {}))
        return {}, wrong
