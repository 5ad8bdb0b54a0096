"""The public checks of `residual_block`: small numbers that can be worked out by hand, and the list of layers.

`student.BasicBlock(...)` is your block; it stays in your process. The probes (`probes.py`) run beside it: they
set its weights, call it and look at its layers, which they find by type and shape, whatever their names.
"""

import pytest
import torch

from grader.testing import assert_allclose, assert_handle, assert_that

# Each pixel minus its right neighbour.
DIFFERENCE = torch.tensor([[0.0, 0, 0], [0, 1, -1], [0, 0, 0]])

# In evaluation mode a fresh BatchNorm divides by sqrt(1 + 1e-5): the hand-made numbers leave that out.
LOOSE = 1e-4

BATCH = torch.arange(2 * 4 * 3 * 5, dtype=torch.float32).reshape(2, 4, 3, 5).remainder(7) - 3


@pytest.mark.task("BasicBlock")
@pytest.mark.weight(4)
@pytest.mark.parametrize(
    ("arguments", "x", "expected"),
    [
        ((1, 1), [[[[2.0, -3, 1], [0, 1, 4]]]], [[[[7.0, 0, 2], [0, 0, 8]]]]),
        # Stride 2. First 3x3: [4, -9] in both channels, ReLU [4, 0]; second: [8, 0]; projection of x: [5, -2].
        ((1, 2, 2), [[[[5.0, 1, -2, 7]]]], [[[[13.0, 0]], [[13, 0]]]]),
    ],
    ids=["identity", "projection"],
)
def test_basic_by_hand(student, arguments, x, expected):
    """A block of known weights gives the numbers worked out by hand."""
    block = assert_handle(student.BasicBlock(*arguments), "an nn.Module")
    y = student.probe.run_with(block, torch.tensor(x), DIFFERENCE, 1.0)
    assert_allclose(
        y, torch.tensor(expected), rtol=LOOSE, atol=LOOSE, help="y = ReLU(F(x) + S(x)), with one ReLU inside F"
    )


@pytest.mark.task("BasicBlock")
def test_basic_runs(student):
    """The block is an nn.Module, and a training pass goes through its layers."""
    block = assert_handle(student.BasicBlock(4, 4), "an nn.Module")
    assert_runs(block(BATCH), student.probe.batches(block, BATCH))


@pytest.mark.task("BasicBlock")
@pytest.mark.depends("test_basic_runs")
@pytest.mark.weight(3)
@pytest.mark.parametrize(
    ("arguments", "layers"),
    [
        ((4, 4), "3x3 4>4, 3x3 4>4, BatchNorm 4, BatchNorm 4"),
        ((4, 6), "1x1 4>6, 3x3 4>6, 3x3 6>6, BatchNorm 6, BatchNorm 6, BatchNorm 6"),
        ((4, 4, 2), "1x1 4>4, 3x3 4>4, 3x3 4>4, BatchNorm 4, BatchNorm 4, BatchNorm 4"),
        ((4, 3, 2), "1x1 4>3, 3x3 3>3, 3x3 4>3, BatchNorm 3, BatchNorm 3, BatchNorm 3"),
    ],
    ids=["same_shape", "more_channels", "stride", "both"],
)
def test_basic_layers(student, arguments, layers):
    """A projection, with its BatchNorm, is there exactly when the shape changes."""
    block = assert_handle(student.BasicBlock(*arguments), "an nn.Module")
    assert_layers(student.probe.layers(block, BATCH), layers)


@pytest.mark.task("Bottleneck")
@pytest.mark.weight(5)
@pytest.mark.parametrize(
    ("arguments", "x", "expected"),
    [
        (
            (4, 1),
            [[[[-2.0, 1, 0]], [[0, -2, 3]], [[-1, 4, -1]], [[1, -6, -1]]]],
            [[[[0.0, 0, 0]], [[0, 0, 3]], [[0, 1, 0]], [[1, 0, 0]]]],
        ),
        # Stride 2. 1x1 and ReLU: [5, 3, 4, 0]; 3x3 and ReLU: [2, 4]; 1x1: [-2, -4]; projection of x: [5, 4].
        ((1, 1, 2), [[[[-5.0, -3, -4, 1]]]], [[[[3.0, 0]], [[3, 0]], [[3, 0]], [[3, 0]]]]),
    ],
    ids=["identity", "projection"],
)
def test_bottleneck_by_hand(student, arguments, x, expected):
    """A block of known weights gives the numbers worked out by hand."""
    block = assert_handle(student.Bottleneck(*arguments), "an nn.Module")
    y = student.probe.run_with(block, torch.tensor(x), DIFFERENCE, -1.0)
    assert_allclose(
        y, torch.tensor(expected), rtol=LOOSE, atol=LOOSE, help="y = ReLU(F(x) + S(x)), with two ReLUs inside F"
    )


@pytest.mark.task("Bottleneck")
def test_bottleneck_runs(student):
    """The block is an nn.Module, and a training pass goes through its layers."""
    block = assert_handle(student.Bottleneck(4, 1), "an nn.Module")
    assert_runs(block(BATCH), student.probe.batches(block, BATCH))


@pytest.mark.task("Bottleneck")
@pytest.mark.depends("test_bottleneck_runs")
@pytest.mark.weight(3)
@pytest.mark.parametrize(
    ("arguments", "layers"),
    [
        ((4, 1), "1x1 1>4, 1x1 4>1, 3x3 1>1, BatchNorm 1, BatchNorm 1, BatchNorm 4"),
        ((4, 2), "1x1 2>8, 1x1 4>2, 1x1 4>8, 3x3 2>2, BatchNorm 2, BatchNorm 2, BatchNorm 8, BatchNorm 8"),
        ((4, 4), "1x1 4>16, 1x1 4>16, 1x1 4>4, 3x3 4>4, BatchNorm 16, BatchNorm 16, BatchNorm 4, BatchNorm 4"),
        ((4, 1, 2), "1x1 1>4, 1x1 4>1, 1x1 4>4, 3x3 1>1, BatchNorm 1, BatchNorm 1, BatchNorm 4, BatchNorm 4"),
    ],
    ids=["same_shape", "more_channels", "equal_width", "stride"],
)
def test_bottleneck_layers(student, arguments, layers):
    """A projection, with its BatchNorm, is there exactly when the shape changes."""
    block = assert_handle(student.Bottleneck(*arguments), "an nn.Module")
    assert_layers(student.probe.layers(block, BATCH), layers)


def assert_runs(y, counts):
    """Y = block(BATCH) is a tensor that is neither constant nor BATCH, and a BatchNorm counted a training pass."""
    computed = torch.is_tensor(y) and y.dtype == torch.float32 and y.numel() > 1
    assert_that(
        computed and bool(y.min() < y.max()) and not torch.equal(y, BATCH),
        "a tensor computed by the layers",
        "a constant or the input" if computed else "something else",
        help="forward returns y = ReLU(F(x) + S(x))",
    )
    assert_that(
        type(counts) is list and any(type(count) is int and count > 0 for count in counts),
        "a BatchNorm that forward uses",
        "none",
        help="layers are found in an nn.Module once they are attributes, or in an nn.Sequential or nn.ModuleList",
    )


def assert_layers(found, expected):
    """The probe found exactly the `expected` layers: "3x3 4>6" is a convolution of 4 channels to 6."""
    assert_that(
        type(found) is str and found == expected,
        expected,
        found if type(found) is str else "something else",
        help="a projection is a 1x1 convolution with its BatchNorm, only where x and F(x) differ in shape",
    )
