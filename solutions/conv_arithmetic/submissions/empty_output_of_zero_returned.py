# /// answer
# mistake = "empty-output-returned"
# title = "a size below 1 is not refused"
# hint = "A kernel that does not fit gives no output: raise ValueError where the size is less than 1."
# points = {conv_out = 5.54, pool_out = 7.2, same_pad = 6, receptive_field = 7, conv_params = 3, conv_macs = 4}
# ///
from typing import Sequence, Tuple


def _extent(k: int, d: int) -> int:
    """Cells covered by k taps, d apart."""
    return k + (k - 1) * (d - 1)


def _positive(size: int) -> int:
    if size < 0:
        raise ValueError(f"output size {size}")
    return size


def conv_out(n: int, k: int, s: int = 1, p: int = 0, d: int = 1) -> int:
    return _positive((n + 2 * p - _extent(k, d) + s) // s)


def pool_out(n: int, k: int, s: int = None, p: int = 0, ceil_mode: bool = False) -> int:
    s = s or k
    room = n + 2 * p - k
    if not ceil_mode:
        return _positive(room // s + 1)
    size = (room + s - 1) // s + 1
    last_start = (size - 1) * s - p
    if last_start >= n:
        size -= 1
    return _positive(size)


def same_pad(n: int, k: int, s: int = 1, d: int = 1) -> Tuple[int, int]:
    windows = (n + s - 1) // s
    missing = (windows - 1) * s + _extent(k, d) - n
    if missing <= 0:
        return (0, 0)
    return (missing // 2, (missing + 1) // 2)


def receptive_field(layers: Sequence[Tuple[int, int, int]]) -> Tuple[int, int]:
    field, step = 1, 1
    for layer in layers:
        kernel, stride, dilation = layer
        field += (_extent(kernel, dilation) - 1) * step
        step *= stride
    return (field, step)


def conv_params(c_in: int, c_out: int, k: int, groups: int = 1, bias: bool = True) -> int:
    _check_groups(c_in, c_out, groups)
    one_filter = k ** 2 * c_in // groups + int(bias)
    return one_filter * c_out


def _check_groups(c_in, c_out, groups):
    for channels in (c_in, c_out):
        if channels % groups:
            raise ValueError(f"{groups} does not divide {channels}")


def conv_macs(c_in: int, c_out: int, k: int, h_out: int, w_out: int, groups: int = 1) -> int:
    return conv_params(c_in, c_out, k, groups, bias=False) * h_out * w_out
