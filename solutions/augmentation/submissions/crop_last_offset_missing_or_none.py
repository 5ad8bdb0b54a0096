# /// answer
# mistake = "crop-last-offset-missing"
# title = "the last row and column at which a window may begin are never drawn"
# hint = "torch.randint leaves its upper end out: add 1 to the largest offset."
# points = {random_hflip = 5, pad_random_crop = 0, color_jitter = 9, cutout = 8, normalize = 4, denormalize = 3, Compose = 4, augment_batch = 5, hflip_labelled = 5}
# ///
import torch
import torch.nn.functional as F


def chance(p, g):
    return torch.rand((), generator=g).item() < p


def random_hflip(img, p, g):
    if chance(p, g):
        return img.flip(dims=(-1,))
    return img


def pad_random_crop(img, size, pad, g):
    c, h, w = img.shape
    canvas = img.new_zeros(c, h + 2 * pad, w + 2 * pad)
    canvas[:, pad:pad + h, pad:pad + w] = img
    i = torch.randint(0, h + 2 * pad - size, (1,), generator=g).item()
    j = torch.randint(0, w + 2 * pad - size, (1,), generator=g).item()
    return canvas[:, i:i + size, j:j + size]


def color_jitter(img, brightness, contrast, g):
    def factor(r):
        lo, hi = max(0.0, 1 - r), 1 + r
        return lo + (hi - lo) * torch.rand((), generator=g)
    fb = factor(brightness)
    fc = factor(contrast)
    out = img * fb
    m = out.mean()
    out = m + fc * (out - m)
    return out.clip(0.0, 1.0)


def cutout(img, size, g, fill=0.0):
    _, h, w = img.shape
    cy, cx = (int(torch.randint(n, (), generator=g)) for n in (h, w))
    y0, x0 = cy - size // 2, cx - size // 2
    out = img.clone()
    for r in range(max(y0, 0), min(y0 + size, h)):
        for c in range(max(x0, 0), min(x0 + size, w)):
            out[:, r, c] = fill
    return out


def stats(values):
    return torch.as_tensor(values, dtype=torch.float32).reshape(-1, 1, 1)


def normalize(img, mean, std):
    return (img - stats(mean)) / stats(std)


def denormalize(img, mean, std):
    return img * stats(std) + stats(mean)


class Compose:
    def __init__(self, steps):
        self.steps = tuple(steps)

    def __call__(self, img, g):
        for f in self.steps:
            img = f(img, g)
        return img


def augment_batch(x, fn, g):
    result = []
    for img in x:
        result.append(fn(img, g))
    return torch.stack(result)


def hflip_labelled(img, label, swap, p, g):
    if chance(p, g):
        return img.flip(-1), swap.get(label, label)
    return img, label
