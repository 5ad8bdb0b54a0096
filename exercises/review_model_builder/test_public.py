"""What was reported: two widths."""

import pytest

from grader.testing import assert_equal


@pytest.mark.task("build")
def test_build_two_widths(student):
    """Stages of different widths fit together"""
    assert_equal(student.probe.shape((4, 6), 1, 5, (2, 3, 8, 8)), (2, 5), help="what does the second stage receive?")
