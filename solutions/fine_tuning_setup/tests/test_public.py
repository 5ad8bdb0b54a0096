"""The public checks of `fine_tuning_setup`: small models and numbers that can be worked out by hand.

The probes (`probes.py`) run beside your objects: they build the models, call your functions and note what happened.
"""

import pytest

from grader.testing import assert_allclose, assert_equal, assert_that

SMALL = ["stem.weight", "stem.bias", "bn.weight", "bn.bias", "fc.weight", "fc.bias"]


@pytest.mark.task("param_groups")
@pytest.mark.weight(2)
@pytest.mark.parametrize("frozen", [(), ("stem",)], ids=["all_train", "frozen_stem"])
def test_groups_cover_small(student, frozen):
    """Each trainable parameter stands in one group, a frozen one in none."""
    counts, foreign, _, _, _ = described(student.probe.groups("small", frozen, 1.0, 10.0, 0.5))
    assert_equal(counts, {name: int(not frozen or not name.startswith(frozen)) for name in SMALL})
    assert_equal(foreign, 0, help="the groups hold the model's own parameters")


@pytest.mark.task("param_groups")
@pytest.mark.weight(2)
@pytest.mark.parametrize(
    ("layer_decay", "rates"),
    [(1.0, [1.0, 1.0, 1.0, 1.0, 10.0, 10.0]), (0.5, [0.5, 0.5, 1.0, 1.0, 10.0, 10.0])],
    ids=["one_rate", "layer_decay"],
)
def test_groups_rates_small(student, layer_decay, rates):
    """The head has its rate, the last layer of the backbone the base rate, the one before less."""
    *_, found, _ = described(student.probe.groups("small", (), 1.0, 10.0, 0.5, layer_decay=layer_decay))
    assert_allclose([found.get(name) for name in SMALL], rates)


@pytest.mark.task("param_groups")
@pytest.mark.weight(1)
def test_groups_decay_small(student):
    """Biases and BatchNorm weights have no weight decay."""
    *_, found = described(student.probe.groups("small", (), 1.0, 10.0, 0.5))
    assert_allclose([found.get(name) for name in SMALL], [0.5, 0.0, 0.0, 0.0, 0.5, 0.0])


@pytest.mark.task("warmup_cosine")
@pytest.mark.weight(2)
def test_schedule_by_hand(student):
    """Two steps of rise to 8, four of cosine."""
    for step, rate in ((0, 4.0), (1, 8.0), (2, 8.0), (4, 4.0)):
        assert_allclose(student.warmup_cosine(step, 6, 2, 8.0), rate, help="see the docstring's three lines")


@pytest.mark.task("warmup_cosine")
@pytest.mark.weight(1)
@pytest.mark.depends("test_schedule_by_hand")
def test_schedule_ends(student):
    """The rate is min_lr at the last step and half-way between the two at half-way."""
    assert_allclose(student.warmup_cosine(6, 6, 2, 9.0, 1.0), 1.0)
    assert_allclose(student.warmup_cosine(4, 6, 2, 9.0, 1.0), 5.0)


@pytest.mark.task("EarlyStopping")
@pytest.mark.weight(2)
@pytest.mark.parametrize(
    ("values", "options", "answers"),
    [
        ([5.0, 4.0, 6.0, 4.0, 7.0], {}, [False, False, False, True, True]),
        ([5.0, 4.5, 3.0, 2.0, 1.0], {"min_delta": 1.0}, [False, False, False, False, False]),
        ([1.0, 2.0, 2.0, 0.0, 3.0], {"mode": "max"}, [False, False, False, True, False]),
        ([4.0, float("nan"), float("nan"), 3.0], {}, [False, False, True, False]),
    ],
    ids=["loss", "min_delta", "accuracy", "nan"],
)
def test_stopping_by_hand(student, values, options, answers):
    """Two bad values in a row are enough if patience is 2."""
    found = stopped(student.probe.stopping(values, 2, **options))
    assert_equal(found[0], answers, help="better is strictly better, by more than min_delta; NaN is bad")


@pytest.mark.task("EarlyStopping")
@pytest.mark.weight(2)
def test_stopping_best(student):
    """The best value and its step are remembered."""
    _, best, best_step = stopped(student.probe.stopping([5.0, 4.0, 6.0], 2))
    assert_allclose(best, 4.0)
    assert_equal(best_step, 1, help="steps count from 0")


@pytest.mark.task("EMA")
@pytest.mark.weight(2)
def test_average_by_hand(student):
    """One update moves the average a quarter of the way, and copy_to brings it into the model."""
    # The model is a BatchNorm1d(1). The probe sets its bias to the number, running_mean to 3 times, running_var to
    # 4 times and weight to 5 times the number; the counter (here 8) is not averaged.
    reads = student.probe.average(True, 0.75, [4, "ema", 8, "update", "copy_to", "read"])
    assert_reads(reads, [[5.0, 8, 15.0, 20.0, 25.0]])


@pytest.mark.task("EMA")
@pytest.mark.weight(2)
def test_average_and_back(student):
    """The stored weights come back after the average was in the model."""
    reads = student.probe.average(True, 0.75, [4, "ema", 8, "update", "store", "copy_to", "read", "restore", "read"])
    assert_reads(reads, [[5.0, 8, 15.0, 20.0, 25.0], [8.0, 8, 24.0, 32.0, 40.0]])


@pytest.mark.task("unfreeze_for_epoch")
@pytest.mark.weight(1)
def test_unfreeze_by_hand(student):
    """In epoch 0 the first stage trains, in epoch 1 the first two."""
    training = student.probe.unfreezing([0, 1], True, False)
    assert_that(type(training) is tuple and len(training) == 3, "an answer of 3 parts", "something else")
    head, middle = [True] * 2, [True] * 4
    assert_equal(training[0], [[head, [False] * 4, [False]], [head, middle, [False]]])


@pytest.mark.task("unfreeze_for_epoch")
@pytest.mark.weight(1)
def test_unfreeze_freezes_the_rest(student):
    """What trained before is frozen again if its stage has not come yet."""
    training = student.probe.unfreezing([0], False, False)
    assert_that(type(training) is tuple and len(training) == 3, "an answer of 3 parts", "something else")
    assert_equal(training[0], [[[True] * 2, [False] * 4, [False]]])


def described(answer):
    """The probe's description of the groups, once its form is known."""
    assert_that(
        type(answer) is tuple and len(answer) == 5 and type(answer[3]) is dict and type(answer[4]) is dict,
        'a list of dicts, each with "params"',
        "something else",
    )
    return answer


def stopped(answer):
    """The probe's account of an EarlyStopping, once its form is known."""
    assert_that(type(answer) is tuple and len(answer) == 3, "an answer of 3 parts", "something else")
    return answer


def assert_reads(reads, expected):
    """The values of a model of one-element tensors; sorted by name."""
    assert_that(
        type(reads) is list and all(type(read) is list and len(read) == 5 for read in reads),
        "five tensors a time",
        "something else",
    )
    found = [
        [tensor.item() if getattr(tensor, "shape", None) in ((), (1,)) else None for tensor in read] for read in reads
    ]
    assert_allclose(found, expected, help="bias, counter, running mean, running variance, weight")
