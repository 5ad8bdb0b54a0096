"""The hidden checks of `fine_tuning_loop`: exact replays in float64, and everything an evaluation must leave alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from evidence import assert_fits, assert_measured, assert_no_trace, assert_trained
from given import BASE, CLASSES, RAGGED, batches, measured, network

from grader.testing import assert_allclose, assert_dtype, assert_equal, assert_that


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
