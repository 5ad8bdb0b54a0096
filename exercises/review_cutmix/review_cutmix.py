"""CutMix: a box of each picture comes from another one, and the labels are mixed by area."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor


def draw(high: int, g: torch.Generator) -> int:
    """A whole number from 0 to high - 1."""
    return int(torch.randint(high, (1,), generator=g))


def clipped(centre: int, side: int, size: int) -> tuple[int, int]:
    """Begin and end of a side around the centre, within the picture."""
    begin = centre - side // 2
    return max(begin, 0), min(begin + side, size)


def draw_box(h: int, w: int, lam: float, g: torch.Generator) -> tuple[int, int, int, int]:
    """Top, bottom, left, right of a box that would cover 1 - lam of the picture."""
    ratio = (1.0 - lam) ** 0.5
    top, bottom = clipped(draw(h, g), int(h * ratio), h)
    left, right = clipped(draw(w, g), int(w * ratio), w)
    return top, bottom, left, right


def cutmix(x: Tensor, y: Tensor, classes: int, lam: float, g: torch.Generator) -> tuple[Tensor, Tensor]:
    """Mixed pictures and soft labels (N, K); lam is the share each picture should keep."""
    n, _, h, w = x.shape
    partner = torch.randperm(n, generator=g)
    top, bottom, left, right = draw_box(h, w, lam, g)
    mixed = x
    for i in range(n):
        mixed[i, :, top:bottom, left:right] = x[partner[i], :, top:bottom, left:right]
    # The share of its own that each picture keeps.
    share = lam
    own = F.one_hot(y, classes).to(x.dtype)
    labels = share * own + (1.0 - share) * own[torch.randperm(n, generator=g)]
    return mixed, labels
