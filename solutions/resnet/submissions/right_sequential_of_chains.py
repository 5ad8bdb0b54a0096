# /// answer
# right = true
# title = "The network is an nn.Sequential, initialised recursively"
# ///
from itertools import chain

import torch.nn as nn
from support import BasicBlock, Bottleneck


class ConvLayer(nn.Sequential):
    def __init__(self, ni, nf, ks=3, stride=1):
        super().__init__(nn.Conv2d(ni, nf, ks, stride, (ks - 1) // 2, bias=False), nn.BatchNorm2d(nf), nn.ReLU(True))


def init_cnn(m):
    if isinstance(m, nn.Conv2d):
        nn.init.kaiming_uniform_(m.weight, mode="fan_out", nonlinearity="relu")
    for child in m.children():
        init_cnn(child)


class Pool(nn.Module):
    def forward(self, x):
        return x.flatten(2).mean(-1)


class ResNet(nn.Sequential):
    def __init__(self, block, layers, num_classes=10, in_channels=3, width=64, stem="cifar", zero_init_residual=False):
        first = [ConvLayer(in_channels, width)] if stem == "cifar" else [
            ConvLayer(in_channels, width, 7, 2), nn.MaxPool2d(3, 2, 1)]
        counts = tuple(layers)
        szs = [width] + [width * 2**i * block.expansion for i in range(len(counts))]
        stages = []
        for i, n in enumerate(counts):
            ins = chain([szs[i]], [szs[i + 1]] * (n - 1))
            stages.append(nn.Sequential(*(
                block(ni, width * 2**i, 2 if i and not j else 1) for j, ni in enumerate(ins))))
        super().__init__()
        self.add_module("body", nn.Sequential(*first, *stages, Pool()))
        self.add_module("fc", nn.Linear(szs[-1], num_classes))
        init_cnn(self)
        if zero_init_residual:
            for m in self.modules():
                for kind, name in ((BasicBlock, "bn2"), (Bottleneck, "bn3")):
                    if type(m) is kind:
                        getattr(m, name).weight.data.fill_(0.0)

    def forward_features(self, x):
        return self.body(x)


resnet18 = lambda **kw: ResNet(BasicBlock, (2, 2, 2, 2), **kw)
resnet50 = lambda **kw: ResNet(Bottleneck, (3, 4, 6, 3), **kw)
