"""The public checks of `conv_arithmetic`: numbers that can be worked out on paper."""

import pytest

from grader.testing import assert_equal, assert_raises


@pytest.mark.task("conv_out")
@pytest.mark.parametrize(
    ("args", "expected"),
    [((5, 3), 3), ((8, 3, 2, 1), 4), ((12, 5, 4), 2), ((7, 3, 1, 0, 2), 3)],
    ids=["plain", "stride_padding", "remainder", "dilation"],
)
def test_conv_out_by_hand(student, args, expected):
    """The examples of the lesson"""
    assert_equal(student.conv_out(*args), expected, help="floor((n + 2p - d*(k - 1) - 1) / s) + 1, an int")


@pytest.mark.task("conv_out")
@pytest.mark.depends("test_conv_out_by_hand")
@pytest.mark.parametrize(
    "args", [(2, 3), (2, 8, 1, 1), (4, 3, 1, 0, 2), (2, 4, 3)], ids=["short", "padded", "dilated", "strided"]
)
def test_conv_out_refuses(student, args):
    """A kernel that does not fit is a ValueError"""
    assert_raises(ValueError, student.conv_out, *args, help="-2/3 rounded down is -1, so the last size is 0")


@pytest.mark.task("pool_out")
@pytest.mark.parametrize(
    ("args", "expected"), [((6, 2), 3), ((7, 2), 3), ((9, 3, 2), 4)], ids=["halves", "remainder", "overlapping"]
)
def test_pool_out_by_hand(student, args, expected):
    """Without a stride, windows lie side by side"""
    assert_equal(student.pool_out(*args), expected, help="s=None means s = k; the size is rounded down")


@pytest.mark.task("pool_out")
@pytest.mark.parametrize(
    ("n", "k", "s", "p", "expected"),
    [(7, 2, None, 0, 4), (8, 3, 2, 0, 4), (3, 2, None, 1, 2), (9, 2, 3, 0, 3)],
    ids=["side_by_side", "overlapping", "last_window_padded", "last_window"],
)
def test_pool_out_ceil_mode(student, n, k, s, p, expected):
    """With ceil_mode the size is rounded up, but no window starts after the image"""
    actual = student.pool_out(n, k, s, p, ceil_mode=True)
    assert_equal(actual, expected, help="one less if (size - 1)*s >= n + p")


@pytest.mark.task("pool_out")
@pytest.mark.depends("test_pool_out_by_hand", "test_pool_out_ceil_mode")
@pytest.mark.parametrize(
    "args", [(3, 4, 2, 0), (3, 4, None, 0), (2, 7, 4, 1)], ids=["strided", "side_by_side", "padded"]
)
def test_pool_out_large_window(student, args):
    """With ceil_mode a window may be a little larger than the padded image"""
    assert_equal(student.pool_out(*args, True), 1, help="no special case: ceil(-1/2) + 1 = 1")


@pytest.mark.task("pool_out")
@pytest.mark.depends("test_pool_out_by_hand")
@pytest.mark.parametrize(
    ("args", "ceil_mode"),
    [((2, 3), False), ((3, 4, 2), False), ((3, 8, 1, 1), False), ((3, 5, 2), True), ((2, 9, 3, 1), True)],
    ids=["short", "strided", "padded", "ceil", "ceil_padded"],
)
def test_pool_out_refuses(student, args, ceil_mode):
    """A size below 1 is a ValueError in both modes"""
    assert_raises(ValueError, student.pool_out, *args, ceil_mode=ceil_mode, help="a size below 1 is refused")


@pytest.mark.task("same_pad")
@pytest.mark.parametrize(
    ("args", "expected"),
    [((5, 3), (1, 1)), ((6, 3, 2), (0, 1)), ((7, 4), (1, 2)), ((5, 3, 1, 2), (2, 2))],
    ids=["halves", "strided", "odd", "dilated"],
)
def test_same_pad_by_hand(student, args, expected):
    """The padding before and after, a tuple; the odd pixel goes after"""
    assert_equal(student.same_pad(*args), expected, help="the output is ceil(n / s) long; (before, after)")


@pytest.mark.task("same_pad")
@pytest.mark.depends("test_same_pad_by_hand")
@pytest.mark.parametrize("args", [(6, 1, 3), (8, 2, 4), (7, 1, 4)], ids=["a", "b", "c"])
def test_same_pad_short_kernel(student, args):
    """A kernel shorter than the stride needs no padding here, and never a negative one"""
    assert_equal(student.same_pad(*args), (0, 0), help="a negative total counts as 0")


@pytest.mark.task("receptive_field")
@pytest.mark.parametrize(
    ("layers", "expected"),
    [
        ([(3, 1, 1), (3, 1, 1)], (5, 1)),
        ([(3, 2, 1), (3, 1, 1)], (7, 2)),
        ([(3, 1, 1), (3, 2, 1)], (5, 2)),
        ([(3, 1, 2)], (5, 1)),
    ],
    ids=["two", "stride_first", "stride_last", "dilation"],
)
def test_receptive_field_by_hand(student, layers, expected):
    """The examples of the lesson"""
    assert_equal(student.receptive_field(layers), expected, help="(rf, jump): a layer's stride spreads the NEXT one")


@pytest.mark.task("receptive_field")
@pytest.mark.depends("test_receptive_field_by_hand")
def test_receptive_field_no_layers(student):
    """Without layers, an output is its input"""
    assert_equal(student.receptive_field([]), (1, 1), help="one cell, and the next output is one cell further")


@pytest.mark.task("conv_params")
@pytest.mark.parametrize(
    ("args", "options", "expected"),
    [((3, 64, 3), {}, 1792), ((4, 6, 3), {"groups": 2, "bias": False}, 108), ((2, 4, 1), {"groups": 2}, 8)],
    ids=["plain", "groups_no_bias", "groups"],
)
def test_conv_params_by_hand(student, args, options, expected):
    """Weights of every filter, and one bias each"""
    assert_equal(student.conv_params(*args, **options), expected, help="a filter sees c_in/groups channels")


@pytest.mark.task("conv_params")
@pytest.mark.depends("test_conv_params_by_hand")
@pytest.mark.parametrize(
    "args",
    [(6, 8, 3, 4), (8, 6, 3, 4), (6, 9, 1, 4), (4, 8, 3, 8), (8, 4, 3, 8)],
    ids=["input", "output", "both", "few_inputs", "few_outputs"],
)
def test_conv_params_refuses(student, args):
    """Groups that do not divide both numbers of channels are a ValueError"""
    assert_raises(ValueError, student.conv_params, *args, help="groups must divide c_in, and it must divide c_out")


@pytest.mark.task("conv_macs")
@pytest.mark.parametrize(
    ("args", "expected"), [((2, 3, 3, 4, 5), 1080), ((4, 6, 1, 2, 5, 2), 120)], ids=["plain", "groups"]
)
def test_conv_macs_by_hand(student, args, expected):
    """Outputs times the multiplications of one output"""
    assert_equal(student.conv_macs(*args), expected, help="3*4*5 outputs, each over 2 channels of 3*3 weights")


@pytest.mark.task("conv_macs")
@pytest.mark.depends("test_conv_macs_by_hand")
@pytest.mark.parametrize(
    ("c_in", "c_out", "groups"),
    [(6, 8, 4), (8, 6, 4), (6, 9, 4), (4, 8, 8), (8, 4, 8)],
    ids=["input", "output", "both", "few_inputs", "few_outputs"],
)
def test_conv_macs_refuses(student, c_in, c_out, groups):
    """Groups that do not divide both numbers of channels are a ValueError"""
    assert_raises(ValueError, student.conv_macs, c_in, c_out, 3, 5, 4, groups=groups, help="as in conv_params")
