# /// answer
# mistake = "inplace-relu-eats-skip"
# title = "an in-place ReLU rectifies x before it is added"
# hint = "nn.ReLU(inplace=True) writes into its argument: on x, that changes the shortcut and the caller's tensor."
# points = {BasicBlock = 13, Bottleneck = 35}
# ///
import torch.nn.functional as F
from torch import nn


class _Block(nn.Module):
    """Builds any block from a list of (channels in, channels out, kernel, stride)."""

    def build(self, plan):
        # Registered last to first: the order is nobody's business.
        self.norms = nn.ModuleDict({f"n{i}": nn.BatchNorm2d(plan[i][1]) for i in reversed(range(len(plan)))})
        self.convs = nn.ModuleDict(
            {f"c{i}": nn.Conv2d(a, b, k, s, k // 2) for i, (a, b, k, s) in reversed(list(enumerate(plan)))}
        )
        for conv in self.convs.values():
            nn.init.kaiming_normal_(conv.weight, mode="fan_out", nonlinearity="relu")
        # The block starts as the identity.
        nn.init.zeros_(self.norms[f"n{self.depth - 1}"].weight)

    def step(self, i, x):
        return self.norms[f"n{i}"](self.convs[f"c{i}"](x))

    def forward(self, x):
        out = x
        for i in range(self.depth):
            out = self.step(i, out)
            if i + 1 < self.depth:
                out = out.clamp(min=0)
        if len(self.convs) > self.depth:
            x = self.step(self.depth, x)
        return (x + out).clamp(min=0)


class Bottleneck(_Block):
    expansion = 4
    depth = 3

    def __init__(self, in_ch, mid_ch, stride=1):
        super().__init__()
        wide = 4 * mid_ch
        plan = [(in_ch, mid_ch, 1, 1), (mid_ch, mid_ch, 3, stride), (mid_ch, wide, 1, 1)]
        if (in_ch, stride) != (wide, 1):
            plan.append((in_ch, wide, 1, stride))
        self.build(plan)


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


class BasicBlock(_B):
    def forward(self, x):
        x = F.relu_(x.clone()) if False else x.relu()
        return F.relu(self.branch(x) + self.short(x))
