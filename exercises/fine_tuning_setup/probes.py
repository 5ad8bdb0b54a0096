"""What has to run beside the live models and objects, because they can't leave your process.

Nothing here knows what a right answer would be.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

submission: Any  # your module: the grader gives it this name


class OwnParameters(nn.Module):
    """A model that holds parameters itself, beside a child with a 2-D "bias" and one with a tied weight."""

    def __init__(self) -> None:
        super().__init__()
        self.scale = nn.Parameter(torch.ones(()))
        self.position = nn.Parameter(torch.ones(1, 2, 3))
        self.embed = nn.Linear(2, 3)
        self.table = nn.ParameterDict({"bias": nn.Parameter(torch.ones(2, 2)), "weight": nn.Parameter(torch.ones(4))})
        self.decode = nn.Linear(2, 3)
        self.decode.weight = self.embed.weight
        self.fc = nn.Linear(3, 2)


def _model(kind: str) -> nn.Module:
    """One of the models that the checks use."""
    if kind == "own":
        return OwnParameters()
    children: dict[str, nn.Module]
    if kind == "small":
        children = {"stem": nn.Conv2d(1, 2, 3), "bn": nn.BatchNorm2d(2), "relu": nn.ReLU(), "fc": nn.Linear(2, 3)}
    elif kind == "deep":
        children = {
            "stem": nn.Conv2d(1, 2, 3, bias=False),
            "bn": nn.BatchNorm2d(2),
            "relu": nn.ReLU(),
            "layer1": nn.Sequential(nn.Conv2d(2, 3, (1, 3)), nn.BatchNorm2d(3), nn.PReLU(3)),
            "layer2": nn.Sequential(nn.Linear(3, 4), nn.Linear(4, 3)),
            "pool": nn.AdaptiveAvgPool2d(1),
            "fc": nn.Linear(3, 5),
        }
    elif kind == "names":
        children = {
            "fc": nn.Linear(2, 3),
            "fc2": nn.Linear(3, 3),
            "aux": nn.Linear(2, 2, bias=False),
            "block": nn.ModuleDict({"fc": nn.Linear(2, 2), "norm": nn.LayerNorm([2, 2])}),
            "last": nn.Conv1d(1, 1, 2),
        }
    else:
        children = {
            "features": nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2)),
            "classifier": nn.Sequential(*(nn.Linear(2, 2) for _ in range(11))),
        }
    model = nn.Sequential()
    for name, child in children.items():
        model.add_module(name, child)
    return model


def groups(kind: str, frozen: tuple[str, ...], *arguments: Any, **options: Any) -> Any:
    """(counts, foreign, empty, rates, decays) of param_groups(model, *arguments, **options).

    Parameters whose names start with an element of `frozen` are frozen before. counts: how often each parameter of the
    model stands in a group; foreign: how many others do; empty: how many groups have none; rates and decays: by
    name, the largest where several groups hold the parameter.
    """
    return _describe(*_frozen_and_grouped(_model(kind), frozen, *arguments, **options))


def groups_of_a_changed_model() -> Any:
    """The same for a second call, after a first one, a new head and a frozen stem."""
    model = _model("small")
    submission.param_groups(model, 1.0, 2.0, 0.5)
    model.fc = nn.Linear(2, 7)
    return _describe(*_frozen_and_grouped(model, ("stem",), 1.0, 2.0, 0.5))


def moved(kind: str, frozen: tuple[str, ...], *arguments: Any, **options: Any) -> dict[str, float]:
    """By how much one step of plain SGD lowers each parameter; all of them are 2 and have gradients of 1.

    The groups are made twice: when the model is new, and when it has another head. The optimiser has the second ones.
    """
    model = _model(kind)
    submission.param_groups(model, *arguments, **options)
    model.fc = nn.Linear(3, 7)
    _, found = _frozen_and_grouped(model, frozen, *arguments, **options)
    optimiser = torch.optim.SGD(found, lr=0.0)
    for parameter in model.parameters():
        parameter.data.fill_(2.0)
        # A frozen one, too: a group it stands in by mistake moves it as soon as it has a gradient from earlier.
        parameter.grad = torch.ones_like(parameter)
    optimiser.step()
    return {name: float((2.0 - parameter.detach()).mean()) for name, parameter in model.named_parameters()}


def _frozen_and_grouped(
    model: nn.Module, frozen: tuple[str, ...], *arguments: Any, **options: Any
) -> tuple[nn.Module, Any]:
    for name, parameter in model.named_parameters():
        parameter.requires_grad = not name.startswith(frozen) if frozen else True
    return model, submission.param_groups(model, *arguments, **options)


def _describe(model: nn.Module, found: Any) -> Any:
    names = {id(parameter): name for name, parameter in model.named_parameters()}
    counts = dict.fromkeys(names.values(), 0)
    rates: dict[str, Any] = {}
    decays: dict[str, Any] = {}
    foreign = empty = 0
    if not isinstance(found, list) or not all(isinstance(group, dict) and "params" in group for group in found):
        return None
    for group in found:
        params = group["params"]
        members = [params] if isinstance(params, torch.Tensor) else list(params)
        empty += not members
        for member in members:
            # torch also takes (name, parameter) pairs.
            parameter = member[1] if isinstance(member, tuple) and len(member) == 2 else member
            name = names.get(id(parameter))
            if name is None:
                foreign += 1
                continue
            counts[name] += 1
            rates[name] = _larger(rates.get(name), group.get("lr"))
            decays[name] = _larger(decays.get(name), group.get("weight_decay"))
    return counts, foreign, empty, rates, decays


def _larger(kept: Any, new: Any) -> Any:
    """The larger of two numbers, in whichever order the groups come."""
    if kept is None or not isinstance(kept, int | float) or not isinstance(new, int | float):
        return new if kept is None else kept
    return max(kept, new)


def stopping(values: list[float], *arguments: Any, **options: Any) -> Any:
    """(what each step returned, best, best_step) of EarlyStopping(*arguments, **options) fed with `values`."""
    watch = submission.EarlyStopping(*arguments, **options)
    answers = [watch.step(value) for value in values]
    return answers, watch.best, watch.best_step


def average(small: bool, decay: float, script: list[Any]) -> list[list[torch.Tensor]]:
    """The model's parameters and buffers at each "read" of a script.

    A number in the script is training: it sets tensor number i of the model, sorted by name, to (i + 1) * number, plus
    0, 1, 2, ... along its elements, and counters to the number. "ema" makes the EMA; any
    other word is a method that is called. Parameters are read through the objects that the model had at the start.
    """
    model = _averaged(small)
    parameters = dict(model.named_parameters())
    ema: Any = None
    reads = []
    for word in script:
        if isinstance(word, str):
            if word == "ema":
                ema = submission.EMA(model, decay)
            elif word == "read":
                now = {**dict(model.named_buffers()), **parameters}
                reads.append([now[name].detach().clone() for name in sorted(now)])
            else:
                getattr(ema, word)()
        else:
            now = {**dict(model.named_buffers()), **dict(model.named_parameters())}
            for number, name in enumerate(sorted(now)):
                _set(now[name], number, word)
    return reads


def after_averaging() -> dict[str, bool]:
    """What is true of a model's parameters after each method of an EMA was called, in the midst of training."""
    model = _averaged(False)
    before = list(model.parameters())
    model[0].weight.requires_grad = False
    ema = submission.EMA(model, 0.5)
    model(torch.ones(2, 2, 2)).sum().backward()
    for method in ("update", "store", "copy_to", "update", "restore"):
        getattr(ema, method)()
    after = list(model.parameters())
    return {
        "the same objects": len(after) == len(before) and all(a is b for a, b in zip(after, before, strict=True)),
        "requires_grad as before": [p.requires_grad for p in after] == [False] + [True] * (len(before) - 1),
        "leaves": all(p.is_leaf for p in after),
    }


def _averaged(small: bool) -> nn.Module:
    if small:
        return nn.BatchNorm1d(1)
    return nn.Sequential(nn.Conv1d(2, 3, 2), nn.BatchNorm1d(3), nn.Linear(1, 4, bias=False))


@torch.no_grad()
def _set(tensor: torch.Tensor, number: int, value: float) -> None:
    if tensor.is_floating_point():
        tensor.copy_((number + 1) * value + torch.arange(tensor.numel()).reshape(tensor.shape))
    else:
        tensor.fill_(int(value))


def unfreezing(epochs: list[int], frozen: bool, fixed: bool) -> Any:
    """(for each epoch which parameters of each stage train, the modes at the end, what was returned).

    Three stages of 2, 4 and 1 parameters, all frozen or all trainable before; with `fixed` they come as a tuple.
    """
    norm = nn.BatchNorm2d(2).eval()
    stages = [nn.Linear(2, 3), nn.Sequential(nn.Conv2d(1, 2, 1), norm), nn.Conv2d(1, 1, 1, bias=False).eval()]
    for stage in stages:
        for parameter in stage.parameters():
            parameter.requires_grad = not frozen
    training, returned = [], []
    for epoch in epochs:
        returned.append(submission.unfreeze_for_epoch(tuple(stages) if fixed else stages, epoch))
        training.append([[parameter.requires_grad for parameter in stage.parameters()] for stage in stages])
    return training, [module.training for stage in stages for module in stage.modules()], returned
