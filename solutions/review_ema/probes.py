"""Models, optimisers and averages can't cross to the checks: they are made here."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn


class Watching:
    """Stands for an average: notes the weights at each update."""

    def __init__(self) -> None:
        self.seen: list[torch.Tensor] = []

    def update(self, model: nn.Module) -> None:
        """Note the first parameter."""
        self.seen.append(next(model.parameters()).detach().clone())


def copies(state: Any) -> tuple[Any, ...]:
    """The tensors, as they are now."""
    return tuple(tensor.detach().clone() for tensor in state.values())


def linear() -> nn.Linear:
    """Two logits of one number, all weights 0."""
    model = nn.Linear(1, 2, bias=False)
    nn.init.zeros_(model.weight)
    return model


def follow(kind: str, decay: float, states: Any) -> tuple[Any, ...]:
    """(average before the first update, after the last, the model then); the model takes each state in turn."""
    model = nn.Linear(3, 2, bias=False) if kind == "linear" else nn.BatchNorm1d(3)
    model.load_state_dict(states[0])
    ema = submission.Ema(model, decay)
    spare = nn.Linear(3, 2, bias=False) if kind == "linear" else nn.BatchNorm1d(3)
    before: tuple[Any, ...] = ()
    for state in states[1:]:
        model.load_state_dict(state)
        if not before:
            ema.copy_to(spare)
            before = copies(spare.state_dict())
        ema.update(model)
    ema.copy_to(spare)
    return before, copies(spare.state_dict()), copies(model.state_dict())


def seen(start: float, x: Any, y: Any, lr: float) -> tuple[Any, ...]:
    """(loss, the weight that the average saw) of one step of a model whose weights are all ``start``."""
    model, watching = linear(), Watching()
    nn.init.constant_(model.weight, start)
    loss = submission.train_step(model, torch.optim.SGD(model.parameters(), lr=lr), watching, x, y)
    return loss, watching.seen[-1]


def steps(x: Any, y: Any, lr: float, decay: float, count: int) -> tuple[Any, ...]:
    """(weight, its average, 1 if in training) after some steps from 0 of a model that was in evaluation."""
    model = linear().eval()
    opt, ema = torch.optim.SGD(model.parameters(), lr=lr), submission.Ema(model, decay)
    for _ in range(count):
        submission.train_step(model, opt, ema, x, y)
    spare = linear()
    ema.copy_to(spare)
    return model.weight.detach().clone(), spare.weight.detach().clone(), float(model.training)


def refuses(decay: float) -> str:
    """The name of what `Ema` raises."""
    try:
        submission.Ema(linear(), decay)
    except Exception as error:
        return type(error).__name__
    return ""
