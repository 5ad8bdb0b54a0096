# /// answer
# mistake = "stride-only-once"
# title = "only one stage halves the image"
# hint = "Each stage but the first starts with stride 2, not only one of them: watch the sizes with three stages."
# points = {ResNet = 32.5, resnet18 = 7, resnet50 = 7}
# ///
from support import BasicBlock, Bottleneck
from torch import nn


class ResNet(nn.Module):
    def __init__(
        self, block, layers, num_classes=10, in_channels=3, width=64, stem="cifar", zero_init_residual=False
    ):
        super().__init__()
        self.in_ch = width
        if stem == "cifar":
            self.stem = nn.Sequential(
                nn.Conv2d(in_channels, width, 3, padding=1, bias=False),
                nn.BatchNorm2d(width),
                nn.ReLU(inplace=True),
            )
        else:
            self.stem = nn.Sequential(
                nn.Conv2d(in_channels, width, 7, stride=2, padding=3, bias=False),
                nn.BatchNorm2d(width),
                nn.ReLU(inplace=True),
                nn.MaxPool2d(3, stride=2, padding=1),
            )
        stages = []
        for i, n in enumerate(layers):
            stages.append(self._make_stage(block, width * 2**i, n, stride=2 if i == 1 else 1))
        self.stages = nn.Sequential(*stages)
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(self.in_ch, num_classes)

        for m in self.modules():
            if isinstance(m, nn.Conv2d):
                nn.init.kaiming_normal_(m.weight, mode="fan_out", nonlinearity="relu")
        if zero_init_residual:
            for m in self.modules():
                if isinstance(m, BasicBlock):
                    nn.init.constant_(m.bn2.weight, 0)
                elif isinstance(m, Bottleneck):
                    nn.init.constant_(m.bn3.weight, 0)

    def _make_stage(self, block, ch, n, stride):
        blocks = []
        for j in range(n):
            blocks.append(block(self.in_ch, ch, stride if j == 0 else 1))
            self.in_ch = ch * block.expansion
        return nn.Sequential(*blocks)

    def forward_features(self, x):
        x = self.stages(self.stem(x))
        return self.avgpool(x).flatten(1)

    def forward(self, x):
        return self.fc(self.forward_features(x))


def resnet18(**kw):
    return ResNet(BasicBlock, [2, 2, 2, 2], **kw)


def resnet50(**kw):
    return ResNet(Bottleneck, [3, 4, 6, 3], **kw)
