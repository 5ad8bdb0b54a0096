# /// answer
# mistake = "groups-not-checked"
# title = "groups that do not divide the channels are accepted"
# hint = "groups must divide c_in, and it must divide c_out: raise ValueError otherwise."
# points = {conv_out = 7, pool_out = 8, same_pad = 6, receptive_field = 7, conv_params = 2.2, conv_macs = 3.2}
# ///
import numpy as np


def conv_out(n, k, s=1, p=0, d=1):
    # positions of the first tap in the padded image
    starts = np.arange(0, n + 2 * p, s)
    fits = starts + d * (k - 1) < n + 2 * p
    if not fits.any():
        raise ValueError("no window fits")
    return int(fits.sum())


def pool_out(n, k, s=None, p=0, ceil_mode=False):
    stride = k if s is None else s
    size, extra = divmod(n + 2 * p - k, stride)
    size += 1
    if ceil_mode and extra > 0:
        # one more window, but only if it begins before the end of the image
        if size * stride < n + p:
            size += 1
    if size < 1:
        raise ValueError("no window fits")
    return size


def same_pad(n, k, s=1, d=1):
    reach = d * (k - 1) + 1
    # TensorFlow's way to write it
    if n % s == 0:
        pad = max(reach - s, 0)
    else:
        pad = max(reach - n % s, 0)
    return pad // 2, pad - pad // 2


def receptive_field(layers):
    # from the output back to the input
    rf = 1
    for k, s, d in reversed(layers):
        rf = (rf - 1) * s + d * (k - 1) + 1
    return rf, int(np.prod([s for _, s, _ in layers], dtype=int))


def conv_params(c_in, c_out, k, groups=1, bias=True):
    if c_in * c_out % groups:
        raise ValueError("groups")
    shape = (c_out, c_in // groups, k, k)
    return int(np.prod(shape)) + (c_out if bias else 0)


def conv_macs(c_in, c_out, k, h_out, w_out, groups=1):
    if c_in * c_out % groups:
        raise ValueError("groups")
    per_output = int(np.prod((c_in // groups, k, k)))
    return per_output * int(np.prod((c_out, h_out, w_out)))
