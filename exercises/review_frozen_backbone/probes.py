"""Models and optimisers can't cross to the checks: they are made here."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn


class Network(nn.Module):
    """BatchNorm and ReLU as features, a head of three classes."""

    def __init__(self, scale: Any = None) -> None:
        super().__init__()
        norm = nn.BatchNorm1d(2)
        if scale is not None:
            with torch.no_grad():
                norm.weight.copy_(scale)
        self.features = nn.Sequential(norm, nn.ReLU())
        self.fc = nn.Linear(2, 3)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Logits (N, K)."""
        return self.fc(self.features(x))


def head_moves(x: Any, y: Any) -> tuple[Any, ...]:
    """(bias of the model's head,) after one plain step of the optimiser that `prepare` made."""
    model = Network().eval()
    opt = submission.prepare(model, 2, 1.0, 0.0)
    nn.functional.cross_entropy(model(x), y).backward()
    opt.step()
    return (model.fc.bias.detach().clone(),)


def features_after_step(x: Any, y: Any) -> tuple[Any, ...]:
    """(loss, running_mean, running_var) of one `train_step` of a head of two classes, all 0."""
    model = Network()
    model.fc = nn.Linear(2, 2)
    for parameter in model.fc.parameters():
        nn.init.zeros_(parameter)
    loss = submission.train_step(model, torch.optim.SGD(model.fc.parameters(), lr=0.1), x, y)
    return loss, model.features[0].running_mean.clone(), model.features[0].running_var.clone()


def decays(decay: float) -> tuple[Any, ...]:
    """(axes, weight_decay) of every tensor in the optimiser, sorted."""
    opt = submission.prepare(Network(), 4, 0.1, decay)
    return tuple(sorted((p.ndim, float(group["weight_decay"])) for group in opt.param_groups for p in group["params"]))


def trainable(classes: int) -> tuple[Any, ...]:
    """(name, shape, largest magnitude) of each of the model's tensors that may be trained or are held, sorted."""
    model = Network()
    opt = submission.prepare(model, classes, 0.1, 0.0)
    held = {id(p) for group in opt.param_groups for p in group["params"]}
    kept = [(n, p) for n, p in model.named_parameters() if p.requires_grad or id(p) in held]
    return tuple(sorted((n, tuple(p.shape), float(p.detach().abs().max())) for n, p in kept))


def steps(batches: Any, scale: Any, lr: float, decay: float) -> tuple[Any, ...]:
    """(losses, weight, bias) of `prepare` and a `train_step` a batch."""
    model = Network(scale)
    opt = submission.prepare(model, 3, lr, decay)
    losses = tuple(submission.train_step(model, opt, x, y) for x, y in batches)
    return losses, model.fc.weight.detach().clone(), model.fc.bias.detach().clone()
