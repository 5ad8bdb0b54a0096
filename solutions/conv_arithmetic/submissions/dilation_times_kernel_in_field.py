# /// answer
# mistake = "dilation-times-kernel"
# title = "a dilated kernel covers d*k cells"
# hint = "k taps have k - 1 gaps between them: taps d apart cover d*(k - 1) + 1 cells, not d*k."
# points = {conv_out = 7, pool_out = 8, same_pad = 6, receptive_field = 3.42, conv_params = 3, conv_macs = 4}
# ///
from dataclasses import dataclass
from functools import reduce


@dataclass
class Axis:
    """One axis: everything that slides along it."""

    n: int
    k: int
    s: int = 1
    before: int = 0
    after: int = 0
    d: int = 1

    @property
    def last_tap(self):
        return (self.k - 1) * self.d

    def windows(self):
        free = self.before + self.n + self.after - 1 - self.last_tap
        return free // self.s + 1


class DoesNotFit(ValueError):
    pass


def divide(c_in, c_out, groups):
    a, rest_in = divmod(c_in, groups)
    b, rest_out = divmod(c_out, groups)
    if rest_in or rest_out:
        raise ValueError("channels %d, %d; groups %d" % (c_in, c_out, groups))
    return a, b


def conv_out(n, k, s=1, p=0, d=1):
    found = Axis(n, k, s, p, p, d).windows()
    if found < 1:
        raise DoesNotFit("kernel does not fit")
    return found


def pool_out(n, k, s=None, p=0, ceil_mode=False):
    axis = Axis(n, k, k if s is None else s, p, p)
    if ceil_mode:
        # room for a window that overhangs by less than a stride
        axis.after += axis.s - 1
    found = axis.windows()
    while ceil_mode and (found - 1) * axis.s - p > n - 1:
        found -= 1
    if found < 1:
        raise DoesNotFit("window does not fit")
    return found


def same_pad(n, k, s=1, d=1):
    axis = Axis(n, k, s, d=d)
    wanted = len(range(0, n, s))
    while axis.windows() < wanted:
        if axis.after > axis.before:
            axis.before += 1
        else:
            axis.after += 1
    return axis.before, axis.after


def receptive_field(layers):
    def through(state, layer):
        (rf, jump), (k, s, d) = state, layer
        return rf + (k * d - 1) * jump, jump * s

    return reduce(through, layers, (1, 1))


def conv_params(c_in, c_out, k, groups=1, bias=True):
    a, b = divide(c_in, c_out, groups)
    weights = groups * (a * b * k * k)
    return weights + c_out * bool(bias)


def conv_macs(c_in, c_out, k, h_out, w_out, groups=1):
    a, b = divide(c_in, c_out, groups)
    return sum(a * b * k * k * h_out * w_out for _ in range(groups))
