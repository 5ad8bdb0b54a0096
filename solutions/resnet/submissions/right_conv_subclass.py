# /// answer
# right = true
# title = "Own blocks of a convolution that initialises itself, border of -inf around the max-pool"
# ///
import math

import torch
import torch.nn.functional as F
from torch import nn


class HeConv(nn.Conv2d):
    def __init__(self, i, o, k, s=1):
        super().__init__(i, o, k, stride=s, padding=k // 2, bias=False)

    def reset_parameters(self):
        o, _, h, w = self.weight.shape
        with torch.no_grad():
            self.weight.normal_(0.0, math.sqrt(2.0 / (o * h * w)))


class Norm(nn.BatchNorm2d):
    last = False


class _Base(nn.Module):
    def __init__(self, plan, i, o, s):
        super().__init__()
        convs, norms = [], []
        for a, b, k, stride in plan:
            convs.append(HeConv(a, b, k, stride))
            norms.append(Norm(b))
        norms[-1].last = True
        self.norms = nn.ModuleList(norms)
        self.convs = nn.ModuleList(convs)
        if (i, s) != (o, 1):
            self.proj, self.proj_norm = HeConv(i, o, 1, s), Norm(o)

    def forward(self, x):
        y = x
        for k, (c, n) in enumerate(zip(self.convs, self.norms)):
            y = n(c(y))
            if k + 1 < len(self.convs):
                y = y.relu()
        if hasattr(self, "proj"):
            x = self.proj_norm(self.proj(x))
        return (x + y).relu_()


class BasicBlock(_Base):
    expansion = 1

    def __init__(self, in_ch, ch, stride=1):
        super().__init__([(in_ch, ch, 3, stride), (ch, ch, 3, 1)], in_ch, ch, stride)


class Bottleneck(_Base):
    expansion = 4

    def __init__(self, in_ch, ch, stride=1):
        plan = [(in_ch, ch, 1, 1), (ch, ch, 3, stride), (ch, ch * 4, 1, 1)]
        super().__init__(plan, in_ch, ch * 4, stride)


class ResNet(nn.Module):
    def __init__(self, block, layers, num_classes=10, in_channels=3, width=64, stem="cifar", zero_init_residual=False):
        super().__init__()
        self.stem = stem
        self.entry = HeConv(in_channels, width, 7, 2) if stem == "imagenet" else HeConv(in_channels, width, 3)
        self.entry_norm = Norm(width)
        channels, self.stages = width, nn.ModuleDict()
        for level, depth in enumerate(layers):
            stage = nn.ModuleList()
            while len(stage) < depth:
                stage.append(block(channels, width, 1 if stage or level == 0 else 2))
                channels = width * block.expansion
            self.stages[str(level)] = stage
            width = width * 2
        self.fc = nn.Linear(channels, num_classes)
        if zero_init_residual:
            for module in self.modules():
                if getattr(module, "last", False) is True:
                    nn.init.zeros_(module.weight)

    def forward_features(self, x):
        h = self.entry_norm(self.entry(x)).clamp(min=0)
        if self.stem == "imagenet":
            h = F.max_pool2d(F.pad(h, (1, 1, 1, 1), value=float("-inf")), 3, 2)
        for stage in self.stages.values():
            for block in stage:
                h = block(h)
        return F.adaptive_avg_pool2d(h, 1)[:, :, 0, 0]

    def forward(self, images):
        return self.fc(self.forward_features(images))


def resnet18(**kw):
    net = ResNet(BasicBlock, [2] * 4, **kw)
    return net


def resnet50(*, num_classes=10, in_channels=3, width=64, stem="cifar", zero_init_residual=False):
    return ResNet(Bottleneck, iter([3, 4, 6, 3]), num_classes, in_channels, width, stem, zero_init_residual)
