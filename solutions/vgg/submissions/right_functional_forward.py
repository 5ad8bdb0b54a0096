# /// answer
# right = true
# title = "A loop over a ModuleList wherever the weights are, initialised from values that the meta device has not"
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


class VGG(nn.Module):
    def __init__(self, cfg, num_classes, in_channels=3, batch_norm=False, hidden=4096, dropout=0.5, pool_out=7):
        super().__init__()
        self.features = Chain([None if v == "M" else v for v in cfg], in_channels, batch_norm)
        self.avgpool = nn.AdaptiveAvgPool2d(pool_out)
        sizes = [self.features.width * pool_out * pool_out, hidden, hidden, num_classes]
        head = []
        for n_in, n_out in zip(sizes, sizes[1:]):
            head += [nn.Linear(n_in, n_out), nn.ReLU(), nn.Dropout(dropout)]
        self.classifier = nn.Sequential(*head[:-2])

    def forward(self, x):
        rows = self.avgpool(self.features(x)).flatten(start_dim=1)
        return self.classifier(rows)


def count_params(m, trainable_only=False):
    n = 0
    for p in m.parameters():
        n += p.numel() if (not trainable_only or p.requires_grad) else 0
    return n
