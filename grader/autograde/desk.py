"""Final grades: what runs found, with the instructor's adjustments and the late policy laid over it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import msgspec

from grader.core.final import CourseGrade, course_grade, judge
from grader.core.grade import Grade, Graded
from grader.core.judgement import Adjustment, Lateness
from grader.core.late import lateness
from grader.core.policy import Policy
from grader.gradebook import Gradebook, Run

Judge = Callable[[Grade], Grade]


class Desk:
    """Where grades are judged: a gradebook under a course's policy."""

    def __init__(self, book: Gradebook, policy: Policy) -> None:
        self.book = book
        self.policy = policy

    def judging(self, topic: str, received: Mapping[str, datetime]) -> Judge:
        """What puts the judgement on grades of ``topic``; ``received`` is when each student handed in.

        Late-day tokens are the whole course's, so the latest runs of the other topics are read, too.
        """
        adjustments: dict[str, list[Adjustment]] = {}
        for adjustment in self.book.adjustments(topic):
            adjustments.setdefault(adjustment.student, []).append(adjustment)
        late = self._late(topic, received)
        return lambda grade: judge(grade, adjustments.get(grade.student, ()), late.get(grade.student))

    def graded(self, run: Run) -> list[Graded]:
        """A run's grades with today's judgement, in the order of the students' names."""
        judging = self.judging(run.topic, self.book.received(run.id))
        return [
            msgspec.structs.replace(graded, grade=judging(graded.grade)) for graded in self.book.results(run=run.id)
        ]

    def grades(self, run: Run) -> tuple[Grade, ...]:
        """As ``graded``, without the evidence."""
        judging = self.judging(run.topic, self.book.received(run.id))
        return tuple(map(judging, self.book.grades(run.id)))

    def latest(self) -> dict[str, Run]:
        """Each topic's latest run that graded anything, a finished one if there is any; topics by name."""
        runs = [run for run in self.book.runs() if run.submissions]
        under_way = {run.topic: run for run in runs}
        return dict(sorted((under_way | {run.topic: run for run in runs if run.finished is not None}).items()))

    def course(self, *, published: bool = False) -> list[CourseGrade]:
        """Every student's course grade from each topic's latest run, or from what was published; students by name.

        Who is missing in a topic has nothing of it; a topic in which our own faults left nothing to earn is left out.
        """
        found: dict[str, list[Grade]] = {}
        for topic, run in self.latest().items():
            grades: Sequence[Grade]
            if not published:
                grades = self.grades(run)
            elif (results := self.book.published(topic)) is not None:
                grades = results.submissions
            else:
                continue
            # Of 5,000 students' checks in eighteen topics no more than one topic's need be in memory.
            found[topic] = [msgspec.structs.replace(grade, checks=(), mistakes=()) for grade in grades]
        points = {topic: max((grade.max_score for grade in grades), default=0.0) for topic, grades in found.items()}
        weights = {topic: self.policy.weights.get(topic, points[topic]) for topic in found}
        by_student: dict[str, dict[str, Grade]] = {}
        for topic, grades in found.items():
            for grade in grades:
                by_student.setdefault(grade.student, {})[topic] = grade
        return [
            course_grade(student, by_student[student], weights, self.policy.drop_lowest)
            for student in sorted(by_student)
        ]

    def _late(self, topic: str, received: Mapping[str, datetime]) -> dict[str, Lateness]:
        policy = self.policy
        if topic not in policy.due:
            return {}
        by_student: dict[str, dict[str, datetime]] = {student: {topic: time} for student, time in received.items()}
        if policy.late.tokens:
            for other, run in self.latest().items():
                if other != topic and other in policy.due:
                    for student, time in self.book.received(run.id).items():
                        if student in by_student:
                            by_student[student][other] = time
        found = {
            student: lateness(student, times, policy.due, policy.late, policy.extensions).get(topic)
            for student, times in by_student.items()
        }
        return {student: late for student, late in found.items() if late is not None}
