"""Batches in which picture i has colour i and class i: what is mixed can be counted."""

from __future__ import annotations

from typing import Any

import torch


def mix(seeds: Any, n: int, size: int, lam: float) -> tuple[Any, ...]:
    """(mixed, labels, the batches after the call), a batch for each seed."""
    found, labels, after = [], [], []
    for seed in seeds:
        x = torch.arange(float(n))[:, None, None, None].expand(n, 1, size, size).contiguous()
        g = torch.Generator().manual_seed(seed)
        mixed, soft = submission.cutmix(x, torch.arange(n), n, lam, g)
        found.append(mixed[:, 0].clone())
        labels.append(soft)
        after.append(x[:, 0])
    return torch.stack(found), torch.stack(labels), torch.stack(after)
