"""Training with a cosine schedule, a gradient scaler and clipping."""

from __future__ import annotations

from collections.abc import Iterable

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.optim.lr_scheduler import CosineAnnealingLR, LRScheduler


def make_schedule(opt: torch.optim.Optimizer, epochs: int, steps_per_epoch: int) -> LRScheduler:
    """Half a cosine down to 0 over the run; step it once a batch."""
    return CosineAnnealingLR(opt, T_max=epochs)


def forward(model: nn.Module, x: Tensor, y: Tensor, amp: bool) -> Tensor:
    """The loss of a batch, in bfloat16 where that is asked for; the loss itself always in float32."""
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=amp):
        logits = model(x)
    return F.cross_entropy(logits.float(), y)


def train_epoch(
    model: nn.Module,
    opt: torch.optim.Optimizer,
    scheduler: LRScheduler,
    scaler: torch.amp.GradScaler,
    batches: Iterable[tuple[Tensor, Tensor]],
    max_norm: float,
    amp: bool = False,
) -> list[float]:
    """One step a batch; the losses."""
    model.train()
    losses = []
    for x, y in batches:
        loss = forward(model, x, y, amp)
        opt.zero_grad()
        scaler.scale(loss).backward()
        nn.utils.clip_grad_norm_(model.parameters(), max_norm)
        scaler.unscale_(opt)
        scheduler.step()
        scaler.step(opt)
        scaler.update()
        losses.append(loss.item())
    return losses
