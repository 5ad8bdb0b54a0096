# /// answer
# mistake = "layers-in-a-list"
# title = "the layers sit in a Python list, where the module does not find them"
# hint = "A plain list hides layers from parameters() and train(): use attributes, nn.Sequential or nn.ModuleList."
# points = {BasicBlock = 0, Bottleneck = 35}
# ///
import torch
from torch import nn


def run(layers, x):
    for layer in layers:
        x = layer(x)
    return x


class BasicBlock(nn.Module):
    expansion = 1

    def __init__(self, in_ch, out_ch, stride=1):
        super().__init__()
        self.branch = [
            nn.Conv2d(in_ch, out_ch, 3, stride, 1, bias=False),
            nn.BatchNorm2d(out_ch),
            nn.ReLU(),
            nn.Conv2d(out_ch, out_ch, 3, 1, 1, bias=False),
            nn.BatchNorm2d(out_ch),
        ]
        self.skip = []
        if stride != 1 or in_ch != out_ch:
            self.skip = [nn.Conv2d(in_ch, out_ch, 1, stride, bias=False), nn.BatchNorm2d(out_ch)]

    def forward(self, x):
        return torch.relu(run(self.branch, x) + run(self.skip, x))


class Bottleneck(nn.Module):
    expansion = 4

    def __init__(self, in_ch, mid_ch, stride=1):
        super().__init__()
        out_ch = 4 * mid_ch
        layers = [
            nn.Conv2d(in_ch, mid_ch, 1, bias=False),
            nn.BatchNorm2d(mid_ch),
            nn.ReLU(),
            nn.Conv2d(mid_ch, mid_ch, 3, stride, 1, bias=False),
            nn.BatchNorm2d(mid_ch),
            nn.ReLU(),
            nn.Conv2d(mid_ch, out_ch, 1, bias=False),
            nn.BatchNorm2d(out_ch),
        ]
        self.branch = nn.ModuleList(layers)
        self.skip = nn.ModuleList()
        if stride != 1 or in_ch != out_ch:
            self.skip.extend([nn.Conv2d(in_ch, out_ch, 1, stride, bias=False), nn.BatchNorm2d(out_ch)])

    def forward(self, x):
        return torch.relu(run(self.branch, x) + run(self.skip, x))
