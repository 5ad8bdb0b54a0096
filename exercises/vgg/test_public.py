"""The public checks of `vgg`: small numbers that can be worked out by hand, lists of layers, and famous counts.

`student.VGG(...)` is your network; it stays in your process. The probes (`probes.py`) run beside it: they set its
weights, call it and look at its layers, which they find by type, whatever their names.
"""

import pytest
import torch

from grader.testing import assert_allclose, assert_equal, assert_handle, assert_that

# Each pixel minus its right neighbour.
DIFFERENCE = torch.tensor([[0.0, 0, 0], [0, 1, -1], [0, 0, 0]])

# In evaluation mode a fresh BatchNorm divides by sqrt(1 + 1e-5): the hand-made numbers leave that out.
LOOSE = 1e-4

IMAGE = torch.tensor([[[[5.0, 1, -2, 7], [0, 3, 3, -1]]]])
VGG11 = [64, "M", 128, "M", 256, 256, "M", 512, 512, "M", 512, 512, "M"]
VGG16 = [64, 64, "M", 128, 128, "M", 256, 256, 256, "M", 512, 512, 512, "M", 512, 512, 512, "M"]


@pytest.mark.task("vgg_block")
@pytest.mark.weight(2)
@pytest.mark.parametrize(
    ("arguments", "x", "expected"),
    [
        ((2, 1, 1), IMAGE, [[[[3.0, 7]]]]),
        ((1, 1, 2, True), IMAGE, [[[[4.0, 7]], [[4, 7]]]]),
        # The channels' sum is [1 2 -1], [4 0 5]; minus the right neighbour [-1 3 -1], [4 -5 5]. Column 3 is left out.
        ((1, 2, 1), torch.tensor([[[[3.0, 0, 1], [2, 2, 2]], [[-2, 2, -2], [2, -2, 3]]]]), [[[[4.0]]]]),
    ],
    ids=["two_convs", "batch_norm", "two_channels"],
)
def test_block_by_hand(student, arguments, x, expected):
    """A block of known weights gives the numbers worked out by hand."""
    block = assert_handle(student.vgg_block(*arguments), "an nn.Sequential")
    y = student.probe.run_with(block, x, DIFFERENCE, 1.0, 0.0)
    help = "a ReLU after each convolution, one 2x2 max-pool at the end"
    assert_allclose(y, torch.tensor(expected), rtol=LOOSE, atol=LOOSE, help=help)


@pytest.mark.task("vgg_block")
@pytest.mark.parametrize(
    ("arguments", "layers"),
    [
        ((1, 3, 4), "3x3 3>4"),
        ((3, 2, 5), "3x3 2>5, 3x3 5>5, 3x3 5>5"),
        ((2, 3, 4, True), "3x3 3>4, 3x3 4>4, BatchNorm 4, BatchNorm 4"),
    ],
    ids=["one", "three", "batch_norm"],
)
def test_block_layers(student, arguments, layers):
    """The block has the right layers, and no others with parameters."""
    block = assert_handle(student.vgg_block(*arguments), "an nn.Sequential")
    assert_layers(student.probe.layers(block, torch.zeros(1, arguments[1], 4, 6)), layers)


@pytest.mark.task("VGG")
@pytest.mark.weight(2)
@pytest.mark.parametrize(
    ("cfg", "x", "expected"),
    [
        ([1, "M"], IMAGE, [[-4.0, -4]]),
        # Two images, each averaged over all its pixels: [4 3 0 7], [0 0 4 0] has the mean 2.25; 16 times that 36.
        # Dense layers: 36 - 4 = 32, 32 + 32 - 4 = 60, 60 + 60 - 4. The second image is 0 in front of each of them.
        ([1], torch.cat([16 * IMAGE, 0 * IMAGE]), [[116.0, 116], [-4, -4]]),
    ],
    ids=["pooled", "two_images"],
)
def test_vgg_by_hand(student, cfg, x, expected):
    """A network of known weights gives the logits worked out by hand."""
    model = assert_handle(student.VGG(cfg, 2, in_channels=1, hidden=2, pool_out=1), "an nn.Module")
    y = student.probe.run_with(model, x, DIFFERENCE, 1.0, -4.0)
    help = "features, avgpool, one row per image, three dense layers with a ReLU after the first two"
    assert_allclose(y, torch.tensor(expected), rtol=LOOSE, atol=LOOSE, help=help)


@pytest.mark.task("VGG")
@pytest.mark.parametrize(
    ("cfg", "options", "layers"),
    [
        ([4, "M", 6], {}, "3x3 3>4, 3x3 4>6, dense 24>5, dense 5>5, dense 5>7"),
        (
            [4, 4, "M"],
            {"in_channels": 1, "batch_norm": True},
            "3x3 1>4, 3x3 4>4, BatchNorm 4, BatchNorm 4, dense 16>5, dense 5>5, dense 5>7",
        ),
    ],
    ids=["plain", "batch_norm"],
)
def test_vgg_layers(student, cfg, options, layers):
    """The network has the right layers, and no others with parameters."""
    model = assert_handle(student.VGG(cfg, 7, hidden=5, pool_out=2, **options), "an nn.Module")
    assert_layers(student.probe.layers(model, torch.zeros(1, options.get("in_channels", 3), 8, 8)), layers)


@pytest.mark.task("VGG")
@pytest.mark.parametrize(
    ("cfg", "full", "narrow"),
    [(VGG11, 132_863_336, 99_536), (VGG16, 138_357_544, 121_084)],
    ids=["VGG-11", "VGG-16"],
)
def test_vgg_famous_counts(student, cfg, full, narrow):
    """VGG-11 and VGG-16 have as many parameters as the paper's networks."""
    expected = {"full": full, "narrow": narrow}
    assert_equal_count(student.probe.full_size(cfg, 1000, {}), expected)


@pytest.mark.task("count_params")
@pytest.mark.weight(2)
@pytest.mark.parametrize(("kind", "number"), [("linear", 8), ("stack", 156)])
def test_count_all(student, kind, number):
    """All parameters of a module are counted."""
    module = student.probe.network(kind)  # nn.Linear(3, 2); a convolution 2 > 4 and a dense layer 16 > 5 without bias
    assert_equal(student.count_params(module), number, help="numbers, not tensors: p.numel()")


@pytest.mark.task("count_params")
@pytest.mark.depends("test_count_all")
def test_count_trainable(student):
    """Frozen parameters are left out on request, and only then."""
    module = student.probe.network("bias frozen")  # nn.Linear(3, 2), whose bias has requires_grad == False
    assert_equal(student.count_params(module, trainable_only=True), 6, help="p.requires_grad")
    assert_equal(student.count_params(module), 8, help="frozen parameters are parameters")


def assert_layers(found, expected):
    """The probe found exactly the `expected` layers: "3x3 4>6" is a convolution of 4 channels to 6."""
    assert_that(
        type(found) is str and found == expected,
        expected,
        found if type(found) is str else "something else",
        help="layers are found in an nn.Module once they are attributes, or in an nn.Sequential or nn.ModuleList",
    )


def assert_equal_count(found, expected):
    """The probe counted what is expected of the network that it built, "full" or "narrow"."""
    known = type(found) is tuple and len(found) == 2 and type(found[0]) is str and found[0] in expected
    assert_that(known, "a count of parameters", "something else")
    assert_equal(found[1], expected[found[0]], help="weights and biases of all convolutions and dense layers")
