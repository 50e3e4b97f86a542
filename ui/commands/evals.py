"""`evals run|compare|calibrate`: measure the answers on a set of questions, and fit the numbers that decide them."""

import argparse
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

from assistant.answer import MAX_EXCERPT, Answer, Citation, Turn
from assistant.settings import Settings
from indexing import Progress
from ui import messages, rendering
from ui.commands.ask import ready_assistant
from ui.commands.parser import WrongUsage
from ui.commands.terminal import progress_shown, say, say_table
from ui.excerpt import excerpt

EXAMPLES = """exemples :
  assistant-elus evals run --out mesures/
  assistant-elus evals run --questions questions.jsonl --out mesures/ --private
  assistant-elus evals compare mesures/avant mesures/apres
  assistant-elus evals calibrate --set questions.jsonl=documents/ --set evals/data/hors-sujet.jsonl=documents/
"""
SHIPPED = "fiches.jsonl"
OFF_TOPIC = "hors-sujet.jsonl"


def add_commands(commands: Any) -> None:
    evals = commands.add_parser(
        "evals", help="mesure les réponses", description="Mesure les réponses sur un jeu de questions.", epilog=EXAMPLES
    )
    actions = evals.add_subparsers(title="actions", metavar="ACTION", required=True, dest="action")
    run = actions.add_parser("run", help="pose toutes les questions et note les réponses", epilog=EXAMPLES)
    run.add_argument("--questions", type=Path, metavar="FICHIER", help="jeu de questions (JSONL ; celui des fiches)")
    run.add_argument("--out", type=Path, metavar="DOSSIER", help="où écrire les mesures")
    run.add_argument("--private", action="store_true", help="n'écrit que chiffres et paramètres")
    run.set_defaults(run=run_run, json=False)
    compare = actions.add_parser("compare", help="compare deux mesures", epilog=EXAMPLES)
    compare.add_argument("before", type=Path, metavar="AVANT", help="dossier d'une mesure")
    compare.add_argument("after", type=Path, metavar="APRÈS", help="dossier d'une autre")
    compare.set_defaults(run=run_compare, json=False)
    calibrate = actions.add_parser(
        "calibrate", help="ajuste le classement et l'abstention sur nos propres questions", epilog=EXAMPLES
    )
    calibrate.add_argument(
        "--set",
        action="append",
        default=[],
        dest="sets",
        metavar="QUESTIONS=DOSSIER",
        help="un jeu de questions et les documents qui y répondent (répétable)",
    )
    calibrate.add_argument("--out", type=Path, metavar="FICHIER", help="où écrire les nombres (calibration.toml)")
    calibrate.set_defaults(run=run_calibrate, json=False)


def run_run(given: argparse.Namespace) -> int:
    from evals import runner

    settings = Settings()
    questions = given.questions or Path(str(files("evals") / "data" / SHIPPED))
    out = given.out or settings.home / "evals" / datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    assistant = ready_assistant(settings)
    with progress_shown() as show:
        report = runner.run(
            assistant,
            questions,
            out,
            lambda done, total: show(Progress("asking", done, total)),
            rendered,
            given.private,
        )
    say_table(messages.EVALS_COLUMNS, figures({**report.kinds, messages.EVALS_OVERALL: report.overall}))
    for name, (low, high) in runner.intervals(report).items():
        say(messages.evals_interval(name, low, high))
    say(messages.EVALS_WRITTEN.format(folder=out))
    return 0


def run_compare(given: argparse.Namespace) -> int:
    from evals import runner

    comparison = runner.compare(given.before, given.after)
    rows = {
        messages.EVALS_BEFORE: comparison.before.overall,
        messages.EVALS_AFTER: comparison.after.overall,
    }
    say_table(messages.EVALS_COLUMNS, figures(rows))
    falls = comparison.falls()
    for name, (before, after) in falls.items():
        say(messages.evals_fall(name, before, after))
    return 1 if falls else 0


def run_calibrate(given: argparse.Namespace) -> int:
    from assistant.abstention import Calibration
    from assistant.factory import open_assistant, open_library
    from evals import calibration
    from evals.cases import load_cases

    pairs = [pair.partition("=") for pair in given.sets]
    if any(not folder for _, _, folder in pairs):
        raise WrongUsage(messages.EVALS_SET_EXPECTED)
    data, fiches = Path(str(files("evals") / "data")), str(files("corpus") / "fiches")
    sets: dict[str, list[Path]] = {} if pairs else {fiches: [data / SHIPPED, data / OFF_TOPIC]}
    for questions, _, folder in pairs:
        sets.setdefault(folder, []).append(Path(questions))
    weighings = []
    with tempfile.TemporaryDirectory() as scratch, progress_shown() as show:
        for number, (folder, paths) in enumerate(sets.items()):
            settings = Settings(home=Path(scratch) / str(number))
            open_library(settings).add([folder], {}, show)
            assistant = open_assistant(settings, Calibration.neutral())
            cases = [case for path in paths for case in load_cases(path)]
            show(Progress("asking", 0, len(cases)))
            weighings += calibration.weigh_cases(assistant, cases)
            show(Progress("asking", len(cases), len(cases)))
        fitted = calibration.fit(weighings)
    out = given.out or Path(str(files("assistant") / "calibration.toml"))
    out.write_text(calibration.as_toml(fitted), encoding="utf-8")
    say(
        messages.EVALS_CALIBRATED.format(
            questions=fitted.questions,
            area=fitted.area_under_curve,
            answered=fitted.answered,
            abstained=fitted.abstained,
            error=fitted.calibration_error,
            file=out,
        )
    )
    return 0


def rendered(turn: Turn) -> tuple[str, Sequence[tuple[Citation, str]]]:
    """What a user reads of a turn: the answer's text, and its citations with their excerpts."""
    if not isinstance(turn.reply, Answer):
        return messages.abstention(turn.reply.topics), ()
    cited = [(one, excerpt(one.passage, one.quotes, MAX_EXCERPT)) for one in turn.reply.citations]
    return rendering.answer_text(turn.reply), cited


def figures(rows: dict[str, dict[str, float | None]]) -> list[list[str]]:
    return [[name, *(_cell(value) for value in row.values())] for name, row in rows.items()]


def _cell(value: float | None) -> str:
    if value is None:
        return "–"
    return str(value) if isinstance(value, int) else f"{value:.3f}" if value <= 1 else f"{value:.1f}"
