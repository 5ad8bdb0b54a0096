"""The hidden checks of `fine_tuning_loop`: exact replays in float64, and everything an evaluation must leave alone.

Nothing is random from run to run: models and batches come from seeds, so a right answer fails only if float32 rounding
exceeds the tolerance. Measured over the known right answers, the largest error is 2 % of what is allowed, and no
epoch's validation loss comes nearer to the best one than 0.01, so that rounding can't change which is best.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from typing import Any

import pytest
import torch
from oracle import Epoch, Run, measure, stopped, trace

from grader.core.errors import CheckFailure
from grader.testing import assert_allclose, assert_dtype, assert_equal, assert_that

WIDTH, HIDDEN, CLASSES = 5, 7, 4
TRAIN_HELP = "the state after one epoch: see the order of statements in the docstring"
FIT_HELP = "(train_loss, val_loss, best_epoch, state): the state of the best epoch, buffers included"


def network(seed: int, classes: int = CLASSES) -> Any:
    """The state of Linear, BatchNorm, ReLU, Dropout, Linear."""
    g = torch.Generator().manual_seed(seed)
    return {
        "0.weight": torch.randn(HIDDEN, WIDTH, generator=g) * 0.7,
        "0.bias": torch.randn(HIDDEN, generator=g) * 0.3,
        "1.weight": torch.rand(HIDDEN, generator=g) + 0.5,
        "1.bias": torch.randn(HIDDEN, generator=g) * 0.3,
        "1.running_mean": torch.randn(HIDDEN, generator=g) * 0.4,
        "1.running_var": torch.rand(HIDDEN, generator=g) + 0.5,
        "1.num_batches_tracked": torch.tensor(3),
        "4.weight": torch.randn(classes, HIDDEN, generator=g) * 0.9,
        "4.bias": torch.randn(classes, generator=g) * 0.3,
    }


def batches(seed: int, sizes: tuple[int, ...], classes: int = CLASSES, present: int = CLASSES) -> Any:
    """Random batches of these sizes, whose later samples are harder (larger); labels below `present`."""
    g = torch.Generator().manual_seed(seed)
    return [
        (torch.randn(n, WIDTH, generator=g) * (1 + i), torch.randint(present, (n,), generator=g))
        for i, n in enumerate(sizes)
    ]


RAGGED = (8, 8, 6)
BASE = {"lr": 0.3, "momentum": 0.9}
FACTORS = [1.0, 0.5, 2.0, 0.25, 0.1]
OPTIONS = {"factors": FACTORS, "accum_steps": 2, "max_norm": 0.6, "loss": "smoothed"}


def replay(seed: int, sizes: tuple[int, ...], settings: dict[str, Any]) -> Any:
    """(loss, state, optimiser steps, weights after each) of one epoch."""
    run = Run(network(seed), settings)
    loss = run.train(batches(seed + 100, sizes))
    return loss, run.result(), run.steps, tuple(run.averaged)


replayed = functools.cache(lambda name: replay(*TRAIN[name]))

TRAIN: dict[str, tuple[int, tuple[int, ...], dict[str, Any]]] = {
    "plain": (1, RAGGED, BASE),
    "one_batch": (2, (5,), BASE),
    "other_loss": (3, RAGGED, {**BASE, "loss": "smoothed", "training": False}),
    "read_once": (4, (4, 7, 3, 2), {**BASE, "once": True}),
    "handed_in_eval": (5, RAGGED, {**BASE, "training": False}),
    "stale_gradients": (6, RAGGED, {**BASE, "stale": True}),
    "accum_2": (7, (8, 8, 6), {**BASE, "accum_steps": 2}),
    "accum_3": (8, (4, 5, 6, 3, 4, 5, 2), {**BASE, "accum_steps": 3, "once": True, "training": False}),
    "accum_fits": (9, (4, 5, 6, 3), {**BASE, "accum_steps": 2}),
    "accum_too_large": (10, (4, 6), {**BASE, "accum_steps": 5}),
    "clip": (11, RAGGED, {**BASE, "max_norm": 0.5, "training": False}),
    "clip_idle": (12, RAGGED, {**BASE, "max_norm": 50.0}),
    "clip_accum": (13, (6, 5, 4, 3, 2), {**BASE, "max_norm": 0.4, "accum_steps": 2}),
    "scheduler": (14, (4, 5, 6, 3, 4), {**BASE, "factors": FACTORS}),
    "scheduler_accum": (15, (4, 5, 6, 3, 4), {**BASE, "factors": FACTORS, "accum_steps": 2}),
    "ema": (16, RAGGED, {**BASE, "ema": True, "training": False}),
    "ema_accum": (17, (4, 5, 6, 3, 4), {**BASE, "ema": True, "accum_steps": 2}),
    # Clipping hides by how much a gradient was divided: once it is idle, and the last group short; once it is not.
    "everything": (
        18,
        (6, 5, 4, 3, 2),
        {**BASE, **OPTIONS, "max_norm": 50.0, "ema": True, "stale": True, "once": True, "training": False},
    ),
    "everything_clipped": (19, (5, 4, 6, 3), {**BASE, **OPTIONS, "ema": True}),
}


def assert_trained(student: Any, name: str, *parts: str) -> None:
    """The epoch `name` is replayed: its "loss", its "state", and the "rest", what scheduler and average saw."""
    seed, sizes, settings = TRAIN[name]
    found = student.probe.train("norm", network(seed), batches(seed + 100, sizes), settings)
    assert_that(type(found) is tuple and len(found) == 6, "a report", "something else")
    loss, state, steps, averaged = replayed(name)
    if "loss" in parts:
        assert_allclose(found[0], loss, help="the mean over samples of loss_fn's loss, a Python float")
    if "state" in parts:
        assert_allclose(found[1], state, help=TRAIN_HELP)
    if "rest" in parts:
        counted = steps if "factors" in settings else 0
        assert_equal(found[3], counted, help="scheduler.step() once after each optimiser step")
        seen = averaged if settings.get("ema") else ()
        assert_allclose(found[4], seen, help="ema.update() once, after each optimiser step")


def epochs_named(*names: str) -> pytest.MarkDecorator:
    """One case for each of the named epochs."""
    return pytest.mark.parametrize("name", names, ids=names)


@pytest.mark.task("train_one_epoch")
@pytest.mark.weight(4)
@epochs_named("plain", "one_batch", "other_loss", "read_once")
def test_train_replay(student: Any, name: str) -> None:
    """Parameters and buffers after an epoch with a small last batch."""
    assert_trained(student, name, "state")


@pytest.mark.task("train_one_epoch")
@pytest.mark.weight(3)
@epochs_named("plain", "one_batch", "other_loss", "accum_2", "accum_3", "clip")
def test_train_loss(student: Any, name: str) -> None:
    """The reported loss is a mean over samples."""
    assert_trained(student, name, "loss")


@pytest.mark.task("train_one_epoch")
@pytest.mark.weight(2)
@epochs_named("handed_in_eval", "stale_gradients")
def test_train_entry(student: Any, name: str) -> None:
    """The state the model comes in does not matter."""
    assert_trained(student, name, "state")


@pytest.mark.task("train_one_epoch")
@pytest.mark.weight(4)
@epochs_named("accum_2", "accum_3", "accum_fits", "accum_too_large")
def test_train_accumulation(student: Any, name: str) -> None:
    """Gradients of several batches make one step, and what is left over makes the last."""
    assert_trained(student, name, "state")


@pytest.mark.task("train_one_epoch")
@pytest.mark.weight(3)
@epochs_named("clip", "clip_idle", "clip_accum")
def test_train_clipping(student: Any, name: str) -> None:
    """The norm of all gradients together is limited before each step."""
    assert_trained(student, name, "state")


@pytest.mark.task("train_one_epoch")
@pytest.mark.weight(3)
@epochs_named("scheduler", "scheduler_accum")
def test_train_scheduler(student: Any, name: str) -> None:
    """The learning rate follows the scheduler from step to step."""
    assert_trained(student, name, "state")


@pytest.mark.task("train_one_epoch")
@pytest.mark.depends("test_train_replay")
@pytest.mark.weight(3)
@epochs_named("scheduler", "scheduler_accum", "ema", "ema_accum")
def test_train_counts(student: Any, name: str) -> None:
    """The scheduler's steps, and the weights the average sees."""
    assert_trained(student, name, "rest")


@pytest.mark.task("train_one_epoch")
@pytest.mark.weight(8)
def test_train_everything(student: Any) -> None:
    """Epochs with everything switched on: losses, weights, schedule and average are all right."""
    for name in ("everything", "everything_clipped"):
        assert_trained(student, name, "loss", "state", "rest")


@pytest.mark.task("train_one_epoch")
@pytest.mark.depends("test_train_replay")
def test_train_mode_after(student: Any) -> None:
    """The model is left in train mode."""
    found = student.probe.train("norm", network(1), batches(2, RAGGED), {**BASE, "training": False})
    assert_equal(found[2] if type(found) is tuple and len(found) == 6 else None, True, help="model.train()")


# kind, classes, classes present, sizes, topk, settings
MEASURED: dict[str, tuple[str, int, int, tuple[int, ...], tuple[int, ...], dict[str, Any]]] = {
    "ragged": ("norm", 4, 4, (8, 8, 2), (1,), {}),
    "one_sample_last": ("norm", 4, 4, (7, 1), (1, 2), {"training": False}),
    "read_once": ("norm", 6, 6, (5, 4, 3), (1, 3), {"once": True}),
    "dropout": ("dropout", 4, 4, (9, 5), (1,), {}),
    "absent_class": ("norm", 5, 3, (6, 6, 3), (1,), {}),
    "everything": ("dropout", 5, 4, (9, 7, 1), (1,), {"mixed": True, "once": True}),
}


@functools.cache
def measured(name: str) -> Any:
    """The state, the batches and the oracle's report for a row of MEASURED, with shares up to top9."""
    _, classes, present, sizes, _, _ = MEASURED[name]
    seed = 30 + list(MEASURED).index(name)
    state, data = network(seed, classes), batches(seed + 100, sizes, classes, present)
    return state, data, measure(state, data, tuple(range(1, 10)), classes)


def assert_measured(student: Any, name: str, keys: tuple[str, ...], topk: Sequence[int] | None = None) -> Any:
    """The entries `keys` of the report on a row of MEASURED; returns what else the probe found."""
    kind, classes, _, _, usual, settings = MEASURED[name]
    state, data, report = measured(name)
    settings = {**settings, "topk": topk or usual}
    found = student.probe.evaluate(kind, state, data, classes, keys, settings)
    assert_that(type(found) is tuple and len(found) == 5, "a report", "something else")
    expected = tuple(report[k] for k in keys)
    help = f"{keys}{recall_words(found[0], expected, keys)}"
    assert_allclose(found[0], expected, equal_nan=True, check_dtype=False, help=help)
    return found


def recall_words(found: Any, expected: tuple[Any, ...], keys: tuple[str, ...]) -> str:
    """Whether the only thing wrong with the recall is that of classes without samples."""
    if "recall" not in keys or type(found) is not tuple or len(found) != len(keys):
        return ""
    mine, right = found[keys.index("recall")], expected[keys.index("recall")]
    if not isinstance(mine, torch.Tensor) or mine.shape != right.shape or not mine.is_floating_point():
        return ""
    zero = torch.where(right.isnan(), 0.0, right.double())
    return "; 0 for a class without samples" if torch.allclose(mine.double(), zero, atol=1e-5) else ""


def rows(*names: str) -> pytest.MarkDecorator:
    """One case for each of the named rows."""
    return pytest.mark.parametrize("name", names, ids=names)


@pytest.mark.task("evaluate")
@pytest.mark.weight(4)
@rows("ragged", "one_sample_last", "read_once", "dropout")
def test_evaluate_loss(student: Any, name: str) -> None:
    """The loss is the mean over samples, in evaluation mode."""
    assert_measured(student, name, ("loss",))


@pytest.mark.task("evaluate")
@pytest.mark.weight(3)
@rows("ragged", "read_once", "one_sample_last")
def test_evaluate_confusion(student: Any, name: str) -> None:
    """Rows are true classes, columns predicted ones."""
    assert_measured(student, name, ("confusion",))


@pytest.mark.task("evaluate")
@pytest.mark.weight(3)
@rows("ragged", "read_once", "absent_class")
def test_evaluate_recall(student: Any, name: str) -> None:
    """The recall of each class, also of one without samples."""
    assert_measured(student, name, ("recall",))


@pytest.mark.task("evaluate")
@pytest.mark.weight(4)
@pytest.mark.parametrize(
    ("name", "topk"),
    [("ragged", (1,)), ("ragged", (2, 1)), ("read_once", [1, 3, 5]), ("absent_class", (3,)), ("ragged", (1, 9))],
    ids=["one", "unsorted", "list", "only_three", "more_than_classes"],
)
def test_evaluate_topk(student: Any, name: str, topk: Sequence[int]) -> None:
    """The share of samples whose class is among the k largest."""
    assert_measured(student, name, tuple(f"top{k}" for k in topk), topk)


@pytest.mark.task("evaluate")
@pytest.mark.depends("test_evaluate_by_hand")
def test_evaluate_no_graph(student: Any) -> None:
    """No forward pass makes a graph."""
    found = assert_measured(student, "ragged", ("top1",))
    assert_equal(found[3], False, help="with torch.no_grad()")


@pytest.mark.task("evaluate")
@pytest.mark.depends("test_evaluate_by_hand")
@pytest.mark.weight(3)
@pytest.mark.parametrize(
    "settings",
    [{"training": True}, {"training": False}, {"training": True, "mixed": True}, {"training": False, "mixed": True}],
    ids=["train", "eval", "mixed", "mixed_eval"],
)
def test_evaluate_leaves_no_trace(student: Any, settings: dict[str, Any]) -> None:
    """Parameters, buffers and the modes of all submodules are what they were."""
    state, data, report = measured("ragged")
    found = student.probe.evaluate("norm", state, data, CLASSES, ("top1",), settings)
    assert_that(type(found) is tuple and len(found) == 5, "a report", "something else")
    assert_allclose(found[0], (report["top1"],))
    assert_no_trace(found, state)


@pytest.mark.task("evaluate")
@pytest.mark.weight(8)
@rows("everything")
def test_evaluate_everything(student: Any, name: str) -> None:
    """The whole report of a model with mixed modes, and what is left afterwards."""
    found = assert_measured(student, name, ("loss", "top1", "top2", "top9", "confusion", "recall"), (9, 1, 2))
    assert_dtype(found[0][4], "int64", help="the confusion counts: int64")
    assert_equal(found[3], False, help="with torch.no_grad()")
    assert_no_trace(found, measured(name)[0])


def assert_no_trace(found: Any, state: dict[str, torch.Tensor]) -> None:
    """A model and its modes are what they were, and so is torch."""
    assert_allclose(found[1], tuple(state.values()), rtol=0.0, atol=0.0, help="evaluation changes no state")
    assert_equal(found[2], True, help="each submodule goes back to its own mode")
    assert_equal(found[4], True, help="gradients are recorded again: use no_grad as a context or decorator")


LONG = {
    "lr": 2.0,
    "momentum": 0.5,
    "factors": [1.0, 0.5, 2.0, 1.0, 0.25, 1.5, 1.0],
    "accum_steps": 2,
    "max_norm": 1.5,
    "loss": "smoothed",
    "sized": True,
}
# seed, epochs, patience, settings
FITS: dict[str, tuple[int, int, int, dict[str, Any]]] = {
    "stops_early": (0, 12, 2, {"lr": 0.3}),
    "runs_to_the_end": (0, 4, 9, {"lr": 0.3}),
    "recovers": (2, 12, 2, {"lr": 1.0}),
    "patience_1": (3, 12, 1, {"lr": 0.3}),
    "last_is_best": (0, 3, 2, {"lr": 0.02}),
    "classes_given": (0, 4, 2, {"lr": 0.3, "num_classes": CLASSES}),
    "other_loss": (0, 5, 3, {"lr": 0.3, "loss": "smoothed"}),
    "options": (0, 5, 3, {"lr": 0.3, "accum_steps": 2, "max_norm": 0.5, "factors": FACTORS, "sized": True}),
    # The same history, bad, bad but better than the one before, good, three bad ones, met with other patience.
    "all_three_bad": (345, 9, 3, LONG),
    "all_two_bad": (345, 9, 2, LONG),
    "all_to_the_end": (345, 6, 5, {**LONG, "num_classes": CLASSES, "ema": True}),
}


@functools.cache
def fit_data(name: str) -> Any:
    """State, training and validation batches, and the epochs of the oracle."""
    seed, epochs, _, settings = FITS[name]
    state = network(seed)
    train, val = batches(seed + 1, (6, 6, 4)), batches(seed + 2, (5, 3))
    return state, train, val, trace(state, train, val, epochs, settings)


def assert_fits(student: Any, name: str) -> None:
    """What fit returns and leaves is that of the oracle, or follows from the submission's own two functions."""
    _, epochs, patience, settings = FITS[name]
    state, train, val, right = fit_data(name)
    found = student.probe.fit("norm", state, train, val, epochs, patience, settings)
    assert_that(type(found) is tuple and len(found) == 6, "a History", "something else")
    if settings.get("ema"):
        assert_equal(found[4], True, help="fit hands the average on to train_one_epoch")
    try:
        assert_allclose(found[:4], stopped(right, patience), help=FIT_HELP)
    except CheckFailure:
        # A mistake in another task has cost its points there; fit may still do its own part right, and may call the
        # two others with the model in either mode.
        for training in (True, False):
            own = student.probe.epochs("norm", state, train, val, epochs, CLASSES, {**settings, "training": training})
            if not well_formed(own, epochs) or not half_right(own, right, val):
                continue
            if agrees(found[:4], stopped(tuple(Epoch(*e) for e in own), patience)):
                return
        raise


def half_right(own: Any, right: tuple[Epoch, ...], val: Any) -> bool:
    """Whether the epochs that the submission reports were trained rightly or measured rightly.

    A mistake in one of the two functions leaves the other right, but for the buffers that an evaluation in training
    mode moves. Where neither is, the epochs may be made up.
    """
    trained = all(agrees(weights(e[2]), weights(epoch.state)) for e, epoch in zip(own, right, strict=True))
    losses = [(e[1], measured_loss(e[2], right[0].state, val)) for e in own]
    measured = sum(abs(found - loss) <= 0.01 * (1 + abs(loss)) for found, loss in losses)
    # Where a wrong training runs away, an epoch's float32 may be far from float64.
    return trained or 2 * measured > len(own)


def weights(state: tuple[torch.Tensor, ...]) -> tuple[torch.Tensor, ...]:
    """The state without its buffers."""
    return tuple(tensor for name, tensor in zip(network(0), state, strict=False) if name.endswith(("weight", "bias")))


def measured_loss(state: Any, like: tuple[torch.Tensor, ...], val: Any) -> float:
    """The validation loss of a state that came from the submission's process; NaN for what is none."""
    known = len(state) == len(like) and all(
        torch.is_tensor(t) and (t.shape, t.dtype) == (w.shape, w.dtype) for t, w in zip(state, like, strict=True)
    )
    if not known:
        return math.nan
    return float(measure(dict(zip(network(0), state, strict=True)), val, (), CLASSES)["loss"])


def agrees(found: Any, expected: Any) -> bool:
    """Whether the two are alike."""
    try:
        assert_allclose(found, expected)
    except CheckFailure:
        return False
    return True


def well_formed(own: Any, epochs: int) -> bool:
    """Whether `own` is (float, float, state) for each epoch."""
    if type(own) is not tuple or len(own) != epochs:
        return False
    return all(
        type(e) is tuple and len(e) == 3 and type(e[0]) is float and type(e[1]) is float and type(e[2]) is tuple
        for e in own
    )


@pytest.mark.task("fit")
@pytest.mark.weight(5)
@rows("stops_early", "recovers", "patience_1", "runs_to_the_end", "last_is_best")
def test_fit_replay(student: Any, name: str) -> None:
    """Losses, best epoch and restored state of a run."""
    assert_fits(student, name)


@pytest.mark.task("fit")
@pytest.mark.weight(5)
def test_fit_everything(student: Any) -> None:
    """Runs with all options: stopped, stopped earlier, and not stopped, each with its best weights."""
    for name in ("all_three_bad", "all_two_bad", "all_to_the_end"):
        assert_fits(student, name)


@pytest.mark.task("fit")
@pytest.mark.weight(3)
@rows("classes_given", "other_loss", "options")
def test_fit_options(student: Any, name: str) -> None:
    """Keywords reach the place they are meant for."""
    assert_fits(student, name)
