# /// answer
# mistake = "one-draw-for-the-batch"
# title = "one draw serves the whole batch"
# hint = "fn draws for the image it is given: call it once for each, and don't set g back."
# points = {random_hflip = 5, pad_random_crop = 7, color_jitter = 9, cutout = 8, normalize = 4, denormalize = 3, Compose = 4, augment_batch = 1.111111, hflip_labelled = 5}
# ///
import torch
from torch.nn import functional as F


def random_hflip(img, p, g):
    flip = bool(torch.bernoulli(torch.tensor(float(p)), generator=g))
    return img[..., torch.arange(img.shape[-1] - 1, -1, -1)] if flip else img


def pad_random_crop(img, size, pad, g):
    padded = F.pad(img, [pad] * 4)
    top, left = [int(torch.randint(n - size + 1, (1,), generator=g)) for n in padded.shape[1:]]
    return padded.narrow(1, top, size).narrow(2, left, size)


def color_jitter(img, brightness, contrast, g):
    u = torch.rand(2, generator=g)
    fb = torch.lerp(torch.tensor(max(0.0, 1.0 - brightness)), torch.tensor(1.0 + brightness), u[0])
    fc = torch.lerp(torch.tensor(max(0.0, 1.0 - contrast)), torch.tensor(1.0 + contrast), u[1])
    bright = img.mul(fb)
    mean = torch.mean(bright)
    return torch.clamp((bright - mean) * fc + mean, min=0, max=1)


def cutout(img, size, g, fill=0.0):
    h, w = img.shape[-2:]
    cy = torch.randint(h, (1,), generator=g)
    cx = torch.randint(w, (1,), generator=g)
    rows = torch.arange(h) - (cy - size // 2)
    cols = torch.arange(w) - (cx - size // 2)
    mask = ((rows >= 0) & (rows < size))[:, None] & ((cols >= 0) & (cols < size))
    return torch.where(mask, torch.full_like(img, fill), img)


def normalize(img, mean, std):
    m = torch.as_tensor(mean, dtype=img.dtype)
    s = torch.as_tensor(std, dtype=img.dtype)
    return (img - m[:, None, None]) / s[:, None, None]


def denormalize(img, mean, std):
    m = torch.as_tensor(mean, dtype=img.dtype)
    s = torch.as_tensor(std, dtype=img.dtype)
    return img * s[:, None, None] + m[:, None, None]


class Compose:
    def __init__(self, steps):
        self.steps = list(steps)

    def __call__(self, img, g):
        out = img
        for step in self.steps:
            out = step(out, g)
        return out


def augment_batch(x, fn, g):
    seed = int(torch.randint(2**30, (1,), generator=g))
    return torch.stack([fn(x[i], torch.Generator().manual_seed(seed)) for i in range(x.shape[0])])


def hflip_labelled(img, label, swap, p, g):
    flip = bool(torch.rand(1, generator=g) < p)
    if flip:
        img = torch.fliplr(img.permute(1, 2, 0)).permute(2, 0, 1)
        if label in swap:
            label = swap[label]
    return img, label
