# /// answer
# right = true
# title = "Units of convolution and BatchNorm, one base class"
# ///
from collections import OrderedDict

import torch
from torch import Tensor, nn


class ConvBN(nn.Sequential):
    """A convolution that keeps the size (at stride 1) and its BatchNorm."""

    def __init__(self, c_in: int, c_out: int, k: int, stride: int = 1) -> None:
        conv = nn.Conv2d(c_in, c_out, k, stride=stride, padding=(k - 1) // 2, bias=False)
        super().__init__(OrderedDict(conv=conv, norm=nn.BatchNorm2d(c_out)))


class Residual(nn.Module):
    """relu(branch(x) + skip(x))."""

    expansion: int

    def __init__(self, branch: nn.Module, c_in: int, c_out: int, stride: int) -> None:
        super().__init__()
        same = c_in == c_out and stride == 1
        self.skip = nn.Identity() if same else ConvBN(c_in, c_out, 1, stride)
        self.branch = branch

    def forward(self, x: Tensor) -> Tensor:
        return torch.relu(torch.add(self.skip(x), self.branch(x)))


class BasicBlock(Residual):
    expansion = 1

    def __init__(self, in_ch: int, out_ch: int, stride: int = 1) -> None:
        branch = nn.Sequential(
            ConvBN(in_ch, out_ch, 3, stride),
            nn.ReLU(),
            ConvBN(out_ch, out_ch, 3),
        )
        super().__init__(branch, in_ch, out_ch, stride)


class Bottleneck(Residual):
    expansion = 4

    def __init__(self, in_ch: int, mid_ch: int, stride: int = 1) -> None:
        branch = nn.Sequential(
            ConvBN(in_ch, mid_ch, 1),
            nn.ReLU(inplace=True),
            ConvBN(mid_ch, mid_ch, 3, stride),
            nn.ReLU(inplace=True),
            ConvBN(mid_ch, 4 * mid_ch, 1),
        )
        super().__init__(branch, in_ch, 4 * mid_ch, stride)
