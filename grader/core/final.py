"""From raw grades to final ones and to the course grade: pure functions, so that both can always be told apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from grader.core.grade import Grade
from grader.core.judgement import Adjustment, Judgement, Lateness, TaskChange


class CourseGrade(msgspec.Struct, frozen=True):
    """A student's course grade, as a share; ``topics`` has the final shares, ``dropped`` those that don't count."""

    student: str
    share: float
    topics: dict[str, float]
    missing: tuple[str, ...]
    dropped: tuple[str, ...]
    late_days: int


def judge(grade: Grade, adjustments: Iterable[Adjustment], late: Lateness | None = None) -> Grade:
    """``grade`` with the judgement on it, or as it is where there is none; its raw score and tasks stay.

    Adjustments (this student's on this topic, oldest first, none revoked) change what the work is worth, never below 0;
    what lateness costs is taken off the sum.
    """
    points = {task.name: task.points for task in grade.tasks}
    changes: list[TaskChange] = []
    comments: list[str] = []
    void: list[str] = []
    for adjustment in adjustments:
        if adjustment.comment:
            comments.append(adjustment.comment)
        if adjustment.points is None:
            continue
        if adjustment.task not in points:
            void.append(f"{adjustment.words} on {adjustment.task}: this suite has no such task")
            continue
        before = points[adjustment.task]
        after = adjustment.points if adjustment.change == "set" else before + adjustment.points
        points[adjustment.task] = max(0.0, round(after, 6))
        changes.append(TaskChange(adjustment.task, adjustment.words, before, points[adjustment.task], adjustment.why))
    if not (changes or comments or void or late):
        return grade
    worth = sum(points.values()) if changes else grade.score
    final = round(worth * (1 - late.lost), 6) if late else round(worth, 6)
    return msgspec.structs.replace(
        grade, judgement=Judgement(final, tuple(changes), late, tuple(comments), tuple(void))
    )


def final_score(grade: Grade) -> float:
    """The score that counts: with judgement, or as it was found."""
    return grade.score if isinstance(grade.judgement, msgspec.UnsetType) else grade.judgement.final_score


def kept_topics(shares: Mapping[str, float], weights: Mapping[str, float], drop_lowest: int = 0) -> list[str]:
    """The topics that count when the ``drop_lowest`` lowest shares do not: one always stays, of equals the lightest."""
    ranked = sorted(shares, key=lambda topic: (shares[topic], -weights[topic], topic))
    return ranked[min(drop_lowest, max(len(ranked) - 1, 0)) :]


def course_share(shares: Mapping[str, float], weights: Mapping[str, float], drop_lowest: int = 0) -> float:
    """The weighted mean of a student's shares of the topics' points, in the topics that are kept; 0 without weight."""
    kept = kept_topics(shares, weights, drop_lowest)
    total = sum(weights[topic] for topic in kept)
    return sum(shares[topic] * weights[topic] for topic in kept) / total if total > 0 else 0.0


def course_grade(
    student: str, grades: Mapping[str, Grade], weights: Mapping[str, float], drop_lowest: int
) -> CourseGrade:
    """What ``grades``, by topic, come to; ``weights`` name every topic that the course has graded."""
    nothing_to_earn = {topic for topic, grade in grades.items() if grade.max_score <= 0}
    shares = {
        topic: round(final_score(grades[topic]) / grades[topic].max_score, 6) if topic in grades else 0.0
        for topic in weights
        if topic not in nothing_to_earn
    }
    kept = set(kept_topics(shares, weights, drop_lowest))
    judgements = [grade.judgement for grade in grades.values() if not isinstance(grade.judgement, msgspec.UnsetType)]
    return CourseGrade(
        student=student,
        share=round(course_share(shares, weights, drop_lowest), 6),
        topics=shares,
        missing=tuple(topic for topic in weights if topic not in grades),
        dropped=tuple(topic for topic in shares if topic not in kept),
        late_days=sum(judgement.late.days for judgement in judgements if judgement.late is not None),
    )
