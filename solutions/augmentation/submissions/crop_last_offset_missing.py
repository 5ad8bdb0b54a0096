# /// answer
# mistake = "crop-last-offset-missing"
# title = "the last row and column at which a window may begin are never drawn"
# hint = "torch.randint leaves its upper end out: add 1 to the largest offset."
# points = {random_hflip = 5, pad_random_crop = 0, color_jitter = 9, cutout = 8, normalize = 4, denormalize = 3, Compose = 4, augment_batch = 5, hflip_labelled = 5}
# ///
import torch


def random_hflip(img, p, g):
    if torch.rand(1, generator=g) < p:
        return torch.flip(img, [2])
    return img


def pad_random_crop(img, size, pad, g):
    c, h, w = img.shape
    padded = torch.zeros(c, h + 2 * pad, w + 2 * pad)
    padded[:, pad : pad + h, pad : pad + w] = img
    i = torch.randint(0, max(1, h + 2 * pad - size), (1,), generator=g).item()
    j = torch.randint(0, max(1, w + 2 * pad - size), (1,), generator=g).item()
    return padded[:, i : i + size, j : j + size]


def uniform(amount, g):
    low, high = max(0.0, 1 - amount), 1 + amount
    return low + (high - low) * torch.rand(1, generator=g).item()


def color_jitter(img, brightness, contrast, g):
    img = img * uniform(brightness, g)
    mean = img.mean()
    img = (img - mean) * uniform(contrast, g) + mean
    return img.clamp(0, 1)


def cutout(img, size, g, fill=0.0):
    _, h, w = img.shape
    cy = torch.randint(h, (1,), generator=g).item()
    cx = torch.randint(w, (1,), generator=g).item()
    y1, y2 = max(cy - size // 2, 0), min(max(cy - size // 2 + size, 0), h)
    x1, x2 = max(cx - size // 2, 0), min(max(cx - size // 2 + size, 0), w)
    out = img.clone()
    out[:, y1:y2, x1:x2] = fill
    return out


def normalize(img, mean, std):
    mean = torch.as_tensor(mean)[:, None, None]
    std = torch.as_tensor(std)[:, None, None]
    return (img - mean) / std


def denormalize(img, mean, std):
    mean = torch.as_tensor(mean)[:, None, None]
    std = torch.as_tensor(std)[:, None, None]
    return img * std + mean


class Compose:
    def __init__(self, steps):
        self.steps = list(steps)

    def __call__(self, img, g):
        for f in self.steps:
            img = f(img, g)
        return img


def augment_batch(x, fn, g):
    out = []
    for img in x:
        out.append(fn(img, g))
    return torch.stack(out)


def hflip_labelled(img, label, swap, p, g):
    if torch.rand(1, generator=g) < p:
        img = torch.flip(img, [2])
        label = swap.get(label, label)
    return img, label
