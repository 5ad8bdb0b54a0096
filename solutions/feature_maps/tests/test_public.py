"""The public checks of `feature_maps`: small numbers that can be worked out by hand.

The probes (`probes.py`) build the networks and use your Catcher and your grad_cam on them. Here it is a 1x1 convolution
(layer "0", no bias), a ReLU ("1", in place where a check says so), a flattening ("2") and a dense layer ("3", no bias).
"""

import pytest
import torch

from grader.testing import assert_allclose, assert_equal, assert_that

# Two filters, x and -x, on 2x2 pixels; the one logit is the sum of all that comes through the ReLU.
SIGNS = {"conv": torch.tensor([[1.0], [-1]]), "stride": torch.tensor(1), "dense": torch.ones(1, 8)}
IMAGE = torch.tensor([[[[1.0, -2], [3, -4]]]])


@pytest.mark.task("Catcher")
@pytest.mark.weight(2)
@pytest.mark.parametrize("inplace", [False, True], ids=["plain", "in_place"])
def test_catcher_by_hand(student, inplace):
    """The maps are the outputs of the named layers, as they left them."""
    report = student.probe.catch(SIGNS, ["0", "1", "3"], [IMAGE, IMAGE], inplace)
    expected = {
        "0": torch.tensor([[[[1.0, -2], [3, -4]], [[-1, 2], [-3, 4]]]]),
        "1": torch.tensor([[[[1.0, 0], [3, 0]], [[0, 2], [0, 4]]]]),
        "3": torch.tensor([[10.0]]),
    }
    help = "maps[name] = a copy of the output: the layer behind may write into the output itself"
    assert_maps(part(report, "inside"), expected, help)


@pytest.mark.task("Catcher")
@pytest.mark.depends("test_catcher_by_hand")
@pytest.mark.weight(3)
def test_catcher_as(student):
    """`with Catcher(...) as catcher` gives the Catcher."""
    assert_equal(student.probe.entered(SIGNS, ["0"]), True, help="__enter__ returns self")


@pytest.mark.task("Catcher")
@pytest.mark.depends("test_catcher_by_hand")
@pytest.mark.weight(2)
def test_catcher_leaves_no_hooks(student):
    """No hook is left behind, and none of the caller's is missing."""
    found = pair(student.probe.hooks_left(SIGNS, ["0", "1"], IMAGE, False))
    assert_equal(found[0], 0, help="__exit__ removes the hooks that __enter__ made")


@pytest.mark.task("dead_filters")
@pytest.mark.weight(3)
@pytest.mark.parametrize(
    ("maps", "expected"),
    [
        (torch.tensor([[[[0.0, 0]], [[1, 0]], [[0, 0]]], [[[0, 0]], [[0, 0]], [[0, 2]]]]), [0]),
        (torch.tensor([[[[0.0], [0]], [[3], [0]], [[0], [0]]]]), [0, 2]),
    ],
    ids=["two_images", "one_image"],
)
def test_dead_by_hand(student, maps, expected):
    """Channels that are 0 in every image and everywhere are found."""
    help = "0 in the whole batch; numbers of channels in a 1-D tensor of int64"
    assert_allclose(student.dead_filters(maps), torch.tensor(expected), help=help)


@pytest.mark.task("grad_cam")
@pytest.mark.weight(3)
@pytest.mark.parametrize(
    ("conv", "stride", "dense", "layer", "x", "target", "expected"),
    [
        # A is [0 1 3], the gradient's mean 2.
        ([[1.0]], 1, [[1.0, 4, 1], [-1, -4, -1]], "0", [[[[0.0, 1, 3]]]], [0], [[[0.0, 1 / 3, 1]]]),
        # A is [2 0 4] and [0 1 0], the gradients' means 1 and 4: cam [2 4 4].
        ([[1.0], [-1]], 1, [[1.0, 1, 1, 6, 6, 0]], "1", [[[[2.0, -1, 4]]]], [0], [[[0.0, 1, 1]]]),
        # A is [1 5], enlarged to 2x4. The second class has the higher logit.
        ([[1.0]], 2, [[0.0, -1], [1, 3]], "0", [[[[1.0, 9, 5, 9], [9, 9, 9, 9]]]], None, [[[0, 0.25, 0.75, 1.0]] * 2]),
    ],
    ids=["one_map", "two_maps", "enlarged"],
)
def test_cam_by_hand(student, conv, stride, dense, layer, x, target, expected):
    """The map worked out by hand, for a given class and for the highest logit."""
    state = {"conv": torch.tensor(conv), "stride": torch.tensor(stride), "dense": torch.tensor(dense)}
    target = None if target is None else torch.tensor(target)
    found = pair(student.probe.cam(state, layer, torch.tensor(x), target, []))
    help = "w = mean of the gradient over the places; ReLU of the weighted sum; enlarge; minimum to 0, maximum to 1"
    assert_allclose(found[0], torch.tensor(expected), help=help)


@pytest.mark.task("grad_cam")
@pytest.mark.depends("test_cam_by_hand")
@pytest.mark.weight(2)
def test_cam_leaves_no_hooks(student):
    """No hook is left behind."""
    state = {"conv": torch.tensor([[1.0]]), "stride": torch.tensor(1), "dense": torch.tensor([[1.0, 4, 1]])}
    found = pair(student.probe.cam(state, "0", torch.tensor([[[[0.0, 1, 3]]]]), torch.tensor([0]), []))
    assert_equal(part(found[1], "hooks"), 0, help="handle.remove(), also if something fails in between")


def part(report, name):
    """One entry of a probe's report."""
    assert_that(type(report) is dict and name in report, "a report with " + name, "something else")
    return report[name]


def pair(answer):
    """A probe's answer of two parts."""
    assert_that(type(answer) is tuple and len(answer) == 2, "an answer of two parts", "something else")
    return answer


def assert_maps(found, expected, help):
    """The maps are a dict with the expected names and tensors."""
    assert_that(type(found) is dict, "a dict of maps", "something else", help=help)
    names = {name if type(name) is str else "not a name" for name in found}
    assert_that(names == set(expected), f"maps of {sorted(expected)}", f"maps of {sorted(names)}", help=help)
    for name, tensor in expected.items():
        assert_allclose(found[name], tensor, help=help)
