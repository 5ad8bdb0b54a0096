"""What the hidden checks of `fine_tuning_loop` hand over, and what the oracle says of it: epochs, reports and runs.

Nothing is random from run to run: models and batches come from seeds, so a right answer fails only if float32 rounding
exceeds the tolerance. Measured over the known right answers, the largest error is 2 % of what is allowed, and no
epoch's validation loss comes nearer to the best one than 0.01, so that rounding can't change which is best.
"""

from __future__ import annotations

import functools
from typing import Any

import torch
from oracle import Run, measure, trace

WIDTH, HIDDEN, CLASSES = 5, 7, 4


def network(seed: int, classes: int = CLASSES) -> Any:
    """The state of Linear, BatchNorm, ReLU, Dropout, Linear."""
    g = torch.Generator().manual_seed(seed)
    return {
        "0.weight": torch.randn(HIDDEN, WIDTH, generator=g) * 0.7,
        "0.bias": torch.randn(HIDDEN, generator=g) * 0.3,
        "1.weight": torch.rand(HIDDEN, generator=g) + 0.5,
        "1.bias": torch.randn(HIDDEN, generator=g) * 0.3,
        "1.running_mean": torch.randn(HIDDEN, generator=g) * 0.4,
        "1.running_var": torch.rand(HIDDEN, generator=g) + 0.5,
        "1.num_batches_tracked": torch.tensor(3),
        "4.weight": torch.randn(classes, HIDDEN, generator=g) * 0.9,
        "4.bias": torch.randn(classes, generator=g) * 0.3,
    }


def batches(seed: int, sizes: tuple[int, ...], classes: int = CLASSES, present: int = CLASSES) -> Any:
    """Random batches of these sizes, whose later samples are harder (larger); labels below `present`."""
    g = torch.Generator().manual_seed(seed)
    return [
        (torch.randn(n, WIDTH, generator=g) * (1 + i), torch.randint(present, (n,), generator=g))
        for i, n in enumerate(sizes)
    ]


RAGGED = (8, 8, 6)
BASE = {"lr": 0.3, "momentum": 0.9}
FACTORS = [1.0, 0.5, 2.0, 0.25, 0.1]
OPTIONS = {"factors": FACTORS, "accum_steps": 2, "max_norm": 0.6, "loss": "smoothed"}


def replay(seed: int, sizes: tuple[int, ...], settings: dict[str, Any]) -> Any:
    """(loss, state, optimiser steps, weights after each) of one epoch."""
    run = Run(network(seed), settings)
    loss = run.train(batches(seed + 100, sizes))
    return loss, run.result(), run.steps, tuple(run.averaged)


TRAIN: dict[str, tuple[int, tuple[int, ...], dict[str, Any]]] = {
    "plain": (1, RAGGED, BASE),
    "one_batch": (2, (5,), BASE),
    "other_loss": (3, RAGGED, {**BASE, "loss": "smoothed", "training": False}),
    "read_once": (4, (4, 7, 3, 2), {**BASE, "once": True}),
    "handed_in_eval": (5, RAGGED, {**BASE, "training": False}),
    "stale_gradients": (6, RAGGED, {**BASE, "stale": True}),
    "accum_2": (7, (8, 8, 6), {**BASE, "accum_steps": 2}),
    "accum_3": (8, (4, 5, 6, 3, 4, 5, 2), {**BASE, "accum_steps": 3, "once": True, "training": False}),
    "accum_fits": (9, (4, 5, 6, 3), {**BASE, "accum_steps": 2}),
    "accum_too_large": (10, (4, 6), {**BASE, "accum_steps": 5}),
    "clip": (11, RAGGED, {**BASE, "max_norm": 0.5, "training": False}),
    "clip_idle": (12, RAGGED, {**BASE, "max_norm": 50.0}),
    "clip_accum": (13, (6, 5, 4, 3, 2), {**BASE, "max_norm": 0.4, "accum_steps": 2}),
    "scheduler": (14, (4, 5, 6, 3, 4), {**BASE, "factors": FACTORS}),
    "scheduler_accum": (15, (4, 5, 6, 3, 4), {**BASE, "factors": FACTORS, "accum_steps": 2}),
    "ema": (16, RAGGED, {**BASE, "ema": True, "training": False}),
    "ema_accum": (17, (4, 5, 6, 3, 4), {**BASE, "ema": True, "accum_steps": 2}),
    # Clipping hides by how much a gradient was divided: once it is idle, and the last group short; once it is not.
    "everything": (
        18,
        (6, 5, 4, 3, 2),
        {**BASE, **OPTIONS, "max_norm": 50.0, "ema": True, "stale": True, "once": True, "training": False},
    ),
    "everything_clipped": (19, (5, 4, 6, 3), {**BASE, **OPTIONS, "ema": True}),
}

replayed = functools.cache(lambda name: replay(*TRAIN[name]))

# kind, classes, classes present, sizes, topk, settings
MEASURED: dict[str, tuple[str, int, int, tuple[int, ...], tuple[int, ...], dict[str, Any]]] = {
    "ragged": ("norm", 4, 4, (8, 8, 2), (1,), {}),
    "one_sample_last": ("norm", 4, 4, (7, 1), (1,), {"training": False}),
    "read_once": ("norm", 6, 6, (5, 4, 3), (1,), {"once": True}),
    "dropout": ("dropout", 4, 4, (9, 5), (1,), {}),
    "absent_class": ("norm", 5, 3, (6, 6, 3), (1,), {}),
    "everything": ("dropout", 5, 4, (9, 7, 1), (1,), {"mixed": True, "once": True}),
}


@functools.cache
def measured(name: str) -> Any:
    """The state, the batches and the oracle's report for a row of MEASURED, with shares up to top9."""
    _, classes, present, sizes, _, _ = MEASURED[name]
    seed = 30 + list(MEASURED).index(name)
    state, data = network(seed, classes), batches(seed + 100, sizes, classes, present)
    return state, data, measure(state, data, tuple(range(1, 10)), classes)


LONG = {
    "lr": 2.0,
    "momentum": 0.5,
    "factors": [1.0, 0.5, 2.0, 1.0, 0.25, 1.5, 1.0],
    "accum_steps": 2,
    "max_norm": 1.5,
    "loss": "smoothed",
    "sized": True,
}
# seed, epochs, patience, settings
FITS: dict[str, tuple[int, int, int, dict[str, Any]]] = {
    "stops_early": (0, 12, 2, {"lr": 0.3}),
    "runs_to_the_end": (0, 4, 9, {"lr": 0.3}),
    "recovers": (2, 12, 2, {"lr": 1.0}),
    "patience_1": (3, 12, 1, {"lr": 0.3}),
    "last_is_best": (0, 3, 2, {"lr": 0.02}),
    "classes_given": (0, 4, 2, {"lr": 0.3, "num_classes": CLASSES}),
    "other_loss": (0, 5, 3, {"lr": 0.3, "loss": "smoothed"}),
    "options": (0, 5, 3, {"lr": 0.3, "accum_steps": 2, "max_norm": 0.5, "factors": FACTORS, "sized": True}),
    # The same history, bad, bad but better than the one before, good, three bad ones, met with other patience.
    "all_three_bad": (345, 9, 3, LONG),
    "all_two_bad": (345, 9, 2, LONG),
    "all_to_the_end": (345, 6, 5, {**LONG, "num_classes": CLASSES, "ema": True}),
}


@functools.cache
def fit_data(name: str) -> Any:
    """State, training and validation batches, and the epochs of the oracle."""
    seed, epochs, _, settings = FITS[name]
    state = network(seed)
    train, val = batches(seed + 1, (6, 6, 4)), batches(seed + 2, (5, 3))
    return state, train, val, trace(state, train, val, epochs, settings)
