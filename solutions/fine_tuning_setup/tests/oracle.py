"""What right answers are, by the plainest route: tables of names, and closed forms in Python floats."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import torch

torch.set_num_threads(1)

# Parameters of the models in probes.py, and how many dimensions each has.
MODELS: dict[str, dict[str, int]] = {
    "own": {
        "scale": 0,
        "position": 3,
        "embed.weight": 2,
        "embed.bias": 1,
        "table.bias": 2,
        "table.weight": 1,
        "decode.bias": 1,
        "fc.weight": 2,
        "fc.bias": 1,
    },
    "small": {"stem.weight": 4, "stem.bias": 1, "bn.weight": 1, "bn.bias": 1, "fc.weight": 2, "fc.bias": 1},
    "deep": {
        "stem.weight": 4,
        "bn.weight": 1,
        "bn.bias": 1,
        "layer1.0.weight": 4,
        "layer1.0.bias": 1,
        "layer1.1.weight": 1,
        "layer1.1.bias": 1,
        "layer1.2.weight": 1,
        "layer2.0.weight": 2,
        "layer2.0.bias": 1,
        "layer2.1.weight": 2,
        "layer2.1.bias": 1,
        "fc.weight": 2,
        "fc.bias": 1,
    },
    "names": {
        "fc.weight": 2,
        "fc.bias": 1,
        "fc2.weight": 2,
        "fc2.bias": 1,
        "aux.weight": 2,
        "block.fc.weight": 2,
        "block.fc.bias": 1,
        "block.norm.weight": 2,
        "block.norm.bias": 2,
        "last.weight": 3,
        "last.bias": 1,
    },
    "classifier": {
        "features.0.weight": 4,
        "features.0.bias": 1,
        "features.1.weight": 1,
        "features.1.bias": 1,
        **{f"classifier.{i}.{kind}": 2 - (kind == "bias") for i in range(11) for kind in ("weight", "bias")},
    },
}


def rates(by_layer: Mapping[str, float], names: Iterable[str]) -> dict[str, float]:
    """Each parameter's rate, from the longest entry of `by_layer` that its name begins with."""
    found = {}
    for name in names:
        parts = name.split(".")
        keys = [".".join(parts[:n]) for n in range(len(parts), 0, -1)]
        found[name] = next(by_layer[key] for key in keys if key in by_layer)
    return found


def schedule(step: int, total: int, warmup: int, base_lr: float, min_lr: float = 0.0) -> float:
    """The rate: the warm-up's line, then a cosine over what is left, held at its end."""
    if step < warmup:
        return base_lr * (step + 1) / warmup
    share = 1.0 if total == warmup else min(1.0, (step - warmup) / (total - warmup))
    return min_lr * (1 - math.cos(math.pi * share)) / 2 + base_lr * (1 + math.cos(math.pi * share)) / 2


def stopping(values: Sequence[float], patience: int, min_delta: float = 0.0, mode: str = "min") -> Any:
    """(answers, best, best_step), each looked up afresh in the whole history."""
    best: float | None = None
    best_step, answers = -1, []
    for step, value in enumerate(values):
        gain = math.inf if best is None else (best - value if mode == "min" else value - best)
        if not math.isnan(value) and gain > min_delta:
            best, best_step = value, step
        answers.append(step - best_step >= patience)
    return answers, best, best_step


# Tensors of the averaged model in probes.py, sorted by name: shape, or None for a counter.
TENSORS = [(3,), (3, 2, 2), (3,), None, (3,), (3,), (3,), (4, 1)]


def state(mean: float, count: int) -> list[torch.Tensor]:
    """The model's tensors when training set them to values whose average is `mean`, and the counter to `count`."""
    tensors = []
    for number, shape in enumerate(TENSORS):
        if shape is None:
            tensors.append(torch.tensor(count))
        else:
            tensors.append((number + 1) * mean + torch.arange(math.prod(shape), dtype=torch.float32).reshape(shape))
    return tensors


def averaged(script: Sequence[Any], decay: float) -> list[list[torch.Tensor]]:
    """What the model holds at each "read" of a script: see probes.average."""
    model = shadow = stored = (0.0, 0)
    reads = []
    for word in script:
        if word in ("ema", "store"):
            shadow, stored = (model, stored) if word == "ema" else (shadow, model)
        elif word == "update":
            shadow = (decay * shadow[0] + (1 - decay) * model[0], model[1])
        elif word == "copy_to":
            model = shadow
        elif word == "restore":
            model = stored
        elif word == "read":
            reads.append(state(*model))
        else:
            model = (float(word), int(word))
    return reads
