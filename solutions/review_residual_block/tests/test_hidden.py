"""Each bug by itself, then values against the formula written with functions."""

import pytest
import torch
import torch.nn.functional as F

from grader.testing import assert_allclose, assert_equal

G = torch.Generator().manual_seed(3)


def state(in_ch, ch, projected):
    """Random weights and statistics."""
    shapes = {"conv1.weight": (ch, in_ch, 3, 3), "conv2.weight": (ch, ch, 3, 3)}
    norms = ["bn1", "bn2"]
    if projected:
        shapes["shortcut.0.weight"] = (ch, in_ch, 1, 1)
        norms.append("shortcut.1")
    found = {name: torch.randn(shape, generator=G) * 0.4 for name, shape in shapes.items()}
    for norm in norms:
        found |= {f"{norm}.{name}": torch.rand(ch, generator=G) + 0.5 for name in ("weight", "running_var")}
        found |= {f"{norm}.{name}": torch.randn(ch, generator=G) * 0.5 for name in ("bias", "running_mean")}
        found[f"{norm}.num_batches_tracked"] = torch.tensor(1)
    return found


def norm(x, s, name):
    """BatchNorm in evaluation."""
    return F.batch_norm(*(x, *(s[f"{name}.{part}"] for part in ("running_mean", "running_var", "weight", "bias"))))


def block(x, s, stride):
    """The formula."""
    out = norm(F.conv2d(F.relu(x), s["conv1.weight"], stride=stride, padding=1), s, "bn1")
    out = norm(F.conv2d(F.relu(out), s["conv2.weight"], padding=1), s, "bn2")
    if "shortcut.0.weight" in s:
        x = norm(F.conv2d(x, s["shortcut.0.weight"], stride=stride), s, "shortcut.1")
    return out + x


SAME, WIDER, SMALLER = state(3, 3, False), state(2, 5, True), state(4, 4, True)
POSITIVE = torch.rand(2, 3, 5, 4, generator=G)
CASES = {
    "same": (3, 3, 1, SAME, torch.randn(2, 3, 5, 4, generator=G)),
    "wider": (2, 5, 1, WIDER, torch.randn(1, 2, 4, 4, generator=G)),
    "smaller": (4, 4, 2, SMALLER, torch.randn(2, 4, 5, 5, generator=G)),
}


@pytest.mark.task("Block")
def test_block_branch(student):
    """The branch may lower what it is added to"""
    result = student.probe.run(3, 3, 1, SAME, POSITIVE)
    assert_allclose(result, block(POSITIVE, SAME, 1), help="for an input that ReLU leaves as it is")


@pytest.mark.task("Block")
def test_block_weights(student):
    """A projection exactly where shapes change"""
    found = student.probe.count(((4, 4, 1), (4, 8, 1), (4, 4, 2), (4, 8, 2), (4, 4)))
    branch = [(i * c + c * c) * 9 + 4 * c for i, c in ((4, 4), (4, 8), (4, 4), (4, 8), (4, 4))]
    expected = tuple(n + p for n, p in zip(branch, (0, 48, 24, 48, 0), strict=True))
    assert_equal(found, expected, help="parameters of Block(in_ch, ch, stride)")


@pytest.mark.task("Block")
@pytest.mark.depends("test_block_leaves_its_input", "test_block_branch", "test_block_weights")
@pytest.mark.parametrize("case", list(CASES.values()), ids=list(CASES))
def test_block_values(student, case):
    """Values for every shape of block"""
    in_ch, ch, stride, weights, x = case
    assert_allclose(student.probe.run(in_ch, ch, stride, weights, x), block(x, weights, stride))
