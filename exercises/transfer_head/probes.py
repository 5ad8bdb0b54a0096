"""What has to run beside the live modules, because they can't leave their process.

Networks of known structure, whose weights the checks choose, and reports on them. Nothing here knows a right answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch
from torch import nn


class Net(nn.Module):
    """Images (N, 2, H, W) to logits (N, 4); forward_features gives the maps (N, 3, H, W)."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(2, 3, 3, padding=1)
        self.bn = nn.BatchNorm2d(3)
        self.drop = nn.Dropout(0.5)
        self.fc = nn.Linear(3, 4)

    def forward_features(self, x: torch.Tensor) -> torch.Tensor:
        """The maps."""
        return self.drop(torch.relu(self.bn(self.conv(x))))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """The logits."""
        return self.fc(self.forward_features(x).mean((2, 3)))


class Doubler(nn.Module):
    """Each number twice, without parameters."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Two times x."""
        return 2 * x


class Fork(nn.Module):
    """A head deep inside, beside other layers of the same kind."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Linear(2, 5)
        self.heads = nn.ModuleDict({"main": nn.Sequential(nn.Linear(5, 6), nn.ReLU(), nn.Linear(6, 3))})

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """What the main head says, (N, 3)."""
        return self.heads["main"](self.stem(x))


class Shuffled:
    """A loader without len() and indexing, whose order changes from one pass to the next."""

    def __init__(self, batches: list[Any]) -> None:
        self._batches = batches
        self._passes = 0

    def __iter__(self) -> Iterator[Any]:
        self._passes += 1
        turn = self._passes % len(self._batches)
        return iter(self._batches[turn:] + self._batches[:turn])


class Watched(nn.Sequential):
    """Layers one after the other, which notice when they are put into evaluation mode, in whatever way."""

    noticed: bool = False

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "training" and value is False:
            super().__setattr__("noticed", True)
        super().__setattr__(name, value)


def network(kind: str, weights: Any = None) -> Any:
    """A new network of the kind, in training mode, with the given entries of its state_dict."""
    if kind == "net":
        model: nn.Module = Net()
    elif kind == "backbone":
        model = Watched(nn.Conv2d(2, 3, 3, padding=1), nn.BatchNorm2d(3), nn.ReLU(), nn.Dropout(0.5))
    elif kind == "to_head":
        model = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.0), nn.Linear(3, 2))
    elif kind == "doubler":
        model = Doubler()
    elif kind == "linear":
        model = nn.Linear(2, 1)
    elif kind == "fork":
        model = Fork()
    else:
        model = nn.Sequential()
        model.add_module("body", Doubler())
        model.add_module("no_bias" if kind == "no_bias" else "fc", nn.Linear(3, 4, bias=kind != "no_bias"))
    if weights is not None:
        model.load_state_dict(weights, strict=False)
    return model


def set_frozen(model: Any, names: list[str]) -> Any:
    """Freeze the parameters whose names begin with one of `names`, and free the others; returns the model."""
    for name, parameter in model.named_parameters():
        parameter.requires_grad = not name.startswith(tuple(names))
    return model


def set_modes(model: Any, evaluated: list[str]) -> Any:
    """Put the model into training mode, but the modules of these names into evaluation mode; returns the model."""
    model.train()
    for name in evaluated:
        model.get_submodule(name).training = False
    return model


def is_same(a: Any, b: Any) -> bool:
    """Whether the two are one object."""
    return a is b


def linear(model: Any, attr: str) -> Any:
    """The layer `attr`: (weight's shape, bias's shape, trainable weight, trainable bias), or None for no Linear."""
    layer = model.get_submodule(attr)
    if not isinstance(layer, nn.Linear):
        return None
    bias = layer.bias
    return (
        tuple(layer.weight.shape),
        None if bias is None else tuple(bias.shape),
        layer.weight.requires_grad,
        None if bias is None else bias.requires_grad,
    )


def run_with(model: Any, attr: str, x: torch.Tensor) -> Any:
    """model(x) in evaluation mode once the layer `attr` has weights 1, 2, 3, ... and biases -1."""
    layer = model.get_submodule(attr)
    with torch.no_grad():
        layer.weight.copy_(torch.arange(1.0, layer.weight.numel() + 1).reshape(layer.weight.shape))
        layer.bias.fill_(-1)
        return model.eval()(x)


def state(model: Any) -> dict[str, torch.Tensor]:
    """A copy of the model's state_dict."""
    return {name: value.detach().clone() for name, value in model.state_dict().items()}


def flags(model: Any) -> dict[str, bool]:
    """requires_grad of each parameter."""
    return {name: parameter.requires_grad for name, parameter in model.named_parameters()}


def modes(model: Any) -> dict[str, bool]:
    """Whether each module is in training mode."""
    return {name: module.training for name, module in model.named_modules()}


def noticed(model: Any) -> bool:
    """Whether a `Watched` was put into evaluation mode since this was last asked."""
    found: bool = model.noticed
    model.noticed = False
    return found


def strange(model: Any) -> bool:
    """Whether something was written on a parameter that parameters don't have, such as a misspelt flag."""
    return any(vars(parameter) for parameter in model.parameters())


def module_count(model: Any) -> tuple[int, int]:
    """How many parameters and how many entries of state_dict the model has (each a tensor)."""
    return len(list(model.parameters())), len(model.state_dict())


def contains(model: Any, *modules: Any) -> list[bool]:
    """Whether each of the modules is registered somewhere in the model."""
    return [any(module is own for own in model.modules()) for module in modules]


def switch(model: Any, how: str) -> bool:
    """Change the mode in one of the ways of nn.Module; says whether the model itself came back."""
    if how == "train()":
        return model.train() is model
    if how == "train(True)":
        return model.train(True) is model
    if how == "train(mode=True)":
        return model.train(mode=True) is model
    if how == "train(False)":
        return model.train(False) is model
    if how == "eval()":
        return model.eval() is model
    outer = nn.Sequential(model, nn.Identity())
    outer.eval()
    outer.train()
    return outer[0] is model


def train(model: Any, batches: list[Any], rate: float) -> None:
    """One epoch of plain SGD on the mean squared error, with all of the model's parameters in the optimiser."""
    model.train()
    optimiser = torch.optim.SGD(model.parameters(), lr=rate, weight_decay=0.1)
    with torch.enable_grad():  # whatever an earlier call has left behind
        for x, y in batches:
            optimiser.zero_grad()
            nn.functional.mse_loss(model(x), y).backward()
            optimiser.step()


def loader(kind: str, batches: list[Any]) -> Any:
    """The batches as a generator, or as a loader that shuffles."""
    return Shuffled(batches) if kind == "shuffled" else (batch for batch in batches)


def graph(model: Any, batches: list[Any]) -> Any:
    """What extract_features leaves behind.

    (X has a graph or wants a gradient, a head could be trained on X, torch records gradients as before)
    """
    torch.set_grad_enabled(True)  # whatever an earlier call has left behind
    answer = submission.extract_features(model, batches)
    if type(answer) is not tuple or len(answer) != 2 or not isinstance(answer[0], torch.Tensor):
        return None
    rows, recording = answer[0], torch.is_grad_enabled()
    torch.set_grad_enabled(True)
    head = nn.Linear(rows.shape[-1], 2)
    try:
        head(rows.float()).sum().backward()
        trained = head.weight.grad is not None
    except RuntimeError:
        trained = False
    return rows.requires_grad, trained, recording


def load_and_move(model: Any, entries: dict[str, torch.Tensor]) -> Any:
    """After load_matching add 1 to all that the model holds.

    Returns (entries as they are then, whether the model's tensors are the same objects as before the loading).
    """
    before = dict(model.named_parameters())
    submission.load_matching(model, entries)
    kept = all(parameter is before.get(name) for name, parameter in model.named_parameters())
    with torch.no_grad():
        for value in model.state_dict().values():
            value.add_(1)
    return entries, kept
