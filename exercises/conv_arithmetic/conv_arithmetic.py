"""The arithmetic of convolution: how large, how far, how many, before a single pixel is computed.

Letters: n cells along one axis of the image, k taps of the kernel (or the width of a pooling window), stride s,
padding p on either side, dilation d. Height and width follow the same rules, each with its own numbers, so the first
four functions look at one axis. Every result is an int, or a tuple of two, never a float.
"""

from __future__ import annotations

from collections.abc import Sequence


def conv_out(n: int, k: int, s: int = 1, p: int = 0, d: int = 1) -> int:
    """The output's size of a convolution along one axis.

    ::

        size = floor((n + 2p - d*(k - 1) - 1) / s) + 1

    Cells left over at the end, too few for another whole window, are ignored.

    Args:
        n: cells of the image, 1 or more.
        k: taps of the kernel, 1 or more.
        s: distance between two windows, 1 or more.
        p: cells of padding on each side, so 2p in all.
        d: distance between neighbouring taps; 1 leaves no gaps. k taps cover d*(k - 1) + 1 cells, not d*k.

    Returns:
        The size, an int of 1 or more.

    Raises:
        ValueError: the size would be less than 1, because the kernel covers more than the padded image.

    Example:
        >>> conv_out(5, 3)
        3
        >>> conv_out(8, 3, s=2, p=1)
        4
        >>> conv_out(7, 3, d=2)
        3

        The second: (8 + 2 - 3) / 2 + 1 = 4.5, rounded down. The third: taps 0, 2 and 4 cover 5 cells.
    """
    raise NotImplementedError("conv_arithmetic: conv_out")


def pool_out(n: int, k: int, s: int | None = None, p: int = 0, ceil_mode: bool = False) -> int:
    """The output's size of a pooling layer along one axis.

    ::

        ceil_mode=False    size = floor((n + 2p - k) / s) + 1
        ceil_mode=True     size = ceil((n + 2p - k) / s) + 1,  but one less if (size - 1)*s >= n + p

    The condition is the last-window rule: with ceil_mode the last window may overhang the end, but it must start
    inside the image or the padding before it, never in the padding after it. Window i starts at cell i*s - p.

    Args:
        n: cells of the image, 1 or more.
        k: cells of the window, 1 or more.
        s: distance between two windows; None means k, so that windows lie side by side.
        p: cells of padding on each side, at most k/2 (what you do with more is up to you).
        ceil_mode: whether cells left over at the end get a window, too.

    Returns:
        The size, an int of 1 or more. A window larger than the padded image is no special case: the formula decides.
        So ``pool_out(3, 4, s=2)`` raises, and ``pool_out(3, 4, s=2, ceil_mode=True)`` is ceil(-1/2) + 1 = 1.

    Raises:
        ValueError: the size would be less than 1.

    Example:
        >>> pool_out(7, 2)
        3
        >>> pool_out(7, 2, ceil_mode=True)
        4
        >>> pool_out(3, 2, p=1, ceil_mode=True)
        2

        The third: ceil((3 + 2 - 2) / 2) + 1 = 3, but window 2 would start at 2*2 - 1 = 3, and there is no cell 3.
    """
    raise NotImplementedError("conv_arithmetic: pool_out")


def same_pad(n: int, k: int, s: int = 1, d: int = 1) -> tuple[int, int]:
    """The padding before and after an axis that makes a convolution's output ceil(n / s) long ("SAME").

    It is the smallest padding that does so. With stride 1 the output is as long as the image; with stride s it is
    ceil(n / s), and not n.

    ::

        total = (ceil(n / s) - 1)*s + d*(k - 1) + 1 - n,  or 0 if that is negative

    Args:
        n, k, s, d: cells, taps, stride and dilation, as in `conv_out`.

    Returns:
        (before, after), a tuple of two ints, none of them negative; they sum to the total. An even total is split
        in halves; of an odd one, the pixel too many goes after.

    Example:
        >>> same_pad(5, 3)
        (1, 1)
        >>> same_pad(6, 3, s=2)
        (0, 1)
        >>> same_pad(6, 1, s=3)
        (0, 0)

        The second: ceil(6 / 2) = 3 windows need 2*2 + 3 = 7 cells, one more than there are.
        The third: 2 windows need 3 + 1 = 4 of the 6 cells, so there is nothing to add.
    """
    raise NotImplementedError("conv_arithmetic: same_pad")


def receptive_field(layers: Sequence[tuple[int, int, int]]) -> tuple[int, int]:
    """How much of the input one output of a stack of layers sees, along one axis.

    Args:
        layers: the layers as (k, s, d), kernel, stride and dilation, the one next to the input first; a list or a
            tuple. Pooling layers are written the same way. Padding does not matter here. It is not changed.

    Returns:
        (rf, jump), a tuple of two ints:

            rf      from the first to the last input cell that one output depends on, both included;
                    cells skipped in between (dilation, or a stride larger than the kernel) count
            jump    distance, in input cells, between the fields of two neighbouring outputs

        Without layers an output is its input: (1, 1).

    Example:
        Two 3-tap layers see 5 cells. With stride 2 in the first, the second layer's taps lie 2 input cells apart:
        3 + 2*2 = 7. With stride 2 in the second instead, the field stays 5; only the jump grows.

        >>> receptive_field([(3, 1, 1), (3, 1, 1)])
        (5, 1)
        >>> receptive_field([(3, 2, 1), (3, 1, 1)])
        (7, 2)
        >>> receptive_field([(3, 1, 1), (3, 2, 1)])
        (5, 2)
    """
    raise NotImplementedError("conv_arithmetic: receptive_field")


def conv_params(c_in: int, c_out: int, k: int, groups: int = 1, bias: bool = True) -> int:
    """The number of weights and biases of a convolution layer with k x k kernels.

    Args:
        c_in: channels of the input.
        c_out: channels of the output: the number of filters.
        k: height and width of the kernel.
        groups: into how many equal parts the channels are split; a filter sees the c_in/groups channels of its part.
        bias: whether each filter has a bias, one number.

    Returns:
        The count, an int.

    Raises:
        ValueError: groups does not divide c_in, or does not divide c_out.

    Example:
        >>> conv_params(3, 64, 3)
        1792
        >>> conv_params(4, 6, 3, groups=2, bias=False)
        108

        The first: 64 filters of 3*3*3 weights and a bias. The second: 6 filters of 2*3*3 weights.
    """
    raise NotImplementedError("conv_arithmetic: conv_params")


def conv_macs(c_in: int, c_out: int, k: int, h_out: int, w_out: int, groups: int = 1) -> int:
    """The multiply-accumulate operations of a convolution layer with k x k kernels, for one image.

    One multiplication and the addition that goes with it count as one, together. The bias is left out.

    Args:
        c_in, c_out, k, groups: as in `conv_params`.
        h_out, w_out: height and width of the output, each 1 or more.

    Returns:
        The count, an int.

    Raises:
        ValueError: groups does not divide c_in, or does not divide c_out.

    Example:
        >>> conv_macs(2, 3, 3, 4, 5)
        1080

        3*4*5 = 60 outputs, each a dot product over 2 channels of 3*3 weights: 60 * 18.
    """
    raise NotImplementedError("conv_arithmetic: conv_macs")
