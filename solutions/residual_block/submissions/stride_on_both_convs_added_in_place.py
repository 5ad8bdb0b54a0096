# /// answer
# mistake = "stride-on-both-convs"
# title = "both 3x3 convolutions have the stride"
# hint = "Two strides of 2 make 4, and the shortcut shrinks by 2 only: the second 3x3 always has stride 1."
# points = {BasicBlock = 18.5, Bottleneck = 35}
# ///
import torch
import torch.nn as nn
import torch.nn.functional as F


def branch(widths, kernels, strides):
    layers = []
    n = len(kernels)
    for i in range(n):
        layers.append(nn.Conv2d(widths[i], widths[i + 1], kernels[i], strides[i], kernels[i] // 2, bias=False))
        layers.append(nn.BatchNorm2d(widths[i + 1]))
        if i + 1 < n:
            layers.append(nn.ReLU(inplace=True))
    return nn.Sequential(*layers)


def shortcut(cin, cout, stride):
    if stride == 1 and cin == cout:
        return nn.Sequential()
    return nn.Sequential(
        nn.Conv2d(cin, cout, 1, stride, bias=False),
        nn.BatchNorm2d(cout),
    )


class Residual(nn.Module):
    def forward(self, x):
        out = self.main(x)
        out += self.skip(x)
        return F.relu(out)


class BasicBlock(Residual):
    expansion = 1

    def __init__(self, in_ch, out_ch, stride=1):
        super().__init__()
        self.skip = shortcut(in_ch, out_ch, stride)
        self.main = branch([in_ch, out_ch, out_ch], [3, 3], [stride, stride])


class Bottleneck(Residual):
    expansion = 4

    def __init__(self, in_ch, mid_ch, stride=1):
        super().__init__()
        self.skip = shortcut(in_ch, mid_ch * 4, stride)
        self.main = branch([in_ch, mid_ch, mid_ch, mid_ch * 4], [1, 3, 1], [1, stride, 1])
