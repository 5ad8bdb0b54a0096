"""ResNet: residual blocks, stacked in stages behind a stem.

`support.py` gives BasicBlock and Bottleneck. You may put your own in their place, under the same names and with the
same layers (no biases in the convolutions). A network uses of a block only
    - block(in_ch, ch, stride), with stride 1 if it is left out, which makes an nn.Module;
    - block.expansion: in_ch channels go in, ch * block.expansion channels come out.
ResNet takes every class of this kind.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import torch
import torch.nn.functional as F
from support import BasicBlock, Bottleneck
from torch import nn


class ResNet(nn.Module):
    """The network: images (N, in_channels, H, W) of any size to logits (N, num_classes).

    Args:
        block: the class of all blocks, see above.
        layers: how many blocks each stage has. Any iterable of ints, of any length from 1 up.
        num_classes: how many logits come out.
        in_channels: channels of the images.
        width: channels of the stem, and `ch` of the first stage's blocks; `ch` doubles from stage to stage.
        stem: "cifar": 3x3 convolution with stride 1 and padding 1, BatchNorm, ReLU.
            "imagenet": 7x7 convolution with stride 2 and padding 3, BatchNorm, ReLU, then a 3x3 max-pool with stride 2
            and padding 1. Both convolutions give `width` channels and have no bias.
        zero_init_residual: whether the weight of the last BatchNorm of each block's branch starts at 0 (bn2 in
            BasicBlock, bn3 in Bottleneck; asked of these two blocks only). All other weights of BatchNorms start at 1,
            all their biases at 0.

    The first block of each stage but the first has stride 2; all other blocks have stride 1. Every block is a module of
    its own: no two share weights, nor do two networks.

    Every convolution's weight, those in the blocks included, starts from He initialisation for ReLU by fan_out: mean 0
    and standard deviation sqrt(2 / (output channels * kernel height * kernel width)), normal or uniform. How `fc` is
    initialised is up to you, as are names of attributes but `fc`, and the order of registration.

    Behind the last stage each channel is averaged over all its pixels, which gives D = width * 2**(stages - 1) *
    block.expansion features per image; `fc` is an nn.Linear with bias from these to the logits, and nothing follows
    it. Convolutions are nn.Conv2d, normalisations nn.BatchNorm2d with default arguments. There are no
    other parameters, and gradients reach all of them. A network can also be made under torch.device("meta").

    Example: ResNet(BasicBlock, [1], num_classes=2, in_channels=1, width=1) on an image of 1x4. All 3x3 kernels are
    [[0, 0, 0], [0, 1, -1], [0, 0, 0]], each pixel minus its right neighbour; fc has weights 1 and biases -10:

        x                   [5 1 -2 7]
        stem                [4 3  0 7]        after its ReLU
        block               [2 6  0 14]       ReLU of [-2 3 -7 7] + [4 3 0 7]
        forward_features    [5.5]             22 / 4
        forward             [-4.5 -4.5]       5.5 - 10
    """

    def __init__(
        self,
        block: type[Any],
        layers: Iterable[int],
        num_classes: int = 10,
        in_channels: int = 3,
        width: int = 64,
        stem: str = "cifar",
        zero_init_residual: bool = False,
    ) -> None:
        super().__init__()
        raise NotImplementedError("resnet: ResNet")

    def forward_features(self, x: torch.Tensor) -> torch.Tensor:
        """x: (N, in_channels, H, W) to features (N, D), also for a batch of 1: what `fc` receives."""
        raise NotImplementedError("resnet: ResNet.forward_features")

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """x: (N, in_channels, H, W) to logits (N, num_classes): `fc`, whatever it is now, of forward_features(x)."""
        raise NotImplementedError("resnet: ResNet.forward")


def resnet18(**kw: Any) -> ResNet:
    """A ResNet of BasicBlocks, 2 in each of 4 stages; keywords go to ResNet, whose defaults hold for the others.

    Example: resnet18(stem="imagenet", num_classes=1000) has 11,689,512 parameters, resnet18() has 11,173,962.
    """
    raise NotImplementedError("resnet: resnet18")


def resnet50(**kw: Any) -> ResNet:
    """A ResNet of Bottlenecks, 3, 4, 6 and 3 in its 4 stages; keywords and defaults as in resnet18.

    Example: resnet50(stem="imagenet", num_classes=1000) has 25,557,032 parameters.
    """
    raise NotImplementedError("resnet: resnet50")
