"""A new topic: a folder that is complete and passes ``grader audit`` as it is, for its author to write over."""

from __future__ import annotations

import keyword
import sys
from pathlib import Path

from grader.core.errors import CourseError
from grader.core.topic import SLUG, find_topics

RESERVED = frozenset({"conftest", "course", "grader", "numpy", "oracle", "probes", "support", "tests", "torch"})
"""Names a topic's module can't have, because a suite or a submission imports something else by them."""


def new_topic(solutions: Path, slug: str) -> Path:
    """Write the skeleton of topic ``slug`` below ``solutions``, last in the syllabus; returns its folder.

    CourseError if ``slug`` is no name for a module, is taken, or another topic there can't be read.
    """
    folder, order = claim_slug(solutions, slug)
    title = slug.replace("_", " ").capitalize()
    for name, template in _FILES.items():
        file = folder / name.replace("SLUG", slug)
        file.parent.mkdir(parents=True, exist_ok=True)
        text = template.replace("SLUG", slug).replace("TITLE", title).replace("ORDER", str(order))
        file.write_text(text, encoding="utf-8", newline="\n")
    return folder


def claim_slug(solutions: Path, slug: str) -> tuple[Path, int]:
    """The folder and the order of a new topic; CourseError as for :func:`new_topic`."""
    if not SLUG.fullmatch(slug):
        raise CourseError(f"{slug!r} is no slug: begin with a letter, then lower-case letters, digits and underscores")
    if keyword.iskeyword(slug) or slug in sys.stdlib_module_names or slug in RESERVED:
        raise CourseError(f"{slug!r} can't be a topic's slug: Python or the grader already uses that name")
    folder = solutions / slug
    if folder.exists() or folder.is_symlink():
        raise CourseError(f"{folder} exists already: choose another slug, or remove it first")
    return folder, max((topic.config.order for topic in find_topics(solutions)), default=0) + 1


_TOPIC = """\
title = "TITLE"
order = ORDER
runtime = "numpy"
difficulty = 1
minutes = 10
prerequisites = []

[tolerance]
rtol = 1e-7
atol = 1e-9

[[tasks]]
name = "scale"
points = 10
hints = [
  "NumPy does arithmetic on whole arrays at once.",
  "Convert x with np.asarray before you multiply: it may hold integers.",
  "The result is np.asarray(x, dtype=np.float64) * factor.",
]

[[banned]]
name = "torch"
instead = "NumPy"
"""

_LESSON = """\
# TITLE

Why it matters, in two sentences that a beginner understands.

## Formula

`scale(x, factor)` multiplies each of the N numbers of x: (N,) by one factor:

    out[i] = factor * x[i]        x: (N,)  →  out: (N,)

## Conventions

- The result is float64, whatever the type of x.
- x is not changed.

## Example

`scale([1, 2, 4], 3)` is `[3.0, 6.0, 12.0]`.

## Allowed

NumPy. Not torch.
"""

_REFERENCE = '''\
"""TITLE: one sentence about what is built here."""

from __future__ import annotations

import numpy as np


def scale(x: np.ndarray, factor: float) -> np.ndarray:
    """Multiply every number of ``x`` by ``factor``.

    Args:
        x: (N,), any real type. It is not changed.
        factor: any real number.

    Returns:
        (N,), float64: out[i] = factor * x[i].

    Example:
        >>> scale(np.array([1, 2, 4]), 3)
        array([ 3.,  6., 12.])
    """
    ### BEGIN SOLUTION
    numbers = np.asarray(x, dtype=np.float64)
    return numbers * factor
    ### END SOLUTION
'''

_PUBLIC = '''\
"""Public checks: released with the stub, so small numbers that can be followed by hand."""

import numpy as np
import pytest

from grader.testing import assert_allclose


@pytest.mark.task("scale")
def test_scale_example(student):
    """The lesson's example."""
    assert_allclose(student.scale(np.array([1.0, 2.0, 4.0]), 3.0), np.array([3.0, 6.0, 12.0]))
'''

_HIDDEN = '''\
"""Hidden checks: never released. Titles are shown to students, inputs and expected values are not."""

import numpy as np
import oracle
import pytest

from grader.testing import assert_allclose, assert_unchanged

RNG = np.random.default_rng(0)
CASES = {
    "fraction": (RNG.normal(size=7), 0.3),
    "negative": (RNG.normal(size=4), -2.5),
    "one": (RNG.normal(size=1), 1.75),
    "integers": (np.arange(-3, 5), 0.5),
}


@pytest.mark.task("scale")
@pytest.mark.weight(2)
@pytest.mark.parametrize("case", list(CASES.values()), ids=list(CASES))
def test_scale_values(student, case):
    """Other numbers and factors, integers too."""
    x, factor = case
    assert_allclose(student.scale(x, factor), oracle.scale(x, factor), help="out[i] = factor * x[i], in float64")


@pytest.mark.task("scale")
@pytest.mark.depends("test_scale_values")
def test_scale_leaves_x_alone(student):
    """The argument is not changed."""
    echo = student.echo.scale(np.array([1.0, -2.0]), 3.0)
    assert_allclose(echo.value, np.array([3.0, -6.0]))
    assert_unchanged(echo)
'''

_ORACLE = '''\
"""Slow, obvious code that computes the expected values."""

import numpy as np


def scale(x, factor):
    """One number after the other."""
    out = np.zeros(len(x), dtype=np.float64)
    for i in range(len(x)):
        out[i] = float(factor) * float(x[i])
    return out
'''

_FACTOR_ADDED = """\
# /// answer
# mistake = "factor-added"
# title = "The factor is added"
# hint = "Scaling multiplies each number by the factor."
# points = {scale = 0}
# ///
import numpy as np


def scale(x, factor):
    return np.asarray(x, dtype=np.float64) + factor
"""

_CHANGED_IN_PLACE = """\
# /// answer
# mistake = "changed-in-place"
# title = "The argument is changed in place"
# hint = "The caller still needs x: multiply into a new array."
# points = {scale = 7.5}
# ///
import numpy as np


def scale(x, factor):
    if x.dtype != np.float64:
        x = x.astype(np.float64)
    x *= factor
    return x
"""

_RIGHT_WHOLE = """\
# /// answer
# right = true
# ///
import numpy as np


def scale(x, factor):
    return np.multiply(x, float(factor), dtype=np.float64)
"""

_RIGHT_LOOP = """\
# /// answer
# right = true
# ///
import numpy as np


def scale(x, factor):
    out = np.empty(x.shape)
    for position, number in enumerate(x):
        out[position] = number * factor
    return out
"""

_RIGHT_CLASS = """\
# /// answer
# right = true
# ///
import numpy as np


class Scaler:
    def __init__(self, factor):
        self.factor = factor

    def __call__(self, numbers):
        return [self.factor * float(number) for number in numbers]


def scale(x, factor):
    return np.array(Scaler(factor)(x))
"""

_FILES = {
    "topic.toml": _TOPIC,
    "README.md": _LESSON,
    "SLUG.py": _REFERENCE,
    "tests/test_public.py": _PUBLIC,
    "tests/test_hidden.py": _HIDDEN,
    "tests/oracle.py": _ORACLE,
    "submissions/factor_added.py": _FACTOR_ADDED,
    "submissions/changed_in_place.py": _CHANGED_IN_PLACE,
    "submissions/right_whole_array.py": _RIGHT_WHOLE,
    "submissions/right_loop.py": _RIGHT_LOOP,
    "submissions/right_class.py": _RIGHT_CLASS,
}
