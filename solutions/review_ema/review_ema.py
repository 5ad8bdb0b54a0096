"""An exponential moving average of a model's state."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class Ema:
    """The average; it is kept as a state dict, so that no second model is needed."""

    def __init__(self, model: nn.Module, decay: float) -> None:
        if not 0.0 <= decay < 1.0:
            raise ValueError(f"decay must be in [0, 1), not {decay}")
        self.decay = decay
        self.average = {name: value.detach().clone() for name, value in model.state_dict().items()}

    @torch.no_grad()
    def update(self, model: nn.Module) -> None:
        """Move the average towards the model."""
        live = model.state_dict()
        for name, kept in self.average.items():
            value = live[name]
            if value.is_floating_point():
                # kept + (1 - decay) * (value - kept)
                kept.lerp_(value, 1.0 - self.decay)
            else:
                kept.copy_(value)

    def copy_to(self, model: nn.Module) -> None:
        """Write the average into a model of the same kind."""
        model.load_state_dict(self.average)


def train_step(model: nn.Module, opt: torch.optim.Optimizer, ema: Ema, x: Tensor, y: Tensor) -> float:
    """One step on one batch, then one of the average; the loss before the step."""
    model.train()
    loss = F.cross_entropy(model(x), y)
    opt.zero_grad()
    loss.backward()
    opt.step()
    ema.update(model)
    return loss.item()


def averaged_loss(model: nn.Module, spare: nn.Module, ema: Ema, x: Tensor, y: Tensor) -> tuple[float, float]:
    """The losses of the live model and of its average, which borrows `spare`; both left in evaluation mode."""
    ema.copy_to(spare)
    with torch.no_grad():
        live, smooth = (F.cross_entropy(each.eval()(x), y).item() for each in (model, spare))
    return live, smooth
