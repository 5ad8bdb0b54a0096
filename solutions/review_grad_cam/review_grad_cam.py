"""Grad-CAM: which places of a feature map raise the score of a class."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn

TINY = 1e-12


@contextmanager
def recorded(layer: nn.Module) -> Iterator[list[Tensor]]:
    """What the layer puts out while the block runs, one tensor a call."""
    seen: list[Tensor] = []

    def keep(_module: nn.Module, _inputs: tuple[Tensor, ...], output: Tensor) -> None:
        seen.append(output)

    handle = layer.register_forward_hook(keep)
    try:
        yield seen
    finally:
        handle.remove()


def scores_of(logits: Tensor, classes: Tensor) -> Tensor:
    """The logit of each picture's class, summed: pictures don't depend on one another."""
    return logits.gather(1, classes[:, None]).sum()


def rescaled(maps: Tensor) -> Tensor:
    """Each map divided by its own maximum."""
    largest = maps.amax(dim=(1, 2), keepdim=True)
    return maps / largest.clamp(min=TINY)


def grad_cam(model: nn.Module, layer: nn.Module, x: Tensor, classes: Tensor) -> Tensor:
    """Maps (N, h, w) from 0 to 1, in the model's current mode."""
    # Frozen models have no graph unless the input asks for one.
    x = x.detach().requires_grad_(True)
    with torch.enable_grad(), recorded(layer) as seen:
        logits = model(x)
        maps = seen[-1]
        (gradient,) = torch.autograd.grad(scores_of(logits, classes), maps)
    weights = gradient.mean(dim=(2, 3), keepdim=True)
    cam = (weights * maps).sum(dim=1).relu()
    return rescaled(cam).detach()
