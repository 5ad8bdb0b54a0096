# /// answer
# right = true
# ///
import math
from functools import partial

import torch
import torch.nn.functional as F
from support import BasicBlock, Bottleneck
from torch import nn


class ResNet(nn.Module):
    def __init__(
        self, block, layers, num_classes=10, in_channels=3, width=64, stem="cifar", zero_init_residual=False
    ):
        super().__init__()
        layers = list(layers)
        features = width * 2 ** (len(layers) - 1) * block.expansion
        self.fc = nn.Linear(features, num_classes)
        self.big = stem == "imagenet"
        if self.big:
            self.first = nn.Conv2d(in_channels, width, 7, 2, 3, bias=False)
        else:
            self.first = nn.Conv2d(in_channels, width, 3, 1, 1, bias=False)
        self.norm = nn.BatchNorm2d(width)
        self.body = nn.ModuleList()
        previous = width
        for stage, n in enumerate(layers):
            ch = width << stage
            self.body.append(block(previous, ch, stride=2 if stage else 1))
            previous = ch * block.expansion
            self.body.extend(block(previous, ch) for _ in range(n - 1))
        self.apply(self.init)
        if zero_init_residual:
            for b in self.body:
                last = b.bn3 if isinstance(b, Bottleneck) else b.bn2
                last.weight.data.zero_()

    @staticmethod
    def init(m):
        if isinstance(m, nn.Conv2d):
            fan_out = m.out_channels * m.kernel_size[0] * m.kernel_size[1]
            bound = math.sqrt(6 / fan_out)
            nn.init.uniform_(m.weight, -bound, bound)
        elif isinstance(m, nn.Linear):
            nn.init.normal_(m.weight, 0, 0.01)
            nn.init.zeros_(m.bias)

    def forward_features(self, x):
        x = F.relu(self.norm(self.first(x)))
        if self.big:
            x = F.max_pool2d(x, 3, 2, 1)
        for b in self.body:
            x = b(x)
        return torch.mean(x, dim=(-2, -1))

    def forward(self, x):
        return self.fc(self.forward_features(x))


resnet18 = partial(ResNet, BasicBlock, (2, 2, 2, 2))
resnet50 = partial(ResNet, Bottleneck, (3, 4, 6, 3))
