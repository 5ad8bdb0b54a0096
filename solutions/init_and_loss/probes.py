"""What has to run beside the submission: two draws from one generator, and NumPy's global generator around a draw."""

from __future__ import annotations

from typing import Any

import numpy as np

submission: Any  # the student's module, put here by the worker


def draw_twice(shape: tuple[int, ...], seed: int) -> tuple[Any, Any]:
    """Two arrays of weights from one and the same generator."""
    rng = np.random.default_rng(seed)
    return submission.he_normal(shape, rng), submission.he_normal(shape, rng)


def draw_beside_global(shape: tuple[int, ...], seed: int, global_seed: int) -> tuple[Any, bool]:
    """Weights drawn after the global generator was seeded, and whether the draw left the latter alone."""
    np.random.seed(global_seed)
    before = np.random.get_state(legacy=False)
    weights = submission.he_normal(shape, np.random.default_rng(seed))
    after = np.random.get_state(legacy=False)
    untouched = before["state"]["pos"] == after["state"]["pos"] and bool(
        (before["state"]["key"] == after["state"]["key"]).all()
    )
    return weights, bool(untouched and before["has_gauss"] == after["has_gauss"])
