"""Slow, obvious answers: windows are walked, cells are collected, weights are counted; no size formula anywhere."""

from __future__ import annotations

from collections.abc import Sequence


def conv_out(n: int, k: int, s: int = 1, p: int = 0, d: int = 1) -> int:
    """The number of places where all taps lie on the padded image."""
    count = 0
    for first in range(-p, n + p, s):
        taps = [first + d * tap for tap in range(k)]
        count += taps[-1] < n + p
    return count


def pool_out(n: int, k: int, s: int | None = None, p: int = 0, ceil_mode: bool = False) -> int:
    """The windows found by walking; with ``ceil_mode`` one may overhang by less than a stride, if it starts in time."""
    step = k if s is None else s
    count = 0
    for start in range(-p, n, step):
        overhang = start + k - (n + p)
        count += overhang <= 0 or (ceil_mode and overhang < step)
    return count


def same_pad(n: int, k: int, s: int = 1, d: int = 1) -> tuple[int, int]:
    """The smallest padding, found by trying, with which as many windows fit as there are multiples of s below n."""
    wanted = len(range(0, n, s))
    before = after = 0
    while len([first for first in range(-before, n + after, s) if first + d * (k - 1) < n + after]) < wanted:
        if before == after:
            after += 1
        else:
            before += 1
    return before, after


def receptive_field(layers: Sequence[tuple[int, int, int]]) -> tuple[int, int]:
    """The input cells that outputs 0 and 1 depend on, followed back layer by layer."""
    fields = []
    for output in (0, 1):
        cells = {output}
        for k, s, d in reversed(layers):
            cells = {cell * s + d * tap for cell in cells for tap in range(k)}
        fields.append((min(cells), max(cells)))
    (first, last), (following, _) = fields
    return last - first + 1, following - first


def conv_params(c_in: int, c_out: int, k: int, groups: int = 1, bias: bool = True) -> int:
    """Every filter's weights, channel by channel, and its bias."""
    count = 0
    for filt in range(c_out):
        group = filt * groups // c_out
        for channel in range(c_in):
            if channel * groups // c_in == group:
                count += k * k
        count += bias
    return count


def conv_macs(c_in: int, c_out: int, k: int, h_out: int, w_out: int, groups: int = 1) -> int:
    """Every output's multiplications: as many as its filter has weights."""
    count = 0
    for _row in range(h_out):
        for _column in range(w_out):
            count += conv_params(c_in, c_out, k, groups, bias=False)
    return count
