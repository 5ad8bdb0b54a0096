"""A small residual network built from numbers."""

from __future__ import annotations

from collections.abc import Sequence

import torch.nn.functional as F
from torch import Tensor, nn


class Unit(nn.Module):
    """x + conv(relu(x)), of one width."""

    def __init__(self, ch: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(ch, ch, 3, padding="same", bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """Same shape as x."""
        return x + self.conv(F.relu(x))


class Stage(nn.Module):
    """A convolution that halves the size, then `depth` units."""

    def __init__(self, in_ch: int, ch: int, depth: int) -> None:
        super().__init__()
        self.down = nn.Conv2d(in_ch, ch, 3, stride=2, padding=1, bias=False)
        self.units = nn.Sequential(*[Unit(ch) for _ in range(depth)])

    def forward(self, x: Tensor) -> Tensor:
        """(N, in_ch, H, W) to (N, ch, ceil(H / 2), ceil(W / 2))."""
        return self.units(self.down(x))


class Network(nn.Module):
    """Stages, global average, one linear layer."""

    def __init__(self, widths: Sequence[int], depth: int, classes: int, in_ch: int) -> None:
        super().__init__()
        self.stages = nn.ModuleList()
        for ch in widths:
            self.stages.append(Stage(in_ch, ch, depth))
            in_ch = ch
        self.fc = nn.Linear(widths[-1], classes)

    def forward(self, x: Tensor) -> Tensor:
        """Logits (N, K)."""
        for stage in self.stages:
            x = stage(x)
        return self.fc(x.mean((-1, -2)))


def build(widths: Sequence[int], depth: int, classes: int, in_ch: int = 3) -> Network:
    """A network with one stage a width; widths are made a list, so that an iterator serves, too."""
    return Network(list(widths), depth, classes, in_ch)
