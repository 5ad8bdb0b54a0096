# /// answer
# mistake = "crop-without-pad"
# title = "the window comes from the image without its border"
# hint = "Pad first, then choose among the windows of the padded image."
# points = {random_hflip = 5, pad_random_crop = 1.037037, color_jitter = 9, cutout = 8, normalize = 4, denormalize = 3, Compose = 4, augment_batch = 5, hflip_labelled = 5}
# ///
import torch
from torch.nn.functional import pad as add_border


def coin(p, g):
    return bool(torch.rand((), generator=g) < p)


def die(n, g):
    return torch.randint(n, (), generator=g).item()


def between(a, b, g):
    return torch.empty(()).uniform_(a, b, generator=g).item()


def random_hflip(img, p, g):
    if coin(p, g):
        return torch.flip(img, dims=[2])
    return img.clone()


def pad_random_crop(img, size, pad, g):
    big = img
    c, h, w = big.shape
    r, s = die(h - size + 1, g), die(w - size + 1, g)
    return big.narrow(1, r, size).narrow(2, s, size).clone()


def color_jitter(img, brightness, contrast, g):
    fb = between(max(0.0, 1 - brightness), 1 + brightness, g)
    fc = between(max(0.0, 1 - contrast), 1 + contrast, g)
    img = img * fb
    mid = img.mean()
    return torch.clamp(mid + fc * (img - mid), 0.0, 1.0)


def cutout(img, size, g, fill=0.0):
    c, h, w = img.shape
    cy, cx = die(h, g), die(w, g)
    rows = torch.arange(h)
    cols = torch.arange(w)
    y0, x0 = cy - size // 2, cx - size // 2
    hole = ((rows >= y0) & (rows < y0 + size))[:, None] & ((cols >= x0) & (cols < x0 + size))[None, :]
    return torch.where(hole, torch.tensor(fill, dtype=img.dtype), img)


def _chan(v):
    return torch.as_tensor(v, dtype=torch.float32)[:, None, None]


def normalize(img, mean, std):
    return (img - _chan(mean)) / _chan(std)


def denormalize(img, mean, std):
    return img * _chan(std) + _chan(mean)


class Compose:
    def __init__(self, steps):
        self.steps = tuple(steps)

    def __call__(self, img, g):
        out = img
        for f in self.steps:
            out = f(out, g)
        return out


def augment_batch(x, fn, g):
    done = []
    for i in range(x.shape[0]):
        done.append(fn(x[i], g))
    return torch.stack(done, dim=0)


def hflip_labelled(img, label, swap, p, g):
    if coin(p, g):
        return torch.flip(img, dims=[2]), swap.get(label, label)
    return img.clone(), label
