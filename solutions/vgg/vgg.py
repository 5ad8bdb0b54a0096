"""VGG: a deep network from nothing but 3x3 convolutions, 2x2 pooling and three dense layers.

What holds for the whole file:
    - Convolutions are nn.Conv2d with kernel 3, stride 1, padding 1 and a bias, also where a BatchNorm follows.
    - Normalisations are nn.BatchNorm2d with its default arguments, dense layers nn.Linear with a bias (subclasses and
      the lazy kinds serve).
    - Each convolution is followed by its own BatchNorm (if batch_norm is True) and then by a ReLU.
    - Pooling is a 2x2 max-pool with stride 2 and no padding; a last odd row or column is left out.
    - There are no parameters but those of the layers named here. Each layer is used once in a forward pass, and
      gradients reach all of them.
    - How weights are initialised, the order of ReLU and Dropout, and names that are not given here are up to you.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import nn


def vgg_block(n_convs: int, c_in: int, c_out: int, batch_norm: bool = False) -> nn.Sequential:
    """n_convs times convolution, (BatchNorm,) ReLU, and then one max-pool.

        (N, c_in, H, W)  ->  (N, c_out, H // 2, W // 2)

    Args:
        n_convs: how many convolutions, 1 or more.
        c_in: channels of the block's input, which only the first convolution sees.
        c_out: channels after each convolution.
        batch_norm: whether a BatchNorm stands between each convolution and its ReLU.

    Returns an nn.Sequential that ends with the pooling.

    Example, vgg_block(2, 1, 1) on an image of 2x4. Both kernels are [[0, 0, 0], [0, 1, -1], [0, 0, 0]], each pixel
    minus its right neighbour (0 beyond the border), and the biases are 0:

        x                   [5 1 -2 7]    [ 0  3 3 -1]
        first convolution   [4 3 -9 7]    [-3  0 4 -1]
        ReLU                [4 3  0 7]    [ 0  0 4  0]
        second convolution  [1 3 -7 7]    [ 0 -4 4  0]
        ReLU                [1 3  0 7]    [ 0  0 4  0]
        2x2 max-pool        [3 7]
    """
    ### BEGIN SOLUTION
    layers: list[nn.Module] = []
    for _ in range(n_convs):
        layers.append(nn.Conv2d(c_in, c_out, 3, padding=1))
        if batch_norm:
            layers.append(nn.BatchNorm2d(c_out))
        layers.append(nn.ReLU())
        c_in = c_out
    return nn.Sequential(*layers, nn.MaxPool2d(2))
    ### END SOLUTION


class VGG(nn.Module):
    """The network: images (N, in_channels, H, W) of any size that the poolings leave something of, to (N, num_classes).

    Args:
        cfg: the convolutional part, a list or tuple that is read from left to right. An int c is a convolution to c
            channels, (BatchNorm,) ReLU; "M" is a max-pool. Numbers in a row may differ, an "M" may follow another, and
            the last entry may be a number. VGG-11 is
            [64, "M", 128, "M", 256, 256, "M", 512, 512, "M", 512, 512, "M"].
        num_classes: how many logits come out.
        in_channels: channels of the images.
        batch_norm: whether a BatchNorm stands between each convolution and its ReLU.
        hidden: width of the first two dense layers.
        dropout: probability that an element is dropped, in both Dropouts.
        pool_out: the convolutional part's result is averaged to pool_out x pool_out, an int.

    Three attributes, each of them a module that can be called, with c for the last number of channels in cfg:
        features: the layers of cfg, (N, in_channels, H, W) to (N, c, H', W').
        avgpool: adaptive average pooling, (N, c, H', W') to (N, c, pool_out, pool_out), whether H' and W' are larger
            or smaller.
        classifier: three dense layers, (N, c * pool_out * pool_out) to (N, num_classes): c * pool_out * pool_out to
            hidden, hidden to hidden, hidden to num_classes. A ReLU and a Dropout follow each of the first two; nothing
            follows the last: its outputs are logits, not probabilities.

    The result is that of `features`, `avgpool` and `classifier` one after the other; between the last two, each image's
    (c, pool_out, pool_out) becomes one row, in this order of axes. Dropout acts in training mode only, and there is
    none but these two.

    Example, VGG([1, "M"], 2, in_channels=1, hidden=2, pool_out=1) on the image of vgg_block's example, with the same
    kernel; each dense weight is 1 and each dense bias -4; evaluation mode:

        ReLU and max-pool   [4 7]                 1x2
        avgpool             [5.5]                 1x1
        first dense, ReLU   [1.5 1.5]             5.5 - 4
        second dense, ReLU  [0 0]                 1.5 + 1.5 - 4 = -1, and the ReLU makes it 0
        third dense         [-4 -4]               the logits
    """

    def __init__(
        self,
        cfg: Sequence[int | str],
        num_classes: int,
        in_channels: int = 3,
        batch_norm: bool = False,
        hidden: int = 4096,
        dropout: float = 0.5,
        pool_out: int = 7,
    ) -> None:
        super().__init__()
        ### BEGIN SOLUTION
        layers: list[nn.Module] = []
        channels = in_channels
        for entry in cfg:
            if isinstance(entry, str):
                layers.append(nn.MaxPool2d(2))
                continue
            layers.append(nn.Conv2d(channels, entry, 3, padding=1))
            if batch_norm:
                layers.append(nn.BatchNorm2d(entry))
            layers.append(nn.ReLU())
            channels = entry
        self.features = nn.Sequential(*layers)
        self.avgpool = nn.AdaptiveAvgPool2d(pool_out)
        self.classifier = nn.Sequential(
            nn.Linear(channels * pool_out * pool_out, hidden),
            nn.ReLU(),
            nn.Dropout(dropout),
            nn.Linear(hidden, hidden),
            nn.ReLU(),
            nn.Dropout(dropout),
            nn.Linear(hidden, num_classes),
        )
        ### END SOLUTION

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """x: (N, in_channels, H, W) to logits: (N, num_classes)."""
        ### BEGIN SOLUTION
        x = self.avgpool(self.features(x))
        logits: torch.Tensor = self.classifier(torch.flatten(x, 1))
        return logits
        ### END SOLUTION


def count_params(m: nn.Module, trainable_only: bool = False) -> int:
    """How many numbers the parameters of a module hold, those of all its submodules included.

    Args:
        m: any module. Its parameters may lie on any device, "meta" included, where tensors have shapes but no values.
        trainable_only: count only parameters with requires_grad.

    A parameter that several layers share counts once. Buffers, such as the running statistics of a BatchNorm, are no
    parameters. Returns an int; the module is not changed.

    Example: nn.Linear(3, 2) holds 6 weights and 2 biases, 8; with its bias frozen 6 of them are trainable.
    """
    ### BEGIN SOLUTION
    return sum(p.numel() for p in m.parameters() if p.requires_grad or not trainable_only)
    ### END SOLUTION
