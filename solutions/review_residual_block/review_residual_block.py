"""Residual blocks that begin with their activation."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor, nn


def conv3x3(in_ch: int, ch: int, stride: int = 1) -> nn.Conv2d:
    """3×3, padded so that stride 1 keeps the size; BatchNorm follows, so no bias."""
    return nn.Conv2d(in_ch, ch, kernel_size=3, stride=stride, padding=1, bias=False)


class Block(nn.Module):
    """shortcut(x) + bn2(conv2(relu(bn1(conv1(relu(x))))))."""

    def __init__(self, in_ch: int, ch: int, stride: int = 1) -> None:
        super().__init__()
        self.conv1 = conv3x3(in_ch, ch, stride)
        self.bn1 = nn.BatchNorm2d(ch)
        self.conv2 = conv3x3(ch, ch)
        self.bn2 = nn.BatchNorm2d(ch)
        self.shortcut = nn.Identity()
        if stride != 1 or in_ch != ch:
            projection = nn.Conv2d(in_ch, ch, kernel_size=1, stride=stride, bias=False)
            self.shortcut = nn.Sequential(projection, nn.BatchNorm2d(ch))

    def forward(self, x: Tensor) -> Tensor:
        """(N, in_ch, H, W) to (N, ch, ceil(H / stride), ceil(W / stride))."""
        out = F.relu(x)
        out = self.bn1(self.conv1(out))
        out = F.relu(out, inplace=True)
        out = self.bn2(self.conv2(out))
        out += self.shortcut(x)
        return out


class Stage(nn.Sequential):
    """Some blocks; the first changes width and size."""

    def __init__(self, in_ch: int, ch: int, depth: int, stride: int) -> None:
        blocks = [Block(in_ch, ch, stride)]
        blocks += [Block(ch, ch) for _ in range(depth - 1)]
        super().__init__(*blocks)
