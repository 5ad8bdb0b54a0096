"""What can be seen from outside: does the head move?"""

import pytest
import torch

from grader.testing import assert_allclose

X = torch.tensor([[1.0, 2.0], [3.0, 1.0]])
Y = torch.tensor([1, 1])


@pytest.mark.task("prepare")
def test_prepare_trains_the_head(student):
    """The new head moves when the optimiser steps"""
    moved = student.probe.head_moves(X, Y)
    assert_allclose(moved, (torch.tensor([-0.5, 0.5]),), help="the bias of the new head after a step of rate 1")


@pytest.mark.task("train_step")
def test_train_step_leaves_features(student):
    """A step changes nothing in the features"""
    result = student.probe.features_after_step(X, Y)
    expected = (0.6931472, torch.zeros(2), torch.ones(2))
    assert_allclose(result, expected, help="(loss, running_mean, running_var): the head is 0, the BatchNorm frozen")
