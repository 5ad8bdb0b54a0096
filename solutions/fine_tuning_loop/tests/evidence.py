"""What shows that an epoch, a report or a run is the oracle's."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import torch
from given import CLASSES, FITS, MEASURED, TRAIN, batches, fit_data, measured, network, replayed
from oracle import Epoch, measure, stopped

from grader.core.errors import CheckFailure
from grader.testing import assert_allclose, assert_equal, assert_that

TRAIN_HELP = "the state after one epoch: see the order of statements in the docstring"
FIT_HELP = "(train_loss, val_loss, best_epoch, state): the state of the best epoch, buffers included"


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


def assert_no_trace(found: Any, state: dict[str, torch.Tensor]) -> None:
    """A model and its modes are what they were, and so is torch."""
    assert_allclose(found[1], tuple(state.values()), rtol=0.0, atol=0.0, help="evaluation changes no state")
    assert_equal(found[2], True, help="each submodule goes back to its own mode")
    assert_equal(found[4], True, help="gradients are recorded again: use no_grad as a context or decorator")


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
