"""What has to run beside the live network: small models, with a Catcher around them or grad_cam called on them.

Nothing here knows what a right answer is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import nn

submission: Any  # your module: the grader gives it this name

OWN_HOOK = "a hook of the caller"


class Net(nn.Module):
    """(N, 2, 7, 9) to 6 logits, with BatchNorm and nested layers; `inplace` says how its ReLUs work."""

    def __init__(self, inplace: bool) -> None:
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(2, 3, 3, padding=(1, 0)), nn.ReLU(inplace=inplace))
        block = nn.Sequential(nn.Conv2d(3, 4, (2, 3), stride=(1, 2)), nn.BatchNorm2d(4), nn.ReLU(inplace=inplace))
        self.body = nn.Sequential()
        self.body.add_module("block", block)
        self.head = nn.Linear(72, 6)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """The logits."""
        result: torch.Tensor = self.head(self.body(self.stem(x)).flatten(1))
        return result


def build(state: dict[str, torch.Tensor], inplace: bool) -> nn.Module:
    """The Net with these weights, in evaluation mode, or for {"conv", "stride", "dense"} the network of the examples.

    That one has the layers "0", a 1x1 convolution with stride, "1", a ReLU, "2", a flattening, and "3", a dense layer;
    neither has a bias.
    """
    if "conv" not in state:
        model: nn.Module = Net(inplace)
        model.load_state_dict(state)
        return model.eval()
    filters, channels = state["conv"].shape
    logits, width = state["dense"].shape
    conv = nn.Conv2d(channels, filters, 1, stride=int(state["stride"]), bias=False)
    dense = nn.Linear(width, logits, bias=False)
    with torch.no_grad():
        conv.weight.copy_(state["conv"][:, :, None, None])
        dense.weight.copy_(state["dense"])
    return nn.Sequential(conv, nn.ReLU(inplace=inplace), nn.Flatten(), dense).eval()


def catch(state: dict[str, torch.Tensor], names: list[str], xs: list[torch.Tensor], inplace: bool) -> dict[str, Any]:
    """What a Catcher shows while the model sees one image after the other; the last is for after the with-block."""
    model = build(state, inplace)
    if isinstance(model, Net):
        model.head.train()
    modes = [m.training for m in model.modules()]
    catcher = submission.Catcher(model, iter(names))
    model(xs[0])
    report: dict[str, Any] = {"before": _plain(catcher)}
    with catcher:
        for x in xs[:-1]:
            y = model(x)
        report["inside"] = _plain(catcher)
        report["with gradient"] = [name for name, value in _items(catcher) if _needs_gradient(value)]
    report["output"], report["output has gradient"] = y, _needs_gradient(y)
    report["same modes"] = [m.training for m in model.modules()] == modes
    model(xs[-1])
    report["after"] = _plain(catcher)
    return report


def catch_twice(state: dict[str, torch.Tensor], names: list[str], first: torch.Tensor, second: torch.Tensor) -> Any:
    """The maps after one Catcher has been entered and left twice, with `first` and with `second`."""
    model = build(state, False)
    catcher = submission.Catcher(model, (name for name in names))
    for x in (first, second):
        with catcher:
            model(x)
    return _plain(catcher)


def entered(state: dict[str, torch.Tensor], names: list[str]) -> bool:
    """Whether entering a Catcher gives the Catcher."""
    catcher = submission.Catcher(build(state, False), names)
    with catcher as given:
        return given is catcher


def hooks_left(state: dict[str, torch.Tensor], names: list[str], x: torch.Tensor, fail: bool) -> tuple[int, bool]:
    """(hooks that a Catcher left minus hooks that it took away, whether an exception in its block came out)."""
    model = build(state, False)
    for module in model.modules():
        module.register_forward_hook(_nothing)
    before = _hooks(model)
    came_out = False
    try:
        with submission.Catcher(model, names):
            model(x)
            if fail:
                raise KeyError(OWN_HOOK)
    except KeyError as error:
        came_out = error.args == (OWN_HOOK,)
    return _hooks(model) - before, came_out


def refused(state: dict[str, torch.Tensor], names: list[str]) -> bool:
    """Whether making or entering a Catcher raises an exception."""
    model = build(state, False)
    try:
        with submission.Catcher(model, names):
            return False
    except Exception:
        return True


def dead_in_transposed(maps: torch.Tensor) -> Any:
    """dead_filters of a tensor (N, C, h, w) whose memory is that of `maps`, (h, C, N, w)."""
    return submission.dead_filters(maps.transpose(0, 2))


def cam(
    state: dict[str, torch.Tensor],
    layer: str,
    x: torch.Tensor,
    target: torch.Tensor | None,
    options: list[str],
) -> tuple[Any, dict[str, Any]]:
    """(grad_cam's result, what has changed), with options "inplace", "module", "frozen", "training", "mixed".

    "mixed" has one half of the parameters frozen and gives one half a .grad, and puts some layers in training mode.
    """
    model = build(state, "inplace" in options)
    parameters = list(model.named_parameters())
    if "frozen" in options:
        model.requires_grad_(False)
    model.train("training" in options)
    if "mixed" in options:
        model.get_submodule("stem").train()
        model.get_submodule("head").train()
        for number, (_, p) in enumerate(parameters):
            p.requires_grad_(number % 3 > 0)
            if number % 2:
                p.grad = torch.full_like(p, 0.5)
    modes = [m.training for m in model.modules()]
    flags = [p.requires_grad for _, p in parameters]
    grads = [None if p.grad is None else p.grad.clone() for _, p in parameters]
    hooks, image = _hooks(model), x.clone()
    arguments = (model, model.get_submodule(layer) if "module" in options else layer, x)
    result = submission.grad_cam(*arguments) if target is None else submission.grad_cam(*arguments, target)
    left = {
        "grads": [n for (n, p), g in zip(parameters, grads, strict=True) if not _same(p.grad, g)],
        "flags": [n for (n, p), f in zip(parameters, flags, strict=True) if p.requires_grad != f],
        "modes": [n for (n, m), t in zip(model.named_modules(), modes, strict=True) if m.training != t],
        "hooks": _hooks(model) - hooks,
        "x": x.requires_grad or x.grad is not None or not _same(x, image),
    }
    return result, left


def _nothing(module: nn.Module, inputs: Any, output: Any) -> None:
    """A hook that was there before."""


def _hooks(model: nn.Module) -> int:
    kinds = ("_forward_hooks", "_forward_pre_hooks", "_backward_hooks", "_backward_pre_hooks")
    everywhere = nn.modules.module
    return sum(len(getattr(m, kind)) for m in model.modules() for kind in kinds) + sum(
        len(getattr(everywhere, name)) for name in ("_global_forward_hooks", "_global_backward_hooks")
    )


def _same(a: torch.Tensor | None, b: torch.Tensor | None) -> bool:
    return (a is None and b is None) or (a is not None and b is not None and torch.equal(a, b))


def _needs_gradient(value: Any) -> bool:
    return isinstance(value, torch.Tensor) and value.requires_grad


def _items(catcher: Any) -> list[tuple[Any, Any]]:
    maps = getattr(catcher, "maps", None)
    return list(maps.items()) if isinstance(maps, Mapping) else []


def _plain(catcher: Any) -> Any:
    """The maps as they are now: a dict of copies."""
    maps = getattr(catcher, "maps", None)
    if not isinstance(maps, Mapping):
        return maps
    return {n: v.detach().clone() if isinstance(v, torch.Tensor) else v for n, v in maps.items()}
