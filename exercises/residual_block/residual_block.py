"""Residual blocks: layers that learn a correction to their input.

Both blocks map x: (N, in_ch, H, W) to y: (N, out, H', W') and compute

    y = ReLU( F(x) + S(x) )

F, the branch, is a chain of convolutions, each followed by its own BatchNorm. S, the shortcut, is x itself wherever
F(x) has the shape of x. Where it has not (stride is not 1, or the number of channels changes), S is a projection: a
1x1 convolution with the block's stride and no padding, followed by its own BatchNorm and by no ReLU.

What holds for both:
    - Convolutions are nn.Conv2d and normalisations nn.BatchNorm2d with its default arguments (subclasses and the
      lazy kinds serve). A bias in the convolutions is up to you: the BatchNorm behind each makes it redundant.
    - The block has no parameters but those named below, and it uses each BatchNorm exactly once in a forward pass.
      There is no projection, not even an unused one, where the shape stays the same.
    - The order is convolution, BatchNorm, ReLU ("post-activation").
    - x belongs to the caller: forward does not change it. Working in place on tensors of your own is fine.
    - Gradients flow to x through the branch and through the shortcut.
    - Names of attributes, the order in which layers are registered and how weights are initialised are up to you.
      Only `expansion` has a fixed name: networks read it, from the class or from a block, to learn how many channels
      come out.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import nn


class BasicBlock(nn.Module):
    """Two 3x3 convolutions and a shortcut: the block of ResNet-18 and ResNet-34.

        F(x) = BN(conv3x3( ReLU(BN(conv3x3(x))) ))

    Args:
        in_ch: channels of x.
        out_ch: channels of y, and of the tensor between the two convolutions.
        stride: of the first 3x3 and of the projection; the second 3x3 always has stride 1. Any int from 1 up.

    Both 3x3 convolutions have padding 1. The projection (see above) is there if stride != 1 or in_ch != out_ch.

    Example, with one channel, in evaluation mode. A BatchNorm that has seen no data then only divides by
    sqrt(1 + 1e-5), left out here. Both kernels are [[0, 0, 0], [0, 1, -1], [0, 0, 0]]: each pixel minus its right
    neighbour.

        x                   [ 2 -3  1]    [ 0  1  4]
        first convolution   [ 5 -4  1]    [-1 -3  4]
        ReLU                [ 5  0  1]    [ 0  0  4]
        second convolution  [ 5 -1  1]    [ 0 -4  4]
        plus x              [ 7 -4  2]    [ 0 -3  8]
        ReLU                [ 7  0  2]    [ 0  0  8]
    """

    expansion: int = 1

    def __init__(self, in_ch: int, out_ch: int, stride: int = 1) -> None:
        super().__init__()
        raise NotImplementedError("residual_block: BasicBlock")

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """x: (N, in_ch, H, W) to y: (N, out_ch, ceil(H / stride), ceil(W / stride))."""
        raise NotImplementedError("residual_block: BasicBlock.forward")


class Bottleneck(nn.Module):
    """1x1 down, 3x3, 1x1 up, and a shortcut: the block of ResNet-50 and deeper.

        F(x) = BN(conv1x1( ReLU(BN(conv3x3( ReLU(BN(conv1x1(x))) ))) ))
        channels:    4*mid_ch <- mid_ch        mid_ch <- mid_ch        mid_ch <- in_ch

    Args:
        in_ch: channels of x.
        mid_ch: channels around the 3x3; y has expansion * mid_ch = 4 * mid_ch channels.
        stride: of the 3x3 and of the projection; both 1x1 of the branch have stride 1. Any int from 1 up.

    The 3x3 has padding 1, the 1x1 have none. The projection (see above) is there if stride != 1 or
    in_ch != 4 * mid_ch.

    Example, Bottleneck(4, 1) on an image of 1x3 in evaluation mode, BatchNorm as in BasicBlock's example. Every
    weight of the 1x1 convolutions is -1; the 3x3 kernel takes each pixel minus its right neighbour.

        x, four channels             [-2  1  0]  [ 0 -2  3]  [-1  4 -1]  [ 1 -6 -1]
        1x1: minus their sum         [ 2  3 -1]
        ReLU, 3x3, ReLU              [ 2  3  0]  [-1  3  0]  [ 0  3  0]
        1x1: four times its negative [ 0 -3  0]  [ 0 -3  0]  [ 0 -3  0]  [ 0 -3  0]
        plus x                       [-2 -2  0]  [ 0 -5  3]  [-1  1 -1]  [ 1 -9 -1]
        ReLU                         [ 0  0  0]  [ 0  0  3]  [ 0  1  0]  [ 1  0  0]
    """

    expansion: int = 4

    def __init__(self, in_ch: int, mid_ch: int, stride: int = 1) -> None:
        super().__init__()
        raise NotImplementedError("residual_block: Bottleneck")

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """x: (N, in_ch, H, W) to y: (N, 4 * mid_ch, ceil(H / stride), ceil(W / stride))."""
        raise NotImplementedError("residual_block: Bottleneck.forward")
