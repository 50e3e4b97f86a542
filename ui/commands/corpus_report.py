"""What became of each document of a build or a sync: the final table, or the same as JSON."""

from dataclasses import asdict
from typing import Any

from corpus import Vanishing
from indexing import BuildReport
from ui import messages
from ui.commands.corpus_view import failure_body
from ui.commands.terminal import say, say_json, say_table, tell


def say_report(report: BuildReport, as_json: bool, *, dry_run: bool = False) -> int:
    """1 when a document failed, or when nobody confirmed that many should go."""
    code = 1 if report.failed or report.kept else 0
    if as_json:
        say_json(report_body(report))
        return code
    groups = ((messages.ADDED, report.added), (messages.CHANGED, report.changed), (messages.REMOVED, report.removed))
    rows = [[source, result] for result, sources in groups for source in sources]
    if rows or report.failed:
        # A thousand unchanged lines would hide what did change.
        counted = [[messages.counted(len(report.unchanged)), messages.UNCHANGED]] if report.unchanged else []
        say_table(messages.REPORT, [*rows, *counted])
    for failure in report.failed:
        stands = failure.source in report.standing
        told = messages.standing if stands else messages.failure
        tell(told(failure.source, failure.code, failure.detail))
    for one in report.kept:
        tell(messages.vanishing(one.source.place, one.gone, one.of) + messages.VANISHING_KEPT)
    if dry_run:
        say(messages.DRY_RUN)
    if not rows and not code and report.snapshot is None:
        say(messages.nothing_changed(len(report.unchanged)))
        return 0
    done = sum(len(sources) for _, sources in groups) + len(report.unchanged)
    say(messages.build_total(done, len(report.failed), report.passages if report.snapshot else None, report.seconds))
    return code


def report_body(report: BuildReport) -> dict[str, Any]:
    kept = [_vanishing_body(one) for one in report.kept]
    failed = [failure_body(one) for one in report.failed]
    told = {name: value for name, value in asdict(report).items() if name not in ("kept", "failed")}
    return {**told, "failed": failed, "kept": kept}


def _vanishing_body(one: Vanishing) -> dict[str, Any]:
    return {"source": one.source.place, "gone": one.gone, "of": one.of}
