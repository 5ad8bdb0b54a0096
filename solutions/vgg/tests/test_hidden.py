"""The hidden checks of `vgg`: every argument, sizes that don't divide, both modes, dropout, and counting."""

import pytest
import torch
from oracle import VGG16, VGG19, assert_related, assert_value, block, count, replay, vgg

from grader.testing import assert_allclose, assert_dtype, assert_equal, assert_handle, assert_shape, assert_that

BLOCK_HELP = "3x3 with padding 1, (BatchNorm,) ReLU for each convolution; one 2x2 max-pool at the end"
NORM_HELP = "the order is convolution, BatchNorm, ReLU, with a BatchNorm of its own for each convolution"
VGG_HELP = "features, avgpool, one row per image, three dense layers; a ReLU after the first two, nothing at the end"
DROPOUT_HELP = "dropout with the probability given, after the first and the second dense layer, in training mode only"


def image(n, channels, height, width, seed=0):
    """Random numbers of both signs, (n, channels, height, width)."""
    return torch.randn(n, channels, height, width, generator=torch.Generator().manual_seed(seed))


BLOCK = {
    "one_conv": ((1, 3, 5), image(2, 3, 4, 6)),
    "two_convs": ((2, 3, 4, False), image(2, 3, 6, 8)),
    "three_convs": ((3, 2, 5), image(1, 2, 8, 4)),
    "four_convs": ((4, 5, 3), image(3, 5, 4, 10)),
    "odd_size": ((2, 1, 4), image(2, 1, 7, 5)),
}
NORMED = {
    "one_conv": ((1, 3, 5, True), image(2, 3, 4, 6)),
    "three_convs": ((3, 2, 4, True), image(3, 2, 6, 9)),
    "same_channels": ((2, 4, 4, True), image(2, 4, 5, 8)),
}
# cfg, num_classes, options, images
VGGS = {
    "small": ([4, "M", 6, 6, "M"], 5, {"hidden": 7, "pool_out": 2}, image(3, 3, 8, 12)),
    "one_image": ((5, "M", 3, "M"), 4, {"hidden": 6, "pool_out": 1}, image(1, 3, 9, 6)),
    "widths_in_a_row": ([3, 5, 4, "M"], 6, {"hidden": 5, "pool_out": 2, "in_channels": 2}, image(2, 2, 8, 4)),
    "no_last_pooling": ([4, "M", 5], 3, {"hidden": 8, "pool_out": 3}, image(2, 3, 7, 10)),
    "pooling_twice": ([3, "M", "M", 4, "M"], 2, {"hidden": 4, "pool_out": 1}, image(2, 3, 9, 17)),
    "enlarged": ([4, "M"], 3, {"hidden": 5, "pool_out": 3, "in_channels": 1}, image(4, 1, 2, 5)),
    "one_class": ([2, "M"], 1, {"hidden": 3, "pool_out": 2, "dropout": 0.9}, image(2, 3, 6, 4)),
    "default_pool_out": ([2, "M"], 4, {"hidden": 3}, image(2, 3, 6, 20)),
    "batch_norm": ([4, 5, "M", 5, "M"], 3, {"hidden": 6, "pool_out": 2, "batch_norm": True}, image(2, 3, 8, 11)),
}
TRAINED = {
    "plain": ([3, "M", 4, 4, "M"], 5, {"hidden": 6, "pool_out": 2, "dropout": 0.0}, image(3, 3, 6, 9)),
    "batch_norm": (
        [4, "M", 5, 4, "M"],
        3,
        {"hidden": 6, "pool_out": 2, "dropout": 0.0, "batch_norm": True},
        image(4, 3, 9, 8),
    ),
}


def cases(table):
    """The parametrisation of a table of networks."""
    return pytest.mark.parametrize(("cfg", "num_classes", "options", "x"), table.values(), ids=table)


@pytest.mark.task("vgg_block")
@pytest.mark.weight(3)
@pytest.mark.parametrize(("arguments", "x"), BLOCK.values(), ids=BLOCK)
def test_block_values(student, arguments, x):
    """The value without BatchNorm, for random weights and biases."""
    made = assert_handle(student.vgg_block(*arguments), "an nn.Sequential")
    state, y = parts(student.probe.trial(made, x, 11, False), 2)
    assert_value(y, block(*arguments), state, x, 11, help=BLOCK_HELP)


@pytest.mark.task("vgg_block")
@pytest.mark.weight(2)
@pytest.mark.parametrize("training", [False, True], ids=["eval", "train"])
@pytest.mark.parametrize(("arguments", "x"), NORMED.values(), ids=NORMED)
def test_block_batch_norm(student, arguments, x, training):
    """The value with BatchNorm, in both modes, for random weights and statistics."""
    n_convs, c_in, c_out, batch_norm = arguments
    made = student.vgg_block(n_convs=n_convs, c_in=c_in, c_out=c_out, batch_norm=batch_norm)
    made = assert_handle(made, "an nn.Sequential")
    state, y = parts(student.probe.trial(made, x, 12, training), 2)
    assert_value(y, block(*arguments), state, x, 12, training, help=NORM_HELP)


@pytest.mark.task("vgg_block")
@pytest.mark.depends("test_block_by_hand")
def test_block_shape(student):
    """Only the pooling halves height and width."""
    made, x = assert_handle(student.vgg_block(3, 2, 5), "an nn.Sequential"), image(4, 2, 9, 14)
    assert_shape(made(x), (4, 5, 4, 7), help="padding 1 keeps the size; 9 rows become 4")
    assert_computes(student, made, block(3, 2, 5), x)


@pytest.mark.task("vgg_block")
@pytest.mark.depends("test_block_by_hand")
def test_block_is_sequential(student):
    """The block is an nn.Sequential."""
    made = assert_handle(student.vgg_block(1, 2, 3), "an nn.Sequential")
    assert_equal(student.probe.is_sequential(made), True, help="return nn.Sequential(*layers)")
    assert_computes(student, made, block(1, 2, 3), image(8, 2, 5, 6))


@pytest.mark.task("VGG")
@pytest.mark.weight(6)
@cases(VGGS)
def test_vgg_values(student, cfg, num_classes, options, x):
    """The logits in evaluation mode, for random weights."""
    model = assert_handle(student.VGG(cfg, num_classes, **options), "an nn.Module")
    state, y = parts(student.probe.trial(model, x, 21, False), 2)
    assert_value(y, vgg(cfg, num_classes, **options), state, x, 21, help=VGG_HELP)


@pytest.mark.task("VGG")
@pytest.mark.weight(2)
@cases(TRAINED)
def test_vgg_training(student, cfg, num_classes, options, x):
    """The logits in training mode with nothing dropped."""
    model = assert_handle(student.VGG(cfg, num_classes, **options), "an nn.Module")
    state, y = parts(student.probe.trial(model, x, 22, True), 2)
    assert_value(y, vgg(cfg, num_classes, **options), state, x, 22, training=True, help=NORM_HELP)


@pytest.mark.task("VGG")
def test_vgg_arguments_in_order(student):
    """All arguments may be given by position."""
    arguments, x = ([3, "M", 4], 5, 2, True, 6, 0.5, 2), image(8, 2, 5, 8)  # so many that dropout shows
    model = assert_handle(student.VGG(*arguments), "an nn.Module")
    state, y = parts(student.probe.trial(model, x, 23, False), 2)
    assert_value(y, vgg(*arguments), state, x, 23, help="in_channels, batch_norm, hidden, dropout, pool_out")


@pytest.mark.task("VGG")
@pytest.mark.weight(2)
@pytest.mark.parametrize("part", ["features", "avgpool", "classifier"])
def test_vgg_attributes(student, part):
    """Each of the three attributes gives its part of the result."""
    cfg, num_classes, options, x = VGGS["no_last_pooling"]
    model = assert_handle(student.VGG(cfg, num_classes, **options), "an nn.Module")
    state, *found = parts(student.probe.stages(model, x, 24), 4)
    number = ["features", "avgpool", "classifier"].index(part)
    assert_allclose(found[number], replay(vgg(cfg, num_classes, **options), state, x, 24)[number], help=f"self.{part}")


@pytest.mark.task("VGG")
@pytest.mark.weight(2)
@pytest.mark.parametrize(
    ("cfg", "num_classes", "options"),
    [(VGG19, 1000, {}), (VGG16, 1000, {"batch_norm": True}), (VGG16, 10, {"in_channels": 1, "pool_out": 1})],
    ids=["VGG-19", "VGG-16-BN", "VGG-16_grey"],
)
def test_vgg_counts(student, cfg, num_classes, options):
    """The full networks have the right number of parameters."""
    found = parts(student.probe.full_size(cfg, num_classes, options), 2)
    narrow = [entry if isinstance(entry, str) else entry // 16 for entry in cfg]
    plans = {"full": vgg(cfg, num_classes, **options), "narrow": vgg(narrow, num_classes, **{**options, "hidden": 24})}
    assert_that(type(found[0]) is str and found[0] in plans, "a count of parameters", "something else")
    assert_equal(found[1], count(plans[found[0]]), help="convolutions keep their bias; BatchNorm has 2 numbers each")


# With p = 0.25 an element comes through both dropouts with probability 0.5625. For 4096 elements a right answer's share
# strays from it by 0.0078 (one standard deviation), so that a deviation of 0.05 is one of more than 6 of them.
@pytest.mark.task("VGG")
@pytest.mark.depends("test_vgg_by_hand")
@pytest.mark.weight(3)
@pytest.mark.parametrize(
    ("averaging", "options", "value", "kept"),
    [
        (-1, {"dropout": 0.25}, 1 / 0.75**2, 0.75**2),
        (-1, {}, 4.0, 0.25),
        (0, {"dropout": 0.25}, 1 / 0.75**2, 0.75**2),
        (1, {"dropout": 0.25}, None, 0.75),
        (2, {"dropout": 0.25}, None, 1.0),
    ],
    ids=["twice", "default", "not_before", "after_second", "not_at_the_end"],
)
def test_vgg_dropout(student, averaging, options, value, kept):
    """In training mode elements are dropped where they should be, and the others scaled up."""
    cfg, x = [16, "M"], torch.zeros(16, 3, 8, 8)
    model = assert_handle(student.VGG(cfg, 256, hidden=256, pool_out=4, **options), "an nn.Module")
    y = student.probe.dropped(model, x, averaging)
    assert_shape(y, (16, 256))
    assert_dtype(y, "float32")
    share = float((y != 0).double().mean())
    assert_that(abs(share - kept) < 0.05, f"about {kept:.0%} of the elements kept", f"{share:.0%}", help=DROPOUT_HELP)
    # What is kept is 1 scaled up, or, behind the averaging layer, one number for each image.
    targets = torch.full_like(y, value) if value else y.amax(1, keepdim=True).expand_as(y)
    assert_allclose(y, torch.where(y == 0, y, targets), rtol=1e-3, help=DROPOUT_HELP)
    assert_computes(student, model, vgg(cfg, 256, hidden=256, pool_out=4), image(1, 3, 8, 8))


@pytest.mark.task("VGG")
@pytest.mark.depends("test_vgg_by_hand")
def test_vgg_sizes(student):
    """One network takes images of all sizes."""
    arguments, options = ([4, "M", 5, "M"], 6), {"hidden": 7, "pool_out": 3}
    model = assert_handle(student.VGG(*arguments, **options), "an nn.Module")
    for n, height, width in ((1, 32, 32), (2, 4, 21), (5, 13, 6)):
        assert_shape(model(image(n, 3, height, width)), (n, 6), help="avgpool makes every size pool_out by pool_out")
        assert_computes(student, model, vgg(*arguments, **options), image(12, 3, height, width))


@pytest.mark.task("VGG")
@pytest.mark.depends("test_vgg_by_hand")
def test_vgg_gradient(student):
    """Every parameter gets a gradient."""
    arguments, options = ([4, "M", 5, "M"], 6), {"batch_norm": True, "hidden": 7, "pool_out": 2}
    model, x = assert_handle(student.VGG(*arguments, **options), "an nn.Module"), image(2, 3, 8, 12)
    help = "each layer is used in forward, and nothing is detached"
    assert_equal(student.probe.without_gradient(model, x), 0, help=help)
    assert_computes(student, model, vgg(*arguments, **options), image(12, 3, 8, 12))


@pytest.mark.task("count_params")
@pytest.mark.depends("test_count_all")
@pytest.mark.weight(3)
@pytest.mark.parametrize(
    ("kind", "number"),
    [("buffers", 36), ("shared", 24), ("nested", 104), ("none", 0), ("meta", 3_000_060_000), ("backbone frozen", 107)],
    ids=["buffers", "shared", "nested", "no_parameters", "meta", "frozen"],
)
def test_count_structures(student, kind, number):
    """Modules of every structure are counted."""
    help = "each parameter of each submodule once; buffers are no parameters"
    assert_equal(student.count_params(student.probe.network(kind)), number, help=help)


@pytest.mark.task("count_params")
@pytest.mark.depends("test_count_all")
@pytest.mark.weight(2)
@pytest.mark.parametrize(
    ("kind", "number"),
    [("backbone frozen", 35), ("all frozen", 0), ("stack", 156), ("buffers", 36)],
    ids=["backbone", "everything", "nothing", "buffers"],
)
def test_count_trainable_structures(student, kind, number):
    """Frozen parameters are left out wherever they are."""
    help = "p.requires_grad tells for each parameter"
    assert_equal(student.count_params(student.probe.network(kind), True), number, help=help)


def assert_computes(student, model, plan, x):
    """The network computes, if not rightly: only of such a one is anything else that a probe says believed."""
    state, y = parts(student.probe.trial(model, x, 29, False), 2)
    stages = replay(plan, state, x, 29)
    assert_related(y, stages.logits if plan.dense else stages.features, help=VGG_HELP if plan.dense else BLOCK_HELP)


def parts(answer, count):
    """A probe's answer, once it is known to be a tuple of `count` values: the submission's process sent it."""
    assert_that(type(answer) is tuple and len(answer) == count, f"an answer of {count} parts", "something else")
    return answer
