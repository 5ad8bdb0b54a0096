# /// answer
# mistake = "skip-added-twice"
# title = "the shortcut is added twice"
# hint = "S(x) enters the sum once; out += and a sum in the return line are one too many."
# points = {BasicBlock = 30, Bottleneck = 12}
# ///
import torch.nn.functional as F
from torch import nn


class BasicBlock(nn.Module):
    expansion = 1

    def __init__(self, in_ch, out_ch, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(in_ch, out_ch, kernel_size=3, stride=stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(out_ch)
        self.conv2 = nn.Conv2d(out_ch, out_ch, kernel_size=3, stride=1, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(out_ch)

        self.shortcut = nn.Sequential()
        if stride != 1 or in_ch != out_ch:
            self.shortcut = nn.Sequential(
                nn.Conv2d(in_ch, out_ch, kernel_size=1, stride=stride, bias=False),
                nn.BatchNorm2d(out_ch),
            )

    def forward(self, x):
        out = F.relu(self.bn1(self.conv1(x)))
        out = self.bn2(self.conv2(out))
        out = out + self.shortcut(x)
        return F.relu(out)


class _B(nn.Module):
    expansion = 1

    def __init__(self, in_ch, ch=None, stride=1, out_ch=None, mid_ch=None):
        super().__init__()
        ch = ch or out_ch or mid_ch
        e = self.expansion
        if e == 1:
            spec = [(in_ch, ch, 3, stride), (ch, ch, 3, 1)]
        else:
            spec = [(in_ch, ch, 1, 1), (ch, ch, 3, stride), (ch, ch * e, 1, 1)]
        spec = self.spec(spec, stride)
        self.convs = nn.ModuleList([nn.Conv2d(a, b, k, s, k // 2, bias=False) for a, b, k, s in spec])
        self.bns = nn.ModuleList([nn.BatchNorm2d(b) for a, b, k, s in spec])
        self.proj = (
            nn.Sequential(nn.Conv2d(in_ch, ch * e, 1, stride, bias=False), nn.BatchNorm2d(ch * e))
            if self.need(in_ch, ch * e, stride)
            else None
        )
        self.extra()

    def spec(self, s, stride):
        return s

    def need(self, a, b, s):
        return a != b or s != 1

    def extra(self):
        pass

    def branch(self, x):
        for i, (c, b) in enumerate(zip(self.convs, self.bns)):
            x = b(c(x))
            if i < len(self.convs) - 1:
                x = self.mid(x)
        return x

    def mid(self, x):
        return F.relu(x)

    def short(self, x):
        return x if self.proj is None else self.proj(x)

    def forward(self, x):
        return F.relu(self.branch(x) + self.short(x))


class _N(_B):
    expansion = 4


class Bottleneck(_N):
    def forward(self, x):
        s = self.short(x)
        return F.relu(self.branch(x) + s + s)
