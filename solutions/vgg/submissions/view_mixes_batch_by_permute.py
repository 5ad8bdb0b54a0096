# /// answer
# mistake = "view-mixes-batch"
# title = "view(-1, D) makes several rows of one image"
# hint = "The number of rows is the number of images: flatten(x, 1), after avgpool."
# points = {vgg_block = 12, VGG = 13.6667, count_params = 6}
# ///
import torch
import torch.nn.functional as F
from torch import nn


class Chain(nn.Module):
    """Convolutions (and norms) in lists; None in the plan is a pooling."""

    def __init__(self, widths, c, batch_norm):
        super().__init__()
        self.plan = list(widths)
        self.convs = nn.ModuleList()
        self.norms = nn.ModuleList()
        for w in self.plan:
            if w is None:
                continue
            self.convs.append(nn.Conv2d(c, w, 3, 1, 1))
            self.norms.append(nn.BatchNorm2d(w) if batch_norm else nn.Identity())
            c = w
        self.width = c
        # Each kernel starts with a spread of exactly 0.1.
        with torch.no_grad():
            for conv in self.convs:
                conv.weight.mul_(0.1 / float(conv.weight.std()))

    def forward(self, x):
        layers = iter(zip(self.convs, self.norms))
        for w in self.plan:
            if w is None:
                x = F.max_pool2d(x, kernel_size=2, stride=2)
            else:
                conv, norm = next(layers)
                x = torch.relu(norm(conv(x)))
        return x


def vgg_block(n_convs, c_in, c_out, batch_norm=False):
    return nn.Sequential(Chain([c_out] * n_convs + [None], c_in, batch_norm))


def count_params(m, trainable_only=False):
    n = 0
    for p in m.parameters():
        n += p.numel() if (not trainable_only or p.requires_grad) else 0
    return n


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
        z = self.avgpool(self.features(x))
        return self.classifier(z.permute(1, 2, 3, 0).reshape(-1, self.classifier[0].in_features))
