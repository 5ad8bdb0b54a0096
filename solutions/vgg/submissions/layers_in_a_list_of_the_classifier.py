# /// answer
# mistake = "layers-in-a-list"
# title = "the layers sit in a Python list, where the module does not find them"
# hint = "A plain list hides layers from parameters() and train(): use nn.Sequential or nn.ModuleList."
# points = {vgg_block = 12, VGG = 0, count_params = 6}
# ///
from collections import OrderedDict

import torch
import torch.nn.functional as F
from torch import nn


def conv_unit(a, b, bn):
    parts = [("conv", nn.Conv2d(a, b, 3, 1, 1))]
    if bn:
        parts.append(("bn", nn.BatchNorm2d(b)))
    parts.append(("act", nn.ReLU()))
    return nn.Sequential(OrderedDict(parts))


def vgg_block(n_convs, c_in, c_out, batch_norm=False):
    widths = [c_in] + [c_out] * n_convs
    units = [conv_unit(a, b, batch_norm) for a, b in zip(widths, widths[1:])]
    return nn.Sequential(*units, nn.MaxPool2d(2, 2))


class VGG(nn.Module):
    def __init__(self, cfg, num_classes, in_channels=3, batch_norm=False, hidden=4096, dropout=0.5, pool_out=7):
        super().__init__()
        self.features = nn.Sequential()
        width = in_channels
        for i, item in enumerate(cfg):
            if isinstance(item, str):
                self.features.add_module(f"pool{i}", nn.MaxPool2d(2, 2))
            else:
                self.features.add_module(f"unit{i}", conv_unit(width, item, batch_norm))
                width = item
        self.avgpool = nn.AdaptiveAvgPool2d((pool_out, pool_out))
        head = []
        size = width * pool_out * pool_out
        for _ in range(2):
            head += [nn.Linear(size, hidden), nn.ReLU(), nn.Dropout(dropout)]
            size = hidden
        head.append(nn.Linear(size, num_classes))
        self.head = head

    def classifier(self, rows):
        for layer in self.head:
            rows = layer(rows)
        return rows

    def forward(self, x):
        maps = self.avgpool(self.features(x))
        rows = maps.reshape(maps.size(0), -1)
        return self.classifier(rows)


def count_params(m, trainable_only=False):
    wanted = (p for p in m.parameters() if p.requires_grad or not trainable_only)
    return sum(p.nelement() for p in wanted)
