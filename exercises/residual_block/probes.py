"""What has to run beside the live block, because modules and gradients can't leave its process.

Layers are found by their type, never by their name. Nothing here knows what a right block would answer.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import torch
from torch import nn
from torch.nn.modules.lazy import LazyModuleMixin

NO_LAYERS: dict[str, Any] = {"convs": [], "norms": []}


def run_with(block: Any, x: torch.Tensor, three: torch.Tensor, one: float) -> Any:
    """block(x) in evaluation mode, when every 3x3 slice is `three` and every 1x1 weight is `one`.

    Biases become 0 and each BatchNorm as new: weight 1, bias 0, mean 0, variance 1.
    """
    if not isinstance(block, nn.Module):
        return None
    convs, norms = _layers(block, x)
    with torch.no_grad():
        for conv in convs:
            if conv.kernel_size == (3, 3):
                conv.weight.copy_(three.expand_as(conv.weight))
            elif conv.kernel_size == (1, 1):
                conv.weight.fill_(one)
            if conv.bias is not None:
                conv.bias.zero_()
        for norm in norms:
            norm.reset_parameters()
        block.eval()
        return block(x)


def layers(block: Any, x: torch.Tensor) -> str:
    """The layers with parameters, sorted: "3x3 4>6, 3x3 6>6, BatchNorm 6, BatchNorm 6".

    A BatchNorm whose eps or momentum is not the default is followed by both.
    """
    if not isinstance(block, nn.Module):
        return "no nn.Module"
    convs, norms = _layers(block, x)
    known = {id(p) for layer in (*convs, *norms) for p in layer.parameters(recurse=False)}
    others = sum(p.numel() for p in block.parameters() if id(p) not in known)
    words = [
        f"BatchNorm {norm.num_features}"
        + ("" if (norm.eps, norm.momentum) == (1e-5, 0.1) else f" (eps {norm.eps}, momentum {norm.momentum})")
        for norm in norms
    ]
    for conv in convs:
        out_ch, in_ch, height, width = conv.weight.shape
        words.append(f"{height}x{width} {in_ch}>{out_ch}")
    if others:
        words.append(f"{others} other parameters")
    return ", ".join(sorted(words))


def batches(block: Any, x: torch.Tensor) -> list[int]:
    """How many batches each BatchNorm counts in one training pass over x."""
    if not isinstance(block, nn.Module):
        return []
    _, norms = _layers(block, x)
    before = [_count(norm) for norm in norms]
    block.train()
    with torch.no_grad():
        block(x)
    return [_count(norm) - first for norm, first in zip(norms, before, strict=True)]


def trial(block: Any, x: torch.Tensor, seed: int, training: bool, scale: float = 1.0) -> tuple[Any, Any, bool]:
    """(state, block(x), whether the call changed x), with every weight and statistic drawn anew from `seed`.

    `scale` multiplies the convolutions' weights and biases. The state is as it was before the call: see `_randomise`.
    """
    if not isinstance(block, nn.Module):
        return NO_LAYERS, None, False
    state = _randomise(block, x, seed, scale)
    block.train(training)
    before = x.clone()
    with torch.no_grad():
        y = block(x)
    return state, y, not torch.equal(x, before)


def tries(name: str, cases: list[tuple[tuple[int, ...], torch.Tensor]], seed: int) -> list[Any]:
    """For each (arguments, x) what a block made of these gives in training mode, as in `trial`; None if it raises."""
    answers: list[Any] = []
    for arguments, x in cases:
        try:
            answers.append(trial(getattr(submission, name)(*arguments), x, seed, True)[1])
        except Exception:
            answers.append(None)
    return answers


def gradient(block: Any, x: torch.Tensor, upstream: torch.Tensor, seed: int, zero_3x3: bool) -> tuple[Any, Any]:
    """(state, gradient of sum(upstream * block(x)) with respect to x) in evaluation mode; None where none arrives.

    Layers of one shape hold the same weights, biases are 0: the gradient depends on nothing that is up to you.
    `zero_3x3` sets the weights of all 3x3 convolutions to 0.
    """
    if not isinstance(block, nn.Module):
        return NO_LAYERS, None
    state = _randomise(block, x, seed, 1.0, zero_3x3, alike=True)
    block.eval()
    with torch.enable_grad():
        leaf = x.clone().requires_grad_()
        y = block(leaf)
        if not isinstance(y, torch.Tensor) or y.shape != upstream.shape or not y.requires_grad:
            return state, None
        # Of a sum: given `upstream` itself, torch imports all of sympy to look at its shape.
        return state, torch.autograd.grad((upstream * y).sum(), leaf, allow_unused=True)[0]


def _randomise(
    block: nn.Module, x: torch.Tensor, seed: int, scale: float, zero_3x3: bool = False, alike: bool = False
) -> dict[str, Any]:
    """Draw all weights and statistics anew; returns them as {"convs": [...], "norms": [...]}.

    A convolution is (weight, bias or None), a BatchNorm (weight, bias, running mean, running variance), in the order
    of registration. What a layer gets depends on its shape and on how many of this shape came before it, so that
    two blocks that register their layers in another order hold the same numbers. If they are to be `alike`, it depends
    on the shape only, and biases are 0.
    """
    convs, norms = _layers(block, x)
    seen: Counter[tuple[int, ...]] | None = None if alike else Counter()
    with torch.no_grad():
        for conv in convs:
            g = _generator(seed, tuple(conv.weight.shape), seen)
            fan_in = conv.weight[0].numel()
            drawn = torch.randn(conv.weight.shape, generator=g) * (2 / fan_in) ** 0.5 * scale
            conv.weight.copy_(torch.zeros_like(drawn) if zero_3x3 and conv.kernel_size == (3, 3) else drawn)
            if conv.bias is not None:
                conv.bias.copy_(torch.randn(conv.bias.shape, generator=g) * (0.0 if alike else 0.5 * scale))
        for norm in norms:
            g = _generator(seed, (norm.num_features,), seen)
            low_high = {"weight": (0.5, 1.5), "bias": (-1.0, 1.0), "running_mean": (-0.5, 0.5), "running_var": (0.5, 2)}
            for name, (low, high) in low_high.items():
                drawn = low + (high - low) * torch.rand(norm.num_features, generator=g)
                if name == "weight":
                    drawn[::3] *= -1  # a negative weight tells BN-then-ReLU from ReLU-then-BN
                target = getattr(norm, name)
                if target is not None:
                    target.copy_(drawn)
    return {
        "convs": [(_copy(conv.weight), _copy(conv.bias)) for conv in convs],
        "norms": [(_copy(n.weight), _copy(n.bias), _copy(n.running_mean), _copy(n.running_var)) for n in norms],
    }


def _generator(seed: int, shape: tuple[int, ...], seen: Counter[tuple[int, ...]] | None) -> torch.Generator:
    """For the next layer of this shape, or for all of them if none is counted."""
    if seen is not None:
        seen[shape] += 1
    number = seed
    for n in (*shape, 1 if seen is None else seen[shape]):
        number = (number * 1009 + n) % 2**31
    return torch.Generator().manual_seed(number)


def _layers(block: nn.Module, x: torch.Tensor) -> tuple[list[nn.Conv2d], list[nn.BatchNorm2d]]:
    """The convolutions and BatchNorms of the block; lazy ones are given their shapes by a first pass over x."""
    if any(isinstance(layer, LazyModuleMixin) for layer in block.modules()):
        block.eval()
        with torch.no_grad():
            block(x.clone())
    convs = [layer for layer in block.modules() if isinstance(layer, nn.Conv2d)]
    norms = [layer for layer in block.modules() if isinstance(layer, nn.BatchNorm2d)]
    return convs, norms


def _count(norm: nn.BatchNorm2d) -> int:
    return 0 if norm.num_batches_tracked is None else int(norm.num_batches_tracked)


def _copy(tensor: torch.Tensor | None) -> torch.Tensor | None:
    return None if tensor is None else tensor.detach().clone()
