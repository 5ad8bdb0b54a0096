"""What DataLoader does with a dataset, without its processes: each worker has a copy and a seed of its own."""

from __future__ import annotations

import copy
from typing import Any

import torch


def validation(images: Any, labels: Any, val: int, times: int) -> Any:
    """The first validation picture, fetched several times."""
    torch.manual_seed(0)
    kept = submission.make_sets(images, labels, val)[1]
    return torch.stack([kept[0][0] for _ in range(times)])


def draws(image: Any, seeds: Any, times: int) -> Any:
    """(workers, times, values): the one picture as each worker, with its copy and seed, augments it."""
    pictures = submission.Pictures(image, [0], True)
    found = []
    for seed in seeds:
        own = copy.deepcopy(pictures)
        torch.manual_seed(seed)
        found.append(torch.stack([own[0][0].flatten() for _ in range(times)]))
    return torch.stack(found)


def sets(images: Any, labels: Any, val: int) -> tuple[Any, ...]:
    """(training labels, validation labels, does the training set change its pictures)."""
    torch.manual_seed(1)
    train, kept = submission.make_sets(images, labels, val)
    changed = any(not torch.equal(train[0][0] * 255, images[0].float()) for _ in range(20))
    return tuple(train[i][1] for i in range(len(train))), tuple(kept[i][1] for i in range(len(kept))), changed
