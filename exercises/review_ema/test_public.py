"""What was reported: the average lags."""

import pytest
import torch

from grader.testing import assert_allclose

X, Y = torch.tensor([[1.0]]), torch.tensor([0])


@pytest.mark.task("train_step")
@pytest.mark.parametrize("start", [0.0, 1.0, -2.0])
def test_train_step_average(student, start):
    """What the average sees is what the step has made"""
    found = student.probe.seen(start, X, Y, 1.0)
    expected = (0.6931472, torch.tensor([[0.5], [-0.5]]) + start)
    assert_allclose(found, expected, help="(loss, weight at update): two equal logits, a step of rate 1")
