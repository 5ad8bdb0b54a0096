"""The public checks of `transfer_head`: networks so small that everything can be worked out by hand.

The networks are made by the probes (`probes.py`), stay in your process, and are handed to your functions.
"""

import pytest
import torch

from grader.testing import assert_allclose, assert_equal, assert_handle

X = torch.tensor([[1.0, 0, 2], [0, -1, 3]])


@pytest.mark.task("replace_head")
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


@pytest.mark.task("replace_head")
@pytest.mark.weight(2)
def test_head_with_dots(student):
    """The layer 2 of heads.main, an nn.Linear(6, 3), gets five outputs."""
    model = assert_handle(student.replace_head(student.probe.network("fork"), 5, attr="heads.main.2"), "the model")
    assert_equal(student.probe.linear(model, "heads.main.2"), ((5, 6), (5,), True, True))


@pytest.mark.task("freeze")
def test_freeze_flags(student):
    """No parameter of the module wants a gradient."""
    model = assert_handle(student.freeze(student.probe.network("linear")), "the module")
    assert_equal(student.probe.flags(model), {"weight": False, "bias": False}, help="requires_grad, with an s")


@pytest.mark.task("freeze")
@pytest.mark.depends("test_freeze_flags")
def test_freeze_returns_it(student):
    """freeze gives back the module that it was given."""
    model = student.probe.network("linear")
    assert_equal(student.probe.is_same(student.freeze(model), model), True)


@pytest.mark.task("unfreeze")
def test_unfreeze_flags(student):
    """All parameters of the module want a gradient again."""
    frozen = student.probe.set_frozen(student.probe.network("linear"), ["weight", "bias"])
    model = assert_handle(student.unfreeze(frozen), "the module")
    assert_equal(student.probe.flags(model), {"weight": True, "bias": True}, help="requires_grad, with an s")


@pytest.mark.task("unfreeze")
@pytest.mark.depends("test_unfreeze_flags")
def test_unfreeze_returns_it(student):
    """unfreeze gives back the module that it was given."""
    model = student.probe.network("linear")
    assert_equal(student.probe.is_same(student.unfreeze(model), model), True)


@pytest.mark.task("trainable_names")
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


@pytest.mark.task("trainable_names")
@pytest.mark.depends("test_trainable_names")
def test_trainable_nothing(student):
    """Where everything is frozen, there are no names."""
    assert_equal(student.trainable_names(student.probe.set_frozen(student.probe.network("flat"), ["fc"])), [])


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


@pytest.mark.task("FrozenBackbone")
@pytest.mark.depends("test_frozen_by_hand")
def test_frozen_head_follows(student):
    """The head goes into training mode by train(), and into evaluation mode by eval()."""
    head = student.probe.network("to_head")
    model = assert_handle(student.FrozenBackbone(student.probe.network("backbone"), head), "an nn.Module")
    for how, training in (("train()", True), ("eval()", False)):
        student.probe.switch(model, how)
        assert_equal(student.probe.modes(head), dict.fromkeys(["", "0", "1", "2", "3"], training), help=how)


@pytest.mark.task("extract_features")
def test_features_by_hand(student):
    """Features and labels of two batches, the second one smaller."""
    batches = [(X, torch.tensor([3, 1])), (torch.tensor([[5.0, 6, 7]]), torch.tensor([2]))]
    found = student.extract_features(student.probe.network("doubler"), batches)
    expected = torch.tensor([[2.0, 0, 4], [0, -2, 6], [10, 12, 14]]), torch.tensor([3, 1, 2])
    assert_allclose(found, expected)


@pytest.mark.task("extract_features")
def test_features_of_maps_by_hand(student):
    """forward_features gives three maps here, which hold only 1, only 0 and only 3: one row an image."""
    weights = {"conv.weight": torch.zeros(3, 2, 3, 3), "conv.bias": torch.tensor([1.0, -2, 3])}
    batches = [(torch.ones(1, 2, 3, 4), torch.tensor([3]))]
    found = student.extract_features(student.probe.network("net", weights), batches)
    assert_allclose(found, (torch.tensor([[1.0] * 12 + [0.0] * 12 + [3.0] * 12]), torch.tensor([3])))


@pytest.mark.task("extract_features")
@pytest.mark.depends("test_features_by_hand")
def test_features_keep_train_mode(student):
    """A model in training mode is in training mode afterwards."""
    model = student.probe.network("doubler")
    student.extract_features(model, [(X, torch.tensor([3, 1]))])
    assert_equal(student.probe.modes(model), {"": True})


@pytest.mark.task("load_matching")
def test_load_by_hand(student):
    """What fits is loaded, what doesn't is named, both in the order of the state."""
    model = student.probe.network("linear", {"weight": torch.tensor([[1.0, 2]]), "bias": torch.tensor([3.0])})
    state = {"bias": torch.tensor([7.0]), "old": torch.tensor([1.0]), "weight": torch.zeros(4, 2)}
    assert_equal(student.load_matching(model, state), (["bias"], ["old", "weight"]))
    assert_equal(student.probe.state(model), {"weight": torch.tensor([[1.0, 2]]), "bias": torch.tensor([7.0])})


@pytest.mark.task("load_matching")
def test_load_nothing_fits(student):
    """Keys with another prefix are all skipped, and the model stays as it was."""
    weights = {"weight": torch.tensor([[1.0, 2]]), "bias": torch.tensor([3.0])}
    model = student.probe.network("linear", weights)
    state = {"module.weight": torch.tensor([[8.0, 9]]), "module.bias": torch.tensor([7.0])}
    assert_equal(student.load_matching(model, state), ([], ["module.weight", "module.bias"]))
    assert_equal(student.probe.state(model), weights)
