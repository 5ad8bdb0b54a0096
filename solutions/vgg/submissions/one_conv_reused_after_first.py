# /// answer
# mistake = "one-conv-reused"
# title = "one convolution is used again and again"
# hint = "A layer that stands in the block twice is one set of weights: make a new nn.Conv2d in each round."
# points = {vgg_block = 8.16, VGG = 22, count_params = 6}
# ///
import torch
import torch.nn.functional as F
from torch import Tensor, nn


class ConvUnit(nn.Module):
    def __init__(self, c_in: int, c_out: int, batch_norm: bool) -> None:
        super().__init__()
        self.norm = nn.BatchNorm2d(c_out) if batch_norm else None
        self.conv = nn.Conv2d(c_in, c_out, (3, 3), padding="same")

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv(x)
        if self.norm is not None:
            x = self.norm(x)
        return x.clamp(min=0)


class Pool(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return F.max_pool2d(x, 2)


class Head(nn.Module):
    def __init__(self, n_in: int, hidden: int, n_out: int, p: float) -> None:
        super().__init__()
        self.p = p
        self.fc3 = nn.Linear(hidden, n_out)
        self.fc2 = nn.Linear(hidden, hidden)
        self.fc1 = nn.Linear(n_in, hidden)

    def forward(self, x: Tensor) -> Tensor:
        # Dropout first, then ReLU: the same numbers.
        for layer in (self.fc1, self.fc2):
            x = F.relu(F.dropout(layer(x), self.p, self.training))
        return self.fc3(x)


class Average(nn.Module):
    def __init__(self, size: int) -> None:
        super().__init__()
        self.size = size

    def forward(self, x: Tensor) -> Tensor:
        return F.adaptive_avg_pool2d(x, self.size)


class VGG(nn.Module):
    def __init__(
        self,
        cfg,
        num_classes: int,
        in_channels: int = 3,
        batch_norm: bool = False,
        hidden: int = 4096,
        dropout: float = 0.5,
        pool_out: int = 7,
    ) -> None:
        super().__init__()
        layers, c = [], in_channels
        for item in cfg:
            if item == "M":
                layers.append(Pool())
            else:
                layers.append(ConvUnit(c, int(item), batch_norm))
                c = int(item)
        self.classifier = Head(c * pool_out**2, hidden, num_classes, dropout)
        self.avgpool = Average(pool_out)
        self.features = nn.Sequential(*layers)

    def forward(self, x: Tensor) -> Tensor:
        x = self.avgpool(self.features(x))
        return self.classifier(x.reshape(x.size(0), -1))


def count_params(m: nn.Module, trainable_only: bool = False) -> int:
    unique = {id(p): p for _, p in m.named_parameters()}
    return int(sum(torch.Size(p.shape).numel() for p in unique.values() if not trainable_only or p.requires_grad))


def _unit(a, b, bn):
    out = [nn.Conv2d(a, b, 3, padding=1)]
    if bn:
        out.append(nn.BatchNorm2d(b))
    return out + [nn.ReLU()]


def vgg_block(n_convs, c_in, c_out, batch_norm=False):
    first = _unit(c_in, c_out, batch_norm)
    if n_convs == 1:
        return nn.Sequential(*first, nn.MaxPool2d(2, 2))
    same = _unit(c_out, c_out, batch_norm)
    return nn.Sequential(*first, *(same * (n_convs - 1)), nn.MaxPool2d(2, 2))
