"""What a VGG must answer, computed from nothing but its weights, in float64, and how many parameters it has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from grader.testing import assert_allclose, assert_that

torch.set_num_threads(1)

Entry = int | str
Layer = tuple[Tensor, Tensor]  # weight, bias
Norm = tuple[Tensor, Tensor, Tensor, Tensor]  # weight, bias, running mean, running variance

NORM_RANGES = ((0.5, 1.5), (-1.0, 1.0), (-0.5, 0.5), (0.5, 2))
"""From where probes.py draws a BatchNorm's weight, bias, running mean and running variance."""

VGG11: list[Entry] = [64, "M", 128, "M", 256, 256, "M", 512, 512, "M", 512, 512, "M"]
VGG16: list[Entry] = [64, 64, "M", 128, 128, "M", *[256] * 3, "M", *[512] * 3, "M", *[512] * 3, "M"]
VGG19: list[Entry] = [64, 64, "M", 128, 128, "M", *[256] * 4, "M", *[512] * 4, "M", *[512] * 4, "M"]


class Plan(NamedTuple):
    """A cfg, and the shapes of the dense layers' weights behind it; a block has none."""

    cfg: tuple[Entry, ...]
    in_channels: int
    batch_norm: bool
    pool_out: int
    dense: tuple[tuple[int, int], ...]

    @property
    def convs(self) -> list[tuple[int, int, int, int]]:
        """The shapes of the convolutions' weights."""
        widths = [entry for entry in self.cfg if isinstance(entry, int)]
        return [(c_out, c_in, 3, 3) for c_in, c_out in zip([self.in_channels, *widths], widths, strict=False)]


class Stages(NamedTuple):
    """The three intermediate results of a network; for a block only the first counts."""

    features: Tensor
    pooled: Tensor
    logits: Tensor


def block(n_convs: int, c_in: int, c_out: int, batch_norm: bool = False) -> Plan:
    """The plan of a block."""
    return Plan((*[c_out] * n_convs, "M"), c_in, batch_norm, 1, ())


def vgg(
    cfg: Sequence[Entry],
    num_classes: int,
    in_channels: int = 3,
    batch_norm: bool = False,
    hidden: int = 4096,
    dropout: float = 0.5,
    pool_out: int = 7,
) -> Plan:
    """The plan of a network; its dropout plays no part."""
    channels = [entry for entry in cfg if isinstance(entry, int)][-1]
    dense = ((hidden, channels * pool_out**2), (hidden, hidden), (num_classes, hidden))
    return Plan(tuple(cfg), in_channels, batch_norm, pool_out, dense)


def count(plan: Plan) -> int:
    """How many parameters there are."""
    total = sum(c_out * c_in * 9 + c_out + 2 * c_out * plan.batch_norm for c_out, c_in, _, _ in plan.convs)
    return total + sum(n_out * n_in + n_out for n_out, n_in in plan.dense)


def assert_value(
    actual: Any, plan: Plan, state: Any, x: Tensor, seed: int, training: bool = False, help: str = ""
) -> None:
    """`actual` is what a network or block of this plan gives for x, with the weights of `seed`, without dropout."""
    expected = replay(plan, state, x, seed, training)
    assert_allclose(actual, expected.logits if plan.dense else expected.features, help=help)


def assert_related(actual: Any, expected: Tensor, help: str = "") -> None:
    """`actual` holds as many numbers as `expected`, and has to do with them, right or not: made-up ones have not.

    Of 64 unrelated numbers and more, 1 set in 20,000 has such a correlation.
    """
    assert_that(
        torch.is_tensor(actual) and actual.dtype == torch.float32 and actual.numel() == expected.numel(),
        f"{expected.numel()} float32 numbers",
        "something else",
        help=help,
    )
    both = torch.stack([actual.flatten(), expected.flatten()]).double()
    related = abs(float(torch.corrcoef(both)[0, 1])) > 0.5
    assert_that(related, "numbers that have to do with the weights and images", "others", help=help)


def replay(plan: Plan, state: Any, x: Tensor, seed: int, training: bool = False) -> Stages:
    """Every stage for x, with the weights in `state`; fails if these are not the plan's layers, drawn from `seed`."""
    _assert_layers(plan, state)
    _assert_drawn(state, seed)
    convs, norms = iter(state["convs"]), iter(state["norms"])
    out = x.double()
    for entry in plan.cfg:
        if entry == "M":
            rows, columns = out.shape[2] // 2 * 2, out.shape[3] // 2 * 2
            out = torch.stack([out[:, :, i:rows:2, j:columns:2] for i in (0, 1) for j in (0, 1)]).amax(0)
            continue
        weight, bias = next(convs)
        out = F.conv2d(out, weight.double(), bias.double(), padding=1)
        if plan.batch_norm:
            out = _normalise(out, next(norms), training)
        out = out.clamp(min=0)
    pooled = _average(out, plan.pool_out)
    logits = pooled.reshape(len(x), -1)
    for number, (weight, bias) in enumerate(state["dense"]):
        logits = (logits.clamp(min=0) if number else logits) @ weight.double().T + bias.double()
    return Stages(out.float(), pooled.float(), logits.float())


def _normalise(x: Tensor, norm: Norm, training: bool) -> Tensor:
    gamma, beta, mean, variance = (t.double()[:, None, None] for t in norm)
    if training:
        mean = x.mean((0, 2, 3), keepdim=True)
        variance = x.var((0, 2, 3), unbiased=False, keepdim=True)
    return (x - mean) / (variance + 1e-5).sqrt() * gamma + beta


def _average(x: Tensor, size: int) -> Tensor:
    """Adaptive average pooling: window i spans floor(i*n/size) to ceil((i+1)*n/size)."""
    height, width = x.shape[2:]
    out = x.new_empty(*x.shape[:2], size, size)
    for i in range(size):
        for j in range(size):
            rows = slice(i * height // size, -(-(i + 1) * height // size))
            columns = slice(j * width // size, -(-(j + 1) * width // size))
            out[:, :, i, j] = x[:, :, rows, columns].mean((2, 3))
    return out


def _assert_layers(plan: Plan, state: Any) -> None:
    help = "nn.Conv2d, nn.BatchNorm2d and nn.Linear, with biases, as attributes of a module"
    assert_that(_well_formed(state), "ordinary float32 layers with biases", "something else", help=help)
    found = [[tuple(layer[0].shape) for layer in state[kind]] for kind in ("convs", "norms", "dense")]
    norms = [(shape[0],) for shape in plan.convs] if plan.batch_norm else []
    wanted = [plan.convs, norms, list(plan.dense)]
    assert_that(found == wanted, f"{_words(wanted)}, in this order", _words(found), help="each layer used once")


def _assert_drawn(state: Any, seed: int) -> None:
    """`state` holds what probes.py draws from `seed`, drawn here again.

    It comes from the submission's process: any other weights could have been made up to suit an answer.
    """
    g = torch.Generator().manual_seed(seed)
    same = True
    for weight, bias in (*state["convs"], *state["dense"]):
        drawn = torch.randn(weight.shape, generator=g) * (2 / weight[0].numel()) ** 0.5
        same &= torch.equal(weight, drawn)
        same &= torch.equal(bias, torch.randn(bias.shape, generator=g) * 0.5)
    for norm in state["norms"]:
        for number, (tensor, (low, high)) in enumerate(zip(norm, NORM_RANGES, strict=True)):
            drawn = low + (high - low) * torch.rand(tensor.shape, generator=g)
            if number == 0:
                drawn[::3] *= -1
            same &= torch.equal(tensor, drawn)
    assert_that(same, "the weights that the check gave the network", "others", help="forward must not change weights")


def _words(shapes: list[Any]) -> str:
    return f"convolutions {shapes[0]}, {len(shapes[1])} BatchNorms and dense layers {shapes[2]}"


def _well_formed(state: Any) -> bool:
    """Whether `state` is what the probes send: it comes from the submission's process."""
    if type(state) is not dict or set(state) != {"convs", "norms", "dense"}:
        return False
    if any(type(layers) is not list for layers in state.values()):
        return False
    return (
        all(_is_layer(layer, (4, 1)) for layer in state["convs"])
        and all(_is_layer(layer, (1, 1, 1, 1)) for layer in state["norms"])
        and all(_is_layer(layer, (2, 1)) for layer in state["dense"])
    )


def _is_layer(layer: Any, dimensions: tuple[int, ...]) -> bool:
    """A tuple of float32 tensors of these numbers of dimensions, all for as many outputs."""
    if type(layer) is not tuple or len(layer) != len(dimensions):
        return False
    if not all(_is_float(t, d) for t, d in zip(layer, dimensions, strict=True)):
        return False
    return len({len(t) for t in layer}) == 1


def _is_float(value: Any, dimensions: int) -> bool:
    return torch.is_tensor(value) and value.dtype == torch.float32 and value.dim() == dimensions
