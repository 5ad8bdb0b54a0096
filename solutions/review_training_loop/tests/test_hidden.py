"""One check for each planted bug, made so that the others don't disturb it, and one of the whole."""

import copy

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from grader.testing import assert_allclose

G = torch.Generator().manual_seed(5)
TRAIN = [(torch.randn(n, 3, generator=G), torch.randint(4, (n,), generator=G)) for n in (6, 6, 3)]
VAL = [(torch.randn(n, 3, generator=G), torch.randint(4, (n,), generator=G)) for n in (5, 2)]
LINEAR = {"0.weight": torch.randn(4, 3, generator=G), "0.bias": torch.randn(4, generator=G)}


def _deep():
    model = nn.Sequential(nn.Linear(3, 5), nn.BatchNorm1d(5), nn.ReLU(), nn.Linear(5, 4))
    state = {name: torch.randn(tensor.shape, generator=G) for name, tensor in model.state_dict().items()}
    state["1.running_var"] = torch.rand(5, generator=G) + 0.5
    state["1.num_batches_tracked"] = torch.tensor(0)
    return state


DEEP = _deep()


def expected(state, epochs, lr):
    """History and state, step by step."""
    model = nn.Sequential(nn.Linear(3, 5), nn.BatchNorm1d(5), nn.ReLU(), nn.Linear(5, 4))
    model = model if "3.weight" in state else nn.Sequential(nn.Linear(3, 4))
    model.load_state_dict(copy.deepcopy(state))
    history = []
    for _ in range(epochs):
        model.train()
        total = 0.0
        for x, y in TRAIN:
            loss = F.cross_entropy(model(x), y)
            gradients = torch.autograd.grad(loss, list(model.parameters()))
            with torch.no_grad():
                for parameter, gradient in zip(model.parameters(), gradients, strict=True):
                    parameter -= lr * gradient
            total += loss.item() * len(x)
        model.eval()
        with torch.no_grad():
            val = sum(F.cross_entropy(model(x), y, reduction="sum").item() for x, y in VAL)
        history.append((total / sum(len(x) for x, _ in TRAIN), val / sum(len(x) for x, _ in VAL), lr))
    return tuple(history), tuple(model.state_dict().values())


def weights(result):
    """The state's tensors, if that is what came back."""
    whole = type(result) is tuple and len(result) == 2 and type(result[1]) is dict
    return tuple(result[1].values()) if whole else result


def losses(result):
    """(train, val, lr) of each epoch, if that is what came back."""
    whole = type(result) is tuple and len(result) == 2 and type(result[0]) is list
    if not whole or not all(type(report) is dict for report in result[0]):
        return result
    return tuple(tuple(report.get(name) for name in ("train_loss", "val_loss", "lr")) for report in result[0])


STEPS = expected(LINEAR, 1, 0.5)[1]
STATISTICS = expected(DEEP, 3, 0.0)[1]
WHOLE = expected(DEEP, 3, 0.2)


@pytest.mark.task("fit")
def test_fit_steps(student):
    """Every step follows its own batch"""
    result = student.probe.run(LINEAR, TRAIN, VAL, 1, 0.5)
    assert_allclose(weights(result), STEPS, help="what is in .grad when backward() begins?")


@pytest.mark.task("fit")
def test_fit_modes(student):
    """BatchNorm learns its statistics in every epoch"""
    result = student.probe.run(DEEP, TRAIN, VAL, 3, 0.0)
    assert_allclose(weights(result), STATISTICS, check_dtype=False, help="in which mode does the second epoch begin?")


@pytest.mark.task("fit")
@pytest.mark.depends("test_fit_report", "test_fit_steps", "test_fit_modes")
def test_fit_whole(student):
    """Three epochs, number for number"""
    result = student.probe.run(DEEP, TRAIN, VAL, 3, 0.2, stale=True)
    assert_allclose(weights(result), WHOLE[1], check_dtype=False)
    assert_allclose(losses(result), WHOLE[0])
