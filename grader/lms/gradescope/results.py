"""Gradescope's ``results.json``, by its "Autograder Specifications"."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from grader.core.grade import CheckGrade, Grade
from grader.core.verdict import Verdict
from grader.report import plain
from grader.report.verdicts import LABEL

HIDDEN_UNTIL = "after_due_date"
"""When a student sees hidden checks: Gradescope shows no total before that, so that trying again tells nothing."""

ONLY_INSTRUCTORS = "hidden"


def results_json(grade: Grade, *, instructor: Sequence[str] = ()) -> str:
    """The document for one grade; ``instructor`` are lines that no student may see."""
    tests = [_test(check) for check in grade.checks]
    if instructor:
        note = {"name": "For the instructor", "visibility": ONLY_INSTRUCTORS, "output_format": "text"}
        tests.append({**note, "output": "\n".join(map(plain.line, instructor))})
    document: dict[str, Any] = {
        "score": grade.score,
        "execution_time": max(round(grade.seconds), 0),
        "output": _summary(grade),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": "visible",
        "stdout_visibility": ONLY_INSTRUCTORS,
        "extra_data": {
            "digest": grade.digest,
            "max_score": grade.max_score,
            "mistakes": [mistake.id for mistake in grade.mistakes],
        },
        "tests": tests,
    }
    return json.dumps(document, ensure_ascii=True, indent=2) + "\n"


def _summary(grade: Grade) -> str:
    lines = [] if grade.gradable else ["This submission is not gradable, so no check was run on it."]
    lines += [plain.line(flag) for flag in grade.flags]
    lines += [f"Likely mistake: {plain.line(mistake.hint)}" for mistake in grade.mistakes]
    return "\n".join(lines)


def _test(check: CheckGrade) -> dict[str, Any]:
    test: dict[str, Any] = {
        "name": f"{check.task}: {plain.line(check.title)}",
        "number": f"{check.task}/{check.id}",
        "score": check.points,
        "max_score": check.max_points,
        "status": "passed" if check.verdict is Verdict.PASSED else "failed",
        "output": plain.text(check.message or LABEL[check.verdict]),
        "output_format": "text",
        "tags": [check.task, check.visibility],
        "visibility": "visible" if check.visibility == "public" else HIDDEN_UNTIL,
    }
    if check.verdict is Verdict.INTERNAL_ERROR:
        # Neither passed nor failed, and worth nothing either way.
        del test["status"]
    return test
