# /// answer
# mistake = "counts-buffers"
# title = "the statistics of BatchNorms are counted, too"
# hint = "state_dict() holds buffers as well: use m.parameters()."
# points = {vgg_block = 12, VGG = 22, count_params = 5.25}
# ///
import torch
from torch import nn


def conv_layers(channels, batch_norm):
    yield nn.LazyConv2d(channels, kernel_size=3, padding=1)
    if batch_norm:
        yield nn.LazyBatchNorm2d()
    yield nn.ReLU()


def vgg_block(n_convs, c_in, c_out, batch_norm=False):
    layers = []
    while n_convs:
        layers.extend(conv_layers(c_out, batch_norm))
        n_convs -= 1
    layers.append(nn.MaxPool2d(2, 2))
    return nn.Sequential(*layers)


class VGG(nn.Module):
    def __init__(self, cfg, num_classes, in_channels=3, batch_norm=False, hidden=4096, dropout=0.5, pool_out=7):
        super().__init__()
        layers = []
        for c in cfg:
            layers.extend([nn.MaxPool2d(2, 2)] if c == "M" else conv_layers(c, batch_norm))
        self.features = nn.Sequential(*layers)
        self.avgpool = nn.AdaptiveAvgPool2d(pool_out)
        head = []
        for _ in range(2):
            head += [nn.LazyLinear(hidden), nn.Dropout(dropout), nn.ReLU()]
        self.classifier = nn.Sequential(*head, nn.LazyLinear(num_classes))

    def forward(self, x):
        out = self.features(x)
        out = self.avgpool(out)
        out = torch.flatten(out, start_dim=1)
        return self.classifier(out)


def count_params(m, trainable_only=False):
    if trainable_only:
        return sum(p.numel() for p in m.parameters() if p.requires_grad)
    return sum(p.numel() for p in m.parameters()) + sum(b.numel() for b in m.buffers())
