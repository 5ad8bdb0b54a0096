# /// answer
# title = "windows walked and cells counted, without a formula"
# right = true
# ///


def windows(n, k, s, before, after, d):
    """First cells of all windows that fit; the image is cells 0 to n - 1."""
    first = -before
    found = []
    while first + d * (k - 1) < n + after:
        found.append(first)
        first += s
    return found


def conv_out(n, k, s=1, p=0, d=1):
    found = windows(n, k, s, p, p, d)
    if not found:
        raise ValueError("n=%d k=%d s=%d p=%d d=%d: nothing fits" % (n, k, s, p, d))
    return len(found)


def pool_out(n, k, s=None, p=0, ceil_mode=False):
    if s is None:
        return pool_out(n, k, k, p, ceil_mode)
    extra = s - 1 if ceil_mode else 0
    found = windows(n, k, s, p, p + extra, 1)
    if ceil_mode:
        found = [first for first in found if first < n]
    if not found:
        raise ValueError("nothing fits")
    return len(found)


def same_pad(n, k, s=1, d=1):
    total = 0
    while len(windows(n, k, s, 0, total, d)) != (n - 1) // s + 1:
        total += 1
    return total >> 1, total - (total >> 1)


def receptive_field(layers):
    def span(output):
        """First and last input cell that an output of the last layer sees."""
        low = high = output
        for k, s, d in layers[::-1]:
            low = low * s
            high = high * s + d * (k - 1)
        return low, high

    low, high = span(0)
    nxt, _ = span(1)
    return high - low + 1, nxt - low


def check(c_in, c_out, groups):
    if not (c_in % groups == 0 and c_out % groups == 0):
        raise ValueError("groups")


def conv_params(c_in, c_out, k, groups=1, bias=True):
    check(c_in, c_out, groups)
    total = 0
    for _ in range(groups):
        total += (c_in // groups) * (c_out // groups) * k ** 2
    return total if not bias else total + c_out


def conv_macs(c_in, c_out, k, h_out, w_out, groups=1):
    check(c_in, c_out, groups)
    return c_in * c_out * k * k * h_out * w_out // groups
