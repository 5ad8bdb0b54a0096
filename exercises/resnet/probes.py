"""What has to run beside the live network, because modules and classes can't leave its process.

Layers are found by their type, never by their name. Nothing here knows what a right network would answer.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

submission: Any  # your module: the grader gives it this name

NO_LAYERS: dict[str, Any] = {"convs": [], "norms": [], "dense": []}
NORM = {"weight": 0.5, "bias": -0.5, "running_mean": -0.5, "running_var": 0.5}  # drawn between this and 1 more
DENSE = ("weight", "bias")
KINDS = {"convs": nn.Conv2d, "norms": nn.BatchNorm2d, "dense": nn.Linear}


def build(block: str, layers: list[int], options: dict[str, Any]) -> Any:
    """ResNet of the blocks that your module has under this name, with `layers` as an iterator."""
    torch.manual_seed(3)
    return submission.ResNet(getattr(submission, block), iter(layers), **options)


def build_in_order(block: str, arguments: list[Any]) -> Any:
    """ResNet(block, *arguments)."""
    return submission.ResNet(getattr(submission, block), *arguments)


def blocks(layers: list[int], options: dict[str, Any], expansion: int, x: torch.Tensor) -> Any:
    """(in_ch, ch, stride) of every block in the order of a forward pass, for a block class of this file's own."""
    passed: list[tuple[int, int, int]] = []

    class Block(nn.Module):
        expansion: int

        def __init__(self, in_ch: int, ch: int, stride: int = 1) -> None:
            super().__init__()
            self.arguments = (in_ch, ch, stride)
            self.conv = nn.Conv2d(in_ch, ch * self.expansion, 1, stride=stride, bias=False)
            self.bn = nn.BatchNorm2d(ch * self.expansion)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            passed.append(self.arguments)
            return torch.relu(self.bn(self.conv(x)))

    Block.expansion = expansion
    model = submission.ResNet(Block, layers, **options)
    if not _is_module(model):
        return None
    model.eval()
    with torch.no_grad():
        model(x)
    return passed


def run_with(model: Any, x: torch.Tensor, three: torch.Tensor, seven: torch.Tensor) -> Any:
    """(forward_features(x), model(x)) in evaluation mode, when all 3x3 slices are `three`, all 7x7 slices `seven`.

    fc has weights 1 and, if it has any, biases -10; each BatchNorm is as new.
    """
    if not _is_module(model):
        return None
    with torch.no_grad():
        for layer in model.modules():
            if isinstance(layer, nn.Conv2d) and layer.kernel_size in ((3, 3), (7, 7)):
                layer.weight.copy_((three if layer.kernel_size == (3, 3) else seven).expand_as(layer.weight))
            elif isinstance(layer, nn.BatchNorm2d):
                layer.reset_parameters()
            elif isinstance(layer, nn.Linear):
                layer.weight.fill_(1.0)
                if layer.bias is not None:
                    layer.bias.fill_(-10.0)
        model.eval()
        return model.forward_features(x), model(x)


def trial(model: Any, x: torch.Tensor, seed: int, training: bool) -> tuple[Any, Any, Any]:
    """(state, forward_features(x), model(x)), with every weight and statistic drawn anew from `seed`.

    The state has copies of the layers in the order of a forward pass: convolutions (weight, bias or None), BatchNorms
    (weight, bias, mean, variance) and dense layers (weight, bias). One that is called again is not listed again.
    """
    if not _is_module(model):
        return NO_LAYERS, None, None
    called = _called(model, x)
    g = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for layer in called["convs"] + called["dense"]:
            layer.weight.copy_(torch.randn(layer.weight.shape, generator=g) * (2 / layer.weight[0].numel()) ** 0.5)
            if layer.bias is not None:
                layer.bias.copy_(torch.randn(layer.bias.shape, generator=g) * 0.5)
        for norm in called["norms"]:
            for name, low in NORM.items():
                if (target := getattr(norm, name)) is not None:
                    target.copy_(low + torch.rand(target.shape, generator=g))
        state = {
            kind: [tuple(_copy(getattr(n, name)) for name in (NORM if kind == "norms" else DENSE)) for n in layers]
            for kind, layers in called.items()
        }
        model.train(training)
        features = model.forward_features(x)
        return state, features, model(x)


def with_new_head(model: Any, x: torch.Tensor) -> Any:
    """(fc's weight's shape, forward_features(x), model(x)), the two in evaluation mode after fc became an identity."""
    if not _is_module(model):
        return None
    weight = getattr(getattr(model, "fc", None), "weight", None)
    model.fc = nn.Identity()
    model.eval()
    with torch.no_grad():
        return getattr(weight, "shape", None), model.forward_features(x), model(x)


def spread(block: str, layers: list[int], options: dict[str, Any], seed: int) -> Any:
    """(weight's shape, standard deviation, mean) of every convolution of a fresh network."""
    torch.manual_seed(seed)
    model = submission.ResNet(getattr(submission, block), layers, **options)
    if not _is_module(model):
        return None
    with torch.no_grad():
        convs = [m.weight for m in model.modules() if isinstance(m, nn.Conv2d)]
        return [(tuple(w.shape), float(w.std(unbiased=False)), float(w.mean())) for w in convs]


def norms(model: Any) -> str:
    """How many BatchNorms start with weights 1, 0 or others, what else isn't as by default: "5 with 1, 2 with 0"."""
    if not _is_module(model):
        return "no nn.Module"
    found = [m for m in model.modules() if isinstance(m, nn.BatchNorm2d)]
    weights = [m.weight for m in found if m.weight is not None]
    ones = sum(bool((w == 1).all()) for w in weights)
    zeros = sum(bool((w == 0).all()) for w in weights)
    words = [f"{ones} with 1", f"{zeros} with 0"]
    if ones + zeros < len(found):
        words.append(f"{len(found) - ones - zeros} with others")
    if any(m.bias is not None and bool((m.bias != 0).any()) for m in found):
        words.append("biases that are not 0")
    if any((m.eps, m.momentum, m.affine, m.track_running_stats) != (1e-5, 0.1, True, True) for m in found):
        words.append("arguments that are not the default")
    return ", ".join(words)


def without_gradient(model: Any, x: torch.Tensor, seed: int) -> Any:
    """(convolutions, other parameters) that a loss's gradient does not reach: None or 0 everywhere.

    The biases of all BatchNorms are made positive first; their weights stay.
    """
    if not _is_module(model):
        return None
    g = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for m in model.modules():
            if isinstance(m, nn.BatchNorm2d) and m.bias is not None:
                m.bias.copy_(0.5 + torch.rand(m.bias.shape, generator=g))
    model.eval()
    with torch.enable_grad():
        y = model(x)
        if not isinstance(y, torch.Tensor) or not y.requires_grad:
            return None
        model.zero_grad()
        torch.autograd.backward((y * torch.randn(y.shape, generator=g)).sum())
    convs = {id(m.weight) for m in model.modules() if isinstance(m, nn.Conv2d)}
    dead = [p for p in model.parameters() if p.grad is None or not bool(p.grad.any())]
    return sum(id(p) in convs for p in dead), sum(id(p) not in convs for p in dead)


def count(function: str, options: dict[str, Any]) -> Any:
    """How many parameters function(**options) has, on the meta device; -1 for what is no nn.Module."""
    with torch.device("meta"):
        model = getattr(submission, function)(**options)
    if not _is_module(model):
        return -1
    return sum(p.numel() for p in model.parameters())


def count_resnet(block: str, layers: list[int], options: dict[str, Any]) -> Any:
    """(parameters of ResNet(block, layers, **options), those that a second one has in common with it).

    Both are made on the meta device.
    """
    with torch.device("meta"):
        models = [submission.ResNet(getattr(submission, block), layers, **options) for _ in range(2)]
    if not all(_is_module(model) for model in models):
        return None
    first, second = (list(model.parameters()) for model in models)
    common = {id(p) for p in second}
    return sum(p.numel() for p in first), sum(p.numel() for p in first if id(p) in common)


def sizes(function: str, options: dict[str, Any]) -> str:
    """The shapes of all parameters of function(**options), sorted, each with how often it is there."""
    with torch.device("meta"):
        model = getattr(submission, function)(**options)
    if not _is_module(model):
        return "no nn.Module"
    shapes = [tuple(p.shape) for p in model.parameters()]
    return ", ".join(f"{shapes.count(s)}x {s}" for s in sorted(set(shapes)))


def _called(model: nn.Module, x: torch.Tensor) -> dict[str, list[Any]]:
    """The convolutions, BatchNorms and dense layers in the order in which a forward pass first calls them."""
    called: dict[str, dict[Any, None]] = {kind: {} for kind in KINDS}
    hooks = [
        m.register_forward_pre_hook(lambda m, _, kind=kind: called[kind].setdefault(m))
        for kind, cls in KINDS.items()
        for m in model.modules()
        if isinstance(m, cls)
    ]
    model.eval()
    try:
        with torch.no_grad():
            model(x.clone())
    finally:
        for hook in hooks:
            hook.remove()
    return {kind: list(layers) for kind, layers in called.items()}


def _is_module(model: Any) -> bool:
    # Not inline: a type checker would then forget that a network has methods of its own.
    return isinstance(model, nn.Module)


def _copy(t: Any) -> Any:
    return t.detach().clone() if isinstance(t, torch.Tensor) else None
