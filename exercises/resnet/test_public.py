"""The public checks of `resnet`: small numbers that can be worked out by hand, lists of blocks, and famous counts.

The probes (`probes.py`) run beside your network, which stays in its process: they set its weights, call it and look
at its layers, which they find by type, whatever their names.
"""

import pytest
import torch

from grader.testing import assert_allclose, assert_equal, assert_handle

# Each pixel minus its right neighbour; the 7x7 kernel passes its centre on.
DIFFERENCE = torch.tensor([[0.0, 0, 0], [0, 1, -1], [0, 0, 0]])
CENTRE = torch.zeros(7, 7)
CENTRE[3, 3] = 1.0

# In evaluation mode a fresh BatchNorm divides by sqrt(1 + 1e-5): the hand-made numbers leave that out.
LOOSE = 2e-4


@pytest.mark.task("ResNet")
@pytest.mark.weight(2)
@pytest.mark.parametrize(
    ("stem", "x", "features", "logits"),
    [
        ("cifar", [[[[5.0, 1, -2, 7]]]], [[5.5]], [[-4.5, -4.5]]),
        # Every second pixel, ReLU: [5 0 1 3]; max-pool of [5 0], [0 1 3]: [5 3]; block: [2 3], [-1 3], [4 6].
        ("imagenet", [[[[5.0, 9, -2, 9, 1, 9, 3, 9]]]], [[5.0]], [[-5.0, -5.0]]),
    ],
    ids=["cifar", "imagenet"],
)
def test_resnet_by_hand(student, stem, x, features, logits):
    """A network of known weights gives the numbers worked out by hand."""
    options = {"num_classes": 2, "in_channels": 1, "width": 1, "stem": stem}
    model = assert_handle(student.probe.build("BasicBlock", [1], options), "an nn.Module")
    answer = student.probe.run_with(model, torch.tensor(x), DIFFERENCE, CENTRE)
    help = "stem, blocks, mean over all pixels, fc, and nothing behind it"
    assert_allclose(answer, (torch.tensor(features), torch.tensor(logits)), rtol=LOOSE, atol=LOOSE, help=help)


@pytest.mark.task("ResNet")
@pytest.mark.weight(3)
@pytest.mark.parametrize(
    ("layers", "expansion", "expected"),
    [
        ([2, 2], 1, [(4, 4, 1), (4, 4, 1), (4, 8, 2), (8, 8, 1)]),
        ([1, 2, 1], 3, [(4, 4, 1), (12, 8, 2), (24, 8, 1), (24, 16, 2)]),
    ],
    ids=["expansion_1", "expansion_3"],
)
def test_resnet_blocks(student, layers, expansion, expected):
    """The blocks are made with the right (in_ch, ch, stride), and called in this order."""
    found = student.probe.blocks(layers, {"width": 4}, expansion, torch.ones(1, 3, 8, 12))
    help = "ch doubles from stage to stage; ch * expansion come out; stride 2 in the first block of later stages only"
    assert_equal(found, expected, help=help)


@pytest.mark.task("ResNet")
@pytest.mark.parametrize("stem", ["cifar", "imagenet"])
def test_resnet_count(student, stem):
    """ResNet-34 has the right number of parameters, and shares none with another ResNet-34."""
    expected = {"cifar": 21_282_122, "imagenet": 21_289_802}[stem]
    found = student.probe.count_resnet("BasicBlock", [3, 4, 6, 3], {"stem": stem})
    help = "64 * 3 * 49 against 64 * 3 * 9 weights in the stem; each block, and each network, has its own"
    assert_equal(found, (expected, 0), help=help)


@pytest.mark.task("resnet18")
@pytest.mark.weight(4)
@pytest.mark.parametrize(
    ("options", "expected"),
    [({}, 11_173_962), ({"stem": "imagenet", "num_classes": 1000}, 11_689_512)],
    ids=["default", "imagenet"],
)
def test_resnet18_counts(student, options, expected):
    """ResNet-18 has the right number of parameters."""
    assert_equal(student.probe.count("resnet18", options), expected, help="BasicBlock, 2 in each of 4 stages")


@pytest.mark.task("resnet50")
@pytest.mark.weight(4)
@pytest.mark.parametrize(
    ("options", "expected"),
    [({}, 23_520_842), ({"stem": "imagenet", "num_classes": 1000}, 25_557_032)],
    ids=["default", "imagenet"],
)
def test_resnet50_counts(student, options, expected):
    """ResNet-50 has the right number of parameters."""
    assert_equal(student.probe.count("resnet50", options), expected, help="Bottleneck, 3, 4, 6 and 3 blocks")
