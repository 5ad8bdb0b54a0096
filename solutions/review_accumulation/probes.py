"""Models and optimisers can't cross to the checks: they are made here."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn


def train(weight: Any, batches: Any, accum: int, max_norm: float, lr: float, stale: bool = False) -> tuple[Any, ...]:
    """(loss, weight) of a linear model after an epoch; with `stale`, gradients are left over from before."""
    model = nn.Linear(*reversed(weight.shape), bias=False)
    model.load_state_dict({"weight": weight})
    if stale:
        model.weight.grad = torch.full_like(weight, 3.0)
    opt = torch.optim.SGD(model.parameters(), lr=lr)
    loss = submission.train_epoch(model, opt, batches, accum, max_norm)
    return loss, model.weight.detach().clone()


def in_training(batches: Any) -> bool:
    """Whether a model that was in evaluation is in training after an epoch."""
    model = nn.Linear(4, 3).eval()
    submission.train_epoch(model, torch.optim.SGD(model.parameters(), lr=0.1), batches, 1, 1.0)
    return model.training


def refusal() -> str:
    """The name of what a model with BatchNorm raises."""
    model = nn.Sequential(nn.BatchNorm1d(1), nn.Linear(1, 2))
    opt = torch.optim.SGD(model.parameters(), lr=0.1)
    try:
        submission.train_epoch(model, opt, [(torch.ones(2, 1), torch.tensor([0, 1]))], 1, 1.0)
    except Exception as error:
        return type(error).__name__
    return ""
