"""What was reported: it gets slower."""

import pytest
import torch

from grader.testing import assert_allclose

X = torch.tensor([[[[1.0, 2.0], [3.0, 4.0]]]])


@pytest.mark.task("grad_cam")
def test_grad_cam_leaves_no_hook(student):
    """Three calls leave the model without hooks"""
    found = student.probe.hooks(X, 3)
    assert_allclose(found, (X[0] / 4, 0), help="(map, hooks): one channel of weight 1 is divided by its maximum")
