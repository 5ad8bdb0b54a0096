# /// answer
# mistake = "only-224-pixels"
# title = "the average pooling has a fixed window, made for images of 224 pixels"
# hint = "nn.AdaptiveAvgPool2d(pool_out) takes maps of every size."
# points = {vgg_block = 12, VGG = 4.66667, count_params = 6}
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


def count_params(m, trainable_only=False):
    params = list(m.parameters())
    if trainable_only:
        params = list(filter(lambda p: p.requires_grad, params))
    return sum(map(torch.Tensor.numel, params))


class _W(nn.Module):
    def __init__(self, cfg, num_classes, in_channels=3, batch_norm=False, hidden=4096, dropout=0.5, pool_out=7):
        super().__init__()
        mods = []
        c = in_channels
        for item in cfg:
            if item == "M":
                mods.append(nn.MaxPool2d(kernel_size=2, stride=2))
                continue
            mods.extend(self.layer(c, int(item), batch_norm))
            c = int(item)
        self.features = nn.Sequential(*mods)
        self.avgpool = nn.AdaptiveAvgPool2d((pool_out, pool_out))
        self.classifier = nn.Sequential(*self.head(c * pool_out * pool_out, hidden, num_classes, dropout))

    def layer(self, a, b, bn):
        r = [nn.Conv2d(a, b, kernel_size=3, padding=1)]
        if bn:
            r.append(nn.BatchNorm2d(b))
        return r + [nn.ReLU(inplace=True)]

    def head(self, d, h, k, p):
        return [
            nn.Linear(d, h),
            nn.ReLU(True),
            nn.Dropout(p),
            nn.Linear(h, h),
            nn.ReLU(True),
            nn.Dropout(p),
            nn.Linear(h, k),
        ]

    def forward(self, x):
        return self.classifier(torch.flatten(self.avgpool(self.features(x)), 1))


class VGG(_W):
    def forward(self, x):
        return self.classifier(self.features(x).flatten(1))
