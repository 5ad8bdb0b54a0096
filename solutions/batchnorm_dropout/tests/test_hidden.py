"""The checks that decide: batches of every shape, both modes, random upstream gradients, and chance that is chance."""

from __future__ import annotations

from typing import Any

import numpy as np
import oracle
import pytest
from layers import (
    BATCH,
    CHANNELS_AS_COLUMNS,
    CHANNELS_AS_IMAGES,
    CHANNELS_AS_ROWS,
    CONSTANT_CHANNEL,
    EVALUATION,
    EVALUATION_COLUMNS,
    EVALUATION_FLOAT32,
    EVALUATION_INTEGERS,
    EVALUATION_PIXEL,
    FLOAT32,
    GAMMA_ZERO,
    INTEGERS,
    LARGE_EPS,
    MOMENTA,
    MOVING,
    ONE_CHANNEL,
    ONE_IMAGE,
    SINGLE_PIXELS,
    TINY_VARIANCE,
    TWO_VALUES,
    UINT8,
    ZERO_RUNNING_VARIANCE,
    Layer,
    layer,
    whole,
)

from grader.testing import Handle, assert_allclose, assert_dtype, assert_shape, assert_that, assert_unchanged


def cases(**named: Layer) -> pytest.MarkDecorator:
    """Parametrise ``case`` over ``named``."""
    return pytest.mark.parametrize("case", list(named.values()), ids=list(named))


def parts(result: Any, names: str) -> list[Any]:
    """The result, taken apart, once it is known to have as many parts as there are names."""
    items = list(result) if isinstance(result, tuple | list | Handle) else []
    assert_that(len(items) == len(names.split()), f"the tuple ({', '.join(names.split())})", "something else")
    return items


def forward(student: Any, case: Layer) -> tuple[Any, Any, Any]:
    """Out, new_mean and new_var of the submission."""
    out, _, new_mean, new_var = parts(student.batchnorm2d(*case.args, **case.options), "out cache new_mean new_var")
    return out, new_mean, new_var


def backward(student: Any, case: Layer) -> list[Any]:
    """Dx, dgamma and dbeta of the submission, from its own cache."""
    return parts(student.probe.backward(case.dout, *case.args, **case.options), "dx dgamma dbeta")


# ---------------------------------------------------------------------------------------------------- batchnorm2d


@pytest.mark.task("batchnorm2d")
@pytest.mark.weight(7)
@cases(
    batch=BATCH,
    one_image=ONE_IMAGE,
    channels_as_columns=CHANNELS_AS_COLUMNS,
    channels_as_rows=CHANNELS_AS_ROWS,
    channels_as_images=CHANNELS_AS_IMAGES,
    gamma_zero=GAMMA_ZERO,
    single_pixels=SINGLE_PIXELS,
    two_values=TWO_VALUES,
    one_channel=ONE_CHANNEL,
    constant_channel=CONSTANT_CHANNEL,
    one_row=layer(27, (4, 2, 1, 3), momentum=0.0),
    one_column=layer(28, (3, 2, 5, 1), momentum=0.0),
)
def test_batchnorm_training_values(student: Any, case: Layer) -> None:
    """Normalised, stretched and shifted in training, whichever axes are equally long."""
    assert_allclose(forward(student, case)[0], case.out, help="mean and biased variance over images and pixels")


@pytest.mark.task("batchnorm2d")
@pytest.mark.weight(3)
@cases(images_as_channels=layer(6, (5, 5, 2, 3)), **MOMENTA)
def test_batchnorm_running_mean(student: Any, case: Layer) -> None:
    """The running mean after a training batch."""
    assert_allclose(forward(student, case)[1], case.new_mean, help="momentum is the weight of the new value")


@pytest.mark.task("batchnorm2d")
@pytest.mark.weight(4)
@cases(two_values=layer(8, (1, 2, 1, 2)), large_eps=layer(26, (2, 3, 4, 2), eps=0.75), **MOMENTA)
def test_batchnorm_running_variance(student: Any, case: Layer) -> None:
    """The running variance after a training batch."""
    assert_allclose(forward(student, case)[2], case.new_var, help="the unbiased variance, weighted by momentum")


@pytest.mark.task("batchnorm2d")
@pytest.mark.weight(4)
@cases(
    batch=EVALUATION,
    channels_as_columns=EVALUATION_COLUMNS,
    single_values=EVALUATION_PIXEL,
    no_variance=ZERO_RUNNING_VARIANCE,
)
def test_batchnorm_evaluation_values(student: Any, case: Layer) -> None:
    """Evaluation uses the running statistics, whatever the batch holds."""
    assert_allclose(forward(student, case)[0], case.out, help="running_mean and running_var, with eps under the root")


@pytest.mark.task("batchnorm2d")
@pytest.mark.depends("test_batchnorm_evaluation_example")
@cases(batch=EVALUATION, momentum=layer(25, (2, 3, 2, 4), training=False, momentum=0.5))
def test_batchnorm_evaluation_leaves_no_trace(student: Any, case: Layer) -> None:
    """The running statistics come out of an evaluation as they went in."""
    assert_allclose(forward(student, case)[1:], (case.new_mean, case.new_var))


@pytest.mark.task("batchnorm2d")
@pytest.mark.weight(2)
@cases(large_eps=LARGE_EPS, tiny_variance=TINY_VARIANCE)
def test_batchnorm_eps(student: Any, case: Layer) -> None:
    """Eps is added to the variance, under the root."""
    assert_allclose(forward(student, case), (case.out, case.new_mean, case.new_var))


def loose(x: np.ndarray) -> dict[str, float]:
    """Whoever computes in float32 what came in float32 is right, too, as long as float64 is returned."""
    return {"rtol": 1e-5, "atol": 1e-5} if x.dtype == np.float32 else {}


@pytest.mark.task("batchnorm2d")
@cases(
    integers=INTEGERS,
    uint8=UINT8,
    float32=FLOAT32,
    evaluation_integers=EVALUATION_INTEGERS,
    evaluation_float32=EVALUATION_FLOAT32,
)
def test_batchnorm_dtypes(student: Any, case: Layer) -> None:
    """float64 comes back, whatever goes in."""
    assert_allclose(forward(student, case), (case.out, case.new_mean, case.new_var), **loose(case.args[0]))


@pytest.mark.task("batchnorm2d")
@pytest.mark.depends("test_batchnorm_running_example")
@cases(training=MOVING, evaluation=EVALUATION)
def test_batchnorm_keeps_its_arguments(student: Any, case: Layer) -> None:
    """Neither the batch nor the parameters nor the running statistics are changed."""
    assert_unchanged(student.echo.batchnorm2d(*case.args, **case.options))


# ------------------------------------------------------------------------------------------- batchnorm2d_backward


@pytest.mark.task("batchnorm2d_backward")
@pytest.mark.weight(4)
@cases(
    batch=BATCH,
    one_image=ONE_IMAGE,
    channels_as_columns=CHANNELS_AS_COLUMNS,
    channels_as_images=CHANNELS_AS_IMAGES,
    single_pixels=SINGLE_PIXELS,
    one_channel=ONE_CHANNEL,
    gamma_zero=GAMMA_ZERO,
    large_eps=LARGE_EPS,
)
def test_backward_dx(student: Any, case: Layer) -> None:
    """dx after training, for random upstream gradients."""
    assert_allclose(backward(student, case)[0], case.dx, help="directly, through the mean and through the variance")


@pytest.mark.task("batchnorm2d_backward")
@pytest.mark.weight(3)
@cases(batch=BATCH, one_image=ONE_IMAGE, channels_as_rows=CHANNELS_AS_ROWS, gamma_zero=GAMMA_ZERO, large_eps=LARGE_EPS)
def test_backward_dgamma(student: Any, case: Layer) -> None:
    """Gradient of gamma after training."""
    assert_allclose(backward(student, case)[1], case.dgamma, help="sum of dout times the normalised values")


@pytest.mark.task("batchnorm2d_backward")
@pytest.mark.weight(2)
@cases(batch=BATCH, one_image=ONE_IMAGE, channels_as_columns=CHANNELS_AS_COLUMNS)
def test_backward_dbeta(student: Any, case: Layer) -> None:
    """Gradient of beta after training."""
    assert_allclose(backward(student, case)[2], case.dbeta, help="sum of dout")


@pytest.mark.task("batchnorm2d_backward")
@pytest.mark.weight(3)
@cases(batch=EVALUATION, channels_as_columns=EVALUATION_COLUMNS, single_values=EVALUATION_PIXEL)
def test_backward_evaluation(student: Any, case: Layer) -> None:
    """All three gradients after evaluation, where the statistics are constants."""
    assert_allclose(tuple(backward(student, case)), (case.dx, case.dgamma, case.dbeta))


@pytest.mark.task("batchnorm2d_backward")
def test_backward_dtypes(student: Any) -> None:
    """float64 comes back for integers and float32."""
    for x, dout in (
        (INTEGERS.args[0], whole(31, -5, 6, "int64", 2, 3, 4, 2)),
        (FLOAT32.args[0], (whole(32, -9, 10, "int64", 3, 2, 2, 4) / 4).astype("float32")),
    ):
        channels = x.shape[1]
        args = (x, np.arange(1, channels + 1), np.zeros(channels), np.zeros(channels), np.ones(channels), True)
        actual = parts(student.probe.backward(dout, *args), "dx dgamma dbeta")
        assert_allclose(tuple(actual), oracle.batchnorm2d_backward(dout, *args), **loose(x))


@pytest.mark.task("batchnorm2d_backward")
def test_backward_after_another_forward(student: Any) -> None:
    """A cache belongs to its own call, whatever the layer has seen since."""
    actual = student.probe.backward_of_first(MOVING.dout, MOVING.args, ONE_IMAGE.args)
    assert_allclose(tuple(parts(actual, "dx dgamma dbeta")), (MOVING.dx, MOVING.dgamma, MOVING.dbeta))


@pytest.mark.task("batchnorm2d_backward")
@pytest.mark.weight(2)
@cases(training=BATCH, evaluation=EVALUATION)
def test_backward_keeps_its_arguments(student: Any, case: Layer) -> None:
    """The upstream gradient is not changed, and the cache is not used up."""
    dout, first, second = parts(student.probe.backward_twice(case.dout, *case.args), "dout first second")
    expected = (case.dx, case.dgamma, case.dbeta)
    assert_allclose(tuple(parts(first, "dx dgamma dbeta")), expected)
    assert_allclose(dout, case.dout, rtol=0, atol=0, help="work on a copy: the caller still needs dout")
    assert_allclose(tuple(parts(second, "dx dgamma dbeta")), expected, help="the same cache once more")


# -------------------------------------------------------------------------------------------------------- dropout
# Chance is checked with bounds of at least six standard deviations: a right answer, however it draws, fails one of
# them less than once in a million times, and always or never for a given way of drawing.

IMAGES = np.random.default_rng(41).normal(size=(8, 10, 20, 18))


def dropped(student: Any, x: np.ndarray, p: float, seed: int) -> Any:
    """The mask of one call in training, once the result is known to be the one that this mask gives."""
    result = student.dropout(x, p, training=True, rng=np.random.default_rng(seed))
    out, mask = parts(result, "out mask")
    assert_mask(mask, x)
    expected = np.where(mask, x.astype(np.float64) / (1 - p), 0.0)
    assert_allclose(out, expected, **loose(x), help="x / (1 - p) where the mask is True, 0 elsewhere")
    return mask


def assert_mask(mask: Any, x: np.ndarray) -> None:
    """A boolean array of the shape of x."""
    assert_shape(mask, x.shape, help="one decision for each element")
    assert_dtype(mask, "bool", help="the mask says who is kept: True or False")


def assert_share(share: float, expected: float, margin: float, what: str) -> None:
    """A measured share is near the expected one."""
    assert_that(abs(share - expected) < margin, f"about {expected:.0%} {what}", f"{share:.1%}")


@pytest.mark.task("dropout")
@pytest.mark.weight(3)
@pytest.mark.parametrize("p", [0.2, 0.5, 0.85])
def test_dropout_training(student: Any, p: float) -> None:
    """What is kept is scaled up, what is dropped is 0, and p is the share of the dropped."""
    mask = dropped(student, IMAGES, p, 42)
    assert_share(mask.mean(), 1 - p, 0.02, "kept")


@pytest.mark.task("dropout")
@pytest.mark.weight(2)
def test_dropout_each_element(student: Any) -> None:
    """Each element has a draw of its own: neighbours along any axis agree no more often than chance has it."""
    mask = dropped(student, IMAGES, 0.3, 43)
    for axis in range(mask.ndim):
        ahead, behind = np.delete(mask, 0, axis), np.delete(mask, -1, axis)
        assert_share((ahead == behind).mean(), 0.58, 0.04, f"agreement along axis {axis}")
    share = dropped(student, np.zeros((40, 50)), 0.25, 46).mean()
    assert_share(share, 0.75, 0.06, "kept where x is 0")
    counts = {int(dropped(student, np.ones((20, 30)), 0.4, seed).sum()) for seed in range(8)}
    assert_that(len(counts) > 1, "different numbers of dropped elements", "the same number each time")


@pytest.mark.task("dropout")
@pytest.mark.weight(2)
@pytest.mark.parametrize(
    "x",
    [
        np.random.default_rng(44).normal(size=500),
        np.random.default_rng(45).normal(size=(6, 9, 12)),
        whole(55, -9, 10, "int64", 9, 7),
        whole(57, 0, 256, "uint8", 9, 7),
        (whole(59, -40, 40, "int64", 9, 7) / 4).astype("float32"),
    ],
    ids=["one_axis", "three_axes", "integers", "uint8", "float32"],
)
def test_dropout_arrays(student: Any, x: np.ndarray) -> None:
    """Any shape and any number type; float64 comes back."""
    dropped(student, x, 0.3, 60)


@pytest.mark.task("dropout")
@pytest.mark.weight(2)
def test_dropout_generator(student: Any) -> None:
    """The same seed gives the same mask, another seed another one, and so does the next call."""
    x = np.ones((50, 40))
    first, again, other = (dropped(student, x, 0.5, seed) for seed in (47, 47, 48))
    assert_that(bool((first == again).all()), "the same mask from the same seed", "two different ones")
    assert_share((first == other).mean(), 0.5, 0.08, "agreement between two seeds")
    calls = [parts(call, "out mask") for call in parts(student.probe.dropout_twice(x, 0.5, 47), "first second")]
    for _, mask in calls:
        assert_mask(mask, x)
    assert_share((calls[0][1] == calls[1][1]).mean(), 0.5, 0.08, "agreement between two calls")


@pytest.mark.task("dropout")
@pytest.mark.parametrize("p", [0.1, 0.3, 0.6, 0.8, 1.0, 0.0])
def test_dropout_evaluation(student: Any, p: float) -> None:
    """In evaluation x passes as it is, for every p."""
    x = np.random.default_rng(53).normal(size=(3, 2, 4, 5))
    out, mask = parts(student.dropout(x, p, False, np.random.default_rng(54)), "out mask")
    assert_allclose(out, x, help="nothing is dropped and nothing is scaled")
    assert_allclose(mask, np.ones((3, 2, 4, 5), dtype=bool))


@pytest.mark.task("dropout")
@pytest.mark.depends("test_dropout_half", "test_dropout_training")
@pytest.mark.parametrize(("p", "shape"), [(1.0, (3, 4)), (1.0, (2, 3, 2, 5)), (0.0, (7, 30))], ids=list("abc"))
def test_dropout_all_or_nothing(student: Any, p: float, shape: tuple[int, ...]) -> None:
    """With p = 1 everything is 0, without NaN; with p = 0 everything is kept."""
    x = np.random.default_rng(49).normal(size=shape)
    out, mask = parts(student.dropout(x, p, True, np.random.default_rng(50)), "out mask")
    assert_allclose(out, x if p == 0 else np.zeros(shape), help="1 / (1 - p) may be infinite: see to it before")
    assert_allclose(mask, np.full(shape, p == 0))


@pytest.mark.task("dropout")
@pytest.mark.depends("test_dropout_half", "test_dropout_evaluation_example")
@pytest.mark.parametrize("training", [True, False], ids=["training", "evaluation"])
def test_dropout_keeps_its_argument(student: Any, training: bool) -> None:
    """The caller's array is not changed."""
    x = np.random.default_rng(61).normal(size=(5, 6))
    after = student.probe.dropout_input(x, 0.4, training, 62)
    assert_allclose(after, x, rtol=0, atol=0, help="x belongs to the caller: no in-place multiplication")
