"""`backlog list|export|set`: what was asked and the documents do not hold."""

import argparse
import sys
from pathlib import Path
from typing import Any

from assistant.factory import open_assistant, open_store
from assistant.session import LOCAL
from assistant.settings import Settings
from assistant.store import GAP_STATES, Backlog
from ui import messages
from ui.api.backlog import BacklogQuery, backlog_body, change_group, open_backlog
from ui.backlog import BacklogBody, as_csv, group_body
from ui.commands.parser import WrongUsage, add_json
from ui.commands.terminal import say, say_json, say_table, tell, waiting

EXAMPLES = """exemples :
  assistant-elus backlog list --state nouveau
  assistant-elus backlog export manques.csv
  assistant-elus backlog set 3f2c… --state en_cours --assignee "Équipe SCIC"
"""


def add_commands(commands: Any) -> None:
    backlog = commands.add_parser(
        "backlog",
        help="ce qui est demandé et que les documents ne disent pas",
        description="Les questions sans bonne réponse, groupées par besoin.",
        epilog=EXAMPLES,
    )
    actions = backlog.add_subparsers(title="actions", metavar="ACTION", required=True, dest="action")
    shown = actions.add_parser("list", help="montre les groupes, les plus fréquents d'abord", epilog=EXAMPLES)
    add_choice(shown)
    add_json(shown)
    shown.set_defaults(run=run_list)
    export = actions.add_parser("export", help="écrit un tableau CSV, pour un tableur", epilog=EXAMPLES)
    export.add_argument("file", nargs="?", type=Path, metavar="FICHIER", help="où l'écrire (la sortie standard)")
    add_choice(export)
    export.set_defaults(run=run_export, json=False)
    change = actions.add_parser("set", help="change l'état d'un groupe, ou qui s'en occupe", epilog=EXAMPLES)
    change.add_argument("group", metavar="ID", help="l'identifiant du groupe")
    change.add_argument("--state", choices=GAP_STATES, help="l'état")
    change.add_argument("--assignee", metavar="NOM", help="qui s'en occupe (vide : personne)")
    add_json(change)
    change.set_defaults(run=run_set)


def add_choice(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--state", action="append", default=[], choices=GAP_STATES, help="cet état (répétable)")
    parser.add_argument("--assignee", metavar="NOM", help="seulement ceux de cette personne")


def read(given: argparse.Namespace) -> BacklogBody:
    """The backlog, every new question put in its group first."""
    settings = Settings()
    store, assistant = open_store(settings), open_assistant(settings)
    backlog = open_backlog(store, assistant)
    reopened: list[str] = []
    with waiting(messages.STAGES["preparing"]):
        while (grouped := backlog.group_new()).gaps:
            reopened += grouped.reopened
    for group_id in reopened:
        store.audit.note("assistant", "backlog.reopened", group_id)
    body = backlog_body(BacklogQuery(state=given.state, assignee=given.assignee, limit=500), backlog, store, assistant)
    return {**body, "reopened": [*reopened, *body["reopened"]]}


def run_list(given: argparse.Namespace) -> int:
    body = read(given)
    if given.json:
        say_json(body)
        return 0
    if not body["groups"]:
        say(messages.BACKLOG_EMPTY)
        return 0
    rows = [
        [
            group["id"],
            str(group["count"]),
            messages.GAP_STATES[group["state"]],
            group["assignee"],
            messages.date(group["last_at"][:10]),
            group["label"],
        ]
        for group in body["groups"]
    ]
    say_table(messages.BACKLOG_LISTED, rows)
    for group_id in body["reopened"]:
        say(messages.BACKLOG_REOPENED.format(id=group_id))
    return 0


def run_export(given: argparse.Namespace) -> int:
    body = read(given)
    table = as_csv(body["groups"])
    if given.file is None:
        sys.stdout.write(table)
        return 0
    try:
        given.file.write_bytes(table.encode())
    except OSError as error:
        tell(f"assistant-elus : {messages.CANNOT_WRITE.format(file=given.file, reason=error.strerror)}")
        return 1
    count = len(body["groups"])
    say(messages.BACKLOG_WRITTEN.format(count=count, s=messages.plural(count), file=given.file))
    return 0


def run_set(given: argparse.Namespace) -> int:
    if given.state is None and given.assignee is None:
        raise WrongUsage(messages.BACKLOG_NOTHING_SET)
    store = open_store(Settings())
    backlog = Backlog(store.database, unused)
    change_group(backlog, store, given.group, given.state, given.assignee, LOCAL)
    group = backlog.group(given.group)
    if given.json:
        say_json(group_body(group, {document.id for document in group.documents}))
    else:
        say(f"{messages.GAP_STATES[group.state]} · {group.assignee or messages.NOBODY} · {group.label}")
    return 0


def unused(texts: Any) -> Any:
    raise AssertionError("nothing is grouped here")
