"""What the hidden checks of `fine_tuning_setup` hand over: rates by layer, and histories of watched values."""

from __future__ import annotations

import math
from typing import Any

INSIDE = {"fc": 0.125, "fc2": 0.25, "aux": 0.5, "block": 1.0, "block.fc": 8.0, "last": 2.0, "last.bias": 8.0}

FC = ("fc",)
# kind, frozen, head, the rate of each layer with base_lr 0.25, head_lr 0.75, layer_decay 0.5
STEPS: list[tuple[str, tuple[str, ...], tuple[str, ...], dict[str, float]]] = [
    ("small", (), FC, {"stem": 0.125, "bn": 0.25, "fc": 0.75}),
    (
        "deep",
        ("bn", "layer1.0", "fc.bias"),
        FC,
        {"stem": 0.03125, "bn": 0.0625, "layer1": 0.125, "layer2": 0.25, "fc": 0.75},
    ),
    (
        "own",
        ("decode",),
        FC,
        {"scale": 0.25, "position": 0.25, "embed": 0.0625, "table": 0.125, "decode": 0.25, "fc": 0.75},
    ),
    ("names", ("block.norm",), FC, {"fc": 0.75, "fc2": 0.03125, "aux": 0.0625, "block": 0.125, "last": 0.25}),
    (
        "names",
        (),
        ("fc2", "block.fc"),
        {"fc": 0.03125, "fc2": 0.75, "aux": 0.0625, "block": 0.125, "block.fc": 0.75, "last": 0.25},
    ),
]

History = tuple[list[float], int, dict[str, Any]]

WATCHED: dict[str, History] = {
    "patience_one": ([3.0, 2.0, 2.5, 1.0, 1.0, 0.5], 1, {}),
    "patience_three": ([3.0, 3.5, 4.0, 2.0, 2.5, 2.0, 2.25, 9.0, 1.0, 1.5], 3, {}),
    "negative": ([-1.0, -3.0, -2.0, -3.5, -3.0, 0.0], 2, {}),
    "never_bad": ([5.0, 4.0, 3.0, 2.0], 1, {}),
}
DELTAS: dict[str, History] = {
    "just_not_enough": ([1.0, 0.75, 0.5, 0.25, 0.25], 2, {"min_delta": 0.25}),
    "small_steps": ([8.0, 7.5, 7.0, 6.5, 6.0, 6.5], 3, {"min_delta": 1.0}),
    "worse": ([2.0, 2.25, 2.5, 1.0], 2, {"min_delta": 0.5}),
    "never_enough": ([4.0, 3.75, 3.625, 3.5, 3.0], 2, {"min_delta": 0.75}),
    "maximum": ([1.0, 1.375, 1.5, 2.25, 2.625, 2.75, 2.5], 2, {"min_delta": 0.5, "mode": "max"}),
}
MAXIMA: dict[str, History] = {
    "accuracy": ([0.25, 0.5, 0.375, 0.75, 0.75, 0.5, 0.875], 2, {"mode": "max"}),
    "negative": ([-4.0, -2.0, -3.0, -5.0, -1.0], 2, {"mode": "max"}),
}
NANS: dict[str, History] = {
    "first": ([math.nan, 2.0, 3.0, 1.0], 2, {}),
    "only_nan_yet": ([math.nan, math.nan, 2.0, 3.0], 2, {}),
    "between": ([2.0, math.nan, 1.0, math.nan, 3.0, 0.5], 2, {}),
    "maximum": ([2.0, math.nan, math.nan, 3.0, 4.0], 2, {"mode": "max"}),
    "diverged": ([1.0, math.nan, math.nan, math.nan], 3, {}),
}

# Each of these tells every mistake of the tables above from the rules.
RUNS: dict[str, History] = {
    "loss": ([math.nan, 9.0, 8.5, 9.25, 8.0, 7.0, 6.75, math.nan, 6.5, 5.0, 4.0], 3, {"min_delta": 0.5}),
    "accuracy": ([-2.0, -1.5, -1.75, math.nan, 0.0, 0.25, 0.375, 0.5, 2.0, 1.0], 2, {"min_delta": 0.25, "mode": "max"}),
}

EVALUATED = ["store", "read", "copy_to", "read", "restore", "read"]
