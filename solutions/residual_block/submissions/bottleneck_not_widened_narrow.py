# /// answer
# mistake = "bottleneck-not-widened"
# title = "the last 1x1 convolution does not widen to four times mid_ch"
# hint = "The second argument is the narrow width; the block gives back expansion * mid_ch = 4 * mid_ch channels."
# points = {BasicBlock = 30, Bottleneck = 1}
# ///
import torch
from torch import nn
import torch.nn.functional as F

def unit(a, b, k, s=1):
    return nn.ModuleDict({"c": nn.Conv2d(a, b, k, s, k // 2, bias=False), "n": nn.BatchNorm2d(b)})

def go(u, x):
    return u["n"](u["c"](x))

class BasicBlock(nn.Module):
    expansion = 1

    def __init__(self, in_ch, out_ch, stride=1):
        super().__init__()
        self.proj = None
        if in_ch != out_ch or stride > 1:
            self.proj = unit(in_ch, out_ch, 1, stride)
        self.a = unit(in_ch, out_ch, 3, stride)
        self.b = unit(out_ch, out_ch, 3)

    def forward(self, x):
        side = x if self.proj is None else go(self.proj, x)
        h = torch.relu(go(self.a, x))
        h = go(self.b, h)
        return torch.relu(h + side)

class Bottleneck(nn.Module):
    expansion = 4

    def __init__(self, in_ch, mid_ch, stride=1):
        super().__init__()
        wide = mid_ch
        self.proj = None
        if in_ch != wide or stride > 1:
            self.proj = unit(in_ch, wide, 1, stride)
        self.a = unit(in_ch, mid_ch, 1)
        self.b = unit(mid_ch, mid_ch, 3, stride)
        self.c = unit(mid_ch, wide, 1)

    def forward(self, x):
        side = x if self.proj is None else go(self.proj, x)
        h = torch.relu(go(self.a, x))
        h = torch.relu(go(self.b, h))
        h = go(self.c, h)
        return torch.relu(h + side)
