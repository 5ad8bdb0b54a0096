"""Modules can't cross to the checks: they are made and called here. The backbone is the identity."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn


def build(state: Any) -> Any:
    """A classifier with this head."""
    classes, width = state["fc.weight"].shape
    model = submission.Classifier(nn.Identity(), width, classes)
    model.load_state_dict(state)
    return model


def logits(state: Any, x: Any) -> Any:
    """What the model gives for x."""
    with torch.no_grad():
        return build(state)(x)


def losses(state: Any, xs: Any, ys: Any) -> tuple[Any, ...]:
    """The training loss of each batch."""
    return tuple(submission.training_loss(build(state), x, y).detach() for x, y in zip(xs, ys, strict=True))


def predict(state: Any, x: Any) -> Any:
    """What `predict` gives for a plain head that is right, and was in training."""
    classes, width = state["fc.weight"].shape
    model = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(1), nn.Dropout(0.5), nn.Linear(width, classes))
    model.load_state_dict({"3.weight": state["fc.weight"], "3.bias": state["fc.bias"]})
    found = submission.predict(model, x)
    return tuple(part.clone() for part in found) if isinstance(found, tuple) else found
