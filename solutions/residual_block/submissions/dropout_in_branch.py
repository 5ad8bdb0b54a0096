# /// answer
# mistake = "dropout-in-branch"
# title = "there is a dropout in the branch"
# hint = "The branch is convolutions, BatchNorms and ReLUs, nothing else."
# points = {BasicBlock = 30, Bottleneck = 30}
# ///
import torch
import torch.nn.functional as F
from torch import nn


class BasicBlock(nn.Module):
    expansion = 1

    def __init__(self, in_ch, out_ch, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(in_ch, out_ch, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(out_ch)
        self.conv2 = nn.Conv2d(out_ch, out_ch, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(out_ch)
        self.down = None
        if stride != 1 or in_ch != out_ch:
            self.down = nn.Sequential(nn.Conv2d(in_ch, out_ch, 1, stride, bias=False), nn.BatchNorm2d(out_ch))

    def forward(self, x):
        idn = x if self.down is None else self.down(x)
        y = F.relu(self.bn1(self.conv1(x)))
        y = self.bn2(self.conv2(y))
        return F.relu(y + idn)


class Bottleneck(nn.Module):
    expansion = 4

    def __init__(self, in_ch, mid_ch, stride=1):
        super().__init__()
        self.c1 = nn.Conv2d(in_ch, mid_ch, 1, bias=False)
        self.b1 = nn.BatchNorm2d(mid_ch)
        self.c2 = nn.Conv2d(mid_ch, mid_ch, 3, stride, 1, bias=False)
        self.b2 = nn.BatchNorm2d(mid_ch)
        self.c3 = nn.Conv2d(mid_ch, mid_ch * 4, 1, bias=False)
        self.b3 = nn.BatchNorm2d(mid_ch * 4)
        self.sc = None
        if stride != 1 or in_ch != mid_ch * 4:
            self.sc = nn.Sequential(nn.Conv2d(in_ch, mid_ch * 4, 1, stride, bias=False), nn.BatchNorm2d(mid_ch * 4))

    def forward(self, x):
        s = x if self.sc is None else self.sc(x)
        z = F.dropout(F.relu(self.b1(self.c1(x))), 0.5, self.training)
        z = F.relu(self.b2(self.c2(z)))
        z = self.b3(self.c3(z))
        return F.relu(z + s)
