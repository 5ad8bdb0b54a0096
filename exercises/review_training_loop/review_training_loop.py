"""A training loop with validation."""

from __future__ import annotations

from collections.abc import Iterable

import torch
import torch.nn.functional as F
from torch import Tensor, nn

Batches = Iterable[tuple[Tensor, Tensor]]


@torch.no_grad()
def validate(model: nn.Module, batches: Batches) -> float:
    """Mean cross-entropy over all samples, in evaluation mode."""
    model.eval()
    total = 0.0
    count = 0
    for x, y in batches:
        logits = model(x)
        # Summed, not averaged: the last batch is smaller.
        total += F.cross_entropy(logits, y, reduction="sum").item()
        count += y.numel()
    return total / count


def train_epoch(model: nn.Module, opt: torch.optim.Optimizer, batches: Batches) -> float:
    """One pass over the batches; the mean loss over all samples, as seen when each came by."""
    total = 0.0
    count = 0
    for x, y in batches:
        logits = model(x)
        loss = F.cross_entropy(logits, y)
        loss.backward()
        opt.step()
        total += loss * len(x)
        count += len(x)
    return total / count


def fit(
    model: nn.Module, opt: torch.optim.Optimizer, train: Batches, val: Batches, epochs: int
) -> list[dict[str, float]]:
    """Train for some epochs; one report an epoch."""
    history = []
    model.train()
    for _ in range(epochs):
        train_loss = train_epoch(model, opt, train)
        val_loss = validate(model, val)
        lr = opt.param_groups[0]["lr"]
        history.append({"train_loss": train_loss, "val_loss": val_loss, "lr": lr})
    return history
