"""`keys create|list|revoke`: the keys programs call the API with."""

import argparse
from datetime import UTC, datetime
from typing import Any

from assistant.factory import open_store
from assistant.session import LOCAL
from assistant.settings import Settings
from assistant.store import ApiKey, Store
from ui import messages
from ui.api.caller import SCOPES
from ui.api.schemas import FilterValues
from ui.commands import keys_options as typed
from ui.commands.ask import checked
from ui.commands.parser import WrongUsage, add_json
from ui.commands.terminal import say, say_json, say_table, tell

DEFAULT_SCOPES = ("ask", "search", "documents", "feedback")
# Whoever opens the page reads a public key: it opens what the chat gives to any visitor.
PUBLIC_SCOPES = frozenset(DEFAULT_SCOPES)
MAX_NAME = 200
EXAMPLES = """exemples :
  assistant-elus keys create --name "Portail X" --rate 60/min --quota 10000/mois
  assistant-elus keys create --name "Juristes" --scope ask,search --filters kind=regle,appui --expires 90j
  assistant-elus keys create --name "Page d'accueil" --origin https://www.exemple.fr --rate 30/min
"""


def add_commands(commands: Any) -> None:
    keys = commands.add_parser(
        "keys",
        help="fait, liste ou révoque des clés d'accès",
        description="Les clés avec lesquelles des programmes appellent l'API.",
    )
    actions = keys.add_subparsers(title="actions", metavar="ACTION", required=True, dest="action")
    create = actions.add_parser(
        "create", help="fait une clé", description="Fait une clé. Son secret n'est montré qu'une fois.", epilog=EXAMPLES
    )
    create.add_argument("--name", required=True, metavar="NOM", help="à qui elle est, ou pour quoi")
    create.add_argument(
        "--scope",
        action="extend",
        type=typed.listed,
        metavar="DROITS",
        help=f"ce qu'elle permet, parmi {', '.join(SCOPES)} (par défaut : {','.join(DEFAULT_SCOPES)})",
    )
    create.add_argument(
        "--filters",
        action="append",
        default=[],
        type=typed.filters,
        metavar="CHAMP=VALEURS",
        help="ne montre jamais que ces documents (kind=regle,appui ; statuses, roles, themes, document_id)",
    )
    create.add_argument("--rate", type=typed.rate, metavar="N/DURÉE", help="rythme : 10/s, 60/min, 1000/h")
    create.add_argument("--quota", type=typed.quota, metavar="N/PÉRIODE", help="10000/mois ou 500/jour (UTC)")
    create.add_argument("--concurrency", type=typed.concurrency, metavar="N", help="demandes en même temps")
    create.add_argument("--expires", type=typed.expiry, metavar="DATE|90j", help="jour où elle cesse de valoir (UTC)")
    create.add_argument(
        "--origin",
        action="append",
        default=[],
        type=typed.origin,
        metavar="ADRESSE",
        help="clé publique, pour les pages de ce site ; se répète",
    )
    add_json(create)
    create.set_defaults(run=run_create)
    listing = actions.add_parser("list", help="liste les clés", description="Liste les clés, la dernière d'abord.")
    add_json(listing)
    listing.set_defaults(run=run_list)
    revoke = actions.add_parser("revoke", help="révoque une clé", description="Une clé révoquée n'ouvre plus rien.")
    revoke.add_argument("id", metavar="ID", help="identifiant donné par « keys list »")
    add_json(revoke)
    revoke.set_defaults(run=run_revoke)


def run_create(given: argparse.Namespace) -> int:
    scopes = checked_scopes(given.scope or DEFAULT_SCOPES, public=bool(given.origin))
    filters = checked_filters(given.filters)
    name = " ".join(given.name.split())
    if not name or len(name) > MAX_NAME or not name.isprintable():
        raise WrongUsage(messages.WRONG_KEY_NAME.format(most=MAX_NAME))
    store = open_store(Settings())
    is_first = not is_closed(store)
    key, secret = store.keys.create(
        name,
        scopes,
        filters=filters,
        rate=given.rate,
        quota=given.quota,
        concurrency=given.concurrency,
        expires_at=given.expires,
        origins=tuple(dict.fromkeys(given.origin)),
    )
    store.audit.note(LOCAL, "key.created", key.id, key.name)
    if given.json:
        say_json({"key": key_body(key), "secret": secret})
    else:
        say(messages.KEY_CREATED.format(name=key.name, id=key.id))
        say(secret)
        say(messages.SECRET_SHOWN_ONCE)
    if key.origins and not (key.rate or key.quota):
        tell(messages.PUBLIC_WITHOUT_LIMIT)
    if is_first:
        tell(messages.SERVICE_CLOSES)
    return 0


def run_list(given: argparse.Namespace) -> int:
    keys = open_store(Settings()).keys.all()
    if given.json:
        say_json({"keys": [key_body(key) for key in keys]})
    elif not keys:
        say(messages.NO_KEYS)
    else:
        say_table(messages.KEYS_COLUMNS, [_row(key) for key in keys])
    return 0


def run_revoke(given: argparse.Namespace) -> int:
    store = open_store(Settings())
    key = store.keys.revoke(given.id)
    store.audit.note(LOCAL, "key.revoked", key.id, key.name)
    if given.json:
        say_json({"key": key_body(key)})
    else:
        say(messages.KEY_REVOKED.format(name=key.name, id=key.id))
    return 0


def is_closed(store: Store) -> bool:
    """Whether the API already asks who calls."""
    return store.keys.any_active() or store.accounts.any()


def checked_scopes(scopes: tuple[str, ...] | list[str], *, public: bool) -> frozenset[str]:
    for scope in scopes:
        if scope not in SCOPES:
            raise WrongUsage(messages.UNKNOWN_SCOPE.format(scope=scope, scopes=", ".join(SCOPES)))
        if public and scope not in PUBLIC_SCOPES:
            raise WrongUsage(messages.NOT_PUBLIC.format(scope=scope, scopes=", ".join(DEFAULT_SCOPES)))
    return frozenset(scopes)


def checked_filters(given: list[tuple[str, tuple[str, ...]]]) -> dict[str, tuple[str, ...]]:
    joined: dict[str, tuple[str, ...]] = {}
    for name, values in given:
        joined[name] = joined.get(name, ()) + values
    return {name: tuple(values) for name, values in checked(FilterValues, **joined).model_dump().items() if values}


def state_of(key: ApiKey) -> str:
    if key.revoked_at is not None:
        return "revoked"
    return "active" if key.is_active(datetime.now(UTC)) else "expired"


def key_body(key: ApiKey) -> dict[str, Any]:
    """A key as JSON; nothing in it opens anything."""
    return {
        "id": key.id,
        "name": key.name,
        "hint": key.hint,
        "state": state_of(key),
        "scopes": [scope for scope in SCOPES if scope in key.scopes],
        "filters": {name: list(values) for name, values in key.filters.items()},
        "rate": {"count": key.rate.count, "seconds": key.rate.seconds} if key.rate else None,
        "quota": {"count": key.quota.count, "period": key.quota.period} if key.quota else None,
        "concurrency": key.concurrency,
        "origins": list(key.origins),
        "created_at": key.created_at.isoformat(),
        "expires_at": key.expires_at.isoformat() if key.expires_at else None,
        "last_used_at": key.last_used_at.isoformat() if key.last_used_at else None,
        "revoked_at": key.revoked_at.isoformat() if key.revoked_at else None,
    }


def _row(key: ApiKey) -> list[str]:
    limits = [
        messages.key_rate(key.rate.count, key.rate.seconds) if key.rate else "",
        messages.key_quota(key.quota.count, key.quota.period) if key.quota else "",
    ]
    used = messages.moment(key.last_used_at.isoformat()) if key.last_used_at else messages.NEVER_USED
    state = messages.KEY_STATES[state_of(key)]
    if key.expires_at is not None and state_of(key) == "active":
        state = messages.KEY_UNTIL.format(date=messages.date(key.expires_at.date().isoformat()))
    scopes = ",".join(scope for scope in SCOPES if scope in key.scopes)
    return [key.id, key.name, key.hint, scopes, ", ".join(filter(None, limits)), state, used]
