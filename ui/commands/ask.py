"""`ask` and `search`: one question, one answer or its passages."""

import argparse
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from assistant.factory import lasting_sessions, open_assistant, open_store
from assistant.pipeline import Assistant
from assistant.settings import Settings
from ui import messages, rendering
from ui.api.schemas import DEFAULT_K_ASK, DEFAULT_K_SEARCH, AskRequest, SearchRequest
from ui.bodies import CitationBody, HitBody, TableBody, TurnBody
from ui.commands.parser import WrongUsage, add_filters, add_json, add_profile, filter_values, profile_values
from ui.commands.terminal import say, say_json, waiting
from ui.problem import invalid

Request = TypeVar("Request", bound=BaseModel)
ASK_EXAMPLES = """exemples :
  assistant-elus ask "Une commune peut-elle entrer au capital d'une SCIC ?"
  assistant-elus ask "Qui peut m'aider à monter un PTCE ?" --kind appui --kind methode
  assistant-elus ask "Quelles aides pour rénover l'école ?" --population 800 --type commune --departement 39
"""
SEARCH_EXAMPLES = """exemples :
  assistant-elus search "capital scic"
  assistant-elus search "régie de quartier" -k 10 --kind experience --json
"""


def add_commands(commands: Any) -> None:
    ask = commands.add_parser(
        "ask", help="pose une question", description="Pose une question aux documents.", epilog=ASK_EXAMPLES
    )
    ask.add_argument("question", metavar="QUESTION", help="la question, entre guillemets")
    ask.add_argument("--session", metavar="ID", help="continue la conversation de cet identifiant")
    ask.add_argument("-k", type=int, default=DEFAULT_K_ASK, metavar="N", help="passages lus (par défaut : %(default)s)")
    add_profile(ask)
    add_filters(ask)
    add_json(ask)
    ask.set_defaults(run=run_ask)
    search = commands.add_parser(
        "search", help="cherche des passages", description="Cherche des passages.", epilog=SEARCH_EXAMPLES
    )
    search.add_argument("query", metavar="MOTS", help="les mots cherchés, entre guillemets")
    search.add_argument(
        "-k", type=int, default=DEFAULT_K_SEARCH, metavar="N", help="nombre de passages (par défaut : %(default)s)"
    )
    add_filters(search)
    add_json(search)
    search.set_defaults(run=run_search)


def checked(model: type[Request], **values: Any) -> Request:
    """The same checks as the API's; refused values are a wrong usage of the command."""
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise WrongUsage(invalid(error).detail) from error


def ready_assistant(settings: Settings) -> Assistant:
    assistant = open_assistant(settings, sessions=lasting_sessions(settings, open_store(settings)))
    with waiting(messages.STAGES["preparing"]):
        assistant.warm_up()
    return assistant


def run_ask(given: argparse.Namespace) -> int:
    asked = checked(
        AskRequest,
        question=given.question,
        session_id=given.session,
        profile=profile_values(given),
        filters=filter_values(given),
        k=given.k,
    )
    settings = Settings()
    turn = ready_assistant(settings).ask(
        asked.question, asked.session_id, asked.to_filters(), asked.k, asked.to_asker()
    )
    body = rendering.turn_body(turn, settings.contact)
    if given.json:
        say_json(body)
    else:
        say_turn(body)
    return 0


def run_search(given: argparse.Namespace) -> int:
    asked = checked(SearchRequest, query=given.query, filters=filter_values(given), k=given.k)
    body = rendering.hits_body(ready_assistant(Settings()).search(asked.query, asked.k, asked.to_filters()))
    if given.json:
        say_json(body)
        return 0
    if not body["hits"]:
        say(messages.NOTHING_FOUND)
    for rank, hit in enumerate(body["hits"], 1):
        say_hit(rank, hit)
    return 0


def say_turn(body: TurnBody) -> None:
    for note in body["notes"]:
        say(note["text"])
    if body["table"]:
        say_comparison(body["table"])
    else:
        say(body["answer"])
    if body["applies_to"]:
        say()
        say(body["applies_to"]["text"])
    if body["unanswered"]:
        say()
        say(messages.unanswered(body["unanswered"]))
    for citation in body["citations"]:
        say()
        say_citation(citation)
    for rank, hit in enumerate(body["nearest"], 1):
        say()
        say_hit(rank, hit)
    if body["handoff"]:
        say()
        say(body["handoff"]["message"])


def say_comparison(table: TableBody) -> None:
    """Criterion by criterion, a line for each thing compared: as wide as the terminal, whatever is compared."""
    width = len(table["columns"])
    for number, criterion in enumerate(table["criteria"]):
        if number:
            say()
        say(criterion)
        for column, cell in zip(table["columns"], table["cells"][number * width :], strict=False):
            markers = "".join(f" [{n}]" for n in cell["citations"])
            say(f"  {column} : {cell['text'] or messages.EMPTY_CELL}{markers}")


def say_citation(citation: CitationBody) -> None:
    say(f"[{citation['n']}] {citation['title']}")
    place = citation["locator"]["label"]
    say("    " + messages.source_line(citation["publisher"], citation["published"], citation["kind"], place))
    if citation["warning"]:
        say(f"    {citation['warning']}")
    for quote in citation["quotes"]:
        say(f"    « {' '.join(quote.split())} »")
    say(f"    {citation['url'] or citation['source']}")


def say_hit(rank: int, hit: HitBody) -> None:
    passage = hit["passage"]
    say(f"{rank}. {passage['title']}  ({hit['score']:.3f})")
    place = passage["locator"]["label"]
    say("   " + messages.source_line(passage["publisher"], passage["published"], passage["kind"], place))
    text = " ".join(passage["text"].split())
    say(f"   {text[:300]}{'…' if len(text) > 300 else ''}")
    say(f"   {passage['url'] or passage['source']}")
