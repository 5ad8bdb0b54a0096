# /// answer
# right = true
# ///
import math

import torch
import torch.nn.functional as F


def coin(p, g):
    return bool(torch.bernoulli(torch.tensor(float(p)), generator=g))


def pick(n, g):
    return min(math.floor(torch.rand((), generator=g, dtype=torch.float64).item() * n), n - 1)


def random_hflip(img, p, g):
    return img[:, :, torch.arange(img.shape[2] - 1, -1, -1)] if coin(p, g) else img


def pad_random_crop(img, size, pad, g):
    img = F.pad(img, [pad] * 4)
    left = pick(img.size(2) - size + 1, g)
    top = pick(img.size(1) - size + 1, g)
    return img.narrow(1, top, size).narrow(2, left, size).contiguous()


def color_jitter(img, brightness, contrast, g):
    fc = torch.empty(()).uniform_(max(0, 1 - contrast), 1 + contrast, generator=g)
    fb = torch.empty(()).uniform_(max(0, 1 - brightness), 1 + brightness, generator=g)
    grey = img.mean()
    return torch.clip(fb * (fc * img + (1 - fc) * grey), min=0, max=1)


def cutout(img, size, g, fill=0.0):
    _, h, w = img.shape
    centre = pick(h * w, g)
    rows = torch.arange(h) - (centre // w - size // 2)
    cols = torch.arange(w) - (centre % w - size // 2)
    hole = ((rows >= 0) & (rows < size))[:, None] & ((cols >= 0) & (cols < size))
    return torch.where(hole, torch.tensor(fill, dtype=img.dtype), img)


def _column(v):
    return torch.tensor([float(a) for a in v]).view(-1, 1, 1)


def normalize(img, mean, std):
    return img.sub(_column(mean)).div(_column(std))


def denormalize(img, mean, std):
    return img.mul(_column(std)).add(_column(mean))


class Compose:
    def __init__(self, steps):
        self.fs = tuple(steps)

    def __call__(self, img, g):
        def go(x, fs):
            return go(fs[0](x, g), fs[1:]) if fs else x

        return go(img, self.fs)


def augment_batch(x, fn, g):
    return torch.cat([fn(x[i], g).unsqueeze(0) for i in range(x.size(0))])


def hflip_labelled(img, label, swap, p, g):
    if not coin(p, g):
        return img, label
    return img.flip(2), swap[label] if label in swap else label
