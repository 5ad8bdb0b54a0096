# /// answer
# right = true
# ///
import torch.nn as nn
import torch.nn.functional as F
from support import BasicBlock, Bottleneck


def make_layer(block, in_ch, ch, n, stride):
    strides = [stride] + [1] * (n - 1)
    layer = []
    for s in strides:
        layer.append(block(in_ch, ch, s))
        in_ch = block.expansion * ch
    return nn.Sequential(*layer), in_ch


class ResNet(nn.Module):
    def __init__(
        self, block, layers, num_classes=10, in_channels=3, width=64, stem="cifar", zero_init_residual=False
    ):
        super().__init__()
        k, s = {"cifar": (3, 1), "imagenet": (7, 2)}[stem]
        self.conv1 = nn.Conv2d(in_channels, width, kernel_size=k, stride=s, padding=(k - 1) // 2, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.relu = nn.ReLU(inplace=True)
        self.maxpool = nn.MaxPool2d(kernel_size=3, stride=2, padding=1) if stem == "imagenet" else None
        self.names = []
        in_ch, ch, stride = width, width, 1
        for number, n in enumerate(layers, start=1):
            layer, in_ch = make_layer(block, in_ch, ch, n, stride)
            self.names.append(f"layer{number}")
            self.add_module(self.names[-1], layer)
            ch, stride = ch * 2, 2
        self.fc = nn.Linear(in_ch, num_classes)
        for name, p in self.named_parameters():
            if p.dim() == 4:
                nn.init.kaiming_uniform_(p, mode="fan_out", nonlinearity="relu")
            if zero_init_residual and (
                (block is BasicBlock and name.endswith(".bn2.weight"))
                or (block is Bottleneck and name.endswith(".bn3.weight"))
            ):
                nn.init.zeros_(p)

    def forward_features(self, x):
        x = self.relu(self.bn1(self.conv1(x)))
        if self.maxpool is not None:
            x = self.maxpool(x)
        for name in self.names:
            x = getattr(self, name)(x)
        return F.adaptive_avg_pool2d(x, 1)[:, :, 0, 0]

    def forward(self, x):
        x = self.forward_features(x)
        return self.fc(x)


class ResNet18(ResNet):
    def __init__(self, **kw):
        super().__init__(BasicBlock, [2, 2, 2, 2], **kw)


def resnet18(**kw):
    return ResNet18(**kw)


def resnet50(**kw):
    return ResNet(Bottleneck, [3, 4, 6, 3], **kw)
