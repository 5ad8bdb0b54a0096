"""Training a new head on a frozen, pretrained backbone."""

from __future__ import annotations

from collections.abc import Iterable

import torch
import torch.nn.functional as F
from torch import Tensor, nn


def new_head(model: nn.Module, classes: int) -> nn.Linear:
    """A head for other classes, as wide as the old one, that gives every class the same logit."""
    head = nn.Linear(model.fc.in_features, classes)
    nn.init.zeros_(head.weight)
    nn.init.zeros_(head.bias)
    return head


def param_groups(module: nn.Module, decay: float) -> list[dict[str, object]]:
    """Weights with decay, biases and scales without."""
    weights = [p for p in module.parameters() if p.ndim > 1]
    others = [p for p in module.parameters() if p.ndim <= 1]
    return [{"params": weights, "weight_decay": decay}, {"params": others, "weight_decay": 0.0}]


def prepare(model: nn.Module, classes: int, lr: float, decay: float) -> torch.optim.Optimizer:
    """Freeze the features, replace the head, and return the head's optimiser."""
    for parameter in model.features.parameters():
        parameter.requires_grad_(False)
    model.fc = new_head(model, classes)
    return torch.optim.SGD(param_groups(model.fc, decay), lr=lr)


def train_step(model: nn.Module, opt: torch.optim.Optimizer, x: Tensor, y: Tensor) -> float:
    """One step of the head on one batch; the loss before the step."""
    model.train()
    model.features.eval()
    loss = F.cross_entropy(model(x), y)
    opt.zero_grad(set_to_none=False)
    loss.backward()
    opt.step()
    return loss.item()


def train(model: nn.Module, opt: torch.optim.Optimizer, batches: Iterable[tuple[Tensor, Tensor]]) -> list[float]:
    """One step a batch; the losses."""
    return [train_step(model, opt, x, y) for x, y in batches]
