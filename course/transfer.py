"""``python -m course.transfer``: transfer learning against training from scratch, with your own `transfer_head`.

Both ways get the same pictures (:mod:`course.data`). One fits a new head to the features of a frozen
EfficientNet-Lite0, and every step of it that the exercise teaches is done by the student's functions;
the other trains a small CNN.
"""

from __future__ import annotations

import importlib.util
import json
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import click
import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from course.data import ClipArt, clipart
from course.pretrained import FEATURES, EfficientNetLite0, imagenet_weights, preprocess
from grader.cli.main import run
from grader.core.course import course_root

SIDE: Final = 96
"""The network learnt from pictures of 224; this costs a sixth of the time, and the 64 of our pictures too little."""
BATCH: Final = 32


class Curve(NamedTuple):
    """Test accuracies, as shares, and the seconds of work (testing aside) after which they were reached."""

    name: str
    seconds: list[float]
    accuracy: list[float]


Clock = Callable[[], float]
"""Gives the seconds since some moment."""


class Pictures(NamedTuple):
    """Pictures ready for a network, float32 (N, 3, H, W), and labels (N,), on one device."""

    train_x: torch.Tensor
    train_y: torch.Tensor
    test_x: torch.Tensor
    test_y: torch.Tensor


class Exercise:
    """The student's file; what goes wrong in it ends the demonstration with a sentence."""

    def __init__(self, file: Path) -> None:
        self._file = file
        spec = importlib.util.spec_from_file_location("transfer_head", file)
        if not file.is_file() or spec is None or spec.loader is None:
            raise click.ClickException(f"there is no {file}: run this where exercises/ is, or name your file by --file")
        self._module = importlib.util.module_from_spec(spec)
        try:
            spec.loader.exec_module(self._module)
        except Exception as error:
            raise self._wrong("does not load", error) from error

    def call(self, name: str, *args: Any) -> Any:
        """What the student's function or class ``name`` gives for ``args``."""
        try:
            return getattr(self._module, name)(*args)
        except NotImplementedError as error:
            raise click.ClickException(f"{self._file}: {name} is still to be written") from error
        except Exception as error:
            raise self._wrong(f"{name} fails", error) from error

    def expect(self, condition: bool, what: str) -> None:
        """End with a sentence unless ``condition``, which a right exercise keeps, holds."""
        if not condition:
            raise self._wrong(what)

    def _wrong(self, what: str, error: Exception | None = None) -> click.ClickException:
        cause = f" ({type(error).__name__}: {error})" if error else ""
        return click.ClickException(f"{self._file}: {what}{cause}; `course check transfer_head` says more")


def prepared(data: ClipArt, side: int, device: torch.device) -> Pictures:
    """All pictures scaled to ``side`` and in the range that EfficientNet-Lite0 was trained on."""
    return Pictures(
        preprocess(torch.from_numpy(data.train_x).to(device), side),
        torch.from_numpy(data.train_y).to(device),
        preprocess(torch.from_numpy(data.test_x).to(device), side),
        torch.from_numpy(data.test_y).to(device),
    )


def batches(x: torch.Tensor, y: torch.Tensor, order: torch.Tensor) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
    """The rows of x and y in this order, 32 at a time."""
    for rows in torch.split(order, BATCH):
        yield x[rows], y[rows]


def accuracy(model: nn.Module, x: torch.Tensor, y: torch.Tensor) -> float:
    """The share of rows for which the model, in evaluation mode, gives the right class its largest logit."""
    model.eval()
    with torch.no_grad():
        right = [(model(part).argmax(1) == labels).sum() for part, labels in batches(x, y, torch.arange(len(x)))]
    return float(torch.stack(right).sum()) / len(y)


def fit(
    name: str,
    model: nn.Module,
    data: Pictures,
    epochs: int,
    *,
    flips: bool,
    clock: Clock,
    spent: float = 0.0,
) -> Curve:
    """Train what is trainable in ``model`` with AdamW and a falling rate; ``spent`` seconds went before."""
    optimiser = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=2e-3, weight_decay=0.05)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, epochs)
    curve = Curve(name, [], [])
    for _ in range(epochs):
        start = clock()
        model.train()
        for x, y in batches(data.train_x, data.train_y, torch.randperm(len(data.train_y))):
            if flips:
                x = torch.where(torch.rand(len(x), 1, 1, 1, device=x.device) < 0.5, x, x.flip(3))
            optimiser.zero_grad()
            loss = F.cross_entropy(model(x), y)
            loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it without annotations
            optimiser.step()
        schedule.step()
        loss.item()  # a CUDA device may still be at work
        spent += clock() - start
        curve.seconds.append(spent)
        curve.accuracy.append(accuracy(model, data.test_x, data.test_y))
    return curve


def small_cnn(classes: int) -> nn.Module:
    """Four convolutions with BatchNorm, each halving the picture, then the mean and a dense layer."""
    layers: list[nn.Module] = []
    for c_in, c_out in ((3, 16), (16, 32), (32, 64), (64, 128)):
        layers += [nn.Conv2d(c_in, c_out, 3, padding=1, bias=False), nn.BatchNorm2d(c_out), nn.ReLU(), nn.MaxPool2d(2)]
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.2), nn.Linear(128, classes))


def by_scratch(data: ClipArt, epochs: int, device: torch.device, clock: Clock = time.perf_counter) -> Curve:
    """The small CNN, trained from random weights on the pictures as they are, mirrored at random."""
    torch.manual_seed(0)
    pictures = prepared(data, data.train_x.shape[-1], device)
    return fit("from scratch", small_cnn(len(data.classes)).to(device), pictures, epochs, flips=True, clock=clock)


def by_transfer(
    exercise: Exercise, data: ClipArt, epochs: int, device: torch.device, clock: Clock = time.perf_counter
) -> Curve:
    """A new head on EfficientNet-Lite0, with the student's functions; the features are computed once."""
    torch.manual_seed(0)
    start = clock()
    model = exercise.call("replace_head", EfficientNetLite0(), len(data.classes), "_fc")
    exercise.expect(isinstance(getattr(model, "_fc", None), nn.Linear), "replace_head should return the model")
    lists = exercise.call("load_matching", model, imagenet_weights())
    exercise.expect(isinstance(lists, tuple) and len(lists) == 2, "load_matching should give two lists")
    loaded, skipped = lists
    click.echo(f"load_matching: {len(loaded)} tensors from ImageNet; left out: {', '.join(skipped)}")
    exercise.expect(list(skipped) == ["_fc.weight", "_fc.bias"], "load_matching should leave out the old head alone")
    exercise.call("freeze", model)
    exercise.call("unfreeze", model._fc)
    names = exercise.call("trainable_names", model)
    share = sum(p.numel() for p in model.parameters() if p.requires_grad) / sum(p.numel() for p in model.parameters())
    click.echo(f"freeze, unfreeze: {', '.join(names)} learn, {share:.2%} of all numbers")
    exercise.expect(names == ["_fc.weight", "_fc.bias"], "only the new head should be trainable")

    model.to(device)
    pictures = prepared(data, SIDE, device)
    features = Pictures(
        *_features(exercise, model, pictures.train_x, pictures.train_y),
        *_features(exercise, model, pictures.test_x, pictures.test_y),
    )
    spent = clock() - start
    click.echo(f"extract_features: {FEATURES} numbers for each of {len(data.train_y) + len(data.test_y)} pictures")
    curve = fit("transfer", model._fc, features, epochs, flips=False, clock=clock, spent=spent)

    head, model._fc = model._fc, nn.Identity()
    whole = exercise.call("FrozenBackbone", model, head)
    before = {name: value.clone() for name, value in model.state_dict().items()}
    whole.train()
    with torch.no_grad():
        exercise.call("extract_features", whole, [(pictures.test_x[:BATCH], pictures.test_y[:BATCH])])
        whole(pictures.test_x[:BATCH])
    kept = all(torch.equal(before[name], value) for name, value in model.state_dict().items())
    exercise.expect(kept, "the backbone of FrozenBackbone changes while it runs in train()")
    click.echo("FrozenBackbone: in train() too, the backbone stays what it was, to the last bit")
    return curve


def _features(exercise: Exercise, model: nn.Module, x: torch.Tensor, y: torch.Tensor) -> tuple[Any, Any]:
    found = exercise.call("extract_features", model, batches(x, y, torch.arange(len(x))))
    right = (
        isinstance(found, tuple)
        and len(found) == 2
        and all(isinstance(part, torch.Tensor) for part in found)
        and found[0].shape == (len(x), FEATURES)
        and torch.equal(found[1], y)
    )
    exercise.expect(right, f"extract_features should give ({len(x)}, {FEATURES}) numbers and the loader's labels")
    return found[0], found[1]


def drawn(curve: Curve, lines: int = 10) -> str:
    """The curve as text: some of its points, the last one among them, with a bar each."""
    last = len(curve.accuracy) - 1
    chosen = sorted({round(k * last / max(1, lines - 1)) for k in range(lines)})
    rows = [f"{curve.seconds[k]:6.1f} s {curve.accuracy[k]:5.0%} {'█' * round(50 * curve.accuracy[k])}" for k in chosen]
    return "\n".join([curve.name, *rows])


@click.command()
@click.option("--file", type=click.Path(path_type=Path), help="[default: your exercise]")
@click.option("--epochs", type=click.IntRange(min=1), default=30, show_default=True, help="the head: twice as many")
@click.option("--cpu-time", is_flag=True, help="one thread, and its CPU time for the clock's: alike on a busy machine")
@click.option("--json", "to", type=click.Path(path_type=Path, dir_okay=False), help="write the curves into this file")
def cli(file: Path | None, epochs: int, cpu_time: bool, to: Path | None) -> int:
    """Race a new head on a frozen network against a small CNN from scratch; a CUDA device is used if there is one."""
    exercise = Exercise(file or course_root() / "exercises" / "transfer_head" / "transfer_head.py")
    data = clipart()
    clock = time.process_time if cpu_time else time.perf_counter
    if cpu_time:
        torch.set_num_threads(1)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    largest = np.bincount(data.train_y).argmax()
    guess = float((data.test_y == largest).mean())
    click.echo(f"{len(data.train_y)} pictures to learn from, {len(data.test_y)} to test, 8 classes; on {device}\n")
    transfer = by_transfer(exercise, data, 2 * epochs, device, clock)
    click.echo(f"\n{drawn(transfer)}\n")
    scratch = by_scratch(data, epochs, device, clock)
    click.echo(f"{drawn(scratch)}\n")
    for curve in (transfer, scratch):
        click.echo(f"{curve.name}: {curve.accuracy[-1]:.1%} after {curve.seconds[-1]:.1f} s")
    click.echo(f"always {data.classes[largest]}: {guess:.1%}")
    if to:
        found = {"guess": guess, "curves": [curve._asdict() for curve in (transfer, scratch)]}
        to.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    return 0


cli.name = "course.transfer"

if __name__ == "__main__":
    sys.exit(run(cli))
