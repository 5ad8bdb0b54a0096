"""What stands ready before fine-tuning: rates and decays, a schedule, a stop, an average, and who trains when."""

from __future__ import annotations

import copy
import math
from collections.abc import Sequence
from typing import Any

import torch
from torch import nn


def param_groups(
    model: nn.Module,
    base_lr: float,
    head_lr: float,
    weight_decay: float,
    head: Sequence[str] = ("fc",),
    layer_decay: float = 1.0,
) -> list[dict[str, Any]]:
    """The model's trainable parameters in groups for an optimiser, each group with its rate and its weight decay.

    Every parameter with requires_grad stands in exactly one group; frozen ones stand in none. A parameter that two
    layers share is there once, with the rate of either. The groups hold the model's own parameters, as they are at the
    time of the call.

    Head: `head` lists names, with the dots of named_parameters(). An entry matches the parameter of that very name
    and all whose name starts with the entry and a dot: "fc" matches fc.weight, not fc2.weight and not block.fc.weight.

    Rates: a parameter of the head has head_lr. The rest is the backbone. Its layers are the top-level children of the
    model that hold parameters outside the head, frozen or not, in the order of named_children(). The last of them has
    base_lr, the one before base_lr * layer_decay, the one before that base_lr * layer_decay ** 2, and so on. A
    child without parameters (a ReLU) is no layer and doesn't count; a frozen one counts. Parameters that the model
    holds itself, in no child, have base_lr.

    Weight decay: `weight_decay` for parameters of two or more dimensions, 0 for all others (biases, BatchNorm), also in
    the head.

    Returns a list of dicts with the keys "params" (a list of parameters), "lr" and "weight_decay". No group is empty.
    How many groups there are, their order and further keys are up to you.

    Example: children stem (Conv2d), bn (BatchNorm2d), relu (ReLU), fc (Linear), base_lr 1, head_lr 10, layer_decay 0.5:
        stem.weight 0.5   stem.bias 0.5   bn.weight 1   bn.bias 1   fc.weight 10   fc.bias 10
    with weight_decay for stem.weight and fc.weight, and 0 for the rest.
    """

    raise NotImplementedError("fine_tuning_setup: param_groups")


def warmup_cosine(step: int, total: int, warmup: int, base_lr: float, min_lr: float = 0.0) -> float:
    """The rate at `step`, counted from 0: a straight rise, half a cosine down, then min_lr for ever.

        step < warmup             base_lr * (step + 1) / warmup
        warmup <= step < total    min_lr + (base_lr - min_lr) * (1 + cos(pi * t)) / 2,
                                  t = (step - warmup) / (total - warmup)
        step >= total             min_lr

    So step 0 isn't lost on a rate of 0, the rise doesn't depend on min_lr, and the rate is base_lr both at step
    warmup - 1 and at step warmup. `warmup` may be 0 (no rise), and it may equal `total` (no cosine).

    Example, warmup_cosine(step, 6, 2, 8.0) for steps 0 to 7:  4, 8, 8, 6.8284, 4, 1.1716, 0, 0
    """
    raise NotImplementedError("fine_tuning_setup: warmup_cosine")


class EarlyStopping:
    """Says when a watched value has stopped getting better.

    Args:
        patience: how many bad values in a row are enough, 1 or more.
        min_delta: a value is better only if it beats the best by strictly more than this, 0 or more.
        mode: "min" if small values are good (a loss), "max" if large ones are (an accuracy).

    Attributes:
        best: the best value so far. A value that isn't better by more than min_delta doesn't change it.
        best_step: at which call of `step` the best came, counted from 0, bad values included.

    What both are before the first good value is up to you. NaN is a bad value, also as the very first; any other first
    value is better.

    Example, patience 2, min_delta 0, mode "min":
        value     5      4      6      4      7
        step      False  False  False  True   True       best 4, best_step 1
    """

    best: float
    best_step: int

    def __init__(self, patience: int, min_delta: float = 0.0, mode: str = "min") -> None:
        raise NotImplementedError("fine_tuning_setup: EarlyStopping")

    def step(self, value: float) -> bool:
        """Takes the next value; True from the patience-th bad value in a row on, until a better one comes."""
        raise NotImplementedError("fine_tuning_setup: EarlyStopping.step")


class EMA:
    """An exponential moving average of a model's weights, beside the model, with a way in and a way back.

        average = decay * average + (1 - decay) * model        at each update()

    The average starts as a copy of the model at construction. `decay` is the same in every update (no warm-up of the
    decay). Parameters and floating-point buffers (BatchNorm's running mean and variance) are averaged. Integer buffers
    (BatchNorm's counter) are not: the average takes the model's value at each update().

    The model, the average and the stored values never share memory, so training the model changes none of the others.
    The model's parameters stay the same objects (an optimiser knows them) and keep requires_grad.

    Example, decay 0.75 and one weight: the model starts at 4 and is set to 8 by training. update() makes the average
    0.75 * 4 + 0.25 * 8 = 5; store() notes the 8; copy_to() puts 5 into the model; restore() puts the 8 back.
    """

    def __init__(self, model: nn.Module, decay: float) -> None:
        raise NotImplementedError("fine_tuning_setup: EMA")

    @torch.no_grad()
    def update(self) -> None:
        """Moves the average towards the model, which stays as it is."""
        raise NotImplementedError("fine_tuning_setup: EMA.update")

    def store(self) -> None:
        """Notes the model's parameters and buffers, in the place of what was noted before."""
        raise NotImplementedError("fine_tuning_setup: EMA.store")

    def copy_to(self) -> None:
        """Writes the average into the model: parameters and buffers. The average and the stored values stay."""
        raise NotImplementedError("fine_tuning_setup: EMA.copy_to")

    def restore(self) -> None:
        """Writes what store() noted into the model: parameters and buffers. The average stays."""
        raise NotImplementedError("fine_tuning_setup: EMA.restore")


def unfreeze_for_epoch(stages: Sequence[nn.Module], epoch: int) -> None:
    """Makes stages[0] to stages[epoch] train and freezes all later ones; stages[0], the head, is freed first.

    Sets requires_grad of every parameter of every stage, whatever it was before. Modes (train or eval) stay as they
    are. `epoch` counts from 0; from the last stage on, everything trains. No two stages share a parameter.

    Returns None.
    """
    raise NotImplementedError("fine_tuning_setup: unfreeze_for_epoch")
