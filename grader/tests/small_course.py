"""A course with one topic, as small as can be, and an engine to go with it."""

from __future__ import annotations

from pathlib import Path

REFERENCE = '''\
"""A toy: counting and adding."""

from __future__ import annotations

import math

### BEGIN SOLUTION
import itertools


def _secret_helper(numbers: list[int]) -> int:
    return sum(itertools.chain(numbers))
### END SOLUTION

LIMIT = 3


def total(numbers: list[int]) -> int:
    """Add up."""
    ### BEGIN SOLUTION
    if not numbers:
        return 0
    return _secret_helper([number for number in numbers if number is not None])
    ### END SOLUTION


# The class comes last.
@staticmethod
class Counter:
    """Counts."""

    start = 0

    def __init__(self, start: int) -> None:
        self.start = start
        ### BEGIN SOLUTION
        self.count = start
        ### END SOLUTION

    def add(self, step: int) -> int:
        """Count on."""
        if step > LIMIT:
            ### BEGIN SOLUTION
            step = LIMIT
            ### END SOLUTION
        return math.floor(step)


def shown() -> int:
    return 1
'''


STUB = '''\
"""A toy: counting and adding."""

from __future__ import annotations

import math

LIMIT = 3


def total(numbers: list[int]) -> int:
    """Add up."""
    raise NotImplementedError("toy: total")


# The class comes last.
@staticmethod
class Counter:
    """Counts."""

    start = 0

    def __init__(self, start: int) -> None:
        self.start = start
        raise NotImplementedError("toy: Counter")

    def add(self, step: int) -> int:
        """Count on."""
        if step > LIMIT:
            raise NotImplementedError("toy: Counter.add")
        return math.floor(step)


def shown() -> int:
    return 1
'''


HIDDEN = '''\
import pytest


@pytest.mark.task("total")
def test_total_of_many(student):
    """Many numbers."""
    assert student.total([1, 2, 3, 4, 5, 6, 7]) == 28
'''


BUNDLED = {
    "LICENSE": "Free.",
    "README.md": "A toy course.",
    "pyproject.toml": "[project]",
    "tox.ini": "[tox]",
    "course/README.md": "For students.",
    "course/cli.py": "print('course')",
    "grader/engine.py": "print('engine')",
}
"""What a bundle needs of a course beside its topics."""


def make_small_course(root: Path) -> None:
    """Write the course into ``root``."""
    files: dict[str, str | bytes] = {
        **BUNDLED,
        "course/data/numbers.bin": b"\x00\xff\xfe",
        "course/figures/sum.py": "print('draws')",
        "course/course.toml": "drop_lowest = 1",
        "course/__pycache__/cli.pyc": "bytes",
        "grader/tests/test_engine.py": "print('tests')",
        "grader/benchmarks/speed.py": "print('speed')",
        "grader/.cache/x": "x",
        "solutions/toy/topic.toml": (
            'title = "Toy"\norder = 1\nruntime = "numpy"\n'
            '[[tasks]]\nname = "total"\npoints = 5\n[[tasks]]\nname = "Counter"\npoints = 5\n'
        ),
        "solutions/toy/README.md": "# Toy\n\nAdd *all*.\n",
        "solutions/toy/toy.py": REFERENCE,
        "solutions/toy/support.py": "HELP = 1\n",
        "solutions/toy/tests/test_public.py": "def test_total_of_two(student): ...\n",
        "solutions/toy/tests/test_hidden.py": HIDDEN,
        "solutions/toy/submissions/right.py": (
            "def total(numbers):\n    return sum(int(n) for n in numbers if n is not None)\n"
        ),
    }
    for name, content in files.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
