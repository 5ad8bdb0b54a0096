"""What other graders are given of a suite: checks that run in the student's interpreter, and tell right from wrong."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from grader.benchmarks.cases import write_checks
from grader.tests.classroom import PATIENCE, toy_course
from grader.tests.toy import POINTS, RIGHT, right_but

_RUN = """
import checks, sys
names = {}
exec(open(sys.argv[1]).read(), names)
for task in sys.argv[2:]:
    try:
        checks.check(task, names)
    except Exception:
        print(task, "wrong")
    else:
        print(task, "right")
"""


@pytest.fixture(scope="module")
def checks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the toy course's checks."""
    folder = tmp_path_factory.mktemp("checks")
    topic = toy_course(folder)
    assert write_checks(topic, folder) == list(POINTS)
    return folder


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        (RIGHT, ""),
        (right_but("def double(x):\n    return x + x.dtype.type(1)\n"), "double"),
        (right_but("def total(numbers):\n    raise ValueError(len(numbers))\n"), "total"),
        (right_but("class Counter:\n    pass\n"), "Counter"),
    ],
    ids=["right", "value", "raises", "object"],
)
def test_only_the_wrong_task_fails(checks: Path, text: str, wrong: str) -> None:
    """Values, exceptions and objects that are kept between calls, each in its own task."""
    (checks / "answer.py").write_text(text, encoding="utf-8")
    command = [sys.executable, "-c", _RUN, "answer.py", *POINTS]
    ran = subprocess.run(command, cwd=checks, capture_output=True, text=True, timeout=PATIENCE)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.splitlines() == [f"{task} {'wrong' if task == wrong else 'right'}" for task in POINTS]
