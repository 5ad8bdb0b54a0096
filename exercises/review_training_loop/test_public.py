"""What the colleague noticed first: the report."""

import pytest
import torch

from grader.testing import assert_allclose

STATE = {"0.weight": torch.zeros(2, 1), "0.bias": torch.zeros(2)}
BATCH = [(torch.tensor([[1.0]]), torch.tensor([0]))]


@pytest.mark.task("fit")
def test_fit_report(student):
    """The report of an epoch holds numbers, nothing that keeps memory"""
    result = student.probe.run(STATE, BATCH, BATCH, 1, 0.0)
    losses = 0.6931472
    expected = {"train_loss": losses, "val_loss": losses, "lr": 0.0}
    history = result[0] if type(result) is tuple and result else result
    report = history[0] if type(history) is list and len(history) == 1 else history
    entries = tuple(report.get(name) for name in expected) if type(report) is dict else report
    assert_allclose(entries, tuple(expected.values()), help="(train_loss, val_loss, lr): two equal logits cost ln 2")
