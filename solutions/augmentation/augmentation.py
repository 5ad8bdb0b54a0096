"""Augmentation: new training images from old ones, with the label still right.

What holds for all functions:
    - img is one image: a float32 tensor (C, H, W) with values in [0, 1]. Rows are H, columns are W. It need not be
      contiguous.
    - All chance comes from g, a torch.Generator, and from nothing else: the same seed gives the same results, other
      seeds give others. g is never reseeded, so that call after call on one g draws anew. Which numbers are drawn
      from g, how many and in which order, is up to you.
    - Arguments belong to the caller and are not changed (g's state is, by drawing). A result that equals img may be
      img itself or share its memory.
    - Results are float32 tensors.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import torch
import torch.nn.functional as F

Step = Callable[[torch.Tensor, torch.Generator], torch.Tensor]


def random_hflip(img: torch.Tensor, p: float, g: torch.Generator) -> torch.Tensor:
    """Mirror the image left to right with probability p, else leave it as it is.

    Args:
        img: (C, H, W).
        p: from 0 (never) to 1 (always).
        g: the source of the one decision per call.

    Returns (C, H, W).

    Example, p = 1:  [[1 2 3], [4 5 6]]  becomes  [[3 2 1], [6 5 4]]
    """
    ### BEGIN SOLUTION
    return img.flip(-1) if torch.rand(1, generator=g).item() < p else img
    ### END SOLUTION


def pad_random_crop(img: torch.Tensor, size: int, pad: int, g: torch.Generator) -> torch.Tensor:
    """Put a border of zeros around the image and cut out a square window at a random place.

    Args:
        img: (C, H, W).
        size: rows and columns of the window, at most H + 2*pad and at most W + 2*pad.
        pad: rows and columns of zeros on each of the four sides, 0 or more.
        g: the source of the place.

    Returns (C, size, size). The window's first row is uniform over 0 .. H + 2*pad - size and its first column is
    uniform over 0 .. W + 2*pad - size, both ends included, independently of each other.

    Example, pad = 0, size = 1:  [[5 7 9]]  becomes  [[5]], [[7]] or [[9]], each with probability 1/3
    """
    ### BEGIN SOLUTION
    _, height, width = img.shape
    padded = F.pad(img, (pad, pad, pad, pad))
    top = int(torch.randint(0, height + 2 * pad - size + 1, (1,), generator=g))
    left = int(torch.randint(0, width + 2 * pad - size + 1, (1,), generator=g))
    return padded[:, top : top + size, left : left + size]
    ### END SOLUTION


def color_jitter(img: torch.Tensor, brightness: float, contrast: float, g: torch.Generator) -> torch.Tensor:
    """Change brightness, then contrast, by two random factors.

    Args:
        img: (C, H, W).
        brightness: b >= 0; the factor fb is uniform in [max(0, 1 - b), 1 + b].
        contrast: c >= 0; the factor fc is uniform in [max(0, 1 - c), 1 + c].
        g: the source of both factors, which are independent of each other. One of each per call: all channels and
            pixels share them.

    Returns (C, H, W), computed as

        x = img * fb
        x = (x - m) * fc + m      m: the mean of x over all channels and pixels, one number
        clamp x to [0, 1]         only here, at the end

    Example, brightness = 0, contrast = 1, fc = 1.5:  [[0.2 0.4]]  becomes  [[0.15 0.45]]  (m = 0.3)
    """
    ### BEGIN SOLUTION
    factors = []
    for amount in (brightness, contrast):
        low, high = max(0.0, 1 - amount), 1 + amount
        factors.append(low + (high - low) * torch.rand(1, generator=g).item())
    x = img * factors[0]
    mean = x.mean()
    return ((x - mean) * factors[1] + mean).clamp(0, 1)
    ### END SOLUTION


def cutout(img: torch.Tensor, size: int, g: torch.Generator, fill: float = 0.0) -> torch.Tensor:
    """Overwrite a square at a random place, the same one in all channels.

    Args:
        img: (C, H, W).
        size: side of the square, 0 or more; it may be larger than the image.
        g: the source of the place.
        fill: the value written.

    Returns (C, H, W). The centre (cy, cx) is uniform over all H*W pixels. The hole is rows cy - size//2 up to, not
    including, cy - size//2 + size, and columns likewise around cx. What sticks out of the image is cut off, so that
    holes at the border are smaller.

    Example, size = 2:  [[5 7 9]]  becomes  [[0 7 9]] (cx = 0), [[0 0 9]] (cx = 1) or [[5 0 0]] (cx = 2)
    """
    ### BEGIN SOLUTION
    _, height, width = img.shape
    top = int(torch.randint(0, height, (1,), generator=g)) - size // 2
    left = int(torch.randint(0, width, (1,), generator=g)) - size // 2
    out = img.clone()
    out[:, max(0, top) : top + size, max(0, left) : left + size] = fill
    return out
    ### END SOLUTION


def normalize(
    img: torch.Tensor, mean: Sequence[float] | torch.Tensor, std: Sequence[float] | torch.Tensor
) -> torch.Tensor:
    """Per channel: subtract the mean, then divide by the standard deviation.

    Args:
        img: (C, H, W).
        mean, std: C numbers each, one for each channel: a list, a tuple or a tensor (C,).

    Returns (C, H, W); no clamp.

    Example, mean = [1, 2], std = [2, 4]:  [[[3 5]], [[6 10]]]  becomes  [[[1 2]], [[1 2]]]
    """
    ### BEGIN SOLUTION
    m, s = (torch.as_tensor(v).reshape(-1, 1, 1) for v in (mean, std))
    return (img - m) / s
    ### END SOLUTION


def denormalize(
    img: torch.Tensor, mean: Sequence[float] | torch.Tensor, std: Sequence[float] | torch.Tensor
) -> torch.Tensor:
    """The inverse of `normalize`, for the same mean and std; no clamp.

    Example, mean = [1, 2], std = [2, 4]:  [[[1 2]], [[1 2]]]  becomes  [[[3 5]], [[6 10]]]
    """
    ### BEGIN SOLUTION
    m, s = (torch.as_tensor(v).reshape(-1, 1, 1) for v in (mean, std))
    return img * s + m
    ### END SOLUTION


class Compose:
    """A chain of steps that is itself a step: Compose(steps)(img, g).

    Args:
        steps: any iterable of callables f(img, g), also one that can be read only once. May be empty.

    A call runs the steps in their order: the first gets img, each other one what the step before it returned, and all
    get the very g of the call, whether they draw from it or not. It can be called any number of times.

    Example:  Compose([lambda img, g: img * 2, lambda img, g: img + 3])  applied to  [[1 2]]  gives  [[5 7]]
    """

    def __init__(self, steps: Iterable[Step]) -> None:
        ### BEGIN SOLUTION
        self.steps = list(steps)
        ### END SOLUTION

    def __call__(self, img: torch.Tensor, g: torch.Generator) -> torch.Tensor:
        """What the last step returns; img if there are no steps."""
        ### BEGIN SOLUTION
        for step in self.steps:
            img = step(img, g)
        return img
        ### END SOLUTION


def augment_batch(x: torch.Tensor, fn: Step, g: torch.Generator) -> torch.Tensor:
    """Apply fn to each image of a batch, with draws of its own for each.

    Args:
        x: (N, C, H, W), N >= 1.
        fn: called as fn(img, g) with an image (C, H, W) and the very g given here; returns an image, which may have
            another size, the same for all.
        g: handed on to fn.

    Returns (N, C, h, w): image i is what fn made of x[i].

    Example:  fn = lambda img, g: img + torch.rand(1, generator=g)  adds another number to each image
    """
    ### BEGIN SOLUTION
    return torch.stack([fn(img, g) for img in x])
    ### END SOLUTION


def hflip_labelled(
    img: torch.Tensor, label: int, swap: dict[int, int], p: float, g: torch.Generator
) -> tuple[torch.Tensor, int]:
    """Mirror with probability p, and change the label of classes that know left from right.

    Args:
        img: (C, H, W).
        label: the class, an int.
        swap: the class of the mirror image, for each class that changes; it holds both directions, as in
            {1: 2, 2: 1}. Classes that are not in it keep their label.
        p: from 0 (never) to 1 (always).
        g: the source of the one decision per call, which holds for image and label alike, also if the image is
            symmetric.

    Returns the tuple (img, label), with label an int.

    Example, p = 1, swap = {1: 2, 2: 1}:  ([[5 7]], 1)  becomes  ([[7 5]], 2)
    """
    ### BEGIN SOLUTION
    if torch.rand(1, generator=g).item() < p:
        return img.flip(-1), swap.get(label, label)
    return img, label
    ### END SOLUTION
