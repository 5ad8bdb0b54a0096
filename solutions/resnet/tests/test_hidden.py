"""The hidden checks of `resnet`: values for every argument and size, initialisation, sharing, and both functions."""

import math

import pytest
import torch
from oracle import assert_related, assert_value, count, replays, resnet

from grader.testing import assert_allclose, assert_equal, assert_handle, assert_shape, assert_that

VALUE_HELP = "stem, then the stages with their strides, then the mean over all pixels, then fc and nothing else"
MODE_HELP = "in training each BatchNorm uses the batch's own statistics; every block has its own BatchNorms"
INIT_HELP = "He initialisation of every convolution: standard deviation sqrt(2 / (output channels * height * width))"
ZERO_HELP = "zero_init_residual: bn2 of a BasicBlock, bn3 of a Bottleneck, and no other BatchNorm starts with weight 0"
GRADIENT_HELP = "all layers are used in forward, and nothing is detached"


def image(n, channels, height, width, seed=0):
    """Random numbers of both signs, (n, channels, height, width)."""
    return torch.randn(n, channels, height, width, generator=torch.Generator().manual_seed(seed))


# block, layers, options, images. Stages of three blocks: where later blocks are one and the same, two don't show it.
NETS = {
    "one_stage": ("BasicBlock", [3], {"num_classes": 5, "width": 4}, image(2, 3, 5, 8)),
    "two_stages": ("BasicBlock", [1, 3], {"num_classes": 7, "width": 3, "in_channels": 2}, image(3, 2, 7, 10)),
    "five_stages": ("BasicBlock", [1, 1, 1, 1, 1], {"num_classes": 4, "width": 2}, image(2, 3, 19, 33)),
    "one_image": ("BasicBlock", [3, 1, 1], {"width": 5}, image(1, 3, 9, 6)),
    "bottleneck": ("Bottleneck", [1, 3, 1], {"num_classes": 6, "width": 3}, image(2, 3, 7, 10)),
    "bottleneck_one_image": ("Bottleneck", [3, 1], {"width": 2, "in_channels": 1}, image(1, 1, 6, 5)),
    "imagenet": ("BasicBlock", [1, 1, 2], {"num_classes": 5, "width": 4, "stem": "imagenet"}, image(2, 3, 34, 45)),
    "imagenet_bottleneck": (
        "Bottleneck",
        [1, 1],
        {"num_classes": 3, "width": 3, "stem": "imagenet", "in_channels": 4},
        image(2, 4, 23, 18),
    ),
    "one_class": ("BasicBlock", [1, 1], {"num_classes": 1, "width": 4, "stem": "imagenet"}, image(1, 3, 32, 20)),
}
TRAINED = ("one_stage", "two_stages", "bottleneck", "imagenet")


@pytest.mark.task("ResNet")
@pytest.mark.weight(9)
@pytest.mark.parametrize(("block", "layers", "options", "x"), NETS.values(), ids=NETS)
def test_resnet_values(student, block, layers, options, x):
    """Features and logits in evaluation mode, for random weights."""
    model = assert_handle(student.probe.build(block, layers, options), "an nn.Module")
    assert_answer(student, model, resnet(block, layers, **options), x, 11, False, VALUE_HELP)


@pytest.mark.task("ResNet")
@pytest.mark.weight(4)
@pytest.mark.parametrize(("block", "layers", "options", "x"), [NETS[name] for name in TRAINED], ids=TRAINED)
def test_resnet_training(student, block, layers, options, x):
    """Features and logits in training mode, for random weights."""
    model = assert_handle(student.probe.build(block, layers, options), "an nn.Module")
    assert_answer(student, model, resnet(block, layers, **options), x, 12, True, MODE_HELP)


@pytest.mark.task("ResNet")
def test_resnet_arguments_in_order(student):
    """All arguments may be given by position."""
    arguments, x = ([1, 1], 4, 2, 3, "imagenet", True), image(2, 2, 16, 23)
    model = assert_handle(student.probe.build_in_order("BasicBlock", list(arguments)), "an nn.Module")
    assert_answer(student, model, resnet("BasicBlock", *arguments), x, 13, False, VALUE_HELP)


@pytest.mark.task("ResNet")
@pytest.mark.weight(3)
@pytest.mark.parametrize(
    ("layers", "options", "expansion", "expected"),
    [
        ([1, 2], {"width": 3}, 2, [(3, 3, 1), (6, 6, 2), (12, 6, 1)]),
        ([3, 1], {"width": 5, "stem": "imagenet"}, 1, [(5, 5, 1), (5, 5, 1), (5, 5, 1), (5, 10, 2)]),
        ([1, 1, 1], {"width": 2, "in_channels": 3, "num_classes": 1}, 6, [(2, 2, 1), (12, 4, 2), (24, 8, 2)]),
    ],
    ids=["expansion_2", "expansion_1", "expansion_6"],
)
def test_resnet_other_blocks(student, layers, options, expansion, expected):
    """A block class that nobody has seen gets the right (in_ch, ch, stride)."""
    found = student.probe.blocks(layers, options, expansion, torch.ones(1, 3, 24, 20))
    assert_equal(found, expected, help="block.expansion says how many channels come out, whatever the class")


@pytest.mark.task("ResNet")
@pytest.mark.weight(3)
@pytest.mark.parametrize(
    ("block", "layers", "options"),
    [
        ("BasicBlock", [3, 4, 6, 3], {"num_classes": 1000, "stem": "imagenet"}),
        ("Bottleneck", [3, 4, 23, 3], {"num_classes": 1000, "stem": "imagenet"}),
        ("Bottleneck", [2, 3], {"width": 16, "in_channels": 1}),
    ],
    ids=["ResNet-34", "ResNet-101", "narrow"],
)
def test_resnet_counts(student, block, layers, options):
    """Full networks have the right number of parameters."""
    found = student.probe.count_resnet(block, layers, options)
    help = "every block of every network is a new one: no weights are shared"
    assert_equal(found, (count(resnet(block, layers, **options)), 0), help=help)


@pytest.mark.task("ResNet")
@pytest.mark.depends("test_resnet_by_hand")
@pytest.mark.weight(2)
@pytest.mark.parametrize("block", ["BasicBlock", "Bottleneck"])
def test_resnet_sizes(student, block):
    """One network takes images of all sizes, and batches of 1."""
    expansion = {"BasicBlock": 1, "Bottleneck": 4}[block]
    for stem in ("imagenet", "cifar"):
        options = {"width": 2, "num_classes": 5, "stem": stem}
        model = assert_handle(student.probe.build(block, [1, 1, 1], options), "an nn.Module")
        for n, height, width in ((1, 40, 56), (2, 17, 9), (3, 5, 30), (1, 1, 1)):
            answer = student.probe.trial(model, image(n, 3, height, width), 14, False)
            features, logits = assert_parts(answer, 3)[1:]
            assert_shape(features, (n, 8 * expansion), help="one row per image, whatever its size")
            assert_shape(logits, (n, 5), help="one row per image, whatever its size")
        assert_computes(student, model, resnet(block, [1, 1, 1], **options))


@pytest.mark.task("ResNet")
@pytest.mark.depends("test_resnet_by_hand")
@pytest.mark.weight(3)
@pytest.mark.parametrize("block", ["BasicBlock", "Bottleneck"])
def test_resnet_head(student, block):
    """A new head takes the place of fc."""
    wide = {"BasicBlock": 6, "Bottleneck": 24}[block]
    model = assert_handle(student.probe.build(block, [1, 1], {"width": 3, "num_classes": 7}), "an nn.Module")
    assert_computes(student, model, resnet(block, [1, 1], width=3, num_classes=7))
    shape, features, y = assert_parts(student.probe.with_new_head(model, image(2, 3, 8, 11)), 3)
    assert_equal(shape, torch.Size([7, wide]), help="fc: nn.Linear(D, num_classes)")
    assert_shape(features, (2, wide), help="forward_features gives D numbers per image")
    assert_allclose(y, features, help="forward is fc of forward_features, with nothing in between or behind")


@pytest.mark.task("ResNet")
@pytest.mark.weight(4)
@pytest.mark.parametrize(
    ("block", "layers", "options"),
    [
        # nn.Conv2d's own start has the same spread where width is 6 * in_channels: it is far from that here.
        ("BasicBlock", [1, 1, 1], {"width": 16, "in_channels": 9}),
        ("Bottleneck", [2, 1], {"width": 16, "in_channels": 12, "stem": "imagenet"}),
        ("BasicBlock", [1, 1], {"width": 32, "in_channels": 1, "zero_init_residual": True}),
        ("Bottleneck", [1], {"width": 20, "in_channels": 11}),
    ],
    ids=["BasicBlock", "Bottleneck", "zero_init", "one_block"],
)
def test_resnet_init(student, block, layers, options):
    """Every convolution starts from He initialisation by fan_out."""
    found = student.probe.spread(block, layers, options, 5)
    wanted = sorted(shape for shape, _ in resnet(block, layers, **options).shapes(projection_first=False))
    well_formed = type(found) is list and all(
        type(f) is tuple and len(f) == 3 and type(f[0]) is tuple and type(f[1]) is float and type(f[2]) is float
        for f in found
    )
    assert_that(well_formed, "an nn.Module with convolutions", "something else", help=INIT_HELP)
    assert_equal(sorted(str(f[0]) for f in found), sorted(map(str, wanted)), help="a convolution for each place")
    help = INIT_HELP + spread_words(found)
    for shape, std, mean in found:
        # 256 normal draws and more: their standard deviation strays by 4.4 % (one sigma) at most, their mean by 6.3 %.
        # Of right answers 1 in 20,000 is refused, the smallest convolutions being few; uniform draws stray less.
        expected = math.sqrt(2 / (shape[0] * shape[2] * shape[3]))
        text = f"a standard deviation of about {expected:.3f} for a convolution {shape}"
        assert_that(abs(std / expected - 1) < 0.2 and abs(mean) < 0.3 * expected, text, f"{std:.3f}", help=help)
    assert_builds(student, block, layers, options)


def spread_words(found):
    """What the convolutions start from instead, if all of them do."""
    usual = {
        "fan_in": lambda f, c, area: 2 / (c * area),
        "a gain of 1": lambda f, c, area: 1 / (f * area),
        "nn.Conv2d itself": lambda f, c, area: 1 / (3 * c * area),
    }
    for words, variance in usual.items():
        if all(abs(std / math.sqrt(variance(n, c, h * w)) - 1) < 0.2 for (n, c, h, w), std, _ in found):
            return f"; these come from {words}"
    return ""


@pytest.mark.task("ResNet")
@pytest.mark.weight(5)
@pytest.mark.parametrize(
    ("block", "layers", "fresh", "dead", "plain"),
    [
        # Each BasicBlock has 2 convolutions and BatchNorms in its branch, each Bottleneck 3; a projection adds one.
        ("BasicBlock", [2, 1], "5 with 1, 3 with 0", 6, "8 with 1, 0 with 0"),
        ("Bottleneck", [1, 2], "9 with 1, 3 with 0", 9, "12 with 1, 0 with 0"),
    ],
    ids=["BasicBlock", "Bottleneck"],
)
def test_resnet_zero_init(student, block, layers, fresh, dead, plain):
    """With zero_init_residual, and only then, the branches start out switched off by their last BatchNorm."""
    for zero, words, without in ((True, fresh, dead), (False, plain, 0)):
        model = student.probe.build(block, layers, {"width": 4, "zero_init_residual": zero})
        model = assert_handle(model, "an nn.Module")
        assert_words(student.probe.norms(model), words, ZERO_HELP)
        found = assert_parts(student.probe.without_gradient(model, image(3, 3, 8, 12), 1), 2)
        # Behind a BatchNorm of weight 0 the branch's earlier BatchNorms get no gradient either: convolutions count.
        assert_equal(found[0], without, help=ZERO_HELP)
        assert_builds(student, block, layers, {"width": 4, "zero_init_residual": zero})


@pytest.mark.task("ResNet")
@pytest.mark.depends("test_resnet_by_hand")
@pytest.mark.parametrize("stem", ["cifar", "imagenet"])
def test_resnet_gradient(student, stem):
    """Every parameter gets a gradient."""
    options = {"width": 4, "stem": stem}
    model = assert_handle(student.probe.build("Bottleneck", [1, 1], options), "an nn.Module")
    found = student.probe.without_gradient(model, image(3, 3, 24, 20), 2)
    assert_equal(found, (0, 0), help=GRADIENT_HELP)
    assert_builds(student, "Bottleneck", [1, 1], options)


@pytest.mark.task("resnet18")
@pytest.mark.weight(2)
@pytest.mark.parametrize(
    "options",
    [{"num_classes": 7, "in_channels": 1}, {"width": 16, "stem": "imagenet", "zero_init_residual": True}],
    ids=["classes_and_channels", "width_and_stem"],
)
def test_resnet18_sizes(student, options):
    """Each keyword reaches the network."""
    assert_layers(student.probe.sizes("resnet18", options), resnet("BasicBlock", [2, 2, 2, 2], **options))


@pytest.mark.task("resnet18")
@pytest.mark.depends("test_resnet18_counts")
def test_resnet18_runs(student):
    """The network gives logits, and zero_init_residual reaches it."""
    model = assert_handle(student.resnet18(width=2, num_classes=3, zero_init_residual=True), "an nn.Module")
    assert_shape(model(image(2, 3, 16, 16)), (2, 3), help="keywords go to ResNet")
    assert_words(student.probe.norms(model), "12 with 1, 8 with 0", ZERO_HELP)
    assert_computes(student, model, resnet("BasicBlock", [2, 2, 2, 2], width=2, num_classes=3))


@pytest.mark.task("resnet50")
@pytest.mark.weight(2)
@pytest.mark.parametrize(
    "options",
    [{"num_classes": 7, "in_channels": 1}, {"width": 16, "stem": "imagenet", "zero_init_residual": True}],
    ids=["classes_and_channels", "width_and_stem"],
)
def test_resnet50_sizes(student, options):
    """Each keyword reaches the network."""
    assert_layers(student.probe.sizes("resnet50", options), resnet("Bottleneck", [3, 4, 6, 3], **options))


@pytest.mark.task("resnet50")
@pytest.mark.depends("test_resnet50_counts")
def test_resnet50_runs(student):
    """The network gives logits, and zero_init_residual reaches it."""
    model = assert_handle(student.resnet50(width=2, num_classes=3, zero_init_residual=True), "an nn.Module")
    assert_shape(model(image(2, 3, 16, 16)), (2, 3), help="keywords go to ResNet")
    assert_words(student.probe.norms(model), "37 with 1, 16 with 0", ZERO_HELP)
    assert_computes(student, model, resnet("Bottleneck", [3, 4, 6, 3], width=2, num_classes=3))


def assert_parts(answer, number):
    """A probe's answer, once it is known to be a tuple of `number` values: the submission's process sent it."""
    assert_that(type(answer) is tuple and len(answer) == number, f"an answer of {number} parts", "something else")
    return answer


def assert_answer(student, model, plan, x, seed, training, help):
    """The model answers x as a network of this plan does with the weights of `seed`."""
    state, *values = assert_parts(student.probe.trial(model, x, seed, training), 3)
    assert_value(tuple(values), plan, state, x, seed, training, help)


def assert_builds(student, block, layers, options):
    """ResNet makes networks that compute, if not rightly."""
    assert_computes(student, student.probe.build(block, layers, options), resnet(block, layers, **options))


def assert_computes(student, model, plan):
    """The network computes, if not rightly: only of such a one is anything else that a probe says believed."""
    model, x = assert_handle(model, "an nn.Module"), image(max(8, 64 // plan.dense[0]), plan.stem[1], 24, 18)
    state, _, logits = assert_parts(student.probe.trial(model, x, 16, False), 3)
    assert_related(logits, replays(plan, state, x, 16, False, VALUE_HELP)[0][1], VALUE_HELP)


def assert_layers(found, plan):
    """The shapes of all parameters are those of a network of this plan."""
    shapes = [shape for shape, _ in plan.shapes(projection_first=False)]
    shapes += 2 * [(shape[0],) for shape in shapes] + [plan.dense, plan.dense[:1]]
    expected = ", ".join(f"{shapes.count(s)}x {s}" for s in sorted(set(shapes)))
    assert_words(found, expected, "every keyword goes on to ResNet, and the other defaults stay")


def assert_words(found, expected, help):
    """A probe's answer in words is the `expected` one."""
    said = found if type(found) is str else "something else"
    assert_that(type(found) is str and found == expected, expected, said, help=help)
