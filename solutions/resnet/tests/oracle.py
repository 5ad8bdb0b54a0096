"""What a ResNet must answer, computed in float64 from its layers' numbers in the order of a forward pass."""

from __future__ import annotations

from typing import Any, NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from grader.testing import assert_allclose, assert_that

torch.set_num_threads(1)

EXPANSION = {"BasicBlock": 1, "Bottleneck": 4}
NORM_FROM = (0.5, -0.5, -0.5, 0.5)
"""From here to 1 more probes.py draws a BatchNorm's weight, bias, running mean and running variance."""


class Block(NamedTuple):
    """One block: its name, channels in, its width and its stride."""

    name: str
    in_ch: int
    ch: int
    stride: int

    @property
    def branch(self) -> list[tuple[tuple[int, int, int, int], int]]:
        """Shape and stride of each convolution of the branch."""
        if self.name == "BasicBlock":
            return [((self.ch, self.in_ch, 3, 3), self.stride), ((self.ch, self.ch, 3, 3), 1)]
        narrow, wide = self.ch, 4 * self.ch
        return [((narrow, self.in_ch, 1, 1), 1), ((narrow, narrow, 3, 3), self.stride), ((wide, narrow, 1, 1), 1)]

    @property
    def projection(self) -> tuple[tuple[int, int, int, int], int] | None:
        """Shape and stride of the projection, where there is one."""
        wide = self.ch * EXPANSION[self.name]
        changes = self.stride != 1 or self.in_ch != wide
        return ((wide, self.in_ch, 1, 1), self.stride) if changes else None


class Plan(NamedTuple):
    """A network: the shape of its first convolution, its blocks, and the shape of its dense layer."""

    stem: tuple[int, int, int, int]
    blocks: tuple[Block, ...]
    dense: tuple[int, int]

    def shapes(self, projection_first: bool) -> list[tuple[tuple[int, int, int, int], int]]:
        """Shape and stride of all convolutions in the order of a forward pass."""
        shapes = [(self.stem, 2 if self.stem[2] == 7 else 1)]
        for block in self.blocks:
            extra = [block.projection] if block.projection else []
            shapes += extra + block.branch if projection_first else block.branch + extra
        return shapes


def resnet(
    block: str,
    layers: list[int],
    num_classes: int = 10,
    in_channels: int = 3,
    width: int = 64,
    stem: str = "cifar",
    zero_init_residual: bool = False,
) -> Plan:
    """The plan of ResNet with these arguments."""
    kernel = {"cifar": 3, "imagenet": 7}[stem]
    blocks = []
    in_ch = ch = width
    for stage, count in enumerate(layers):
        ch = width << stage
        for number in range(count):
            blocks.append(Block(block, in_ch, ch, 2 if stage and not number else 1))
            in_ch = ch * EXPANSION[block]
    return Plan((width, in_channels, kernel, kernel), tuple(blocks), (num_classes, in_ch))


def count(plan: Plan) -> int:
    """How many parameters a network of this plan has: no convolution has a bias, each has a BatchNorm."""
    convs = [shape for shape, _ in plan.shapes(projection_first=True)]
    total = sum(o * i * h * w + 2 * o for o, i, h, w in convs)
    return total + plan.dense[0] * (plan.dense[1] + 1)


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


def assert_value(actual: Any, plan: Plan, state: Any, x: Tensor, seed: int, training: bool, help: str = "") -> None:
    """`actual` is (features, logits) of a network of this plan, for x, with the numbers of `seed`, as in `state`."""
    candidates = replays(plan, state, x, seed, training, help)
    logits = actual[1]
    if torch.is_tensor(logits) and logits.shape == candidates[0][1].shape and logits.is_floating_point():
        candidates.sort(key=lambda c: float((logits - c[1]).abs().nan_to_num(torch.inf).max()))
    assert_allclose(actual, candidates[0], help=help)


def replays(
    plan: Plan, state: Any, x: Tensor, seed: int, training: bool, help: str = ""
) -> list[tuple[Tensor, Tensor]]:
    """(features, logits) for each order that the layers may have; fails if these are not the plan's, drawn anew."""
    assert_that(_well_formed(state), "ordinary float32 layers", "something else", help="nn.Conv2d, nn.BatchNorm2d, fc")
    found = [tuple(conv[0].shape) for conv in state["convs"]]
    orders = [first for first in (True, False) if [s for s, _ in plan.shapes(first)] == found]
    norms = [len(norm[0]) for norm in state["norms"]]
    dense = [tuple(layer[0].shape) for layer in state["dense"]]
    fits = orders and norms == [shape[0] for shape in found] and dense == [plan.dense]
    words = f"convolutions {[s for s, _ in plan.shapes(False)]}, a BatchNorm after each, then fc {plan.dense}"
    assert_that(bool(fits), words, f"{found}, {len(norms)} BatchNorms, dense {dense}", help=help)
    _assert_drawn(state, seed)
    return [_replay(plan, first, state, x.double(), training) for first in orders]


def _replay(plan: Plan, projection_first: bool, state: Any, x: Tensor, training: bool) -> tuple[Tensor, Tensor]:
    layers = iter(zip(state["convs"], state["norms"], strict=True))

    def unit(t: Tensor, stride: int) -> Tensor:
        (weight, bias), norm = next(layers)
        padding = weight.shape[2] // 2
        out = F.conv2d(t, weight.double(), None if bias is None else bias.double(), stride, padding)
        gamma, beta, mean, variance = (n.double()[:, None, None] for n in norm)
        if training:
            mean = out.mean((0, 2, 3), keepdim=True)
            variance = out.var((0, 2, 3), unbiased=False, keepdim=True)
        normalised: Tensor = (out - mean) / (variance + 1e-5).sqrt() * gamma + beta
        return normalised

    imagenet = plan.stem[2] == 7
    out = torch.relu(unit(x, 2 if imagenet else 1))
    if imagenet:
        padded = F.pad(out, (1, 1, 1, 1), value=-torch.inf)
        out = padded.unfold(2, 3, 2).unfold(3, 3, 2).amax((4, 5))
    for block in plan.blocks:
        shortcut = unit(out, block.stride) if block.projection and projection_first else out
        branch = out
        for number, (_, stride) in enumerate(block.branch):
            branch = unit(torch.relu(branch) if number else branch, stride)
        if block.projection and not projection_first:
            shortcut = unit(out, block.stride)
        out = torch.relu(branch + shortcut)
    features = out.mean((2, 3))
    weight, bias = state["dense"][0]
    return features.float(), (features @ weight.double().T + bias.double()).float()


def _assert_drawn(state: Any, seed: int) -> None:
    """`state` holds what probes.py draws from `seed`, drawn here again.

    It comes from the submission's process: any other weights could have been made up to suit an answer.
    """
    g = torch.Generator().manual_seed(seed)
    same = True
    for weight, bias in (*state["convs"], *state["dense"]):
        same &= torch.equal(weight, torch.randn(weight.shape, generator=g) * (2 / weight[0].numel()) ** 0.5)
        same &= bias is None or torch.equal(bias, torch.randn(bias.shape, generator=g) * 0.5)
    for norm in state["norms"]:
        for tensor, low in zip(norm, NORM_FROM, strict=True):
            same &= torch.equal(tensor, low + torch.rand(tensor.shape, generator=g))
    assert_that(same, "the weights that the check gave the network", "others", help="forward must not change weights")


def _well_formed(state: Any) -> bool:
    """Whether `state` is what the probes send: it comes from the submission's process."""
    if type(state) is not dict or set(state) != {"convs", "norms", "dense"}:
        return False
    if any(type(layers) is not list for layers in state.values()):
        return False
    return (
        all(_is_layer(layer, (4, 1), optional=True) for layer in state["convs"])
        and all(_is_layer(layer, (1, 1, 1, 1)) for layer in state["norms"])
        and all(_is_layer(layer, (2, 1)) for layer in state["dense"])
    )


def _is_layer(layer: Any, dimensions: tuple[int, ...], optional: bool = False) -> bool:
    """A tuple of float32 tensors of these numbers of dimensions, all for as many outputs; the last may be None."""
    if type(layer) is not tuple or len(layer) != len(dimensions):
        return False
    given = layer[:-1] if optional and layer[-1] is None else layer
    for t, d in zip(given, dimensions, strict=False):
        if not (torch.is_tensor(t) and t.dtype == torch.float32 and t.dim() == d):
            return False
    return len({len(t) for t in given}) == 1
