# /// answer
# mistake = "largest-magnitude"
# title = "the value farthest from zero wins"
# hint = "The maximum of -5 and 3 is 3: max pooling compares values, not their magnitudes."
# points = {max_pool2d = 5.2, avg_pool2d = 18, global_avg_pool2d = 5, adaptive_avg_pool2d = 14}
# ///
import numpy as np


def max_pool2d(x, kernel, stride=None, padding=0, ceil_mode=False):
    return _pool(x, kernel, stride, padding, ceil_mode, lambda w, total: w.flat[np.abs(w).argmax()])


def avg_pool2d(x, kernel, stride=None, padding=0, ceil_mode=False, count_include_pad=True):
    return _pool(x, kernel, stride, padding, ceil_mode, lambda w, total: w.sum() / (total if count_include_pad else w.size))


def _pool(x, kernel, stride, padding, ceil_mode, reduce):
    if isinstance(kernel, int): kernel = (kernel, kernel)
    if stride is None: stride = kernel
    if isinstance(stride, int): stride = (stride, stride)
    if isinstance(padding, int): padding = (padding, padding)
    if any(2 * p > k for p, k in zip(padding, kernel)): raise ValueError("padding > kernel / 2")
    N, C, H, W = x.shape
    def places(n, k, s, p):
        a, found = -p, []
        while True:
            if ceil_mode:
                # a window must start inside the image (or before it) and the one before must not reach the end
                if a >= n or (found and found[-1] + k >= n + p): break
            elif a + k > n + p: break
            found.append(a)
            a += s
        return found
    tops, lefts = places(H, kernel[0], stride[0], padding[0]), places(W, kernel[1], stride[1], padding[1])
    y = np.zeros((N, C, len(tops), len(lefts)))
    for n in range(N):
        for c in range(C):
            for i, t in enumerate(tops):
                for j, l in enumerate(lefts):
                    w = x[n, c, max(t, 0):t + kernel[0], max(l, 0):l + kernel[1]].astype(float)
                    total = (min(t + kernel[0], H + padding[0]) - t) * (min(l + kernel[1], W + padding[1]) - l)
                    y[n, c, i, j] = reduce(w, total)
    return y


def global_avg_pool2d(x):
    N, C, H, W = x.shape
    return np.array([[x[n, c].astype(float).sum() / (H * W) for c in range(C)] for n in range(N)])


def adaptive_avg_pool2d(x, output_size):
    if not isinstance(output_size, tuple): output_size = (output_size, output_size)
    def matrix(n, o):
        m = np.zeros((o, n))
        for i in range(o):
            lo = (i * n) // o
            hi = ((i + 1) * n - 1) // o + 1
            m[i, lo:hi] = 1 / (hi - lo)
        return m
    x = x.astype(float)
    out = np.zeros((*x.shape[:2], *output_size))
    R, S = matrix(x.shape[2], output_size[0]), matrix(x.shape[3], output_size[1])
    for i in range(output_size[0]):
        for j in range(output_size[1]):
            r, s = R[i].nonzero()[0], S[j].nonzero()[0]
            out[:, :, i, j] = x[:, :, r[0]:r[-1] + 1, s[0]:s[-1] + 1].mean((2, 3))
    return out
