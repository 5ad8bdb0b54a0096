"""Modules can't cross to the checks: they are made here."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn


class Squared(nn.Module):
    """Squares, so that gradients differ from place to place."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Element by element."""
        return x * x


def network(mix: Any, head: Any, squared: bool = True) -> nn.Sequential:
    """1x1 convolution, squares or not, global average, linear layer; frozen, in evaluation."""
    model = nn.Sequential(
        nn.Conv2d(mix.shape[1], mix.shape[0], 1, bias=False),
        Squared() if squared else nn.Identity(),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(1),
        nn.Linear(head.shape[1], head.shape[0], bias=False),
    )
    model.load_state_dict({"0.weight": mix[:, :, None, None], "4.weight": head})
    return model.requires_grad_(False).eval()


def cam(mix: Any, head: Any, x: Any, classes: Any) -> Any:
    """The maps of the convolution's output."""
    model = network(mix, head)
    return submission.grad_cam(model, model[0], x, classes)


def linear_cam(mix: Any, head: Any, x: Any, classes: Any) -> Any:
    """The same without squares."""
    model = network(mix, head, squared=False)
    return submission.grad_cam(model, model[0], x, classes)


def hooks(x: Any, times: int) -> tuple[Any, ...]:
    """(the last map, hooks on the layer) after some calls."""
    model = network(torch.ones(1, 1), torch.ones(1, 1), squared=False)
    found = [submission.grad_cam(model, model[0], x, torch.tensor([0])) for _ in range(times)]
    return found[-1], len(model[0]._forward_hooks) + len(model[0]._backward_hooks)


def traces(mix: Any, head: Any, x: Any, classes: Any) -> tuple[Any, ...]:
    """(mode, whether the map has a graph, parameters with a gradient) after a call on a model that can be trained."""
    model = network(mix, head).requires_grad_(True)
    found = submission.grad_cam(model, model[0], x, classes)
    return model.training, found.requires_grad, sum(p.grad is not None for p in model.parameters())
