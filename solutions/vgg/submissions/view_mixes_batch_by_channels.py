# /// answer
# mistake = "view-mixes-batch"
# title = "view(-1, D) makes several rows of one image"
# hint = "The number of rows is the number of images: flatten(x, 1), after avgpool."
# points = {vgg_block = 12, VGG = 6.333333, count_params = 6}
# ///

import torch
import torch.nn as nn


def conv_stack(widths, c_in, batch_norm):
    stack = []
    for width in widths:
        stack.append(nn.Conv2d(in_channels=c_in, out_channels=width, kernel_size=(3, 3), padding=(1, 1)))
        if batch_norm:
            stack.append(nn.BatchNorm2d(width))
        stack.append(nn.ReLU())
        c_in = width
    return stack


def vgg_block(n_convs, c_in, c_out, batch_norm=False):
    stack = conv_stack([c_out] * n_convs, c_in, batch_norm)
    stack.append(nn.MaxPool2d(kernel_size=2, stride=2))
    return nn.Sequential(*stack)


class VGG(nn.Module):
    def __init__(self, cfg, num_classes, in_channels=3, batch_norm=False, hidden=4096, dropout=0.5, pool_out=7):
        super().__init__()
        net = nn.Sequential()
        channels = in_channels
        for k, v in enumerate(cfg):
            if isinstance(v, str):
                net.add_module(f"pool{k}", nn.MaxPool2d(2))
                continue
            net.add_module(f"conv{k}", nn.Conv2d(channels, v, 3, 1, 1))
            if batch_norm:
                net.add_module(f"bn{k}", nn.BatchNorm2d(v))
            net.add_module(f"relu{k}", nn.ReLU())
            channels = v
        self.features = net
        self.avgpool = nn.AdaptiveAvgPool2d((pool_out, pool_out))
        self.classifier = nn.Sequential(
            nn.Linear(channels * pool_out ** 2, hidden),
            nn.ReLU(),
            nn.Dropout(dropout),
            nn.Linear(hidden, hidden),
            nn.ReLU(),
            nn.Dropout(dropout),
            nn.Linear(hidden, num_classes),
        )

    def forward(self, x):
        maps = self.avgpool(self.features(x))
        rows = maps.view(-1, maps.shape[1])
        return self.classifier(rows)


def count_params(m, trainable_only=False):
    total = 0
    for p in m.parameters():
        if p.requires_grad or not trainable_only:
            total += p.numel()
    return total
