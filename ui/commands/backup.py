"""`backup` and `restore`: everything that would be missed, in one file, and back."""

import argparse
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from assistant.backup import Backup, BackupDamaged, NotEmpty, Step, back_up, restore
from assistant.factory import open_store
from assistant.settings import NAME, Settings
from indexing import DiskFull
from ui import messages
from ui.commands.parser import add_json
from ui.commands.terminal import say, say_json, tell

BACKUP = """Écrit dans un seul fichier la base (conversations, clés, comptes), l'index publié, ses originaux, le
registre des sources et le secret des visiteurs. Le service peut tourner pendant ce temps.

Les réglages n'y sont pas."""
RESTORE = """Remet en place une sauvegarde, dans une base SQLite ou PostgreSQL. Tout est vérifié avant que rien ne
change.

Les conversations effacées depuis la sauvegarde reviennent : relancez « privacy purge », et effacez à nouveau."""
BACKUP_EXAMPLES = """exemples :
  assistant-elus backup sauvegarde-2026-11-22.tar.gz
"""
RESTORE_EXAMPLES = """exemples :
  assistant-elus restore sauvegarde-2026-11-22.tar.gz
  assistant-elus restore sauvegarde-2026-11-22.tar.gz --force
"""


def add_commands(commands: Any) -> None:
    backup = commands.add_parser("backup", help="sauvegarde tout", description=BACKUP, epilog=BACKUP_EXAMPLES)
    backup.add_argument("file", type=Path, metavar="FICHIER", help="la sauvegarde à écrire (.tar.gz)")
    add_json(backup)
    backup.set_defaults(run=run_backup)
    restoring = commands.add_parser(
        "restore", help="remet une sauvegarde en place", description=RESTORE, epilog=RESTORE_EXAMPLES
    )
    restoring.add_argument("file", type=Path, metavar="FICHIER", help="la sauvegarde à lire")
    restoring.add_argument("--force", action="store_true", help="remplace ce qu'il y a déjà")
    add_json(restoring)
    restoring.set_defaults(run=run_restore)


def say_step(step: Step) -> None:
    tell(f"{messages.BACKUP_STEPS[step]}…")


def refuse(text: str) -> int:
    tell(f"assistant-elus : {text}")
    return 1


def run_backup(given: argparse.Namespace) -> int:
    settings = Settings()
    store = open_store(settings)
    try:
        made = back_up(settings.home, store.database, given.file, this_version(), say_step)
    except FileExistsError:
        return refuse(messages.BACKUP_EXISTS.format(file=given.file))
    except DiskFull as full:
        return refuse(messages.BACKUP_NO_ROOM.format(folder=full.folder))
    except OSError:
        return refuse(messages.BACKUP_CANNOT_WRITE.format(file=given.file))
    store.audit.note("local", "backup.made", given.file.name)
    if given.json:
        say_json(asdict(made))
        return 0
    size = f"{given.file.stat().st_size / 1e6:.1f}".replace(".", ",")
    say(messages.BACKUP_MADE.format(file=given.file, size=size, said=content(made)))
    say(messages.BACKUP_CARE)
    return 0


def run_restore(given: argparse.Namespace) -> int:
    if not given.file.is_file():
        return refuse(messages.BACKUP_MISSING.format(file=given.file))
    settings = Settings()
    store = open_store(settings)
    try:
        restored = restore(given.file, settings.home, store.database, say_step, force=given.force)
    except NotEmpty:
        return refuse(messages.BACKUP_NOT_EMPTY)
    except BackupDamaged as damaged:
        return refuse(messages.backup_fault(damaged.fault, damaged.name))
    except DiskFull as full:
        return refuse(messages.BACKUP_NO_ROOM.format(folder=full.folder))
    store.audit.note("local", "backup.restored", given.file.name)
    if given.json:
        say_json(asdict(restored))
    else:
        say(messages.BACKUP_RESTORED.format(moment=messages.moment(restored.made_at), said=content(restored)))
    return 0


def content(backup: Backup) -> str:
    return messages.backup_content(backup.rows.get("conversations", 0), with_corpus=backup.snapshot is not None)


def this_version() -> str:
    try:
        return version(NAME)
    except PackageNotFoundError:  # run from its sources
        return "0"
