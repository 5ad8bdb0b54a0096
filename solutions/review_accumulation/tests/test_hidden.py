"""Each bug by itself, then replays. The model is linear."""

import pytest
import torch
import torch.nn.functional as F

from grader.testing import assert_allclose, assert_equal

G = torch.Generator().manual_seed(15)
W = torch.randn(3, 4, generator=G)
BATCHES = [(torch.randn(6, 4, generator=G) * 2, torch.randint(3, (6,), generator=G)) for _ in range(7)]


def replay(batches, accum, max_norm, lr):
    """(mean loss, weight): the gradient of each group's pictures taken as one batch."""
    weight, total = W.clone(), 0.0
    for start in range(0, len(batches), accum):
        group = batches[start : start + accum]
        total += sum(F.cross_entropy(x @ weight.T, y).item() for x, y in group)
        x, y = (torch.cat(parts) for parts in zip(*group, strict=True))
        weight.requires_grad_()
        (gradient,) = torch.autograd.grad(F.cross_entropy(x @ weight.T, y), weight)
        gradient = gradient * min(1.0, max_norm / (gradient.norm().item() + 1e-6))
        weight = (weight - lr * gradient).detach()
    return total / len(batches), weight


SINGLE = replay(BATCHES[:1], 1, 1e9, 0.5)
CLIPPED = replay(BATCHES[:3], 3, 0.2, 0.5)
CASES = {
    name: (accum, norm, replay(BATCHES, accum, norm, 0.4))
    for name, accum, norm in (
        ("one by one", 1, 0.5),
        ("by three", 3, 0.3),
        ("by four", 4, 1e9),
        ("all at once", 9, 0.1),
    )
}


@pytest.mark.task("train_epoch")
def test_accumulated_left_over(student):
    """A batch left over makes a step"""
    found = student.probe.train(W, BATCHES[:1], 4, 1e9, 0.5)
    assert_allclose(found, SINGLE, help="(loss, weight): one batch, groups of four")


@pytest.mark.task("train_epoch")
def test_accumulated_clip(student):
    """What is clipped is the gradient of the step"""
    found = student.probe.train(W, BATCHES[:3], 3, 0.2, 0.5)
    assert_allclose(found, CLIPPED, help="(loss, weight): how often is it clipped?")


@pytest.mark.task("train_epoch")
@pytest.mark.depends("test_accumulated_mean", "test_accumulated_left_over", "test_accumulated_clip")
@pytest.mark.parametrize("case", list(CASES.values()), ids=list(CASES))
def test_accumulated_whole(student, case):
    """Seven batches in groups of any size, with gradients left over from before"""
    accum, norm, expected = case
    assert_allclose(student.probe.train(W, BATCHES, accum, norm, 0.4, stale=True), expected)
    assert_equal(student.probe.refusal(), "ValueError")
    assert_equal(student.probe.in_training(BATCHES[:1]), True, help="the model came from an evaluation")
