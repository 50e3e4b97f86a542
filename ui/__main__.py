"""The command `assistant-elus`."""

import argparse
import sys
from collections.abc import Sequence

from ui import messages
from ui.commands import accounts, ask, backlog, backup, corpus, evals, keys, privacy, serve
from ui.commands.parser import USAGE_ERROR, FrenchParser, WrongUsage, french_words
from ui.commands.terminal import say_json, tell

DESCRIPTION = """Répond aux questions des élus locaux d'après des documents, et cite chaque passage.

Codes de sortie : 0 fait, 1 échec (même d'un seul fichier), 2 mauvais usage, 130 interrompu."""
EXAMPLES = """exemples :
  assistant-elus serve
  assistant-elus ask "Quels rôles une commune peut-elle jouer dans une SCIC ?"
  assistant-elus corpus add mes-documents/
  assistant-elus search "capital scic" --json

L'aide d'une commande : assistant-elus COMMANDE --help
"""
FAILED, INTERRUPTED = 1, 130


def command_line() -> argparse.ArgumentParser:
    parser = FrenchParser(prog="assistant-elus", description=DESCRIPTION, epilog=EXAMPLES)
    commands = parser.add_subparsers(title="commandes", metavar="COMMANDE", required=True, dest="command")
    for group in (serve, corpus, ask, evals, backlog, keys, accounts, backup, privacy):
        group.add_commands(commands)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code. No exception leaves it but argparse's own exit."""
    for stream in (sys.stdout, sys.stderr):
        # A file name may hold bytes that no encoding writes: better a question mark than a failure.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    with french_words():
        given = command_line().parse_args(arguments)
    try:
        code: int = given.run(given)
        sys.stdout.flush()
        return code
    except WrongUsage as error:
        tell(f"assistant-elus : {error}")
        return USAGE_ERROR
    except KeyboardInterrupt:
        tell(messages.STOPPED if given.command == "serve" else messages.INTERRUPTED)
        return INTERRUPTED
    except BrokenPipeError:
        # `… | head` closed the pipe; flushing it again at exit would complain.
        sys.stdout = None
        return FAILED
    except Exception as error:  # the last line of defence: a user reads French, never a traceback
        return fail(error, as_json=given.json)


def fail(error: Exception, *, as_json: bool) -> int:
    from pydantic import ValidationError

    from assistant.settings import Settings
    from ui.problem import LOG_NAME, problem_of, unexpected

    try:
        home = Settings().home
    except ValidationError as wrong:
        for item in wrong.errors():
            name = "ASSISTANT_ELUS_" + "_".join(str(part) for part in item["loc"]).upper()
            tell(messages.wrong_setting(name, item["type"], dict(item.get("ctx") or {})))
        return USAGE_ERROR
    problem = problem_of(error) or unexpected(error, home / LOG_NAME)
    if as_json:
        say_json(problem.body())
    tell(f"assistant-elus : {problem.detail}")
    return FAILED


if __name__ == "__main__":
    sys.exit(main())
