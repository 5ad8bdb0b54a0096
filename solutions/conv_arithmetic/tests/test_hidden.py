"""The hidden checks of `conv_arithmetic`: divisions that leave every kind of remainder, every edge, every argument."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import oracle
import pytest

from grader.testing import assert_equal, assert_raises, assert_unchanged


def cases(function: Callable[..., Any], *arguments: tuple[Any, ...]) -> pytest.MarkDecorator:
    """One check over several calls, each with what the oracle says."""
    table = [(args, function(*args)) for args in arguments]
    return pytest.mark.parametrize(("args", "expected"), table, ids=list("abcdefghijkl"[: len(table)]))


# -------------------------------------------------------------------------------------------------------- conv_out


@pytest.mark.task("conv_out")
@pytest.mark.weight(2)
@cases(
    oracle.conv_out,
    (12, 3, 2, 1),
    (11, 3, 2, 1),
    (17, 2, 5, 3),
    (12, 5, 3, 1),
    (11, 4, 3, 2),
    (10, 1, 2, 4),
    (14, 3, 4, 2),
    (28, 7, 1, 5),
)
def test_conv_out_stride_and_padding(student: Any, args: Any, expected: Any) -> None:
    """Strides that divide and that do not, with padding on both sides"""
    assert_equal(student.conv_out(*args), expected, help="2p in all; a remainder is ignored")


@pytest.mark.task("conv_out")
@cases(oracle.conv_out, (15, 3, 1, 0, 3), (16, 4, 2, 1, 3), (21, 5, 3, 2, 2), (10, 1, 2, 1, 4), (13, 2, 3, 4, 5))
def test_conv_out_dilation(student: Any, args: Any, expected: Any) -> None:
    """Taps with gaps between them"""
    n, k, s, p, d = args
    assert_equal(student.conv_out(n, k, s=s, p=p, d=d), expected, help="k taps cover d*(k - 1) + 1 cells")


@pytest.mark.task("conv_out")
@pytest.mark.depends("test_conv_out_by_hand")
@cases(oracle.conv_out, (3, 3), (2, 4, 3, 1), (5, 3, 4, 0, 2), (5, 4, 2), (1, 5, 7, 2), (1, 3, 2, 3, 3), (6, 4, 3))
def test_conv_out_fits_once(student: Any, args: Any, expected: Any) -> None:
    """A kernel that just fits has one place"""
    assert_equal(student.conv_out(*args), expected, help="the padded image counts, and a size of 1 is fine")


@pytest.mark.task("conv_out")
@pytest.mark.depends("test_conv_out_by_hand")
@pytest.mark.parametrize(
    "args",
    [(5, 3, 4, 0, 3), (4, 3, 5, 0, 2), (1, 9, 2, 1), (6, 4, 4, 0, 3), (1, 2, 2), (3, 6, 2, 1), (2, 40, 3, 2, 3)],
    ids=list("abcdefg"),
)
def test_conv_out_refuses_every_misfit(student: Any, args: Any) -> None:
    """A size of 0 or less is refused, whatever makes it so"""
    assert_raises(ValueError, student.conv_out, *args, help="rounded down, not towards zero; then a size below 1")


# -------------------------------------------------------------------------------------------------------- pool_out


@pytest.mark.task("pool_out")
@cases(
    oracle.pool_out,
    (13, 3, None, 1),
    (12, 3, 2, 1),
    (18, 4, 5, 2),
    (11, 2, 1, 1),
    (11, 3),
    (6, 1, 4),
    (13, 5, 3, 2, False),
    (15, 6, None, 3),
)
def test_pool_out_rounds_down(student: Any, args: Any, expected: Any) -> None:
    """Sizes without ceil_mode"""
    assert_equal(student.pool_out(*args), expected, help="floor((n + 2p - k) / s) + 1, s=None meaning k")


@pytest.mark.task("pool_out")
@pytest.mark.weight(1.5)
@cases(
    oracle.pool_out,
    (7, 3, 2, 0, True),
    (10, 3, None, 0, True),
    (10, 4, 3, 1, True),
    (4, 3, 2, 1, True),
    (112, 3, 2, 0, True),
    (15, 4, 5, 2, True),
    (11, 5, 2, 1, True),
    (16, 6, None, 1, True),
    (13, 4, 3, 0, True),
    (11, 5, 3, 2, True),
    (10, 4, 5, 2, True),
    (9, 2, 1, 1, True),
)
def test_pool_out_rounds_up(student: Any, args: Any, expected: Any) -> None:
    """Sizes with ceil_mode: cells left over at the end get a window"""
    n, k, s, p, ceil_mode = args
    assert_equal(student.pool_out(n, k, s=s, p=p, ceil_mode=ceil_mode), expected, help="ceil, where it does not divide")


@pytest.mark.task("pool_out")
@pytest.mark.weight(1.5)
@cases(
    oracle.pool_out,
    (12, 2, 5, 1, True),
    (7, 4, 5, 2, True),
    (10, 1, 3, 0, True),
    (11, 1, 3, 0, True),
    (11, 2, None, 1, True),
    (11, 4, 6, 1, True),
    (13, 4, None, 2, True),
    (18, 3, 10, 1, True),
)
def test_pool_out_last_window(student: Any, args: Any, expected: Any) -> None:
    """With ceil_mode, the last window starts inside the image or the padding before it"""
    assert_equal(student.pool_out(*args), expected, help="window i starts at cell i*s - p of the image")


# -------------------------------------------------------------------------------------------------------- same_pad


@pytest.mark.task("same_pad")
@cases(
    oracle.same_pad,
    (7, 3, 2),
    (9, 4, 3),
    (10, 7, 3),
    (224, 7, 2),
    (5, 6, 2),
    (11, 5, 4),
    (3, 5, 7),
    (8, 6),
    (2, 9, 2),
    (12, 5, 3),
)
def test_same_pad_strides(student: Any, args: Any, expected: Any) -> None:
    """Strides and kernels of every size, odd and even"""
    assert_equal(student.same_pad(*args), expected, help="count what ceil(n / s) windows cover")


@pytest.mark.task("same_pad")
@cases(oracle.same_pad, (9, 3, 2, 3), (8, 2, 3, 5), (7, 4, 1, 2), (10, 2, 2, 3), (11, 4, 3, 2), (8, 2, 1, 3))
def test_same_pad_dilation(student: Any, args: Any, expected: Any) -> None:
    """Taps with gaps between them"""
    n, k, s, d = args
    assert_equal(student.same_pad(n, k, s=s, d=d), expected, help="k taps cover d*(k - 1) + 1 cells")


@pytest.mark.task("same_pad")
@pytest.mark.depends("test_same_pad_by_hand")
@cases(
    oracle.same_pad,
    (10, 2, 5, 2),
    (12, 1, 4, 3),
    (9, 2, 3),
    (11, 1, 3),
    (16, 3, 8),
    (7, 1),
    (18, 2, 7),
    (10, 2, 4),
    (17, 3, 9, 2),
    (8, 1, 5, 4),
)
def test_same_pad_never_negative(student: Any, args: Any, expected: Any) -> None:
    """An image with cells to spare gets no padding"""
    assert_equal(student.same_pad(*args), expected, help="padding can't be negative")


# ------------------------------------------------------------------------------------------------- receptive_field


STRIDED = (
    [(5, 2, 1), (3, 3, 1), (2, 1, 1)],
    [(7, 2, 1), (3, 2, 1), (3, 1, 1), (3, 2, 1)],
    [(4, 3, 1), (1, 2, 1), (4, 2, 1)],
    [(2, 3, 1), (3, 1, 1)],
    [(1, 2, 1), (6, 1, 1)],
)
DILATED = (
    [(3, 1, 2), (4, 1, 3)],
    [(2, 2, 3), (3, 1, 4)],
    [(5, 3, 1), (3, 2, 2), (2, 1, 5)],
    [(1, 2, 3), (2, 2, 4), (3, 1, 2)],
)
VGG16 = [(3, 1, 1), (3, 1, 1), (2, 2, 1)] * 2 + [(3, 1, 1), (3, 1, 1), (3, 1, 1), (2, 2, 1)] * 3
RESNET18 = [
    (7, 2, 1),
    (3, 2, 1),
    *[(3, 1, 1)] * 4,
    *([(3, 2, 1)] + [(3, 1, 1)] * 3) * 3,
]
NETWORKS = (VGG16, tuple(RESNET18), [(3, 1, 2**i) for i in range(6)])


def stacks(*layers: Any) -> pytest.MarkDecorator:
    """One check over several stacks of layers."""
    return cases(oracle.receptive_field, *[(stack,) for stack in layers])


@pytest.mark.task("receptive_field")
@pytest.mark.weight(2)
@stacks(*STRIDED)
def test_receptive_field_strided(student: Any, args: Any, expected: Any) -> None:
    """Strides in several layers, in every order"""
    assert_equal(student.receptive_field(*args), expected, help="taps lie as far apart as the layers BELOW made them")


@pytest.mark.task("receptive_field")
@stacks(*DILATED)
def test_receptive_field_dilated(student: Any, args: Any, expected: Any) -> None:
    """Dilation, alone and after strides"""
    assert_equal(student.receptive_field(*args), expected, help="taps are d outputs of the layer below apart")


@pytest.mark.task("receptive_field")
@stacks(*NETWORKS)
def test_receptive_field_networks(student: Any, args: Any, expected: Any) -> None:
    """Deep stacks, as a list or as a tuple"""
    assert_equal(student.receptive_field(*args), expected)


@pytest.mark.task("receptive_field")
@pytest.mark.depends("test_receptive_field_by_hand")
def test_receptive_field_leaves_layers(student: Any) -> None:
    """The caller's list is not changed"""
    assert_unchanged(student.echo.receptive_field([(3, 2, 1), (5, 1, 2), (2, 2, 1)]), help="the caller needs its list")


# -------------------------------------------------------------------------------------- conv_params and conv_macs


@pytest.mark.task("conv_params")
@cases(
    oracle.conv_params,
    (5, 7, 3),
    (6, 4, 2, 2),
    (6, 9, 3, 3, False),
    (8, 8, 5, 8),
    (8, 16, 3, 8, False),
    (12, 8, 1, 4, True),
    (4, 9, 1, 1, False),
    (1, 3, 4),
)
def test_conv_params_values(student: Any, args: Any, expected: Any) -> None:
    """Groups from one to one a channel, with and without bias"""
    assert_equal(student.conv_params(*args), expected, help="c_out filters, each with its own bias")


@pytest.mark.task("conv_macs")
@pytest.mark.weight(2)
@cases(
    oracle.conv_macs,
    (5, 7, 3, 4, 6),
    (6, 4, 2, 5, 3, 2),
    (6, 9, 3, 2, 7, 3),
    (8, 8, 5, 3, 4, 8),
    (8, 16, 3, 1, 9, 4),
    (10, 3, 1, 7, 5),
    (1, 2, 4, 6, 1),
    (12, 8, 2, 3, 1, 4),
)
def test_conv_macs_values(student: Any, args: Any, expected: Any) -> None:
    """Rectangular maps, groups from one to one a channel"""
    assert_equal(student.conv_macs(*args), expected, help="every output is one dot product")
