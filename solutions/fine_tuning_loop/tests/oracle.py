"""The run as plain arithmetic: no nn.Module, no optimiser, float64, one statement for each rule."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import torch
from torch import Tensor

torch.set_num_threads(1)

State = dict[str, Tensor]
Batches = list[tuple[Tensor, Tensor]]


class Epoch(NamedTuple):
    """What one epoch leaves: the training loss, the validation loss, and the state."""

    train_loss: float
    val_loss: float
    state: tuple[Tensor, ...]


class Run:
    """A model's numbers with its optimiser's memory; train() replays one epoch."""

    def __init__(self, state: State, settings: dict[str, Any]) -> None:
        self.state = {k: v.double() if v.is_floating_point() else v.clone() for k, v in state.items()}
        self.settings = settings
        self.speed = {name: torch.zeros_like(self.state[name]) for name in self._weights()}
        self.steps = 0
        self.averaged: list[Tensor] = []

    def _weights(self) -> list[str]:
        return [name for name in self.state if name.endswith(("weight", "bias"))]

    def train(self, batches: Batches) -> float:
        """One epoch; the mean loss over its samples."""
        size = self.settings.get("accum_steps", 1)
        losses = 0.0
        for first in range(0, len(batches), size):
            gradient = {name: torch.zeros_like(self.state[name]) for name in self._weights()}
            for x, y in batches[first : first + size]:
                losses += self._backward(x, y, gradient, size)
            self._step(gradient)
        return losses / sum(len(x) for x, _ in batches)

    def _backward(self, x: Tensor, y: Tensor, gradient: State, size: int) -> float:
        leaves = {name: self.state[name].clone().requires_grad_() for name in gradient}
        logits = forward({**self.state, **leaves}, x.double(), self.state)
        loss = each_loss(logits, y, self.settings.get("loss", "cross_entropy")).mean()
        for name, part in zip(gradient, torch.autograd.grad(loss, list(leaves.values())), strict=True):
            gradient[name] += part / size
        return float(loss.detach()) * len(x)

    def _step(self, gradient: State) -> None:
        limit = self.settings.get("max_norm")
        norm = math.sqrt(sum(float((g * g).sum()) for g in gradient.values()))
        scale = 1.0 if limit is None or norm <= limit else limit / norm
        factors = self.settings.get("factors", [1.0])
        rate = self.settings["lr"] * factors[min(self.steps, len(factors) - 1)]
        for name, g in gradient.items():
            self.speed[name] = self.settings.get("momentum", 0.0) * self.speed[name] + scale * g
            self.state[name] = self.state[name] - rate * self.speed[name]
        self.steps += 1
        self.averaged.append(self.state[next(iter(gradient))].float())

    def result(self) -> tuple[Tensor, ...]:
        """The state as a float32 model would hold it."""
        return tuple(v.float() if v.is_floating_point() else v.clone() for v in self.state.values())


def forward(state: State, x: Tensor, buffers: State | None = None) -> Tensor:
    """The logits; in training mode where `buffers`, to be updated, are given."""
    if "weight" in state:
        return x @ state["weight"].T
    h = x @ state["0.weight"].T + state["0.bias"]
    mean, var = state["1.running_mean"], state["1.running_var"]
    if buffers is not None:
        mean, var = h.mean(0), h.var(0, unbiased=False)
        n = len(x)
        buffers["1.running_mean"] = 0.9 * buffers["1.running_mean"] + 0.1 * mean.detach()
        buffers["1.running_var"] = 0.9 * buffers["1.running_var"] + 0.1 * var.detach() * n / (n - 1)
        buffers["1.num_batches_tracked"] = buffers["1.num_batches_tracked"] + 1
    h = (h - mean) / (var + 1e-5).sqrt() * state["1.weight"] + state["1.bias"]
    return h.clamp(min=0) @ state["4.weight"].T + state["4.bias"]


def each_loss(logits: Tensor, y: Tensor, kind: str) -> Tensor:
    """The loss of each sample."""
    if kind == "squared":
        return ((logits - y) ** 2).mean(1)
    logs = logits - logits.logsumexp(1, keepdim=True)  # exp alone overflows where a wrong training ran away
    plain = -logs[torch.arange(len(y)), y]
    return 0.7 * plain - 0.3 * logs.mean(1) if kind == "smoothed" else plain


def measure(state: State, batches: Batches, k_values: tuple[int, ...], classes: int) -> dict[str, Any]:
    """Evaluate by loops over samples."""
    state = {k: v.double() if v.is_floating_point() else v for k, v in state.items()}
    losses: list[float] = []
    ranks: list[int] = []
    confusion = torch.zeros(classes, classes, dtype=torch.int64)
    for x, y in batches:
        logits = forward(state, x.double())
        losses += each_loss(logits, y, "cross_entropy").tolist()
        for row, label in zip(logits, y.tolist(), strict=True):
            ranks.append(int((row > row[label]).sum()))
            confusion[label, int(row.argmax())] += 1
    recall = [
        float(confusion[c, c]) / int(confusion[c].sum()) if confusion[c].sum() else math.nan for c in range(classes)
    ]
    shares = {f"top{k}": sum(rank < k for rank in ranks) / len(ranks) for k in k_values}
    return {"loss": sum(losses) / len(losses), **shares, "confusion": confusion, "recall": torch.tensor(recall)}


def trace(state: State, train: Batches, val: Batches, epochs: int, settings: dict[str, Any]) -> tuple[Epoch, ...]:
    """What each of `epochs` epochs leaves, with no early stopping."""
    run = Run(state, settings)
    found = []
    for _ in range(epochs):
        loss = run.train(train)
        found.append(Epoch(loss, float(measure(run.state, val, (), _width(state))["loss"]), run.result()))
    return tuple(found)


def stopped(epochs: tuple[Epoch, ...], patience: int) -> tuple[Any, ...]:
    """(training losses, validation losses, best epoch, best state) of a run with early stopping."""
    best = 0
    for number, epoch in enumerate(epochs):
        if epoch.val_loss < epochs[best].val_loss:
            best = number
        if number - best >= patience:
            break
    ran = epochs[: number + 1]
    return tuple(e.train_loss for e in ran), tuple(e.val_loss for e in ran), best, epochs[best].state


def _width(state: State) -> int:
    return len(state["weight"] if "weight" in state else state["4.weight"])
