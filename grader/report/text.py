"""Grades as plain text: feedback for a student, and a class at a glance for a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

import msgspec

from grader.core.grade import CheckGrade, Grade, Graded, Results
from grader.core.judgement import Lateness
from grader.core.verdict import Verdict
from grader.report import plain
from grader.report.reading import HALF, NO_READING, Reading, next_reading
from grader.report.repeats import AS_ABOVE, repeated
from grader.report.summary import share, summarise
from grader.report.verdicts import LABEL, MARK

NAME_WIDTH = 32
MOST_ROWS = 50

MOST_PRINTED = 40
WIDEST_PRINTED = 400


def grade_text(grade: Grade, topic: str = "", reading: Reading = NO_READING) -> str:
    """A student's feedback: score, tasks, named mistakes, reading and what did not pass; ends with a line break."""
    whose = " · ".join(plain.line(part) for part in (topic, grade.student, grade.file) if part)
    return f"{whose}\n{_findings(grade.unnamed(), tuple(next_reading(grade, reading)))}\n"


def told_beside(graded: Graded) -> Iterator[str]:
    """What a student's own machine may say beyond the feedback: the first exception, the output, notes; as blocks."""
    for outcome in graded.evidence.outcomes:
        if outcome.verdict is Verdict.RAISED and outcome.detail:
            # One is enough: the others most often tell the same.
            yield f"the first exception, in {outcome.check}:\n{outcome.detail}"
            break
    if graded.evidence.output:
        yield printed(graded.evidence.output)
    for note in graded.evidence.notes:
        yield f"note: {note}"


def printed(output: str) -> str:
    """What the student's code printed, its first lines: more would push the feedback off the screen."""
    lines = output.rstrip().splitlines()
    shown = [line if len(line) <= WIDEST_PRINTED else f"{line[:WIDEST_PRINTED]}…" for line in lines[:MOST_PRINTED]]
    more = [f"… and {count(len(lines) - MOST_PRINTED, 'more line')}"] if len(lines) > MOST_PRINTED else []
    return "\n".join(["your code printed:", *shown, *more])


def task_text(grade: Grade, task: str) -> str:
    """The part of a student's feedback that is about one task, for where each task has its own place."""
    lines = [f"Note: {plain.line(flag)}" for flag in grade.flags]
    for each in grade.tasks:
        if each.name == task:
            lines.append(f"{plain.line(task)}: {plain.number(each.points)} of {plain.number(each.max_points)}")
    checks = [check for check in grade.checks if check.task == task]
    if checks:
        passed = sum(check.verdict is Verdict.PASSED for check in checks)
        lines.append(f"{passed} of {count(len(checks), 'check')} passed")
        lines += _failing(checks)
    return "\n".join(lines) + "\n"


Paint = Callable[[str, str], str]
"""Colours a text for a tone (``good``, ``bad``, ``idle``, ``ours``), or leaves it as it is."""


def class_table(results: Results, paint: Paint = lambda text, tone: text, columns: int | None = None) -> str:
    """One aligned row a student (the first 50), then the class in a few lines; ends with a line break.

    Rows are cut at ``columns``, if that is given: their last cell names mistakes, and feedback has them all.
    """
    grades = results.submissions
    rows = [("student", "score", "of", "%", "checks", ""), *(_row(grade) for grade in grades[:MOST_ROWS])]
    header, *body = aligned(rows, columns=columns)
    body = [paint(line, _tone(grade)) for line, grade in zip(body, grades, strict=False)]
    lines = [f"{plain.line(results.topic)}: {count(len(grades), 'submission')}", "", paint(header, "idle"), *body]
    if len(grades) > MOST_ROWS:
        lines.append(f"… and {len(grades) - MOST_ROWS} more")
    return "\n".join([*lines, "", *_class(grades)]) + "\n"


@lru_cache(maxsize=128)
def _findings(grade: Grade, reading: tuple[str, ...]) -> str:
    """All of a feedback that does not say whose it is: much of a class shares it."""
    return "\n".join(_findings_lines(grade, reading))


def _findings_lines(grade: Grade, reading: tuple[str, ...]) -> Iterator[str]:
    yield f"Score: {plain.number(grade.score)} of {plain.number(grade.max_score)}"
    yield from judgement_lines(grade)
    if not grade.gradable:
        yield ""
        yield "This submission is not gradable, so no check was run on it."
    for flag in grade.flags:
        yield f"Note: {plain.line(flag)}"
    if grade.tasks:
        yield ""
        yield "Tasks"
        rows = [(plain.line(t.name), plain.number(t.points), "of", plain.number(t.max_points)) for t in grade.tasks]
        yield from (f"  {row}" for row in aligned(rows))
    if grade.mistakes:
        yield ""
        yield "Likely mistakes"
        for mistake in grade.mistakes:
            yield f"  • {plain.line(mistake.id)}: {plain.line(mistake.hint)}"
            yield f"    {plain.line(mistake.evidence)}"
    if reading:
        yield ""
        yield "Read next"
        yield from (f"  • {plain.line(page)}" for page in reading)
    if grade.checks:
        passed = sum(check.verdict is Verdict.PASSED for check in grade.checks)
        yield ""
        yield f"{passed} of {count(len(grade.checks), 'check')} passed"
        yield from _failing(grade.checks)


def judgement_lines(grade: Grade) -> Iterator[str]:
    """What a person or the late policy changed in a grade, and the comments on it; nothing where there is neither."""
    judgement = grade.judgement
    if isinstance(judgement, msgspec.UnsetType):
        return
    yield f"Final score: {plain.number(judgement.final_score)} of {plain.number(grade.max_score)}"
    for change in judgement.changes:
        points = f"{plain.number(change.before)} → {plain.number(change.after)}"
        yield f"  {plain.line(change.task)}: {points}, by your instructor: {plain.line(change.why)}"
    if judgement.late is not None:
        yield f"  {late_words(judgement.late)}"
    for comment in judgement.comments:
        yield f"Comment: {plain.line(comment)}"


def late_words(late: Lateness) -> str:
    """What being late cost, in one line."""
    paid = f", {count(late.tokens, 'late-day token')} spent" if late.tokens else ""
    return f"{count(late.days, 'day')} late (due {late.due:%Y-%m-%d %H:%M %Z}){paid}: −{late.lost:.0%} of the points"


def _failing(checks: Sequence[CheckGrade]) -> Iterator[str]:
    """Those that did not pass, each with its message."""
    failing = [check for check in checks if check.verdict is not Verdict.PASSED]
    said = repeated(failing)
    for check in failing:
        message = AS_ABOVE if check.id in said else check.message or LABEL[check.verdict]
        first, *more = plain.text(message).split("\n")
        yield f"  {MARK[check.verdict]} {plain.line(check.title)} — {first}"
        yield from (f"      {line}" for line in more)


def _row(grade: Grade) -> tuple[str, ...]:
    passed = sum(check.verdict is Verdict.PASSED for check in grade.checks)
    broken = sum(check.verdict is Verdict.INTERNAL_ERROR for check in grade.checks)
    notes = [] if grade.gradable else ["not gradable"]
    if broken:
        notes.append(f"grader broke on {count(broken, 'check')}")
    notes += [plain.line(mistake.id, NAME_WIDTH) for mistake in grade.mistakes]
    if not isinstance(grade.judgement, msgspec.UnsetType):
        notes.insert(0, f"final {plain.number(grade.judgement.final_score)}")
    return (
        plain.line(grade.student, NAME_WIDTH),
        plain.number(grade.score),
        plain.number(grade.max_score),
        plain.per_cent(share(grade.score, grade.max_score)),
        f"{passed}/{len(grade.checks)}" if grade.checks else "–",
        ", ".join(notes),
    )


def _tone(grade: Grade) -> str:
    if any(check.verdict is Verdict.INTERNAL_ERROR for check in grade.checks):
        return "ours"
    part = share(grade.score, grade.max_score)
    return "good" if part > 1 - 1e-9 else "bad" if part < HALF else ""


def _class(grades: Sequence[Grade]) -> Iterator[str]:
    summary = summarise(grades)
    if summary.mean is not None and summary.median is not None:
        yield (
            f"mean {plain.per_cent(summary.mean)} %, median {plain.per_cent(summary.median)} %, "
            f"full marks {summary.full}, not gradable {len(summary.not_gradable)}"
        )
    if summary.broken:
        names = sorted({plain.line(student, NAME_WIDTH) for student, _ in summary.broken})
        more = f" and {len(names) - 5} more" if len(names) > 5 else ""
        yield f"the grader broke on {count(len(summary.broken), 'check')} ({', '.join(names[:5])}{more})"


def aligned(rows: Sequence[Sequence[str]], left: Sequence[int] = (), columns: int | None = None) -> list[str]:
    """Rows with their cells padded: the first, the last and those ``left`` to the left, the others to the right.

    No row is wider than ``columns``, if that is given.
    """
    widths = [max(plain.width(cell) for cell in column) for column in zip(*rows, strict=True)]
    last = len(widths) - 1
    lines = []
    for row in rows:
        cells = []
        for number, cell in enumerate(row):
            gap = " " * (widths[number] - plain.width(cell))
            cells.append(cell + gap if number in (0, last, *left) else gap + cell)
        line = "  ".join(cells).rstrip()
        lines.append(line if columns is None else plain.cut(line, columns))
    return lines


def count(number: int, noun: str) -> str:
    """``1 check``, ``2 checks``."""
    return f"{number} {noun}" + ("" if number == 1 else "s")
