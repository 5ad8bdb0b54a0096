"""One pixel: its colour."""

import numpy as np
import pytest
import torch

from grader.testing import assert_allclose


@pytest.mark.task("to_tensor")
def test_to_tensor_colour(student):
    """A blue pixel is blue"""
    found = student.to_tensor(np.array([[[255, 51, 0]]], dtype=np.uint8))
    assert_allclose(found, torch.tensor([0.0, 0.2, 1.0]).reshape(3, 1, 1), help="(red, green, blue)")
