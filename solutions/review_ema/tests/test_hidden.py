"""Each bug by itself, then a run of several steps."""

import pytest
import torch

from grader.testing import assert_allclose, assert_equal

G = torch.Generator().manual_seed(11)
OLD, NEW, NEWER = ({"weight": torch.randn(2, 3, generator=G)} for _ in range(3))


def norm(count):
    """The state of a BatchNorm."""
    found = {name: torch.randn(3, generator=G) for name in ("weight", "bias", "running_mean")}
    return found | {"running_var": torch.rand(3, generator=G) + 0.5, "num_batches_tracked": torch.tensor(count)}


def mixed(decay, states):
    """The average after an update with each state but the first, tensor by tensor."""
    found = dict(states[0])
    for state in states[1:]:
        for name, value in state.items():
            found[name] = decay * found[name] + (1 - decay) * value if value.is_floating_point() else value
    return tuple(found.values())


NORMS = [norm(count) for count in (0, 5, 9)]


@pytest.mark.task("Ema")
def test_ema_is_a_copy(student):
    """Average and model have tensors of their own"""
    found = student.probe.follow("linear", 0.75, (OLD, NEW))
    expected = ((OLD["weight"],), mixed(0.75, (OLD, NEW)), (NEW["weight"],))
    assert_allclose(found, expected, help="(average before update, after, the model after)")


@pytest.mark.task("Ema")
def test_ema_statistics(student):
    """A BatchNorm that was loaded anew: its average follows in every tensor"""
    found = student.probe.follow("norm", 0.5, tuple(NORMS[:2]))
    after = found[1] if type(found) is tuple and len(found) == 3 else found
    assert_allclose(after, mixed(0.5, NORMS[:2]), help="half way, in every tensor that is no count")


@pytest.mark.task("Ema")
@pytest.mark.depends("test_ema_is_a_copy", "test_ema_statistics")
@pytest.mark.parametrize("decay", [0.9, 0.5])
def test_ema_whole(student, decay):
    """Two updates, weights and statistics"""
    found = student.probe.follow("norm", decay, tuple(NORMS))
    assert_allclose(found, (tuple(NORMS[0].values()), mixed(decay, NORMS), tuple(NORMS[2].values())))
    linear = student.probe.follow("linear", decay, (OLD, NEW, NEWER))
    assert_allclose(linear, ((OLD["weight"],), mixed(decay, (OLD, NEW, NEWER)), (NEWER["weight"],)))


@pytest.mark.task("train_step")
@pytest.mark.depends("test_train_step_average", "test_ema_is_a_copy", "test_ema_statistics")
def test_train_step_whole(student):
    """Three steps with a real average"""
    weight, average = torch.zeros(2, 1, dtype=torch.float64), torch.zeros(2, 1, dtype=torch.float64)
    for _ in range(3):
        share = weight.softmax(0)
        weight = weight - 0.5 * (share - torch.tensor([[1.0], [0.0]]))
        average = 0.8 * average + 0.2 * weight
    found = student.probe.steps(torch.tensor([[1.0]]), torch.tensor([0]), 0.5, 0.8, 3)
    assert_allclose(found, (weight.float(), average.float(), 1.0), help="(weight, its average, 1 if in training)")
    assert_equal(tuple(student.probe.refuses(decay) for decay in (1.0, -0.1, 0.0)), ("ValueError", "ValueError", ""))
