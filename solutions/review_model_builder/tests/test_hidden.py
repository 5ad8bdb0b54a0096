"""Each bug by itself, then values against the definition."""

import pytest
import torch
import torch.nn.functional as F

from grader.testing import assert_allclose, assert_equal

G = torch.Generator().manual_seed(5)


def weights(widths, depth, classes, in_ch):
    """A state with every weight a network must have."""
    state = {}
    for s, ch in enumerate(widths):
        state[f"stages.{s}.down.weight"] = torch.randn(ch, in_ch, 3, 3, generator=G) * 0.3
        for u in range(depth):
            state[f"stages.{s}.units.{u}.conv.weight"] = torch.randn(ch, ch, 3, 3, generator=G) * 0.2
        in_ch = ch
    return state | {"fc.weight": torch.randn(classes, in_ch, generator=G), "fc.bias": torch.randn(classes, generator=G)}


def logits(state, stages, depth, x):
    """The definition, with functions."""
    for s in range(stages):
        x = F.conv2d(x, state[f"stages.{s}.down.weight"], stride=2, padding=1)
        for u in range(depth):
            x = x + F.conv2d(F.relu(x), state[f"stages.{s}.units.{u}.conv.weight"], padding=1)
    return x.mean((2, 3)) @ state["fc.weight"].T + state["fc.bias"]


CASES = {}
for name, widths, depth, in_ch in (("one", (3,), 2, 3), ("three", (4, 3, 5), 1, 2), ("deep", (3, 2), 3, 1)):
    state = weights(widths, depth, 4, in_ch)
    x = torch.randn(2, in_ch, 9, 8, generator=G)
    CASES[name] = (widths, depth, in_ch, state, x, logits(state, len(widths), depth, x))


@pytest.mark.task("build")
def test_build_registers(student):
    """Every weight is a parameter of the model"""
    expected = 4 * 3 * 9 + 4 * 4 * 9 + 5 * 4 + 5
    assert_equal(student.probe.count((4,), 1, 5), expected, help="of one stage with one unit")


@pytest.mark.task("build")
def test_build_depth(student):
    """Each unit has weights of its own"""
    assert_equal(student.probe.distinct_units(4, 3), (3, 3), help="(units called, different ones) in one stage")


@pytest.mark.task("build")
@pytest.mark.depends("test_build_two_widths", "test_build_registers", "test_build_depth")
@pytest.mark.parametrize("case", list(CASES.values()), ids=list(CASES))
def test_build_values(student, case):
    """The logits of a model with given weights"""
    widths, depth, in_ch, state, x, expected = case
    assert_allclose(student.probe.run(widths, depth, in_ch, state, x), expected)
