"""The public checks of `augmentation`: small images, many draws, and what g must and must not do.

The probes (`probes.py`) call your functions many times on one generator; the results come back as one tensor.
"""

import pytest
import torch

from grader.testing import assert_allclose, assert_dtype, assert_equal, assert_handle, assert_shape, assert_that

SEED_HELP = "draw from g, pass generator=g to torch's functions, and never reseed it"
ROW = torch.tensor([[[0.25, 0.5, 0.75]]])
LETTER = torch.tensor(
    [
        [
            [0.0, 0, 0, 0, 0, 0, 0],
            [0, 1, 1, 1, 1, 1, 0],
            [0, 1, 0, 0, 0, 0, 0],
            [0, 1, 1, 1, 0, 0, 0],
            [0, 1, 0, 0, 0, 0, 0],
            [0, 1, 0, 0, 0, 0, 0],
            [0, 0, 0, 0, 0, 0, 0],
        ]
    ]
)
"""An F: large enough to be looked at where a check fails."""


def seeded(seed):
    """A fresh generator."""
    return torch.Generator().manual_seed(seed)


@pytest.mark.task("random_hflip")
@pytest.mark.parametrize(
    ("img", "flipped"),
    [
        (torch.tensor([[[1.0, 2, 3], [4, 5, 6]]]), torch.tensor([[[3.0, 2, 1], [6, 5, 4]]])),
        (LETTER, LETTER.flip(2)),
    ],
    ids=["numbers", "letter"],
)
def test_hflip_by_hand(student, img, flipped):
    """Always for p = 1, never for p = 0."""
    assert_allclose(student.random_hflip(img, 1.0, seeded(1)), flipped, help="left and right change places")
    assert_allclose(student.random_hflip(img, 0.0, seeded(1)), img, help="p is the probability of a flip")


@pytest.mark.task("random_hflip")
@pytest.mark.depends("test_hflip_by_hand")
@pytest.mark.weight(2)
def test_hflip_seed(student):
    """The same seed gives the same flips, another seed others."""
    assert_seeded(student, "random_hflip", ROW, (0.5,))


@pytest.mark.task("pad_random_crop")
@pytest.mark.parametrize("img", [torch.tensor([[[1.0, 2], [3, 4]]]), 1 - LETTER], ids=["numbers", "letter"])
def test_crop_by_hand(student, img):
    """The whole padded image, and every window of one pixel."""
    size = img.shape[1] + 2
    padded = torch.zeros(1, size, size)
    padded[:, 1:-1, 1:-1] = img
    assert_allclose(student.pad_random_crop(img, size, 1, seeded(1)), padded, help="zeros on all four sides")
    pixels = student.probe.draws("pad_random_crop", ROW, (1, 0), {}, seeded(2), 60)
    assert_values(pixels, (60, 1, 1, 1), [[0.25], [0.5], [0.75]])


@pytest.mark.task("pad_random_crop")
@pytest.mark.depends("test_crop_by_hand")
@pytest.mark.weight(2)
def test_crop_seed(student):
    """The same seed gives the same windows, another seed others."""
    assert_seeded(student, "pad_random_crop", torch.arange(12.0).reshape(1, 4, 3) / 16, (2, 1))


@pytest.mark.task("color_jitter")
def test_jitter_by_hand(student):
    """Brightness alone multiplies; contrast alone keeps the mean."""
    img = torch.tensor([[[0.25, 0.5]]])
    bright = student.probe.draws("color_jitter", img, (0.5, 0.0), {}, seeded(1), 40)
    assert_spread(bright, (40, 1, 1, 2))
    assert_allclose(bright[..., 1], 2 * bright[..., 0], help="one factor for all pixels")
    assert_that(
        bool((bright[..., 0] >= 0.124).all() and (bright[..., 0] <= 0.376).all()),
        "factors from 0.5 to 1.5",
        "one outside",
        help="brightness = 0.5: uniform in [1 - 0.5, 1 + 0.5]",
    )
    contrast = student.probe.draws("color_jitter", img, (0.0, 0.5), {}, seeded(1), 40)
    assert_spread(contrast, (40, 1, 1, 2))
    assert_allclose(contrast.mean(-1), torch.full((40, 1, 1), 0.375), help="(x - m) * fc + m leaves the mean m")


@pytest.mark.task("color_jitter")
@pytest.mark.depends("test_jitter_by_hand")
def test_jitter_one_clamp(student):
    """The README's row [0.25 0.5 0.75]: evenly spaced it stays, unless the last pixel is clamped at the end."""
    # Factors up to 1.5 leave the first two pixels between 0 and 1, so they tell where the last one belongs.
    rows = student.probe.draws("color_jitter", ROW, (0.5, 0.5), {}, seeded(3), 60)
    assert_spread(rows, (60, 1, 1, 3))
    expected = (2 * rows[..., 1] - rows[..., 0]).clamp(max=1)
    assert_allclose(rows[..., 2], expected, help="brightness, then contrast around the mean of that, then the clamp")


@pytest.mark.task("color_jitter")
@pytest.mark.depends("test_jitter_by_hand")
@pytest.mark.weight(3)
def test_jitter_seed(student):
    """The same seed gives the same factors, another seed others."""
    assert_seeded(student, "color_jitter", ROW, (0.2, 0.2))


@pytest.mark.task("cutout")
def test_cutout_by_hand(student):
    """All holes of one and of two pixels in a row of three."""
    one = student.probe.draws("cutout", ROW, (1,), {}, seeded(1), 60)
    assert_values(one, (60, 1, 1, 3), [[0, 0.5, 0.75], [0.25, 0, 0.75], [0.25, 0.5, 0]])
    two = student.probe.draws("cutout", ROW, (2,), {"fill": 1.0}, seeded(2), 60)
    assert_values(two, (60, 1, 1, 3), [[1, 0.5, 0.75], [1, 1, 0.75], [0.25, 1, 1]])


@pytest.mark.task("cutout")
@pytest.mark.depends("test_cutout_by_hand")
@pytest.mark.weight(2)
def test_cutout_seed(student):
    """The same seed gives the same holes, another seed others."""
    assert_seeded(student, "cutout", torch.arange(12.0).reshape(1, 4, 3) / 16, (1,))


@pytest.mark.task("normalize")
@pytest.mark.parametrize("kind", [list, tuple, torch.tensor], ids=["list", "tuple", "tensor"])
def test_normalize_by_hand(student, kind):
    """(x - mean) / std, for each way to give mean and std."""
    img = torch.tensor([[[3.0, 5, 7]], [[6, 10, 2]]])
    expected = torch.tensor([[[1.0, 2, 3]], [[1, 2, 0]]])
    assert_allclose(student.normalize(img, kind([1.0, 2.0]), kind([2.0, 4.0])), expected)


@pytest.mark.task("normalize")
def test_normalize_mean_colour(student):
    """The mean colour becomes 0 and lies as many deviations away as it should, also where H = W = C."""
    mean, std = [0.25, 0.5, 0.75], [0.25, 0.5, 0.125]
    colour = torch.tensor(mean)[:, None, None].expand(3, 3, 3).contiguous()
    deviation = torch.tensor(std)[:, None, None].expand(3, 3, 3).contiguous()
    help = "one mean and one deviation for each channel, the first axis"
    assert_allclose(student.normalize(colour, mean, std), torch.zeros(3, 3, 3), help=help)
    assert_allclose(student.normalize(colour - 2 * deviation, mean, std), torch.full((3, 3, 3), -2.0), help=help)


@pytest.mark.task("denormalize")
@pytest.mark.parametrize("kind", [list, tuple, torch.tensor], ids=["list", "tuple", "tensor"])
def test_denormalize_by_hand(student, kind):
    """x * std + mean, for each way to give mean and std."""
    img = torch.tensor([[[1.0, 2, 3]], [[1, 2, 0]]])
    expected = torch.tensor([[[3.0, 5, 7]], [[6, 10, 2]]])
    assert_allclose(student.denormalize(img, kind([1.0, 2.0]), kind([2.0, 4.0])), expected)


@pytest.mark.task("denormalize")
def test_denormalize_zeros(student):
    """Zeros become the mean colour and ones a deviation more, also where H = W = C."""
    mean, std = [0.25, 0.5, 0.75], [0.25, 0.5, 0.125]
    colour = torch.tensor(mean)[:, None, None].expand(3, 3, 3).contiguous()
    brighter = torch.tensor([0.5, 1.0, 0.875])[:, None, None].expand(3, 3, 3).contiguous()
    help = "one mean and one deviation for each channel, the first axis"
    assert_allclose(student.denormalize(torch.zeros(3, 3, 3), mean, std), colour, help=help)
    assert_allclose(student.denormalize(torch.ones(3, 3, 3), mean, std), brighter, help=help)


@pytest.mark.task("Compose")
def test_compose_by_hand(student):
    """The steps run in their order, each on the result of the one before."""
    assert_handle(student.Compose([]), "an object that can be called")
    img = torch.tensor([[[1.0, 2]]])
    results, same = parts(student.probe.chain(["double", "add 3"], False, img, seeded(1), 1), 2)
    assert_allclose(results, [torch.tensor([[[5.0, 7]]])])
    assert_equal(same, True, help="every step is called once, as step(img, g), with the g of the call")


@pytest.mark.task("Compose")
@pytest.mark.depends("test_compose_by_hand")
def test_compose_draws(student):
    """Two steps that draw use g one after the other, in each of two calls."""
    img, g = torch.tensor([[[1.0, 2]]]), seeded(5)
    first, second = img.clone(), img.clone()
    for result in (first, first, second, second):
        result += torch.rand(1, generator=g)
    results, _ = parts(student.probe.chain(["draw", "draw"], False, img, seeded(5), 2), 2)
    assert_allclose(results, [first, second], help="hand g on, and draw nothing from it yourself")


@pytest.mark.task("Compose")
@pytest.mark.depends("test_compose_by_hand")
def test_compose_nested(student):
    """A chain is a step: it may stand in another chain."""
    img = torch.tensor([[[1.0, 2]]])
    results, same = parts(student.probe.chain(["add 3", ["double", "add 3"]], False, img, seeded(1), 1), 2)
    assert_allclose(results, [torch.tensor([[[11.0, 13]]])], help="Compose(steps)(img, g) takes what a step takes")
    assert_equal(same, True, help="the chain inside gets the g of the call, too")


@pytest.mark.task("augment_batch")
def test_batch_by_hand(student):
    """Every image goes through fn, which gets one image and g."""
    x = torch.tensor([[[[1.0, 2]]], [[[3, 4]]], [[[5, 6]]]])
    y, right_calls, _ = parts(student.probe.batch("double", x, seeded(1)), 3)
    assert_allclose(y, torch.tensor([[[[2.0, 4]]], [[[6, 8]]], [[[10, 12]]]]))
    assert_equal(right_calls, True, help="fn(img, g): one image (C, H, W) and the very g of the call")


@pytest.mark.task("augment_batch")
@pytest.mark.weight(2)
def test_batch_draws_anew(student):
    """An fn that adds a random number adds another one to each of three equal images."""
    y, _, _ = parts(student.probe.batch("add", torch.ones(3, 1, 1, 2), seeded(2)), 3)
    assert_allclose(y, torch.full((3, 1, 1, 2), 1.5), rtol=0, atol=0.5001, help="1 and a number from 0 to 1")
    assert_allclose(y[..., 1], y[..., 0], help="fn adds one number to a whole image")
    numbers = set(y[:, 0, 0, 0].tolist())
    assert_that(len(numbers) == 3, "three random numbers", f"{len(numbers)}", help="call fn for each image")


@pytest.mark.task("hflip_labelled")
def test_labelled_by_hand(student):
    """For p = 1 image and label change, for p = 0 neither does."""
    img, flipped = torch.tensor([[[5.0, 7]]]), torch.tensor([[[7.0, 5]]])
    swap = {1: 2, 2: 1}
    for label, p, expected in ((1, 1.0, (flipped, 2)), (2, 1.0, (flipped, 1)), (1, 0.0, (img, 1))):
        assert_equal(student.hflip_labelled(img, label, swap, p, seeded(1)), expected)


@pytest.mark.task("hflip_labelled")
@pytest.mark.weight(2)
def test_labelled_other_classes(student):
    """A label that is not in swap stays, and class 0 is a class like any other."""
    img, flipped = torch.tensor([[[5.0, 7]]]), torch.tensor([[[7.0, 5]]])
    for label, swap, expected in ((3, {1: 2, 2: 1}, 3), (4, {}, 4), (1, {0: 1, 1: 0}, 0), (0, {0: 1, 1: 0}, 1)):
        assert_equal(student.hflip_labelled(img, label, swap, 1.0, seeded(1)), (flipped, expected))


@pytest.mark.task("hflip_labelled")
@pytest.mark.depends("test_labelled_by_hand")
@pytest.mark.weight(3)
def test_labelled_seed(student):
    """The same seed gives the same flips, another seed others."""
    arguments = (1, {1: 2, 2: 1}, 0.5)
    assert_equal(student.probe.sources("hflip_labelled", ROW, arguments, 7), [], help=SEED_HELP)
    runs = parts(student.probe.three_runs("hflip_labelled", ROW, arguments, *generators()), 3)
    for run in runs:
        images, _ = parts(run, 2)
        assert_shape(images, (40, *ROW.shape))
    assert_runs([run[0] for run in runs])
    assert_equal(runs[1][1], runs[0][1], help=SEED_HELP)


def generators():
    """Two generators of one seed and one of another."""
    return seeded(7), seeded(7), seeded(8)


def assert_seeded(student, name, img, args):
    """Forty results in a row: the same for the same seed, others for another."""
    assert_equal(student.probe.sources(name, img, args, 7), [], help=SEED_HELP)
    runs = parts(student.probe.three_runs(name, img, args, *generators()), 3)
    assert_runs(runs)


def assert_runs(runs):
    """The second run equals the first, the third does not."""
    for run in runs:
        assert_that(torch.is_tensor(run), "tensors of one shape", "something else")
        assert_that(len(run) == 40, "forty results", "something else")
        assert_that(bool((run[1:] != run[0]).any()), "another result in some call", "always the same", help=SEED_HELP)
    assert_equal(runs[1], runs[0], help=SEED_HELP)
    assert_that(not torch.equal(runs[2], runs[0]), "other results for another seed", "the same", help=SEED_HELP)


def assert_values(stack, shape, rows):
    """The results are exactly the given ones, each at least once."""
    assert_shape(stack, shape)
    assert_dtype(stack, "float32")
    found = {tuple(row) for row in stack.flatten(1).tolist()}
    expected = {tuple(float(value) for value in row) for row in rows}
    assert_that(found == expected, f"among 60 results exactly {sorted(expected)}", f"{sorted(found)}"[:300])


def assert_spread(stack, shape):
    """Finite results of the right shape that are not all the same."""
    assert_shape(stack, shape)
    assert_dtype(stack, "float32")
    assert_that(bool(stack.isfinite().all()), "finite numbers", "NaN or infinity")
    assert_that(bool((stack[1:] != stack[0]).any()), "another factor in each call", "always the same")


def parts(answer, count):
    """A probe's answer, once it is known to be a tuple of `count` values."""
    assert_that(type(answer) is tuple and len(answer) == count, f"an answer of {count} parts", "something else")
    return answer
