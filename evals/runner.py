"""Running a question set through the very path users take, and comparing two runs."""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from assistant.abstention import load_calibration
from assistant.answer import Answer, Citation, Turn
from assistant.pipeline import Assistant
from evals.cases import Case, load_cases
from evals.metrics import Marks, Outcome, by_kind, mark, summarise, wilson
from indexing import NoIndex

SCORES, ANSWERS, PARAMETERS = "scores.json", "answers.jsonl", "parameters.json"
LIBRARIES = ("sentence-transformers", "torch", "chromadb", "bm25s")
Render = Callable[[Turn], tuple[str, Sequence[tuple[Citation, str]]]]
OnAnswered = Callable[[int, int], None]


class RunInvalid(ValueError):
    """A folder does not hold a run; the message names it."""


@dataclass(frozen=True, slots=True)
class RunReport:
    """A run: what it was made with, its figures overall and by kind, and its marks."""

    parameters: dict[str, Any]
    overall: dict[str, float | None]
    kinds: dict[str, dict[str, float | None]]
    marks: tuple[Marks, ...] = ()


def run(
    assistant: Assistant,
    questions: Path,
    out: Path | None,
    on_answered: OnAnswered,
    render: Render,
    private: bool = False,
) -> RunReport:
    """Ask every question of a set and mark the answers; written to the folder `out` when given.

    `render` makes of a turn what a user reads: the answer's text, and its citations with their excerpts. A `private`
    run keeps figures and parameters only, no question and no answer. Raises CasesInvalid and as Assistant.ask does.
    """
    cases = load_cases(questions)
    marks: list[Marks] = []
    lines: list[dict[str, Any]] = []
    for number, case in enumerate(cases):
        on_answered(number, len(cases))
        turn, seconds = _ask(assistant, case)
        text, cited = render(turn)
        outcome = Outcome(
            text,
            not isinstance(turn.reply, Answer),
            tuple((citation.document.source, excerpt) for citation, excerpt in cited),
            seconds,
        )
        marks.append(mark(case, outcome))
        lines.append(
            {"id": case.id, "question": case.turns[-1], "standalone": turn.standalone_question, **asdict(outcome)}
        )
    on_answered(len(cases), len(cases))
    report = RunReport(
        _parameters(assistant, questions, len(cases)), summarise(marks), dict(by_kind(marks)), tuple(marks)
    )
    if out is not None:
        write(report, out)
        (out / ANSWERS).unlink(missing_ok=True)
        if not private:
            text = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
            (out / ANSWERS).write_text(text + "\n", encoding="utf-8")
    return report


def write(report: RunReport, out: Path) -> None:
    """Write a run's parameters beside its figures."""
    out.mkdir(parents=True, exist_ok=True)
    _dump(out / PARAMETERS, report.parameters)
    _dump(out / SCORES, {"overall": report.overall, "kinds": report.kinds})


def read(folder: Path) -> RunReport:
    """Read a run back, without its marks. Raises RunInvalid."""
    try:
        scores = json.loads((folder / SCORES).read_text(encoding="utf-8"))
        parameters = json.loads((folder / PARAMETERS).read_text(encoding="utf-8"))
        return RunReport(parameters, scores["overall"], scores["kinds"])
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
        for name in ("facts", "facts_with_excerpts", "hit", "first", "precision", "answered", "abstained"):
            before, after = self.before.overall.get(name), self.after.overall.get(name)
            if before is not None and (after is None or after < before - tolerance):
                worse[name] = (before, after or 0.0)
        for name in ("must_not", "uncited"):
            before, after = self.before.overall.get(name) or 0, self.after.overall.get(name) or 0
            if after > before:
                worse[name] = (before, after)
        return worse


def compare(before: Path, after: Path) -> Comparison:
    """Read two runs. Raises RunInvalid."""
    return Comparison(read(before), read(after))


def intervals(report: RunReport) -> dict[str, tuple[float, float]]:
    """95 % intervals of the shares that decide: questions answered, questions refused."""
    yes = sum(one.case.answerable for one in report.marks)
    counts = {"answered": yes, "abstained": len(report.marks) - yes}
    return {name: wilson(report.overall[name] or 0.0, count) for name, count in counts.items() if count}


def _ask(assistant: Assistant, case: Case) -> tuple[Turn, float]:
    session_id = None
    for question in case.turns:
        started = time.perf_counter()
        turn = assistant.ask(question, session_id)
        seconds = time.perf_counter() - started
        session_id = turn.session_id
    return turn, seconds


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
