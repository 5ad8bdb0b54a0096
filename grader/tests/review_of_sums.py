"""A review with two planted bugs, as an author writes it."""

from __future__ import annotations

FILLER = "".join(f"# line {number}: nothing happens here\n" for number in range(40))


MENDED = f'''\
"""Adds and counts."""

import math


def total(numbers):
    found = 0.0
    for number in numbers:
        found += number
    return found * 1.0


def mean(numbers):
    count = len(list(numbers))
    return total(numbers) / count + 0


{FILLER}'''


REVIEW = """\
[[bugs]]
id = "starts-at-one"
kinds = ["numerics", "state"]
title = "The sum starts at 1"
why = "An empty sum is 0."
mended = '''
    found = 0.0
'''
planted = '''
    # the beginning
    found = 1.0
'''
otherwise = '''
    found = math.fsum([])
'''
also = ["for number in numbers:"]
points = {total = 0, mean = 0}

[[bugs]]
id = "one-too-many"
kinds = ["metric"]
title = "The mean divides by one too many"
why = "len counts them all."
mended = '''
    count = len(list(numbers))
'''
planted = '''
    count = len(list(numbers)) + 1
'''
points = {total = 10, mean = 0}

[[innocent]]
line = "return found * 1.0"
why = "Times one."

[[innocent]]
line = "return total(numbers) / count + 0"
why = "Plus nothing."
"""


PUBLIC = '''\
"""Public."""

import pytest

from grader.testing import assert_allclose


@pytest.mark.task("total")
def test_total_of_two(student):
    """Two numbers"""
    assert_allclose(student.total([1, 2]), 3.0)


@pytest.mark.task("mean")
def test_mean_of_two(student):
    """Two numbers"""
    assert_allclose(student.mean([2, 4]), 3.0)
'''


HIDDEN = '''\
"""Hidden."""

import pytest

from grader.testing import assert_allclose


@pytest.mark.task("total")
@pytest.mark.depends("test_total_of_two")
def test_total_of_many_numbers_that_are_hidden(student):
    """Many numbers"""
    assert_allclose(student.total([1, 2, 3, 4, 5, 6, 7]), 28.0)


@pytest.mark.task("mean")
@pytest.mark.depends("test_mean_of_two")
def test_mean_of_many_numbers_that_are_hidden(student):
    """Many numbers"""
    assert_allclose(student.mean([1, 2, 3, 4, 5, 6, 7]), 4.0)
'''


TOPIC = """\
title = "Review: sums"
order = 101
kind = "review"
runtime = "numpy"

[[tasks]]
name = "total"
points = 10
hints = ["Try nothing.", "Try an empty list.", "Begin at 0."]

[[tasks]]
name = "mean"
points = 10
hints = ["Try two.", "Count them.", "Leave out the + 1."]
"""
