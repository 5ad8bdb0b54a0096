"""The public checks of `transfer_head`: networks so small that everything can be worked out by hand.

The networks are made by the probes (`probes.py`), stay in your process, and are handed to your functions.
"""

import pytest
import torch

from grader.testing import assert_allclose, assert_equal, assert_handle

X = torch.tensor([[1.0, 0, 2], [0, -1, 3]])


@pytest.mark.task("replace_head")
@pytest.mark.weight(2)
def test_head_shape(student):
    """The layer fc becomes an nn.Linear with as many outputs as there are classes."""
    model = assert_handle(student.replace_head(student.probe.network("flat"), 2), "the model")
    expected = ((2, 3), (2,), True, True)
    assert_equal(student.probe.linear(model, "fc"), expected, help="(weight's shape, bias's shape, both trainable)")


@pytest.mark.task("replace_head")
def test_head_by_hand(student):
    """The model works with its new head."""
    model = assert_handle(student.replace_head(student.probe.network("flat"), 2), "the model")
    y = student.probe.run_with(model, "fc", X)  # 2 * X, then weights [[1, 2, 3], [4, 5, 6]] and biases -1
    assert_allclose(y, torch.tensor([[13.0, 31], [13, 25]]))


@pytest.mark.task("freeze")
@pytest.mark.weight(2)
def test_freeze_flags(student):
    """No parameter of the module wants a gradient."""
    model = assert_handle(student.freeze(student.probe.network("linear")), "the module")
    assert_equal(student.probe.flags(model), {"weight": False, "bias": False}, help="requires_grad, with an s")


@pytest.mark.task("unfreeze")
@pytest.mark.weight(2)
def test_unfreeze_flags(student):
    """All parameters of the module want a gradient again."""
    frozen = student.probe.set_frozen(student.probe.network("linear"), ["weight", "bias"])
    model = assert_handle(student.unfreeze(frozen), "the module")
    assert_equal(student.probe.flags(model), {"weight": True, "bias": True}, help="requires_grad, with an s")


@pytest.mark.task("trainable_names")
@pytest.mark.weight(2)
@pytest.mark.parametrize(
    ("frozen", "names"),
    [
        (["conv", "bn"], ["fc.weight", "fc.bias"]),
        (["conv.weight", "fc"], ["conv.bias", "bn.weight", "bn.bias"]),
    ],
    ids=["head", "others"],
)
def test_trainable_names(student, frozen, names):
    """The names of what is not frozen, in order."""
    model = student.probe.set_frozen(student.probe.network("net"), frozen)
    assert_equal(student.trainable_names(model), names)


@pytest.mark.task("FrozenBackbone")
def test_frozen_by_hand(student):
    """The head is applied to what the backbone gives."""
    head = student.probe.network("linear", {"weight": torch.tensor([[1.0, -3]]), "bias": torch.tensor([4.0])})
    model = assert_handle(student.FrozenBackbone(student.probe.network("doubler"), head), "an nn.Module")
    assert_allclose(model(torch.tensor([[1.0, 2], [0, -1]])), torch.tensor([[-6.0], [10]]))


@pytest.mark.task("FrozenBackbone")
@pytest.mark.depends("test_frozen_by_hand")
@pytest.mark.weight(3)
@pytest.mark.parametrize("how", [None, "train()"], ids=["at_once", "train"])
def test_frozen_mode(student, how):
    """The backbone is in evaluation mode, also after train()."""
    backbone = student.probe.network("backbone")
    model = assert_handle(student.FrozenBackbone(backbone, student.probe.network("to_head")), "an nn.Module")
    if how:
        student.probe.switch(model, how)
    expected = dict.fromkeys(["", "0", "1", "2", "3"], False)
    assert_equal(student.probe.modes(backbone), expected, help="override train(mode=True)")


@pytest.mark.task("extract_features")
@pytest.mark.weight(2)
def test_features_by_hand(student):
    """Features and labels of two batches, the second one smaller."""
    batches = [(X, torch.tensor([3, 1])), (torch.tensor([[5.0, 6, 7]]), torch.tensor([2]))]
    found = student.extract_features(student.probe.network("doubler"), batches)
    expected = torch.tensor([[2.0, 0, 4], [0, -2, 6], [10, 12, 14]]), torch.tensor([3, 1, 2])
    assert_allclose(found, expected)


@pytest.mark.task("load_matching")
@pytest.mark.weight(2)
def test_load_by_hand(student):
    """What fits is loaded, what doesn't is named, both in the order of the state."""
    model = student.probe.network("linear", {"weight": torch.tensor([[1.0, 2]]), "bias": torch.tensor([3.0])})
    state = {"bias": torch.tensor([7.0]), "old": torch.tensor([1.0]), "weight": torch.zeros(4, 2)}
    assert_equal(student.load_matching(model, state), (["bias"], ["old", "weight"]))
    assert_equal(student.probe.state(model), {"weight": torch.tensor([[1.0, 2]]), "bias": torch.tensor([7.0])})
