"""What a residual block must answer, computed from nothing but its weights, in float64.

A block's layers have no known names, so each weight's place follows from its shape. Where two weights of one shape
could change places, both readings are right, and every reading gives one candidate.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from grader.testing import assert_allclose, assert_that

torch.set_num_threads(1)

Conv = tuple[Tensor, Tensor | None]  # weight, bias
Norm = tuple[Tensor, Tensor, Tensor, Tensor]  # weight, bias, running mean, running variance


NORM_RANGES = ((0.5, 1.5), (-1.0, 1.0), (-0.5, 0.5), (0.5, 2))
"""From where probes.py draws a BatchNorm's weight, bias, running mean and running variance."""


class Place(NamedTuple):
    """A convolution and the BatchNorm behind it: the shape of its weight, and its stride."""

    shape: tuple[int, int, int, int]
    stride: int


class Plan(NamedTuple):
    """The places of a block's branch, in order, and of its projection."""

    branch: tuple[Place, ...]
    projection: Place | None

    @property
    def places(self) -> tuple[Place, ...]:
        return self.branch if self.projection is None else (*self.branch, self.projection)


def basic(in_ch: int, out_ch: int, stride: int = 1) -> Plan:
    """The plan of a BasicBlock."""
    branch = (Place((out_ch, in_ch, 3, 3), stride), Place((out_ch, out_ch, 3, 3), 1))
    return _with_projection(branch, in_ch, out_ch, stride)


def bottleneck(in_ch: int, mid_ch: int, stride: int = 1) -> Plan:
    """The plan of a Bottleneck."""
    branch = (
        Place((mid_ch, in_ch, 1, 1), 1),
        Place((mid_ch, mid_ch, 3, 3), stride),
        Place((4 * mid_ch, mid_ch, 1, 1), 1),
    )
    return _with_projection(branch, in_ch, 4 * mid_ch, stride)


def _with_projection(branch: tuple[Place, ...], in_ch: int, out_ch: int, stride: int) -> Plan:
    changes = stride != 1 or in_ch != out_ch
    return Plan(branch, Place((out_ch, in_ch, 1, 1), stride) if changes else None)


def assert_value(actual: Any, plan: Plan, state: Any, x: Tensor, seed: int, training: bool, help: str = "") -> None:
    """`actual` is what a block of this plan gives for x, with the weights in `state`, which are those of `seed`."""
    candidates = [_block(x.double(), plan, *r, training).float() for r in _readings(plan, state)]
    _assert_drawn(state, seed, zero_3x3=False)
    assert_allclose(actual, _nearest(actual, candidates), help=help)


def assert_gradient(
    actual: Any, plan: Plan, state: Any, x: Tensor, upstream: Tensor, seed: int, zero_3x3: bool, help: str = ""
) -> None:
    """`actual` is the gradient of sum(upstream * block(x)) with respect to x, in evaluation mode."""
    candidates = []
    readings = _readings(plan, state)
    _assert_drawn(state, seed, zero_3x3)
    for reading in readings:
        leaf = x.double().requires_grad_()
        y = _block(leaf, plan, *reading, training=False)
        candidates.append(torch.autograd.grad(y, leaf, upstream.double())[0].float())
    assert_allclose(actual, _nearest(actual, candidates), help=help)


def _block(x: Tensor, plan: Plan, convs: list[Conv], norms: list[Norm], training: bool) -> Tensor:
    layers = list(zip(plan.places, convs, norms, strict=True))
    out = x
    for number, layer in enumerate(layers[: len(plan.branch)]):
        out = _conv_norm(torch.relu(out) if number else out, *layer, training)
    shortcut = _conv_norm(x, *layers[-1], training) if plan.projection else x
    return torch.relu(out + shortcut)


def _conv_norm(x: Tensor, place: Place, conv: Conv, norm: Norm, training: bool) -> Tensor:
    weight, bias = conv
    padding = place.shape[2] // 2
    out = F.conv2d(x, weight.double(), None if bias is None else bias.double(), place.stride, padding)
    gamma, beta, mean, variance = (t.double()[:, None, None] for t in norm)
    if training:
        mean = out.mean((0, 2, 3), keepdim=True)
        variance = out.var((0, 2, 3), unbiased=False, keepdim=True)
    return (out - mean) / (variance + 1e-5).sqrt() * gamma + beta


def _readings(plan: Plan, state: Any) -> list[tuple[list[Conv], list[Norm]]]:
    """Every way to put the block's layers in the plan's places; fails if there is none."""
    assert_that(_well_formed(state), "ordinary float32 layers", "something else", help="nn.Conv2d and nn.BatchNorm2d")
    shapes = [place.shape for place in plan.places]
    convs = list(_orders(state["convs"], [tuple(c[0].shape) for c in state["convs"]], shapes))
    features = [(shape[0],) for shape in shapes]
    norms = list(_orders(state["norms"], [tuple(n[0].shape) for n in state["norms"]], features))
    assert_that(
        bool(convs and norms),
        f"convolutions {sorted(shapes)}, a BatchNorm for each, and no others",
        f"{sorted(tuple(c[0].shape) for c in state['convs'])} and {len(state['norms'])} BatchNorms",
        help="see the README: which layers a block has, and when it has a projection",
    )
    return [(list(c), list(n)) for c in convs for n in norms]


def _assert_drawn(state: Any, seed: int, zero_3x3: bool) -> None:
    """`state` holds what probes.py draws from `seed`, drawn here again.

    It comes from the submission's process: any other weights could have been made up to suit an answer.
    """
    seen: Counter[tuple[int, ...]] = Counter()
    same = True
    for weight, bias in state["convs"]:
        g = _generator(seed, tuple(weight.shape), seen)
        drawn = torch.randn(weight.shape, generator=g) * (2 / weight[0].numel()) ** 0.5
        same &= torch.equal(weight, torch.zeros_like(drawn) if zero_3x3 and weight.shape[2:] == (3, 3) else drawn)
        same &= bias is None or torch.equal(bias, torch.randn(bias.shape, generator=g) * 0.5)
    for norm in state["norms"]:
        g = _generator(seed, tuple(norm[0].shape), seen)
        for number, (tensor, (low, high)) in enumerate(zip(norm, NORM_RANGES, strict=True)):
            drawn = low + (high - low) * torch.rand(tensor.shape, generator=g)
            if number == 0:
                drawn[::3] *= -1
            same &= torch.equal(tensor, drawn)
    assert_that(same, "the weights that the check gave the block", "others", help="forward must not change weights")


def _generator(seed: int, shape: tuple[int, ...], seen: Counter[tuple[int, ...]]) -> torch.Generator:
    seen[shape] += 1
    number = seed
    for n in (*shape, seen[shape]):
        number = (number * 1009 + n) % 2**31
    return torch.Generator().manual_seed(number)


def _orders(layers: list[Any], found: list[Any], wanted: Sequence[tuple[int, ...]]) -> Iterator[list[Any]]:
    """Every order of `layers` in which their shapes, `found`, are the `wanted` ones."""
    if sorted(found) != sorted(wanted):
        return
    for order in itertools.permutations(range(len(layers))):
        if [found[i] for i in order] == list(wanted):
            yield [layers[i] for i in order]


def _nearest(actual: Any, candidates: list[Tensor]) -> Tensor:
    """The candidate closest to `actual`, so that the failure tells of the best reading."""
    if not _is_float(actual, 4) or actual.shape != candidates[0].shape:
        return candidates[0]
    return min(candidates, key=lambda c: float((actual - c).abs().nan_to_num(torch.inf).max()))


def _well_formed(state: Any) -> bool:
    """Whether `state` is what the probes send: it comes from the submission's process."""
    if type(state) is not dict or set(state) != {"convs", "norms"}:
        return False
    convs, norms = state["convs"], state["norms"]
    if type(convs) is not list or type(norms) is not list:
        return False
    return all(_is_conv(c) for c in convs) and all(_is_norm(n) for n in norms)


def _is_conv(layer: Any) -> bool:
    if type(layer) is not tuple or len(layer) != 2 or not _is_float(layer[0], 4):
        return False
    weight, bias = layer
    return bias is None or (_is_float(bias, 1) and len(bias) == len(weight))


def _is_norm(layer: Any) -> bool:
    if type(layer) is not tuple or len(layer) != 4 or not all(_is_float(t, 1) for t in layer):
        return False
    return len({len(t) for t in layer}) == 1


def _is_float(value: Any, dimensions: int) -> bool:
    return torch.is_tensor(value) and value.dtype == torch.float32 and value.dim() == dimensions
