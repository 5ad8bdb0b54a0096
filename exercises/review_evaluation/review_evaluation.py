"""Evaluation, and a training run that ends with the best weights."""

from __future__ import annotations

import copy
from collections.abc import Iterable

import torch
import torch.nn.functional as F
from torch import Tensor, nn

Batches = Iterable[tuple[Tensor, Tensor]]


def hits(logits: Tensor, y: Tensor) -> Tensor:
    """Which samples have the right class; softmax would not change the order of the logits."""
    return logits.argmax(dim=-1).eq(y)


@torch.no_grad()
def evaluate(model: nn.Module, batches: Batches) -> dict[str, float]:
    """Loss and accuracy over all samples."""
    loss = accuracy = 0.0
    count = 0
    for x, y in batches:
        logits = model(x)
        loss += F.cross_entropy(logits, y).item()
        accuracy += hits(logits, y).float().mean().item()
        count += 1
    return {"loss": loss / count, "accuracy": accuracy / count}


def train_epoch(model: nn.Module, opt: torch.optim.Optimizer, batches: Batches) -> None:
    """One step a batch."""
    model.train()
    for x, y in batches:
        loss = F.cross_entropy(model(x), y)
        opt.zero_grad()
        loss.backward()
        opt.step()


def train_and_keep_best(
    model: nn.Module, opt: torch.optim.Optimizer, train: Batches, val: Batches, epochs: int
) -> list[dict[str, float]]:
    """Train, evaluate after each epoch, and end with the state of the best one."""
    best = -1.0
    kept: dict[str, Tensor] = {}
    reports = []
    for _ in range(epochs):
        train_epoch(model, opt, train)
        reports.append(evaluate(model, val))
        if reports[-1]["accuracy"] > best:
            best = reports[-1]["accuracy"]
            kept = copy.copy(dict(model.state_dict()))
    model.load_state_dict(kept)
    return reports
