"""The hidden checks of `feature_maps`: nested layers, in-place layers, both modes, frozen parameters, what is left."""

import functools

import oracle
import pytest
import torch

from grader.testing import assert_allclose, assert_dtype, assert_equal, assert_shape, assert_that, assert_unchanged

STATE = oracle.weights(76)
NAMES = ["body.block.0", "stem.0", "stem", "body", "head"]
MAPS_HELP = "maps[name] is a copy of what the layer gave in the last forward pass"
CAM_HELP = "weights are the gradient's means over the places, by image and channel; each image is stretched by itself"
X = oracle.image(5, 5)
TARGET = torch.tensor([3, 3, 4, 1, 3])


@functools.cache
def report_cases():
    """The images that a Catcher sees one after the other."""
    return [oracle.image(1, 3), oracle.image(2, 5), oracle.image(4, 1)]


@pytest.mark.task("Catcher")
@pytest.mark.weight(2)
@pytest.mark.parametrize("n", [1, 5])
def test_catcher_values(student, n):
    """Outputs of nested layers and of containers are caught."""
    x = oracle.image(1, n)
    report = student.probe.catch(STATE, NAMES, [x, x], False)
    assert_maps(part(report, "inside"), oracle.maps(STATE, x, NAMES), MAPS_HELP)


@pytest.mark.task("Catcher")
@pytest.mark.weight(3)
def test_catcher_in_place(student):
    """Layers that work in place don't change the maps of those before."""
    x, names = oracle.image(1, 3), ["stem.0", "body.block.1"]
    report = student.probe.catch(STATE, names, [x, x], True)
    assert_maps(part(report, "inside"), oracle.maps(STATE, x, names), MAPS_HELP)


@pytest.mark.task("Catcher")
@pytest.mark.depends("test_catcher_values")
@pytest.mark.weight(2)
def test_catcher_before(student):
    """Nothing is caught before the block begins."""
    report = student.probe.catch(STATE, NAMES, report_cases(), False)
    assert_maps(part(report, "before"), {}, "hooks are made on entry")


@pytest.mark.task("Catcher")
@pytest.mark.weight(3)
def test_catcher_second_forward(student):
    """A second forward pass replaces the maps of the first."""
    xs = report_cases()
    report = student.probe.catch(STATE, NAMES, xs, False)
    assert_maps(part(report, "inside"), oracle.maps(STATE, xs[1], NAMES), "one tensor a name, of the last forward pass")


@pytest.mark.task("Catcher")
@pytest.mark.depends("test_catcher_values")
@pytest.mark.weight(3)
def test_catcher_after(student):
    """The maps can be read after the block, and stay what they were."""
    x = oracle.image(1, 3)
    report = student.probe.catch(STATE, NAMES, [x, oracle.image(2, 5)], False)
    assert_maps(part(report, "after"), oracle.maps(STATE, x, NAMES), "a forward pass after the block changes nothing")


@pytest.mark.task("Catcher")
@pytest.mark.depends("test_catcher_values")
@pytest.mark.weight(3)
def test_catcher_detached(student):
    """The maps don't keep the graph alive."""
    report = student.probe.catch(STATE, NAMES, report_cases(), False)
    assert_equal(part(report, "with gradient"), [], help="output.detach(): a map with a graph keeps all layers' memory")


@pytest.mark.task("Catcher")
@pytest.mark.depends("test_catcher_values")
@pytest.mark.weight(3)
def test_catcher_model_as_before(student):
    """Inside the block the model computes as without it."""
    xs = report_cases()
    report = student.probe.catch(STATE, NAMES, xs, False)
    assert_allclose(part(report, "output"), oracle.logits(STATE, xs[1]), help="hooks return None")
    assert_equal(part(report, "output has gradient"), True, help="detach the copy, not the model's own output")
    assert_equal(part(report, "same modes"), True, help="neither train() nor eval()")


@pytest.mark.task("Catcher")
@pytest.mark.depends("test_catcher_values")
def test_catcher_hooks(student):
    """Exactly the Catcher's hooks are removed."""
    hooks, _ = pair(student.probe.hooks_left(STATE, NAMES, X, False))
    assert_equal(hooks, 0, help="keep the handles and remove each of them")


@pytest.mark.task("Catcher")
@pytest.mark.depends("test_catcher_values")
@pytest.mark.weight(3)
def test_catcher_exception(student):
    """An exception that ends the block goes on, and leaves no hook behind."""
    hooks, came_out = pair(student.probe.hooks_left(STATE, NAMES, X, True))
    assert_equal(came_out, True, help="__exit__ returns None, so that an exception goes on")
    assert_equal(hooks, 0, help="hooks are removed in __exit__, which runs in any case")


@pytest.mark.task("Catcher")
@pytest.mark.depends("test_catcher_values")
@pytest.mark.weight(3)
def test_catcher_again(student):
    """A Catcher can be entered a second time."""
    x = oracle.image(6, 4)
    found = student.probe.catch_twice(STATE, NAMES, oracle.image(1, 2), x)
    assert_maps(found, oracle.maps(STATE, x, NAMES), "keep list(names): a generator is empty the second time")


@pytest.mark.task("Catcher")
@pytest.mark.depends("test_catcher_values")
@pytest.mark.weight(3)
def test_catcher_unknown_name(student):
    """A name that the model doesn't have raises."""
    assert_equal(student.probe.refused(STATE, ["stem.0", "body.blok"]), True, help="model.get_submodule(name) raises")


def dead_cases():
    """Named maps, with the numbers of their dead channels."""
    g = torch.Generator().manual_seed(7)
    maps = torch.randn(3, 6, 4, 5, generator=g).relu()
    some, only_here = maps.clone(), maps.clone()
    some[:, [1, 4, 5]] = 0
    only_here[0, 2] = 0
    only_here[:, 3, :, 1:] = 0
    only_here[:, 4, 1:] = 0
    cancelling, tiny = torch.zeros(2, 3, 2, 2), torch.zeros(2, 4, 3, 2)
    cancelling[0, 0], cancelling[1, 0], cancelling[:, 2] = 1, -1, -2
    tiny[1, 3, 2, 1] = 1e-12
    return {
        "some": (some, [1, 4, 5]),
        "none": (only_here, []),
        "negative": (cancelling, [1]),
        "tiny": (tiny, [0, 1, 2]),
        "all": (torch.zeros(2, 3, 1, 4), [0, 1, 2]),
        "one_channel": (torch.zeros(3, 1, 2, 2), [0]),
    }


@pytest.mark.task("dead_filters")
@pytest.mark.weight(9)
@pytest.mark.parametrize(("maps", "expected"), dead_cases().values(), ids=dead_cases())
def test_dead_values(student, maps, expected):
    """Dead channels are those without any other value than 0."""
    help = "not a sum, a mean or a maximum: is any value not 0? (D,), also for D = 0 and 1"
    assert_allclose(student.dead_filters(maps), torch.tensor(expected, dtype=torch.int64), help=help)


@pytest.mark.task("dead_filters")
@pytest.mark.depends("test_dead_values")
@pytest.mark.weight(2)
def test_dead_unchanged(student):
    """The maps are not changed, and may be a transposed view."""
    maps = dead_cases()["some"][0]
    assert_unchanged(student.echo.dead_filters(maps))
    found = student.probe.dead_in_transposed(maps.transpose(0, 2).contiguous())
    assert_allclose(found, torch.tensor([1, 4, 5]), help="reshape instead of view")


@functools.cache
def expected_cam(layer, given, training=False):
    """The oracle's maps of X."""
    return oracle.cam(STATE, layer, X, TARGET if given else None, training)


@pytest.mark.task("grad_cam")
@pytest.mark.weight(6)
@pytest.mark.parametrize("layer", ["stem.0", "stem", "body.block.0", "body"])
def test_cam_values(student, layer):
    """The maps for given classes, at several layers."""
    assert_cam(student, layer, TARGET, [], expected_cam(layer, True))


@pytest.mark.task("grad_cam")
@pytest.mark.weight(4)
@pytest.mark.parametrize("layer", ["stem.1", "body.block.1"])
def test_cam_highest(student, layer):
    """Without classes, the maps are those of each image's highest logit."""
    assert_cam(student, layer, None, [], expected_cam(layer, False))


@pytest.mark.task("grad_cam")
@pytest.mark.weight(4)
def test_cam_module(student):
    """The layer may be the module itself."""
    assert_cam(student, "body.block.2", TARGET, ["module"], expected_cam("body.block.2", True))


@pytest.mark.task("grad_cam")
@pytest.mark.weight(4)
@pytest.mark.parametrize("layer", ["stem.0", "body.block.1"])
def test_cam_in_place(student, layer):
    """A layer behind that works in place makes no difference."""
    assert_cam(student, layer, TARGET, ["inplace"], expected_cam(layer, True))


@pytest.mark.task("grad_cam")
@pytest.mark.weight(4)
def test_cam_frozen(student):
    """Frozen parameters make no difference."""
    assert_cam(student, "body.block.0", TARGET, ["frozen"], expected_cam("body.block.0", True))


@pytest.mark.task("grad_cam")
@pytest.mark.weight(4)
def test_cam_training(student):
    """The model runs in the mode that it is in."""
    help = "no model.eval(), and the whole batch at once"
    assert_cam(student, "body.block.2", TARGET, ["training"], expected_cam("body.block.2", True, True), help)


@pytest.mark.task("grad_cam")
@pytest.mark.weight(4)
@pytest.mark.parametrize(
    ("value", "dense"), [(3.0, [[1.0, 2, 3, 2]]), (2.0, [[-1.0, -2, 1, -2]])], ids=["constant", "no_evidence"]
)
def test_cam_flat(student, value, dense):
    """A flat map gives 0, whatever the batch's other images show."""
    state = {"conv": torch.tensor([[1.0]]), "stride": torch.tensor(2), "dense": torch.tensor(dense)}
    x = torch.full((2, 1, 4, 4), value)
    x[1, 0, 0, 0] = -8
    other = oracle.stretched(oracle.enlarged((x[1, 0, ::2, ::2] * sum(dense[0])).clamp(min=0).double(), 4, 4)).float()
    found = pair(student.probe.cam(state, "0", x, torch.tensor([0, 0]), []))
    assert_allclose(found[0], torch.stack([torch.zeros(4, 4), other]), help="no division by a range of 0")


@pytest.mark.task("grad_cam")
@pytest.mark.depends("test_cam_by_hand")
@pytest.mark.weight(15)
@pytest.mark.parametrize(
    ("what", "expected"),
    [("grads", []), ("flags", []), ("modes", []), ("hooks", 0), ("x", False)],
    ids=["grad", "requires_grad", "mode", "hooks", "x"],
)
def test_cam_leaves_all(student, what, expected):
    """Nothing is left behind on the model or the images."""
    found = pair(student.probe.cam(STATE, "body.block.0", X, TARGET, ["mixed"]))
    help = "torch.autograd.grad touches no .grad; hooks, requires_grad and modes are the caller's"
    assert_equal(part(found[1], what), expected, help=help)
    assert_related(found[0], expected_cam("body.block.0", True))


def assert_cam(student, layer, target, options, expected, help=CAM_HELP):
    """grad_cam of X is as expected."""
    found = pair(student.probe.cam(STATE, layer, X, target, options))
    assert_allclose(found[0], expected, rtol=1e-3, atol=1e-4, help=help)


def assert_related(found, expected):
    """The maps have to do with the right ones, though they may be wrong.

    What the probe says is left is the submission's own word: it counts beside maps that were computed somehow.
    """
    assert_shape(found, tuple(expected.shape), help=CAM_HELP)
    assert_dtype(found, "float32")
    both = torch.stack([found.flatten(), expected.flatten()]).double()
    related = abs(float(torch.corrcoef(both)[0, 1])) > 0.25
    assert_that(related, "maps", "what has nothing to do with them", help=CAM_HELP)


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
