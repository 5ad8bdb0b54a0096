# /// answer
# mistake = "pool-stride-one"
# title = "the stride of a pooling layer is 1 when none is given"
# hint = "Without a stride, pooling windows lie side by side: s=None means s = k."
# points = {conv_out = 7, pool_out = 5.208333, same_pad = 6, receptive_field = 7, conv_params = 3, conv_macs = 4}
# ///
def _fits(size):
    if size <= 0:
        raise ValueError(f"no output ({size})")
    return size


def _check(a, b, g):
    if a % g != 0 or b % g != 0:
        raise ValueError("groups do not divide")


def conv_out(n, k, s=1, p=0, d=1):
    numerator = n + 2 * p - d * (k - 1) - 1
    return _fits(numerator // s + 1)


def pool_out(n, k, s=1, p=0, ceil_mode=False):
    if s is None:
        s = k
    numerator = n + 2 * p - k
    if ceil_mode:
        numerator += s - 1
    out = numerator // s + 1
    if ceil_mode and (out - 1) * s >= n + p:
        out -= 1
    return _fits(out)


def same_pad(n, k, s=1, d=1):
    target = (n + s - 1) // s
    needed = (target - 1) * s + d * (k - 1) + 1
    if needed <= n:
        return 0, 0
    total = needed - n
    left = total // 2
    right = total - left
    return left, right


def receptive_field(layers):
    r = 1
    j = 1
    for (k, s, d) in layers:
        r += d * (k - 1) * j
        j *= s
    return (r, j)


def conv_params(c_in, c_out, k, groups=1, bias=True):
    _check(c_in, c_out, groups)
    n = c_out * (c_in // groups) * k * k
    if bias:
        n += c_out
    return n


def conv_macs(c_in, c_out, k, h_out, w_out, groups=1):
    _check(c_in, c_out, groups)
    return c_out * (c_in // groups) * k * k * h_out * w_out
