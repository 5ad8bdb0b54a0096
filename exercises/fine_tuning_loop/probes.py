"""What has to run beside the student's code: models, optimisers and loaders can't cross to the checks.

Every model is built from the state it is given. Nothing here knows what a right answer would be.
`submission` is your module.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

State = dict[str, torch.Tensor]
Batches = list[tuple[torch.Tensor, torch.Tensor]]


class Loader:
    """Batches that can be read again and again, without len() and indexing."""

    def __init__(self, batches: Batches) -> None:
        self._batches = batches

    def __iter__(self) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        return iter(self._batches)


class SizedLoader(Loader):
    """The same with len(), as torch's DataLoader has it for most data sets."""

    def __len__(self) -> int:
        return len(self._batches)


class Snapshots:
    """Stands for an average: update() notes the weights of the moment."""

    def __init__(self, model: nn.Module) -> None:
        self._model = model
        self.seen: list[Any] = []

    def update(self) -> None:
        """Note the model's first parameter."""
        self.seen.append(next(self._model.parameters()).detach().clone())


def train(kind: str, state: State, batches: Batches, settings: dict[str, Any]) -> tuple[Any, ...]:
    """One epoch: (loss, state, are all modules in train mode, scheduler steps, weights at each ema.update(), tamed).

    `tamed`: whether the gradients that a step left behind were within max_norm whenever they were cleared, and at the
    end. Nothing is graded by it; it tells a clip that comes too late from none.
    """
    model, opt, loss_fn, extra = _build(kind, state, settings)
    if settings.get("stale"):
        for parameter in model.parameters():
            parameter.grad = torch.full_like(parameter, 3.0)
    model.train(settings.get("training", True))
    loader = iter(batches) if settings.get("once") else Loader(batches)
    remains = _watch_gradients(model, opt, settings.get("max_norm", float("inf")))
    report = submission.train_one_epoch(model, loader, opt, loss_fn, **extra)
    opt.zero_grad()
    scheduler, ema = extra.get("scheduler"), extra.get("ema")
    return (
        _entry(report, "loss"),
        _state(model),
        all(module.training for module in model.modules()),
        scheduler.last_epoch if scheduler else 0,
        tuple(ema.seen) if ema else (),
        all(remains),
    )


def evaluate(
    kind: str, state: State, batches: Batches, num_classes: int, keys: tuple[str, ...], settings: dict[str, Any]
) -> tuple[Any, ...]:
    """(entries of the report for `keys`, state, modes as they were, whether a forward pass made a graph, grad mode)."""
    model = _model(kind, state)
    model.train(settings.get("training", True))
    if settings.get("mixed"):
        for module in list(model.modules())[::2]:
            module.training = not module.training
    before = [module.training for module in model.modules()]
    graphs: list[bool] = []
    model.register_forward_hook(lambda _module, _inputs, output: graphs.append(output.requires_grad))
    loader = iter(batches) if settings.get("once") else Loader(batches)
    extra = {"topk": settings["topk"]} if "topk" in settings else {}
    report = submission.evaluate(model, loader, num_classes, **extra)
    after = [module.training for module in model.modules()]
    return (
        tuple(_entry(report, key) for key in keys),
        _state(model),
        before == after,
        any(graphs),
        torch.is_grad_enabled(),
    )


def fit(
    kind: str, state: State, train: Batches, val: Batches, epochs: int, patience: int, settings: dict[str, Any]
) -> tuple[Any, ...]:
    """(train_loss, val_loss, best_epoch, state) of submission.fit, was a given average updated, was a state loaded.

    Nothing is graded by the last; it tells a kept state that was the live one from none.
    """
    model, opt, loss_fn, extra = _build(kind, state, settings)
    if "loss" in settings:
        extra["loss_fn"] = loss_fn
    if "num_classes" in settings:
        extra["num_classes"] = settings["num_classes"]
    make = SizedLoader if settings.get("sized") else Loader
    loaded: list[bool] = []
    model.register_load_state_dict_post_hook(lambda _module, _keys: loaded.append(True))
    history = submission.fit(model, make(train), make(val), epochs, opt, patience=patience, **extra)
    losses = tuple(tuple(_number(loss) for loss in kept) for kept in (history.train_loss, history.val_loss))
    updated = bool(extra["ema"].seen) if "ema" in extra else False
    return (*losses, history.best_epoch, _state(model), updated, bool(loaded))


def epochs(
    kind: str, state: State, train: Batches, val: Batches, count: int, num_classes: int, settings: dict[str, Any]
) -> tuple[Any, ...]:
    """(train loss, validation loss, state) after each of `count` epochs of the submission's two other functions.

    The model comes in the mode that `settings` ask for; fit may hand it to them in either.
    """
    model, opt, loss_fn, extra = _build(kind, state, settings)
    model.train(settings.get("training", True))
    make = SizedLoader if settings.get("sized") else Loader
    found = []
    for _ in range(count):
        report = submission.train_one_epoch(model, make(train), opt, loss_fn, **extra)
        measured = submission.evaluate(model, make(val), num_classes)
        found.append((_number(_entry(report, "loss")), _number(_entry(measured, "loss")), _state(model)))
    return tuple(found)


def _build(kind: str, state: State, settings: dict[str, Any]) -> tuple[Any, Any, Any, dict[str, Any]]:
    model = _model(kind, state)
    opt = torch.optim.SGD(model.parameters(), lr=settings["lr"], momentum=settings.get("momentum", 0.0))
    extra = {name: settings[name] for name in ("max_norm", "accum_steps") if name in settings}
    if "factors" in settings:
        factors = settings["factors"]
        extra["scheduler"] = torch.optim.lr_scheduler.LambdaLR(opt, lambda step: factors[min(step, len(factors) - 1)])
    if settings.get("ema"):
        extra["ema"] = Snapshots(model)
    loss = settings.get("loss", "cross_entropy")
    if loss == "squared":
        return model, opt, F.mse_loss, extra
    return model, opt, nn.CrossEntropyLoss(label_smoothing=0.3 if loss == "smoothed" else 0.0), extra


def _watch_gradients(model: nn.Module, opt: torch.optim.Optimizer, most: float) -> list[bool]:
    """Grows by one entry whenever `opt` clears gradients after a step: whether their norm was at most `most`."""
    found: list[bool] = []
    stepped: list[bool] = []
    clear = opt.zero_grad

    def note(set_to_none: bool = True) -> None:
        gradients = [p.grad for p in model.parameters() if p.grad is not None]
        if stepped and gradients:
            found.append(bool(torch.stack([g.norm() for g in gradients]).norm() <= most * 1.001))
            stepped.clear()
        clear(set_to_none=set_to_none)

    opt.register_step_post_hook(lambda *_: stepped.append(True))
    opt.zero_grad = note  # type: ignore[method-assign]
    return found


def _model(kind: str, state: State) -> nn.Module:
    torch.set_num_threads(1)
    torch.set_grad_enabled(True)  # an evaluation that left it switched off must not spoil the checks that follow
    model: nn.Module
    if kind == "linear":
        out, width = state["weight"].shape
        model = nn.Linear(width, out, bias=False)
    else:
        hidden, width = state["0.weight"].shape
        out = state["4.weight"].shape[0]
        dropout = 0.5 if kind == "dropout" else 0.0
        model = nn.Sequential(
            nn.Linear(width, hidden), nn.BatchNorm1d(hidden), nn.ReLU(), nn.Dropout(dropout), nn.Linear(hidden, out)
        )
    model.load_state_dict(state)
    return model


def _state(model: nn.Module) -> tuple[torch.Tensor, ...]:
    return tuple(tensor.clone() for tensor in model.state_dict().values())


def _entry(report: Any, key: str) -> Any:
    return report.get(key) if isinstance(report, Mapping) else None


def _number(loss: Any) -> Any:
    """A loss that was left a tensor is a mistake of the function that reported it, not of fit."""
    single = isinstance(loss, np.generic) or (isinstance(loss, torch.Tensor) and loss.numel() == 1)
    return loss.item() if single else loss
