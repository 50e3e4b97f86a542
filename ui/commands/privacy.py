"""`privacy`: what is kept about people, erased when its time has come or when somebody asks."""

import argparse
import json
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from assistant.factory import open_assistant, open_retention, open_store
from assistant.settings import Settings
from ui import messages
from ui.commands.parser import WrongUsage, add_json
from ui.commands.terminal import say, say_json, tell

PURGE = """Efface ce qui a dépassé sa durée : conversations sans suite et appels notés (ASSISTANT_ELUS_RETENTION_DAYS),
numéros à rappeler (7 jours), connexions expirées, journal des changements (un an).

« serve » le fait de lui-même au démarrage puis toutes les heures."""
EXAMPLES = """exemples :
  assistant-elus privacy purge
  assistant-elus privacy export --session ID --format docx --out conversation.docx
  assistant-elus privacy erase --session ID
"""
FORMATS = ("json", "md", "docx")


def add_commands(commands: Any) -> None:
    privacy = commands.add_parser(
        "privacy",
        help="efface ou exporte ce qui est gardé des personnes",
        description="Ce qui est gardé des personnes : l'effacer, l'exporter.",
        epilog=EXAMPLES,
    )
    actions = privacy.add_subparsers(title="actions", metavar="ACTION", required=True, dest="action")
    purge = actions.add_parser("purge", help="efface ce qui a dépassé sa durée", description=PURGE)
    add_json(purge)
    purge.set_defaults(run=run_purge)
    erase = actions.add_parser(
        "erase", help="efface une conversation", description="Efface pour de bon une conversation, à qui qu'elle soit."
    )
    add_session(erase)
    add_json(erase)
    erase.set_defaults(run=run_erase)
    export = actions.add_parser(
        "export", help="exporte une conversation", description="Exporte une conversation, à qui qu'elle soit."
    )
    add_session(export)
    export.add_argument(
        "--format", choices=FORMATS, default="json", help="json : tout ce qui est gardé (par défaut) ; md ; docx : Word"
    )
    export.add_argument("--out", type=Path, metavar="FICHIER", help="écrit dans ce fichier au lieu du terminal")
    export.set_defaults(run=run_export, json=False)


def add_session(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--session", required=True, metavar="ID", help="identifiant de la conversation")


def run_purge(given: argparse.Namespace) -> int:
    settings = Settings()
    purged = asdict(open_retention(settings, open_store(settings)).purge())
    if given.json:
        say_json(purged)
        return 0
    say(messages.purged(purged))
    if not purged["scrubbed"]:
        say(messages.PRIVACY_LATER)
    return 0


def run_erase(given: argparse.Namespace) -> int:
    store = open_store(Settings())
    store.erasure.erase(given.session)
    store.audit.note("local", "conversation.erased", given.session)
    if given.json:
        say_json({"erased": 1})
    else:
        say(messages.PRIVACY_ERASED.format(id=given.session))
    return 0


def run_export(given: argparse.Namespace) -> int:
    from ui.conversations import conversation_with_turns_body, kept_body, published_now
    from ui.export import conversation_lines, to_docx, to_markdown

    if given.format == "docx" and given.out is None:
        raise WrongUsage(messages.PRIVACY_OUT_NEEDED)
    settings = Settings()
    store = open_store(settings)
    kept = store.records.kept(given.session)
    turns = store.conversations.read(given.session, kept.owner)
    published = published_now(open_assistant(settings))
    retention = open_retention(settings, store)
    body = conversation_with_turns_body(kept.conversation, turns, retention, settings.contact, published)
    now = datetime.now(UTC)
    lines = conversation_lines(body, now.date().isoformat(), published.since)
    match given.format:
        case "json":
            content = (json.dumps(kept_body(kept, body), ensure_ascii=False, indent=1) + "\n").encode()
        case "md":
            content = to_markdown(lines).encode()
        case _:
            content = to_docx(lines, now)
    store.audit.note("local", "conversation.exported", given.session)
    return _put(content, given.out)


def _put(content: bytes, out: Path | None) -> int:
    if out is None:
        sys.stdout.write(content.decode())
        return 0
    try:
        out.write_bytes(content)
    except OSError:
        tell(f"assistant-elus : {messages.BACKUP_CANNOT_WRITE.format(file=out)}")
        return 1
    say(messages.PRIVACY_WRITTEN.format(file=out))
    return 0
