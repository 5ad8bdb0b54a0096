"""From raw grades to final ones and to the course grade: pure functions, so that both can always be told apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from grader.core.grade import Grade
from grader.core.judgement import Adjustment, Judgement, Lateness, TaskChange


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


def course_share(shares: Mapping[str, float], weights: Mapping[str, float], drop_lowest: int = 0) -> float:
    """The weighted mean of a student's shares of the topics' points, without the ``drop_lowest`` lowest.

    One topic always stays; of equal ones the heaviest is dropped. 0 where no topic has a weight.
    """
    ranked = sorted(shares, key=lambda topic: (shares[topic], -weights[topic], topic))
    kept = ranked[min(drop_lowest, max(len(ranked) - 1, 0)) :]
    total = sum(weights[topic] for topic in kept)
    return sum(shares[topic] * weights[topic] for topic in kept) / total if total > 0 else 0.0
