"""The hidden checks of `mixing`: what was mixed with what, how much of it, and how often.

Image i is 1 in channel i and 0 in the other first N channels: the means of these channels are the weights with which
the images were mixed, whatever the pairing. The channels behind hold noise, so that a pixel's place shows as well.

How often a right answer is refused: what is counted or averaged may be 6 standard deviations off (2e-9 each, the 15
counts of box centres 2.3e-7 together by their exact binomial tails), the two comparisons of CutMix's boxes with
rand_box's add 1.1e-6, and that 40 calls mix nothing has a probability below 1e-8. Together: below once in 500,000.

A check behind which others stand (`depends`) weighs little: whoever fails it loses those, too. What only one check
sees (another generator, a constant lam, the caller's batch changed) weighs about a fifth of its task.
"""

from __future__ import annotations

import numpy as np
import oracle
import pytest
import torch

from grader.testing import assert_allclose, assert_dtype, assert_equal, assert_shape, assert_that, assert_unchanged

LABEL_HELP = "weights of the labels = weights with which the images were really mixed, with the same partners"
UNCHANGED_HELP = "work on a copy: the caller still needs the batch"
SEED_HELP = "every draw takes generator=g, or a generator seeded with a number drawn from g"
KEYS = list("abcdefgh")


def coded(n, height, width, noise=2, dtype=torch.float32, seed=0):
    """N images: channel i marks image i, `noise` more channels hold random numbers."""
    g = torch.Generator().manual_seed(seed)
    marks = torch.eye(n)[:, :, None, None].expand(n, n, height, width)
    return torch.cat([marks, torch.randn(n, noise, height, width, generator=g)], dim=1).to(dtype)


def seeded(seed):
    """A fresh generator."""
    return torch.Generator().manual_seed(seed)


BATCHES = {
    "four": (coded(4, 5, 7), [2, 0, 6, 5], 9, 1.0),
    "five": (coded(5, 6, 3), [3, 0, 1, 5, 2], 6, 0.5),
    "same_class": (coded(6, 4, 9), [1, 1, 0, 2, 2, 0], 3, 2.0),
    "two_doubles": (coded(2, 9, 4, dtype=torch.float64), [1, 3], 5, 1.0),
}
batches = pytest.mark.parametrize(("x", "y", "classes", "alpha"), BATCHES.values(), ids=BATCHES)


def run(student, name, x, y, classes, alpha, seed=11, count=40):
    """Images (count, N, C, H, W) and labels (count, N, K) of `count` calls with one generator."""
    answer = student.probe.batches(name, x, torch.tensor(y), classes, alpha, seed, count)
    assert_that(
        type(answer) is tuple and len(answer) == 2, "(x_mixed, y_soft) of x's shape and (N, K)", "another answer"
    )
    images, labels = answer
    assert_shape(images, (count, *x.shape))
    assert_shape(labels, (count, len(y), classes))
    assert_dtype(images, str(x.dtype).removeprefix("torch."), help="x_mixed has the dtype of x")
    assert_that(labels.dtype.is_floating_point, "floating-point labels", "another dtype")
    assert_that(bool(images.isfinite().all() and labels.isfinite().all()), "finite numbers", "NaN or infinity")
    return images.double(), labels.double()


def assert_partners(weights):
    """Row i of each (N, N) matrix holds image i and at most one other, and sums to 1."""
    n = weights.shape[-1]
    others = weights * (1 - torch.eye(n, dtype=torch.float64))
    right = bool(
        (weights > -1e-5).all() and ((weights.sum(-1) - 1).abs() < 1e-4).all() and ((others > 1e-5).sum(-1) <= 1).all()
    )
    assert_that(right, "image i and one partner in output i", "another mixture", help="weights lam and 1 - lam")
    assert_that(bool((others > 1e-3).any()), "images that are mixed", "every image alone")


def assert_labels(labels, weights, y, classes, drawn=None):
    """The labels are the weighted one-hot labels; `drawn(shares)` tells whether these can be 1 - lam as drawn."""
    own = torch.tensor(oracle.one_hot(y, classes))
    assert_allclose(labels, weights @ own, help=f"{LABEL_HELP}{label_words(labels, weights, own, drawn)}")


def label_words(labels, weights, own, drawn):
    """What labels that are wrong are instead, if it can be told."""
    first_right = torch.allclose(labels[:, 0], weights[:, 0] @ own, atol=1e-5)
    shares = 1 - (labels * own).sum(-1)
    others = weights * (1 - torch.eye(weights.shape[-1], dtype=torch.float64))
    # Where an image shows no partner, its labels can't be told from wrong ones.
    mixed = others.sum(-1) > 1e-6
    weights, labels, own_labels = weights[mixed], labels[mixed], own.expand_as(labels)[mixed]
    share = others[mixed].sum(-1, keepdim=True)
    rest = labels - (1 - share) * own_labels
    if torch.allclose(labels, own_labels, atol=1e-5):
        return "; these are the labels of the images as they came in"
    if torch.allclose(labels, torch.where(weights > 1e-6, 1 - weights, weights) @ own, atol=1e-5):
        return "; lam and 1 - lam have changed places"
    if torch.allclose(rest.amax(-1, keepdim=True), share, atol=1e-5) and bool((rest > -1e-5).all()):
        return "; the share is right, the partner is not" + (", but of the first image it is" if first_right else "")
    if bool((labels[weights @ own < 1e-6].abs() < 1e-5).all()):
        as_drawn = ": it is the one that was drawn, before the box was rounded and cut off"
        return "; the partner is right, the share is not" + (as_drawn if drawn is not None and drawn(shares) else "")
    return ""


def assert_nothing_mixed(answer, x, y, classes):
    """The images as they are, one-hot labels."""
    assert_that(type(answer) is tuple and len(answer) == 2, "a tuple (x_mixed, y_soft)", "something else")
    assert_allclose(answer[0], x)
    assert_shape(answer[1], (len(y), classes))
    assert_that(answer[1].dtype.is_floating_point, "floating-point labels", "another dtype")
    assert_allclose(answer[1], torch.tensor(oracle.one_hot(y, classes)), check_dtype=False)


def assert_same_twice(student, name, arguments):
    """Two generators of one seed give one result."""
    answer = student.probe.twice(name, arguments, 23)
    assert_that(type(answer) is tuple and len(answer) == 2, "two answers", "something else")
    assert_that(type(answer[1]) is tuple, "a tuple", "something else")
    assert_equal(answer[0], answer[1], help=SEED_HELP)


# ----------------------------------------------------------------------------------------------------------- mixup


@pytest.mark.task("mixup")
@batches
def test_mixup_values(student, x, y, classes, alpha):
    """Images and labels are mixed with the same weights and partners"""
    images, labels = run(student, "mixup", x, y, classes, alpha)
    weights = images[:, :, : len(y)].mean((3, 4))
    assert_partners(weights)
    assert_allclose(images, torch.einsum("bij,jchw->bichw", weights, x.double()), help="lam * x[i] + (1 - lam) * x[j]")
    assert_labels(labels, weights, y, classes)


@pytest.mark.task("mixup")
@pytest.mark.depends("test_mixup_values")
@pytest.mark.weight(4)
@pytest.mark.parametrize("alpha", [0.3, 4.0], ids=["small", "large"])
def test_mixup_distribution(student, alpha):
    """lam comes from Beta(alpha, alpha)"""
    images, _ = run(student, "mixup", coded(4, 1, 2, noise=0), [0, 1, 2, 3], 4, alpha, seed=31, count=500)
    lams = []
    for weights in images.mean((3, 4)):
        own = [float(weights[i, i]) for i in range(4) if weights[i, i] < 1 - 1e-6]
        lams += own[:1]
    assert_that(len(lams) >= 200, "mixtures in most batches", f"{len(lams)} of 500")
    help = "lam is drawn from a continuous distribution: an integer that seeds it comes from a large range"
    assert_that(len(set(lams)) > 1, "another lam in each call", "always the same", help="lam ~ Beta(alpha, alpha)")
    assert_that(len(set(lams)) > len(lams) / 4, "another lam nearly each time", f"{len(set(lams))} values", help=help)
    variance, fourth = oracle.beta_moments(alpha)
    mean = float(np.mean(lams))
    assert_that(abs(mean - 0.5) < 6 * (variance / len(lams)) ** 0.5, "a mean of 0.5 for lam", f"{mean:.3f}")
    found = float(np.mean((np.array(lams) - 0.5) ** 2))
    limit = 6 * ((fourth - variance**2) / len(lams)) ** 0.5
    assert_that(abs(found - variance) < limit, f"a variance of {variance:.3f} for lam", f"{found:.3f}")


@pytest.mark.task("mixup")
@pytest.mark.depends("test_mixup_values")
@pytest.mark.weight(2.5)
def test_mixup_without_alpha(student):
    """An alpha below 0 mixes nothing"""
    x, y, classes, _ = BATCHES["four"]
    assert_nothing_mixed(student.mixup(x, torch.tensor(y), classes, -1.0, seeded(3)), x, y, classes)


@pytest.mark.task("mixup")
@pytest.mark.depends("test_mixup_values")
@pytest.mark.weight(1.5)
def test_mixup_one_image(student):
    """A batch of one image stays as it is"""
    x = coded(1, 3, 4)
    assert_nothing_mixed(student.mixup(x, torch.tensor([2]), 4, 1.0, seeded(4)), x, [2], 4)


@pytest.mark.task("mixup")
@pytest.mark.depends("test_mixup_values")
@pytest.mark.weight(3)
def test_mixup_arguments_unchanged(student):
    """The caller's batch and labels are unchanged"""
    x, y, classes, _ = BATCHES["four"]
    for seed in (5, 6, 7):
        after = student.echo.mixup(x, torch.tensor(y), classes, 1.0, seeded(seed))
        assert_kept(after)


@pytest.mark.task("mixup")
@pytest.mark.depends("test_mixup_values")
@pytest.mark.weight(2)
def test_mixup_seed(student):
    """All randomness comes from g"""
    x, y, classes, _ = BATCHES["four"]
    assert_same_twice(student, "mixup", [x, torch.tensor(y), classes, 1.0])


def assert_kept(echo):
    """Images and labels are what was sent; the generator may have moved on."""
    kept = type(echo)(echo.value, echo.sent[:4], echo.after[:4])
    assert_unchanged(kept, help=UNCHANGED_HELP)


# -------------------------------------------------------------------------------------------------------- rand_box


def drawn(student, h, w, lam, seed, count):
    """`count` boxes, once they are known to be tuples of four ints."""
    return known(student.probe.boxes(h, w, lam, seed, count), count)


def known(boxes, count):
    """The boxes, once they are known to be `count` tuples of four ints."""
    assert_that(type(boxes) is list and len(boxes) == count, f"{count} boxes", "something else")
    for box in boxes:
        ints = type(box) is tuple and len(box) == 4 and all(type(end) is int for end in box)
        assert_that(ints, "a tuple (y1, y2, x1, x2) of ints", "something else")
    return boxes


@pytest.mark.task("rand_box")
@pytest.mark.weight(3)
@pytest.mark.parametrize(
    ("h", "w", "lam"),
    [(32, 32, 0.36), (6, 11, 0.1), (13, 7, 0.5), (10, 16, 0.9), (5, 8, 0.0), (1, 9, 0.3)],
    ids=KEYS[:6],
)
def test_rand_box_values(student, h, w, lam):
    """Every box belongs to a centre in the image"""
    rows = {oracle.interval(h, lam, centre) for centre in range(h)}
    columns = {oracle.interval(w, lam, centre) for centre in range(w)}
    for box in drawn(student, h, w, lam, 41, 60):
        assert_that(
            box[:2] in rows and box[2:] in columns,
            "the box around a centre in the image",
            f"{box}"[:60],
            help="half = floor(length * sqrt(1 - lam)) // 2 for rows and for columns, clipped at the border",
        )


@pytest.mark.task("rand_box")
@pytest.mark.weight(3)
def test_rand_box_centres(student):
    """Every pixel is the centre equally often"""
    boxes = drawn(student, 5, 3, 0.4375, 42, 1500)
    for row in range(5):
        for column in range(3):
            expected = (*oracle.interval(5, 0.4375, row), *oracle.interval(3, 0.4375, column))
            times = boxes.count(expected)
            help = "row and column are two draws, over all pixels"
            assert_that(
                42 < times < 158, f"about 100 of 1500 boxes around pixel ({row}, {column})", f"{times}", help=help
            )


@pytest.mark.task("rand_box")
@pytest.mark.depends("test_rand_box_values")
def test_rand_box_empty(student):
    """If everything is kept, the box is empty wherever it lies"""
    for y1, y2, x1, x2 in drawn(student, 4, 7, 1.0, 43, 20):
        assert_that(y1 == y2 and x1 == x2, "an empty box", "one with pixels")


@pytest.mark.task("rand_box")
@pytest.mark.depends("test_rand_box_values")
@pytest.mark.weight(3)
def test_rand_box_seed(student):
    """All randomness comes from g"""
    assert_same_twice(student, "rand_box", [50, 70, 0.9])


# ---------------------------------------------------------------------------------------------------------- cutmix


def sources(images, x):
    """The image that each pixel came from, (count, N, H, W), once each is known to be a whole pixel of an image."""
    n = len(x)
    marks = images[:, :, :n]
    whole = bool(((marks == 0) | (marks == 1)).all() and (marks.sum(2) == 1).all())
    assert_that(whole, "pixels of one image or the other", "blended pixels", help="CutMix pastes, it does not blend")
    source = marks.argmax(2)
    rows = torch.arange(x.shape[2])[:, None]
    columns = torch.arange(x.shape[3])
    assert_allclose(images, x.double()[source, :, rows, columns].movedim(-1, 2), help="the same box of the partner")
    return source


def box_of(mask):
    """The rows and columns (y1, y2, x1, x2) that hold a mask (H, W), None if it is empty."""
    rows, columns = mask.any(1).nonzero(), mask.any(0).nonzero()
    if not len(rows):
        return None
    return int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1


def fit(boxes, shares, h, w):
    """Whether each box may be what rand_box gives for 1 - lam = share; one that isn't seen says nothing."""
    for box, share in zip(boxes, shares, strict=True):
        if box is None or not 1e-6 < share <= 1:
            continue
        # float32 forgets digits that decide between two sizes.
        ends = {
            (oracle.interval(h, 1 - s, r), oracle.interval(w, 1 - s, c))
            for s in (share - 1e-6, share + 1e-6)
            if s <= 1
            for r in range(h)
            for c in range(w)
        }
        if (box[:2], box[2:]) not in ends:
            return False
    return True


def pasted(source):
    """The boxes of all outputs that hold a piece of another image, one for each call that has such an output."""
    n = source.shape[1]
    masks = source != torch.arange(n)[:, None, None]
    found = [[box for box in map(box_of, call) if box] for call in masks]
    return [call[0] for call in found if call]


def sides(found, h, w):
    """The larger of a box's two sides, relative to the image: the one that the border has cut less."""
    return np.array([max((y2 - y1) / h, (x2 - x1) / w) for y1, y2, x1, x2 in found])


@pytest.mark.task("cutmix")
@batches
def test_cutmix_values(student, x, y, classes, alpha):
    """A box of the partner is pasted, and the label follows its area"""
    images, labels = run(student, "cutmix", x, y, classes, alpha)
    source = sources(images, x)
    weights = images[:, :, : len(y)].mean((3, 4))
    assert_partners(weights)
    strange = source != torch.arange(len(y))[:, None, None]
    areas = [0 if not box else (box[1] - box[0]) * (box[3] - box[2]) for box in map(box_of, strange.flatten(0, 1))]
    assert_that(areas == strange.sum((2, 3)).flatten().tolist(), "one rectangle in each image", "another region")
    boxes = list(map(box_of, strange.flatten(0, 1)))
    assert_labels(labels, weights, y, classes, lambda shares: fit(boxes, shares.flatten().tolist(), *x.shape[2:]))


@pytest.mark.task("cutmix")
@pytest.mark.depends("test_cutmix_values")
@pytest.mark.weight(0.5)
@pytest.mark.parametrize(("h", "w"), [(6, 13), (12, 5)], ids=["wide", "tall"])
def test_cutmix_everywhere(student, h, w):
    """Boxes reach every row and every column"""
    x = coded(2, h, w, noise=0)
    images, _ = run(student, "cutmix", x, [0, 1], 2, 1.0, seed=51, count=200)
    found = pasted(sources(images, x))
    help = "H counts rows and W columns, in rand_box's arguments and in its answer"
    for begin, length, words in ((0, h, "rows"), (2, w, "columns")):
        reached = {i for box in found for i in range(box[begin], box[begin + 1])}
        assert_that(len(reached) == length, f"boxes in all {length} {words}", f"in {len(reached)}", help=help)


# 2000 values of lam as it should be, for each alpha.
LAMS = {alpha: np.random.default_rng(53).beta(alpha, alpha, 2000).tolist() for alpha in (0.15, 1000.0)}


@pytest.mark.task("cutmix")
@pytest.mark.depends("test_cutmix_values")
@pytest.mark.weight(3)
def test_cutmix_distribution(student):
    """For a small alpha the boxes are as large as rand_box makes them for lam from Beta(alpha, alpha)"""
    assert_sizes(student, 0.15)


@pytest.mark.task("cutmix")
@pytest.mark.depends("test_cutmix_values")
def test_cutmix_distribution_large(student):
    """For a large alpha the boxes are nearly of one size"""
    assert_sizes(student, 1000.0)


def assert_sizes(student, alpha):
    """Boxes of 400 calls are as large as the submission's rand_box makes them for lam from Beta(alpha, alpha)."""
    h, w = 13, 9
    x = coded(4, h, w, noise=0)
    images, _ = run(student, "cutmix", x, [0, 1, 2, 3], 4, alpha, seed=52, count=400)
    found = sides(pasted(sources(images, x)), h, w)
    # The submission's own rand_box is asked: its mistakes are none of cutmix's. A box without pixels shows nowhere.
    boxes = known(student.probe.boxes_of(h, w, LAMS[alpha], 54), 2000)
    assert_follow_lam(known(student.probe.boxes_of(h, w, LAMS[0.15], 54), 2000), LAMS[0.15])
    expected = sides([box for box in boxes if box[1] > box[0] and box[3] > box[2]], h, w)
    enough = len(found) >= 150 and len(expected) >= 1000
    assert_that(enough, "boxes in most batches", f"in {len(found)} of 400, {len(expected)} of 2000")
    # Kolmogorov and Smirnov: 2.75 is exceeded with a probability of 2 exp(-2 * 2.75**2) = 5e-7.
    limit = 2.75 * (1 / len(found) + 1 / len(expected)) ** 0.5
    gap = max(abs(float((found <= side).mean() - (expected <= side).mean())) for side in {*found, *expected})
    assert_that(gap <= limit, "small and large boxes as often as alpha says", "others", help="lam ~ Beta(alpha, alpha)")


def assert_follow_lam(boxes, lams):
    """The boxes are larger or smaller as lam is: made-up ones, all alike, would suit a cutmix that draws no lam."""
    areas = np.array([float(max(y2 - y1, 0) * max(x2 - x1, 0)) for y1, y2, x1, x2 in boxes])
    follow = areas.std() > 0 and abs(float(np.corrcoef(areas, lams)[0, 1])) > 0.5
    assert_that(bool(follow), "boxes of rand_box whose area goes with lam", "boxes that do not depend on lam")


@pytest.mark.task("cutmix")
@pytest.mark.depends("test_cutmix_values")
@pytest.mark.weight(2.5)
def test_cutmix_without_alpha(student):
    """An alpha below 0 pastes nothing"""
    x, y, classes, _ = BATCHES["four"]
    assert_nothing_mixed(student.cutmix(x, torch.tensor(y), classes, -1.0, seeded(3)), x, y, classes)


@pytest.mark.task("cutmix")
@pytest.mark.depends("test_cutmix_values")
@pytest.mark.weight(1.5)
def test_cutmix_one_image(student):
    """A batch of one image stays as it is"""
    x = coded(1, 3, 4)
    assert_nothing_mixed(student.cutmix(x, torch.tensor([2]), 4, 1.0, seeded(4)), x, [2], 4)


@pytest.mark.task("cutmix")
@pytest.mark.depends("test_cutmix_values")
@pytest.mark.weight(3)
def test_cutmix_arguments_unchanged(student):
    """The caller's batch and labels are unchanged"""
    x, y, classes, _ = BATCHES["four"]
    for seed in (5, 6, 7, 8):
        assert_kept(student.echo.cutmix(x, torch.tensor(y), classes, 1.0, seeded(seed)))


@pytest.mark.task("cutmix")
@pytest.mark.depends("test_cutmix_values")
@pytest.mark.weight(2)
def test_cutmix_seed(student):
    """All randomness comes from g"""
    # Large, so that two draws of lam or of a centre hardly give the same box.
    assert_same_twice(student, "cutmix", [coded(4, 40, 60, noise=0), torch.tensor([0, 3, 1, 2]), 4, 1.0])


# ---------------------------------------------------------------------------------------------------------- losses


def scores(n, k, seed):
    """Random logits, (n, k)."""
    return 2 * torch.randn(n, k, generator=seeded(seed))


def shares(n, k, seed):
    """Random distributions, (n, k)."""
    return scores(n, k, seed).softmax(dim=1)


SOFT = [(scores(n, k, n), shares(n, k, n + 50)) for n, k in ((3, 5), (6, 4), (1, 7))]
SOFT.append((scores(4, 3, 9), torch.eye(3)[[2, 0, 1, 2]]))


def number(value):
    """A float32 0-d tensor."""
    return torch.tensor(value, dtype=torch.float32)


@pytest.mark.task("soft_cross_entropy")
@pytest.mark.weight(2)
@pytest.mark.parametrize(("logits", "targets"), SOFT, ids=KEYS[:4])
def test_soft_cross_entropy_values(student, logits, targets):
    """The mean loss for random scores and targets"""
    expected = oracle.soft_cross_entropy(logits.double().numpy(), targets.double().numpy())
    assert_allclose(student.soft_cross_entropy(logits, targets), number(expected))


@pytest.mark.task("soft_cross_entropy")
@pytest.mark.weight(2)
@pytest.mark.parametrize(("logits", "targets"), SOFT[:2], ids=KEYS[:2])
def test_soft_cross_entropy_gradient(student, logits, targets):
    """The gradient with respect to the scores"""
    expected = oracle.soft_cross_entropy_gradient(logits.double().numpy(), targets.double().numpy())
    found = student.probe.gradients("soft_cross_entropy", [logits], [targets])
    assert_allclose(found, [torch.tensor(expected, dtype=torch.float32)], help="the loss stays part of the graph")


@pytest.mark.task("soft_cross_entropy")
@pytest.mark.weight(2)
def test_soft_cross_entropy_large_scores(student):
    """Large scores of both signs give a finite loss"""
    logits = torch.tensor([[1e4, 0.0, -1e4], [-3e3, -3e3, -2e3]])
    targets = torch.tensor([[0.5, 0.25, 0.25], [0.25, 0.25, 0.5]])
    expected = oracle.soft_cross_entropy(logits.double().numpy(), targets.double().numpy())
    assert_allclose(student.soft_cross_entropy(logits, targets), number(expected))


@pytest.mark.task("soft_cross_entropy")
@pytest.mark.depends("test_soft_cross_entropy_values")
def test_soft_cross_entropy_unchanged(student):
    """Scores and targets are unchanged"""
    assert_unchanged(student.echo.soft_cross_entropy(*SOFT[0]))


DISTILLED = [
    (scores(n, k, n), scores(n, k, n + 70), [(3 * i + 1) % k for i in range(n)], temperature, alpha)
    for n, k, temperature, alpha in ((3, 5, 4.0, 0.7), (5, 4, 1.0, 0.4), (1, 6, 0.5, 1.0), (4, 3, 3.0, 0.0))
]
distilled = pytest.mark.parametrize(("s", "t", "y", "temperature", "alpha"), DISTILLED, ids=KEYS[:4])


@pytest.mark.task("distillation_loss")
@pytest.mark.weight(5)
@distilled
def test_distillation_values(student, s, t, y, temperature, alpha):
    """The loss for random scores, temperatures and weights"""
    expected = oracle.distillation_loss(s.double().numpy(), t.double().numpy(), y, temperature, alpha)
    assert_allclose(student.distillation_loss(s, t, torch.tensor(y), temperature, alpha), number(expected))


@pytest.mark.task("distillation_loss")
@pytest.mark.weight(4)
@distilled
def test_distillation_gradient(student, s, t, y, temperature, alpha):
    """The gradient reaches the student and not the teacher"""
    expected = oracle.distillation_gradient(s.double().numpy(), t.double().numpy(), y, temperature, alpha)
    found = student.probe.gradients("distillation_loss", [s, t], [torch.tensor(y), temperature, alpha])
    help = "first the gradient of student, then that of teacher: the latter is a constant here"
    assert_allclose(found, [torch.tensor(expected, dtype=torch.float32), torch.zeros_like(t)], help=help)


@pytest.mark.task("distillation_loss")
@pytest.mark.depends("test_distillation_values")
def test_distillation_unchanged(student):
    """Scores and classes are unchanged"""
    s, t, y, temperature, alpha = DISTILLED[0]
    assert_unchanged(student.echo.distillation_loss(s, t, torch.tensor(y), temperature, alpha))
