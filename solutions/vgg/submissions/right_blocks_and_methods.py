# /// answer
# right = true
# title = "Parts built by methods, ReLU in place, Flatten inside the classifier, He initialisation"
# ///
import math

import torch.nn as nn


def vgg_block(n_convs, c_in, c_out, batch_norm=False):
    block = nn.Sequential()
    for i in range(n_convs):
        block.add_module(f"conv{i}", nn.Conv2d(c_in if i == 0 else c_out, c_out, kernel_size=3, stride=1, padding=1))
        if batch_norm:
            block.add_module(f"norm{i}", nn.BatchNorm2d(c_out))
        block.add_module(f"relu{i}", nn.ReLU(inplace=True))
    block.add_module("pool", nn.MaxPool2d(kernel_size=2, stride=2))
    return block


class VGG(nn.Module):
    def __init__(
        self, cfg, num_classes, in_channels=3, batch_norm=False, hidden=4096, dropout=0.5, pool_out=7
    ):
        super().__init__()
        self.features = self._make_layers(cfg, in_channels, batch_norm)
        self.avgpool = nn.AdaptiveAvgPool2d((pool_out, pool_out))
        last = [v for v in cfg if v != "M"][-1]
        self.classifier = nn.Sequential(
            nn.Flatten(),
            nn.Linear(last * pool_out * pool_out, hidden),
            nn.ReLU(True),
            nn.Dropout(p=dropout),
            nn.Linear(hidden, hidden),
            nn.ReLU(True),
            nn.Dropout(p=dropout),
            nn.Linear(hidden, num_classes),
        )
        self._initialize_weights()

    @staticmethod
    def _make_layers(cfg, c, batch_norm):
        layers = []
        for v in cfg:
            if v == "M":
                layers += [nn.MaxPool2d(kernel_size=2, stride=2)]
            else:
                conv2d = nn.Conv2d(c, v, kernel_size=3, padding=1)
                if batch_norm:
                    layers += [conv2d, nn.BatchNorm2d(v), nn.ReLU(inplace=True)]
                else:
                    layers += [conv2d, nn.ReLU(inplace=True)]
                c = v
        return nn.Sequential(*layers)

    def _initialize_weights(self):
        for m in self.modules():
            if isinstance(m, nn.Conv2d):
                nn.init.kaiming_normal_(m.weight, mode="fan_out", nonlinearity="relu")
                nn.init.constant_(m.bias, 0)
            elif isinstance(m, nn.Linear):
                nn.init.normal_(m.weight, 0, 0.01)
                nn.init.zeros_(m.bias)

    def forward(self, x):
        return self.classifier(self.avgpool(self.features(x)))


def count_params(m, trainable_only=False):
    total = 0
    for p in m.parameters():
        if trainable_only and not p.requires_grad:
            continue
        total += math.prod(p.shape)
    return total
