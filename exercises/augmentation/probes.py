"""What has to run beside your functions: many calls on one generator, and steps that can't cross as values.

A fresh generator reaches this process as its seed. Nothing here knows what a right function would answer.
"""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import torch

submission: Any  # your module: the grader gives it this name


def draws(name: str, img: torch.Tensor, args: tuple[Any, ...], options: dict[str, Any], g: Any, count: int) -> Any:
    """`count` results of name(img, *args, g, **options), called on one generator, as one tensor.

    For `hflip_labelled` the tensor and the list of labels. None if the results don't fit together.
    """
    function = getattr(submission, name)
    results = [function(_channels_last(img), *args, g, **options) for _ in range(count)]
    if name != "hflip_labelled":
        return _stack(results)
    if not all(type(result) is tuple and len(result) == 2 for result in results):
        return None
    return _stack([result[0] for result in results]), [result[1] for result in results]


def three_runs(name: str, img: torch.Tensor, args: tuple[Any, ...], g: Any, same: Any, other: Any) -> Any:
    """`draws` of 40 on each of three generators; the seeds of all other sources differ from run to run."""
    runs = []
    for seed, generator in enumerate((g, same, other)):
        random.seed(seed)
        np.random.seed(seed)
        torch.manual_seed(seed)
        runs.append(draws(name, img, args, {}, generator, 40))
    return tuple(runs)


def kinds(name: str, img: torch.Tensor, args: tuple[Any, ...], options: dict[str, Any], g: Any, count: int) -> Any:
    """The different results among `draws`, sorted, as one tensor; None if all are the same or don't fit together."""
    stack = draws(name, img, args, options, g, count)
    if not isinstance(stack, torch.Tensor):
        return None
    different = torch.unique(stack, dim=0)
    return different if len(different) > 1 else None


def sources(name: str, img: torch.Tensor, args: tuple[Any, ...], seed: int) -> list[str]:
    """Which global generators 40 results of one seed depend on: "torch", "Python or NumPy"."""
    found = []
    for changed, states in {"torch": ((1, 0), (2, 0)), "Python or NumPy": ((0, 1), (0, 2))}.items():
        runs = []
        for own, others in states:
            torch.manual_seed(own)
            np.random.seed(others)
            random.seed(others)
            runs.append(draws(name, img, args, {}, torch.Generator().manual_seed(seed), 40))
        if not _alike(*runs):
            found.append(changed)
    return found


def calls_change(name: str, img: torch.Tensor, args: tuple[Any, ...], g: Any) -> bool:
    """Whether one of 21 calls of name(img, *args, g) changed its image; two flips would undo each other."""
    changed = False
    for _ in range(21):
        handed = _channels_last(img)
        getattr(submission, name)(handed, *args, g)
        changed = changed or not torch.equal(handed, img)
    return changed


def chain(kinds: list[Any], as_iterator: bool, img: torch.Tensor, g: Any, calls: int) -> Any:
    """([results of `calls` calls of Compose(steps)(img, g)], whether all steps were handed this very g).

    A kind that is a list stands for a chain in the chain.
    """
    seen = []

    def step(kind: Any) -> Any:
        if isinstance(kind, list):
            return submission.Compose([step(inner) for inner in kind])

        def apply(x: Any, generator: Any) -> Any:
            seen.append(generator is g)
            if kind == "double":
                return x * 2
            if kind == "add 3":
                return x + 3
            if kind == "clamp":
                return x.clamp(0, 1)
            if kind == "normalize":
                return (x - 0.5) / 0.25
            return x + torch.rand(1, generator=generator)

        return apply

    steps = [step(kind) for kind in kinds]
    composed = submission.Compose(iter(steps) if as_iterator else steps)
    results = [composed(img, g) for _ in range(calls)]
    count = sum(len(kind) if isinstance(kind, list) else 1 for kind in kinds)
    return results, all(seen) and len(seen) == calls * count


def batch(kind: str, x: torch.Tensor, g: Any) -> Any:
    """(augment_batch(x, fn, g), whether every call of fn had an image and this very g, x afterwards)."""
    seen = []

    def fn(img: Any, generator: Any) -> Any:
        seen.append(generator is g and isinstance(img, torch.Tensor) and img.shape == x.shape[1:])
        if kind == "double":
            return img * 2
        if kind == "crop":
            return img[:, :2, 1:4] + 1
        if kind == "add":
            return img + torch.rand(1, generator=generator)
        return img

    x = x.clone()
    return submission.augment_batch(x, fn, g), all(seen) and len(seen) > 0, x


def fn_calls(x: torch.Tensor, g: Any) -> Any:
    """How augment_batch calls a function that draws: (how often, how many of its draws differ, always with this g)."""
    numbers, right = [], []

    def fn(img: Any, generator: Any) -> Any:
        numbers.append(float(torch.rand(1, generator=generator)))
        right.append(generator is g)
        return img

    submission.augment_batch(x.clone(), fn, g)
    return len(numbers), len(set(numbers)), all(right)


def _alike(one: Any, other: Any) -> bool:
    """Whether two answers of `draws` are the same."""
    if isinstance(one, torch.Tensor) and isinstance(other, torch.Tensor):
        return torch.equal(one, other)
    if isinstance(one, tuple) and isinstance(other, tuple):
        return all(_alike(a, b) for a, b in zip(one, other, strict=True))
    return type(one) is type(other) and not isinstance(one, torch.Tensor) and bool(one == other)


def _channels_last(img: torch.Tensor) -> torch.Tensor:
    """A copy of (C, H, W) that lies in memory as (H, W, C), as images from files do."""
    return img.permute(1, 2, 0).clone(memory_format=torch.contiguous_format).permute(2, 0, 1)


def _stack(results: list[Any]) -> Any:
    """The tensors as one, or None if they are not tensors of one shape and dtype."""
    if not all(isinstance(result, torch.Tensor) for result in results):
        return None
    if len({(result.shape, result.dtype) for result in results}) != 1:
        return None
    return torch.stack(results)
