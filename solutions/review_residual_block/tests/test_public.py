"""What can be seen from outside."""

import pytest
import torch

from grader.testing import assert_allclose

X = torch.tensor([[[[1.0, -2.0], [-3.0, 4.0]]]])


@pytest.mark.task("Block")
def test_block_leaves_its_input(student):
    """The input is the same after the call"""
    assert_allclose(student.probe.input_after(X), (X,), help="the caller, and the shortcut, still need x")
