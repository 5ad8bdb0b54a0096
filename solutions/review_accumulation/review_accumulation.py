"""Gradient accumulation: several small batches make one optimiser step."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

Batch = tuple[Tensor, Tensor]


def refuse_batchnorm(model: nn.Module) -> None:
    """ValueError if the model has a BatchNorm: its statistics would be those of the small batches."""
    for name, module in model.named_modules():
        if isinstance(module, nn.modules.batchnorm._BatchNorm):
            raise ValueError(f"{name} normalises by the batch: use GroupNorm where batches are this small")


def groups_of(batches: Sequence[Batch], accum: int) -> list[Sequence[Batch]]:
    """The batches in groups of `accum`, the last one with what is left over."""
    starts = range(0, len(batches), accum)
    return [batches[start : start + accum] for start in starts]


def train_epoch(
    model: nn.Module, opt: torch.optim.Optimizer, batches: Sequence[Batch], accum: int, max_norm: float
) -> float:
    """One optimiser step a group; the mean loss over all batches."""
    refuse_batchnorm(model)
    model.train()
    total = torch.zeros(())
    for group in groups_of(batches, accum):
        opt.zero_grad()
        for x, y in group:
            loss = F.cross_entropy(model(x), y)
            total += loss.detach()
            # Each batch's graph is freed here; only its gradient is kept.
            (loss / len(group)).backward()
        nn.utils.clip_grad_norm_(model.parameters(), max_norm)
        opt.step()
    return total.item() / len(batches)


def steps_per_epoch(batches: int, accum: int) -> int:
    """How many optimiser steps an epoch has, for a schedule."""
    return (batches + accum - 1) // accum
