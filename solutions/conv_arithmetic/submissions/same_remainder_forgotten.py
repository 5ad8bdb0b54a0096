# /// answer
# mistake = "same-remainder-forgotten"
# title = "the padding is k - s whether or not the stride divides the image"
# hint = "k - s is right where s divides n; else the last window ends after n % s cells of the last stride."
# points = {conv_out = 7, pool_out = 8, same_pad = 4.8, receptive_field = 7, conv_params = 3, conv_macs = 4}
# ///
import itertools


def span(k, d=1):
    return (k - 1) * d + 1


def windows(length, extent, step):
    return len(range(0, length - extent + 1, step))


def conv_out(n, k, s=1, p=0, d=1):
    count = windows(n + p + p, span(k, d), s)
    if not count:
        raise ValueError("kernel too big")
    return count


def pool_out(n, k, s=None, p=0, ceil_mode=False):
    step = s or k
    room = n + 2 * p - k
    q, r = divmod(room, step)
    out = q + 1
    if ceil_mode and r:
        out += 1
    if ceil_mode and (out - 1) * step >= n + p:
        out = out - 1
    if out <= 0:
        raise ValueError("nothing left")
    return out


def same_pad(n, k, s=1, d=1):
    ke = span(k, d)
    if n % s == 0:
        total = max(ke - s, 0)
    else:
        total = max(ke - s, 0)
    before = total // 2
    return (before, total - before)


def receptive_field(layers):
    rf, jump = 1, 1
    for k, s, d in layers[::-1]:
        rf = (rf - 1) * s + span(k, d)
        jump *= s
    return rf, jump


def _split(c_in, c_out, groups):
    for c in (c_in, c_out):
        if c % groups != 0:
            raise ValueError("groups")
    return c_in // groups


def conv_params(c_in, c_out, k, groups=1, bias=True):
    per = _split(c_in, c_out, groups) * k ** 2
    total = per * c_out
    if bias:
        total += c_out
    return total


def conv_macs(c_in, c_out, k, h_out, w_out, groups=1):
    return _split(c_in, c_out, groups) * k * k * c_out * h_out * w_out
