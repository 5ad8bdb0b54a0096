# /// answer
# mistake = "inner-relu-missing"
# title = "there is no ReLU between the convolutions"
# hint = "Two convolutions without a ReLU between them are one linear map: put one behind each BatchNorm but the last."
# points = {BasicBlock = 30, Bottleneck = 17}
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


class _N(nn.Module):
    expansion = 4

    def __init__(self, in_ch, mid_ch, stride=1):
        super().__init__()
        o = 4 * mid_ch
        self.conv1 = nn.Conv2d(in_ch, mid_ch, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(mid_ch)
        self.conv2 = nn.Conv2d(mid_ch, mid_ch, 3, stride, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(mid_ch)
        self.conv3 = nn.Conv2d(mid_ch, o, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(o)
        self.relu = nn.ReLU()
        self.down = None
        if stride != 1 or in_ch != o:
            self.down = nn.Sequential(nn.Conv2d(in_ch, o, 1, stride, bias=False), nn.BatchNorm2d(o))

    def skip(self, x):
        return x if self.down is None else self.down(x)

    def branch(self, x):
        return self.bn3(self.conv3(self.relu(self.bn2(self.conv2(self.relu(self.bn1(self.conv1(x))))))))

    def forward(self, x):
        return self.relu(self.branch(x) + self.skip(x))


class Bottleneck(_N):
    def branch(self, x):
        return self.bn3(self.conv3(self.bn2(self.conv2(self.relu(self.bn1(self.conv1(x)))))))
