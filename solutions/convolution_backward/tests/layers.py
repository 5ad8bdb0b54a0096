"""The layers that the hidden checks go back through, each with its gradients, computed once a session."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import oracle


class Backward(NamedTuple):
    """One call of ``conv2d_backward`` with its result, and the pixels that no window reaches."""

    args: tuple[np.ndarray, np.ndarray, np.ndarray]
    options: dict[str, Any]
    expected: tuple[np.ndarray, np.ndarray, np.ndarray]
    unreached: np.ndarray


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
    """Random uint8 of ``shape``, the upper half of its range: sums and differences wrap around."""
    return np.random.default_rng(seed).integers(100, 256, size=shape, dtype=np.uint8)


def backward(dout: np.ndarray, x: np.ndarray, w: np.ndarray, **options: Any) -> Backward:
    """``conv2d_backward(dout, x, w, **options)`` and what it gives."""
    expected = oracle.conv2d_backward(dout, x, w, **options)
    counts, _, _ = oracle.conv2d_backward(np.ones(dout.shape), x, np.ones(w.shape), **options)
    return Backward((dout, x, w), options, expected, counts == 0)


def layer(seed: int, x: tuple[int, ...], w: tuple[int, ...], make: Any = normal, **options: Any) -> Backward:
    """The same for random arrays: images of shape ``x``, weights of shape ``w`` and the ``dout`` that fits them."""
    s, p, d = (options.get(name, default) for name, default in (("stride", 1), ("padding", 0), ("dilation", 1)))
    (s_h, s_w), (p_h, p_w), (d_h, d_w) = ((a, a) if isinstance(a, int) else a for a in (s, p, d))
    h_out = oracle.out_size(x[2], w[2], s_h, p_h, d_h)
    w_out = oracle.out_size(x[3], w[3], s_w, p_w, d_w)
    return backward(make(seed, x[0], w[0], h_out, w_out), make(seed + 1, *x), make(seed + 2, *w), **options)


PLAIN = {
    "batch": layer(1, (2, 3, 6, 5), (4, 3, 3, 2)),
    "one_image": layer(4, (1, 2, 4, 7), (3, 2, 2, 3)),
    # As many filters as channels and a square kernel: swapped axes of w go unnoticed everywhere else.
    "filters_as_channels": layer(7, (2, 3, 4, 6), (3, 3, 2, 2)),
    "one_tap": layer(10, (2, 3, 3, 4), (4, 3, 1, 1)),
    "whole_image": layer(13, (3, 2, 4, 5), (5, 2, 4, 5)),
    "single_channel_and_filter": layer(16, (3, 1, 5, 4), (1, 1, 2, 3)),
}
STRIDE = {
    "both": layer(21, (1, 2, 8, 7), (3, 2, 3, 2), stride=2),
    "pair": layer(24, (2, 3, 8, 10), (2, 3, 3, 2), stride=(2, 3)),
    "rows_only": layer(27, (2, 1, 9, 6), (3, 1, 2, 4), stride=(3, 1)),
    "beyond_the_kernel": layer(30, (1, 2, 9, 8), (3, 2, 2, 1), stride=(3, 4)),
}
PADDING = {
    "both": layer(41, (2, 3, 4, 5), (4, 3, 3, 2), padding=1),
    "pair": layer(44, (1, 2, 5, 4), (3, 2, 2, 3), padding=(2, 1)),
    "columns_only": layer(47, (2, 1, 4, 3), (3, 1, 2, 4), padding=(0, 2)),
    "rows_only": layer(50, (1, 3, 3, 5), (2, 3, 4, 3), padding=(1, 0)),
    # Some windows see nothing but padding.
    "beyond_the_kernel": layer(53, (2, 1, 2, 3), (3, 1, 2, 1), padding=(3, 2)),
}
DILATION = {
    "both": layer(61, (2, 3, 7, 6), (4, 3, 3, 2), dilation=2),
    "pair": layer(64, (1, 2, 6, 9), (3, 2, 2, 3), dilation=(2, 3)),
    "rows_only": layer(67, (2, 1, 8, 5), (3, 1, 3, 2), dilation=(3, 1)),
}
EVERYTHING = {
    "numbers": layer(81, (2, 3, 8, 7), (4, 3, 3, 2), stride=2, padding=1, dilation=2),
    "pairs": layer(84, (2, 3, 9, 8), (4, 3, 3, 2), stride=(2, 3), padding=(1, 2), dilation=(3, 2)),
    "other_pairs": layer(87, (1, 2, 6, 12), (3, 2, 2, 3), stride=(1, 2), padding=(2, 0), dilation=(1, 4)),
}
BIAS = {
    "filters_as_columns": layer(101, (2, 3, 5, 6), (4, 3, 3, 3)),
    "filters_as_rows": layer(104, (2, 3, 6, 5), (4, 3, 3, 4)),
    "filters_as_images": layer(107, (3, 2, 4, 6), (3, 2, 3, 2)),
    "options": EVERYTHING["pairs"],
}
# Many pixels, or many weights, to perturb, and few products to compute: the formula needs a thousandth of the time.
MANY_PIXELS = layer(121, (1, 3, 110, 130), (2, 3, 2, 3), stride=(11, 13))
MANY_WEIGHTS = layer(124, (1, 70, 2, 4), (80, 70, 2, 3))
DTYPES = {
    "integers": layer(131, (2, 3, 4, 5), (4, 3, 3, 2), whole, padding=(0, 1)),
    "float32": layer(134, (1, 2, 5, 4), (3, 2, 2, 3), quarters, stride=2),
    "uint8": layer(137, (1, 2, 3, 4), (3, 2, 2, 3), image),
}
# No padding here: it would hand a contiguous copy of x to everyone.
LAYOUT = layer(141, (2, 3, 8, 5), (4, 3, 3, 2), stride=(1, 2))
DOUT, X, W = LAYOUT.args
COLUMN = normal(144, 2, 4, 6, 1)
STRETCHED = backward(np.repeat(COLUMN, 2, axis=3), X, W, **LAYOUT.options)


def spaced(a: np.ndarray) -> np.ndarray:
    """An array twice as wide, of which every other column, from the last one backwards, is ``a``."""
    wide = np.full((*a.shape[:-1], 2 * a.shape[-1]), 7.0)
    wide[..., ::-2] = a
    return wide
