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


def largest(h: int, w: int, lam: float, seed: int, count: int) -> Any:
    """Of `count` boxes: the last row and the last column that one ends at, and the most rows and columns in one."""
    found = [tuple(int(end) for end in box) for box in boxes(h, w, lam, seed, count)]
    return (
        max(y2 for _, y2, _, _ in found),
        max(x2 for _, _, _, x2 in found),
        max(y2 - y1 for y1, y2, _, _ in found),
        max(x2 - x1 for _, _, x1, x2 in found),
    )


def given_box(
    x: torch.Tensor, y: list[int], classes: int, box: tuple[int, int, int, int], seed: int, count: int
) -> Any:
    """What `count` calls of cutmix, for each of two alphas, do with a rand_box that gives `box` whatever it is asked.

    (h and w that it was asked for, None if it was not asked; whether its lam was "drawn" or "the same", for one alpha
    or "for both"; the pixels that were pasted in some image, (H, W); the share that an image's own label has wherever
    something was pasted, None if that is not always the same).
    """
    asked: list[tuple[Any, Any]] = []
    lams: list[set[float]] = []
    own = submission.rand_box

    def rand_box(h: Any, w: Any, lam: Any, g: Any) -> tuple[int, int, int, int]:
        asked.append((h, w))
        lams[-1].add(round(float(lam), 6))
        return box

    images, labels = [], []
    submission.rand_box = rand_box
    try:
        for alpha in (1.0, 3.0):
            lams.append(set())
            found = batches("cutmix", x, torch.tensor(y), classes, alpha, seed, count)
            if found is None:
                return None
            images.append(found[0])
            labels.append(found[1])
    finally:
        submission.rand_box = own
    changed = (torch.cat(images) != x).any(2)
    mine = torch.cat(labels)[:, torch.arange(len(y)), y][changed.any(3).any(2)]
    same = len(mine) > 0 and bool((mine - mine[0]).abs().max() < 1e-4)
    lam = "drawn"
    if asked and min(len(some) for some in lams) == 1:
        lam = "the same for both" if lams[0] == lams[1] else "the same"
    return asked[0] if asked else None, lam, changed.any(0).any(0), float(mine[0]) if same else None


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
