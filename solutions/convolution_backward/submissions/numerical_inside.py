# /// answer
# mistake = "numerical-inside"
# title = "conv2d_backward tries every element out"
# hint = "numerical_grad is for checking: it needs two forward passes for each element. Write the formulas down instead."
# points = {conv2d_backward = 8, numerical_grad = 14, rel_error = 8}
# ///
import numpy as np
from support import conv2d


def conv2d_backward(dout, x, w, stride=1, padding=0, dilation=1):
    """Differences: no derivation needed. The layer is linear, so a wide eps is exact."""
    db = dout.astype(float).sum(axis=(0, 2, 3))
    dx = numerical_grad(lambda a: np.sum(dout * conv2d(a, w, None, stride, padding, dilation)), x, 0.5)
    dw = numerical_grad(lambda a: np.sum(dout * conv2d(x, a, None, stride, padding, dilation)), w, 0.5)
    return dx, dw, db


def numerical_grad(f, x, eps=1e-5):
    x = np.array(x, dtype=np.float64)
    grad = np.zeros_like(x)
    for idx in np.ndindex(x.shape):
        old = x[idx]
        x[idx] = old + eps
        fp = f(x)
        x[idx] = old - eps
        fm = f(x)
        x[idx] = old
        grad[idx] = (fp - fm) / (2 * eps)
    return grad


def rel_error(a, b):
    a, b = a.astype(float), b.astype(float)
    return np.max(np.abs(a - b) / np.maximum(1e-8, np.abs(a) + np.abs(b)))
