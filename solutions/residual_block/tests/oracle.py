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
    _assert_drawn(state, seed, zero_3x3, alike=True)
    for reading in readings:
        leaf = x.double().requires_grad_()
        y = _block(leaf, plan, *reading, training=False)
        candidates.append(torch.autograd.grad(y, leaf, upstream.double())[0].float())
    assert_allclose(actual, _nearest(actual, candidates), help=help)


def assert_computes(answers: Any, cases: Sequence[tuple[Plan, Tensor]], seed: int, help: str = "") -> None:
    """One of the `answers` in training mode has to do with what a block of its plan gives, if it is not that.

    Nothing else that is said of a block costs its author any work: shapes, flags and counts can be made up. Of some
    2000 unrelated numbers, 1 set in 10**20 has such a correlation; known wrong blocks have one of 0.38 and more.
    """
    assert_that(type(answers) is list and len(answers) == len(cases), "an answer to each", "something else", help=help)
    best = 0.0
    for actual, (plan, x) in zip(answers, cases, strict=True):
        for reading in _readings(plan, _drawn(plan, seed)):
            expected = _block(x.double(), plan, *reading, training=True)
            if _is_float(actual, 4) and actual.shape == expected.shape and bool(actual.isfinite().all()):
                best = max(best, _correlation(actual.double(), expected))
    assert_that(best > 0.25, "numbers that have to do with the weights and the input", "others", help=help)


def _correlation(a: Tensor, b: Tensor) -> float:
    """Of what is not the same within each channel: a channel's mean follows from the last bias alone."""
    a, b = (t - t.mean((0, 2, 3), keepdim=True) for t in (a, b))
    size = float(a.norm() * b.norm())
    return float((a * b).sum()) / size if size else 0.0


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


def _assert_drawn(state: Any, seed: int, zero_3x3: bool, alike: bool = False) -> None:
    """`state` holds what probes.py draws from `seed`, drawn here again.

    It comes from the submission's process: any other weights could have been made up to suit an answer.
    """
    seen: Counter[tuple[int, ...]] | None = None if alike else Counter()
    same = True
    for weight, bias in state["convs"]:
        g = _generator(seed, tuple(weight.shape), seen)
        drawn = torch.randn(weight.shape, generator=g) * (2 / weight[0].numel()) ** 0.5
        same &= torch.equal(weight, torch.zeros_like(drawn) if zero_3x3 and weight.shape[2:] == (3, 3) else drawn)
        same &= bias is None or torch.equal(bias, torch.randn(bias.shape, generator=g) * (0.0 if alike else 0.5))
    for norm in state["norms"]:
        same &= all(map(torch.equal, norm, _drawn_norm(len(norm[0]), seed, seen)))
    assert_that(same, "the weights that the check gave the block", "others", help="forward must not change weights")


def _drawn(plan: Plan, seed: int) -> dict[str, list[Any]]:
    """What probes.py draws from `seed` for layers of this plan without biases."""
    seen: Counter[tuple[int, ...]] = Counter()
    convs: list[Conv] = []
    for place in plan.places:
        drawn = torch.randn(place.shape, generator=_generator(seed, place.shape, seen))
        convs.append((drawn * (2 / drawn[0].numel()) ** 0.5, None))
    return {"convs": convs, "norms": [_drawn_norm(place.shape[0], seed, seen) for place in plan.places]}


def _drawn_norm(features: int, seed: int, seen: Counter[tuple[int, ...]] | None) -> Norm:
    g = _generator(seed, (features,), seen)
    weight, bias, mean, variance = (low + (high - low) * torch.rand(features, generator=g) for low, high in NORM_RANGES)
    weight[::3] *= -1
    return weight, bias, mean, variance


def _generator(seed: int, shape: tuple[int, ...], seen: Counter[tuple[int, ...]] | None) -> torch.Generator:
    if seen is not None:
        seen[shape] += 1
    number = seed
    for n in (*shape, 1 if seen is None else seen[shape]):
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
