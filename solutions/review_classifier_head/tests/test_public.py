"""What a user reported: one picture alone."""

import pytest
import torch

from grader.testing import assert_allclose

EYE = {"fc.weight": torch.tensor([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]), "fc.bias": torch.zeros(3)}
ONE = torch.tensor([[[[0.0, 4.0]], [[6.0, 0.0]]]])


@pytest.mark.task("Classifier")
def test_classifier_one_picture(student):
    """One picture has one row of logits"""
    assert_allclose(student.probe.logits(EYE, ONE), torch.tensor([[2.0, 3.0, 5.0]]), help="W times the pooled (2, 3)")
