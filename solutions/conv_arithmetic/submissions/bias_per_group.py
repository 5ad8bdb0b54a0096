# /// answer
# mistake = "bias-per-group"
# title = "one bias for each group"
# hint = "Each filter has a bias of its own, whatever the number of groups."
# points = {conv_out = 7, pool_out = 8, same_pad = 6, receptive_field = 7, conv_params = 0.833, conv_macs = 4}
# ///
import numpy as np


def conv_out(n, k, s=1, p=0, d=1):
    starts = np.arange(-p, n + p, s)
    ok = starts + d * (k - 1) < n + p
    size = int(ok.sum())
    if size < 1: raise ValueError("x")
    return size


def pool_out(n, k, s=None, p=0, ceil_mode=False):
    s = k if s is None else s
    x = (n + 2 * p - k) / s
    out = int(np.ceil(x) if ceil_mode else np.floor(x)) + 1
    while ceil_mode and out > 0 and (out - 1) * s >= n + p:
        out -= 1
    if out < 1: raise ValueError("y")
    return out


def same_pad(n, k, s=1, d=1):
    out = (n + s - 1) // s
    total = max(0, (out - 1) * s + d * (k - 1) + 1 - n)
    a, b = total >> 1, total - (total >> 1)
    return a, b


def receptive_field(layers):
    if not len(layers): return 1, 1
    ks, ss, ds = (np.array(v, dtype=int) for v in zip(*layers))
    jumps = np.concatenate([[1], np.cumprod(ss)])
    return int(1 + ((ks - 1) * ds * jumps[:-1]).sum()), int(jumps[-1])


def conv_params(c_in, c_out, k, groups=1, bias=True):
    if any(c % groups for c in (c_in, c_out)): raise ValueError("bad groups")
    return int(np.prod([groups, c_out // groups, c_in // groups, k, k])) + bias * groups


def conv_macs(c_in, c_out, k, h_out, w_out, groups=1):
    if c_in % groups or c_out % groups: raise ValueError("bad groups")
    one = (c_in // groups) * (c_out // groups) * k * k
    return groups * one * h_out * w_out
