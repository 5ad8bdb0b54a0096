# /// answer
# mistake = "x-mutated"
# title = "dx is written into x"
# hint = "The caller still needs its image. Make an array of your own for dx."
# points = {conv2d_backward = 45.666667, numerical_grad = 14, rel_error = 8}
# ///
import numpy as np


def pair(p):
    return (int(p), int(p)) if np.ndim(p) == 0 else p


def conv2d_backward(dout, x, w, stride=1, padding=0, dilation=1):
    s, p, d = map(pair, (stride, padding, dilation))
    N, C, H, W = x.shape
    F, C, KH, KW = w.shape
    HO, WO = dout.shape[-2:]
    upstream = dout.transpose(1, 0, 2, 3).reshape(F, -1).astype(float)
    xp = np.pad(x, [(0, 0), (0, 0), (p[0], p[0]), (p[1], p[1])]).astype(float)
    gw = np.empty((F, C, KH, KW))
    for u in range(KH):
        for v in range(KW):
            r0, c0 = u * d[0], v * d[1]
            where = np.s_[:, :, r0:r0 + s[0] * HO:s[0], c0:c0 + s[1] * WO:s[1]]
            seen = xp[where][:, :, :HO, :WO].transpose(1, 0, 2, 3).reshape(C, -1)
            gw[:, :, u, v] = upstream @ seen.T
    gb = upstream.sum(axis=1)
    gx = np.asarray(x, dtype=float)
    gx[...] = 0
    for u in range(KH):
        for v in range(KW):
            back = np.tensordot(dout, w[:, :, u, v], axes=(1, 0))
            for i in range(HO):
                for j in range(WO):
                    r, c = i * s[0] + u * d[0] - p[0], j * s[1] + v * d[1] - p[1]
                    if 0 <= r < H and 0 <= c < W:
                        gx[:, :, r, c] += back[:, i, j]
    return gx, gw, gb


def numerical_grad(f, x, eps=1e-5):
    point = np.array(x, dtype=np.float64)
    slope = np.empty(point.shape)
    for place in np.ndindex(*point.shape):
        here = point[place]
        point[place] = here + eps
        above = f(point.copy())
        point[place] = here - eps
        below = f(point.copy())
        point[place] = here
        slope[place] = (above - below) / (2 * eps)
    return slope


def rel_error(a, b):
    a, b = np.float64(a), np.float64(b)
    gap = np.abs(a - b)
    size = np.maximum(np.abs(a) + np.abs(b), 1e-8)
    return float(np.max(gap / size))
