"""The hidden checks of `residual_block`: every shape, both modes, gradients, and what the caller keeps."""

import pytest
import torch
from oracle import assert_computes, assert_gradient, assert_value, basic, bottleneck

from grader.testing import assert_allclose, assert_equal, assert_handle, assert_shape, assert_that

SKIP_HELP = "y = ReLU(F(x) + S(x)): check the ReLUs, the strides and what is added"
MODE_HELP = "in training each BatchNorm uses the batch's own statistics; order: convolution, BatchNorm, ReLU"
GRADIENT_HELP = "the gradient reaches x through the branch and through the shortcut: nothing is detached"
COUNT_HELP = "a BatchNorm of its own behind each convolution, projection included: none unused, none used twice"
UNCHANGED_HELP = "x belongs to the caller: no in-place ReLU and no += on it"


def image(n, channels, height, width, seed=0):
    """Random numbers of both signs, (n, channels, height, width)."""
    return torch.randn(n, channels, height, width, generator=torch.Generator().manual_seed(seed))


BASIC = {
    "same_shape": ((5, 5), image(2, 5, 4, 7)),
    "more_channels": ((3, 5), image(2, 3, 6, 4)),
    "fewer_channels": ((6, 4, 1), image(1, 6, 3, 5)),
    "stride": ((4, 4, 2), image(2, 4, 5, 8)),
    "stride_and_channels": ((3, 6, 2), image(1, 3, 7, 10)),
    "stride_3": ((4, 4, 3), image(3, 4, 7, 5)),
    "one_channel": ((1, 4), image(4, 1, 5, 6)),
    "sliced_input": ((4, 4), image(2, 8, 3, 6)[:, ::2]),
}
BOTTLENECK = {
    "same_shape": ((12, 3), image(2, 12, 4, 5)),
    "more_channels": ((5, 3), image(2, 5, 6, 4)),
    "fewer_channels": ((16, 2, 1), image(1, 16, 3, 5)),
    "equal_width": ((3, 3), image(2, 3, 4, 6)),
    "stride": ((8, 2, 2), image(2, 8, 5, 7)),
    "stride_and_channels": ((5, 3, 2), image(1, 5, 7, 10)),
    "stride_3": ((8, 2, 3), image(3, 8, 7, 5)),
    "sliced_input": ((8, 2), image(2, 16, 3, 6)[:, ::2]),
}
# Where one of them computes, what is said of a block is believed: a mistake may spoil strides or new widths alone.
BASIC_TRIES = [((4, 6), image(8, 4, 6, 7)), ((4, 4, 2), image(8, 4, 9, 12))]
BOTTLENECK_TRIES = [((5, 2), image(8, 5, 6, 7)), ((8, 2, 2), image(8, 8, 9, 12))]

# Training needs several values a channel, and enough of them to keep the variance away from 0.
TRAINING = ("same_shape", "more_channels", "stride", "stride_3")

# Chosen so that no ReLU's argument comes closer to 0 than 5e-3: there the gradient jumps, and float32 could fall on the
# other side than the oracle's float64.
GRADIENT_SEED = {"BasicBlock": 375, "Bottleneck": 190}


def cases(table, names=None):
    """The parametrisation of a table, or of some of its entries."""
    chosen = {name: table[name] for name in names or table}
    return pytest.mark.parametrize(("arguments", "x"), chosen.values(), ids=chosen)


@pytest.mark.task("BasicBlock")
@pytest.mark.depends("test_basic_runs")
def test_basic_computes(student):
    """What the block gives depends on its weights and its input."""
    answers = student.probe.tries("BasicBlock", BASIC_TRIES, 16)
    assert_computes(answers, [(basic(*arguments), x) for arguments, x in BASIC_TRIES], 16, help=SKIP_HELP)


@pytest.mark.task("BasicBlock")
@pytest.mark.weight(7)
@cases(BASIC)
def test_basic_eval(student, arguments, x):
    """The value in evaluation mode, for random weights and statistics."""
    block = assert_handle(student.BasicBlock(*arguments), "an nn.Module")
    state, y, _ = parts(student.probe.trial(block, x, 11, False), 3)
    assert_value(y, basic(*arguments), state, x, 11, training=False, help=SKIP_HELP)


@pytest.mark.task("BasicBlock")
@pytest.mark.weight(4)
@cases(BASIC, TRAINING)
def test_basic_training(student, arguments, x):
    """The value in training mode, for random weights."""
    block = assert_handle(student.BasicBlock(*arguments), "an nn.Module")
    state, y, _ = parts(student.probe.trial(block, x, 12, True), 3)
    assert_value(y, basic(*arguments), state, x, 12, training=True, help=MODE_HELP)


@pytest.mark.task("BasicBlock")
@pytest.mark.weight(4)
@pytest.mark.parametrize("zero_3x3", [False, True], ids=["random", "zeroed"])
@cases(BASIC, ("same_shape", "stride_and_channels"))
def test_basic_gradient(student, arguments, x, zero_3x3):
    """The gradient of the input, also when the branch is dead."""
    block = assert_handle(student.BasicBlock(*arguments), "an nn.Module")
    assert_input_gradient(student, block, basic(*arguments), x, GRADIENT_SEED["BasicBlock"], zero_3x3)


@pytest.mark.task("BasicBlock")
@pytest.mark.depends("test_basic_computes")
@cases(BASIC)
def test_basic_shapes(student, arguments, x):
    """The shape of the output, also for sizes that the stride does not divide."""
    block = assert_handle(student.BasicBlock(*arguments), "an nn.Module")
    assert_output_shape(block, x, channels=arguments[1], stride=arguments[2] if len(arguments) > 2 else 1)


@pytest.mark.task("BasicBlock")
@pytest.mark.depends("test_basic_computes")
@pytest.mark.weight(2)
@cases(BASIC, ("same_shape", "stride_and_channels"))
def test_basic_batches_counted(student, arguments, x):
    """Each BatchNorm sees each batch exactly once."""
    block = assert_handle(student.BasicBlock(*arguments), "an nn.Module")
    counts = student.probe.batches(block, x)
    assert_equal(counts, [1] * len(basic(*arguments).places), help=COUNT_HELP)


@pytest.mark.task("BasicBlock")
@pytest.mark.depends("test_basic_computes")
def test_basic_scale_free(student):
    """In training mode the size of the convolutions' weights does not matter."""
    block = assert_handle(student.BasicBlock(in_ch=4, out_ch=6, stride=2), "an nn.Module")
    assert_scale_free(student, block, image(3, 4, 6, 9), (3, 6, 3, 5))


@pytest.mark.task("BasicBlock")
@pytest.mark.depends("test_basic_computes")
@cases(BASIC, ("same_shape", "stride"))
def test_basic_input_unchanged(student, arguments, x):
    """The caller's tensor is unchanged after the call, in both modes."""
    block = assert_handle(student.BasicBlock(*arguments), "an nn.Module")
    assert_input_unchanged(student, block, x)


@pytest.mark.task("BasicBlock")
@pytest.mark.depends("test_basic_computes")
def test_basic_expansion(student):
    """A network can read the block's expansion."""
    block = assert_handle(student.BasicBlock(4, 6), "an nn.Module")
    assert_equal(block.expansion, 1)


@pytest.mark.task("Bottleneck")
@pytest.mark.depends("test_bottleneck_runs")
def test_bottleneck_computes(student):
    """What the block gives depends on its weights and its input."""
    answers = student.probe.tries("Bottleneck", BOTTLENECK_TRIES, 16)
    assert_computes(answers, [(bottleneck(*arguments), x) for arguments, x in BOTTLENECK_TRIES], 16, help=SKIP_HELP)


@pytest.mark.task("Bottleneck")
@pytest.mark.weight(9)
@cases(BOTTLENECK)
def test_bottleneck_eval(student, arguments, x):
    """The value in evaluation mode, for random weights and statistics."""
    block = assert_handle(student.Bottleneck(*arguments), "an nn.Module")
    state, y, _ = parts(student.probe.trial(block, x, 21, False), 3)
    assert_value(y, bottleneck(*arguments), state, x, 21, training=False, help=SKIP_HELP)


@pytest.mark.task("Bottleneck")
@pytest.mark.weight(4)
@cases(BOTTLENECK, TRAINING)
def test_bottleneck_training(student, arguments, x):
    """The value in training mode, for random weights."""
    block = assert_handle(student.Bottleneck(*arguments), "an nn.Module")
    state, y, _ = parts(student.probe.trial(block, x, 22, True), 3)
    assert_value(y, bottleneck(*arguments), state, x, 22, training=True, help=MODE_HELP)


@pytest.mark.task("Bottleneck")
@pytest.mark.weight(5)
@pytest.mark.parametrize("zero_3x3", [False, True], ids=["random", "zeroed"])
@cases(BOTTLENECK, ("same_shape", "stride_and_channels"))
def test_bottleneck_gradient(student, arguments, x, zero_3x3):
    """The gradient of the input, also when the branch is dead."""
    block = assert_handle(student.Bottleneck(*arguments), "an nn.Module")
    assert_input_gradient(student, block, bottleneck(*arguments), x, GRADIENT_SEED["Bottleneck"], zero_3x3)


@pytest.mark.task("Bottleneck")
@pytest.mark.depends("test_bottleneck_computes")
@cases(BOTTLENECK)
def test_bottleneck_shapes(student, arguments, x):
    """The shape of the output, also for sizes that the stride does not divide."""
    block = assert_handle(student.Bottleneck(*arguments), "an nn.Module")
    assert_output_shape(block, x, channels=4 * arguments[1], stride=arguments[2] if len(arguments) > 2 else 1)


@pytest.mark.task("Bottleneck")
@pytest.mark.depends("test_bottleneck_computes")
@pytest.mark.weight(2)
@cases(BOTTLENECK, ("same_shape", "stride_and_channels"))
def test_bottleneck_batches_counted(student, arguments, x):
    """Each BatchNorm sees each batch exactly once."""
    block = assert_handle(student.Bottleneck(*arguments), "an nn.Module")
    counts = student.probe.batches(block, x)
    assert_equal(counts, [1] * len(bottleneck(*arguments).places), help=COUNT_HELP)


@pytest.mark.task("Bottleneck")
@pytest.mark.depends("test_bottleneck_computes")
def test_bottleneck_scale_free(student):
    """In training mode the size of the convolutions' weights does not matter."""
    block = assert_handle(student.Bottleneck(in_ch=5, mid_ch=2, stride=2), "an nn.Module")
    assert_scale_free(student, block, image(3, 5, 6, 9), (3, 8, 3, 5))


@pytest.mark.task("Bottleneck")
@pytest.mark.depends("test_bottleneck_computes")
@pytest.mark.weight(2)
@cases(BOTTLENECK, ("same_shape", "stride"))
def test_bottleneck_input_unchanged(student, arguments, x):
    """The caller's tensor is unchanged after the call, in both modes."""
    block = assert_handle(student.Bottleneck(*arguments), "an nn.Module")
    assert_input_unchanged(student, block, x)


@pytest.mark.task("Bottleneck")
@pytest.mark.depends("test_bottleneck_computes")
def test_bottleneck_expansion(student):
    """A network can read the block's expansion."""
    block = assert_handle(student.Bottleneck(4, 2), "an nn.Module")
    assert_equal(block.expansion, 4)


def parts(answer, count):
    """A probe's answer, once it is known to be a tuple of `count` values: the submission's process sent it."""
    assert_that(type(answer) is tuple and len(answer) == count, f"an answer of {count} parts", "something else")
    return answer


def assert_output_shape(block, x, channels, stride):
    """A fresh block, called directly, gives a tensor of the right shape."""
    n, _, height, width = x.shape
    assert_shape(block(x), (n, channels, -(-height // stride), -(-width // stride)), help="ceil(H / stride) rows")


def assert_scale_free(student, block, x, shape):
    """The output in training mode is the same when all convolutions are 7 times as large."""
    outputs = [parts(student.probe.trial(block, x, 31, True, scale), 3)[1] for scale in (1.0, 7.0)]
    for y in outputs:
        assert_shape(y, shape)
    # The BatchNorm's eps weighs less beside a larger variance: about 1e-3 here, where a missing BatchNorm gives 1.
    help = "a BatchNorm directly behind each convolution undoes its scale"
    assert_allclose(outputs[1], outputs[0], rtol=0.01, atol=0.01, help=help)


def assert_input_unchanged(student, block, x):
    """X is what it was, in evaluation and in training mode."""
    for training in (False, True):
        _, _, changed = parts(student.probe.trial(block, x, 41, training), 3)
        assert_equal(changed, False, help=UNCHANGED_HELP)


def assert_input_gradient(student, block, plan, x, seed, zero_3x3):
    """The gradient with respect to x, for a random upstream gradient."""
    n, _, height, width = x.shape
    *_, last = plan.places
    stride = max(place.stride for place in plan.places)
    upstream = image(n, last.shape[0], -(-height // stride), -(-width // stride), seed=1)
    state, dx = parts(student.probe.gradient(block, x, upstream, seed, zero_3x3), 2)
    assert_gradient(dx, plan, state, x, upstream, seed, zero_3x3, help=GRADIENT_HELP)
