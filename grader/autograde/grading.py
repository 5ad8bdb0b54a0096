"""One submission, from its cells to a grade with its evidence."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from grader.autograde.mistakes import NOTHING, Named, Namer
from grader.autograde.submissions import Submission
from grader.core.grade import CheckGrade, Evidence, Grade, Graded, Outcome, TaskGrade
from grader.core.scoring import Scored, score
from grader.core.topic import Topic
from grader.core.verdict import Verdict
from grader.report.advice import on_problem
from grader.report.message import Source, check_message
from grader.session.recorder import Recorder
from grader.session.suite import Run, Runner
from grader.session.transport import Transport, WorkerSource, WorkerTransport
from grader.session.workers import Connect

MAX_OUTPUT = 70_000


def grade_submission(
    runner: Runner, submission: Submission, source: WorkerSource, diagnosis: Namer | None = None
) -> Graded:
    """Run the suite on ``submission`` in workers of ``source``; SandboxError if the host fails."""
    limit = runner.topic.config.limits.submission_seconds
    return grade_over(runner, submission, lambda: WorkerTransport(source, limit), _output, diagnosis)


def grade_over(
    runner: Runner,
    submission: Submission,
    connect: Connect,
    output: Callable[[Transport], str] = lambda _: "",
    diagnosis: Namer | None = None,
) -> Graded:
    """Run the suite on ``submission`` over transports that ``connect`` gives; ``output`` reads what one printed.

    With ``diagnosis`` the mistakes of a submission that fails something are named.
    """
    if submission.problem:
        return _not_gradable(runner.topic, submission, Run(problem=submission.problem))
    load = runner.load_message(submission.cells, submission.notebook, submission.seed)
    known = diagnosis.take_run(load) if diagnosis is not None else None
    recorder = known.recorder if known is not None else Recorder() if diagnosis is not None else None
    run = known.run if known is not None else runner.run(load, connect, output, recorder)
    if run.killed:
        # Perhaps not its own doing; what happens a second time is.
        recorder = Recorder() if diagnosis is not None else None
        run = runner.run(load, connect, output, recorder)
    if run.problem:
        return _not_gradable(runner.topic, submission, run)
    named = diagnosis.name(run, recorder, connect) if diagnosis and recorder and recorder.exchanges else NOTHING
    tasks, checks = _scored(runner, submission, run, named)
    grade = Grade(
        student=submission.student,
        file=submission.file,
        digest=submission.digest,
        gradable=True,
        score=round(sum(task.points for task in tasks), 6),
        max_score=round(sum(task.max_points for task in tasks), 6),
        seconds=round(run.seconds, 4),
        mistakes=named.mistakes,
        flags=submission.notes,
        tasks=tasks,
        checks=checks,
    )
    failed = tuple(outcome for outcome in run.outcomes if outcome.verdict is not Verdict.PASSED)
    lines = diagnosis.lines(submission, named.mistakes) if diagnosis is not None else {}
    evidence = Evidence(failed, run.output, (*run.notes, *named.notes), lines)
    return Graded(grade, evidence, run.tolerance_used)


def _not_gradable(topic: Topic, submission: Submission, run: Run) -> Graded:
    lines = [] if submission.notebook else [line for cell in submission.cells for line in cell.text.splitlines()]
    step = on_problem(run.problem, lines)
    grade = Grade(
        student=submission.student,
        file=submission.file,
        digest=submission.digest,
        gradable=False,
        score=0.0,
        max_score=topic.points,
        seconds=round(run.seconds, 4),
        flags=(f"not gradable: {run.problem}", *([f"help: {step}"] if step else []), *submission.notes),
        tasks=tuple(TaskGrade(task.name, 0.0, task.points) for task in topic.config.tasks),
    )
    return Graded(grade, Evidence(output=run.output, notes=run.notes))


def _scored(
    runner: Runner, submission: Submission, run: Run, named: Named
) -> tuple[tuple[TaskGrade, ...], tuple[CheckGrade, ...]]:
    complete = len(run.outcomes) == sum(len(spec.cases) for spec in runner.specs)
    if complete and all(outcome.verdict is Verdict.PASSED for outcome in run.outcomes):
        return _full_marks(runner)
    tasks, checks = score(runner.topic.config.tasks, runner.specs, run.outcomes)
    return tasks, _check_grades(submission, checks, run.outcomes, named)


@lru_cache(maxsize=1)
def _full_marks(runner: Runner) -> tuple[tuple[TaskGrade, ...], tuple[CheckGrade, ...]]:
    """What whoever passes everything earns: a session works it out once."""
    passed = tuple(
        Outcome(check=spec.id, case=case, verdict=Verdict.PASSED) for spec in runner.specs for case in spec.cases
    )
    tasks, checks = score(runner.topic.config.tasks, runner.specs, passed)
    return tasks, tuple(_check_grade(scored) for scored in checks)


def _check_grades(
    submission: Submission, checks: tuple[Scored, ...], outcomes: tuple[Outcome, ...], named: Named
) -> tuple[CheckGrade, ...]:
    sources = [Source.of(cell.label, cell.text) for cell in submission.cells]
    by_check: dict[str, list[Outcome]] = {scored.spec.id: [] for scored in checks}
    for outcome in outcomes:
        by_check[outcome.check].append(outcome)
    shown: set[str] = set()
    grades = []
    for scored in checks:
        spec = scored.spec
        # Of the hidden checks of a task at most one says where or how: each further one would tell a bit more.
        show_line = spec.visibility == "public" or spec.task not in shown
        if spec.visibility == "hidden" and scored.verdict in (Verdict.RAISED, Verdict.FAILED):
            shown.add(spec.task)
        message = check_message(
            spec, by_check[spec.id], scored.verdict, sources, show_line, named.hints.get(spec.id, "")
        )
        grades.append(_check_grade(scored, message))
    return tuple(grades)


def _check_grade(scored: Scored, message: str = "") -> CheckGrade:
    spec = scored.spec
    return CheckGrade(
        id=spec.id,
        task=spec.task,
        title=spec.title,
        verdict=scored.verdict,
        points=scored.points,
        max_points=scored.max_points,
        visibility=spec.visibility,
        message=message,
    )


def _output(transport: Transport) -> str:
    read: Callable[[int], str] = transport.worker.read_output  # type: ignore[attr-defined]
    return read(MAX_OUTPUT)
