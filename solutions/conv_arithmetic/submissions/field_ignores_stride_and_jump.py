# /// answer
# mistake = "field-ignores-stride"
# title = "strides do not widen the receptive field"
# hint = "Behind a stride of 2, neighbouring taps lie 2 input cells apart: a layer adds d*(k - 1)*jump."
# points = {conv_out = 7, pool_out = 8, same_pad = 6, receptive_field = 1.083, conv_params = 3, conv_macs = 4}
# ///
from math import ceil, floor

def _steps(n, k, s, p, d):
    reach = d * (k - 1) + 1
    return floor((n + 2 * p - reach) / s)

def conv_out(n, k, s=1, p=0, d=1):
    out = 1 + _steps(n, k, s, p, d)
    if out <= 0:
        raise ValueError("nothing left")
    return out

def pool_out(n, k, s=None, p=0, ceil_mode=False):
    step = k if s is None else s
    free = n + 2 * p - k
    count = (ceil(free / step) if ceil_mode else floor(free / step)) + 1
    if ceil_mode:
        start = (count - 1) * step - p
        if start >= n:
            count = count - 1
    if count <= 0:
        raise ValueError("nothing left")
    return count

def same_pad(n, k, s=1, d=1):
    wanted = ceil(n / s)
    need = (wanted - 1) * s + (k - 1) * d + 1
    extra = need - n
    if extra < 0:
        extra = 0
    before = extra // 2
    return before, extra - before

def receptive_field(layers):
    field = 1
    step = 1
    for kernel, stride, dilation in layers:
        field = field + (kernel - 1) * dilation * step
    return field, step

def _check(c_in, c_out, groups):
    if c_in % groups != 0:
        raise ValueError("groups and c_in")
    if c_out % groups != 0:
        raise ValueError("groups and c_out")

def conv_params(c_in, c_out, k, groups=1, bias=True):
    _check(c_in, c_out, groups)
    weights = c_out * (c_in // groups) * k ** 2
    return weights + c_out * bool(bias)

def conv_macs(c_in, c_out, k, h_out, w_out, groups=1):
    _check(c_in, c_out, groups)
    return h_out * w_out * c_out * (c_in // groups) * k ** 2
