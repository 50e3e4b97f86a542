"""`serve`: the API and the chat, listening at once and getting ready meanwhile."""

import argparse
import logging
import os
import signal
import socket
import tempfile
import threading
from pathlib import Path
from typing import Any

from assistant.settings import Settings
from ui import logs, messages
from ui.commands.parser import WrongUsage
from ui.commands.terminal import progress_shown, tell
from ui.loopback import is_loopback

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
UVICORN: dict[str, Any] = {
    # Ours stands: everything is written the same way.
    "log_config": None,
    "log_level": "warning",
    "access_log": False,
    "http": "ui.graceful:HeardOut",
    "timeout_graceful_shutdown": SECONDS_TO_CLOSE,
    "server_header": False,
}


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


def anybody_known() -> bool:
    """Whether there is a key or an account: without one, whoever could connect could do everything."""
    from assistant.factory import open_store

    store = open_store(Settings())
    try:
        return store.keys.any_active() or store.accounts.any()
    finally:
        store.database.close()


def run_serve(given: argparse.Namespace) -> int:
    if given.workers > 1 and not given.no_ui:
        raise WrongUsage(messages.WORKERS_NEED_NO_UI)
    if not is_loopback(given.host) and not anybody_known():
        raise WrongUsage(messages.NOBODY_KNOWN)
    listening = listen(given.host, given.port)
    if listening is None:
        return 1
    host = f"[{given.host}]" if ":" in given.host else given.host
    tell(messages.LISTENING.format(url=f"http://{host}:{listening.getsockname()[1]}"))
    logs.configure()
    if given.workers > 1:
        return serve_in_processes(listening, given.workers)
    return serve_here(listening, with_chat=not given.no_ui)


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


def serve_here(listening: socket.socket, *, with_chat: bool) -> int:
    import uvicorn

    from ui.app import prepared_app
    from ui.worker import Terminated, terminate

    signal.signal(signal.SIGTERM, terminate)
    app = prepared_app(Settings(), with_chat=with_chat)
    threading.Thread(target=watch, args=(app,), name="progress", daemon=True).start()
    server = uvicorn.Server(uvicorn.Config(app, **UVICORN))
    # The streams of open pages are cut when the server stops: uvicorn would print a traceback for each.
    logging.getLogger("uvicorn.error").addFilter(lambda _: not server.should_exit)
    try:
        server.run(sockets=[listening])
    except (KeyboardInterrupt, Terminated) as stopped:
        interrupted = isinstance(stopped, KeyboardInterrupt)
        if not app.state.preparation.ended.is_set():
            # Torch, still busy in its thread, would abort the interpreter on its way out.
            tell(messages.STOPPED)
            os._exit(INTERRUPTED if interrupted else 0)
        if interrupted:
            raise
        tell(messages.STOPPED)
    return 0


def serve_in_processes(listening: socket.socket, workers: int) -> int:
    from uvicorn.supervisors import Multiprocess

    from ui.worker import WorkerConfig

    class Supervisor(Multiprocess):
        """Keeps workers running, and knows which signal ended them."""

        ended_by: int | None = None

        def handle_int(self) -> None:
            self.ended_by = signal.SIGINT
            super().handle_int()

        def handle_term(self) -> None:
            self.ended_by = signal.SIGTERM
            super().handle_term()

        def keep_subprocess_alive(self) -> None:
            before = {process.pid for process in self.processes}
            super().keep_subprocess_alive()
            for gone in before - {process.pid for process in self.processes}:
                forget_figures(folder, gone)

    with tempfile.TemporaryDirectory(prefix="assistant-elus-") as folder:
        # Where the workers add up their figures: read by prometheus-client when it is imported, in each of them.
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
        config = WorkerConfig("ui.app:worker_app", factory=True, workers=workers, **UVICORN)
        supervisor = Supervisor(config, sockets=[listening])
        supervisor.run()
    if supervisor.ended_by == signal.SIGINT:
        # The supervisor keeps the interruption to itself.
        raise KeyboardInterrupt
    if supervisor.ended_by is None:
        return 1
    tell(messages.STOPPED)
    return 0


def forget_figures(folder: str, pid: int | None) -> None:
    """What a worker that died was doing is no longer being done; what it had counted stays counted."""
    for file in Path(folder).glob(f"gauge_live*_{pid}.db"):
        file.unlink(missing_ok=True)


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
