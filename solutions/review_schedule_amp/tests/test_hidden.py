"""Each bug by itself, then a replay."""

import math

import pytest
import torch
import torch.nn.functional as F

from grader.testing import assert_allclose

G = torch.Generator().manual_seed(9)
W = torch.randn(3, 4, generator=G)
BATCHES = [(torch.randn(n, 4, generator=G) * 2, torch.randint(3, (n,), generator=G)) for n in (5, 5, 2)]


def replay(batches, max_norm, factors, lr=0.5):
    """(losses, weight, 1 if in training) of a linear model."""
    weight, losses = W.clone(), []
    for (x, y), factor in zip(batches, factors, strict=False):
        weight.requires_grad_()
        loss = F.cross_entropy(x @ weight.T, y)
        (gradient,) = torch.autograd.grad(loss, weight)
        gradient = gradient * min(1.0, max_norm / (gradient.norm().item() + 1e-6))
        weight = (weight - lr * factor * gradient).detach()
        losses.append(loss.item())
    return tuple(losses), weight, 1.0


CLIPPED = replay(BATCHES[:1], 0.1, [1.0])
SCHEDULED = replay(BATCHES, 1e9, [1.0, 0.5, 0.1])
WHOLE = replay(BATCHES, 0.3, [1.0, 0.5, 0.1])


@pytest.mark.task("make_schedule")
@pytest.mark.depends("test_schedule_two_epochs")
def test_schedule_values(student):
    """Other runs"""
    expected = tuple(0.3 * (1 + math.cos(math.pi * t / 15)) / 2 for t in range(15))
    assert_allclose(student.probe.rates(0.3, 3, 5, 15), expected)


@pytest.mark.task("train_epoch")
def test_train_clips(student):
    """The norm of the true gradient is limited"""
    found = student.probe.train(W, BATCHES[:1], 0.1, (1.0, 1.0))
    assert_allclose(
        found, CLIPPED, help="(losses, weight, 1 if in training) of one step: what is in .grad when it is clipped?"
    )


@pytest.mark.task("train_epoch")
def test_train_rates(student):
    """The first step uses the first rate"""
    found = student.probe.train(W, BATCHES, 1e9, (1.0, 0.5, 0.1, 0.0))
    assert_allclose(found, SCHEDULED, help="(losses, weight, 1 if in training) of three steps that clip nothing")


@pytest.mark.task("train_epoch")
@pytest.mark.depends("test_train_clips", "test_train_rates", "test_schedule_two_epochs")
def test_train_whole(student):
    """Clipping and schedule together"""
    assert_allclose(student.probe.train(W, BATCHES, 0.3, (1.0, 0.5, 0.1, 0.0)), WHOLE)
