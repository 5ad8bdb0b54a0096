# /// answer
# title = "NumPy integers throughout"
# right = true
# ///
import numpy as np


def floor_div(a, b):
    return np.floor(a / b).astype(np.int64)


def ceil_div(a, b):
    return np.ceil(a / b).astype(np.int64)


def at_least_one(size):
    if not size >= 1:
        raise ValueError("empty output")
    return size


def conv_out(n, k, s=1, p=0, d=1):
    taps = np.arange(k) * d
    return at_least_one(floor_div(n + 2 * p - 1 - taps[-1], s) + 1)


def pool_out(n, k, s=None, p=0, ceil_mode=False):
    s = s if s is not None else k
    divide = ceil_div if ceil_mode else floor_div
    size = divide(n + 2 * p - k, s) + 1
    if ceil_mode:
        starts = np.arange(size) * s - p
        size = np.count_nonzero(starts < n)
    return at_least_one(size)


def same_pad(n, k, s=1, d=1):
    needed = s * (ceil_div(n, s) - 1) + np.arange(k)[-1] * d + 1
    total = np.maximum(needed - n, 0)
    return total // 2, ceil_div(total, 2)


def receptive_field(layers):
    if len(layers) == 0:
        return 1, 1
    k, s, d = np.array(layers).T
    jumps = np.cumprod(np.concatenate([[1], s]))
    return 1 + np.sum(d * (k - 1) * jumps[:-1]), jumps[-1]


def conv_params(c_in, c_out, k, groups=1, bias=True):
    if np.any(np.array([c_in, c_out]) % groups):
        raise ValueError("groups do not divide the channels")
    w = np.empty((c_out, c_in // groups, k, k))
    b = np.empty(c_out if bias else 0)
    return w.size + b.size


def conv_macs(c_in, c_out, k, h_out, w_out, groups=1):
    if np.any(np.array([c_in, c_out]) % groups):
        raise ValueError("groups do not divide the channels")
    return np.prod(np.array([c_out // groups, c_in // groups, k, k, h_out, w_out])) * groups
