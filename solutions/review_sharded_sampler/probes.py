"""Samplers are made and read here."""

from __future__ import annotations

from typing import Any


def orders(size: int, world: int, seed: int | None, epochs: Any) -> tuple[Any, ...]:
    """For each epoch, for each process, the pictures it sees; None is a seed or an epoch that nobody tells."""
    given = () if seed is None else (seed,)
    samplers = [submission.ShardedSampler(size, rank, world, *given) for rank in range(world)]
    found = []
    for epoch in epochs:
        for sampler in samplers if epoch is not None else []:
            sampler.set_epoch(epoch)
        found.append(tuple(list(sampler) for sampler in samplers))
    return tuple(found)


def lengths(size: int, world: int) -> tuple[int, ...]:
    """len() of each process's sampler."""
    return tuple(len(submission.ShardedSampler(size, rank, world, 0)) for rank in range(world))
