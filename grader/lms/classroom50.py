"""Grades as Classroom 50's ``result.json``, one a student (its wiki, "Advanced Autograding": the contract, version 1).

That format counts whole points. A test is one of our tasks, rounded half up; the exact number stands beside it in
``points``, a field of the kind that the contract keeps as it is.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from grader.core.grade import Grade

SCHEMA = "classroom50/result/v1"
_FROM_RUNNER = {
    "submission": "SUBMISSION_TAG",
    "commit": "COMMIT_URL",
    "release": "RELEASE_URL",
    "review": "REVIEW_URL",
}


def result_json(topic: str, grade: Grade, classroom: str, when: datetime, environment: Mapping[str, str]) -> str:
    """The document for one grade, handed in ``when`` (UTC).

    In Classroom 50's runner ``environment`` says which submission it is; elsewhere it is marked as one by hand.
    """
    by_hand = f"submit/manual-{when:%Y-%m-%dT%H-%M-%SZ}"
    tests: list[dict[str, Any]] = [
        {
            "test-name": task.name,
            "passed": task.max_points > 0 and task.points >= task.max_points - 1e-6,
            "score": _whole(task.points),
            "max-score": _whole(task.max_points),
            "points": task.points,
        }
        for task in grade.tasks
    ]
    document = {
        "schema": SCHEMA,
        "classroom": environment.get("CLASSROOM") or classroom,
        "assignment": environment.get("ASSIGNMENT") or topic,
        "assignment_type": environment.get("ASSIGNMENT_TYPE") or "individual",
        "owner": environment.get("OWNER") or environment.get("USERNAME") or grade.student,
        **{field: environment.get(name) or by_hand for field, name in _FROM_RUNNER.items()},
        "datetime": f"{when:%Y-%m-%dT%H:%M:%SZ}",
        "score": sum(test["score"] for test in tests),
        "max-score": sum(test["max-score"] for test in tests),
        "tests": tests,
    }
    return json.dumps(document, indent=2) + "\n"


def _whole(points: float) -> int:
    return math.floor(points + 0.5)
