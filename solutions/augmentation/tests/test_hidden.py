"""The hidden checks of `augmentation`: frequencies at 6 sigma, every argument, borders, and the caller's data.

All statistical checks together refuse a right answer less than once in 150,000 (oracle.py adds it up).
A check behind which others stand (`depends`) weighs little: whoever fails it loses those, too. What only one check
sees (another generator, the caller's image changed, a label that stays) weighs about a fifth of its task.
"""

from functools import cache

import pytest
import torch
from oracle import assert_drawn, assert_jittered, crops, flips, holes, image, merged, per_channel

from grader.testing import assert_allclose, assert_equal, assert_that, assert_unchanged

FLIP_HELP = "each call flips the last axis with probability p, or leaves the image"
CROP_HELP = "every window of the zero-padded image, the first and the last included, is equally likely"
JITTER_HELP = "two factors for the whole image; contrast around the mean of all pixels; one clamp, at the end"
HOLE_HELP = "rows cy - size//2 to cy - size//2 + size, cut at the border, in all channels; (cy, cx) is any pixel"
COPY_HELP = "work on a copy: the data set still needs its image"
CHANNEL_HELP = "one number for each channel, and channels are the first axis"
PAIR_HELP = "one decision for the image and its label; labels that are not in swap stay"

CROPS = {
    "padded": ((2, 3, 5), (4, 1)),
    "not_padded": ((3, 4, 6), (3, 0)),
    "wide_border": ((1, 2, 4), (3, 2)),
    "one_row_free": ((2, 3, 2), (4, 1)),
}
HOLES = {
    "even": ((2, 3, 5), 2, {}),
    "odd": ((3, 4, 3), 3, {"fill": 0.75}),
    "one_pixel": ((2, 2, 4), 1, {}),
    "larger_than_the_image": ((1, 3, 4), 7, {"fill": 1.0}),
    "nearly_all": ((2, 4, 3), 4, {"fill": 0.5}),
}
COUNT = 800
MANY = 20


def seeded(seed):
    """A fresh generator."""
    return torch.Generator().manual_seed(seed)


@cache
def outcomes(kind, shape, *arguments):
    """What a function may return for `image(*shape)`, with the probabilities."""
    return merged({"flip": flips, "crop": crops, "hole": holes}[kind](image(*shape), *arguments))


@pytest.mark.task("random_hflip")
@pytest.mark.weight(3)
@pytest.mark.parametrize("p", [0.25, 0.8])
def test_hflip_frequency(student, p):
    """An image flips as often as p says."""
    stack = student.probe.draws("random_hflip", image(3, 4, 5), (p,), {}, seeded(11), COUNT)
    assert_drawn(stack, outcomes("flip", (3, 4, 5), p), COUNT, FLIP_HELP)


@pytest.mark.task("random_hflip")
@pytest.mark.depends("test_hflip_by_hand")
@pytest.mark.weight(2)
def test_hflip_image_unchanged(student):
    """The caller's image is not changed."""
    changed = student.probe.calls_change("random_hflip", image(2, 3, 4), (1.0,), seeded(12))
    assert_equal(changed, False, help=COPY_HELP)


@pytest.mark.task("pad_random_crop")
@pytest.mark.weight(4)
@pytest.mark.parametrize(("shape", "arguments"), CROPS.values(), ids=CROPS)
def test_crop_frequency(student, shape, arguments):
    """Every window comes, equally often."""
    # So many that a window which never comes is off by more than chance can be.
    count = COUNT if len(outcomes("crop", shape, *arguments)[0]) < MANY else 2 * COUNT
    stack = student.probe.draws("pad_random_crop", image(*shape), arguments, {}, seeded(21), count)
    assert_moving(stack, shape, *arguments)
    assert_drawn(stack, outcomes("crop", shape, *arguments), count, CROP_HELP)


def assert_moving(stack, shape, size, pad):
    """Where there are many windows, it is not always the same; which one it is says why."""
    windows, _ = outcomes("crop", shape, size, pad)
    if len(windows) >= MANY and torch.is_tensor(stack) and stack.ndim == 4 and bool((stack == stack[:1]).all()):
        top, left = ((length + 2 * pad - size) // 2 for length in shape[1:])
        middle = windows[top * (shape[2] + 2 * pad - size + 1) + left]
        found = "always the one in the middle" if torch.equal(stack[0], middle) else "always the same"
        assert_that(False, "several windows", found, help=CROP_HELP)


@pytest.mark.task("pad_random_crop")
@pytest.mark.parametrize(
    ("shape", "arguments"), [((1, 1, 4), (1, 0)), ((2, 2, 2), (2, 1)), ((1, 2, 3), (3, 1))], ids=["a", "b", "c"]
)
def test_crop_windows(student, shape, arguments):
    """These windows come, and no others."""
    found = student.probe.kinds("pad_random_crop", image(*shape), arguments, {}, seeded(23), 300)
    windows, _ = outcomes("crop", shape, *arguments)
    assert_allclose(found, torch.unique(windows, dim=0), help=CROP_HELP)


@pytest.mark.task("pad_random_crop")
@pytest.mark.depends("test_crop_by_hand")
def test_crop_image_unchanged(student):
    """The caller's image is not changed."""
    changed = student.probe.calls_change("pad_random_crop", image(2, 3, 4), (3, 1), seeded(22))
    assert_equal(changed, False, help=COPY_HELP)


# Three channels of different means, so that a mean weighted as the eye does is another. The pixels near the overall
# mean of 0.347 are never clamped.
JITTERED = torch.tensor(
    [
        [[0.30, 0.02, 0.33, 0.38, 0.05], [0.34, 0.32, 0.01, 0.36, 0.10]],
        [[0.80, 0.31, 0.75, 0.35, 0.37], [0.85, 0.82, 0.33, 0.04, 0.07]],
        [[0.36, 0.72, 0.03, 0.31, 0.70], [0.06, 0.34, 0.09, 0.37, 0.52]],
    ]
)
INNER = (JITTERED > 0.29) & (JITTERED < 0.39)
DARK = JITTERED / 4
JITTERS = {
    "brightness": (DARK, DARK >= 0, (0.6, 0.0), ((0.4, 1.6), (1.0, 1.0))),
    "contrast": (JITTERED, INNER, (0.0, 0.7), ((1.0, 1.0), (0.3, 1.7))),
}
STRONG = {
    "brightness": (DARK, DARK >= 0, (1.5, 0.0), ((0.0, 2.5), (1.0, 1.0))),
    "contrast": (JITTERED, INNER, (0.0, 1.8), ((1.0, 1.0), (0.0, 2.8))),
}


@pytest.mark.task("color_jitter")
@pytest.mark.parametrize(("img", "inner", "amounts", "ranges"), JITTERS.values(), ids=JITTERS)
def test_jitter_factors(student, img, inner, amounts, ranges):
    """One factor alone fills its range evenly, and every pixel follows from it."""
    stack = student.probe.draws("color_jitter", img, amounts, {}, seeded(31), COUNT)
    assert_jittered(stack, img, inner, ranges, COUNT, JITTER_HELP)


@pytest.mark.task("color_jitter")
def test_jitter_nothing(student):
    """Amounts of 0 leave the image as it is, others don't."""
    stack = student.probe.draws("color_jitter", JITTERED, (0.5, 0.5), {}, seeded(36), 10)
    several = torch.is_tensor(stack) and stack.ndim == 4 and bool((stack[1:] != stack[:1]).any())
    assert_that(several, "other factors in each call", "always the same", help=JITTER_HELP)
    assert_allclose(student.color_jitter(JITTERED, 0.0, 0.0, seeded(35)), JITTERED, help=JITTER_HELP)


@pytest.mark.task("color_jitter")
@pytest.mark.weight(3)
@pytest.mark.parametrize(("img", "inner", "amounts", "ranges"), STRONG.values(), ids=STRONG)
def test_jitter_strong(student, img, inner, amounts, ranges):
    """An amount above 1 draws factors from 0 on, evenly."""
    stack = student.probe.draws("color_jitter", img, amounts, {}, seeded(34), COUNT)
    assert_jittered(stack, img, inner, ranges, COUNT, JITTER_HELP)


@pytest.mark.task("color_jitter")
@pytest.mark.weight(3)
def test_jitter_both(student):
    """Both factors fill their ranges evenly and independently, and every pixel follows from them."""
    stack = student.probe.draws("color_jitter", JITTERED, (0.5, 0.6), {}, seeded(33), COUNT)
    assert_jittered(stack, JITTERED, INNER, ((0.5, 1.5), (0.4, 1.6)), COUNT, JITTER_HELP)


@pytest.mark.task("color_jitter")
@pytest.mark.depends("test_jitter_by_hand")
@pytest.mark.weight(3)
def test_jitter_image_unchanged(student):
    """The caller's image is not changed."""
    changed = student.probe.calls_change("color_jitter", JITTERED, (0.9, 0.9), seeded(32))
    assert_equal(changed, False, help=COPY_HELP)


@pytest.mark.task("cutout")
@pytest.mark.weight(4)
@pytest.mark.parametrize(("shape", "size", "options"), HOLES.values(), ids=HOLES)
def test_cutout_frequency(student, shape, size, options):
    """Every centre comes equally often, and the hole is where it should be."""
    stack = student.probe.draws("cutout", image(*shape), (size,), options, seeded(41), COUNT)
    assert_drawn(stack, outcomes("hole", shape, size, options.get("fill", 0.0)), COUNT, HOLE_HELP)


@pytest.mark.task("cutout")
@pytest.mark.parametrize(
    ("shape", "size", "fill"), [((2, 1, 3), 1, 0.0), ((2, 3, 2), 2, 0.5), ((1, 3, 3), 3, 1.0)], ids=["a", "b", "c"]
)
def test_cutout_holes(student, shape, size, fill):
    """These holes come, and no others."""
    found = student.probe.kinds("cutout", image(*shape), (size,), {"fill": fill}, seeded(44), 300)
    different, _ = outcomes("hole", shape, size, fill)
    assert_allclose(found, torch.unique(different, dim=0), help=HOLE_HELP)


@pytest.mark.task("cutout")
@pytest.mark.depends("test_cutout_by_hand")
@pytest.mark.weight(0.5)
def test_cutout_no_hole(student):
    """A square of size 0 changes nothing."""
    assert_allclose(student.cutout(image(2, 3, 4), 0, seeded(42), fill=0.5), image(2, 3, 4), help=HOLE_HELP)


@pytest.mark.task("cutout")
@pytest.mark.depends("test_cutout_by_hand")
@pytest.mark.weight(2)
def test_cutout_image_unchanged(student):
    """The caller's image is not changed."""
    changed = student.probe.calls_change("cutout", image(2, 3, 4), (2,), seeded(43))
    assert_equal(changed, False, help=COPY_HELP)


MEAN, STD = [0.485, 0.456, 0.406], [0.229, 0.124, 0.325]
CHANNELS = {
    "three_channels": ((3, 4, 5), MEAN, STD),
    "width_equals_channels": ((3, 2, 3), MEAN, STD),
    "height_equals_channels": ((3, 3, 4), MEAN, STD),
    "cube": ((3, 3, 3), MEAN, STD),
    "one_channel": ((1, 4, 3), [0.3], [0.6]),
    "integers": ((2, 3, 4), [1, -2], [2, 4]),
}


@pytest.mark.task("normalize")
@pytest.mark.weight(2)
@pytest.mark.parametrize(("shape", "mean", "std"), CHANNELS.values(), ids=CHANNELS)
def test_normalize_channels(student, shape, mean, std):
    """Each channel has its own mean and deviation."""
    expected = per_channel(image(*shape), mean, std, False)
    assert_allclose(student.normalize(image(*shape), mean, std), expected, help=CHANNEL_HELP)


@pytest.mark.task("normalize")
@pytest.mark.depends("test_normalize_by_hand")
def test_normalize_arguments_unchanged(student):
    """Image, mean and deviation are not changed."""
    assert_unchanged(student.echo.normalize(image(3, 2, 4), torch.tensor(MEAN), torch.tensor(STD)), help=COPY_HELP)


@pytest.mark.task("denormalize")
@pytest.mark.weight(2)
@pytest.mark.parametrize(("shape", "mean", "std"), CHANNELS.values(), ids=CHANNELS)
def test_denormalize_channels(student, shape, mean, std):
    """Each channel has its own mean and deviation, and values outside [0, 1] stay."""
    x = image(*shape) * 20 - 2
    expected = per_channel(x, mean, std, True)
    assert_allclose(student.denormalize(x, mean, std), expected, help=CHANNEL_HELP)


@pytest.mark.task("denormalize")
@pytest.mark.depends("test_denormalize_by_hand")
def test_denormalize_arguments_unchanged(student):
    """Image, mean and deviation are not changed."""
    assert_unchanged(student.echo.denormalize(image(3, 2, 4), torch.tensor(MEAN), torch.tensor(STD)), help=COPY_HELP)


@pytest.mark.task("Compose")
@pytest.mark.weight(2)
@pytest.mark.parametrize("as_iterator", [False, True], ids=["list", "iterator"])
def test_compose_twice(student, as_iterator):
    """It can be called again, whatever iterable the steps came in."""
    x = image(2, 3, 4) * 8 - 0.25
    expected = (x * 2).clamp(0, 1).sub(0.5).div(0.25).add(3)
    kinds = ["double", "clamp", "normalize", "add 3"]
    results, same = parts(student.probe.chain(kinds, as_iterator, x, seeded(51), 3), 2)
    assert_allclose(results, [expected] * 3, help="keep the steps: an iterator can be read only once")
    assert_equal(same, True, help="each step is called once, with the g of the call")


@pytest.mark.task("Compose")
@pytest.mark.depends("test_compose_by_hand")
def test_compose_no_steps(student):
    """Without steps the image comes back."""
    results, _ = parts(student.probe.chain([], False, image(1, 2, 3), seeded(52), 1), 2)
    assert_allclose(results, [image(1, 2, 3)])


@pytest.mark.task("augment_batch")
@pytest.mark.weight(3)
def test_batch_draws(student):
    """Each image has a draw of its own, from g."""
    x = torch.stack([image(2, 3, 4) + i / 32 for i in range(20)])
    runs = [parts(student.probe.batch("add", x, seeded(seed)), 3) for seed in (61, 61, 62)]
    for y, right_calls, after in runs:
        assert_equal(after, x, help=COPY_HELP)
        assert_allclose(y, x + 0.5, rtol=0, atol=0.5001, help="result i comes from image i")
        assert_equal(right_calls, True, help="fn(img, g), with the very g")
        added = (y - x).mean((1, 2, 3))
        assert_allclose(y - x, added[:, None, None, None].expand_as(x).contiguous(), atol=1e-4)
        # Of 20 draws two may come that close once in 2600 runs, four hardly ever.
        same_again = int((added.sort().values.diff() <= 1e-6).sum())
        assert_that(same_again <= 1, "another draw for each image", "the same for several")
    assert_equal(runs[1][0], runs[0][0], help="never reseed g")
    assert_that(not torch.equal(runs[2][0], runs[0][0]), "other results for another seed", "the same")


@pytest.mark.task("augment_batch")
def test_batch_calls(student):
    """The function is called once for each image, always with g."""
    found = student.probe.fn_calls(torch.stack([image(2, 3, 4)] * 7), seeded(64))
    assert_equal(found, (7, 7, True), help="calls, different draws among them, and whether fn had the very g")


@pytest.mark.task("augment_batch")
@pytest.mark.weight(2)
@pytest.mark.parametrize("n", [1, 5])
def test_batch_other_size(student, n):
    """The images that fn returns may have another size; the batch may hold one image."""
    x = torch.arange(n * 2 * 3 * 4, dtype=torch.float32).reshape(n, 2, 3, 4)
    y, _, after = parts(student.probe.batch("crop", x, seeded(63)), 3)
    assert_allclose(y, x[:, :, :2, 1:4].contiguous() + 1, help="stack what fn returned")
    assert_equal(after, x, help=COPY_HELP)


@pytest.mark.task("hflip_labelled")
@pytest.mark.weight(4)
@pytest.mark.parametrize(
    ("label", "swap", "p"),
    [(3, {3: 4, 4: 3}, 0.3), (1, {0: 1, 1: 0}, 0.7), (0, {0: 6, 6: 0, 2: 5, 5: 2}, 0.5), (7, {1: 2, 2: 1}, 0.5)],
    ids=["rare", "often", "two_pairs", "not_in_swap"],
)
def test_labelled_frequency(student, label, swap, p):
    """Image and label change together, as often as p says."""
    answer = student.probe.draws("hflip_labelled", image(2, 3, 4), (label, swap, p), {}, seeded(71), COUNT)
    stack, labels = parts(answer, 2)
    which = assert_drawn(stack, outcomes("flip", (2, 3, 4), p), COUNT, PAIR_HELP)
    expected = [swap.get(label, label) if index == 0 else label for index in which.tolist()]
    assert_equal(labels, expected, help=PAIR_HELP)


@pytest.mark.task("hflip_labelled")
@pytest.mark.depends("test_labelled_by_hand")
@pytest.mark.weight(3)
def test_labelled_symmetric(student):
    """The label of a symmetric image changes too; image and swap are not modified."""
    img, swap = torch.tensor([[[1.0, 2, 1]]]), {1: 2, 2: 1}
    assert_equal(student.hflip_labelled(img, 1, swap, 1.0, seeded(72)), (img, 2), help=PAIR_HELP)
    changed = student.probe.calls_change("hflip_labelled", image(2, 3, 4), (1, swap, 1.0), seeded(73))
    assert_equal(changed, False, help=COPY_HELP)


def parts(answer, count):
    """A probe's answer, once it is known to be a tuple of `count` values."""
    assert_that(type(answer) is tuple and len(answer) == count, f"an answer of {count} parts", "something else")
    return answer
