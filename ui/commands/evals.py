"""`evals run|compare|calibrate|replay`: measure the answers, fit the numbers that decide them, see which flip."""

import argparse
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

from assistant.answer import MAX_EXCERPT, Answer, Citation, Turn
from assistant.pipeline import Assistant
from assistant.settings import Settings
from indexing import Progress
from ui import messages, rendering
from ui.commands.ask import ready_assistant
from ui.commands.parser import WrongUsage, add_json
from ui.commands.terminal import progress_shown, say, say_json, say_table, tell
from ui.excerpt import excerpt

EXAMPLES = """exemples :
  assistant-elus evals run --out mesures/
  assistant-elus evals run --questions questions.jsonl --documents documents/ --out mesures/
  assistant-elus evals run --questions questions.jsonl --out mesures/ --private
  assistant-elus evals compare mesures/avant mesures/apres
  assistant-elus evals replay --last 200 --backlog
  assistant-elus evals calibrate --set questions.jsonl=documents/ --set evals/data/hors-sujet.jsonl=documents/
"""
SHIPPED = "fiches.jsonl"
OFF_TOPIC = "hors-sujet.jsonl"
PAIRS = "support.jsonl"


def add_commands(commands: Any) -> None:
    evals = commands.add_parser(
        "evals", help="mesure les réponses", description="Mesure les réponses sur un jeu de questions.", epilog=EXAMPLES
    )
    actions = evals.add_subparsers(title="actions", metavar="ACTION", required=True, dest="action")
    run = actions.add_parser("run", help="pose toutes les questions et note les réponses", epilog=EXAMPLES)
    run.add_argument("--questions", type=Path, metavar="FICHIER", help="jeu de questions (JSONL ; celui des fiches)")
    run.add_argument(
        "--documents", metavar="DOSSIER", help="les documents interrogés, indexés pour l'occasion (ceux déjà indexés)"
    )
    run.add_argument("--out", type=Path, metavar="DOSSIER", help="où écrire les mesures")
    run.add_argument("--private", action="store_true", help="n'écrit que chiffres et paramètres")
    run.set_defaults(run=run_run, json=False)
    compare = actions.add_parser("compare", help="compare deux mesures", epilog=EXAMPLES)
    compare.add_argument("before", type=Path, metavar="AVANT", help="dossier d'une mesure")
    compare.add_argument("after", type=Path, metavar="APRÈS", help="dossier d'une autre")
    compare.set_defaults(run=run_compare)
    add_json(compare)
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
    again = actions.add_parser(
        "replay", help="repose les vraies questions et dit quelles réponses changent", epilog=EXAMPLES
    )
    again.add_argument("--last", type=count_of, default=100, metavar="N", help="les N dernières (%(default)s)")
    again.add_argument("--backlog", action="store_true", help="aussi celles qui attendent encore une bonne réponse")
    again.set_defaults(run=run_replay)
    add_json(again)


def run_run(given: argparse.Namespace) -> int:
    from evals import report, runner
    from evals.cases import CasesInvalid

    try:
        report.require_libraries()
    except report.LibrariesMissing as error:
        return refused(messages.EVALS_LIBRARIES_MISSING.format(names=error))
    settings = Settings()
    questions = given.questions or Path(str(files("evals") / "data" / SHIPPED))
    out = given.out or settings.home / "evals" / datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    try:
        with progress_shown() as show, assistant_over(given.documents, settings, show) as assistant:
            measured = runner.run(
                assistant,
                questions,
                out,
                lambda done, total: show(Progress("asking", done, total)),
                rendered,
                given.private,
            )
    except CasesInvalid as error:
        return refused(messages.EVALS_CASES_INVALID.format(reason=error))
    page = out / report.REPORT
    texts = report.Texts(messages.EVALS_REPORT, messages.EVALS_GROUPS, messages.EVALS_DRAWN)
    page.write_text(report.as_html(measured, texts, given.private), encoding="utf-8")
    say_table(columns(), figures({**measured.kinds, messages.EVALS_OVERALL: measured.overall}))
    for name, (low, high) in measured.intervals[runner.OVERALL].items():
        if name in ("answered", "abstained"):
            say(messages.evals_interval(name, low, high))
    say(messages.EVALS_WRITTEN.format(folder=out))
    say(messages.EVALS_REPORT_WRITTEN.format(file=page))
    return 0


@contextmanager
def assistant_over(documents: str | None, settings: Settings, show: Callable[[Progress], None]) -> Iterator[Assistant]:
    """The assistant over what is indexed, or over an index of these documents made for the occasion."""
    from assistant.factory import open_assistant, open_library

    if documents is None:
        yield ready_assistant(settings)
        return
    with tempfile.TemporaryDirectory() as scratch:
        settings = settings.model_copy(update={"home": Path(scratch)})
        failed = open_library(settings).add([documents], {}, show).failed
        if failed:
            raise WrongUsage(" ; ".join(messages.failure(one.source, one.code, one.detail) for one in failed))
        yield open_assistant(settings)


def run_compare(given: argparse.Namespace) -> int:
    from evals import runner
    from evals.flips import flips

    try:
        comparison = runner.compare(given.before, given.after)
        changed = flips(given.before, given.after)
    except runner.RunInvalid as error:
        return refused(messages.EVALS_RUN_INVALID.format(reason=error))
    before, after, falls = comparison.before.overall, comparison.after.overall, comparison.falls()
    if given.json:
        told = None if changed is None else [asdict(flip) for flip in changed]
        say_json({"before": before, "after": after, "falls": falls, "flips": told})
        return 1 if falls else 0
    say_table(columns(), figures({messages.EVALS_BEFORE: before, messages.EVALS_AFTER: after}))
    for name, (was, is_) in falls.items():
        say(messages.evals_fall(name, was, is_))
    if changed is None:
        say(messages.EVALS_NO_ANSWERS)
    else:
        say(messages.evals_flips(len(changed)) if changed else messages.EVALS_NO_FLIP)
        for flip in changed:
            say("  " + messages.evals_flip(**asdict(flip)))
    return 1 if falls else 0


def run_calibrate(given: argparse.Namespace) -> int:
    from assistant.calibration import Calibration
    from assistant.factory import open_assistant, open_library
    from evals import calibration
    from evals.cases import load_cases
    from evals.pairs import load_pairs, measure_pairs

    given_sets = [pair.partition("=") for pair in given.sets]
    if any(not folder for _, _, folder in given_sets):
        raise WrongUsage(messages.EVALS_SET_EXPECTED)
    data, fiches = Path(str(files("evals") / "data")), str(files("corpus") / "fiches")
    # The labelled pairs are over the shipped fiches: those are always indexed.
    sets: dict[str, list[Path]] = {fiches: [] if given_sets else [data / SHIPPED, data / OFF_TOPIC]}
    for questions, _, folder in given_sets:
        same = Path(folder).resolve() == Path(fiches).resolve()
        sets.setdefault(fiches if same else folder, []).append(Path(questions))
    weighings, pairs = [], []
    with tempfile.TemporaryDirectory() as scratch, progress_shown() as show:
        for number, (folder, paths) in enumerate(sets.items()):
            settings = Settings(home=Path(scratch) / str(number))
            open_library(settings).add([folder], {}, show)
            assistant = open_assistant(settings, Calibration.neutral())
            cases = [case for path in paths for case in load_cases(path)]
            show(Progress("asking", 0, len(cases)))
            weighings += calibration.weigh_cases(assistant, cases)
            show(Progress("asking", len(cases), len(cases)))
            if folder == fiches:
                pairs = measure_pairs(assistant, load_pairs(data / PAIRS))
        fitted = calibration.fit(weighings, pairs)
    out = given.out or Path(str(files("assistant") / "calibration.toml"))
    out.write_text(calibration.as_toml(fitted), encoding="utf-8")
    say(
        messages.EVALS_CALIBRATED.format(
            questions=fitted.questions,
            area=fitted.area_under_curve,
            answered=fitted.answered,
            abstained=fitted.abstained,
            error=fitted.calibration_error,
            pairs=fitted.pairs,
            support=fitted.support_area,
            file=out,
        )
    )
    return 0


def run_replay(given: argparse.Namespace) -> int:
    from assistant.factory import open_assistant, open_store
    from assistant.store.past import latest_turns, turns_to_fill
    from evals.replay import flipped, replay

    settings = Settings()
    database = open_store(settings).database
    waiting = turns_to_fill(database) if given.backlog else ()
    stored = {one.turn.id: one for one in (*latest_turns(database, given.last), *waiting)}
    with progress_shown() as show:
        # Sessions in memory: nothing of a replay is written.
        asked = replay(
            open_assistant(settings), stored.values(), lambda done, total: show(Progress("asking", done, total))
        )
    changed = flipped(asked)
    if given.json:
        say_json({"asked": len(asked), "flips": [asdict(one) for one in changed]})
        return 0
    if not asked:
        say(messages.EVALS_REPLAY_NOTHING)
        return 0
    say(messages.evals_replayed(len(asked), len(changed)))
    for one in changed:
        say("  " + messages.evals_replay_flip(one.question, one.outcome, one.first))
    return 0


def count_of(typed: str) -> int:
    number = int(typed)
    if number < 0:
        raise ValueError(typed)
    return number


def rendered(turn: Turn) -> tuple[str, Sequence[tuple[Citation, str]]]:
    """What a user reads of a turn: the answer's text, and its citations with their excerpts."""
    if not isinstance(turn.reply, Answer):
        return messages.abstention(turn.reply.topics), ()
    cited = [(one, excerpt(one.passage, one.quotes, MAX_EXCERPT)) for one in turn.reply.citations]
    return rendering.answer_text(turn.reply), cited


def columns() -> list[str]:
    return [messages.EVALS_KIND, *messages.EVALS_COLUMNS.values()]


def figures(rows: Mapping[str, Mapping[str, float | None]]) -> list[list[str]]:
    return [[name, *(_cell(row.get(column)) for column in messages.EVALS_COLUMNS)] for name, row in rows.items()]


def refused(reason: str) -> int:
    tell(f"assistant-elus : {reason}")
    return 1


def _cell(value: float | None) -> str:
    if value is None:
        return "–"
    return str(value) if isinstance(value, int) else f"{value:.3f}" if value <= 1 else f"{value:.1f}"
