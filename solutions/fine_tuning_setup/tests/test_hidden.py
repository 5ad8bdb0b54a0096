"""The hidden checks of `fine_tuning_setup`: names, ties, frozen layers, NaN, aliasing, and a schedule's edges."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from evidence import (
    COVER_HELP,
    NAMES_HELP,
    RATES_HELP,
    STEP_HELP,
    assert_rates_related,
    assert_script,
    assert_stopping,
    described,
    unfrozen,
)
from given import DELTAS, EVALUATED, INSIDE, MAXIMA, NANS, RUNS, STEPS, WATCHED, History
from oracle import MODELS, rates, schedule

from grader.testing import assert_allclose, assert_equal, assert_that


@pytest.mark.task("param_groups")
@pytest.mark.weight(3)
@pytest.mark.parametrize(
    ("kind", "frozen"),
    [("own", ()), ("deep", ()), ("deep", ("bn", "layer1.0", "fc.bias")), ("names", ("fc.", "fc2.weight"))],
    ids=["own_and_tied", "deep", "partly_frozen", "frozen_head"],
)
def test_groups_cover(student: Any, kind: str, frozen: tuple[str, ...]) -> None:
    """Each trainable parameter stands in one group, a frozen one in none."""
    counts, foreign, _, found, _ = described(student.probe.groups(kind, frozen, 0.01, 0.1, 0.2))
    trained = [name for name in MODELS[kind] if not frozen or not name.startswith(frozen)]
    assert_equal(counts, {name: int(name in trained) for name in MODELS[kind]}, help=COVER_HELP)
    assert_equal(foreign, 0, help="the groups hold the model's own parameters")
    assert_rates_related(found, {name: 0.1 if name.startswith("fc.") else 0.01 for name in trained}, (0.01, 0.1))


@pytest.mark.task("param_groups")
@pytest.mark.depends("test_groups_cover_small")
@pytest.mark.weight(2)
def test_groups_none_empty(student: Any) -> None:
    """No group is empty, even if the whole backbone is frozen."""
    counts, _, empty, found, _ = described(
        student.probe.groups("small", ("stem", "bn"), 1.0, 2.0, 0.1, layer_decay=0.5)
    )
    assert_equal(counts, {name: int(name.startswith("fc.")) for name in MODELS["small"]}, help=COVER_HELP)
    assert_equal(empty, 0, help="make a group when its first parameter comes")
    assert_rates_related(found, {"fc.weight": 2.0, "fc.bias": 2.0}, (1.0, 2.0))


@pytest.mark.task("param_groups")
@pytest.mark.weight(4)
@pytest.mark.parametrize(
    ("kind", "frozen", "by_layer"),
    [
        ("deep", (), {"stem": 0.064, "bn": 0.16, "layer1": 0.4, "layer2": 1.0, "fc": 3.0}),
        ("deep", ("bn", "layer2"), {"stem": 0.064, "layer1": 0.4, "fc": 3.0}),
        ("own", (), {"scale": 1.0, "position": 1.0}),
    ],
    ids=["deep", "frozen_layers_count", "own_parameters"],
)
def test_groups_layer_decay(student: Any, kind: str, frozen: tuple[str, ...], by_layer: dict[str, float]) -> None:
    """Rates fall from the last layer of the backbone to the first."""
    names = [name for name in MODELS[kind] if name.split(".")[0] in by_layer]
    *_, found, _ = described(student.probe.groups(kind, frozen, 1.0, 3.0, 0.1, layer_decay=0.4))
    expected = rates(by_layer, names)
    assert_allclose([found.get(name) for name in names], list(expected.values()), help=RATES_HELP)


@pytest.mark.task("param_groups")
@pytest.mark.weight(3)
@pytest.mark.parametrize(
    ("kind", "head", "by_layer"),
    [
        ("names", ["fc", "aux"], {"fc": 8.0, "aux": 8.0, "fc2": 0.5, "block": 1.0, "last": 2.0}),
        ("names", ("last",), {"fc": 0.25, "fc2": 0.5, "aux": 1.0, "block": 2.0, "last": 8.0}),
        ("names", ("block.fc", "last.bias"), INSIDE),
        ("classifier", ("classifier.1",), {"features": 1.0, "classifier": 2.0, "classifier.1": 8.0}),
        ("names", ("last.weight", "last.bias"), {"fc": 0.25, "fc2": 0.5, "aux": 1.0, "block": 2.0, "last": 8.0}),
    ],
    ids=["similar_names", "one_other", "inside_a_child", "prefix_of_a_number", "a_child_by_its_parameters"],
)
def test_groups_head(student: Any, kind: str, head: Sequence[str], by_layer: dict[str, float]) -> None:
    """The head is what `head` names, wherever it stands, and nothing else."""
    *_, found, _ = described(student.probe.groups(kind, (), 2.0, 8.0, 0.1, head=head, layer_decay=0.5))
    expected = rates(by_layer, MODELS[kind])
    assert_allclose([found.get(name) for name in expected], list(expected.values()), help=NAMES_HELP)


@pytest.mark.task("param_groups")
@pytest.mark.weight(3)
@pytest.mark.parametrize("kind", ["own", "deep", "names"])
def test_groups_decay(student: Any, kind: str) -> None:
    """Weight decay goes by the number of dimensions, not by the name."""
    *_, found = described(student.probe.groups(kind, (), 0.01, 0.1, 0.2, layer_decay=0.5))
    expected = {name: 0.2 if dimensions > 1 else 0.0 for name, dimensions in MODELS[kind].items()}
    assert_allclose([found.get(name) for name in expected], list(expected.values()), help="none for ndim <= 1")


@pytest.mark.task("param_groups")
@pytest.mark.weight(2)
def test_groups_of_now(student: Any) -> None:
    """The groups hold the parameters that the model has at the call."""
    counts, foreign, _, found, _ = described(student.probe.groups_of_a_changed_model())
    expected = {name: int(not name.startswith("stem")) for name in MODELS["small"]}
    assert_equal(counts, expected, help="groups that were made before don't know the new head")
    assert_equal(foreign, 0, help="nothing of an old head is left")
    assert_rates_related(found, {"bn.weight": 1.0, "bn.bias": 1.0, "fc.weight": 2.0, "fc.bias": 2.0}, (1.0, 2.0))


@pytest.mark.task("param_groups")
@pytest.mark.weight(7)
def test_groups_step(student: Any) -> None:
    """An optimiser that has these groups makes the right step, on every model and under a new head."""
    for kind, frozen, head, by_layer in STEPS:
        steps = student.probe.moved(kind, frozen, 0.25, 0.75, 0.5, head=head, layer_decay=0.5)
        assert_that(type(steps) is dict, "a step of SGD", "something else")
        expected = {}
        by_name = rates(by_layer, MODELS[kind])
        if kind == "own":
            del by_name["embed.weight"]  # two layers share it: which of their rates it has is free
        for name, rate in by_name.items():
            # SGD lowers a 2 with gradient 1 by rate * (1 + decay * 2).
            step = rate * (2.0 if MODELS[kind][name] > 1 else 1.0)
            expected[name] = 0.0 if frozen and name.startswith(frozen) else step
        assert_allclose([steps.get(name) for name in expected], list(expected.values()), help=STEP_HELP)


@pytest.mark.task("warmup_cosine")
@pytest.mark.weight(4)
@pytest.mark.parametrize(
    ("total", "warmup", "base_lr", "min_lr"),
    [(23, 5, 0.3, 0.0), (17, 4, 0.01, 0.002), (10, 0, 2.0, 0.5), (9, 1, 1.0, 0.25), (12, 11, 0.7, 0.1)],
    ids=["from_zero", "min_lr", "no_warmup", "warmup_of_one", "cosine_of_one"],
)
def test_schedule(student: Any, total: int, warmup: int, base_lr: float, min_lr: float) -> None:
    """Every step of a schedule."""
    for step in range(total + 1):
        rate = student.warmup_cosine(step, total, warmup, base_lr, min_lr)
        assert_allclose(rate, schedule(step, total, warmup, base_lr, min_lr), help="see the docstring's three lines")


@pytest.mark.task("warmup_cosine")
@pytest.mark.depends("test_schedule_by_hand")
@pytest.mark.weight(3)
@pytest.mark.parametrize("min_lr", [0.0, 0.125], ids=["zero", "min_lr"])
def test_schedule_stays_low(student: Any, min_lr: float) -> None:
    """The rate doesn't rise again past the end."""
    for step in (11, 13, 18, 26, 1000):
        assert_allclose(student.warmup_cosine(step, 10, 2, 1.0, min_lr=min_lr), min_lr)


@pytest.mark.task("warmup_cosine")
@pytest.mark.depends("test_schedule_by_hand")
@pytest.mark.weight(2)
def test_schedule_only_warmup(student: Any) -> None:
    """A warm-up as long as the whole leaves no cosine."""
    found = [student.warmup_cosine(step, 4, 4, 2.0, min_lr=0.5) for step in (0, 2, 3, 4)]
    assert_allclose(found, [0.5, 1.5, 2.0, 0.5])


def watched(table: dict[str, History]) -> pytest.MarkDecorator:
    """The parametrisation of a table of histories."""
    return pytest.mark.parametrize(("values", "patience", "options"), table.values(), ids=table)


@pytest.mark.task("EarlyStopping")
@pytest.mark.weight(2)
@watched(WATCHED)
def test_stopping(student: Any, values: list[float], patience: int, options: dict[str, Any]) -> None:
    """Bad values in a row are counted; a better one starts anew."""
    assert_stopping(student, values, patience, options)


@pytest.mark.task("EarlyStopping")
@pytest.mark.weight(2)
@watched(DELTAS)
def test_stopping_min_delta(student: Any, values: list[float], patience: int, options: dict[str, Any]) -> None:
    """Better means by more than min_delta, measured from the best value."""
    assert_stopping(student, values, patience, options)


@pytest.mark.task("EarlyStopping")
@pytest.mark.weight(2)
@watched(MAXIMA)
def test_stopping_max(student: Any, values: list[float], patience: int, options: dict[str, Any]) -> None:
    """Large values are good where mode says so."""
    assert_stopping(student, values, patience, options)


@pytest.mark.task("EarlyStopping")
@pytest.mark.weight(2)
@watched(NANS)
def test_stopping_nan(student: Any, values: list[float], patience: int, options: dict[str, Any]) -> None:
    """NaN is a bad value and never the best."""
    assert_stopping(student, values, patience, options)


@pytest.mark.task("EarlyStopping")
@pytest.mark.weight(4)
def test_stopping_runs(student: Any) -> None:
    """Two long histories, step by step: a loss and an accuracy, with NaN and small gains among them."""
    for values, patience, options in RUNS.values():
        for length in range(2, len(values) + 1):
            assert_stopping(student, values[:length], patience, options)


@pytest.mark.task("EMA")
@pytest.mark.weight(3)
@pytest.mark.parametrize(
    ("decay", "script"),
    [
        (0.9, [1, "ema", 5, "update", 2, "update", 7, "update", "copy_to", "read"]),
        (0.5, [3, "ema", "update", -1, "update", "update", 9, "update", "copy_to", "read"]),
        (0.99, [2, "ema", *(w for n in range(20) for w in (n, "update")), "copy_to", "read"]),
        (0.5, [1, "ema", 3, "copy_to", "read"]),
    ],
    ids=["three_updates", "same_twice", "twenty", "no_update"],
)
def test_average(student: Any, decay: float, script: list[Any]) -> None:
    """Parameters and float buffers are averaged over many updates, counters are not."""
    assert_script(student, decay, script, "average = decay * average + (1 - decay) * model, from a copy at the start")


@pytest.mark.task("EMA")
@pytest.mark.depends("test_average_by_hand")
@pytest.mark.weight(2)
@pytest.mark.parametrize(
    "script",
    [
        [1, "ema", "update", 5, "copy_to", "read"],
        [1, "ema", 3, "update", "copy_to", 9, "copy_to", "read"],
        [1, "ema", 3, "read", "update", "read"],
    ],
    ids=["training", "after_copying", "update_leaves_the_model"],
)
def test_average_memory(student: Any, script: list[Any]) -> None:
    """Training the model doesn't change the average, and updating doesn't change the model."""
    assert_script(student, 0.5, script, "clone what you keep; copy_ what you write")


@pytest.mark.task("EMA")
@pytest.mark.weight(3)
@pytest.mark.parametrize(
    "script",
    [
        [1, "ema", 4, "update", 6, "store", "copy_to", "read", "restore", "read", 8, "update", "copy_to", "read"],
        [1, "ema", 4, "update", "store", 7, "store", "copy_to", "restore", "read"],
        [1, "ema", 4, "update", "store", 7, "restore", "read"],
        [1, "ema", 4, "update", "store", "copy_to", 7, "restore", "read"],
        [1, "ema", 4, "update", "store", "copy_to", "restore", "update", "copy_to", "read"],
        [1, "ema", 4, "update", 3, "store", "read"],
    ],
    ids=[
        "there_and_back",
        "stored_twice",
        "without_the_average",
        "trained_between",
        "average_survives",
        "store_only_notes",
    ],
)
def test_average_restore(student: Any, script: list[Any]) -> None:
    """What was stored comes back, buffers too, and the average stays what it was."""
    assert_script(student, 0.5, script, "store() keeps copies, of buffers too; restore() writes them back")


@pytest.mark.task("EMA")
@pytest.mark.weight(4)
def test_average_run(student: Any) -> None:
    """A run with an evaluation of the average every second update: what is evaluated, and what is trained on."""
    script: list[Any] = [2, "ema"]
    for value in (6, -3, 5, 1):
        script += [value, "update", value + 1, "update", "read", *EVALUATED]
    assert_script(
        student,
        0.75,
        [*script, "copy_to", 7, "update", "copy_to", "read"],
        "the average, the model and the stored values are three things: none moves with another",
    )


@pytest.mark.task("EMA")
@pytest.mark.depends("test_average_by_hand")
@pytest.mark.weight(3)
def test_average_keeps_parameters(student: Any) -> None:
    """The model keeps its parameter objects, and they train as before."""
    found = student.probe.after_averaging()
    assert_equal(found, {"the same objects": True, "requires_grad as before": True, "leaves": True})
    # The probe's word is the submission's own: it counts beside an average that was computed.
    assert_script(student, 0.625, [3, "ema", -2, "update", "copy_to", "read"], "one update, and the average is copied")


@pytest.mark.task("unfreeze_for_epoch")
@pytest.mark.weight(2)
@pytest.mark.parametrize(
    ("epochs", "frozen", "fixed"),
    [([0, 1, 2], True, True), ([0], False, False), ([2, 0, 1], False, False), ([3, 9], True, False)],
    ids=["epoch_by_epoch", "all_trained_before", "back", "past_the_end"],
)
def test_unfreeze(student: Any, epochs: list[int], frozen: bool, fixed: bool) -> None:
    """Epoch by epoch one stage more trains, whatever trained before."""
    training, _, _ = unfrozen(student.probe.unfreezing(epochs, frozen, fixed))
    expected = [[[stage <= epoch] * size for stage, size in enumerate((2, 4, 1))] for epoch in epochs]
    assert_equal(training, expected, help="stages[:epoch + 1] train, the others are frozen")


@pytest.mark.task("unfreeze_for_epoch")
@pytest.mark.depends("test_unfreeze_by_hand")
@pytest.mark.weight(1)
def test_unfreeze_modes(student: Any) -> None:
    """Train and eval modes stay as they are, and nothing is returned."""
    training, modes, returned = unfrozen(student.probe.unfreezing([0, 2], True, False))
    assert_equal(training, [[[stage <= epoch] * size for stage, size in enumerate((2, 4, 1))] for epoch in (0, 2)])
    assert_equal(modes, [True, True, True, False, False], help="requires_grad is all that changes")
    assert_equal(returned, [None, None])
