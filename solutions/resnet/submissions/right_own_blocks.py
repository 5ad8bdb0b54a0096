# /// answer
# right = true
# ///
import torch
from torch import nn


def conv_bn(c_in, c_out, k, stride=1):
    return nn.Sequential(nn.Conv2d(c_in, c_out, k, stride, k // 2, bias=False), nn.BatchNorm2d(c_out))


class Residual(nn.Module):
    def __init__(self, branch, in_ch, out_ch, stride):
        super().__init__()
        # The projection comes first here, both in the order of registration and in forward.
        self.skip = conv_bn(in_ch, out_ch, 1, stride) if stride > 1 or in_ch != out_ch else None
        self.branch = branch

    @property
    def last_norm(self):
        return self.branch[-1][1]

    def forward(self, x):
        skip = x if self.skip is None else self.skip(x)
        return torch.relu(skip + self.branch(x))


class BasicBlock(Residual):
    expansion = 1

    def __init__(self, in_ch, ch, stride=1):
        branch = nn.Sequential(conv_bn(in_ch, ch, 3, stride), nn.ReLU(), conv_bn(ch, ch, 3))
        super().__init__(branch, in_ch, ch, stride)


class Bottleneck(Residual):
    expansion = 4

    def __init__(self, in_ch, ch, stride=1):
        branch = nn.Sequential(
            conv_bn(in_ch, ch, 1), nn.ReLU(), conv_bn(ch, ch, 3, stride), nn.ReLU(), conv_bn(ch, 4 * ch, 1)
        )
        super().__init__(branch, in_ch, 4 * ch, stride)


class ResNet(nn.Module):
    def __init__(
        self, block, layers, num_classes=10, in_channels=3, width=64, stem="cifar", zero_init_residual=False
    ):
        super().__init__()
        if stem == "cifar":
            parts = [conv_bn(in_channels, width, 3), nn.ReLU()]
        else:
            parts = [conv_bn(in_channels, width, 7, 2), nn.ReLU(), nn.MaxPool2d(3, 2, 1)]
        plan = [(s, j) for s, n in enumerate(layers) for j in range(n)]
        c = width
        for s, j in plan:
            parts.append(block(c, width * 2**s, 2 if s > 0 and j == 0 else 1))
            c = width * 2**s * block.expansion
        self.backbone = nn.Sequential(*parts, nn.AdaptiveAvgPool2d((1, 1)), nn.Flatten())
        self.fc = nn.Linear(c, num_classes)
        with torch.no_grad():
            for m in self.backbone.modules():
                if isinstance(m, nn.Conv2d):
                    m.weight.normal_(0, (2 / m.weight[:, 0].numel()) ** 0.5)
                if zero_init_residual and isinstance(m, Residual):
                    m.last_norm.weight.fill_(0)

    def forward_features(self, x):
        return self.backbone(x)

    def forward(self, x):
        return self.fc(self.backbone(x))


def resnet18(**kw):
    return ResNet(BasicBlock, [2] * 4, **kw)


def resnet50(**kw):
    return ResNet(block=Bottleneck, layers=(3, 4, 6, 3), **kw)
