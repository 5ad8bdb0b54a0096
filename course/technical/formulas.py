"""The closed forms behind the technical tests and the questions' numbers; our tests compare each with torch.

Letters: n cells along an axis, k taps of the kernel, stride s, padding p, dilation d.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence


def extent(k: int, d: int = 1) -> int:
    """Cells that a dilated kernel covers."""
    return d * (k - 1) + 1


def conv_out(n: int, k: int, s: int = 1, p: int = 0, d: int = 1) -> int:
    """Cells along one axis after a convolution."""
    return (n + 2 * p - extent(k, d)) // s + 1


def pool_out(n: int, k: int, s: int, p: int = 0, ceil_mode: bool = False) -> int:
    """Cells along one axis after pooling; a last window must start inside the input or the padding before it."""
    if not ceil_mode:
        return conv_out(n, k, s, p)
    windows = math.ceil((n + 2 * p - k) / s) + 1
    return windows - 1 if (windows - 1) * s >= n + p else windows


def transposed_out(n: int, k: int, s: int = 1, p: int = 0, d: int = 1, extra: int = 0) -> int:
    """Cells along one axis after a transposed convolution; ``extra`` is the output padding."""
    return (n - 1) * s + extent(k, d) - 2 * p + extra


def conv_params(c: int, f: int, k: int, groups: int = 1, bias: bool = True) -> int:
    """Parameters of a convolution from ``c`` to ``f`` channels."""
    return f * (c // groups) * k * k + (f if bias else 0)


def conv_macs(c: int, f: int, k: int, h: int, w: int, groups: int = 1) -> int:
    """Multiply-accumulates of a convolution whose output has ``h`` by ``w`` cells."""
    return h * w * conv_params(c, f, k, groups, bias=False)


def receptive_field(layers: Iterable[tuple[int, int, int]]) -> tuple[int, int]:
    """Field and jump after layers of (kernel, stride, dilation)."""
    field = jump = 1
    for k, s, d in layers:
        field += (k - 1) * d * jump
        jump *= s
    return field, jump


def separable_ratio(f: int, k: int) -> float:
    """Weights of a depthwise-separable convolution to ``f`` channels as a share of the standard one's."""
    return 1 / f + 1 / (k * k)


def adaptive_window(i: int, n: int, o: int) -> tuple[int, int]:
    """The cells [first, last) that output ``i`` of ``o`` averages over, of ``n``."""
    return i * n // o, -(-(i + 1) * n // o)


def warmup_cosine(step: int, total: int, warmup: int, base: float, lowest: float = 0.0) -> float:
    """The rate at ``step``: linear up over ``warmup`` steps, reached at the last of them, then half a cosine down."""
    if step < warmup:
        return base * (step + 1) / warmup
    done = min(1.0, (step - warmup) / (total - warmup))
    return lowest + (base - lowest) * (1 + math.cos(math.pi * done)) / 2


def cutmix_share(h: int, w: int, lam: float, row: int, column: int) -> tuple[int, int, float]:
    """Height and width of the clipped box around (row, column), and the share of pixels that stays."""
    half_h, half_w = int(h * math.sqrt(1 - lam)) // 2, int(w * math.sqrt(1 - lam)) // 2
    box_h = min(h, row + half_h) - max(0, row - half_h)
    box_w = min(w, column + half_w) - max(0, column - half_w)
    return box_h, box_w, 1 - box_h * box_w / (h * w)


def recall(confusion: Sequence[Sequence[int]], k: int) -> float:
    """The share of class ``k`` that was found; rows are true classes."""
    return confusion[k][k] / sum(confusion[k])


def macro_f1(confusion: Sequence[Sequence[int]]) -> float:
    """The mean over classes of 2·hits / (row sum + column sum)."""
    size = range(len(confusion))
    return sum(2 * confusion[k][k] / (sum(confusion[k]) + sum(confusion[j][k] for j in size)) for k in size) / len(
        confusion
    )
