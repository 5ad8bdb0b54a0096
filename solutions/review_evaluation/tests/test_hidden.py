"""Each bug by itself, then a whole run."""

import copy

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from grader.testing import assert_allclose

G = torch.Generator().manual_seed(8)


def batches(*sizes):
    """Random batches of three classes."""
    return [(torch.randn(n, 4, generator=G) * 2, torch.randint(3, (n,), generator=G)) for n in sizes]


def network():
    """A model with BatchNorm."""
    return nn.Sequential(nn.Linear(4, 6), nn.BatchNorm1d(6), nn.ReLU(), nn.Linear(6, 3))


def random_state():
    """Weights and statistics of such a model."""
    state = {name: torch.randn(t.shape, generator=G) * 0.7 for name, t in network().state_dict().items()}
    state["1.running_var"] = torch.rand(6, generator=G) + 0.5
    state["1.num_batches_tracked"] = torch.tensor(4)
    return state


STATE, ONE, VAL = random_state(), batches(9), batches(8, 8, 3)
LINEAR = {"weight": torch.zeros(2, 1), "bias": torch.zeros(2)}
GOOD = [(torch.tensor([[1.0], [-1.0]]), torch.tensor([0, 1]))]
BAD = [(x, 1 - y) for x, y in GOOD]


def measure(state, data):
    """(loss, accuracy) by the definition."""
    model = network()
    model.load_state_dict(state)
    x, y = (torch.cat(parts) for parts in zip(*data, strict=True))
    with torch.no_grad():
        logits = model.eval()(x)
    return F.cross_entropy(logits, y).item(), (logits.argmax(1) == y).double().mean().item()


def run(state, train, val, epochs, lr):
    """Reports and the best state."""
    model, reports, best = network(), [], None
    model.load_state_dict(state)
    for _ in range(epochs):
        model.train()
        for x, y in train:
            gradients = torch.autograd.grad(F.cross_entropy(model(x), y), list(model.parameters()))
            with torch.no_grad():
                for parameter, gradient in zip(model.parameters(), gradients, strict=True):
                    parameter -= lr * gradient
        reports.append(measure(model.state_dict(), val))
        if best is None or reports[-1][1] > best[0]:
            best = (reports[-1][1], copy.deepcopy(model.state_dict()))
    return tuple(reports), tuple(best[1].values())


TRAIN = batches(6, 5)
WHOLE = run(STATE, TRAIN, VAL, 8, 0.8)


@pytest.mark.task("evaluate")
def test_evaluate_mode(student):
    """Normalised by the running statistics, which stay as they are"""
    found = student.probe.evaluate(STATE, ONE)
    expected = (*measure(STATE, ONE), STATE["1.running_mean"], STATE["1.running_var"])
    assert_allclose(found, expected, help="(loss, accuracy, running_mean, running_var) for one batch")


@pytest.mark.task("evaluate")
@pytest.mark.depends("test_evaluate_ragged", "test_evaluate_mode")
def test_evaluate_whole(student):
    """Several batches through BatchNorm"""
    expected = (*measure(STATE, VAL), STATE["1.running_mean"], STATE["1.running_var"])
    assert_allclose(student.probe.evaluate(STATE, VAL), expected)


@pytest.mark.task("train_and_keep_best")
def test_best_is_kept(student):
    """Training that makes the model worse ends with the first epoch's weights"""
    found = student.probe.train(LINEAR, BAD, GOOD, 4, 1.0)
    weights = found[1] if type(found) is tuple and len(found) == 2 else found
    once = (torch.tensor([[-0.5], [0.5]]), torch.zeros(2))
    assert_allclose(weights, once, help="is what was kept still what it was?")


@pytest.mark.task("train_and_keep_best")
@pytest.mark.depends("test_best_is_kept", "test_evaluate_ragged", "test_evaluate_mode")
def test_best_whole(student):
    """Eight epochs, number for number"""
    assert_allclose(student.probe.train(STATE, TRAIN, VAL, 8, 0.8), WHOLE, check_dtype=False)
