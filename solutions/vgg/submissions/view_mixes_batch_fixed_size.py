# /// answer
# mistake = "view-mixes-batch"
# title = "view(-1, D) makes several rows of one image"
# hint = "The number of rows is the number of images: flatten(x, 1), after avgpool."
# points = {vgg_block = 12, VGG = 3, count_params = 6}
# ///
import torch
from torch import nn


def vgg_block(n_convs, c_in, c_out, batch_norm=False):
    seq = nn.Sequential()
    for i in range(n_convs):
        seq.append(nn.Conv2d(c_in, c_out, kernel_size=(3, 3), padding=(1, 1)))
        if batch_norm:
            seq.append(nn.BatchNorm2d(c_out))
        seq.append(nn.ReLU(inplace=True))
        c_in = c_out
    seq.append(nn.MaxPool2d(kernel_size=2))
    return seq


class VGG(nn.Module):
    def __init__(self, cfg, num_classes, in_channels=3, batch_norm=False, hidden=4096, dropout=0.5, pool_out=7):
        super().__init__()
        self.features = self._build(cfg, in_channels, batch_norm)
        last = [c for c in cfg if c != "M"][-1]
        self.avgpool = nn.AdaptiveAvgPool2d(pool_out)
        self.classifier = nn.Sequential(
            nn.Linear(last * pool_out ** 2, hidden),
            nn.ReLU(inplace=True),
            nn.Dropout(p=dropout),
            nn.Linear(hidden, hidden),
            nn.ReLU(inplace=True),
            nn.Dropout(p=dropout),
            nn.Linear(hidden, num_classes),
        )

    @staticmethod
    def _build(cfg, width, batch_norm):
        seq = nn.Sequential()
        for entry in cfg:
            if entry == "M":
                seq.append(nn.MaxPool2d(2))
                continue
            seq.append(nn.Conv2d(width, entry, 3, padding=1))
            if batch_norm:
                seq.append(nn.BatchNorm2d(entry))
            seq.append(nn.ReLU(inplace=True))
            width = entry
        return seq

    def forward(self, x):
        x = self.features(x)
        x = self.avgpool(x)
        return self.classifier(x.view(-1, 512 * 7 * 7))


def count_params(m, trainable_only=False):
    total = 0
    for p in m.parameters():
        if trainable_only and not p.requires_grad:
            continue
        total += p.numel()
    return total
