"""The checks that decide: rectangular everything, sizes that don't divide, views as arguments, and the clock."""

from __future__ import annotations

from typing import Any

import numpy as np
import oracle
import pytest
from clock import assert_fast
from given import (
    BACKWARDS,
    COPIED,
    EVERY_OTHER,
    Case,
    ViewCase,
    cases,
    fold,
    huge,
    image,
    layer,
    normal,
    quarters,
    unfold,
    view,
    viewed,
    whole,
)

from grader.testing import assert_allclose, assert_that, assert_unchanged

# --------------------------------------------------------------------------------------------------------- im2col


@pytest.mark.task("im2col")
@pytest.mark.weight(3)
@cases(
    batch=unfold(normal(1, 2, 3, 5, 7), (2, 3)),
    one_image=unfold(normal(2, 1, 2, 6, 4), (4, 3)),
    square_kernel=unfold(normal(3, 3, 2, 4, 6), 3),
    row=unfold(normal(4, 2, 4, 3, 5), (1, 4)),
    whole_image=unfold(normal(5, 3, 2, 4, 5), (4, 5)),
)
def test_im2col_values(student: Any, case: Case) -> None:
    """Rectangular images under rectangular kernels, in batches of any size."""
    help = "rows: channel, kernel row, kernel column; columns: the windows from left to right, then down"
    assert_allclose(student.im2col(*case.args, **case.options), case.expected, **COPIED, help=help)


@pytest.mark.task("im2col")
@pytest.mark.weight(2)
@cases(
    both=unfold(normal(6, 1, 2, 8, 7), (3, 2), stride=2),
    pair=unfold(normal(7, 2, 3, 8, 10), (3, 2), stride=(2, 3)),
    beyond_the_kernel=unfold(normal(8, 2, 1, 9, 8), (2, 1), stride=(3, 4)),
)
def test_im2col_stride(student: Any, case: Case) -> None:
    """Windows further apart, with a remainder at the end."""
    assert_allclose(student.im2col(*case.args, **case.options), case.expected, **COPIED)


@pytest.mark.task("im2col")
@pytest.mark.weight(2)
@cases(
    both=unfold(normal(9, 2, 3, 4, 5), (3, 2), padding=1),
    pair=unfold(normal(10, 1, 2, 5, 4), (2, 3), padding=(2, 1)),
    columns_only=unfold(normal(11, 3, 1, 4, 3), (2, 4), padding=(0, 2)),
)
def test_im2col_padding(student: Any, case: Case) -> None:
    """Zeros around the image, on all four sides."""
    assert_allclose(student.im2col(*case.args, **case.options), case.expected, **COPIED)


@pytest.mark.task("im2col")
@pytest.mark.weight(3)
@cases(
    both=unfold(normal(12, 2, 3, 7, 6), (3, 2), dilation=2),
    pair=unfold(normal(13, 1, 2, 6, 9), (2, 3), dilation=(3, 2)),
    with_numbers=unfold(normal(14, 2, 3, 8, 7), (3, 2), stride=2, padding=1, dilation=2),
    with_pairs=unfold(normal(15, 2, 3, 9, 8), (3, 2), stride=(2, 3), padding=(1, 2), dilation=(3, 2)),
    other_pairs=unfold(normal(16, 3, 2, 6, 12), (2, 3), stride=(1, 2), padding=(2, 0), dilation=(1, 4)),
)
def test_im2col_dilation(student: Any, case: Case) -> None:
    """Gaps between the taps, alone and with every other option."""
    assert_allclose(student.im2col(*case.args, **case.options), case.expected, **COPIED)


@pytest.mark.task("im2col")
@cases(
    integers=unfold(whole(17, 2, 3, 4, 5), (2, 3), padding=1),
    float32=unfold(quarters(18, 3, 2, 5, 4), (3, 2), stride=2),
    uint8=unfold(image(19, 1, 3, 4, 6), (3, 4)),
    beyond_float32=unfold(huge(70, 2, 2, 3, 5), (2, 3)),
)
def test_im2col_dtypes(student: Any, case: Case) -> None:
    """float64 comes back, whatever goes in."""
    assert_allclose(student.im2col(*case.args, **case.options), case.expected)


@pytest.mark.task("im2col")
@pytest.mark.weight(2)
@pytest.mark.depends("test_im2col_values")
@cases(
    channels_last=viewed(oracle.im2col, [view(normal(20, 2, 5, 6, 3), "nhwc")], (3, 2)),
    transposed=viewed(oracle.im2col, [view(normal(21, 7, 5, 3, 2), "whcn")], (2, 3), stride=(2, 1)),
    sliced=viewed(oracle.im2col, [view(normal(22, 2, 6, 5, 12), c=EVERY_OTHER, w=EVERY_OTHER)], (2, 4)),
    backwards=viewed(oracle.im2col, [view(normal(23, 3, 2, 6, 5), h=BACKWARDS, w=slice(1, None))], (3, 2), stride=2),
    padded=viewed(oracle.im2col, [view(normal(24, 2, 4, 5, 3), "nhwc")], (2, 3), padding=(1, 2)),
)
def test_im2col_views(student: Any, case: ViewCase) -> None:
    """Transposed and sliced images."""
    actual = student.probe.on_views("im2col", case.views, *case.rest, **case.options)
    assert_allclose(actual, case.expected, **COPIED, help="a view has strides of its own: read them, or copy x first")


@pytest.mark.task("im2col")
@pytest.mark.weight(2)
@pytest.mark.depends("test_im2col_values")
@cases(
    one_tap=unfold(normal(25, 2, 3, 4, 5), 1),
    whole_image=unfold(normal(26, 3, 2, 4, 5), (4, 5)),
    one_row=unfold(normal(27, 2, 1, 1, 7), (1, 3)),
    one_row_padded=unfold(normal(28, 2, 1, 1, 6), (1, 3), padding=(0, 1)),
    column_of_windows=unfold(normal(29, 2, 3, 6, 4), (3, 4)),
)
def test_im2col_owns_its_result(student: Any, case: Case) -> None:
    """The result can be written to, entry by entry, and x does not notice."""
    x, kernel = case.args
    fill = np.arange(case.expected.size, dtype=np.float64).reshape(case.expected.shape)
    answer = student.probe.written_over(x, fill, kernel, **case.options)
    assert_that(type(answer) is tuple and len(answer) == 3, f"an array of shape {fill.shape}", "something else")
    assert_that(answer[0] is True, "an array that can be written to", "a read-only one", help="return a copy")
    assert_allclose(answer[1], fill, help="several entries share one place in memory: return a copy")
    assert_allclose(answer[2], x, help="writing into the result changed x: return a copy")


@pytest.mark.task("im2col")
@pytest.mark.depends("test_im2col_values")
@cases(plain=unfold(normal(30, 2, 3, 4, 5), (2, 3)), padded=unfold(normal(31, 2, 3, 4, 5), (3, 2), padding=(1, 2)))
def test_im2col_keeps_its_argument(student: Any, case: Case) -> None:
    """The caller's images are not changed."""
    assert_unchanged(student.echo.im2col(*case.args, **case.options))


# --------------------------------------------------------------------------------------------------------- col2im


@pytest.mark.task("col2im")
@pytest.mark.weight(3)
@cases(
    batch=fold(41, (2, 3, 5, 7), (2, 3)),
    one_image=fold(42, (1, 2, 6, 4), (4, 3)),
    square_kernel=fold(43, (3, 2, 4, 6), 3),
    column=fold(44, (2, 4, 5, 3), (4, 1)),
    one_tap=fold(45, (3, 2, 4, 5), 1),
)
def test_col2im_values(student: Any, case: Case) -> None:
    """Every pixel gets the sum of its entries."""
    help = "each entry goes back to the pixel im2col read it from; where several meet they are added"
    assert_allclose(student.col2im(*case.args, **case.options), case.expected, help=help)


@pytest.mark.task("col2im")
@pytest.mark.weight(2)
@cases(
    both=fold(46, (1, 2, 8, 7), (3, 2), stride=2),
    pair=fold(47, (2, 3, 8, 10), (3, 2), stride=(2, 3)),
    beyond_the_kernel=fold(48, (2, 1, 9, 8), (2, 1), stride=(3, 4)),
)
def test_col2im_stride(student: Any, case: Case) -> None:
    """Windows further apart; pixels that none of them reads get 0."""
    assert_allclose(student.col2im(*case.args, **case.options), case.expected)


@pytest.mark.task("col2im")
@pytest.mark.weight(2)
@cases(
    both=fold(49, (2, 3, 4, 5), (3, 2), padding=1),
    pair=fold(50, (1, 2, 5, 4), (2, 3), padding=(2, 1)),
    columns_only=fold(51, (3, 1, 4, 3), (2, 4), padding=(0, 2)),
    rows_only=fold(52, (2, 3, 3, 5), (4, 2), padding=(1, 0)),
)
def test_col2im_padding(student: Any, case: Case) -> None:
    """What was sent to the padding is cut off."""
    help = "x_shape is the size before padding: add the border, and cut it off at the end"
    assert_allclose(student.col2im(*case.args, **case.options), case.expected, help=help)


@pytest.mark.task("col2im")
@pytest.mark.weight(3)
@cases(
    both=fold(53, (2, 3, 7, 6), (3, 2), dilation=2),
    pair=fold(54, (1, 2, 6, 9), (2, 3), dilation=(3, 2)),
    with_numbers=fold(55, (2, 3, 8, 7), (3, 2), stride=2, padding=1, dilation=2),
    with_pairs=fold(56, (2, 3, 9, 8), (3, 2), stride=(2, 3), padding=(1, 2), dilation=(3, 2)),
    other_pairs=fold(57, (3, 2, 6, 12), (2, 3), stride=(1, 2), padding=(2, 0), dilation=(1, 4)),
)
def test_col2im_dilation(student: Any, case: Case) -> None:
    """Gaps between the taps, alone and with every other option."""
    assert_allclose(student.col2im(*case.args, **case.options), case.expected)


@pytest.mark.task("col2im")
@cases(
    integers=fold(58, (2, 3, 4, 5), (2, 3), make=whole, padding=1),
    float32=fold(59, (3, 2, 5, 4), (3, 2), make=quarters, stride=2),
    uint8=fold(60, (1, 3, 4, 6), (3, 4), make=image),
    huge=fold(66, (2, 1, 4, 5), (2, 3), make=huge),
)
def test_col2im_dtypes(student: Any, case: Case) -> None:
    """float64 comes back, whatever goes in, and nothing of it is lost on the way."""
    help = "the sums are made in float64: integers and float32 may not hold them"
    assert_allclose(student.col2im(*case.args, **case.options), case.expected, help=help)


@pytest.mark.task("col2im")
@pytest.mark.depends("test_col2im_values")
@cases(
    windows_first=viewed(oracle.col2im, [view(normal(61, 12, 2, 18), "lnk")], (2, 3, 4, 6), (2, 3)),
    images_last=viewed(
        oracle.col2im, [view(normal(62, 12, 9, 3), "kln")], (3, 2, 5, 4), (3, 2), stride=(2, 1), padding=(1, 0)
    ),
    sliced=viewed(oracle.col2im, [view(normal(63, 2, 16, 15), "nkl", k=EVERY_OTHER, l=BACKWARDS)], (2, 2, 4, 6), 2),
)
def test_col2im_views(student: Any, case: ViewCase) -> None:
    """Transposed and sliced columns."""
    assert_allclose(student.probe.on_views("col2im", case.views, *case.rest, **case.options), case.expected)


@pytest.mark.task("col2im")
@pytest.mark.depends("test_col2im_values")
@cases(plain=fold(64, (2, 3, 4, 5), (2, 3)), padded=fold(65, (2, 3, 4, 5), (3, 2), stride=2, padding=(1, 2)))
def test_col2im_keeps_its_argument(student: Any, case: Case) -> None:
    """The caller's columns are not changed."""
    assert_unchanged(student.echo.col2im(*case.args, **case.options))


# -------------------------------------------------------------------------------------------------- conv2d_im2col


@pytest.mark.task("conv2d_im2col")
@pytest.mark.weight(2)
@cases(
    batch=layer(normal(71, 2, 3, 6, 5), normal(72, 5, 3, 3, 2)),
    one_image=layer(normal(73, 1, 2, 4, 7), normal(74, 3, 2, 2, 3)),
    # As many filters as channels: swapping the two axes of w goes unnoticed everywhere else.
    filters_as_channels=layer(normal(75, 2, 3, 4, 6), normal(76, 3, 3, 2, 4)),
    # As many filters as images: so does swapping those two axes of the result.
    filters_as_images=layer(normal(77, 3, 2, 4, 6), normal(78, 3, 2, 3, 2)),
    one_tap=layer(normal(79, 2, 3, 4, 5), normal(80, 4, 3, 1, 1)),
    whole_image=layer(normal(81, 2, 3, 4, 5), normal(82, 6, 3, 4, 5)),
)
def test_conv2d_im2col_values(student: Any, case: Case) -> None:
    """Batch, channels and filters, without any option."""
    assert_allclose(student.conv2d_im2col(*case.args, **case.options), case.expected)


@pytest.mark.task("conv2d_im2col")
@pytest.mark.weight(2)
@cases(
    filters_as_columns=layer(normal(83, 2, 3, 5, 6), normal(84, 4, 3, 3, 3), normal(85, 4)),
    # F == L: a bare `+ b` broadcasts along the windows without a word.
    filters_as_windows=layer(normal(86, 3, 2, 4, 5), normal(87, 6, 2, 3, 3), normal(88, 6), stride=1),
    filters_as_images=layer(normal(89, 3, 2, 4, 6), normal(90, 3, 2, 3, 2), normal(91, 3)),
    one_filter=layer(normal(92, 2, 3, 4, 3), normal(93, 1, 3, 2, 2), normal(94, 1)),
)
def test_conv2d_im2col_bias(student: Any, case: Case) -> None:
    """One bias for each filter, whichever axis has the same length."""
    assert_allclose(student.conv2d_im2col(*case.args, **case.options), case.expected)


@pytest.mark.task("conv2d_im2col")
@pytest.mark.weight(3)
@cases(
    stride=layer(normal(95, 2, 3, 8, 10), normal(96, 2, 3, 3, 2), stride=(2, 3)),
    padding=layer(normal(97, 1, 2, 5, 4), normal(98, 3, 2, 2, 3), padding=(2, 1)),
    dilation=layer(normal(99, 2, 1, 6, 9), normal(100, 3, 1, 2, 3), dilation=(3, 2)),
    numbers=layer(normal(101, 2, 3, 8, 7), normal(102, 4, 3, 3, 2), normal(103, 4), stride=2, padding=1, dilation=2),
    pairs=layer(
        normal(104, 2, 3, 9, 8), normal(105, 4, 3, 3, 2), normal(106, 4), stride=(2, 3), padding=(1, 2), dilation=(3, 2)
    ),
    other_pairs=layer(
        normal(107, 1, 2, 6, 12),
        normal(108, 3, 2, 2, 3),
        normal(109, 3),
        stride=(1, 2),
        padding=(2, 0),
        dilation=(1, 4),
    ),
)
def test_conv2d_im2col_options(student: Any, case: Case) -> None:
    """Stride, padding and dilation, one by one and together."""
    assert_allclose(student.conv2d_im2col(*case.args, **case.options), case.expected)


@pytest.mark.task("conv2d_im2col")
@cases(
    integers=layer(whole(110, 2, 3, 5, 6), whole(111, 4, 3, 2, 4), whole(112, 4)),
    float32=layer(quarters(113, 2, 3, 4, 5), quarters(114, 4, 3, 3, 2)),
    uint8_under_float=layer(image(115, 1, 3, 5, 4), normal(116, 2, 3, 2, 3)),
    huge=layer(huge(132, 2, 3, 4, 5), normal(133, 4, 3, 3, 2), huge(134, 4)),
    huge_filters=layer(normal(135, 2, 3, 4, 5), huge(136, 4, 3, 3, 2)),
)
def test_conv2d_im2col_dtypes(student: Any, case: Case) -> None:
    """float64 comes back, whatever goes in, and nothing of it is lost on the way."""
    assert_allclose(student.conv2d_im2col(*case.args, **case.options), case.expected)


@pytest.mark.task("conv2d_im2col")
@pytest.mark.depends("test_conv2d_im2col_values")
@cases(
    channels_last=viewed(
        oracle.conv2d_im2col,
        [view(normal(117, 2, 5, 6, 3), "nhwc"), view(normal(118, 3, 2, 3, 4), "hwcn")],
        padding=(0, 1),
    ),
    sliced=viewed(
        oracle.conv2d_im2col,
        [view(normal(119, 2, 2, 5, 12), w=EVERY_OTHER), view(normal(120, 3, 2, 2, 3), h=BACKWARDS, w=BACKWARDS)],
        normal(121, 3),
    ),
    transposed=viewed(
        oracle.conv2d_im2col,
        [view(normal(122, 7, 5, 2, 3), "whcn"), view(normal(123, 3, 2, 2, 4), "whcn")],
        stride=2,
    ),
)
def test_conv2d_im2col_views(student: Any, case: ViewCase) -> None:
    """Transposed and sliced images and filters."""
    actual = student.probe.on_views("conv2d_im2col", case.views, *case.rest, **case.options)
    assert_allclose(actual, case.expected, help="a view has strides of its own: read them from x, or copy x first")


@pytest.mark.task("conv2d_im2col")
@pytest.mark.depends("test_conv2d_im2col_values")
@cases(
    plain=layer(normal(124, 2, 3, 5, 6), normal(125, 4, 3, 3, 2), normal(126, 4)),
    padded=layer(normal(127, 2, 3, 5, 4), normal(128, 3, 3, 2, 3), normal(129, 3), stride=2, padding=1),
)
def test_conv2d_im2col_keeps_its_arguments(student: Any, case: Case) -> None:
    """Images, filters and bias are not changed."""
    assert_unchanged(student.echo.conv2d_im2col(*case.args, **case.options))


@pytest.mark.task("conv2d_im2col")
@pytest.mark.weight(3)
@pytest.mark.depends("test_conv2d_im2col_values")
def test_conv2d_im2col_is_fast(student: Any) -> None:
    """At least ten times faster than slow_conv2d."""
    assert_fast(student)
