"""What has to run beside the student's functions: many calls with one generator, and gradients.

`submission` is the student's module. Nothing here knows what a right answer would be.
"""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import torch

submission: Any  # the student's module: the grader gives it this name


def batches(name: str, x: torch.Tensor, y: torch.Tensor, classes: int, alpha: float, seed: int, count: int) -> Any:
    """`count` calls of mixup or cutmix with one generator: all images and all labels, stacked; None if they don't."""
    g = torch.Generator().manual_seed(seed)
    images, labels = [], []
    for _ in range(count):
        result = getattr(submission, name)(x.clone(), y.clone(), classes, alpha, g)
        if type(result) is not tuple or len(result) != 2 or not all(torch.is_tensor(part) for part in result):
            return None
        if result[0].shape != x.shape or result[1].shape != (len(x), classes):
            return None
        images.append(result[0].detach())
        labels.append(result[1].detach())
    return torch.stack(images), torch.stack(labels)


def boxes(h: int, w: int, lam: float, seed: int, count: int) -> Any:
    """`count` boxes drawn with one generator, one after the other."""
    g = torch.Generator().manual_seed(seed)
    return [submission.rand_box(h, w, lam, g) for _ in range(count)]


def boxes_of(h: int, w: int, lams: list[float], seed: int) -> Any:
    """A box for each lam, drawn with one generator; ends that are tensors become ints here."""
    g = torch.Generator().manual_seed(seed)
    return [tuple(int(end) for end in submission.rand_box(h, w, lam, g)) for lam in lams]


def twice(name: str, arguments: list[Any], seed: int) -> tuple[Any, Any]:
    """The same call with two generators of one seed; the global generators are in another state each time."""
    results = []
    for state in (2 * seed, 2 * seed + 1):
        torch.manual_seed(state)
        np.random.seed(state)
        random.seed(state)
        results.append(getattr(submission, name)(*arguments, torch.Generator().manual_seed(seed)))
    return results[0], results[1]


def gradients(name: str, tensors: list[torch.Tensor], others: list[Any]) -> Any:
    """The gradients of name(*tensors, *others) with respect to each tensor, zeros where none arrives; None if none."""
    with torch.enable_grad():
        leaves = [tensor.clone().requires_grad_() for tensor in tensors]
        loss = getattr(submission, name)(*leaves, *others)
        if not isinstance(loss, torch.Tensor) or loss.numel() != 1 or not loss.requires_grad:
            return None
        found = torch.autograd.grad(loss.sum(), leaves, allow_unused=True)
    return [torch.zeros_like(a) if grad is None else grad for a, grad in zip(leaves, found, strict=True)]
