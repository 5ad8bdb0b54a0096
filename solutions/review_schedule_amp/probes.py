"""Optimisers, schedulers and scalers can't cross to the checks: they are made here."""

from __future__ import annotations

import warnings
from typing import Any

import torch
from torch import nn


def rates(lr: float, epochs: int, steps: int, count: int) -> tuple[float, ...]:
    """The rate at each of `count` batches."""
    opt = torch.optim.SGD([nn.Parameter(torch.zeros(1))], lr=lr)
    scheduler = submission.make_schedule(opt, epochs, steps)
    found = []
    for _ in range(count):
        found.append(float(opt.param_groups[0]["lr"]))
        opt.step()
        scheduler.step()
    return tuple(found)


def train(weight: Any, batches: Any, max_norm: float, factors: Any) -> tuple[Any, ...]:
    """(losses, weight, 1 if in training) of a linear model that was in evaluation; the rates are half the factors."""
    model = nn.Linear(*reversed(weight.shape), bias=False).eval()
    model.load_state_dict({"weight": weight})
    opt = torch.optim.SGD(model.parameters(), lr=0.5)
    scheduler = torch.optim.lr_scheduler.LambdaLR(opt, lambda step: factors[min(step, len(factors) - 1)])
    scaler = torch.amp.GradScaler("cpu", init_scale=4096.0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        losses = submission.train_epoch(model, opt, scheduler, scaler, batches, max_norm)
    return tuple(losses), model.weight.detach().clone(), float(model.training)
