# /// answer
# right = true
# title = "Lazy layers, biases in the convolutions, the projection registered first"
# ///
import torch
from torch import nn
from torch.nn import functional as F


class _Residual(nn.Module):
    """Convolutions with their biases, and input channels found out on the first call."""

    def _project(self, needed, channels, stride):
        self.conv_skip = nn.LazyConv2d(channels, kernel_size=1, stride=stride) if needed else None
        self.bn_skip = nn.LazyBatchNorm2d() if needed else None

    def _add(self, Y, X):
        if self.conv_skip is not None:
            X = self.bn_skip(self.conv_skip(X))
        Y += X
        return F.relu(Y)


class BasicBlock(_Residual):
    expansion = 1

    def __init__(self, in_ch, out_ch, stride=1):
        super().__init__()
        self._project(stride > 1 or in_ch != out_ch, out_ch, stride)
        self.conv1 = nn.LazyConv2d(out_ch, kernel_size=3, padding=1, stride=stride)
        self.conv2 = nn.LazyConv2d(out_ch, kernel_size=3, padding=1)
        self.bn1 = nn.LazyBatchNorm2d()
        self.bn2 = nn.LazyBatchNorm2d()

    def forward(self, X):
        Y = F.relu(self.bn1(self.conv1(X)))
        return self._add(self.bn2(self.conv2(Y)), X)


class Bottleneck(_Residual):
    expansion = 4

    def __init__(self, in_ch, mid_ch, stride=1):
        super().__init__()
        self._project(stride > 1 or in_ch != 4 * mid_ch, 4 * mid_ch, stride)
        self.conv1 = nn.LazyConv2d(mid_ch, kernel_size=1)
        self.conv2 = nn.LazyConv2d(mid_ch, kernel_size=3, padding=1, stride=stride)
        self.conv3 = nn.LazyConv2d(4 * mid_ch, kernel_size=1)
        self.bn1 = nn.LazyBatchNorm2d()
        self.bn2 = nn.LazyBatchNorm2d()
        self.bn3 = nn.LazyBatchNorm2d()

    def forward(self, X):
        Y = F.relu(self.bn1(self.conv1(X)))
        Y = torch.relu(self.bn2(self.conv2(Y)))
        return self._add(self.bn3(self.conv3(Y)), X)
