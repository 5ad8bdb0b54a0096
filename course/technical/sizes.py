"""Items on sizes along one axis: convolution, pooling, their inverses and windows."""

from __future__ import annotations

import math
from random import Random

from course.technical.formulas import adaptive_window, conv_out, extent, pool_out, transposed_out
from course.technical.item import Draft, Generator, whole


def conv_size(rng: Random) -> Draft:
    """The output size of a convolution."""
    n, k, s, p, d = rng.randint(16, 96), rng.randint(2, 7), rng.randint(1, 3), rng.randint(0, 3), rng.randint(1, 2)
    span = n + 2 * p - extent(k, d)
    right = conv_out(n, k, s, p, d)
    return Draft(
        f"A convolution has kernel {k}, stride {s}, padding {p} and dilation {d}. "
        f"How many cells per side does it make of an image with {n}?",
        right,
        [
            (math.ceil(span / s) + 1, "rounds up; cells that do not fill a step are dropped"),
            ((n + 2 * p - d * k) // s + 1, "takes d·k for the extent of the dilated kernel, which is d(k-1)+1"),
            (span // s, "forgets the +1 for the first position"),
            ((n + p - extent(k, d)) // s + 1, "counts the padding once, though it is on both sides"),
            ((n + 2 * p - k) // s + 1, "ignores the dilation"),
        ],
        f"The kernel covers {d}·({k}-1)+1 = {extent(k, d)} cells. "
        f"floor(({n} + 2·{p} - {extent(k, d)}) / {s}) + 1 = floor({span}/{s}) + 1 = {right}.",
        {"n": n, "k": k, "s": s, "p": p, "d": d},
    )


def pool_size(rng: Random) -> Draft:
    """The output size of pooling that rounds up."""
    k = rng.randint(2, 4)
    n, s, p = rng.randint(5, 60), rng.randint(2, 4), rng.randint(0, k // 2)
    steps = math.ceil((n + 2 * p - k) / s)
    right = pool_out(n, k, s, p, ceil_mode=True)
    dropped = right == steps
    last = (
        f"The last of the {steps + 1} windows would start at {steps * s}, beyond the {n + p} cells of input and left "
        f"padding, so it is left out: {right}."
        if dropped
        else f"The last window starts at {steps * s}, before cell {n + p}, so it counts: {right}."
    )
    return Draft(
        f"A max pool has window {k}, stride {s}, padding {p} and ceil_mode=True. "
        f"How many cells per side does it make of {n}?",
        right,
        [
            (steps + 1, "keeps a last window that starts in the right padding"),
            (pool_out(n, k, s, p), "rounds down, as without ceil_mode"),
            (steps, "forgets the +1 for the first window"),
            (math.ceil((n + p - k) / s) + 1, "counts the padding once"),
            (math.ceil((n + 2 * p) / s) + 1, "does not take the window off before dividing"),
            (n + 2 * p - k + 1, "takes stride 1"),
        ],
        f"ceil(({n} + 2·{p} - {k}) / {s}) + 1 = {steps + 1}. {last}",
        {"n": n, "k": k, "s": s, "p": p},
    )


def transposed_size(rng: Random) -> Draft:
    """The output size of a transposed convolution."""
    n, k, s = rng.randint(4, 40), rng.randint(2, 5), rng.randint(2, 3)
    p, extra = rng.randint(0, (k - 1) // 2), rng.randint(1, s - 1)
    right = transposed_out(n, k, s, p, extra=extra)
    return Draft(
        f"A transposed convolution has kernel {k}, stride {s}, padding {p} and output_padding {extra}. "
        f"How many cells per side does it make of {n}?",
        right,
        [
            (right - extra, "drops the output padding"),
            (right + extra, "adds the output padding on both sides"),
            (n * s, "takes it for upsampling by the stride"),
            (right + p, "takes the padding off once"),
            (conv_out(n, k, s, p), "uses the formula of the ordinary convolution"),
        ],
        f"({n}-1)·{s} - 2·{p} + ({k}-1) + {extra} + 1 = {right}.",
        {"n": n, "k": k, "s": s, "p": p, "extra": extra},
    )


def same_padding(rng: Random) -> Draft:
    """The padding that keeps the size."""
    n, k, d = rng.randint(16, 64), rng.choice((3, 5, 7, 9, 11)), rng.randint(1, 4)
    right = d * (k - 1) // 2
    return Draft(
        f"Which padding keeps a side of {n} for kernel {k}, stride 1 and dilation {d}?",
        right,
        [
            ((k - 1) // 2, "ignores the dilation"),
            (d * (k - 1), "puts what both sides need together on each side"),
            ((d * k + 1) // 2, "takes d·k for the extent of the dilated kernel"),
            (0, "does not pad, so the map shrinks"),
            (right + 1, "pads for an even extent"),
        ],
        f"The extent is {d}·({k}-1)+1 = {extent(k, d)}; without padding {extent(k, d) - 1} cells are lost, "
        f"half of them on each side: {right}.",
        {"n": n, "k": k, "d": d},
    )


def adaptive_bounds(rng: Random) -> Draft:
    """The window of adaptive average pooling."""
    o = rng.randint(2, 7)
    n = rng.randint(o + 1, 24)
    i = rng.randrange(o)
    right = adaptive_window(i, n, o)
    first, last = right
    size = n // o
    return Draft(
        f"Adaptive average pooling makes {o} cells of {n}. Which inputs does output {i} (from 0) average over?",
        right,
        [
            ((i * size, (i + 1) * size), "takes windows of one fixed size, which leaves the rest out"),
            ((first, (i + 1) * n // o), "rounds the end down; it must be rounded up"),
            ((-(-i * n // o), last), "rounds the start up; it must be rounded down"),
            ((round(i * n / o), round((i + 1) * n / o)), "rounds both ends to the nearest"),
            ((i * -(-n // o), min(n, (i + 1) * -(-n // o))), "takes windows of one fixed size, rounded up"),
            ((first, last + 1), "counts the cell at the end, which is excluded"),
        ],
        f"Start floor({i}·{n}/{o}) = {first}, end ceil({i + 1}·{n}/{o}) = {last}, excluded.",
        {"n": n, "o": o, "i": i},
    )


def _window(bounds: tuple[int, int]) -> str:
    return f"[{bounds[0]}, {bounds[1]})"


GENERATORS = (
    Generator("conv-size", "arithmetic", "junior", conv_size, whole),
    Generator("pool-size-ceil", "pooling", "mid", pool_size, whole),
    Generator("transposed-size", "arithmetic", "mid", transposed_size, whole),
    Generator("same-padding", "arithmetic", "junior", same_padding, whole),
    Generator("adaptive-window", "pooling", "senior", adaptive_bounds, _window),
)
