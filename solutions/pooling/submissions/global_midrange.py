# /// answer
# mistake = "global-midrange"
# title = "the mean of the largest and the smallest value"
# hint = "The mean counts every cell: add them all up and divide by H*W."
# points = {max_pool2d = 18, avg_pool2d = 18, global_avg_pool2d = 0, adaptive_avg_pool2d = 14}
# ///
import numpy as np


def pr(v): return v if isinstance(v, tuple) else (v, v)


def setup(x, kernel, stride, padding, ceil_mode):
    k = pr(kernel); s = k if stride is None else pr(stride); p = pr(padding)
    for kk, pp in zip(k, p):
        if pp > kk / 2: raise ValueError("pad should be at most half of kernel size")
    sizes = []
    for n, kk, ss, pp in zip(x.shape[2:], k, s, p):
        room = n + 2 * pp - kk
        o = room // ss + 1
        if ceil_mode and room % ss and o * ss < n + pp:
            o += 1
        sizes.append(o)
    return k, s, p, sizes


def max_pool2d(x, kernel, stride=None, padding=0, ceil_mode=False):
    (kh, kw), (sh, sw), (ph, pw), (oh, ow) = setup(x, kernel, stride, padding, ceil_mode)
    N, C, H, W = x.shape
    out = np.full((N, C, oh, ow), -np.inf)
    big = np.full((N, C, (oh - 1) * sh + kh + ph + H, (ow - 1) * sw + kw + pw + W), -np.inf)
    big[:, :, ph:ph + H, pw:pw + W] = x
    for u in range(kh):
        for v in range(kw):
            out = np.maximum(out, big[:, :, u:u + oh * sh:sh, v:v + ow * sw:sw])
    return out


def avg_pool2d(x, kernel, stride=None, padding=0, ceil_mode=False, count_include_pad=True):
    (kh, kw), (sh, sw), (ph, pw), (oh, ow) = setup(x, kernel, stride, padding, ceil_mode)
    N, C, H, W = x.shape
    val = np.zeros((N, C, H + 2 * ph, W + 2 * pw)); val[:, :, ph:ph + H, pw:pw + W] = x
    cnt = np.ones(val.shape[2:])
    if not count_include_pad:
        cnt[:] = 0; cnt[ph:ph + H, pw:pw + W] = 1
    out = np.zeros((N, C, oh, ow))
    for i in range(oh):
        for j in range(ow):
            sl = (slice(i * sh, i * sh + kh), slice(j * sw, j * sw + kw))
            out[:, :, i, j] = val[(slice(None), slice(None)) + sl].sum(axis=(2, 3)) / cnt[sl].sum()
    return out


def global_avg_pool2d(x):
    return (x.astype(float).max((2, 3)) + x.min((2, 3))) / 2


def adaptive_avg_pool2d(x, output_size):
    oh, ow = pr(output_size)
    N, C, H, W = x.shape
    out = np.zeros((N, C, oh, ow))
    for i in range(oh):
        a, b = int(np.floor(i * H / oh)), int(np.ceil((i + 1) * H / oh))
        for j in range(ow):
            c, d = int(np.floor(j * W / ow)), int(np.ceil((j + 1) * W / ow))
            out[:, :, i, j] = np.mean(x[:, :, a:b, c:d], axis=(2, 3), dtype=np.float64)
    return out
