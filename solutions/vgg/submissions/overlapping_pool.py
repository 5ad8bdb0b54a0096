# /// answer
# mistake = "overlapping-pool"
# title = "the max-pool has a window of 3x3"
# hint = "The window is 2x2 and moves by 2, without padding."
# points = {vgg_block = 2.8, VGG = 11, count_params = 6}
# ///
import torch
import torch.nn as nn


def vgg_block(n_convs, c_in, c_out, batch_norm=False):
    layers = []
    for _ in range(n_convs):
        layers.append(nn.Conv2d(c_in, c_out, kernel_size=3, padding=1))
        if batch_norm:
            layers.append(nn.BatchNorm2d(c_out))
        layers.append(nn.ReLU())
        c_in = c_out
    layers.append(nn.MaxPool2d(kernel_size=3, stride=2, padding=1))
    return nn.Sequential(*layers)


class VGG(nn.Module):
    def __init__(self, cfg, num_classes, in_channels=3, batch_norm=False, hidden=4096, dropout=0.5, pool_out=7):
        super().__init__()
        layers = []
        c = in_channels
        for v in cfg:
            if v == "M":
                layers.append(nn.MaxPool2d(3, 2, 1))
            else:
                layers.append(nn.Conv2d(c, v, 3, padding=1))
                if batch_norm:
                    layers.append(nn.BatchNorm2d(v))
                layers.append(nn.ReLU(inplace=True))
                c = v
        self.features = nn.Sequential(*layers)
        self.avgpool = nn.AdaptiveAvgPool2d((pool_out, pool_out))
        self.classifier = nn.Sequential(
            nn.Linear(c * pool_out * pool_out, hidden),
            nn.ReLU(inplace=True),
            nn.Dropout(dropout),
            nn.Linear(hidden, hidden),
            nn.ReLU(inplace=True),
            nn.Dropout(dropout),
            nn.Linear(hidden, num_classes),
        )

    def forward(self, x):
        x = self.features(x)
        x = self.avgpool(x)
        x = torch.flatten(x, 1)
        return self.classifier(x)


def count_params(m, trainable_only=False):
    total = 0
    for p in m.parameters():
        if p.requires_grad or not trainable_only:
            total += p.numel()
    return total
