"""`accounts create|list|password|disable|enable`: the people who work here, and what their role opens."""

import argparse
import sys
from collections.abc import Callable
from getpass import getpass
from typing import Any, get_args

from assistant.factory import open_store
from assistant.session import LOCAL
from assistant.settings import Settings
from assistant.store import MAX_PASSWORD, MIN_PASSWORD, Account, Role, WrongName, WrongPasswordLength
from ui import messages
from ui.commands.keys import is_closed
from ui.commands.parser import WrongUsage, add_json
from ui.commands.terminal import say, say_json, say_table, tell

EXAMPLES = """exemples :
  assistant-elus accounts create marie.martin --role operator
  cat mot-de-passe | assistant-elus accounts create jean --role editor --password-stdin
"""


def add_commands(commands: Any) -> None:
    accounts = commands.add_parser(
        "accounts",
        help="fait, liste ou désactive des comptes",
        description="Les comptes des personnes qui ouvrent le poste ou l'édition.",
    )
    actions = accounts.add_subparsers(title="actions", metavar="ACTION", required=True, dest="action")

    def action(name: str, run: Callable[[argparse.Namespace], int], text: str, epilog: str = "") -> Any:
        parser = actions.add_parser(name, help=text[0].lower() + text[1:], description=f"{text}.", epilog=epilog)
        if name != "list":
            parser.add_argument("name", metavar="NOM", help="nom du compte")
        if name in ("create", "password"):
            parser.add_argument(
                "--password-stdin", action="store_true", help="lit le mot de passe sur l'entrée standard"
            )
        add_json(parser)
        parser.set_defaults(run=run)
        return parser

    create = action("create", run_create, "Fait un compte", EXAMPLES)
    roles = ", ".join(f"{role} ({text})" for role, text in messages.ROLES.items())
    create.add_argument("--role", required=True, choices=get_args(Role), help=f"ce qu'il ouvre : {roles}")
    action("list", run_list, "Liste les comptes")
    action("password", run_password, "Change un mot de passe et ferme les connexions du compte")
    action("disable", run_disable, "Désactive un compte et ferme ses connexions")
    action("enable", run_enable, "Réactive un compte")


def run_create(given: argparse.Namespace) -> int:
    password = asked_password(given.password_stdin)
    store = open_store(Settings())
    is_first = not is_closed(store)
    try:
        account = store.accounts.create(given.name, given.role, password)
    except WrongName as error:
        raise WrongUsage(messages.WRONG_ACCOUNT_NAME) from error
    except WrongPasswordLength as error:
        raise wrong_length() from error
    store.audit.note(LOCAL, "account.created", account.name, account.role)
    if given.json:
        say_json({"account": account_body(account)})
    else:
        say(messages.ACCOUNT_CREATED.format(name=account.name, role=messages.ROLES[account.role]))
    if is_first:
        tell(messages.SERVICE_CLOSES)
    return 0


def run_list(given: argparse.Namespace) -> int:
    accounts = open_store(Settings()).accounts.all()
    if given.json:
        say_json({"accounts": [account_body(account) for account in accounts]})
    elif not accounts:
        say(messages.NO_ACCOUNTS)
    else:
        say_table(messages.ACCOUNTS_COLUMNS, [_row(account) for account in accounts])
    return 0


def run_password(given: argparse.Namespace) -> int:
    password = asked_password(given.password_stdin)
    store = open_store(Settings())
    try:
        account = store.accounts.set_password(given.name, password)
    except WrongPasswordLength as error:
        raise wrong_length() from error
    store.audit.note(LOCAL, "account.password", account.name)
    return said(account, messages.ACCOUNT_PASSWORD, given.json)


def run_disable(given: argparse.Namespace) -> int:
    store = open_store(Settings())
    account = store.accounts.disable(given.name)
    store.audit.note(LOCAL, "account.disabled", account.name)
    return said(account, messages.ACCOUNT_DISABLED, given.json)


def run_enable(given: argparse.Namespace) -> int:
    store = open_store(Settings())
    account = store.accounts.enable(given.name)
    store.audit.note(LOCAL, "account.enabled", account.name)
    return said(account, messages.ACCOUNT_ENABLED, given.json)


def said(account: Account, text: str, as_json: bool) -> int:
    if as_json:
        say_json({"account": account_body(account)})
    else:
        say(text.format(name=account.name))
    return 0


def asked_password(from_stdin: bool) -> str:
    """The first line of the standard input, or what is typed twice unseen at the terminal."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise WrongUsage(messages.PASSWORD_WITHOUT_TERMINAL)
    password = getpass(messages.PASSWORD_ASKED)
    if getpass(messages.PASSWORD_ASKED_AGAIN) != password:
        raise WrongUsage(messages.PASSWORDS_DIFFER)
    return password


def wrong_length() -> WrongUsage:
    return WrongUsage(messages.WRONG_PASSWORD_LENGTH.format(least=MIN_PASSWORD, most=MAX_PASSWORD))


def account_body(account: Account) -> dict[str, Any]:
    return {
        "id": account.id,
        "name": account.name,
        "role": account.role,
        "created_at": account.created_at.isoformat(),
        "disabled_at": account.disabled_at.isoformat() if account.disabled_at else None,
    }


def _row(account: Account) -> list[str]:
    state = messages.ACCOUNT_STATES["active" if account.disabled_at is None else "disabled"]
    made = messages.date(account.created_at.date().isoformat())
    return [account.name, messages.ROLES[account.role], state, made]
