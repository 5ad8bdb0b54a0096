# /// answer
# mistake = "field-needs-a-layer"
# title = "the receptive field begins with the first layer"
# hint = "Without layers an output is its own input: begin with (1, 1), before the first layer."
# points = {conv_out = 7, pool_out = 8, same_pad = 6, receptive_field = 6, conv_params = 3, conv_macs = 4}
# ///
def conv_out(n, k, s=1, p=0, d=1):
    total = n + 2*p
    eff = k + (k-1)*(d-1)
    if eff > total:
        raise ValueError(f"effective kernel {eff} > {total}")
    return (total - eff + s) // s


def pool_out(n, k, s=None, p=0, ceil_mode=False):
    s = k if s is None else s
    size = (n + 2*p - k + (s - 1 if ceil_mode else 0)) // s + 1
    if ceil_mode:
        if (size-1)*s >= n+p:
            size -= 1
    if size < 1:
        raise ValueError("no output")
    return size


def same_pad(n, k, s=1, d=1):
    for total in range(10**6):
        try:
            ok = conv_out(n + total, k, s, 0, d) >= -(-n//s)
        except ValueError:
            ok = False
        if ok:
            return (total//2, total - total//2)


def receptive_field(layers):
    (k, s, d), *layers = layers
    def walk(rest, rf, j):
        if not rest:
            return rf, j
        (k, s, d), *rest = rest
        return walk(rest, rf + (k-1)*d*j, j*s)
    return walk(layers, d*(k-1) + 1, s)


def conv_params(c_in, c_out, k, groups=1, bias=True):
    if c_in % groups: raise ValueError("c_in")
    if c_out % groups: raise ValueError("c_out")
    n = 0
    for f in range(c_out):
        n += c_in//groups*k*k
        if bias: n += 1
    return n


def conv_macs(c_in, c_out, k, h_out, w_out, groups=1):
    return conv_params(c_in, c_out, k, groups, False)*h_out*w_out
