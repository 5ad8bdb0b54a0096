# /// answer
# mistake = "groups-not-checked"
# title = "groups that do not divide the channels are accepted"
# hint = "groups must divide c_in, and it must divide c_out: raise ValueError otherwise."
# points = {conv_out = 7, pool_out = 8, same_pad = 6, receptive_field = 7, conv_params = 2.6, conv_macs = 3.6}
# ///
import math


def conv_out(n, k, s=1, p=0, d=1):
    kernel = d * (k - 1) + 1
    out = math.floor((n + 2 * p - kernel) / s) + 1
    if out < 1:
        raise ValueError("kernel too large")
    return out


def pool_out(n, k, s=None, p=0, ceil_mode=False):
    if s is None:
        s = k
    if ceil_mode:
        out = math.ceil((n + 2 * p - k) / s) + 1
        if (out - 1) * s >= n + p:
            out = out - 1
    else:
        out = math.floor((n + 2 * p - k) / s) + 1
    if out < 1:
        raise ValueError("window too large")
    return out


def same_pad(n, k, s=1, d=1):
    out = math.ceil(n / s)
    pad = max(0, (out - 1) * s + d * (k - 1) + 1 - n)
    before = pad // 2
    return before, pad - before


def receptive_field(layers):
    rf = 1
    jump = 1
    for k, s, d in layers:
        rf = rf + (k - 1) * d * jump
        jump = jump * s
    return rf, jump


def conv_params(c_in, c_out, k, groups=1, bias=True):
    if c_in % groups != 0:
        raise ValueError("groups must divide the channels")
    weights = c_out * (c_in // groups) * k * k
    if bias:
        weights += c_out
    return weights


def conv_macs(c_in, c_out, k, h_out, w_out, groups=1):
    if c_in % groups != 0:
        raise ValueError("groups must divide the channels")
    return c_out * h_out * w_out * (c_in // groups) * k * k
