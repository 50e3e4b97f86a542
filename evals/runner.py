"""Running a question set through the very path users take, and comparing two runs."""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from assistant.answer import Turn
from assistant.calibration import load_calibration
from assistant.pipeline import GATHERED, Assistant
from evals.cases import Case, load_cases
from evals.figures import Figures, Intervals, by_kind, intervals, summarise
from evals.metrics import Marks, mark
from evals.outcome import Outcome, Render, outcome_of
from indexing import NoIndex

SCORES, ANSWERS, PARAMETERS = "scores.json", "answers.jsonl", "parameters.json"
LIBRARIES = ("sentence-transformers", "torch", "chromadb", "bm25s")
# Figures of which less is worse, then those of which more is.
SHARES = ("facts", "facts_with_excerpts", "hit", "first", "recall", "precision", "answered", "abstained", "mrr_at_10")
COUNTS = ("must_not", "uncited", "hard_facts")
OVERALL = "overall"
OnAnswered = Callable[[int, int], None]


class RunInvalid(ValueError):
    """A folder does not hold a run; the message names it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A case asked: the question as it was understood, what came back, and its marks."""

    standalone: str
    outcome: Outcome
    marks: Marks


@dataclass(frozen=True, slots=True)
class RunReport:
    """A run: what it was made with, its figures overall and by kind, and what was asked (nothing once read back).

    `intervals` holds those at 95 % of its shares, by kind, and under OVERALL for all.
    """

    parameters: dict[str, Any]
    overall: Figures
    kinds: Mapping[str, Figures]
    intervals: Mapping[str, Intervals] = field(default_factory=dict)
    asked: tuple[Asked, ...] = ()

    @property
    def marks(self) -> tuple[Marks, ...]:
        return tuple(one.marks for one in self.asked)


def run(
    assistant: Assistant,
    questions: Path,
    out: Path | None,
    on_answered: OnAnswered,
    render: Render,
    private: bool = False,
) -> RunReport:
    """Ask every question of a set and mark the answers; written to the folder `out` when given.

    A `private` run keeps figures and parameters only, no question and no answer. Raises CasesInvalid and as
    Assistant.ask does.
    """
    cases = load_cases(questions)
    asked = []
    for number, case in enumerate(cases):
        on_answered(number, len(cases))
        asked.append(_asked(assistant, case, render))
    on_answered(len(cases), len(cases))
    report = report_of(_parameters(assistant, questions, len(cases)), asked)
    if out is not None:
        write(report, out, private)
    return report


def report_of(parameters: dict[str, Any], asked: Sequence[Asked]) -> RunReport:
    """The figures of what was asked, overall and by kind."""
    marks = [one.marks for one in asked]
    kinds = by_kind(marks)
    return RunReport(
        parameters,
        summarise(marks),
        {kind: summarise(ones) for kind, ones in kinds.items()},
        {OVERALL: intervals(marks), **{kind: intervals(ones) for kind, ones in kinds.items()}},
        tuple(asked),
    )


def write(report: RunReport, out: Path, private: bool) -> None:
    """Write a run's parameters beside its figures, and its answers unless it is private."""
    out.mkdir(parents=True, exist_ok=True)
    _dump(out / PARAMETERS, report.parameters)
    _dump(out / SCORES, {OVERALL: report.overall, "kinds": report.kinds, "intervals": report.intervals})
    (out / ANSWERS).unlink(missing_ok=True)
    if not private:
        lines = (json.dumps(_line(one), ensure_ascii=False) for one in report.asked)
        (out / ANSWERS).write_text("\n".join(lines) + "\n", encoding="utf-8")


def read(folder: Path) -> RunReport:
    """Read a run back, without what was asked. Raises RunInvalid."""
    try:
        scores = json.loads((folder / SCORES).read_text(encoding="utf-8"))
        parameters = json.loads((folder / PARAMETERS).read_text(encoding="utf-8"))
        return RunReport(parameters, scores[OVERALL], scores["kinds"], scores.get("intervals", {}))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RunInvalid(f"{folder}: {error}") from error


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs side by side, figure by figure."""

    before: RunReport
    after: RunReport

    def falls(self, tolerance: float = 0.0) -> dict[str, tuple[float, float]]:
        """Figures that got worse by more than `tolerance`: name to (before, after)."""
        worse = {}
        for name in SHARES:
            before, after = self.before.overall.get(name), self.after.overall.get(name)
            if before is not None and (after is None or after < before - tolerance):
                worse[name] = (before, after or 0.0)
        for name in COUNTS:
            before, after = self.before.overall.get(name), self.after.overall.get(name) or 0
            # A figure that an older run did not count cannot have risen.
            if before is not None and after > before:
                worse[name] = (before, after)
        return worse


def compare(before: Path, after: Path) -> Comparison:
    """Read two runs. Raises RunInvalid."""
    return Comparison(read(before), read(after))


def _asked(assistant: Assistant, case: Case, render: Render) -> Asked:
    turn, seconds = _ask(assistant, case)
    # Weighed once more, off the clock: a turn says neither how sure it was nor all that was found.
    weighed = assistant.weigh(turn.standalone_question, k=GATHERED)
    outcome = outcome_of(turn, seconds, weighed, render)
    return Asked(turn.standalone_question, outcome, mark(case, outcome))


def _ask(assistant: Assistant, case: Case) -> tuple[Turn, float]:
    session_id = None
    for question in case.turns:
        started = time.perf_counter()
        turn = assistant.ask(question, session_id)
        seconds = time.perf_counter() - started
        session_id = turn.session_id
    return turn, seconds


def _line(asked: Asked) -> dict[str, Any]:
    """A case and its answer as a line of ANSWERS."""
    marks = asked.marks
    return {
        "id": marks.case.id,
        "kind": marks.case.kind,
        "question": marks.case.turns[-1],
        "standalone": asked.standalone,
        "facts": {_named(fact): held for fact, held in zip(marks.case.facts, marks.held, strict=False)},
        "failed": marks.failed,
        **asdict(asked.outcome),
    }


def _named(fact: tuple[str, ...]) -> str:
    return " | ".join(fact)


def _parameters(assistant: Assistant, questions: Path, count: int) -> dict[str, Any]:
    state = assistant.state()
    if state is None:
        raise NoIndex
    calibration = load_calibration()
    return {
        "questions": questions.name,
        "count": count,
        "date": datetime.now(UTC).date().isoformat(),
        "model": state.model,
        "documents": state.documents,
        "passages": state.passages,
        "ranking": dict(calibration.ranking),
        "threshold": calibration.threshold,
        "libraries": {name: version(name) for name in LIBRARIES},
    }


def _dump(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
