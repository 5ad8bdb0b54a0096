"""A class reduced to what its report shows: columns for each topic, and the course over all of them.

Topics are read one after another and each is dropped once it is reduced, so that a course of 5,000 students and 18
topics, 90,000 grades of 25 checks with their evidence, needs the memory of one topic. Texts from outside are cleaned
here, once.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from grader.core.grade import CheckGrade, Grade, Graded
from grader.core.verdict import Verdict
from grader.report import plain
from grader.report.items import URGENCY, Item, analyse
from grader.report.outliers import Surprise, slow, surprises
from grader.report.summary import Summary, share, summarise
from grader.report.text import judgement_lines

LETTER: Final = dict(zip(Verdict, "PFRTMCBSI", strict=True))
"""A verdict's letter in a row's string; a dot stands for a check without one."""

MOST_EVIDENCE = 400_000
"""How many characters of evidence the class report holds of one topic."""


class ClassTopic(msgspec.Struct, frozen=True):
    """A topic's part of the class report: what was graded, with what, in the order of the students' names."""

    topic: str
    suite_digest: str
    engine: str
    sandbox: str
    graded: Sequence[Graded]


class Shown(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a submission wrote about one case of a check."""

    check: str
    case: str
    verdict: Verdict
    difference: str = ""
    reason: str = ""
    line: int | None = None
    detail: str = ""


class Story(msgspec.Struct, frozen=True, omit_defaults=True):
    """What there is to read about one submission beside its row."""

    file: str
    digest: str
    flags: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    judged: tuple[str, ...] = ()
    mistakes: dict[str, str] = {}
    messages: dict[str, str] = {}
    cases: tuple[Shown, ...] = ()
    output: str = ""


class NamedMistake(msgspec.Struct, frozen=True):
    """A known wrong answer: its hint, how many agree with it, and a line of one of them that shows it."""

    id: str
    hint: str
    count: int
    line: str


class Row(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A submission in the page's data: one letter a check, the numbers of its mistakes, None for a missing task.

    ``final`` is the score with the instructor's judgement and the late policy, None where both left it as it was;
    ``late`` the days.
    """

    student: str
    score: float
    max_score: float
    seconds: float
    gradable: bool
    tasks: tuple[float | None, ...]
    verdicts: str
    mistakes: tuple[int, ...]
    final: float | None = None
    late: int = 0

    @property
    def counted(self) -> float:
        """The score that counts."""
        return self.score if self.final is None else self.final


class TopicData(msgspec.Struct, frozen=True):
    """A topic, reduced. ``checks`` and ``items`` go together; ``stories`` are by number of the row."""

    topic: str
    suite_digest: str
    engine: str
    sandbox: str
    summary: Summary
    items: tuple[Item, ...]
    tasks: tuple[tuple[str, float], ...]
    checks: tuple[CheckGrade, ...]
    mistakes: tuple[NamedMistake, ...]
    rows: tuple[Row, ...]
    slow: tuple[int, ...]
    stories: dict[int, Story]
    left_out: int


class Course(msgspec.Struct, frozen=True):
    """All topics of a report, and their students by name; ``missing`` has the topics a student did not hand in."""

    topics: tuple[TopicData, ...]
    students: tuple[str, ...]
    shares: tuple[float, ...]
    missing: dict[str, tuple[str, ...]]
    surprises: tuple[Surprise, ...]


def read_course(topics: Iterable[ClassTopic], roster: Iterable[str] = ()) -> Course:
    """Reduce the topics of a report, in the order given; who is on a ``roster`` is in the class in any case."""
    reduced = tuple(reduce_topic(topic) for topic in topics)
    students = tuple(sorted({row.student for topic in reduced for row in topic.rows} | set(map(plain.line, roster))))
    number = {student: index for index, student in enumerate(students)}
    earned = np.zeros(len(students))
    shares = np.full((len(students), len(reduced)), np.nan)
    read = shares.copy()  # what can't be read is listed as such, and says nothing of its student
    for column, topic in enumerate(reduced):
        for row in topic.rows:
            shares[number[row.student], column] = share(row.counted, row.max_score)
            if row.gradable:
                read[number[row.student], column] = shares[number[row.student], column]
            earned[number[row.student]] += row.counted
    there = ~np.isnan(shares)
    full = sum(map(_full, reduced))
    return Course(
        topics=reduced,
        students=students,
        shares=tuple(share(points, full) for points in earned.tolist()),
        missing={
            student: tuple(topic.topic for topic, handed_in in zip(reduced, there[index], strict=True) if not handed_in)
            for student, index in number.items()
            if not there[index].all()
        },
        surprises=tuple(surprises(read)),
    )


def remarks(course: Course) -> list[tuple[str, CheckGrade, Item]]:
    """The checks that an author should look at, with their topic: what may be unfair first, what is only easy last."""
    found = [
        (topic.topic, check, item)
        for topic in course.topics
        for check, item in zip(topic.checks, topic.items, strict=True)
        if item.remark
    ]
    return sorted(found, key=lambda entry: URGENCY.index(entry[2].remark))


def reduce_topic(topic: ClassTopic) -> TopicData:
    """The columns of one topic."""
    grades = [entry.grade for entry in topic.graded]
    summary = summarise(grades)
    checks = tuple(rate.check for rate in summary.checks)
    mistakes = _mistakes(summary, topic.graded)
    tasks = _tasks(grades)
    known = {name: index for index, (name, _) in enumerate(summary.mistakes)}
    position = {check.id: index for index, check in enumerate(checks)}
    rows = tuple(_row(grade, position, [name for name, _ in tasks], known) for grade in grades)
    stories, left_out = _stories(topic.graded)
    return TopicData(
        topic=plain.line(topic.topic),
        suite_digest=topic.suite_digest,
        engine=topic.engine,
        sandbox=topic.sandbox,
        summary=summary,
        items=tuple(analyse(*_matrices(grades, position))),
        tasks=tuple((plain.line(name), points) for name, points in tasks),
        checks=tuple(map(_cleaned, checks)),
        mistakes=mistakes,
        rows=rows,
        slow=tuple(slow([row.seconds for row in rows])),
        stories=stories,
        left_out=left_out,
    )


def _cleaned(check: CheckGrade) -> CheckGrade:
    """A check as the page names it; what one submission earned in it is left out."""
    return msgspec.structs.replace(
        check, id=plain.line(check.id), task=plain.line(check.task), title=plain.line(check.title), message=""
    )


def _full(topic: TopicData) -> float:
    return max((row.max_score for row in topic.rows), default=0.0)


def _tasks(grades: Sequence[Grade]) -> tuple[tuple[str, float], ...]:
    found: dict[str, float] = {}
    for grade in grades:
        for task in grade.tasks:
            found[task.name] = max(found.get(task.name, 0.0), task.max_points)
    return tuple(found.items())


def _mistakes(summary: Summary, graded: Sequence[Graded]) -> tuple[NamedMistake, ...]:
    hints: dict[str, str] = {}
    lines: dict[str, str] = {}
    for entry in graded:
        for mistake in entry.grade.mistakes:
            hints.setdefault(mistake.id, plain.line(mistake.hint))
            line = entry.evidence.lines.get(mistake.id, "")
            # The shortest of the class's: what is said in a few words is read.
            if line and len(line) < len(lines.get(mistake.id, line + " ")):
                lines[mistake.id] = plain.line(line, 120)
    return tuple(
        NamedMistake(plain.line(name), hints[name], count, lines.get(name, "")) for name, count in summary.mistakes
    )


def _row(grade: Grade, position: dict[str, int], tasks: Sequence[str], mistakes: dict[str, int]) -> Row:
    judgement = grade.judgement or None
    points = {task.name: round(task.points, 2) for task in grade.tasks}
    verdicts = ["."] * len(position) if grade.gradable else []
    for check in grade.checks if grade.gradable else ():
        verdicts[position[check.id]] = LETTER[check.verdict]
    return Row(
        # The same student in eighteen topics is one string.
        student=sys.intern(plain.line(grade.student)),
        score=round(grade.score, 2),
        max_score=round(grade.max_score, 2),
        seconds=round(grade.seconds, 2),
        gradable=grade.gradable,
        tasks=tuple(points.get(name) for name in tasks),
        verdicts=sys.intern("".join(verdicts)),
        mistakes=tuple(sorted({mistakes[mistake.id] for mistake in grade.mistakes})),
        final=None if judgement is None else round(judgement.final_score, 2),
        late=judgement.late.days if judgement is not None and judgement.late is not None else 0,
    )


def _matrices(
    grades: Sequence[Grade], position: dict[str, int]
) -> tuple[NDArray[np.int8], NDArray[np.float64], NDArray[np.float64]]:
    """What ``analyse`` asks for, of the gradable submissions."""
    counted = [grade for grade in grades if grade.gradable]
    passed = np.full((len(counted), len(position)), -1, dtype=np.int8)
    points = np.zeros((len(counted), len(position)))
    for number, grade in enumerate(counted):
        for check in grade.checks:
            if check.verdict is not Verdict.INTERNAL_ERROR:
                column = position[check.id]
                passed[number, column] = check.verdict is Verdict.PASSED
                points[number, column] = check.points
    return passed, points, np.array([grade.score for grade in counted], dtype=np.float64)


def _stories(graded: Sequence[Graded]) -> tuple[dict[int, Story], int]:
    """Stories until the page is full, and how many had no room; faults of ours, judged and not gradable ones first."""

    def urgency(number: int) -> tuple[bool, bool, bool, int]:
        grade = graded[number].grade
        broke = any(check.verdict is Verdict.INTERNAL_ERROR for check in grade.checks)
        return not broke, not grade.judgement, grade.gradable, number

    stories: dict[int, Story] = {}
    room, left_out = MOST_EVIDENCE, 0
    for number in sorted(range(len(graded)), key=urgency):
        if not _has_story(graded[number]):
            continue
        if room <= 0:
            left_out += 1
            continue
        stories[number] = story = _story(graded[number])
        room -= len(msgspec.json.encode(story))
    return stories, left_out


def _has_story(graded: Graded) -> bool:
    """Whether there is more to say of a submission than its row in the table."""
    grade, evidence = graded.grade, graded.evidence
    passed = all(check.verdict is Verdict.PASSED for check in grade.checks)
    said = evidence.output or evidence.notes or grade.flags or grade.mistakes or grade.judgement
    return bool(said) or not (passed and grade.gradable)


def _story(graded: Graded) -> Story:
    grade, evidence = graded.grade, graded.evidence
    return Story(
        file=plain.line(grade.file),
        digest=plain.line(grade.digest[:12]),
        flags=tuple(plain.clip(flag) for flag in grade.flags),
        notes=tuple(plain.clip(note) for note in evidence.notes),
        judged=tuple(judgement_lines(grade)),
        mistakes={
            plain.line(mistake.id): plain.clip(" ".join((mistake.hint, mistake.evidence))) for mistake in grade.mistakes
        },
        messages={plain.line(check.id): plain.clip(check.message) for check in grade.checks if check.message},
        cases=tuple(
            Shown(
                check=plain.line(outcome.check),
                case=plain.line(outcome.case),
                verdict=outcome.verdict,
                difference=plain.clip(outcome.failure.sentence()) if outcome.failure is not None else "",
                reason=plain.clip(outcome.reason),
                line=outcome.line,
                detail=plain.clip(outcome.detail),
            )
            for outcome in evidence.outcomes
            if outcome.verdict is not Verdict.SKIPPED
        ),
        output=plain.clip(evidence.output),
    )
