"""Each bug by itself, then all together against a replay by hand."""

import pytest
import torch
import torch.nn.functional as F

from grader.testing import assert_allclose, assert_equal

G = torch.Generator().manual_seed(2)
BATCHES = [(torch.randn(4, 2, generator=G) * 2 + 1, torch.randint(3, (4,), generator=G)) for _ in range(3)]
SCALE = torch.tensor([0.5, 2.0])


def replay(lr, decay):
    """(losses, weight, bias) of a linear head over fixed features."""
    weight, bias, losses = torch.zeros(3, 2), torch.zeros(3), []
    for x, y in BATCHES:
        features = torch.relu(x * SCALE / (1 + 1e-5) ** 0.5)
        weight.requires_grad_()
        bias.requires_grad_()
        loss = F.cross_entropy(features @ weight.T + bias, y)
        dw, db = torch.autograd.grad(loss, (weight, bias))
        weight = (weight - lr * (dw + decay * weight)).detach()
        bias = (bias - lr * db).detach()
        losses.append(loss.item())
    return tuple(losses), weight, bias


WHOLE = replay(0.5, 0.3)


@pytest.mark.task("prepare")
def test_prepare_decay(student):
    """Only tensors of two axes are decayed"""
    assert_equal(student.probe.decays(0.25), ((1, 0.0), (2, 0.25)), help="(axes, weight_decay) of each tensor")


@pytest.mark.task("prepare")
@pytest.mark.depends("test_prepare_trains_the_head", "test_prepare_decay")
def test_prepare_whole(student):
    """Only the new head can be trained, and it starts at 0"""
    assert_equal(student.probe.trainable(5), (("fc.bias", (5,), 0.0), ("fc.weight", (5, 2), 0.0)))


@pytest.mark.task("train_step")
@pytest.mark.depends("test_train_step_leaves_features", "test_prepare_trains_the_head", "test_prepare_decay")
def test_train_step_whole(student):
    """Three steps, number for number"""
    assert_allclose(student.probe.steps(BATCHES, SCALE, 0.5, 0.3), WHOLE, help="(losses, weight, bias)")
