"""The public checks of `fine_tuning_loop`: runs of one or two weights that can be worked out by hand.

Models, optimisers and loaders are made by the probes (`probes.py`) in your process, from the numbers given here.
"""

import pytest
import torch

from grader.testing import assert_allclose, assert_dtype, assert_equal, assert_that

ONE = {"weight": torch.tensor([[1.0]])}
# model(x) = w * x with w = 1 and squared error, as in the docstring.
TWO_BATCHES = [
    (torch.tensor([[1.0], [1.0]]), torch.tensor([[3.0], [3.0]])),
    (torch.tensor([[2.0]]), torch.tensor([[8.0]])),
]
EYE = {"weight": torch.eye(3)}
# The logits are x itself.
SCORES = [
    (torch.tensor([[3.0, 2, 1], [1, 2, 3]]), torch.tensor([0, 0])),
    (torch.tensor([[2.0, 3, 1]]), torch.tensor([1])),
]
NOTHING = {"weight": torch.zeros(2, 1)}
ZERO = [(torch.tensor([[1.0]]), torch.tensor([0]))]
OTHER = [(torch.tensor([[1.0]]), torch.tensor([1]))]


@pytest.mark.task("train_one_epoch")
@pytest.mark.weight(2)
@pytest.mark.parametrize(
    ("settings", "loss", "weight"),
    [
        ({}, 8.0, 6.0),
        ({"accum_steps": 2}, 44 / 3, 4.5),
        ({"max_norm": 2.0}, 11.0, 2.0),
    ],
    ids=["plain", "accumulated", "clipped"],
)
def test_train_by_hand(student, settings, loss, weight):
    """Two steps on one weight give the numbers worked out by hand."""
    result = student.probe.train("linear", ONE, TWO_BATCHES, {"lr": 0.25, "loss": "squared", **settings})
    expected = (loss, (torch.tensor([[weight]]),))
    found = result[:2] if type(result) is tuple else result
    assert_allclose(found, expected, help="(loss, weights): clear, forward, backward, clip, step; a mean over samples")


@pytest.mark.task("train_one_epoch")
def test_train_schedule_by_hand(student):
    """The rate halves after the first step, and the average sees the weight after each step."""
    settings = {"lr": 0.25, "loss": "squared", "factors": [1.0, 0.5], "ema": True}
    result = student.probe.train("linear", ONE, TWO_BATCHES, settings)
    expected = ((torch.tensor([[4.0]]),), 2, (torch.tensor([[2.0]]), torch.tensor([[4.0]])))
    found = (result[1], *result[3:5]) if type(result) is tuple and len(result) == 6 else result
    assert_allclose(found, expected, help="(weights, scheduler steps, what ema.update() saw): 1 to 2 to 2 + 16 / 8")


@pytest.mark.task("evaluate")
@pytest.mark.weight(2)
def test_evaluate_by_hand(student):
    """Shares, confusion and recall of three samples."""
    keys = ("top1", "top2", "confusion", "recall")
    result = student.probe.evaluate("linear", EYE, SCORES, 3, keys, {"topk": (1, 2)})
    expected = (
        2 / 3,
        2 / 3,
        torch.tensor([[1, 0, 1], [0, 1, 0], [0, 0, 0]]),
        torch.tensor([0.5, 1.0, float("nan")]),
    )
    found = result[0] if type(result) is tuple and result else result
    assert_allclose(found, expected, equal_nan=True, check_dtype=False, help="confusion[true, predicted]; 0 / 0 is NaN")
    assert_dtype(found[2], "int64", help="the confusion counts")


@pytest.mark.task("evaluate")
def test_evaluate_loss_by_hand(student):
    """Where all logits are equal, the loss is the logarithm of their number."""
    result = student.probe.evaluate("linear", {"weight": torch.zeros(3, 3)}, SCORES, 3, ("loss",), {})
    found = result[0] if type(result) is tuple and result else result
    assert_allclose(found, (1.0986123,), help="cross-entropy of the logits as they are: ln 3")


@pytest.mark.task("fit")
@pytest.mark.weight(2)
def test_fit_stops_and_restores(student):
    """What is learnt harms the validation: the first epoch stays the best, and its weights come back."""
    settings = {"lr": 2.0}
    own = student.probe.epochs("linear", NOTHING, ZERO, OTHER, 3, 2, settings)
    trained = type(own) is tuple and len(own) == 3 and all(type(e) is tuple and len(e) == 3 for e in own)
    assert_that(trained, "three epochs", "something else", help="fit needs train_one_epoch and evaluate")
    result = student.probe.fit("linear", NOTHING, ZERO, OTHER, 9, 2, settings)
    expected = (tuple(e[0] for e in own), tuple(e[1] for e in own), 0, own[0][2])
    assert_that(all(isinstance(v, float) for v in expected[1]), "losses as floats", "something else")
    found = result[:4] if type(result) is tuple else result
    assert_allclose(found, expected, help="(train_loss, val_loss, best_epoch, weights) after two bad epochs in a row")


@pytest.mark.task("fit")
@pytest.mark.depends("test_fit_stops_and_restores")
@pytest.mark.weight(3)
def test_fit_equal_is_bad(student):
    """With rate 0 no epoch is better than the first."""
    result = student.probe.fit("linear", NOTHING, ZERO, OTHER, 9, 3, {"lr": 0.0})
    found = (len(result[1]), result[2]) if type(result) is tuple and len(result) == 6 else result
    assert_equal(found, (4, 0), help="(epochs run, best_epoch): good means strictly lower")
