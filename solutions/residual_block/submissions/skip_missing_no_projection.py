# /// answer
# mistake = "skip-missing"
# title = "the input is not added at all"
# hint = "y = ReLU(F(x) + S(x)): without S(x) this is a plain stack of layers."
# points = {BasicBlock = 7.75, Bottleneck = 35}
# ///
import torch
import torch.nn.functional as F
from torch import nn


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


class _B(nn.Module):
    expansion = 1

    def __init__(self, in_ch, ch=None, stride=1, out_ch=None, mid_ch=None):
        super().__init__()
        ch = ch or out_ch or mid_ch
        e = self.expansion
        if e == 1:
            spec = [(in_ch, ch, 3, stride), (ch, ch, 3, 1)]
        else:
            spec = [(in_ch, ch, 1, 1), (ch, ch, 3, stride), (ch, ch * e, 1, 1)]
        spec = self.spec(spec, stride)
        self.convs = nn.ModuleList([nn.Conv2d(a, b, k, s, k // 2, bias=False) for a, b, k, s in spec])
        self.bns = nn.ModuleList([nn.BatchNorm2d(b) for a, b, k, s in spec])
        self.proj = (
            nn.Sequential(nn.Conv2d(in_ch, ch * e, 1, stride, bias=False), nn.BatchNorm2d(ch * e))
            if self.need(in_ch, ch * e, stride)
            else None
        )
        self.extra()

    def spec(self, s, stride):
        return s

    def need(self, a, b, s):
        return a != b or s != 1

    def extra(self):
        pass

    def branch(self, x):
        for i, (c, b) in enumerate(zip(self.convs, self.bns)):
            x = b(c(x))
            if i < len(self.convs) - 1:
                x = self.mid(x)
        return x

    def mid(self, x):
        return F.relu(x)

    def short(self, x):
        return x if self.proj is None else self.proj(x)

    def forward(self, x):
        return F.relu(self.branch(x) + self.short(x))


class BasicBlock(_B):
    def forward(self, x):
        return F.relu(self.branch(x))

    def need(self, *a):
        return False
