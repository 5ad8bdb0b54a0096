# /// answer
# right = true
# ///
import torch


def number(low, high, g):
    return low + (high - low) * float(torch.rand(1, generator=g))


def random_hflip(img, p, g):
    if number(0, 1, g) >= p:
        return img.clone()
    out = torch.zeros_like(img)
    width = img.shape[2]
    for j in range(width):
        out[:, :, j] = img[:, :, width - 1 - j]
    return out


def pad_random_crop(img, size, pad, g):
    channels, height, width = img.shape
    tops = torch.randperm(height + 2 * pad - size + 1, generator=g)
    lefts = torch.randperm(width + 2 * pad - size + 1, generator=g)
    top, left = int(tops[0]) - pad, int(lefts[0]) - pad
    out = torch.zeros(channels, size, size)
    for i in range(size):
        for j in range(size):
            if 0 <= top + i < height and 0 <= left + j < width:
                out[:, i, j] = img[:, top + i, left + j]
    return out


def color_jitter(img, brightness, contrast, g):
    bright = img * number(max(0, 1 - brightness), 1 + brightness, g)
    m = bright.sum() / bright.numel()
    out = m + (bright - m) * number(max(0, 1 - contrast), 1 + contrast, g)
    out[out < 0] = 0
    out[out > 1] = 1
    return out


def cutout(img, size, g, fill=0.0):
    out = img.detach().clone()
    _, height, width = img.shape
    cy, cx = (int(torch.randint(n, (), generator=g)) for n in (height, width))
    for i in range(cy - size // 2, cy - size // 2 + size):
        for j in range(cx - size // 2, cx - size // 2 + size):
            if 0 <= i < height and 0 <= j < width:
                out[:, i, j] = fill
    return out


def normalize(img, mean, std):
    out = torch.empty_like(img)
    for c in range(img.shape[0]):
        out[c] = (img[c] - mean[c]) / std[c]
    return out


def denormalize(img, mean, std):
    out = img.clone()
    for c in range(img.shape[0]):
        out[c] *= std[c]
        out[c] += mean[c]
    return out


class Compose:
    def __init__(self, steps):
        self.steps = []
        for step in steps:
            self.steps.append(step)

    def __call__(self, img, g):
        i = 0
        while i < len(self.steps):
            img = self.steps[i](img, g)
            i += 1
        return img


def augment_batch(x, fn, g):
    out = None
    for i in range(len(x)):
        y = fn(x[i].clone(), g)
        if out is None:
            out = torch.empty(len(x), *y.shape, dtype=y.dtype)
        out[i] = y
    return out


def hflip_labelled(img, label, swap, p, g):
    flip = number(0, 1, g) < p
    if flip and label in swap:
        label = swap[label]
    return (torch.flip(img, dims=(-1,)) if flip else img), label
