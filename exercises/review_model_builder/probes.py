"""Modules can't cross to the checks: they are built and called here."""

from __future__ import annotations

from typing import Any

import torch


def shape(widths: Any, depth: int, classes: int, size: Any) -> tuple[int, ...]:
    """The shape of the logits for an input of this size."""
    with torch.no_grad():
        return tuple(submission.build(widths, depth, classes)(torch.zeros(size)).shape)


def count(widths: Any, depth: int, classes: int) -> int:
    """The number of parameters."""
    return sum(p.numel() for p in submission.build(widths, depth, classes).parameters())


def distinct_units(width: int, depth: int) -> tuple[int, int]:
    """(units called, different units) in a forward pass through the first stage."""
    stage = submission.build((width,), depth, 2).stages[0]
    called: list[int] = []
    for unit in set(stage.units):
        unit.register_forward_hook(lambda module, _inputs, _output: called.append(id(module)))
    with torch.no_grad():
        stage(torch.zeros(1, 3, 4, 4))
    return len(called), len(set(called))


def run(widths: Any, depth: int, in_ch: int, state: Any, x: Any) -> Any:
    """The logits of a model with this state, built from an iterator of widths."""
    model = submission.build(iter(widths), depth, len(state["fc.bias"]), in_ch)
    model.load_state_dict(state)
    with torch.no_grad():
        return model(x)
