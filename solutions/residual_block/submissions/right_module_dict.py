# /// answer
# right = true
# title = "Blocks from a plan, registered last to first, last BatchNorm initialised to 0"
# ///
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


class BasicBlock(_Block):
    expansion = 1
    depth = 2

    def __init__(self, in_ch, out_ch, stride=1):
        super().__init__()
        plan = [(in_ch, out_ch, 3, stride), (out_ch, out_ch, 3, 1)]
        if (in_ch, stride) != (out_ch, 1):
            plan.append((in_ch, out_ch, 1, stride))
        self.build(plan)


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
