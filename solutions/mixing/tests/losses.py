"""Random scores, targets and temperatures, and a loss as it should come back."""

from __future__ import annotations

import torch
from mixtures import seeded


def scores(n, k, seed):
    """Random logits, (n, k)."""
    return 2 * torch.randn(n, k, generator=seeded(seed))


def shares(n, k, seed):
    """Random distributions, (n, k)."""
    return scores(n, k, seed).softmax(dim=1)


def number(value):
    """A float32 0-d tensor."""
    return torch.tensor(value, dtype=torch.float32)


SOFT = [(scores(n, k, n), shares(n, k, n + 50)) for n, k in ((3, 5), (6, 4), (1, 7))]
SOFT.append((scores(4, 3, 9), torch.eye(3)[[2, 0, 1, 2]]))

DISTILLED = [
    (scores(n, k, n), scores(n, k, n + 70), [(3 * i + 1) % k for i in range(n)], temperature, alpha)
    for n, k, temperature, alpha in ((3, 5, 4.0, 0.7), (5, 4, 1.0, 0.4), (1, 6, 0.5, 1.0), (4, 3, 3.0, 0.0))
]
