"""The contract other programs read: what FastAPI makes of the routes, completed with what any of them may answer, and
with an example of each request and answer (`examples.json`)."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from ui import messages
from ui.api.openai_schemas import openai_error, speaks_openai
from ui.problem import Problem

EXAMPLES = Path(__file__).parent / "examples.json"
REQUEST_ID = "9f2c4e7a1b3d5c60"
PROBLEM_TYPE = "application/problem+json"
Operation = dict[str, Any]

DESCRIPTION = """Pose des questions aux documents de référence des élus locaux. Chaque phrase d'une réponse cite le \
passage qui la prouve ; quand les documents ne répondent pas, la réponse le dit.

## Accès

Tant que le service n'a ni clé ni compte, il ne répond qu'à la machine où il tourne. Ensuite chaque demande porte une \
clé : `Authorization: Bearer elus_…`. Une clé a des droits, un rythme, un quota et parfois des filtres qui valent pour \
tout ce qu'elle demande.

## Réponses

`POST /v1/ask` rend une réponse entière ; `POST /v1/ask/stream` la même au fil de l'eau ; `POST /v1/chat/completions` \
la même au format d'OpenAI ; `/mcp` la même par le Model Context Protocol (outils `demander` et `rechercher`, \
ressource `passage://{id}`). Les citations sont identiques partout. Un champ `null` ou une liste vide est toujours \
présent. Les textes `unanswered`, `notes`, `warning` et `handoff` sont à montrer avec la réponse.

Textes en UTF-8, dates « AAAA », « AAAA-MM » ou « AAAA-MM-JJ », instants en ISO 8601 et en temps universel.

## Erreurs

Toute erreur est un `application/problem+json` (RFC 9457) en français : `detail` se montre tel quel, `code` se lit par \
un programme, `errors` nomme les champs incorrects, `instance` porte l'identifiant de la demande (`X-Request-ID`), à \
donner en cas de question. 429 et la plupart des 503 disent dans `Retry-After` quand réessayer.

## Versions

La version est dans l'adresse (`/v1`). Sans préavis, une version peut gagner des adresses, des champs facultatifs dans \
les demandes, des champs dans les réponses, des valeurs de `code` : un client ignore ce qu'il ne connaît pas. Rien n'y \
est retiré, renommé ni changé de sens. Une adresse ou une version qui doit disparaître est annoncée douze mois avant \
par les en-têtes `Deprecation` (RFC 9745) et `Sunset` (RFC 8594) sur chacune de ses réponses, et dans le journal des \
versions du projet.
"""
TAGS = {
    "Questions": "Une question, une réponse prouvée.",
    "Recherche": "Les passages, sans réponse composée.",
    "Documents": "Ce que le service a lu.",
    "Conversations": "Les échanges gardés de qui appelle : retrouver, emporter, effacer.",
    "Avis": "Ce que les lecteurs pensent des réponses.",
    "Manques": "Les questions sans bonne réponse, pour les éditeurs.",
    "Appels": "Le journal du poste téléphonique.",
    "Compatible OpenAI": "Le format d'OpenAI, pour les logiciels qui le parlent déjà.",
    "Service": "État, compteurs, usage d'une clé.",
}
LICENCE = {"name": "EUPL-1.2", "identifier": "EUPL-1.2"}
WRONG = "Le champ « question » est obligatoire."
PROBLEMS: dict[int, tuple[str, Problem]] = {
    400: ("Corps illisible", Problem("invalid_request", 400, messages.INVALID_JSON)),
    401: (
        "Clé absente, inconnue, expirée ou révoquée",
        Problem("unauthenticated", 401, messages.UNAUTHENTICATED),
    ),
    403: ("Clé ou compte sans ce droit", Problem("forbidden", 403, messages.FORBIDDEN)),
    404: ("Inconnu", Problem("not_found", 404, messages.NOT_FOUND)),
    413: ("Corps trop long", Problem("too_large", 413, messages.TOO_LARGE)),
    422: ("Requête incorrecte", Problem("invalid_request", 422, WRONG, (("question", WRONG),))),
    429: (
        "Rythme, quota ou nombre de demandes simultanées atteint ; `Retry-After` dit quand revenir",
        Problem("too_many_requests", 429, f"{messages.RATE_REACHED} {messages.try_again(30)}"),
    ),
    500: ("Erreur inattendue", Problem("unexpected", 500, messages.UNEXPECTED)),
    503: ("Documents, modèle ou base pas prêts, ou trop de questions", Problem("loading", 503, messages.LOADING)),
    504: ("Réponse trop lente", Problem("too_slow", 504, messages.TOO_SLOW)),
}
SCHEMA: dict[str, Any] = {
    "title": "Problem",
    "description": "Une erreur (RFC 9457).",
    "type": "object",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string", "description": "urn:assistant-elus: puis le code."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "Ce qui ne va pas et quoi faire, à montrer tel quel."},
        "code": {"type": "string", "description": "La même chose pour un programme."},
        "instance": {"type": "string", "description": "urn:request: puis l'identifiant de la demande."},
        "errors": {
            "type": "array",
            "description": "Les champs incorrects.",
            "items": {
                "type": "object",
                "required": ["field", "message"],
                "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
            },
        },
        "error": {
            "type": "object",
            "description": "La même erreur au format d'OpenAI, aux adresses qui parlent ce format.",
            "properties": {
                "message": {"type": "string"},
                "type": {"type": "string"},
                "param": {"type": ["string", "null"]},
                "code": {"type": "string"},
            },
        },
    },
}
FILES = {"GET /v1/documents/{document_id}/original": ("application/pdf", "application/octet-stream")}


class DescribedApi(FastAPI):
    """A FastAPI application whose contract is complete."""

    def openapi(self) -> dict[str, Any]:
        if self.openapi_schema is None:
            self.openapi_schema = completed(super().openapi())
        return self.openapi_schema


def completed(contract: dict[str, Any]) -> dict[str, Any]:
    """The contract with its description, its tags, its errors and its examples; changed in place."""
    contract["info"] |= {"description": DESCRIPTION, "license": LICENCE}
    used = {tag for _, _, operation in operations(contract) for tag in operation.get("tags", ())}
    contract["tags"] = [{"name": name, "description": text} for name, text in TAGS.items() if name in used]
    schemas = contract["components"]["schemas"]
    schemas["Problem"] = SCHEMA
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    examples = json.loads(EXAMPLES.read_text(encoding="utf-8"))
    for name, path, operation in operations(contract):
        add_errors(operation, path)
        add_files(operation, FILES.get(name, ()))
        add_examples(operation, examples["operations"].get(name, {}))
        for parameter in operation.get("parameters", ()):
            if parameter["name"] in examples["parameters"]:
                parameter.setdefault("example", examples["parameters"][parameter["name"]])
    return contract


def operations(contract: dict[str, Any]) -> Iterator[tuple[str, str, Operation]]:
    """Each operation, behind its name ("GET /v1/documents") and its path."""
    for path, methods in contract["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", path, operation


def add_errors(operation: Operation, path: str) -> None:
    """Declare what the route does not know it answers, and say how every error looks."""
    statuses = {500}
    if operation.get("security"):
        statuses |= {401, 403, 429, 503}
    if path.startswith("/v1/"):
        statuses |= {504}
    if "requestBody" in operation:
        statuses |= {400, 413, 422}
    if "{" in path:
        statuses |= {404}
    answers = operation["responses"]
    declared = {int(status) for status in answers if status.isdigit() and int(status) >= 400}
    for status in sorted(statuses | declared):
        # A status we have no example of is told by its route alone.
        description, problem = PROBLEMS.get(status, ("", Problem("refused", status, messages.REFUSED)))
        said = answers.get(str(status), {}).get("description", description)
        body = problem.body(REQUEST_ID) | ({"error": openai_error(problem)} if speaks_openai(path) else {})
        answers[str(status)] = {
            "description": said.removesuffix(" (problem+json)"),
            "content": {PROBLEM_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}, "example": body}},
        }
    for answer in answers.values():
        if answer["description"] == "Successful Response":
            answer["description"] = "La réponse"


def add_files(operation: Operation, media_types: tuple[str, ...]) -> None:
    if media_types:
        binary = {"schema": {"type": "string", "contentMediaType": "application/octet-stream"}}
        operation["responses"]["200"]["content"] = {one: dict(binary) for one in media_types}


def add_examples(operation: Operation, examples: dict[str, Any]) -> None:
    """`examples`: "request", one body; "answers", by media type then by title. What a route says of itself stays."""
    if "request" in examples:
        content = operation["requestBody"]["content"]["application/json"]
        if not content.keys() & {"example", "examples"}:
            content["example"] = examples["request"]
    answer = next(answer for status, answer in operation["responses"].items() if status.startswith("2"))
    for media_type, titled in examples.get("answers", {}).items():
        content = answer.get("content", {}).get(media_type)
        if content is not None and not content.keys() & {"example", "examples"}:
            content["examples"] = {title: {"value": value} for title, value in titled.items()}
