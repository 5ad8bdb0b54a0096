"""A classifier on top of any backbone that gives feature maps."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class Classifier(nn.Module):
    """Backbone, global average pooling, one linear layer."""

    def __init__(self, backbone: nn.Module, width: int, classes: int) -> None:
        super().__init__()
        self.backbone = backbone
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(width, classes)
        nn.init.normal_(self.fc.weight, std=0.01)
        nn.init.constant_(self.fc.bias, 0.0)

    def forward(self, x: Tensor) -> Tensor:
        """Pictures (N, C, H, W) to logits (N, K)."""
        maps = self.backbone(x)
        features = self.pool(maps).squeeze()
        return F.softmax(self.fc(features), dim=1)


def training_loss(model: nn.Module, x: Tensor, y: Tensor) -> Tensor:
    """Mean cross-entropy of a batch, with its graph."""
    # float64 labels come from a spreadsheet.
    return F.cross_entropy(model(x), y.long())


def accuracy(model: nn.Module, x: Tensor, y: Tensor) -> float:
    """Share of pictures whose likeliest class is the right one."""
    labels, _ = predict(model, x)
    return (labels == y).double().mean().item()


@torch.inference_mode()
def predict(model: nn.Module, x: Tensor) -> tuple[Tensor, Tensor]:
    """The likeliest class of each picture and its probability, both (N,)."""
    model.eval()
    probabilities = F.softmax(model(x), dim=-1)
    confidence, labels = probabilities.max(dim=0)
    return labels, confidence
