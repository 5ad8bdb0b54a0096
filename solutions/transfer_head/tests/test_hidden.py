"""The hidden checks of `transfer_head`: deep names, both modes, odd loaders, and states that fit in part."""

import pytest
import torch
from evidence import (
    HEAD_HELP,
    MODE_HELP,
    assert_evaluates,
    assert_loaded,
    assert_loads,
    assert_modes_kept,
    assert_new_head,
    assert_only_flags,
    assert_only_moves,
    assert_some_features,
    counting,
    frozen,
    frozen_values,
)
from given import (
    BACKBONE,
    BATCHES,
    FC,
    FEATURES,
    FITTING,
    FORK,
    IMAGES,
    NET,
    ROWS,
    ROWS_OF_TWO,
    TO_HEAD,
    UNFITTING,
    image,
)
from oracle import fork, head, maps, tensor, trained_head, weights

from grader.testing import assert_allclose, assert_equal, assert_handle, assert_that, assert_unchanged


@pytest.mark.task("replace_head")
@pytest.mark.weight(6)
@pytest.mark.parametrize(
    ("kind", "attr", "classes", "width", "fitting"),
    [
        ("fork", "heads.main.2", 4, 6, 4),
        ("fork", "heads.main.0", 7, 5, 6),
        ("net", "fc", 1, 3, 1),
        ("fork", "stem", 9, 2, 5),
    ],
    ids=["deep", "deep_inside", "one_class", "other_name"],
)
def test_head_names(student, kind, attr, classes, width, fitting):
    """The layer may have any name, also one with dots."""
    model = student.probe.network(kind, {"fork": FORK, "net": NET}[kind])
    model = assert_handle(student.replace_head(model, classes, attr=attr), "the model")
    expected = ((classes, width), (classes,), True, True)
    assert_equal(student.probe.linear(model, attr), expected, help="(weight's shape, bias's shape, both trainable)")
    if fitting != classes:  # the layers behind want another width
        model = assert_handle(student.replace_head(model, fitting, attr=attr), "the model")
    if kind == "net":
        assert_new_head(student, model, classes)
    else:
        counted = {**FORK, f"{attr}.weight": counting(fitting, width), f"{attr}.bias": -torch.ones(fitting)}
        y = student.probe.run_with(model, attr, ROWS_OF_TWO)
        assert_allclose(y, fork(counted, ROWS_OF_TWO).float(), help=HEAD_HELP)


@pytest.mark.task("replace_head")
@pytest.mark.weight(8)
@pytest.mark.parametrize("kind", ["without_bias", "frozen"])
def test_head_is_ordinary(student, kind):
    """The new layer has a bias and is trainable, whatever the old one was."""
    attr = "no_bias" if kind == "without_bias" else "fc"
    model = student.probe.network("no_bias") if kind == "without_bias" else student.probe.network("net", NET)
    if kind == "frozen":
        model = student.probe.set_frozen(model, ["conv", "bn", "fc"])
    model = assert_handle(student.replace_head(model, 5, attr), "the model")
    assert_equal(student.probe.linear(model, attr), ((5, 3), (5,), True, True))
    if kind == "frozen":
        assert_new_head(student, model, 5)
    else:
        rows = IMAGES[0, 0, :, :3]
        y = student.probe.run_with(model, attr, rows)
        assert_allclose(y, 2 * rows @ counting(5, 3).T - 1, help=HEAD_HELP)


@pytest.mark.task("replace_head")
@pytest.mark.depends("test_head_shape")
@pytest.mark.weight(6)
@pytest.mark.parametrize("frozen", [[], ["conv"], ["conv", "bn", "fc"]], ids=["nothing", "some", "everything"])
def test_head_leaves_the_rest(student, frozen):
    """Everything but the head keeps its values and is as frozen as before."""
    model = student.probe.set_frozen(student.probe.network("net", {**NET, **FC}), frozen)
    model = assert_handle(student.replace_head(model, 2), "the model")
    names = ["conv.weight", "conv.bias", "bn.weight", "bn.bias", "fc.weight", "fc.bias"]
    flags = {name: name.startswith("fc") or not name.startswith(tuple(frozen or ["-"])) for name in names}
    assert_equal(student.probe.flags(model), flags, help="only the head is new")
    found = student.probe.state(model)
    assert_that(type(found) is dict and set(found) == {*NET, *FC}, "the same entries as before", "others")
    assert_equal({name: found[name] for name in NET}, NET)
    assert_new_head(student, model, 2)


@pytest.mark.task("replace_head")
@pytest.mark.depends("test_head_shape")
@pytest.mark.weight(4)
def test_head_is_new(student):
    """The head is initialised anew, also if the number of classes stays the same."""
    model = assert_handle(student.replace_head(student.probe.network("net", {**NET, **FC}), 4), "the model")
    found = student.probe.state(model)
    known = type(found) is dict and torch.is_tensor(found.get("fc.weight"))
    assert_that(known and not torch.equal(found["fc.weight"], FC["fc.weight"]), "new weights", "the old ones")
    assert_new_head(student, model, 4)


@pytest.mark.task("replace_head")
@pytest.mark.depends("test_head_shape")
@pytest.mark.weight(4)
def test_head_same_model(student):
    """The model itself is changed and returned."""
    model = student.probe.network("net", NET)
    assert_equal(student.probe.is_same(student.replace_head(model, 2), model), True)
    assert_new_head(student, model, 2)


FORK_NAMES = [f"{layer}.{part}" for layer in ("stem", "heads.main.0", "heads.main.2") for part in ("weight", "bias")]
NET_NAMES = ["conv.weight", "conv.bias", "bn.weight", "bn.bias", "fc.weight", "fc.bias"]
deep = pytest.mark.parametrize(("kind", "names"), [("fork", FORK_NAMES), ("net", NET_NAMES)], ids=["nested", "mixed"])


@pytest.mark.task("freeze")
@pytest.mark.weight(2)
@deep
def test_freeze_deep(student, kind, names):
    """Parameters of every kind are frozen, however deep."""
    model = assert_handle(student.freeze(student.probe.network(kind)), "the module")
    assert_equal(student.probe.flags(model), dict.fromkeys(names, False))
    model = assert_handle(student.probe.network("fork", FORK), "a network")
    student.freeze(assert_handle(model.heads, "its heads"))
    assert_only_moves(student, model, "stem")


@pytest.mark.task("unfreeze")
@pytest.mark.weight(2)
@deep
def test_unfreeze_deep(student, kind, names):
    """Parameters of every kind are freed, however deep."""
    model = student.probe.set_frozen(student.probe.network(kind), ["stem", "heads.main.0", "bn", "fc"])
    model = assert_handle(student.unfreeze(model), "the module")
    assert_equal(student.probe.flags(model), dict.fromkeys(names, True))
    model = student.probe.set_frozen(student.probe.network("fork", FORK), ["stem", "heads"])
    model = assert_handle(model, "a network")
    student.unfreeze(assert_handle(model.heads, "its heads"))
    assert_only_moves(student, model, "heads")


@pytest.mark.task("freeze")
@pytest.mark.depends("test_freeze_flags", "test_freeze_deep")
@pytest.mark.weight(2)
def test_freeze_only(student):
    """The module itself comes back, with its values and its modes."""
    assert_only_flags(student, student.freeze, [])


@pytest.mark.task("unfreeze")
@pytest.mark.depends("test_unfreeze_flags", "test_unfreeze_deep")
@pytest.mark.weight(2)
def test_unfreeze_only(student):
    """The module itself comes back, with its values and its modes."""
    assert_only_flags(student, student.unfreeze, ["conv", "bn", "fc"])


@pytest.mark.task("trainable_names")
@pytest.mark.depends("test_trainable_names")
@pytest.mark.parametrize(
    ("kind", "frozen", "names"),
    [
        ("fork", ["stem", "heads.main.0"], ["heads.main.2.weight", "heads.main.2.bias"]),
        ("net", ["conv", "bn", "fc"], []),
        ("linear", ["-"], ["weight", "bias"]),
        ("backbone", ["0.bias"], ["0.weight", "1.weight", "1.bias"]),
    ],
    ids=["nested", "nothing", "everything", "sequential"],
)
def test_trainable_structures(student, kind, frozen, names):
    """Modules of every structure."""
    model = student.probe.set_frozen(student.probe.network(kind), frozen)
    assert_equal(student.trainable_names(model), names, help="parameters only, no buffers")


@pytest.mark.task("FrozenBackbone")
@pytest.mark.weight(4)
@pytest.mark.parametrize("how", [None, "train()", "eval()"], ids=["at_once", "train", "eval"])
def test_frozen_values(student, how):
    """The output for random weights and statistics, in both modes."""
    model = frozen(student)[0]
    if how:
        student.probe.switch(model, how)
    x = image(3, 4, 5, 9)
    expected = head(maps(BACKBONE, "0", "1", x), TO_HEAD["3.weight"], TO_HEAD["3.bias"])
    assert_allclose(model(x), expected, help=MODE_HELP)


@pytest.mark.task("FrozenBackbone")
@pytest.mark.depends("test_frozen_by_hand")
@pytest.mark.weight(5)
def test_frozen_epoch(student):
    """After an epoch of training the backbone is what it was, and the head is not."""
    model, backbone, top = frozen(student)
    batches = [
        (image(4, 3, 5, 6), image(2, 2, 1, 7).reshape(4, 2)),
        (image(2, 4, 3, 8), image(1, 1, 2, 8).reshape(2, 2)),
    ]
    student.probe.train(model, batches, 0.125)
    assert_equal(student.probe.state(backbone), BACKBONE, help=MODE_HELP)
    rows = [(maps(BACKBONE, "0", "1", x), y) for x, y in batches]
    weight, bias = trained_head(rows, TO_HEAD["3.weight"], TO_HEAD["3.bias"], 0.125)
    found = student.probe.state(top)
    assert_that(type(found) is dict and set(found) == set(TO_HEAD), "the head's entries", "others")
    assert_allclose((found["3.weight"], found["3.bias"]), (weight, bias), help="the head must learn")


@pytest.mark.task("FrozenBackbone")
@pytest.mark.depends("test_frozen_by_hand")
@pytest.mark.weight(4)
def test_frozen_flags(student):
    """The backbone's parameters are frozen, the head's are not."""
    model, backbone, top = frozen(student)
    names = ["0.weight", "0.bias", "1.weight", "1.bias"]
    student.probe.strange(backbone)  # grades nothing, and tells a misspelt flag from a forgotten one
    assert_equal(student.probe.flags(backbone), dict.fromkeys(names, False), help="freeze the backbone")
    assert_equal(student.probe.flags(top), {"3.weight": True, "3.bias": True}, help="and only the backbone")
    assert_evaluates(student, model)


@pytest.mark.task("FrozenBackbone")
@pytest.mark.depends("test_frozen_by_hand")
@pytest.mark.weight(8)
@pytest.mark.parametrize(
    ("how", "training"),
    [
        ("train()", True),
        ("train(True)", True),
        ("train(mode=True)", True),
        ("train(False)", False),
        ("eval()", False),
        ("inside another", True),
    ],
    ids=["train", "train_true", "train_keyword", "train_false", "eval", "nested"],
)
def test_frozen_modes(student, how, training):
    """The head follows train() and eval(), and the backbone stays where it is."""
    model, backbone, top = frozen(student)
    first = "eval()" if training else "train()"
    student.probe.switch(model, first)
    student.probe.noticed(backbone)
    student.probe.switch(model, how)
    student.probe.noticed(backbone)  # grades nothing, and tells a mode that was undone from one that was never set
    assert_equal(student.probe.modes(backbone), dict.fromkeys(["", "0", "1", "2", "3"], False), help=MODE_HELP)
    assert_equal(student.probe.modes(top), dict.fromkeys(["", "0", "1", "2", "3"], training))
    assert_equal(model.training, training, help="super().train(mode)")
    assert_allclose(model(IMAGES), frozen_values(), help=MODE_HELP)


@pytest.mark.task("FrozenBackbone")
@pytest.mark.depends("test_frozen_by_hand")
@pytest.mark.weight(4)
def test_frozen_returns(student):
    """train() and eval() give the model itself, as those of every module do."""
    model = frozen(student)[0]
    found = [student.probe.switch(model, how) for how in ("train()", "eval()", "train(False)")]
    assert_equal(found, [True, True, True], help="train() returns self")
    assert_evaluates(student, model)


@pytest.mark.task("FrozenBackbone")
@pytest.mark.depends("test_frozen_by_hand")
@pytest.mark.weight(4)
def test_frozen_registered(student):
    """Both parts are submodules, and nothing else has parameters or buffers."""
    model, backbone, top = frozen(student)
    assert_equal(student.probe.contains(model, backbone, top), [True, True], help="no copies, no Python list")
    assert_equal(student.probe.module_count(model), (6, 9))
    assert_evaluates(student, model)


@pytest.mark.task("extract_features")
@pytest.mark.weight(4)
@pytest.mark.parametrize("kind", ["list", "generator", "one_image", "lists"])
def test_features_of_maps(student, kind):
    """The features of a network that has forward_features, from loaders of several kinds."""
    model = student.probe.network("net", {**NET, **FC})
    batches, expected = BATCHES, FEATURES
    if kind == "generator":
        batches = student.probe.loader("generator", BATCHES)
    elif kind == "one_image":
        batches, expected = BATCHES[2:], (ROWS[2], BATCHES[2][1])
    elif kind == "lists":
        batches = tuple([x, y.to(torch.int32)] for x, y in BATCHES)
        expected = (FEATURES[0], FEATURES[1].to(torch.int32))
    help = "forward_features in evaluation mode, one row per image, all batches"
    assert_allclose(student.extract_features(model, batches), expected, help=help)


@pytest.mark.task("extract_features")
@pytest.mark.weight(2)
@pytest.mark.parametrize("training", [True, False], ids=["train", "eval"])
def test_features_of_output(student, training):
    """The features of a network without forward_features are its output, in evaluation mode and flattened."""
    model = student.probe.network("backbone", BACKBONE)
    student.probe.switch(model, "train()" if training else "eval()")
    rows = [tensor(maps(BACKBONE, "0", "1", x).reshape(len(x), -1)) for x, _ in BATCHES]
    assert_allclose(student.extract_features(model, BATCHES), (torch.cat(rows), FEATURES[1]))


@pytest.mark.task("extract_features")
@pytest.mark.weight(3)
def test_features_shuffled(student):
    """Each label stands beside its own features, although the loader shuffles."""
    found = student.extract_features(student.probe.network("net", NET), student.probe.loader("shuffled", BATCHES))
    turned = [1, 2, 0]
    expected = torch.cat([ROWS[i] for i in turned]), torch.cat([BATCHES[i][1] for i in turned])
    assert_allclose(found, expected, help="go through the loader once")


@pytest.mark.task("extract_features")
@pytest.mark.depends("test_features_by_hand")
@pytest.mark.weight(4)
def test_features_without_graph(student):
    """X has no graph, and a head can be trained on it."""
    found = student.probe.graph(student.probe.network("net", NET), BATCHES)
    expected = False, True, True
    assert_equal(found, expected, help="(X.requires_grad, a head can be trained on X, gradients are recorded again)")
    assert_some_features(student.extract_features(student.probe.network("net", NET), BATCHES))


@pytest.mark.task("extract_features")
@pytest.mark.depends("test_features_by_hand")
@pytest.mark.weight(3)
@pytest.mark.parametrize("evaluated", [[], ["", "conv", "bn", "drop", "fc"]], ids=["train", "eval"])
def test_features_modes(student, evaluated):
    """The model is in the mode in which it was, and unchanged."""
    assert_modes_kept(student, evaluated)


@pytest.mark.task("extract_features")
@pytest.mark.depends("test_features_by_hand")
@pytest.mark.weight(3)
@pytest.mark.parametrize("evaluated", [["bn"], ["", "fc"]], ids=["one_part", "model_but_not_parts"])
def test_features_mixed_modes(student, evaluated):
    """Parts in different modes are each in their own afterwards."""
    assert_modes_kept(student, evaluated)


@pytest.mark.task("load_matching")
@pytest.mark.weight(4)
@pytest.mark.parametrize("kind", ["larger", "unknown"])
def test_load_mixed(student, kind):
    """Entries that fit are loaded in spite of those that don't."""
    assert_loads(student, kind)


@pytest.mark.task("load_matching")
@pytest.mark.weight(4)
@pytest.mark.parametrize("kind", ["transposed", "more_axes"])
def test_load_shapes(student, kind):
    """As many numbers are not the same shape."""
    assert_loads(student, kind)


@pytest.mark.task("load_matching")
@pytest.mark.weight(3)
def test_load_no_broadcast(student):
    """What could be spread over the right shape doesn't have it."""
    assert_loads(student, "broadcast")


@pytest.mark.task("load_matching")
@pytest.mark.weight(2)
@pytest.mark.parametrize("kind", ["all", "none"])
def test_load_all_or_nothing(student, kind):
    """A state that fits as a whole, and one that has another prefix."""
    state = {**FC, **FITTING} if kind == "all" else {f"module.{name}": value for name, value in FITTING.items()}
    model = student.probe.network("net", {**NET, **FC})
    expected = (list(state), []) if kind == "all" else ([], list(state))
    assert_equal(student.load_matching(model, state), expected)
    assert_equal(student.probe.state(model), {**NET, **FC, **state} if kind == "all" else {**NET, **FC})


@pytest.mark.task("load_matching")
@pytest.mark.depends("test_load_by_hand")
@pytest.mark.weight(4)
def test_load_leaves_the_state(student):
    """The state is not changed by the loading."""
    model, fitting = student.probe.network("net", {**NET, **FC}), weights("conv", "bn", seed=5)
    assert_unchanged(student.echo.load_matching(model, {**UNFITTING["larger"], **fitting}))
    assert_loaded(student, model, {**FC, **fitting})


@pytest.mark.task("load_matching")
@pytest.mark.depends("test_load_by_hand")
@pytest.mark.weight(4)
def test_load_copies(student):
    """The model keeps its own tensors, and shares no memory with the state."""
    model = student.probe.network("net", {**NET, **FC})
    found = student.probe.load_and_move(model, FITTING)
    assert_equal(found, (FITTING, True), help="values are copied into the parameters that the model has")
    assert_loaded(student, model, {name: value + 1 for name, value in {**FC, **FITTING}.items()})


@pytest.mark.task("load_matching")
@pytest.mark.depends("test_load_by_hand")
@pytest.mark.weight(4)
def test_load_keeps_frozen(student):
    """What was frozen stays frozen, and what was not stays free."""
    model = student.probe.set_frozen(student.probe.network("net", {**NET, **FC}), ["conv", "bn.bias"])
    student.load_matching(model, FITTING)
    names = ["conv.weight", "conv.bias", "bn.weight", "bn.bias", "fc.weight", "fc.bias"]
    assert_equal(student.probe.flags(model), {n: n not in ("conv.weight", "conv.bias", "bn.bias") for n in names})
    assert_loaded(student, model, {**FC, **FITTING})
