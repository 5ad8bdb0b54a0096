"""What was reported first: the validation set."""

import pytest
import torch

from grader.testing import assert_allclose

IMAGES = torch.arange(8, dtype=torch.uint8).reshape(2, 1, 2, 2) + 100


@pytest.mark.task("make_sets")
def test_make_sets_validation(student):
    """A validation picture is the picture, always"""
    found = student.probe.validation(IMAGES, [0, 1], 1, 20)
    assert_allclose(found, (IMAGES[1].float() / 255).expand(20, 1, 2, 2), help="the same item, 20 times")
