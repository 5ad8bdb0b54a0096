"""The checks that decide: rectangular everything, sizes that don't divide, random kernels without symmetry."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import oracle
import pytest

from grader.testing import assert_allclose, assert_unchanged


class Pad(NamedTuple):
    """One call of ``pad2d`` with its result."""

    args: tuple[Any, ...]
    expected: np.ndarray


class Slide(NamedTuple):
    """One call of ``cross_correlate2d`` with its result."""

    args: tuple[np.ndarray, np.ndarray]
    expected: np.ndarray


class Layer(NamedTuple):
    """One call of ``conv2d`` with its result."""

    args: tuple[np.ndarray, ...]
    options: dict[str, Any]
    expected: np.ndarray


def normal(seed: int, *shape: int) -> np.ndarray:
    """Random float64 of ``shape``."""
    return np.random.default_rng(seed).normal(size=shape)


def whole(seed: int, *shape: int) -> np.ndarray:
    """Random int64 in -9 … 9 of ``shape``."""
    return np.random.default_rng(seed).integers(-9, 10, size=shape)


def quarters(seed: int, *shape: int) -> np.ndarray:
    """Random float32 of ``shape`` in quarters: their products sum exactly, even in float32."""
    return (whole(seed, *shape) / 4).astype(np.float32)


def image(seed: int, *shape: int) -> np.ndarray:
    """Random uint8 of ``shape``, the full range of a stored picture."""
    return np.random.default_rng(seed).integers(0, 256, size=shape, dtype=np.uint8)


def pad(x: np.ndarray, *rest: Any) -> Pad:
    """``pad2d(x, *rest)`` and what it gives."""
    return Pad((x, *rest), oracle.pad2d(x, *rest))


def slide(img: np.ndarray, k: np.ndarray) -> Slide:
    """``cross_correlate2d(img, k)`` and what it gives."""
    return Slide((img, k), oracle.cross_correlate2d(img, k))


def layer(x: np.ndarray, w: np.ndarray, b: np.ndarray | None = None, **options: Any) -> Layer:
    """``conv2d(x, w, b, **options)`` and what it gives; without a bias the call leaves ``b`` out."""
    return Layer((x, w) if b is None else (x, w, b), options, oracle.conv2d(x, w, b, **options))


def cases(**named: Any) -> pytest.MarkDecorator:
    """Parametrise ``case`` over ``named``."""
    return pytest.mark.parametrize("case", list(named.values()), ids=list(named))


# ---------------------------------------------------------------------------------------------------------- pad2d


@pytest.mark.task("pad2d")
@pytest.mark.weight(3)
@cases(
    four=pad(normal(1, 2, 3, 4, 5), (1, 2, 3, 4)),
    above_and_left=pad(normal(2, 3, 2, 4, 1), (2, 0, 1, 0)),
    below_and_right=pad(normal(3, 1, 2, 3, 4), (0, 1, 0, 3)),
    rows=pad(normal(4, 2, 1, 3, 5), (1, 3, 0, 0)),
)
def test_pad2d_sides(student: Any, case: Pad) -> None:
    """Every combination of sides, zeros by default."""
    assert_allclose(student.pad2d(*case.args), case.expected)


@pytest.mark.task("pad2d")
@cases(
    negative=pad(normal(5, 2, 3, 2, 4), (1, 2, 0, 3), -1.25),
    infinite=pad(normal(6, 1, 2, 3, 4), (1, 0, 2, 1), float("-inf")),
    whole=pad(normal(40, 2, 1, 3, 2), (0, 1, 2, 1), 3),
)
def test_pad2d_other_values(student: Any, case: Pad) -> None:
    """A border of any value, the image unharmed."""
    assert_allclose(student.pad2d(*case.args), case.expected)


@pytest.mark.task("pad2d")
@cases(
    integers=pad(whole(7, 2, 3, 2, 4), (2, 1, 0, 1), -0.5),
    float32=pad(quarters(8, 3, 2, 4, 2), (1, 0, 1, 2)),
    uint8=pad(image(9, 2, 1, 3, 2), (0, 1, 2, 0), -1.0),
)
def test_pad2d_dtypes(student: Any, case: Pad) -> None:
    """float64 comes back, whatever goes in."""
    assert_allclose(student.pad2d(*case.args), case.expected)


@pytest.mark.task("pad2d")
@pytest.mark.depends("test_pad2d_sides")
def test_pad2d_no_border(student: Any) -> None:
    """Nothing to add gives the same images."""
    x = normal(10, 2, 3, 4, 5)
    assert_allclose(student.pad2d(x, (0, 0, 0, 0)), x)


@pytest.mark.task("pad2d")
@pytest.mark.depends("test_pad2d_sides")
def test_pad2d_keeps_its_argument(student: Any) -> None:
    """The caller's array is not changed."""
    assert_unchanged(student.echo.pad2d(normal(11, 2, 3, 4, 5), (1, 2, 2, 1), 2.5))


# ---------------------------------------------------------------------------------------------- cross_correlate2d


@pytest.mark.task("cross_correlate2d")
@pytest.mark.weight(3)
@cases(
    tall=slide(normal(21, 6, 5), normal(22, 3, 2)),
    wide=slide(normal(23, 5, 8), normal(24, 2, 3)),
    high_image=slide(normal(25, 9, 4), normal(26, 2, 4)),
)
def test_cross_correlate2d_values(student: Any, case: Slide) -> None:
    """Rectangular images under rectangular kernels."""
    assert_allclose(student.cross_correlate2d(*case.args), case.expected)


@pytest.mark.task("cross_correlate2d")
@cases(
    one_tap=slide(normal(27, 3, 5), np.array([[-2.5]])),
    column=slide(normal(28, 5, 3), normal(29, 4, 1)),
    whole_image=slide(normal(30, 3, 4), normal(31, 3, 4)),
)
def test_cross_correlate2d_extreme_kernels(student: Any, case: Slide) -> None:
    """The smallest, the thinnest and the largest kernel."""
    assert_allclose(student.cross_correlate2d(*case.args), case.expected)


@pytest.mark.task("cross_correlate2d")
@cases(
    integers=slide(whole(32, 5, 6), whole(33, 3, 2)),
    float32=slide(quarters(34, 4, 6), quarters(35, 2, 3)),
    uint8_under_float=slide(image(36, 5, 4), normal(37, 2, 3)),
)
def test_cross_correlate2d_dtypes(student: Any, case: Slide) -> None:
    """float64 comes back, whatever goes in."""
    assert_allclose(student.cross_correlate2d(*case.args), case.expected)


@pytest.mark.task("cross_correlate2d")
@pytest.mark.depends("test_cross_correlate2d_values")
def test_cross_correlate2d_keeps_its_arguments(student: Any) -> None:
    """Neither the image nor the kernel is changed."""
    assert_unchanged(student.echo.cross_correlate2d(normal(38, 5, 6), normal(39, 2, 3)))


# --------------------------------------------------------------------------------------------------------- conv2d


@pytest.mark.task("conv2d")
@pytest.mark.weight(3)
@cases(
    batch=layer(normal(41, 2, 3, 6, 5), normal(42, 5, 3, 3, 2)),
    one_image=layer(normal(43, 1, 2, 4, 7), normal(44, 3, 2, 2, 3)),
    # As many filters as channels: swapping the two axes of w goes unnoticed everywhere else.
    filters_as_channels=layer(normal(45, 2, 3, 4, 6), normal(46, 3, 3, 2, 4)),
)
def test_conv2d_values(student: Any, case: Layer) -> None:
    """Batch, channels and filters, without any option."""
    assert_allclose(student.conv2d(*case.args), case.expected)


@pytest.mark.task("conv2d")
@cases(
    one_tap=layer(normal(47, 2, 3, 4, 5), normal(48, 4, 3, 1, 1)),
    column=layer(normal(49, 3, 2, 6, 4), normal(50, 5, 2, 4, 1)),
    whole_image=layer(normal(51, 2, 3, 4, 5), normal(52, 6, 3, 4, 5)),
    single_channel_and_filter=layer(normal(53, 3, 1, 5, 4), normal(54, 1, 1, 2, 3)),
)
def test_conv2d_extreme_shapes(student: Any, case: Layer) -> None:
    """The smallest, the thinnest and the largest kernel, one channel, one filter."""
    assert_allclose(student.conv2d(*case.args), case.expected)


@pytest.mark.task("conv2d")
@pytest.mark.weight(2)
@cases(
    # F == W': a bare `y + b` broadcasts along the width without a word.
    filters_as_columns=layer(normal(55, 2, 3, 5, 6), normal(56, 4, 3, 3, 3), normal(57, 4)),
    filters_as_rows=layer(normal(58, 2, 3, 6, 5), normal(59, 4, 3, 3, 4), normal(60, 4)),
    filters_as_images=layer(normal(61, 3, 2, 4, 6), normal(62, 3, 2, 3, 2), normal(63, 3)),
    one_filter=layer(normal(64, 2, 3, 4, 3), normal(65, 1, 3, 2, 2), normal(66, 1)),
)
def test_conv2d_bias(student: Any, case: Layer) -> None:
    """One bias for each filter, whichever axis has the same length."""
    assert_allclose(student.conv2d(*case.args), case.expected)


@pytest.mark.task("conv2d")
@pytest.mark.weight(2)
@cases(
    both=layer(normal(67, 1, 2, 8, 7), normal(68, 3, 2, 3, 2), stride=2),
    pair=layer(normal(69, 2, 3, 8, 10), normal(70, 2, 3, 3, 2), stride=(2, 3)),
    rows_only=layer(normal(71, 2, 1, 9, 6), normal(72, 3, 1, 2, 4), stride=(3, 1)),
    beyond_the_kernel=layer(normal(73, 1, 2, 9, 8), normal(74, 3, 2, 2, 1), stride=(3, 4)),
)
def test_conv2d_stride(student: Any, case: Layer) -> None:
    """Windows further apart, with a remainder at the end."""
    assert_allclose(student.conv2d(*case.args, **case.options), case.expected)


@pytest.mark.task("conv2d")
@pytest.mark.weight(2)
@cases(
    both=layer(normal(75, 2, 3, 4, 5), normal(76, 4, 3, 3, 2), padding=1),
    pair=layer(normal(77, 1, 2, 5, 4), normal(78, 3, 2, 2, 3), padding=(2, 1)),
    columns_only=layer(normal(79, 2, 1, 4, 3), normal(80, 3, 1, 2, 4), padding=(0, 2)),
)
def test_conv2d_padding(student: Any, case: Layer) -> None:
    """Zeros around the image, on all four sides."""
    assert_allclose(student.conv2d(*case.args, **case.options), case.expected)


@pytest.mark.task("conv2d")
@pytest.mark.weight(2)
@cases(
    both=layer(normal(81, 2, 3, 7, 6), normal(82, 4, 3, 3, 2), dilation=2),
    pair=layer(normal(83, 1, 2, 6, 9), normal(84, 3, 2, 2, 3), dilation=(2, 3)),
    rows_only=layer(normal(85, 2, 1, 8, 5), normal(86, 3, 1, 3, 2), dilation=(3, 1)),
)
def test_conv2d_dilation_on_both_axes(student: Any, case: Layer) -> None:
    """Gaps between the taps."""
    assert_allclose(student.conv2d(*case.args, **case.options), case.expected)


@pytest.mark.task("conv2d")
@pytest.mark.weight(2)
@cases(
    numbers=layer(normal(87, 2, 3, 8, 7), normal(88, 4, 3, 3, 2), normal(89, 4), stride=2, padding=1, dilation=2),
    pairs=layer(
        normal(90, 2, 3, 9, 8), normal(91, 4, 3, 3, 2), normal(92, 4), stride=(2, 3), padding=(1, 2), dilation=(3, 2)
    ),
    other_pairs=layer(
        normal(93, 1, 2, 6, 12), normal(94, 3, 2, 2, 3), normal(95, 3), stride=(1, 2), padding=(2, 0), dilation=(1, 4)
    ),
)
def test_conv2d_everything(student: Any, case: Layer) -> None:
    """All options together."""
    assert_allclose(student.conv2d(*case.args, **case.options), case.expected)


@pytest.mark.task("conv2d")
@cases(
    integers=layer(whole(96, 2, 3, 5, 6), whole(97, 4, 3, 2, 4), whole(98, 4)),
    float32=layer(quarters(99, 2, 3, 4, 5), quarters(100, 4, 3, 3, 2)),
    uint8_under_float=layer(image(102, 1, 3, 5, 4), normal(103, 2, 3, 2, 3)),
)
def test_conv2d_dtypes(student: Any, case: Layer) -> None:
    """float64 comes back, whatever goes in."""
    assert_allclose(student.conv2d(*case.args, **case.options), case.expected)


@pytest.mark.task("conv2d")
@pytest.mark.depends("test_conv2d_values")
@cases(
    plain=layer(normal(104, 2, 3, 5, 6), normal(105, 4, 3, 3, 2), normal(106, 4)),
    padded=layer(normal(107, 2, 3, 5, 4), normal(108, 3, 3, 2, 3), normal(109, 3), stride=2, padding=1),
)
def test_conv2d_keeps_its_arguments(student: Any, case: Layer) -> None:
    """Image, weights and bias are not changed."""
    assert_unchanged(student.echo.conv2d(*case.args, **case.options))
