# /// answer
# right = true
# ///
from functools import reduce

import numpy as np
import torch
from torch import nn


def numpy_rng(g):
    return np.random.default_rng(torch.randint(0, 2**31, (2,), generator=g).tolist())


def random_hflip(img, p, g):
    if numpy_rng(g).random() < p:
        return torch.from_numpy(img.numpy()[..., ::-1].copy())
    return img


def pad_random_crop(img, size, pad, g):
    rng = numpy_rng(g)
    a = np.pad(img.numpy(), ((0, 0), (pad, pad), (pad, pad)))
    y, x = rng.integers(0, [a.shape[1] - size, a.shape[2] - size], endpoint=True)
    return torch.from_numpy(a[:, y : y + size, x : x + size].copy())


def color_jitter(img, brightness, contrast, g):
    rng = numpy_rng(g)
    fb, fc = (rng.uniform(max(0.0, 1.0 - a), 1.0 + a) for a in (brightness, contrast))
    a = img.double() * fb
    return torch.lerp(a.mean().expand_as(a), a, fc).clamp_(0.0, 1.0).float()


def cutout(img, size, g, fill=0.0):
    rng = numpy_rng(g)
    _, h, w = img.shape
    top, left = rng.integers(h) - size // 2, rng.integers(w) - size // 2
    mask = torch.zeros(h + 2 * size, w + 2 * size, dtype=torch.bool)
    mask[top + size : top + 2 * size, left + size : left + 2 * size] = True
    return img.masked_fill(mask[size : size + h, size : size + w], fill)


def normalize(img, mean, std):
    return torch.stack([(channel - float(m)) / float(s) for channel, m, s in zip(img, mean, std)])


def denormalize(img, mean, std):
    return torch.stack([channel * float(s) + float(m) for channel, m, s in zip(img, mean, std)])


class Compose(nn.Module):
    def __init__(self, steps):
        super().__init__()
        self.steps = [*steps]

    def forward(self, img, g):
        return reduce(lambda x, f: f(x, g), self.steps, img)


def augment_batch(x, fn, g):
    return torch.stack(list(map(lambda img: fn(img, g), x.unbind(0))), dim=0)


def hflip_labelled(img, label, swap, p, g):
    both = [(img, label), (img.flip(2), {**{label: label}, **swap}[label])]
    return both[int(numpy_rng(g).random() < p)]
