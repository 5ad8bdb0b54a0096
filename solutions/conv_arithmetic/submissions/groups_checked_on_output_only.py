# /// answer
# mistake = "groups-not-checked"
# title = "groups that do not divide the channels are accepted"
# hint = "groups must divide c_in, and it must divide c_out: raise ValueError otherwise."
# points = {conv_out = 7, pool_out = 8, same_pad = 6, receptive_field = 7, conv_params = 2.6, conv_macs = 3.6}
# ///
def covered(taps, gap):
    return gap * (taps - 1) + 1


def checked(size):
    if size < 1:
        raise ValueError(f"size {size}")
    return size


def conv_out(n, k, s=1, p=0, d=1):
    free = n + 2 * p - covered(k, d)
    return checked(free // s + 1)


def pool_out(n, k, s=None, p=0, ceil_mode=False):
    if s is None:
        s = k
    whole, rest = divmod(n + 2 * p - k, s)
    size = whole + 1
    if ceil_mode and rest:
        size += 1
    if ceil_mode and (size - 1) * s >= n + p:
        size -= 1
    return checked(size)


def same_pad(n, k, s=1, d=1):
    windows = (n + s - 1) // s
    total = max(0, (windows - 1) * s + covered(k, d) - n)
    half = total // 2
    return half, total - half


def receptive_field(layers):
    size = step = 1
    for taps, stride, gap in layers:
        size += (covered(taps, gap) - 1) * step
        step *= stride
    return size, step


def _groups(c_in, c_out, groups):
    if c_out % groups:
        raise ValueError("groups")


def conv_params(c_in, c_out, k, groups=1, bias=True):
    _groups(c_in, c_out, groups)
    weights = c_out * c_in // groups * k * k
    return weights + c_out if bias else weights


def conv_macs(c_in, c_out, k, h_out, w_out, groups=1):
    _groups(c_in, c_out, groups)
    return h_out * w_out * c_out * (c_in // groups) * k * k
