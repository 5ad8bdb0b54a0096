# /// answer
# mistake = "relu-missing-between-convs"
# title = "there is one ReLU per group instead of one per convolution"
# hint = "Two convolutions with no ReLU between them are one linear map: a ReLU follows each convolution."
# points = {vgg_block = 4.32, VGG = 8.333, count_params = 6}
# ///
import torch
import torch.nn as nn


def vgg_block(n_convs, c_in, c_out, batch_norm=False):
    layers = []
    for _ in range(n_convs):
        layers.append(nn.Conv2d(c_in, c_out, kernel_size=3, padding=1))
        if batch_norm:
            layers.append(nn.BatchNorm2d(c_out))
        c_in = c_out
    layers.append(nn.ReLU())
    layers.append(nn.MaxPool2d(kernel_size=2, stride=2))
    return nn.Sequential(*layers)


class VGG(nn.Module):
    def __init__(self, cfg, num_classes, in_channels=3, batch_norm=False, hidden=4096, dropout=0.5, pool_out=7):
        super().__init__()
        layers = []
        c = in_channels
        for v in cfg:
            if v == "M":
                layers += [nn.ReLU(inplace=True), nn.MaxPool2d(2, 2)]
            else:
                layers.append(nn.Conv2d(c, v, 3, padding=1))
                if batch_norm:
                    layers.append(nn.BatchNorm2d(v))
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
