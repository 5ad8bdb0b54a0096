"""Items on what a layer costs: parameters, multiplications, memory."""

from __future__ import annotations

from random import Random

from course.technical.formulas import conv_macs, conv_out, conv_params, separable_ratio
from course.technical.item import Draft, Generator, whole


def parameters(rng: Random) -> Draft:
    """The parameters of a grouped convolution."""
    g = rng.choice((1, 2, 4, 8))
    c, f, k, bias = g * rng.choice((4, 8, 12, 16)), g * rng.choice((6, 8, 16, 20)), rng.choice((1, 3, 5)), True
    right = conv_params(c, f, k, g, bias)
    return Draft(
        f"How many parameters has a {k}x{k} convolution from {c} to {f} channels with groups={g} and a bias?",
        right,
        [
            (conv_params(c, f, k, 1, bias), "ignores the groups"),
            (conv_params(c, f, k, g, False) + 1, "counts one bias in all; there is one per filter"),
            (conv_params(c, f, k, g, False), "forgets the biases"),
            (conv_params(c, f, k, g, False) + c, "counts a bias per input channel"),
            (conv_params(c, f, k, g, False) // g + f, "divides filters by the groups as well"),
            (conv_params(c, f, 1, g, False) * k + f, "counts k weights of k² per kernel slice"),
        ],
        f"Each filter sees {c}/{g} = {c // g} channels: {f}·{c // g}·{k}² = {conv_params(c, f, k, g, False):,} "
        f"weights, and {f} biases: {right:,}.",
        {"c": c, "f": f, "k": k, "g": g},
    )


def multiplications(rng: Random) -> Draft:
    """The multiply-accumulates of a strided layer."""
    c, f, k, s = rng.choice((3, 16, 32, 64)), rng.choice((16, 32, 64, 128)), rng.choice((3, 5, 7)), rng.choice((2, 3))
    n, p = rng.randint(24, 128), k // 2
    out = conv_out(n, k, s, p)
    right = conv_macs(c, f, k, out, out)
    return Draft(
        f"A {k}x{k} convolution with stride {s} and padding {p} takes {c} channels of {n}x{n} to {f}. "
        "How many multiply-accumulates, without the bias?",
        right,
        [
            (conv_macs(c, f, k, n, n), "uses the input's size; the kernel is applied once per output cell"),
            (2 * right, "counts multiplication and addition apart"),
            (conv_params(c, f, k, bias=False), "counts weights, each of which is used at every position"),
            (right // c, "forgets the sum over input channels"),
            (right // k, "counts k products of k² per window"),
        ],
        f"The output side is floor(({n} + 2·{p} - {k})/{s}) + 1 = {out}. {out}²·{f}·{c}·{k}² = {right:,}.",
        {"c": c, "f": f, "k": k, "s": s, "p": p, "n": n},
    )


def separable(rng: Random) -> Draft:
    """The cost of a separable convolution as a share."""
    f, k, c = rng.choice((16, 24, 32, 48, 64, 96, 128, 160)), rng.choice((3, 5, 7)), rng.choice((16, 32, 64))
    right = separable_ratio(f, k)
    return Draft(
        f"A {k}x{k} convolution from {c} to {f} channels is replaced by a depthwise-separable one. "
        "Which share of the multiplications remains?",
        right,
        [
            (1 / k**2, "counts the pointwise half as free in the ratio: 1/k² only"),
            (1 / f, "counts the depthwise half only: 1/F"),
            (1 / f + 1 / k, "takes k for k²"),
            (1 / c + 1 / k**2, "divides by the input channels"),
            (1 / (f * k**2), "multiplies the two halves; they are added"),
        ],
        f"(C·k² + C·F) / (C·F·k²) = 1/F + 1/k² = 1/{f} + 1/{k * k} = {right:.4f}; {c}, the input's channels, cancels.",
        {"f": f, "k": k, "c": c},
    )


def stacked(rng: Random) -> Draft:
    """A stack of 3x3 layers against one large kernel."""
    m, c = rng.randint(2, 5), rng.choice((16, 24, 32, 48, 64, 96, 128, 256))
    k = 2 * m + 1
    stack, large = 9 * m * c * c, k * k * c * c
    return Draft(
        f"{m} stacked 3x3 convolutions, {c} channels throughout, no biases: which single kernel sees as much, "
        "and how many weights have stack and single kernel?",
        (k, stack, large),
        [
            ((3 * m, stack, 9 * m * m * c * c), "adds up kernel sizes; each further layer adds 2 cells, not 3"),
            ((k, 9 * c * c, large), "counts one layer of the stack"),
            ((k, 9 * m * c, k * k * c), "counts the channels once; a layer has C inputs for each of its C filters"),
            ((k, large, stack), "swaps the two: the stack is the smaller one"),
        ],
        f"The field is 1 + 2·{m} = {k}. Stack: {m}·9·{c}² = {stack:,}. Single: {k}²·{c}² = {large:,}.",
        {"m": m, "c": c},
    )


def columns(rng: Random) -> Draft:
    """The matrix that im2col makes."""
    c, k, s, n = rng.choice((3, 4, 8, 16)), rng.choice((2, 3, 5)), rng.randint(1, 3), rng.randint(12, 40)
    p = rng.randint(0, k // 2)
    out = conv_out(n, k, s, p)
    right = (c * k * k, out * out, c * k * k * out * out / (c * n * n))
    rows, length, factor = right
    return Draft(
        f"im2col unfolds one image of {c} channels and {n}x{n} cells for kernel {k}, stride {s} and padding {p}. "
        "Which matrix (rows C·k·k, a column per window), and how many times the image's memory?",
        right,
        [
            ((rows, n * n, float(k * k)), "makes a column per input cell"),
            ((k * k, length, factor / c), "forgets that a window spans all channels"),
            ((rows, out, rows * out / (c * n * n)), "counts the windows along one axis only"),
            ((length, rows, factor), "swaps rows and columns"),
        ],
        f"{c}·{k}² = {rows} rows; {out} windows per side, so {out}² = {length:,} columns; "
        f"{rows}·{length:,} / ({c}·{n}²) = {factor:.2f}.",
        {"c": c, "k": k, "s": s, "p": p, "n": n},
    )


def _kernel_and_weights(value: tuple[int, int, int]) -> str:
    return f"{value[0]}x{value[0]}; {value[1]:,} against {value[2]:,}"


def _matrix(value: tuple[int, int, float]) -> str:
    return f"{value[0]:,} x {value[1]:,}, {value[2]:.2f} times"


def _share(value: float) -> str:
    return f"{100 * value:.2f} %"


GENERATORS = (
    Generator("conv-parameters", "conv", "junior", parameters, whole),
    Generator("conv-macs", "systems", "mid", multiplications, whole),
    Generator("separable-share", "conv", "mid", separable, _share),
    Generator("stacked-kernels", "theory", "junior", stacked, _kernel_and_weights),
    Generator("im2col-matrix", "systems", "senior", columns, _matrix),
)
