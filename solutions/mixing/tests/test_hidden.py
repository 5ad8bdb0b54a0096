"""The hidden checks of `mixing`: what was mixed with what, how much of it, and how often.

How often a right answer is refused: what is counted or averaged may be 6 standard deviations off (2e-9 each, the 15
counts of box centres 2.3e-7 together by their exact binomial tails), the two comparisons of CutMix's boxes with
rand_box's add 1.1e-6, and that 40 calls mix nothing has a probability below 1e-8. Together: below once in 500,000.

A check behind which others stand (`depends`) weighs little: whoever fails it loses those, too. What only one check
sees (another generator, a constant lam, the caller's batch changed) weighs about a fifth of its task.
"""

from __future__ import annotations

import oracle
import pytest
import torch
from boxes import assert_sizes, box_of, drawn, fit, four, pasted, sources
from losses import DISTILLED, SOFT, number
from mixtures import (
    BATCHES,
    assert_kept,
    assert_labels,
    assert_lams,
    assert_nothing_mixed,
    assert_partners,
    assert_same_twice,
    coded,
    run,
    seeded,
)

from grader.testing import assert_allclose, assert_equal, assert_that, assert_unchanged

KEYS = list("abcdefgh")

batches = pytest.mark.parametrize(("x", "y", "classes", "alpha"), BATCHES.values(), ids=BATCHES)


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
    assert_lams(student, alpha)


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


# -------------------------------------------------------------------------------------------------------- rand_box


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
@pytest.mark.parametrize(
    ("h", "w", "lam", "sizes"),
    [(7, 20, 0.6, (4, 12)), (23, 8, 0.2, (20, 6)), (12, 12, 0.4, (8, 8))],
    ids=KEYS[:3],
)
def test_rand_box_sizes(student, h, w, lam, sizes):
    """A box that the border doesn't cut has twice half the side, on either axis"""
    help = "rows go with h and columns with w: half = floor(length * sqrt(1 - lam)) // 2"
    assert_equal(student.probe.largest(h, w, lam, 44, 200), (h, w, *sizes), help=help)


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
@pytest.mark.weight(0.5)
@pytest.mark.parametrize(
    ("h", "w", "box"), [(6, 9, (1, 3, 2, 7)), (9, 5, (0, 4, 3, 5)), (8, 8, (4, 8, 1, 2))], ids=KEYS[:3]
)
def test_cutmix_given_box(student, h, w, box):
    """What rand_box gives is what is pasted"""
    asked, lams, mask, share = four(student.probe.given_box(coded(4, h, w, noise=0), [3, 0, 4, 2], 5, box, 55, 12))
    y1, y2, x1, x2 = box
    expected = torch.zeros(h, w, dtype=torch.bool)
    expected[y1:y2, x1:x2] = True
    if asked is None:
        # Boxes may be drawn elsewhere: rand_box is another task's.
        assert_that(torch.is_tensor(mask) and bool(mask.any()), "a box of the partner", "none")
    else:
        left = 1 - (y2 - y1) * (x2 - x1) / (h * w)
        help = "rand_box(H, W, lam, g) gives (y1, y2, x1, x2): rows y1 to y2 - 1; the share that is left is 1 - area"
        assert_allclose((asked, mask, share), ((h, w), expected, left), help=help)
        assert_equal(lams, "drawn", help="lam ~ Beta(alpha, alpha)")


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
