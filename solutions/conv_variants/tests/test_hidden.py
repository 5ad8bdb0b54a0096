"""The checks that decide: rectangular everything, sizes that don't divide, groups of every kind."""

from __future__ import annotations

from typing import Any

import oracle
import pytest
from given import Call, cases, depthwise, grouped, image, normal, pointwise, quarters, separable, whole

from grader.testing import assert_allclose, assert_raises, assert_unchanged

# ------------------------------------------------------------------------------------------------- conv2d_grouped


@pytest.mark.task("conv2d_grouped")
@pytest.mark.weight(5)
@cases(
    two=grouped(normal(1, 3, 4, 5, 7), normal(2, 6, 2, 3, 2), groups=2),
    three=grouped(normal(3, 2, 9, 6, 4), normal(4, 6, 3, 2, 3), groups=3),
    one_image=grouped(normal(5, 1, 6, 3, 5), normal(6, 4, 3, 1, 4), groups=2),
    # As many filters in a group as channels: swapping the two axes of w goes unnoticed everywhere else.
    filters_as_channels=grouped(normal(7, 2, 6, 4, 5), normal(8, 6, 3, 2, 2), groups=2),
    one_group=grouped(normal(11, 2, 3, 5, 6), normal(12, 4, 3, 3, 2)),
    a_group_for_each_channel=grouped(normal(13, 2, 3, 6, 5), normal(14, 6, 1, 2, 4), groups=3),
    a_filter_for_each_group=grouped(normal(15, 2, 8, 4, 6), normal(16, 4, 2, 4, 3), groups=4),
    one_tap=grouped(normal(17, 3, 4, 2, 5), normal(18, 2, 2, 1, 1), groups=2),
    whole_image=grouped(normal(19, 2, 6, 3, 4), normal(20, 9, 2, 3, 4), groups=3),
)
def test_conv2d_grouped_values(student: Any, case: Call) -> None:
    """Groups of one or more channels and one or more filters; kernels from the smallest to the largest."""
    assert_allclose(
        student.conv2d_grouped(*case.args, **case.options),
        case.expected,
        help="group g reads channels g*C/G to (g+1)*C/G and makes maps g*F/G to (g+1)*F/G",
    )


@pytest.mark.task("conv2d_grouped")
@pytest.mark.weight(2)
@cases(
    # F == W': a bare `y + b` broadcasts along the width without a word.
    filters_as_columns=grouped(normal(21, 2, 6, 5, 6), normal(22, 4, 3, 3, 3), normal(23, 4), groups=2),
    filters_as_rows=grouped(normal(24, 2, 2, 7, 4), normal(25, 6, 1, 2, 3), normal(26, 6), groups=2),
    filters_as_images=grouped(normal(27, 3, 6, 4, 3), normal(28, 3, 2, 3, 2), normal(29, 3), groups=3),
    one_group=grouped(normal(30, 2, 3, 4, 7), normal(31, 5, 3, 2, 4), normal(32, 5)),
)
def test_conv2d_grouped_bias(student: Any, case: Call) -> None:
    """One bias for each filter, whichever axis has the same length."""
    assert_allclose(
        student.conv2d_grouped(*case.args, **case.options), case.expected, help="b has F numbers, one for each filter"
    )


@pytest.mark.task("conv2d_grouped")
@pytest.mark.weight(3)
@cases(
    stride=grouped(normal(33, 1, 4, 8, 7), normal(34, 6, 2, 3, 2), stride=2, groups=2),
    stride_pair=grouped(normal(35, 2, 3, 8, 10), normal(36, 6, 1, 3, 2), stride=(2, 3), groups=3),
    beyond_the_kernel=grouped(normal(37, 1, 4, 9, 8), normal(38, 2, 2, 2, 1), stride=(3, 4), groups=2),
    padding=grouped(normal(39, 2, 4, 4, 5), normal(40, 6, 2, 3, 2), padding=1, groups=2),
    padding_pair=grouped(normal(41, 1, 6, 5, 4), normal(42, 3, 2, 2, 3), padding=(2, 1), groups=3),
    columns_only=grouped(normal(43, 2, 2, 4, 3), normal(44, 4, 1, 2, 4), padding=(0, 2), groups=2),
    all_as_numbers=grouped(
        normal(45, 2, 4, 8, 7), normal(46, 6, 2, 3, 2), normal(47, 6), stride=2, padding=1, groups=2
    ),
    all_as_pairs=grouped(
        normal(48, 3, 6, 9, 7), normal(49, 9, 2, 3, 2), normal(50, 9), stride=(2, 3), padding=(1, 2), groups=3
    ),
    all_in_one_group=grouped(
        normal(51, 2, 3, 6, 9), normal(52, 4, 3, 2, 3), normal(53, 4), stride=(1, 2), padding=(2, 0)
    ),
)
def test_conv2d_grouped_stride_and_padding(student: Any, case: Call) -> None:
    """Windows further apart, with a remainder at the end; zeros on all four sides; all options together."""
    assert_allclose(student.conv2d_grouped(*case.args, **case.options), case.expected)


@pytest.mark.task("conv2d_grouped")
@cases(
    integers=grouped(whole(54, 2, 4, 5, 6), whole(55, 6, 2, 2, 4), whole(56, 6), groups=2),
    float32=grouped(quarters(57, 2, 6, 4, 5), quarters(58, 3, 2, 3, 2), groups=3),
    uint8_under_float=grouped(image(59, 1, 4, 5, 4), normal(60, 2, 2, 2, 3), groups=2),
    uint8=grouped(image(61, 2, 4, 3, 5), image(62, 4, 2, 2, 2), groups=2),
)
def test_conv2d_grouped_dtypes(student: Any, case: Call) -> None:
    """float64 comes back, whatever goes in."""
    assert_allclose(
        student.conv2d_grouped(*case.args, **case.options), case.expected, help="convert before you multiply"
    )


@pytest.mark.task("conv2d_grouped")
@pytest.mark.depends("test_conv2d_grouped_values")
@pytest.mark.weight(2)
@cases(
    channels=((2, 5, 4, 6), (4, 2, 2, 3), 2),
    filters=((2, 4, 5, 4), (5, 2, 3, 2), 2),
    both=((1, 7, 4, 5), (8, 2, 2, 2), 3),
    filters_of_three=((2, 6, 4, 3), (7, 2, 2, 2), 3),
    more_groups_than_channels=((2, 2, 4, 5), (4, 1, 3, 2), 4),
)
def test_conv2d_grouped_refuses(student: Any, case: Any) -> None:
    """Groups that divide the channels or the filters with a remainder are a ValueError."""
    x, w, groups = case
    assert_raises(ValueError, student.conv2d_grouped, normal(63, *x), normal(64, *w), groups=groups)


VIEWS = (normal(65, 2, 4, 5, 7), normal(66, 6, 2, 2, 3), normal(67, 6))
VIEWED = oracle.conv2d_grouped(
    VIEWS[0].swapaxes(2, 3), VIEWS[1].swapaxes(2, 3), VIEWS[2], stride=(2, 1), padding=(0, 1), groups=2
)


@pytest.mark.task("conv2d_grouped")
def test_conv2d_grouped_views(student: Any) -> None:
    """Arrays that don't lie in memory row by row."""
    x, w, b = VIEWS
    actual = student.probe.grouped_on_views(x, w, b=b, stride=(2, 1), padding=(0, 1), groups=2)
    assert_allclose(actual, VIEWED, help="a transposed array has other strides than its shape suggests")


@pytest.mark.task("conv2d_grouped")
@pytest.mark.depends("test_conv2d_grouped_values")
@cases(
    plain=grouped(normal(68, 2, 4, 5, 6), normal(69, 6, 2, 3, 2), normal(70, 6), groups=2),
    padded=grouped(normal(71, 2, 3, 5, 4), normal(72, 3, 1, 2, 3), normal(73, 3), stride=2, padding=1, groups=3),
)
def test_conv2d_grouped_keeps_its_arguments(student: Any, case: Call) -> None:
    """Image, weights and bias are not changed."""
    assert_unchanged(student.echo.conv2d_grouped(*case.args, **case.options))


# ------------------------------------------------------------------------------------------------- pointwise_conv


@pytest.mark.task("pointwise_conv")
@pytest.mark.weight(3)
@cases(
    more=pointwise(normal(81, 2, 3, 4, 5), normal(82, 6, 3)),
    fewer=pointwise(normal(83, 3, 5, 2, 4), normal(84, 2, 5)),
    # As many filters as channels: a transposed w goes unnoticed everywhere else.
    filters_as_channels=pointwise(normal(85, 2, 4, 3, 6), normal(86, 4, 4)),
    one_image=pointwise(normal(87, 1, 2, 5, 3), normal(88, 4, 2)),
    single=pointwise(normal(89, 1, 1, 4, 1), normal(90, 1, 1)),
    # F == W, F == H, F == N: a bias on the wrong axis broadcasts without a word.
    bias_for_columns=pointwise(normal(91, 2, 3, 5, 4), normal(92, 4, 3), normal(93, 4)),
    bias_for_rows=pointwise(normal(94, 3, 2, 5, 4), normal(95, 5, 2), normal(96, 5)),
    bias_for_images=pointwise(normal(97, 3, 4, 2, 5), normal(98, 3, 4), normal(99, 3)),
    bias_for_one_filter=pointwise(normal(100, 2, 3, 4, 5), normal(101, 1, 3), normal(102, 1)),
)
def test_pointwise_conv_values(student: Any, case: Call) -> None:
    """More, fewer and as many filters as channels, with and without a bias, in batches of any size."""
    assert_allclose(
        student.pointwise_conv(*case.args),
        case.expected,
        help="every pixel: F sums over its own C channel values, and for each filter its bias",
    )


@pytest.mark.task("pointwise_conv")
@cases(
    integers=pointwise(whole(103, 2, 3, 4, 5), whole(104, 6, 3), whole(105, 6)),
    float32=pointwise(quarters(106, 2, 4, 3, 5), quarters(107, 3, 4)),
    uint8=pointwise(image(108, 2, 3, 5, 4), image(109, 2, 3)),
)
def test_pointwise_conv_dtypes(student: Any, case: Call) -> None:
    """float64 comes back, whatever goes in."""
    assert_allclose(student.pointwise_conv(*case.args), case.expected, help="convert before you multiply")


@pytest.mark.task("pointwise_conv")
@pytest.mark.depends("test_pointwise_conv_values")
def test_pointwise_conv_keeps_its_arguments(student: Any) -> None:
    """Image, weights and bias are not changed."""
    assert_unchanged(student.echo.pointwise_conv(normal(110, 2, 3, 4, 5), normal(111, 3, 3), normal(112, 3)))


# ----------------------------------------------------------------------------------------------- depthwise_conv2d


@pytest.mark.task("depthwise_conv2d")
@pytest.mark.weight(3)
@cases(
    one_each=depthwise(normal(121, 2, 4, 5, 6), normal(122, 4, 1, 3, 2)),
    two_each=depthwise(normal(123, 1, 3, 6, 4), normal(124, 6, 1, 2, 3)),
    # As many kernels for each channel as channels: the order of the maps is all that can go wrong.
    as_many_each=depthwise(normal(125, 2, 3, 4, 5), normal(126, 9, 1, 3, 1)),
    one_channel=depthwise(normal(127, 3, 1, 4, 7), normal(128, 4, 1, 2, 5)),
    whole_image=depthwise(normal(129, 3, 2, 4, 5), normal(130, 2, 1, 4, 5)),
)
def test_depthwise_conv2d_values(student: Any, case: Call) -> None:
    """Every channel by itself, with one or more kernels each."""
    assert_allclose(student.depthwise_conv2d(*case.args), case.expected, help="map c*m + j belongs to channel c")


@pytest.mark.task("depthwise_conv2d")
@pytest.mark.weight(2)
@cases(
    stride=depthwise(normal(131, 2, 3, 8, 7), normal(132, 6, 1, 3, 2), stride=2),
    stride_pair=depthwise(normal(133, 1, 2, 9, 10), normal(134, 4, 1, 2, 3), stride=(3, 2)),
    padding=depthwise(normal(135, 2, 3, 4, 5), normal(136, 3, 1, 2, 3), padding=1),
    padding_pair=depthwise(normal(137, 2, 2, 5, 4), normal(138, 6, 1, 3, 2), padding=(0, 2)),
    both=depthwise(normal(139, 3, 2, 7, 9), normal(140, 4, 1, 2, 3), stride=(2, 3), padding=(2, 1)),
)
def test_depthwise_conv2d_stride_and_padding(student: Any, case: Call) -> None:
    """Windows further apart, zeros around the image."""
    assert_allclose(student.depthwise_conv2d(*case.args, **case.options), case.expected)


@pytest.mark.task("depthwise_conv2d")
@cases(
    integers=depthwise(whole(141, 2, 3, 4, 5), whole(142, 6, 1, 3, 2)),
    float32=depthwise(quarters(143, 2, 2, 5, 3), quarters(144, 2, 1, 2, 3), padding=1),
    uint8=depthwise(image(145, 1, 3, 4, 5), image(146, 3, 1, 2, 2)),
)
def test_depthwise_conv2d_dtypes(student: Any, case: Call) -> None:
    """float64 comes back, whatever goes in."""
    assert_allclose(
        student.depthwise_conv2d(*case.args, **case.options), case.expected, help="convert before you multiply"
    )


@pytest.mark.task("depthwise_conv2d")
@pytest.mark.depends("test_depthwise_conv2d_values")
@pytest.mark.parametrize("padding", [0, 1], ids=["plain", "padded"])
def test_depthwise_conv2d_keeps_its_arguments(student: Any, padding: int) -> None:
    """Neither the image nor the weights are changed."""
    assert_unchanged(student.echo.depthwise_conv2d(normal(147, 2, 3, 5, 4), normal(148, 6, 1, 2, 3), padding=padding))


# -------------------------------------------------------------------------------------------- depthwise_separable


@pytest.mark.task("depthwise_separable")
@pytest.mark.weight(3)
@cases(
    more=separable(normal(161, 2, 3, 5, 6), normal(162, 3, 1, 3, 3), normal(163, 4, 3)),
    # As many filters as channels: a transposed pw, or the steps in the wrong order, keep every shape.
    filters_as_channels=separable(normal(164, 1, 4, 6, 5), normal(165, 4, 1, 2, 2), normal(166, 4, 4)),
    one_channel=separable(normal(167, 3, 1, 4, 5), normal(168, 1, 1, 3, 3), normal(169, 5, 1)),
    one_tap=separable(normal(170, 3, 2, 4, 6), normal(171, 2, 1, 1, 1), normal(172, 3, 2)),
    one_filter=separable(normal(173, 2, 5, 4, 7), normal(174, 5, 1, 4, 4), normal(175, 1, 5)),
)
def test_depthwise_separable_values(student: Any, case: Call) -> None:
    """Depthwise, then pointwise, with nothing between them."""
    assert_allclose(student.depthwise_separable(*case.args), case.expected)


@pytest.mark.task("depthwise_separable")
@pytest.mark.weight(3)
@cases(
    stride=separable(normal(176, 2, 3, 9, 8), normal(177, 3, 1, 2, 2), normal(178, 4, 3), stride=2),
    stride_pair=separable(normal(179, 1, 2, 8, 11), normal(180, 2, 1, 3, 3), normal(181, 5, 2), stride=(2, 3)),
    padding=separable(normal(182, 2, 3, 4, 5), normal(183, 3, 1, 3, 3), normal(184, 3, 3), padding=1),
    padding_pair=separable(normal(185, 3, 2, 5, 4), normal(186, 2, 1, 3, 3), normal(187, 4, 2), padding=(2, 0)),
    both=separable(normal(188, 2, 4, 7, 9), normal(189, 4, 1, 3, 3), normal(190, 3, 4), stride=(3, 2), padding=(1, 2)),
)
def test_depthwise_separable_stride_and_padding(student: Any, case: Call) -> None:
    """Stride and padding act once, in the depthwise step."""
    assert_allclose(student.depthwise_separable(*case.args, **case.options), case.expected)


@pytest.mark.task("depthwise_separable")
@cases(
    integers=separable(whole(191, 2, 3, 4, 5), whole(192, 3, 1, 2, 2), whole(193, 4, 3)),
    float32=separable(quarters(194, 2, 2, 5, 4), quarters(195, 2, 1, 3, 3), quarters(196, 3, 2), padding=1),
    uint8=separable(image(197, 1, 3, 4, 5), image(198, 3, 1, 2, 2), image(199, 2, 3)),
)
def test_depthwise_separable_dtypes(student: Any, case: Call) -> None:
    """float64 comes back, whatever goes in."""
    assert_allclose(
        student.depthwise_separable(*case.args, **case.options), case.expected, help="convert before you multiply"
    )


@pytest.mark.task("depthwise_separable")
@pytest.mark.depends("test_depthwise_separable_values")
@pytest.mark.parametrize("padding", [0, 1], ids=["plain", "padded"])
def test_depthwise_separable_keeps_its_arguments(student: Any, padding: int) -> None:
    """Neither the image nor the weights are changed."""
    x, dw, pw = normal(200, 2, 3, 5, 4), normal(201, 3, 1, 3, 3), normal(202, 3, 3)
    assert_unchanged(student.echo.depthwise_separable(x, dw, pw, padding=padding))


# ------------------------------------------------------------------------------------------------ separable_ratio

SIZES = [(64, 3), (1, 1), (3, 7), (128, 5), (10, 2)]


@pytest.mark.task("separable_ratio")
@pytest.mark.weight(2)
@pytest.mark.parametrize("case", SIZES, ids=list("abcde"))
def test_separable_ratio_values(student: Any, case: tuple[int, int]) -> None:
    """Few and many filters, small and large kernels."""
    assert_allclose(student.separable_ratio(*case), oracle.separable_ratio(*case))
