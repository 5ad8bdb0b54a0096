"""Which pictures each of several training processes sees, and what they measured together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import torch
from torch.utils.data import Sampler


class ShardedSampler(Sampler[int]):
    """The share of one process, of equal length in all of them."""

    def __init__(self, size: int, rank: int, world: int, seed: int = 0) -> None:
        if not 0 <= rank < world:
            raise ValueError(f"rank must be from 0 to {world - 1}, not {rank}")
        self.size = size
        self.rank = rank
        self.world = world
        self.seed = seed
        self.epoch = 0
        # Rounded up: some pictures come twice, so that no process waits for another.
        self.length = -(-size // world)

    def set_epoch(self, epoch: int) -> None:
        """Tell the epoch, before the loader is iterated; the same in every process."""
        self.epoch = epoch

    def __len__(self) -> int:
        return self.length

    def _shuffled(self) -> list[int]:
        """The order of this epoch, filled up to a multiple of the number of processes."""
        g = torch.Generator()
        g.manual_seed(self.seed + self.epoch)
        order = torch.randperm(self.size, generator=g).tolist()
        missing = self.length * self.world - self.size
        # More than once round, if there are more processes than pictures.
        order += (order * self.world)[:missing]
        return order

    def __iter__(self) -> Iterator[int]:
        order = self._shuffled()
        return iter(order[self.rank :: self.world])


def combined_accuracy(hits: Sequence[int], counts: Sequence[int]) -> float:
    """The share of right answers over the pictures of all processes."""
    if len(hits) != len(counts):
        raise ValueError("hits and counts need one number a process")
    return sum(hits) / sum(counts)
