"""`serve`: the API and the chat, listening at once and getting ready meanwhile."""

import argparse
import ipaddress
import logging
import os
import socket
import sys
import threading
from typing import Any

from assistant.settings import Settings
from ui import messages
from ui.commands.parser import WrongUsage
from ui.commands.terminal import progress_shown, tell

DESCRIPTION = """Sert le chat et l'API sur cette machine.

Le service écoute tout de suite ; si aucun document n'a jamais été indexé, il prépare d'abord les fiches
de départ (/readyz dit où il en est)."""
EXAMPLES = """exemples :
  assistant-elus serve
  assistant-elus serve --port 8080
  assistant-elus serve --no-ui --workers 4
"""
# Open pages keep a stream each; without a limit they would hold the server back when it stops.
SECONDS_TO_CLOSE = 3
INTERRUPTED = 130


def add_commands(commands: Any) -> None:
    serve = commands.add_parser("serve", help="sert le chat et l'API", description=DESCRIPTION, epilog=EXAMPLES)
    serve.add_argument("--host", default="127.0.0.1", metavar="HÔTE", help="adresse (par défaut : %(default)s)")
    serve.add_argument("--port", type=port_number, default=8000, metavar="PORT", help="port (par défaut : %(default)s)")
    serve.add_argument("--workers", type=worker_count, default=1, metavar="N", help="processus, avec --no-ui")
    serve.add_argument("--no-ui", action="store_true", help="l'API seule, sans le chat")
    serve.set_defaults(run=run_serve, json=False)


def port_number(text: str) -> int:
    if not text.isdigit() or int(text) > 65535:
        raise argparse.ArgumentTypeError("le port est un nombre de 0 à 65535")
    return int(text)


def worker_count(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 64:
        raise argparse.ArgumentTypeError("le nombre de processus va de 1 à 64")
    return int(text)


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def run_serve(given: argparse.Namespace) -> int:
    if not is_loopback(given.host):
        raise WrongUsage(messages.NOT_LOOPBACK)
    if given.workers > 1 and not given.no_ui:
        raise WrongUsage(messages.WORKERS_NEED_NO_UI)
    listening = listen(given.host, given.port)
    if listening is None:
        return 1
    host = f"[{given.host}]" if ":" in given.host else given.host
    tell(messages.LISTENING.format(url=f"http://{host}:{listening.getsockname()[1]}"))
    logging.basicConfig(level=logging.WARNING, format="%(message)s", stream=sys.stderr)
    logging.getLogger("assistant_elus").setLevel(logging.INFO)
    if given.workers > 1:
        serve_in_processes(listening, given.workers)
    else:
        serve_here(listening, with_chat=not given.no_ui)
    return 0


def listen(host: str, port: int) -> socket.socket | None:
    """The socket uvicorn is handed, bound before anything slow; None, and a line saying why, when it cannot be."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(128)
    except OSError as error:
        listening.close()
        taken = error.errno in (98, 48, 10048)  # Linux, macOS, Windows
        reason = error.strerror or str(error)
        tell(
            messages.PORT_TAKEN.format(port=port)
            if taken
            else messages.CANNOT_LISTEN.format(host=host, port=port, reason=reason)
        )
        return None
    listening.set_inheritable(True)
    return listening


def serve_here(listening: socket.socket, *, with_chat: bool) -> None:
    import uvicorn

    from ui.app import prepared_app

    app = prepared_app(Settings(), with_chat=with_chat)
    threading.Thread(target=watch, args=(app,), name="progress", daemon=True).start()
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, timeout_graceful_shutdown=SECONDS_TO_CLOSE, server_header=False
    )
    server = uvicorn.Server(config)
    # The streams of open pages are cut when the server stops: uvicorn would print a traceback for each.
    logging.getLogger("uvicorn.error").addFilter(lambda _: not server.should_exit)
    try:
        server.run(sockets=[listening])
    except KeyboardInterrupt:
        if not app.state.preparation.ended.is_set():
            # Torch, still busy in its thread, would abort the interpreter on its way out.
            tell(messages.STOPPED)
            os._exit(INTERRUPTED)
        raise


def serve_in_processes(listening: socket.socket, workers: int) -> None:
    import uvicorn
    from uvicorn.supervisors import Multiprocess

    config = uvicorn.Config(
        "ui.app:worker_app",
        factory=True,
        workers=workers,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=SECONDS_TO_CLOSE,
        server_header=False,
    )
    Multiprocess(config, sockets=[listening]).run()
    # It returns only when told to stop, and keeps the interruption to itself.
    raise KeyboardInterrupt


def watch(app: Any) -> None:
    """Show a first build on the terminal, then that the service is ready, or what stands in the way."""
    preparation = app.state.preparation
    with progress_shown() as show:
        while not preparation.ended.wait(0.3):
            progress = app.state.assistant.building()
            if progress is not None:
                show(progress)
    readiness = preparation.readiness()
    if readiness.problem is not None:
        tell(readiness.problem.detail)
    elif readiness.corpus is not None:
        corpus = readiness.corpus
        tell(messages.READY.format(documents=corpus.documents, passages=corpus.passages))
