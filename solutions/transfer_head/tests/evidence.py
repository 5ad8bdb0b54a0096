"""What shows that a submission's model is in the state it should be in.

What a probe says of flags, modes and shapes is the submission's own word. It counts beside a value that only a model in
such a state gives, and that is computed here.
"""

import torch
from given import BACKBONE, BATCHES, FC, FEATURES, FITTING, FORK, IMAGES, NET, TO_HEAD, UNFITTING, image
from oracle import head, maps, trained_fork

from grader.testing import (
    assert_allclose,
    assert_dtype,
    assert_equal,
    assert_handle,
    assert_shape,
    assert_that,
)

HEAD_HELP = "a new nn.Linear takes the layer's place, and the model computes with it"
MODE_HELP = "BatchNorm in training mode moves its statistics, whether its weights are frozen or not"


def frozen(student):
    """A FrozenBackbone with random weights, its backbone and its head."""
    backbone = student.probe.network("backbone", BACKBONE)
    top = student.probe.network("to_head", TO_HEAD)
    return assert_handle(student.FrozenBackbone(backbone, top), "an nn.Module"), backbone, top


def counting(classes, width):
    """The weights 1, 2, 3, ... that the probes put into a head."""
    return torch.arange(1.0, classes * width + 1).reshape(classes, width)


def assert_new_head(student, model, classes):
    """The "net" with weights NET computes with a head fc of so many classes, once it has known weights."""
    y = student.probe.run_with(model, "fc", IMAGES)
    expected = head(maps(NET, "conv", "bn", IMAGES), counting(classes, 3), -torch.ones(classes))
    assert_allclose(y, expected, help=HEAD_HELP)


def assert_only_moves(student, model, free):
    """Of the "fork" with weights FORK an epoch of training moves the weights that begin with `free`, and no others."""
    batches = [
        (image(1, 3, 1, n).reshape(3, 2), image(1, 1, 3, n + 9).reshape(2, 3).repeat(2, 1)[:3]) for n in (14, 15)
    ]
    student.probe.train(model, batches, 0.125)
    found, expected = student.probe.state(model), trained_fork(FORK, free, batches, 0.125)
    assert_that(type(found) is dict and set(found) == set(FORK), "the network's entries", "others")
    help = "what is frozen is not trained, what is not is"
    assert_allclose(tuple(found[name] for name in FORK), tuple(expected.values()), help=help)


def frozen_values():
    """What frozen(student)'s model gives for IMAGES in evaluation mode."""
    return head(maps(BACKBONE, "0", "1", IMAGES), TO_HEAD["3.weight"], TO_HEAD["3.bias"])


def assert_evaluates(student, model):
    """A FrozenBackbone in evaluation mode gives what its two parts give."""
    student.probe.switch(model, "eval()")
    assert_allclose(model(IMAGES), frozen_values(), help="head(backbone(x))")


def assert_loaded(student, model, entries):
    """A "net" that holds these entries computes with them."""
    model = assert_handle(student.probe.set_modes(model, ["", "conv", "bn", "drop", "fc"]), "the model")
    x = image(24, 4, 5, 15)
    expected = head(maps(entries, "conv", "bn", x), entries["fc.weight"], entries["fc.bias"])
    assert_related(model(x), expected, "what was loaded is what the model computes with")


def assert_some_features(answer):
    """The features of BATCHES by the "net", right or not; averaged, flattened or as maps."""
    assert_that(type(answer) is tuple and len(answer) == 2, "a tuple (X, y)", "something else")
    found, n = answer[0], len(FEATURES[0])
    channels = torch.is_tensor(found) and found.dim() > 1 and len(found) == n and found.numel() % (3 * n) == 0
    assert_that(channels and found.dtype == torch.float32, "three float32 maps an image", "something else")
    means = (rows.reshape(n, 3, -1).mean(2) for rows in (found, FEATURES[0]))
    assert_related(*means, MODE_HELP)


def assert_related(actual, expected, help):
    """`actual` has to do with `expected`, right or not: numbers that were made up have not."""
    assert_shape(actual, tuple(expected.shape), help=help)
    assert_dtype(actual, "float32")
    both = torch.stack([actual.flatten(), expected.flatten()]).double()
    related = abs(float(torch.corrcoef(both)[0, 1])) > 0.5
    assert_that(related, "numbers that have to do with the weights and images", "others", help=help)


def assert_only_flags(student, function, frozen_names):
    """The function gives the model itself, whose values and modes are as before."""
    model = student.probe.set_frozen(student.probe.network("net", {**NET, **FC}), frozen_names)
    model = student.probe.set_modes(model, ["bn", "fc"])
    assert_equal(student.probe.is_same(function(model), model), True, help="return the module you were given")
    assert_equal(student.probe.state(model), {**NET, **FC})
    expected = {"": True, "conv": True, "bn": False, "drop": True, "fc": False}
    assert_equal(student.probe.modes(model), expected, help="only requires_grad changes")


def assert_modes_kept(student, evaluated):
    """After extract_features the modules of these names are in evaluation mode, the others in training mode."""
    model = student.probe.set_modes(student.probe.network("net", {**NET, **FC}), evaluated)
    features = student.extract_features(model, BATCHES)
    expected = {name: name not in evaluated for name in ["", "conv", "bn", "drop", "fc"]}
    assert_equal(student.probe.modes(model), expected, help="remember module.training of each module")
    assert_equal(student.probe.state(model), {**NET, **FC}, help=MODE_HELP)
    assert_some_features(features)


def assert_loads(student, kind):
    """All of FITTING is loaded and named, nothing of UNFITTING[kind] is loaded, and all of it is named."""
    unfitting = UNFITTING[kind]
    order = reversed(FITTING) if kind in ("larger", "transposed") else FITTING
    fitting = {name: FITTING[name] for name in order if name not in unfitting}
    # One that doesn't fit comes first, the others last.
    first, *others = unfitting
    state = {first: unfitting[first], **fitting, **{name: unfitting[name] for name in others}}
    model = student.probe.network("net", {**NET, **FC})
    help = "the same key and exactly the same shape; parameters and buffers"
    assert_equal(student.load_matching(model, state), (list(fitting), list(unfitting)), help=help)
    assert_equal(student.probe.state(model), {**NET, **FC, **fitting}, help=help)
